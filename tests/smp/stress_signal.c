// SPDX-License-Identifier: GPL-2.0
/*
 * signal: even threads send signals to their odd partners and wait until each
 * has been handled.  The partner sleeps or spins; its handler runs on its
 * alternate stack.  Queued signals arrive in order, with their values.
 */
#include <pthread.h>
#include <sched.h>
#include "stress.h"

#define BURST	8

static struct target {
	_Alignas(64) pthread_t thread;
	unsigned long plain;	/* SIGUSR1 handled */
	unsigned long queued;	/* SIGRTMIN handled, the next value, too */
	int ready, leave;
	char *stack;
} targets[MAX_THREADS / 2];

static _Thread_local struct target *mine;

#define STACK_SIZE	65536UL

static void on_signal(int signo, siginfo_t *info, void *ctx)
{
	char *here = (char *)&signo;

	check(mine && pthread_self() == mine->thread);
	check(here > mine->stack && here < mine->stack + STACK_SIZE);
	if (signo == SIGUSR1) {
		__atomic_fetch_add(&mine->plain, 1, __ATOMIC_SEQ_CST);
		return;
	}
	check_eq(info->si_code, SI_QUEUE);
	check_eq((unsigned long)info->si_value.sival_ptr, mine->queued);
	__atomic_fetch_add(&mine->queued, 1, __ATOMIC_SEQ_CST);
}

static void signal_setup(unsigned int threads)
{
	struct sigaction sa = {
		.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK,
	};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN);
	check(!pthread_sigmask(SIG_BLOCK, &set, NULL));
	check(!sigaction(SIGUSR1, &sa, NULL));
	check(!sigaction(SIGRTMIN, &sa, NULL));
}

static void receiver(struct worker *me)
{
	stack_t ss = {
		.ss_sp = map_pages(STACK_SIZE / PAGE, PROT_READ | PROT_WRITE),
		.ss_size = STACK_SIZE,
	};
	sigset_t none, old;

	sigemptyset(&none);
	mine->stack = ss.ss_sp;
	mine->thread = pthread_self();
	check(!sigaltstack(&ss, NULL));
	store(&mine->ready, 1);
	while (!load(&mine->leave)) {
		unsigned long before = load(&mine->plain);
		unsigned int spins = 20000;

		sigsuspend(&none);
		/* The next one may hit user mode */
		check(!pthread_sigmask(SIG_SETMASK, &none, &old));
		while (load(&mine->plain) < before + 2 && spins--)
			barrier();
		check(!pthread_sigmask(SIG_SETMASK, &old, NULL));
		count_one(me);
	}
}

static void send_plain(struct target *t, unsigned long *sent)
{
	unsigned int tries = 0;

	check(!pthread_kill(t->thread, SIGUSR1));
	++*sent;
	while (load(&t->plain) != *sent)
		be_patient(&tries);
}

static void send_queued(struct target *t, unsigned long *sent)
{
	unsigned int tries = 0;
	int i, error;

	for (i = 0; i < BURST; i++) {
		union sigval value = { .sival_ptr = (void *)*sent };

		/* All users share one limit on what is queued */
		while ((error = pthread_sigqueue(t->thread, SIGRTMIN, value)))
			check(error == EAGAIN && !sched_yield());
		++*sent;
	}
	while (load(&t->queued) != *sent)
		be_patient(&tries);
}

static void sender(struct worker *me)
{
	struct target *t = &targets[me->nr / 2];
	unsigned long plain = 0, queued = 0;

	while (!load(&t->ready))
		sched_yield();
	while (!stopping()) {
		if (rnd(me, 4))
			send_plain(t, &plain);
		else
			send_queued(t, &queued);
		count_one(me);
	}
	store(&t->leave, 1);
	send_plain(t, &plain);
}

static void signal_thread(struct worker *me)
{
	if (me->nr & 1) {
		mine = &targets[me->nr / 2];
		receiver(me);
	} else {
		sender(me);
	}
}

const struct family signal_family = {
	"signal", signal_setup, signal_thread, true
};
