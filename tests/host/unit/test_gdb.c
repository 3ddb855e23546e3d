// SPDX-License-Identifier: GPL-2.0
/*
 * The debugger's stub: packets, commands, and breakpoints in memory, on a
 * machine without KVM.
 */
#include <stdio.h>
#include <string.h>

#include "gdb_break.h"
#include "gdb_machine.h"
#include "gdb_regs.h"
#include "gdb_watch.h"
#include "unit.h"

#define INSN_OUT	0xee
#define INSN_INT3	0xcc

static struct gdb_session session;

static int set_up(void **state)
{
	(void)state;
	machine_reset();
	memset(&session, 0, sizeof(session));
	session.vm = &machine.vm;
	return 0;
}

static enum gdb_input feed(const char *bytes, size_t len)
{
	enum gdb_input last = GDB_NOTHING;
	size_t i;

	for (i = 0; i < len; i++)
		last = gdb_in_byte(&session.in, bytes[i]);
	return last;
}

/* The reply to one command, without its frame. */
static const char *ask(const char *command)
{
	static char reply[GDB_PACKET_MAX];
	size_t len = strlen(command);

	memcpy(session.in.text, command, len + 1);
	session.in.len = len;
	session.out.len = 0;
	gdb_command(&session);
	if (session.out.len < 4)
		return "";
	memcpy(reply, session.out.text + 1, session.out.len - 4);
	reply[session.out.len - 4] = '\0';
	return reply;
}

static void packets(void **state)
{
	(void)state;
	assert_int_equal(feed("+$g#67", 6), GDB_PACKET);
	assert_string_equal(session.in.text, "g");
	assert_int_equal(feed("$g#68", 5), GDB_CORRUPT);
	assert_int_equal(feed("$g#zz", 5), GDB_CORRUPT);
	assert_int_equal(feed("\003", 1), GDB_INTERRUPT);
	assert_int_equal(feed("-", 1), GDB_RESEND);
	/* one that was cut off, and a next */
	assert_int_equal(feed("$m12$g#67", 9), GDB_PACKET);
	assert_string_equal(session.in.text, "g");
	/* '}' takes the next byte, whatever it is */
	assert_int_equal(feed("$X}\003}]#b2", 9), GDB_PACKET);
	assert_int_equal(session.in.len, 3);
	assert_memory_equal(session.in.text, "X#}", 3);
}

static void a_packet_that_is_too_long(void **state)
{
	size_t i;

	(void)state;
	feed("$", 1);
	for (i = 0; i < 2 * GDB_PACKET_MAX; i++)
		feed("x", 1);
	assert_int_equal(feed("#00", 3), GDB_CORRUPT);
	assert_int_equal(feed("$g#67", 5), GDB_PACKET);
}

static void replies(void **state)
{
	struct gdb_out out;
	size_t i;

	(void)state;
	gdb_out_start(&out);
	gdb_out_text(&out, "a#%d", 7);
	gdb_out_end(&out);
	assert_memory_equal(out.text, "$a}\0037#18", out.len);
	gdb_out_start(&out);
	for (i = 0; i < GDB_PACKET_MAX; i++)
		gdb_out_hex(&out, "x", 1);
	gdb_out_end(&out);
	assert_memory_equal(out.text, "$E.reply", 8);
}

static void registers_there_and_back(void **state)
{
	char all[GDB_PACKET_MAX] = "G";
	struct gdb_regs before;
	size_t i, len = 0;

	(void)state;
	memset(&machine.regs[0], 0x11, sizeof(*machine.regs));
	memset(&machine.xsave[0], 0x22, sizeof(*machine.xsave));
	/* full registers, whose tags say so */
	((u8 *)&machine.xsave[0])[4] = 0xff;
	before.regs = machine.regs[0];
	before.xsave = machine.xsave[0];
	strcpy(all + 1, ask("g"));
	for (i = 0; i < gdb_nr_regs(); i++)
		len += gdb_reg_size(i);
	assert_int_equal(strlen(all), 1 + 2 * len);
	assert_memory_equal(all + 1, "1111111111111111", 16);
	memset(&machine.regs[0], 0, sizeof(*machine.regs));
	memset(&machine.xsave[0], 0, 512);
	assert_string_equal(ask(all), "OK");
	assert_memory_equal(&machine.regs[0], &before.regs, 17 * 8);
	/* what gdb has no register for is not kept: instruction pointers' high half */
	assert_memory_equal((u8 *)&machine.xsave[0] + 160,
			    (u8 *)&before.xsave + 160, 256);
	assert_string_equal(ask("G00"), "E16");
}

static void one_register(void **state)
{
	(void)state;
	assert_string_equal(ask("P10=efcdab8967452301"), "OK");
	assert_int_equal(machine.regs[0].rip, 0x0123456789abcdef);
	assert_string_equal(ask("p10"), "efcdab8967452301");
	assert_string_equal(ask("p4000"), "E16");
	assert_string_equal(ask("P10=00"), "E16");
	assert_string_equal(ask("Hg2"), "OK");
	assert_string_equal(ask("p10"), "0000000000000000");
	assert_string_equal(ask("Hg3"), "E16");
	/* tags: a bit a register there, two bits for gdb, 3 is empty */
	((u8 *)&machine.xsave[1])[4] = 0x81;
	assert_string_equal(ask("p22"), "fc3f0000");
}

static void the_description_comes_in_parts(void **state)
{
	const char *xml = gdb_target_xml();
	char whole[32768] = "", command[80];
	const char *reply;

	(void)state;
	do {
		snprintf(command, sizeof(command),
			 "qXfer:features:read:target.xml:%zx,800",
			 strlen(whole));
		reply = ask(command);
		strcat(whole, reply + 1);
	} while (reply[0] == 'm');
	assert_string_equal(whole, xml);
	assert_non_null(strstr(xml, "</target>"));
	assert_string_equal(ask("qXfer:features:read:target.xml:fffff,10"), "E01");
	assert_string_equal(ask("qXfer:features:read:target.xml:"), "E01");
}

static void memory(void **state)
{
	(void)state;
	memcpy(machine_page(), "\x01\x02\x03\x04", 4);
	assert_string_equal(ask("mffffffff80000000,4"), "01020304");
	assert_string_equal(ask("m400001,2"), "0203");
	assert_string_equal(ask("Mffffffff80000001,2:aabb"), "OK");
	assert_string_equal(ask("m400000,4"), "01aabb04");
	assert_string_equal(ask("X400000,2:xy"), "OK");
	assert_memory_equal(machine_page(), "xy", 2);
	/* up to the first byte that is not there */
	assert_string_equal(ask("m400fff,2"), "00");
	assert_string_equal(ask("m401000,2"), "E0e");
	assert_string_equal(ask("M400fff,2:1111"), "E0e");
	assert_string_equal(ask("M400000,2:11"), "E16");
	assert_string_equal(ask("X400000,3:xy"), "E16");
	assert_string_equal(ask("m400000"), "E16");
	assert_string_equal(ask("Mffffffff80000001,fffffffffffffff:00"), "E16");
}

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
	gdb_watch_clear(&machine.vm);
	gdb_watch_arm(&machine.cpus[0], false);
	assert_int_equal(debug->control, 0);
}

static void watchpoints_by_pages(void **state)
{
	struct gdb_why why = { .cpu = 0 };
	struct kvm_run run = { .mmio = { .is_write = 1, .len = 4 } };

	(void)state;
	machine.debug_registers = false;
	gdb_watch_init();
	machine.vm.nr_cpus = 1;
	machine.cpus[0].run = &run;
	assert_string_equal(ask("Z2,400100,4"), "OK");
	assert_int_equal(machine.nr_protected, 1);
	run.mmio.phys_addr = MACHINE_PAGE_GPA + 0x104;
	memcpy(run.mmio.data, "\x01\x02\x03\x04", 4);
	assert_true(gdb_watch_mmio(&machine.cpus[0], &why));
	assert_int_equal(why.cause, GDB_SIGNAL);
	assert_memory_equal(machine_page() + 0x104, "\x01\x02\x03\x04", 4);
	run.mmio.phys_addr -= 1;
	assert_true(gdb_watch_mmio(&machine.cpus[0], &why));
	assert_int_equal(why.cause, GDB_WATCH);
	assert_int_equal(why.addr, 0x400100);
	run.mmio.phys_addr = MACHINE_RAM;
	assert_false(gdb_watch_mmio(&machine.cpus[0], &why));
	assert_string_equal(ask("Z4,400100,4"), "E5f");
	assert_string_equal(ask("z2,400100,4"), "OK");
	assert_int_equal(machine.nr_protected, 0);
	/* execution needs no page */
	assert_string_equal(ask("Z1,ffffffff80000100,1"), "OK");
	assert_int_equal(machine_page()[0x100], INSN_OUT);
}

static void who_goes_on(void **state)
{
	(void)state;
	assert_string_equal(ask("vCont;s:2;c"), "");
	assert_int_equal(machine.actions[0], GDB_CONTINUE);
	assert_int_equal(machine.actions[1], GDB_STEP);
	assert_true(session.running);
	assert_string_equal(ask("g"), "E10");
	session.running = false;
	ask("vCont;C05:1");
	assert_int_equal(machine.actions[0], GDB_CONTINUE);
	assert_int_equal(machine.actions[1], GDB_STAY);
	session.running = false;
	assert_string_equal(ask("vCont;t"), "E16");
	assert_string_equal(ask("vCont;c:9"), "E16");
	assert_string_equal(ask("vCont;"), "E16");
	assert_string_equal(ask("vCont;s:"), "E16");
	assert_int_equal(machine.resumed, 2);
	assert_false(session.running);
}

static void why_it_stands(void **state)
{
	(void)state;
	session.why = (struct gdb_why){
		.cpu = 1, .signal = 5, .cause = GDB_WATCH, .addr = 0x1234,
	};
	assert_string_equal(ask("?"), "T05thread:2;watch:1234;");
	assert_string_equal(ask("qC"), "QC2");
	gdb_end_reply(&session, &(struct end){ .status = 240 });
	assert_memory_equal(session.out.text, "$Wf0#", 5);
}

static void what_gdb_asks(void **state)
{
	(void)state;
	assert_string_equal(ask("qfThreadInfo"), "m1,2");
	machine.cpus[1].running = false;
	assert_string_equal(ask("qfThreadInfo"), "m1");
	assert_string_equal(ask("qAttached"), "1");
	assert_string_equal(ask("QStartNoAckMode"), "OK");
	assert_true(session.no_ack);
	assert_non_null(strstr(ask("qSupported:x"), "PacketSize=4000"));
	assert_string_equal(ask("qRcmd,696e666f2076657273696f6e"),
			    "756d2d6b766d20746573740a");
	assert_string_equal(ask("vMustReplyEmpty"), "");
	assert_string_equal(ask(""), "");
	assert_string_equal(ask("T7"), "E16");
	assert_string_equal(ask("H"), "E16");
	assert_false(machine.ended);
	assert_string_equal(ask("vKill;1"), "OK");
	assert_true(machine.ended);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(packets, set_up),
		cmocka_unit_test_setup(a_packet_that_is_too_long, set_up),
		cmocka_unit_test_setup(replies, set_up),
		cmocka_unit_test_setup(registers_there_and_back, set_up),
		cmocka_unit_test_setup(one_register, set_up),
		cmocka_unit_test_setup(the_description_comes_in_parts, set_up),
		cmocka_unit_test_setup(memory, set_up),
		cmocka_unit_test_setup(a_breakpoint_in_the_kernel, set_up),
		cmocka_unit_test_setup(one_that_the_guest_overwrites, set_up),
		cmocka_unit_test_setup(a_reboot_keeps_them, set_up),
		cmocka_unit_test_setup(a_breakpoint_in_a_program, set_up),
		cmocka_unit_test_setup(before_there_is_an_interrupt_table, set_up),
		cmocka_unit_test_setup(watchpoints, set_up),
		cmocka_unit_test_setup(watchpoints_by_pages, set_up),
		cmocka_unit_test_setup(who_goes_on, set_up),
		cmocka_unit_test_setup(why_it_stands, set_up),
		cmocka_unit_test_setup(what_gdb_asks, set_up),
	};

	return cmocka_run_group_tests_name("gdb", tests, NULL, NULL);
}
