// SPDX-License-Identifier: GPL-2.0
/*
 * The debugger's breakpoints and watchpoints: what is in memory and in the debug
 * registers, and what a vCPU that hits one does next, on a machine without KVM.
 */
#include <string.h>

#include "gdb_ask.h"
#include "gdb_break.h"
#include "gdb_machine.h"
#include "gdb_watch.h"
#include "unit.h"

#define INSN_OUT	0xee
#define INSN_INT3	0xcc

static void a_breakpoint_in_the_kernel(void **state)
{
	u8 *byte = machine_page() + 0x100;

	(void)state;
	*byte = 0x55;
	assert_string_equal(ask("Z0,ffffffff80000100,1"), "OK");
	assert_int_equal(*byte, INSN_OUT);
	/* gdb sees the program, and may change it below the breakpoint */
	assert_string_equal(ask("mffffffff80000100,1"), "55");
	assert_string_equal(ask("Mffffffff800000ff,2:0066"), "OK");
	assert_int_equal(*byte, INSN_OUT);
	machine.regs[0].rip = MACHINE_KERNEL + 0x100;
	assert_int_equal(gdb_break_hit(&machine.cpus[0]), GDB_HIT);
	assert_int_equal(machine.regs[0].rip, MACHINE_KERNEL + 0x100);
	machine.regs[0].rip = MACHINE_KERNEL + 0x200;
	assert_int_equal(gdb_break_hit(&machine.cpus[0]), GDB_NO_HIT);
	assert_string_equal(ask("z0,ffffffff80000100,1"), "OK");
	assert_int_equal(*byte, 0x66);
	assert_string_equal(ask("Z0,ffffffff90000000,1"), "E0e");
}

static void one_that_the_guest_overwrites(void **state)
{
	u8 *byte = machine_page() + 0x100;

	(void)state;
	ask("Z0,ffffffff80000100,1");
	*byte = 0x90;
	ask("z0,ffffffff80000100,1");
	assert_int_equal(*byte, 0x90);
}

static void a_reboot_keeps_them(void **state)
{
	u8 *byte = machine_page() + 0x100;

	(void)state;
	ask("Z0,ffffffff80000100,1");
	ask("Z0,400200,1");
	memset(machine_page(), 0x77, PAGE_LEN);
	gdb_break_reload();
	assert_int_equal(*byte, INSN_OUT);
	assert_int_equal(machine_page()[0x200], 0x77);
	ask("z0,ffffffff80000100,1");
	assert_int_equal(*byte, 0x77);
}

/* The kernel's handler of #BP is at +0x300. */
static void set_gate(void)
{
	u8 *gate = machine_page() + 0x800 + 3 * 16;

	memcpy(gate, "\x00\x03\x10\x00\x00\xee\x00\x80\xff\xff\xff\xff", 12);
}

static void deliver_int3(u64 rip)
{
	const u64 frame[] = { rip, 0x33, 0x246, 0x7ffe0000, 0x2b };

	memcpy(machine_page() + 0x700, frame, sizeof(frame));
	machine.regs[0].rip = MACHINE_ENTRY;
	machine.regs[0].rsp = MACHINE_STACK;
}

static void a_breakpoint_in_a_program(void **state)
{
	u8 *gate = machine_page() + 0x800 + 3 * 16;

	(void)state;
	set_gate();
	assert_string_equal(ask("Z0,400200,1"), "OK");
	assert_int_equal(machine_page()[0x200], INSN_INT3);
	assert_int_equal(machine_page()[0x10], INSN_OUT);
	assert_memory_equal(gate, "\x10\x00", 2);
	/* it hits: the exception is taken back */
	deliver_int3(MACHINE_USER + 0x201);
	assert_int_equal(gdb_break_hit(&machine.cpus[0]), GDB_HIT);
	assert_int_equal(machine.regs[0].rip, MACHINE_USER + 0x200);
	assert_int_equal(machine.regs[0].rsp, 0x7ffe0000);
	assert_int_equal(machine.sregs[0].cs.selector, 0x33);
	assert_int_equal(machine.sregs[0].ss.dpl, 3);
	/* the program's own goes to the kernel */
	deliver_int3(MACHINE_USER + 0x301);
	assert_int_equal(gdb_break_hit(&machine.cpus[0]), GDB_PASSED_ON);
	assert_int_equal(machine.regs[0].rip, MACHINE_KERNEL + 0x300);
	gdb_break_clear();
	assert_memory_equal(gate, "\x00\x03", 2);
	assert_int_equal(machine_page()[0x10], 0);
}

static void before_there_is_an_interrupt_table(void **state)
{
	(void)state;
	machine.sregs[0].idt.limit = 0;
	assert_string_equal(ask("Z0,400200,1"), "E0b");
}

static void watchpoints(void **state)
{
	const struct kvm_guest_debug *debug = &machine.debug[0];

	(void)state;
	assert_string_equal(ask("Z2,400100,8"), "OK");
	assert_string_equal(ask("Z4,400204,4"), "OK");
	assert_string_equal(ask("Z1,ffffffff80000000,1"), "OK");
	gdb_watch_arm(&machine.cpus[0], true);
	assert_int_equal(debug->arch.debugreg[0], 0x400100);
	assert_int_equal(debug->arch.debugreg[7] & ~0x300ULL,
			 0x15 | 0x9ULL << 16 | 0xfULL << 20);
	assert_true(debug->control & KVM_GUESTDBG_SINGLESTEP);
	assert_string_equal(ask("Z2,400101,2"), "E16");
	assert_string_equal(ask("Z2,400100,10"), "E16");
	assert_string_equal(ask("Z3,400100,1"), "OK");
	assert_string_equal(ask("Z2,400300,1"), "E1c");
	assert_string_equal(ask("z2,400100,8"), "OK");
	assert_string_equal(ask("Z2,400300,1"), "OK");
	gdb_watch_clear();
	gdb_watch_arm(&machine.cpus[0], false);
	assert_int_equal(debug->control, 0);
}

static void without_debug_registers(void **state)
{
	(void)state;
	machine.debug_registers = false;
	gdb_watch_init();
	assert_string_equal(ask("Z2,400100,4"), "E5f");
	assert_string_equal(ask("Z4,400100,4"), "E5f");
	gdb_watch_arm(&machine.cpus[0], false);
	assert_int_equal(machine.debug[0].control, 0);
	/* for execution any breakpoint does */
	assert_string_equal(ask("Z1,ffffffff80000100,1"), "OK");
	assert_int_equal(machine_page()[0x100], INSN_OUT);
	assert_string_equal(ask("z1,ffffffff80000100,1"), "OK");
	assert_int_equal(machine_page()[0x100], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_breakpoint_in_the_kernel, set_up),
		cmocka_unit_test_setup(one_that_the_guest_overwrites, set_up),
		cmocka_unit_test_setup(a_reboot_keeps_them, set_up),
		cmocka_unit_test_setup(a_breakpoint_in_a_program, set_up),
		cmocka_unit_test_setup(before_there_is_an_interrupt_table, set_up),
		cmocka_unit_test_setup(watchpoints, set_up),
		cmocka_unit_test_setup(without_debug_registers, set_up),
	};

	return cmocka_run_group_tests_name("gdbbreak", tests, NULL, NULL);
}
