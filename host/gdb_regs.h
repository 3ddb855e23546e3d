/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_GDB_REGS_H
#define HOST_GDB_REGS_H

#include <linux/kvm.h>

#include "vcpu.h"

#define GDB_REG_BYTES	16	/* the widest */

/* All that gdb sees of a vCPU. */
struct gdb_regs {
	struct kvm_regs regs;
	struct kvm_sregs sregs;
	struct kvm_xsave xsave;
};

/* The vCPU is held (hold.h).  False, with errno: KVM refuses. */
bool gdb_regs_get(const struct vcpu *cpu, struct gdb_regs *regs);
/* Sets what differs from @old. */
bool gdb_regs_set(const struct vcpu *cpu, const struct gdb_regs *old,
		  const struct gdb_regs *regs);

/* Registers by gdb's number, in the order of the target description. */
unsigned int gdb_nr_regs(void);
/* The size in bytes, and the value in that many bytes; 0: no such register. */
size_t gdb_reg_read(const struct gdb_regs *regs, unsigned int nr,
		    u8 value[GDB_REG_BYTES]);
size_t gdb_reg_size(unsigned int nr);
void gdb_reg_write(struct gdb_regs *regs, unsigned int nr, const u8 *value);

/* The target description; built once, by the first call. */
const char *gdb_target_xml(void);

#endif /* HOST_GDB_REGS_H */
