// SPDX-License-Identifier: GPL-2.0
/*
 * timer: sleeps and timers of each kind end, and not before their time.
 * clock: no thread sees a time before one that any thread has seen already,
 * whether the vDSO or the system call tells it.
 */
#include <linux/futex.h>
#include <poll.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include "stress.h"

static struct timespec to_timespec(uint64_t ns)
{
	return (struct timespec) { ns / 1000000000, ns % 1000000000 };
}

static void timer_setup(unsigned int threads)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigaddset(&set, SIGRTMIN);
	check(!sigprocmask(SIG_BLOCK, &set, NULL));
}

static void by_nanosleep(uint64_t until)
{
	struct timespec ts = to_timespec(until);

	check(!clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL));
}

static void by_futex(uint64_t until)
{
	struct timespec ts = to_timespec(until);
	unsigned int word = 0;

	check(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 0, &ts, NULL,
		      FUTEX_BITSET_MATCH_ANY) == -1);
	check_eq(errno, ETIMEDOUT);
}

static void by_timerfd(uint64_t until)
{
	struct itimerspec it = { .it_value = to_timespec(until) };
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	uint64_t expired;

	check(!timerfd_settime(fd, TFD_TIMER_ABSTIME, &it, NULL));
	check_eq(poll(&pollfd, 1, -1), 1);
	check_eq(read(fd, &expired, sizeof(expired)), sizeof(expired));
	check_eq(expired, 1);
	check(!close(fd));
}

static void by_posix_timer(uint64_t until)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN,
		.sigev_value.sival_ptr = (void *)until,
	};
	struct itimerspec it = { .it_value = to_timespec(until) };
	timer_t timer;
	siginfo_t info;
	sigset_t set;

	event._sigev_un._tid = syscall(SYS_gettid);
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	check(!timer_create(CLOCK_MONOTONIC, &event, &timer));
	check(!timer_settime(timer, TIMER_ABSTIME, &it, NULL));
	check_eq(sigwaitinfo(&set, &info), SIGRTMIN);
	check_eq((uint64_t)info.si_value.sival_ptr, until);
	check(!timer_delete(timer));
}

/* There is one per process, so it is for the first thread only */
static void by_itimer(uint64_t until)
{
	struct itimerval it = { .it_value.tv_usec = 2000 };
	sigset_t set;
	int signo;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	check(!setitimer(ITIMER_REAL, &it, NULL));
	check(!sigwait(&set, &signo));
	check_eq(signo, SIGALRM);
}

static void (*const waits[])(uint64_t until) = {
	by_itimer, by_nanosleep, by_futex, by_timerfd, by_posix_timer,
};

static void timer_thread(struct worker *me)
{
	unsigned int first = me->nr ? 1 : 0;

	while (!stopping()) {
		uint64_t until = vdso_ns() + 1 + rnd(me, 2000000);

		waits[first + rnd(me, ARRAY_SIZE(waits) - first)](until);
		check(vdso_ns() >= until);
		check(now_ns() >= until);
		count_one(me);
	}
}

const struct family timer_family = { "timer", timer_setup, timer_thread, false };

/* clock -------------------------------------------------------------------- */

static uint64_t latest;

static void clock_thread(struct worker *me)
{
	while (!stopping()) {
		uint64_t seen = load(&latest);
		int vdso = rnd(me, 4);
		uint64_t now = vdso ? vdso_ns() : now_ns();

		if (now < seen)
			failed("the clock went back by %lu ns (%s)",
			       (unsigned long)(seen - now),
			       vdso ? "vDSO" : "system call");
		while (seen < now &&
		       !__atomic_compare_exchange_n(&latest, &seen, now, 0,
						    __ATOMIC_SEQ_CST,
						    __ATOMIC_SEQ_CST))
			;
		count_one(me);
	}
}

const struct family clock_family = { "clock", NULL, clock_thread, false };
