/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_REGS_H
#define HOST_REGS_H

struct vcpu;

/* All registers of a vCPU on stderr; only on its own thread. */
void regs_print(struct vcpu *cpu);

#endif /* HOST_REGS_H */
