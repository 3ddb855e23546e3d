// SPDX-License-Identifier: GPL-2.0
/*
 * The debugger's machine: see gdb_machine.h.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "gdb_break.h"
#include "gdb_machine.h"
#include "gdb_watch.h"
#include "probe.h"

#define FIRST_FD	1000
#define TABLE		0x3ULL

struct gdb_machine machine;

static void copy(void *to, const void *from, size_t len)
{
	memcpy(to, from, len);
}

int ioctl(int fd, unsigned long request, ...)
{
	const int cpu = fd - FIRST_FD;
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	switch (request) {
	case KVM_GET_REGS:
		copy(arg, &machine.regs[cpu], sizeof(*machine.regs));
		return 0;
	case KVM_SET_REGS:
		copy(&machine.regs[cpu], arg, sizeof(*machine.regs));
		return 0;
	case KVM_GET_SREGS:
		copy(arg, &machine.sregs[cpu], sizeof(*machine.sregs));
		return 0;
	case KVM_SET_SREGS:
		copy(&machine.sregs[cpu], arg, sizeof(*machine.sregs));
		return 0;
	case KVM_GET_XSAVE:
		copy(arg, &machine.xsave[cpu], sizeof(*machine.xsave));
		return 0;
	case KVM_SET_XSAVE:
		copy(&machine.xsave[cpu], arg, sizeof(*machine.xsave));
		return 0;
	case KVM_GET_MP_STATE:
		*(u32 *)arg = KVM_MP_STATE_RUNNABLE;
		return 0;
	case KVM_SET_GUEST_DEBUG:
		copy(&machine.debug[cpu], arg, sizeof(*machine.debug));
		return 0;
	}
	errno = EINVAL;
	return -1;
}

/* In the place of gdb_stop.c, vcpu.c, vm.c, cpu.c, probe.c and end.c */
void gdb_resume(const enum gdb_action actions[UMKVM_CPUS_MAX])
{
	machine.resumed++;
	memcpy(machine.actions, actions, sizeof(machine.actions));
}

void vcpu_complete_exit(struct vcpu *cpu)
{
	machine.regs[cpu->id].rip++;
}

u64 cpu_xcr0(const struct cpuid_table *table)
{
	(void)table;
	return 7;
}

bool probe_debug_registers(void)
{
	return machine.debug_registers;
}

void end_guest(enum end_kind kind, int status, const char *fmt, ...)
{
	(void)kind;
	(void)status;
	(void)fmt;
	machine.ended = true;
}

static u64 *table_at(u64 gpa)
{
	return guest_mem(&machine.vm.ram, gpa, PAGE_LEN);
}

/* One page, at two addresses; the tables are 0x1000 to 0x7000. */
static void map_page(void)
{
	table_at(0x1000)[511] = 0x2000 | TABLE;
	table_at(0x2000)[510] = 0x3000 | TABLE;
	table_at(0x3000)[0] = 0x4000 | TABLE;
	table_at(0x4000)[0] = MACHINE_PAGE_GPA | TABLE;
	table_at(0x1000)[0] = 0x5000 | TABLE;
	table_at(0x5000)[0] = 0x6000 | TABLE;
	table_at(0x6000)[2] = 0x7000 | TABLE;
	table_at(0x7000)[0] = MACHINE_PAGE_GPA | TABLE;
}

u8 *machine_page(void)
{
	return guest_mem(&machine.vm.ram, MACHINE_PAGE_GPA, PAGE_LEN);
}

void machine_reset(void)
{
	struct guest_ram ram = machine.vm.ram;
	int i;

	/* RAM ends where the next page cannot be touched */
	if (!ram.host) {
		ram.low_len = MACHINE_RAM;
		ram.host = mmap(NULL, MACHINE_RAM + PAGE_LEN,
				PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		mprotect(ram.host + MACHINE_RAM, PAGE_LEN, PROT_NONE);
	} else {
		gdb_break_clear();
		gdb_watch_clear();
	}
	memset(&machine, 0, sizeof(machine));
	memset(ram.host, 0, MACHINE_RAM);
	machine.debug_registers = true;
	machine.vm.ram = ram;
	machine.vm.cpus = machine.cpus;
	machine.vm.nr_cpus = MACHINE_CPUS;
	for (i = 0; i < MACHINE_CPUS; i++) {
		machine.cpus[i] = (struct vcpu){
			.vm = &machine.vm, .id = i, .fd = FIRST_FD + i,
			.running = true,
		};
		machine.sregs[i].cr3 = 0x1000;
		machine.sregs[i].idt.base = MACHINE_IDT;
		machine.sregs[i].idt.limit = 0xfff;
	}
	map_page();
	gdb_break_init(&machine.vm, MACHINE_ENTRY);
	gdb_watch_init();
}
