// SPDX-License-Identifier: GPL-2.0
/*
 * System calls that a signal interrupts: which are restarted with
 * SA_RESTART, which never, and that a restarted call sees its old arguments.
 */
#include <linux/futex.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <time.h>
#include "tap.h"

static int calls;

static void count(int signo)
{
	calls++;
}

/* SIGALRM in 20 ms and again, so that no race can lose it */
static void start_alarm(int flags)
{
	struct itimerval it = { { 0, 50000 }, { 0, 20000 } };
	struct sigaction sa = { .sa_handler = count, .sa_flags = flags };

	check(!sigaction(SIGALRM, &sa, NULL));
	check(!setitimer(ITIMER_REAL, &it, NULL));
}

static void read_eintr(void)
{
	int fds[2];
	char c;

	check(!pipe(fds));
	start_alarm(0);
	check(read(fds[0], &c, 1) == -1 && errno == EINTR);
	check(calls >= 1);
}

/* A child writes once the handler has run */
static void read_restart(void)
{
	int fds[2];
	char c = 0;

	check(!pipe(fds));
	if (!fork()) {
		usleep(200000);
		_exit(write(fds[1], "x", 1) != 1);
	}
	start_alarm(SA_RESTART);
	check_eq(read(fds[0], &c, 1), 1);
	check_eq(c, 'x');
	check(calls >= 1);
}

static void never_restarted(void)
{
	struct pollfd pfd = { .fd = -1 };
	struct timespec ts = { .tv_sec = 10 };
	struct epoll_event ev;
	int ep = epoll_create1(0);

	start_alarm(SA_RESTART);
	check(poll(&pfd, 1, 10000) == -1 && errno == EINTR);
	check(epoll_wait(ep, &ev, 1, 10000) == -1 && errno == EINTR);
	check(nanosleep(&ts, &ts) == -1 && errno == EINTR);
	check(ts.tv_sec == 9);			/* what is left */
	check(pause() == -1 && errno == EINTR);
}

/* Without a time limit it is restarted, with one it is not */
static void futex_restart(void)
{
	int *word = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct timespec ts = { .tv_sec = 10 };

	check(word != MAP_FAILED);
	if (!fork()) {
		usleep(200000);
		*word = 1;
		syscall(SYS_futex, word, FUTEX_WAKE, 1);
		_exit(0);
	}
	start_alarm(SA_RESTART);
	/* On a busy machine the child may be first, then also with a restart */
	check(!syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL) || errno == EAGAIN);
	check_eq(*word, 1);
	check(calls >= 1);
	check(syscall(SYS_futex, word, FUTEX_WAIT, 1, &ts) == -1);
	check_eq(errno, EINTR);
}

static void wait4_restart(void)
{
	int pid = fork();

	if (!pid) {
		usleep(150000);
		_exit(3);
	}
	start_alarm(SA_RESTART);
	check_eq(wait_child(pid), 3 << 8);
	check(calls >= 1);
}

/*
 * Stop and continue run no handler: the sleep goes on by restart_syscall,
 * until its first deadline.
 */
static void sleeper(void *arg)
{
	struct timespec ts = { .tv_nsec = 900000000 };
	uint64_t start = now_ns();

	check(!nanosleep(&ts, NULL));
	check(now_ns() - start >= 895000000);
}

static void restart_block(void)
{
	int pid = fork(), i, status;

	if (!pid) {
		sleeper(NULL);
		_exit(0);
	}
	for (i = 0; i < 5; i++) {
		usleep(20000);
		check(!kill(pid, SIGSTOP));
		check_eq(waitpid(pid, &status, WUNTRACED), pid);
		check(WIFSTOPPED(status));
		check(!kill(pid, SIGCONT));
	}
	check_eq(wait_child(pid), 0);
}

/* The call is repeated with the number in RAX, whatever the handler left */
static void restart_number(void)
{
	int fds[2];
	long ret, c = 0;

	check(!pipe(fds));
	if (!fork()) {
		usleep(200000);
		_exit(write(fds[1], "y", 1) != 1);
	}
	start_alarm(SA_RESTART);
	asm volatile("syscall" : "=a"(ret)
		     : "a"(SYS_read), "D"(fds[0]), "S"(&c), "d"(1)
		     : "rcx", "r11", "memory");
	check_eq(ret, 1);
	check_eq(c, 'y');
}

/* Partial transfers are not lost: the count says what was moved */
static void write_partial(void)
{
	static char big[1 << 20];
	int fds[2];
	long n;

	check(!pipe(fds));
	start_alarm(0);
	n = write(fds[1], big, sizeof(big));
	check(n >= 4096 && n < (long)sizeof(big));
}

static const struct tap_case cases[] = {
	{ "read_eintr", read_eintr },
	{ "read_restart", read_restart },
	{ "never_restarted", never_restarted },
	{ "futex_restart", futex_restart },
	{ "wait4_restart", wait4_restart },
	{ "restart_block", restart_block },
	{ "restart_number", restart_number },
	{ "write_partial", write_partial },
};

TAP_SUITE(sigrestart, cases);
