/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VCPU_H
#define HOST_VCPU_H

#include <linux/kvm.h>
#include <pthread.h>
#include <stdatomic.h>

#include "vm.h"

/* What other threads ask of a vCPU thread; it answers outside of KVM_RUN. */
#define VCPU_STOP	1U	/* leave the run loop */
#define VCPU_REGS	2U	/* print the registers */
#define VCPU_CLOCK	4U	/* the process was stopped: tell the guest */
#define VCPU_PARK	8U	/* leave the run loop, until the next start */
#define VCPU_HOLD	16U	/* stay in the run loop, outside of the guest */

#define VCPU_EXITS	64	/* exit reasons counted one by one */
#define VCPU_CALLS	16	/* call numbers counted one by one */

struct vcpu {
	struct vm *vm;
	unsigned int id;
	int fd;
	int stats_fd;
	struct kvm_run *run;
	size_t run_len;
	pthread_t thread;
	pthread_mutex_t lock;		/* with changed: running, held, requests */
	pthread_cond_t changed;
	bool running;			/* or parked */
	unsigned int holds;		/* who wants it held: see hold.h */
	bool held;			/* it is so: the thread waits in the loop */
	struct cpu_entry entry;		/* what it was last started with */
	atomic_uint requests;
	u64 exits[VCPU_EXITS];		/* written by the thread, read by stats */
	u64 calls[VCPU_CALLS];
	u64 ignored_writes;
	u64 first_run_ns;
};

/* Threads are made once, before the sandbox, and wait for vcpu_start(). */
void vcpu_init(struct vm *vm);

/* KVM's half, for each boot. */
void vcpu_create(struct vcpu *cpu);
void vcpu_destroy(struct vcpu *cpu);

/* From any thread; false if it runs already. */
bool vcpu_start(struct vcpu *cpu, const struct cpu_entry *entry);
/* On its own thread, in a call: it will not run on.  False if it is the last. */
bool vcpu_park(struct vcpu *cpu);
/* On its own thread: KVM ends the instruction that the last exit was for. */
void vcpu_complete_exit(struct vcpu *cpu);
/* Returns when the vCPU has left its run loop, as VCPU_STOP told it to. */
void vcpu_wait_stopped(struct vcpu *cpu);
void vcpu_request(struct vcpu *cpu, unsigned int requests);

/* " (vCPU 0 at rip 0x...)", or nothing on a thread that is no vCPU. */
void vcpu_where(char *text, size_t len);

#endif /* HOST_VCPU_H */
