// SPDX-License-Identifier: GPL-2.0
/*
 * Stops vCPUs for a while, so that a debugger or a dump finds a machine that
 * does not move.  The vCPU's thread waits in its run loop; what it was doing
 * for the guest is done first.
 */
#include <time.h>

#include "hold.h"
#include "regs.h"

#define BUSY_S	1	/* see hold_wait() */

static atomic_uint nr_holds;	/* of all vCPUs */

bool hold_any(void)
{
	return atomic_load(&nr_holds);
}

void hold_start(struct vcpu *cpu)
{
	atomic_fetch_add(&nr_holds, 1);
	pthread_mutex_lock(&cpu->lock);
	cpu->holds++;
	pthread_mutex_unlock(&cpu->lock);
	vcpu_request(cpu, VCPU_HOLD);
}

bool hold_wait(struct vcpu *cpu)
{
	struct timespec until;
	bool running;
	int err = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += BUSY_S;
	pthread_mutex_lock(&cpu->lock);
	while (cpu->running && !cpu->held && !err)
		err = pthread_cond_timedwait(&cpu->changed, &cpu->lock, &until);
	running = cpu->running;
	pthread_mutex_unlock(&cpu->lock);
	return running;
}

void hold_release(struct vcpu *cpu)
{
	pthread_mutex_lock(&cpu->lock);
	cpu->holds--;
	pthread_cond_broadcast(&cpu->changed);
	pthread_mutex_unlock(&cpu->lock);
	atomic_fetch_sub(&nr_holds, 1);
}

/* The lock is dropped to print, which may take as long as the reader likes. */
void hold_stay(struct vcpu *cpu)
{
	vcpu_complete_exit(cpu);
	pthread_mutex_lock(&cpu->lock);
	cpu->held = true;
	pthread_cond_broadcast(&cpu->changed);
	while (cpu->holds && !(atomic_load(&cpu->requests) & VCPU_STOP)) {
		if (atomic_fetch_and(&cpu->requests, ~VCPU_REGS) & VCPU_REGS) {
			pthread_mutex_unlock(&cpu->lock);
			regs_print(cpu);
			pthread_mutex_lock(&cpu->lock);
		} else {
			pthread_cond_wait(&cpu->changed, &cpu->lock);
		}
	}
	cpu->held = false;
	pthread_mutex_unlock(&cpu->lock);
}
