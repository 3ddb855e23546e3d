/* SPDX-License-Identifier: GPL-2.0 */
/* User segment registers, see kernel/segments.c */
#ifndef _ASM_UM_KVM_SEGMENTS_H
#define _ASM_UM_KVM_SEGMENTS_H

struct task_struct;

/* Saves prev's DS ES FS GS and PKRU, loads next's.  From __switch_to() only. */
void user_segments_switch(struct task_struct *prev, struct task_struct *next);

/* exec: all selectors and bases of the current task become 0 */
void user_segments_reset(void);

/* Loads DEBUGCTL.BTF for @next; interrupts are off */
void switch_blockstep(struct task_struct *next);

#endif
