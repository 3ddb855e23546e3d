/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_HOLD_H
#define HOST_HOLD_H

#include "vcpu.h"

/*
 * From any thread.  Between a hold_wait() that returned true and
 * hold_release(), the vCPU executes nothing, has no exit half done, and KVM's
 * calls for its registers are free for whoever asked.  False: it is parked and
 * has none.  One that is busy in the shim counts as held after a second: it is
 * not in the guest, and will not be before hold_release().  Holds add up: each
 * hold_start() has its hold_release().
 */
void hold_start(struct vcpu *cpu);
bool hold_wait(struct vcpu *cpu);
void hold_release(struct vcpu *cpu);
/* True while somebody holds a vCPU: the guest is not to blame for its silence. */
bool hold_any(void);

/* On the vCPU's thread: waits for hold_release() or for the end. */
void hold_stay(struct vcpu *cpu);

#endif /* HOST_HOLD_H */
