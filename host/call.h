/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_CALL_H
#define HOST_CALL_H

#include "util.h"

struct vcpu;

/* A write of @nr to UMKVM_PORT_CALL; runs on the vCPU's thread. */
void call_dispatch(struct vcpu *cpu, u32 nr);

#endif /* HOST_CALL_H */
