/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A machine for tests of the debugger's stub, without KVM: two vCPUs, whose
 * registers ioctl() finds here, and RAM with page tables.
 */
#ifndef TESTS_HOST_GDB_MACHINE_H
#define TESTS_HOST_GDB_MACHINE_H

#include "gdb_command.h"

#define MACHINE_CPUS	2
#define MACHINE_RAM	KIB(256)

/* Where its page tables show the page at MACHINE_PAGE_GPA */
#define MACHINE_KERNEL	0xffffffff80000000ULL
#define MACHINE_USER	0x400000ULL
#define MACHINE_PAGE_GPA 0x8000ULL
/* The kernel's "first instruction", and its interrupt table in the same page */
#define MACHINE_ENTRY	(MACHINE_KERNEL + 0x10)
#define MACHINE_IDT	(MACHINE_KERNEL + 0x800)
#define MACHINE_STACK	(MACHINE_KERNEL + 0x700)

extern struct gdb_machine {
	struct vm vm;
	struct vcpu cpus[MACHINE_CPUS];
	struct kvm_regs regs[MACHINE_CPUS];
	struct kvm_sregs sregs[MACHINE_CPUS];
	struct kvm_xsave xsave[MACHINE_CPUS];
	struct kvm_guest_debug debug[MACHINE_CPUS];
	/* what the stub did */
	unsigned int resumed;
	enum gdb_action actions[UMKVM_CPUS_MAX];
	bool ended;
	/* what it finds */
	bool debug_registers;
} machine;

/* Everything as after power on; the debugger has nothing set. */
void machine_reset(void);
u8 *machine_page(void);

#endif /* TESTS_HOST_GDB_MACHINE_H */
