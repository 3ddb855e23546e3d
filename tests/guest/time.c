// SPDX-License-Identifier: GPL-2.0
/*
 * Timers: never early, not absurdly late, one-shot and periodic, by signal
 * and by file descriptor; clocks agree with each other and with the TSC.
 * Bounds are loose: the machine may be emulated and shared.
 */
#include <poll.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <x86intrin.h>
#include "tap.h"

#define MS	1000000ULL
#define LATE	(2000 * MS)

static int ticks;

static void tick(int signo)
{
	ticks++;
}

static uint64_t clock_ns(int clock)
{
	struct timespec ts;

	check(!syscall(SYS_clock_gettime, clock, &ts));
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void nanosleep_bounds(void)
{
	static const unsigned int ms[] = { 0, 1, 2, 10, 50 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ms); i++) {
		struct timespec ts = { .tv_nsec = ms[i] * MS };
		uint64_t start = now_ns(), took;

		check(!nanosleep(&ts, NULL));
		took = now_ns() - start;
		check(took >= ms[i] * MS);
		check(took < ms[i] * MS + LATE);
	}
}

static void absolute(void)
{
	uint64_t at = now_ns() + 30 * MS;
	struct timespec ts = { at / 1000000000, at % 1000000000 };

	check(!clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL));
	check(now_ns() >= at);
	check(!clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL));
	ts.tv_nsec = 1000000000;
	check_eq(clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, NULL), EINVAL);
}

/* Short sleeps in a row: each wakes up, none is lost */
static void many_short(void)
{
	struct timespec ts = { .tv_nsec = 100000 };
	uint64_t start = now_ns();
	int i, n = tap_loops(300);

	for (i = 0; i < n; i++)
		check(!nanosleep(&ts, NULL));
	check(now_ns() - start >= n * 100000ULL);
}

static void timerfd_periodic(void)
{
	struct itimerspec it = {
		.it_value.tv_nsec = 10 * MS, .it_interval.tv_nsec = 10 * MS,
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	uint64_t n, sum = 0, start = now_ns();

	check(fd >= 0);
	check_eq(poll(&pfd, 1, 0), 0);
	check(!timerfd_settime(fd, 0, &it, NULL));
	while (sum < 10) {
		check_eq(read(fd, &n, 8), 8);
		sum += n;
	}
	check(now_ns() - start >= 100 * MS);
	check(sum <= (now_ns() - start) / (10 * MS));
	check(!timerfd_gettime(fd, &it));
	check(it.it_value.tv_nsec > 0);
}

static void itimer_real(void)
{
	struct itimerval it = { { 0, 10000 }, { 0, 10000 } };
	uint64_t start = now_ns();

	signal(SIGALRM, tick);
	check(!setitimer(ITIMER_REAL, &it, NULL));
	while (ticks < 5)
		pause();
	check(now_ns() - start >= 50 * MS);
	memset(&it, 0, sizeof(it));
	check(!setitimer(ITIMER_REAL, &it, NULL));
	ticks = 0;
	usleep(30000);
	check_eq(ticks, 0);
}

/* Runs on the CPU's time: needs ticks while user code spins */
static void itimer_cpu(void)
{
	struct itimerval it = { { 0, 0 }, { 0, 20000 } };

	signal(SIGVTALRM, tick);
	signal(SIGPROF, tick);
	check(!setitimer(ITIMER_VIRTUAL, &it, NULL));
	check(!setitimer(ITIMER_PROF, &it, NULL));
	while (ticks < 2)
		barrier();
}

static void posix_timer(void)
{
	struct sigevent ev = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN,
	};
	struct itimerspec it = { .it_value.tv_nsec = 20 * MS };
	uint64_t start = now_ns();
	timer_t timer;

	signal(SIGRTMIN, tick);
	check(!timer_create(CLOCK_MONOTONIC, &ev, &timer));
	check(!timer_settime(timer, 0, &it, NULL));
	while (!ticks)
		usleep(1000);
	check(now_ns() - start >= 20 * MS);
	check(!timer_delete(timer));
}

static void poll_timeout(void)
{
	uint64_t start = now_ns();

	check_eq(poll(NULL, 0, 30), 0);
	check(now_ns() - start >= 30 * MS);
	check(now_ns() - start < 30 * MS + LATE);
}

/*
 * All clocks advance alike, within a fifth, and so does the TSC.  What counts is
 * between two readings of one clock, however long this program has to wait there.
 */
static void rates(void)
{
	static const int clocks[] = {
		CLOCK_REALTIME, CLOCK_BOOTTIME, CLOCK_MONOTONIC_RAW, CLOCK_TAI,
	};
	uint64_t mono = now_ns(), tsc = __rdtsc(), start[ARRAY_SIZE(clocks)];
	uint64_t late, took, most, d;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(clocks); i++)
		start[i] = clock_ns(clocks[i]);
	late = now_ns() - mono;
	usleep(200000);
	took = now_ns() - mono;
	tsc = __rdtsc() - tsc;
	for (i = 0; i < ARRAY_SIZE(clocks); i++) {
		d = clock_ns(clocks[i]) - start[i];
		most = now_ns() - mono;
		check(d > (took - late) / 5 * 4 && d < most / 5 * 6);
	}
	mono = now_ns();
	d = __rdtsc();
	while (now_ns() - mono < took)
		barrier();
	most = now_ns() - mono;
	d = __rdtsc() - d;
	check(d * took > tsc * most / 4 * 3 && d * took < tsc * most / 4 * 5);
}

/* The date is not 1970, and CLOCK_REALTIME can be set and put back */
static void wall_clock(void)
{
	struct timespec was, ts;

	check(!clock_gettime(CLOCK_REALTIME, &was));
	check(was.tv_sec > 1600000000);
	if (!on_umkvm())
		skip("sets the clock only in a guest of its own");
	ts = was;
	ts.tv_sec += 1000;
	check(!clock_settime(CLOCK_REALTIME, &ts));
	check(clock_ns(CLOCK_REALTIME) / 1000000000 - was.tv_sec >= 1000);
	check(!clock_gettime(CLOCK_REALTIME, &ts));
	ts.tv_sec -= 1000;
	check(!clock_settime(CLOCK_REALTIME, &ts));
}

/* Time spent in user mode and in the kernel is told apart and adds up */
static void cpu_accounting(void)
{
	uint64_t start = clock_ns(CLOCK_PROCESS_CPUTIME_ID), wall = now_ns();
	struct rusage ru;
	uint64_t user;

	while (clock_ns(CLOCK_PROCESS_CPUTIME_ID) - start < 100 * MS)
		barrier();
	check(now_ns() - wall >= 100 * MS - 10 * MS);
	check(!getrusage(RUSAGE_SELF, &ru));
	user = (ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1000000 +
	       ru.ru_utime.tv_usec + ru.ru_stime.tv_usec;
	check(user >= 90000 && user < 10000000);
	check(ru.ru_stime.tv_usec + ru.ru_stime.tv_sec > 0);
}

static void idle_time(void *arg)
{
	uint64_t start = clock_ns(CLOCK_PROCESS_CPUTIME_ID);

	usleep(100000);
	check(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - start < 50 * MS);
}

static void idle_costs_nothing(void)
{
	check_child(idle_time, NULL);
}

static const struct tap_case cases[] = {
	{ "nanosleep_bounds", nanosleep_bounds },
	{ "absolute", absolute },
	{ "many_short", many_short },
	{ "timerfd_periodic", timerfd_periodic },
	{ "itimer_real", itimer_real },
	{ "itimer_cpu", itimer_cpu },
	{ "posix_timer", posix_timer },
	{ "poll_timeout", poll_timeout },
	{ "rates", rates },
	{ "wall_clock", wall_clock },
	{ "cpu_accounting", cpu_accounting },
	{ "idle_costs_nothing", idle_costs_nothing },
};

TAP_SUITE(time, cases);
