/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_CALL_H
#define HOST_CALL_H

#include "util.h"

struct umkvm_call;
struct vcpu;

/* The call block of @cpu; it is there if there is RAM, so once a guest runs. */
struct umkvm_call *call_block(struct vcpu *cpu);

/* A write of @nr to UMKVM_PORT_CALL; runs on the vCPU's thread. */
void call_dispatch(struct vcpu *cpu, u32 nr);

#endif /* HOST_CALL_H */
