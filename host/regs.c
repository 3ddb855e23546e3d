// SPDX-License-Identifier: GPL-2.0
/*
 * A vCPU's registers for people: what SIGQUIT and a fatal exit print.
 */
#include <linux/kvm.h>
#include <sys/ioctl.h>

#include "die.h"
#include "regs.h"
#include "vcpu.h"

void regs_print(struct vcpu *cpu)
{
	struct kvm_sregs s;
	struct kvm_regs r;

	if (ioctl(cpu->fd, KVM_GET_REGS, &r) ||
	    ioctl(cpu->fd, KVM_GET_SREGS, &s)) {
		warn("vCPU %u: cannot read its registers", cpu->id);
		return;
	}
	print_err("vCPU %u: rip %016llx rflags %08llx cpl %u cs %04x ss %04x\n"
		  "  rax %016llx rbx %016llx rcx %016llx rdx %016llx\n"
		  "  rsi %016llx rdi %016llx rbp %016llx rsp %016llx\n"
		  "  r8  %016llx r9  %016llx r10 %016llx r11 %016llx\n"
		  "  r12 %016llx r13 %016llx r14 %016llx r15 %016llx\n"
		  "  cr0 %08llx cr2 %016llx cr3 %016llx cr4 %08llx efer %llx\n"
		  "  fs %016llx gs %016llx idt %016llx/%04x gdt %016llx/%04x tr %04x\n",
		  cpu->id, r.rip, r.rflags, s.cs.dpl, s.cs.selector,
		  s.ss.selector, r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi,
		  r.rbp, r.rsp, r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14,
		  r.r15, s.cr0, s.cr2, s.cr3, s.cr4, s.efer, s.fs.base,
		  s.gs.base, s.idt.base, s.idt.limit, s.gdt.base, s.gdt.limit,
		  s.tr.selector);
}
