// SPDX-License-Identifier: GPL-2.0
/*
 * Stop and go for the debugger.  All vCPUs stop together, whoever has a reason
 * first; each goes on, or makes one step, as the debugger says.  A vCPU is
 * held (hold.h) at most once from here, and held[] says which are.
 */
#include <linux/kvm.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>

#include "die.h"
#include "event.h"
#include "gdb_stop.h"
#include "gdb_watch.h"
#include "hold.h"

static struct vm *vm;
static int wake;

/* Guards what follows; taken by vCPU threads and the debugger's. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t resumed = PTHREAD_COND_INITIALIZER;
static atomic_bool is_attached;
static atomic_bool is_stopped;
static bool held[UMKVM_CPUS_MAX];
static struct gdb_why reason;

void gdb_stop_init(struct vm *machine, int event)
{
	vm = machine;
	wake = event;
}

void gdb_stop_attach(bool attached)
{
	atomic_store(&is_attached, attached);
}

bool gdb_attached(void)
{
	return atomic_load(&is_attached);
}

bool gdb_stopped(void)
{
	return atomic_load(&is_stopped);
}

bool gdb_stop(const struct gdb_why *why)
{
	unsigned int i;
	bool first;

	pthread_mutex_lock(&lock);
	first = !gdb_stopped();
	if (first) {
		atomic_store(&is_stopped, true);
		reason = *why;
	}
	for (i = 0; first && i < vm->nr_cpus; i++) {
		if (!held[i])
			hold_start(&vm->cpus[i]);
		held[i] = true;
	}
	pthread_mutex_unlock(&lock);
	if (first)
		event_signal(wake);
	return first;
}

struct gdb_why gdb_stop_wait(void)
{
	unsigned int i;

	for (i = 0; i < vm->nr_cpus; i++)
		hold_wait(&vm->cpus[i]);
	return reason;
}

/* One that waits for an interrupt would not step before it has come. */
static void wake_up(struct vcpu *cpu)
{
	struct kvm_mp_state state;

	if (ioctl(cpu->fd, KVM_GET_MP_STATE, &state) ||
	    state.mp_state != KVM_MP_STATE_HALTED)
		return;
	state.mp_state = KVM_MP_STATE_RUNNABLE;
	if (ioctl(cpu->fd, KVM_SET_MP_STATE, &state))
		warn("gdb: cannot wake vCPU %u", cpu->id);
}

void gdb_resume(const enum gdb_action actions[UMKVM_CPUS_MAX])
{
	unsigned int i;

	pthread_mutex_lock(&lock);
	atomic_store(&is_stopped, false);
	for (i = 0; i < vm->nr_cpus; i++) {
		struct vcpu *cpu = &vm->cpus[i];

		if (!held[i] || actions[i] == GDB_STAY)
			continue;
		if (actions[i] == GDB_STEP)
			wake_up(cpu);
		gdb_watch_arm(cpu, actions[i] == GDB_STEP);
		held[i] = false;
		hold_release(cpu);
	}
	pthread_cond_broadcast(&resumed);
	pthread_mutex_unlock(&lock);
}

void gdb_stop_wait_resumed(void)
{
	pthread_mutex_lock(&lock);
	while (gdb_stopped())
		pthread_cond_wait(&resumed, &lock);
	pthread_mutex_unlock(&lock);
}
