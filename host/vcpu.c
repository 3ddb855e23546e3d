// SPDX-License-Identifier: GPL-2.0
/*
 * A thread a vCPU and the loop around KVM_RUN.  Other threads never touch a
 * running vCPU: they set a request and kick, the vCPU's own thread acts on it.
 * The kick is a signal whose handler sets immediate_exit, so it takes effect
 * whether it arrives inside KVM_RUN or just before it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <asm/umkvm.h>

#include "call.h"
#include "die.h"
#include "end.h"
#include "gdb.h"
#include "hold.h"
#include "regs.h"
#include "thread.h"
#include "vcpu.h"

#define KICK_SIGNAL	SIGUSR2

static __thread struct vcpu *this_cpu;

static void on_kick(int sig)
{
	(void)sig;
	if (this_cpu && this_cpu->run)
		this_cpu->run->immediate_exit = 1;
}

void vcpu_where(char *text, size_t len)
{
	struct kvm_regs regs;

	text[0] = '\0';
	if (this_cpu && !ioctl(this_cpu->fd, KVM_GET_REGS, &regs))
		snprintf(text, len, " (vCPU %u at rip 0x%llx)", this_cpu->id,
			 regs.rip);
}

static void handle_port(struct vcpu *cpu)
{
	struct kvm_run *run = cpu->run;
	void *data = (u8 *)run + run->io.data_offset;
	u32 value = 0;

	if (run->io.direction == KVM_EXIT_IO_IN) {
		memset(data, 0xff, (size_t)run->io.size * run->io.count);
		return;
	}
	if (run->io.port == UMKVM_PORT_CALL && run->io.size == sizeof(value) &&
	    run->io.count == 1) {
		memcpy(&value, data, sizeof(value));
		if (value < VCPU_CALLS)
			cpu->calls[value]++;
		call_dispatch(cpu, value);
		return;
	}
	if (!gdb_on_port(cpu))
		cpu->ignored_writes += run->io.count;
}

static void handle_mmio(const struct vcpu *cpu)
{
	const struct kvm_run *run = cpu->run;

	vm_die("%s of %u bytes at gpa 0x%llx, where no RAM is",
	       run->mmio.is_write ? "write" : "read", run->mmio.len,
	       (u64)run->mmio.phys_addr);
}

static void handle_kvm_error(struct vcpu *cpu)
{
	struct kvm_run *run = cpu->run;

	gdb_on_fatal(cpu, SIGSEGV);
	regs_print(cpu);
	if (run->exit_reason == KVM_EXIT_FAIL_ENTRY)
		end_guest(END_KVM, UMKVM_EXIT_KVM,
			  "the CPU refused to enter the guest, reason 0x%llx",
			  (u64)run->fail_entry.hardware_entry_failure_reason);
	else if (run->exit_reason == KVM_EXIT_INTERNAL_ERROR)
		end_guest(END_KVM, UMKVM_EXIT_KVM, "suberror %u%s",
			  run->internal.suberror,
			  run->internal.suberror == KVM_INTERNAL_ERROR_EMULATION ?
			  " (emulation failed; see linux --probe)" : "");
	else
		end_guest(END_KVM, UMKVM_EXIT_KVM, "unexpected exit %u",
			  run->exit_reason);
}

static void handle_exit(struct vcpu *cpu)
{
	u32 reason = cpu->run->exit_reason;

	if (reason < VCPU_EXITS)
		cpu->exits[reason]++;
	switch (reason) {
	case KVM_EXIT_IO:
		handle_port(cpu);
		break;
	case KVM_EXIT_MMIO:
		handle_mmio(cpu);
		break;
	case KVM_EXIT_IOAPIC_EOI:
	case KVM_EXIT_INTR:
		break;
	case KVM_EXIT_DEBUG:
		gdb_on_debug(cpu);
		break;
	case KVM_EXIT_SHUTDOWN:
		gdb_on_fatal(cpu, SIGSEGV);
		regs_print(cpu);
		end_guest(END_TRIPLE_FAULT, UMKVM_EXIT_TRIPLE_FAULT, "vCPU %u",
			  cpu->id);
		break;
	default:
		handle_kvm_error(cpu);
	}
}

void vcpu_complete_exit(struct vcpu *cpu)
{
	cpu->run->immediate_exit = 1;
	/* no error: completing it is an exit again, as of the next 8 bytes */
	while (!ioctl(cpu->fd, KVM_RUN, 0))
		handle_exit(cpu);
}

/*
 * KVM_RUN came back without an exit.  If nobody kicked, a signal stopped and
 * continued the whole process: the guest must not take that for a lockup.
 */
static void handle_interruption(struct vcpu *cpu)
{
	if (errno != EINTR && errno != EAGAIN) {
		end_guest(END_KVM, UMKVM_EXIT_KVM, "KVM_RUN: %s",
			  strerror(errno));
		return;
	}
	if (!atomic_load(&cpu->requests))
		atomic_fetch_or(&cpu->requests, VCPU_CLOCK);
}

/* The request is taken before it is served: a second one is not lost. */
static bool serve_requests(struct vcpu *cpu)
{
	unsigned int requests = atomic_exchange(&cpu->requests, 0);

	if (requests & VCPU_REGS)
		regs_print(cpu);
	if (requests & VCPU_HOLD) {
		hold_stay(cpu);
		requests |= VCPU_CLOCK;
	}
	/* Fails as long as the guest has no kvmclock, which is no problem. */
	if (requests & VCPU_CLOCK)
		ioctl(cpu->fd, KVM_KVMCLOCK_CTRL, 0);
	return !(requests & (VCPU_STOP | VCPU_PARK));
}

static u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void wait_request(struct vcpu *cpu)
{
	pthread_mutex_lock(&cpu->lock);
	while (!atomic_load(&cpu->requests))
		pthread_cond_wait(&cpu->changed, &cpu->lock);
	pthread_mutex_unlock(&cpu->lock);
}

static void run_loop(struct vcpu *cpu)
{
	cpu->first_run_ns = now_ns();
	for (;;) {
		/* Cleared before the requests are read: see on_kick(). */
		cpu->run->immediate_exit = 0;
		atomic_thread_fence(memory_order_seq_cst);
		if (atomic_load(&cpu->requests) && !serve_requests(cpu))
			return;
		/* The guest never runs again; the main thread will say STOP. */
		if (end_pending())
			wait_request(cpu);
		else if (ioctl(cpu->fd, KVM_RUN, 0) < 0)
			handle_interruption(cpu);
		else
			handle_exit(cpu);
	}
}

/* Under the lock.  The guest may act on what it reads there at once. */
static void set_running(struct vcpu *cpu, bool running)
{
	cpu->running = running;
	__atomic_store_n(&call_block(cpu)->state,
			 running ? UMKVM_CPU_RUNNING : UMKVM_CPU_PARKED,
			 __ATOMIC_RELEASE);
	pthread_cond_broadcast(&cpu->changed);
}

/* A parked vCPU has no clock to mend; a request to stop waits for its start. */
static void wait_start(struct vcpu *cpu)
{
	pthread_mutex_lock(&cpu->lock);
	while (!cpu->running) {
		if (atomic_fetch_and(&cpu->requests, VCPU_STOP) & VCPU_REGS)
			print_err("vCPU %u: parked\n", cpu->id);
		pthread_cond_wait(&cpu->changed, &cpu->lock);
	}
	pthread_mutex_unlock(&cpu->lock);
}

static void set_parked(struct vcpu *cpu)
{
	pthread_mutex_lock(&cpu->lock);
	set_running(cpu, false);
	pthread_mutex_unlock(&cpu->lock);
}

static void vcpu_thread(void *arg)
{
	struct vcpu *cpu = arg;
	sigset_t kick;

	this_cpu = cpu;
	sigemptyset(&kick);
	sigaddset(&kick, KICK_SIGNAL);
	pthread_sigmask(SIG_UNBLOCK, &kick, NULL);
	for (;;) {
		wait_start(cpu);
		cpu_set_entry(cpu->fd, &cpu->entry);
		run_loop(cpu);
		set_parked(cpu);
	}
}

void vcpu_init(struct vm *vm)
{
	struct sigaction action = { .sa_handler = on_kick };
	unsigned int i;

	sigaction(KICK_SIGNAL, &action, NULL);
	for (i = 0; i < vm->nr_cpus; i++) {
		struct vcpu *cpu = &vm->cpus[i];

		cpu->vm = vm;
		cpu->id = i;
		cpu->fd = cpu->stats_fd = -1;
		pthread_mutex_init(&cpu->lock, NULL);
		pthread_cond_init(&cpu->changed, NULL);
		thread_start(&cpu->thread, vcpu_thread, cpu, "a vCPU");
	}
}

void vcpu_create(struct vcpu *cpu)
{
	int len = ioctl(cpu->vm->kvm_fd, KVM_GET_VCPU_MMAP_SIZE, 0);

	if (len < (int)sizeof(struct kvm_run))
		die("/dev/kvm: KVM_GET_VCPU_MMAP_SIZE failed");
	cpu->fd = ioctl(cpu->vm->vm_fd, KVM_CREATE_VCPU, cpu->id);
	if (cpu->fd < 0)
		die_errno("/dev/kvm: KVM_CREATE_VCPU %u failed", cpu->id);
	cpu->run_len = len;
	cpu->run = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, cpu->fd,
			0);
	if (cpu->run == MAP_FAILED)
		die_errno("/dev/kvm: cannot map vCPU %u", cpu->id);
	atomic_store(&cpu->requests, 0);
	cpu_set_up(cpu->fd, &cpu->vm->cpuid, cpu->id);
	cpu->stats_fd = ioctl(cpu->fd, KVM_GET_STATS_FD, 0);
}

void vcpu_destroy(struct vcpu *cpu)
{
	munmap(cpu->run, cpu->run_len);
	cpu->run = NULL;
	if (cpu->stats_fd >= 0)
		close(cpu->stats_fd);
	close(cpu->fd);
	cpu->fd = cpu->stats_fd = -1;
}

bool vcpu_start(struct vcpu *cpu, const struct cpu_entry *entry)
{
	bool parked;

	pthread_mutex_lock(&cpu->lock);
	parked = !cpu->running;
	/* told to stop, it will not run in this machine any more */
	if (parked && !(atomic_load(&cpu->requests) & VCPU_STOP)) {
		cpu->entry = *entry;
		atomic_fetch_add(&cpu->vm->nr_running, 1);
		if (cpu->holds)
			atomic_fetch_or(&cpu->requests, VCPU_HOLD);
		set_running(cpu, true);
	}
	pthread_mutex_unlock(&cpu->lock);
	return parked;
}

bool vcpu_park(struct vcpu *cpu)
{
	if (atomic_fetch_sub(&cpu->vm->nr_running, 1) == 1)
		return false;
	/* the OUT is completed now, and not after the next start */
	vcpu_complete_exit(cpu);
	atomic_fetch_or(&cpu->requests, VCPU_PARK);
	return true;
}

void vcpu_request(struct vcpu *cpu, unsigned int requests)
{
	pthread_mutex_lock(&cpu->lock);
	atomic_fetch_or(&cpu->requests, requests);
	pthread_cond_broadcast(&cpu->changed);
	pthread_mutex_unlock(&cpu->lock);
	pthread_kill(cpu->thread, KICK_SIGNAL);
}

void vcpu_wait_stopped(struct vcpu *cpu)
{
	pthread_mutex_lock(&cpu->lock);
	while (cpu->running)
		pthread_cond_wait(&cpu->changed, &cpu->lock);
	pthread_mutex_unlock(&cpu->lock);
}
