// SPDX-License-Identifier: GPL-2.0
/*
 * Operations between and on CPUs, for `linux --stats`: a harness runs one with
 * N = 0 and with a large N and compares the exits.
 *
 *   operations none N		nothing, for N milliseconds
 *   operations ipi N		membarrier() on CPU 0, a thread spins on CPU 1
 *   operations shootdown N	mprotect() there and back, as above
 *   operations switch N	two threads on CPU 0 yield to each other
 *   operations futex N		two threads on CPU 0 wake each other
 *   operations pipe N		two threads on CPU 0, a byte there and back
 *
 * CPU 1 spins in a thread of this process in each of them, also if N is 0, and
 * "ipi" and "shootdown" see it run before they begin.  It prints the time that
 * the operations took, and behaves alike on any x86-64 Linux with two CPUs.
 */
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE		4096UL

static unsigned long count;
static unsigned long spins;	/* of the thread on CPU 1 */
static int over;
static char *page;

static void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static void bind_to(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	must(!sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
}

/* Reads the page, so that its CPU has a translation to forget */
static void *spin(void *arg)
{
	bind_to(1);
	while (!__atomic_load_n(&over, __ATOMIC_SEQ_CST)) {
		(void)*(volatile char *)page;
		__atomic_fetch_add(&spins, 1, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

static void wait_for_spinner(void)
{
	unsigned long before = __atomic_load_n(&spins, __ATOMIC_SEQ_CST);

	while (__atomic_load_n(&spins, __ATOMIC_SEQ_CST) == before)
		;
}

static unsigned long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void do_none(unsigned long n)
{
	unsigned long end = now_ms() + n;

	while (now_ms() < end)
		;
}

static void do_ipi(unsigned long n)
{
	must(!syscall(SYS_membarrier,
		      MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0),
	     "membarrier");
	wait_for_spinner();
	while (n--)
		must(!syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED,
			      0, 0), "membarrier");
}

/*
 * Half of the calls take a right away, and need a flush: two for one operation.
 * The write makes the entry one that could be stale.
 */
static void do_shootdown(unsigned long n)
{
	wait_for_spinner();
	while (n--) {
		*(volatile char *)page = 1;
		must(!mprotect(page, PAGE, PROT_READ), "mprotect");
		must(!mprotect(page, PAGE, PROT_READ | PROT_WRITE), "mprotect");
	}
}

/* Two threads on CPU 0: @count operations by main, its partner follows ------- */

static void *yielder(void *arg)
{
	while (!__atomic_load_n(&over, __ATOMIC_SEQ_CST))
		sched_yield();
	return NULL;
}

static void do_switch(unsigned long n)
{
	while (n--)
		sched_yield();
}

static unsigned int turn;

static void pass_turn(unsigned int mine)
{
	while (__atomic_load_n(&turn, __ATOMIC_SEQ_CST) != mine)
		syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, !mine, NULL);
	__atomic_store_n(&turn, !mine, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1);
}

static void *futex_partner(void *arg)
{
	unsigned long n = count;

	while (n--)
		pass_turn(1);
	return NULL;
}

static void do_futex(unsigned long n)
{
	while (n--)
		pass_turn(0);
}

static int to[2], from[2];

static void *pipe_partner(void *arg)
{
	unsigned long n = count;
	char c;

	while (n--)
		must(read(to[0], &c, 1) == 1 && write(from[1], &c, 1) == 1,
		     "pipe");
	return NULL;
}

static void do_pipe(unsigned long n)
{
	char c = 0;

	while (n--)
		must(write(to[1], &c, 1) == 1 && read(from[0], &c, 1) == 1,
		     "pipe");
}

static const struct operation {
	const char *name;
	void (*fn)(unsigned long n);
	void *(*partner)(void *arg);
} operations[] = {
	{ "none", do_none, NULL },
	{ "ipi", do_ipi, NULL },
	{ "shootdown", do_shootdown, NULL },
	{ "switch", do_switch, yielder },
	{ "futex", do_futex, futex_partner },
	{ "pipe", do_pipe, pipe_partner },
};

static void run(const struct operation *op)
{
	pthread_t spinner, partner;
	unsigned long time;

	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(page != MAP_FAILED, "mmap");
	*page = 1;
	must(!pipe(to) && !pipe(from), "pipe");
	bind_to(0);
	must(!pthread_create(&spinner, NULL, spin, NULL), "pthread_create");
	if (op->partner)
		must(!pthread_create(&partner, NULL, op->partner, NULL),
		     "pthread_create");
	time = now_ms();
	op->fn(count);
	time = now_ms() - time;
	__atomic_store_n(&over, 1, __ATOMIC_SEQ_CST);
	pthread_join(spinner, NULL);
	if (op->partner)
		pthread_join(partner, NULL);
	printf("%s: %lu operations, %lu ms\n", op->name, count, time);
}

int main(int argc, char **argv)
{
	unsigned int i;

	count = argc > 2 ? strtoul(argv[2], NULL, 0) : 0;
	for (i = 0; argc > 1 && i < sizeof(operations) / sizeof(*operations); i++) {
		if (strcmp(argv[1], operations[i].name))
			continue;
		run(&operations[i]);
		return 0;
	}
	fprintf(stderr, "usage: operations none|ipi|shootdown|switch|futex|pipe N\n");
	return 2;
}
