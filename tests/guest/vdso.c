// SPDX-License-Identifier: GPL-2.0
/*
 * The vDSO: there, well formed, with the names of x86-64, and in agreement
 * with the system calls; clocks never go back.
 */
#include <elf.h>
#include <pthread.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/time.h>
#include <time.h>
#include "tap.h"
#include "trap.h"

typedef int gettime_fn(clockid_t, struct timespec *);
typedef int gettimeofday_fn(struct timeval *, void *);
typedef time_t time_fn(time_t *);
typedef int getcpu_fn(unsigned int *, unsigned int *, void *);

static const char *base(void)
{
	const char *p = (const char *)getauxval(AT_SYSINFO_EHDR);

	if (!p)
		tap_fail(__FILE__, __LINE__, "AT_SYSINFO_EHDR is in the auxv");
	return p;
}

/* Through PT_DYNAMIC, as libc does it; addresses in it are offsets */
static void *lookup(const char *name)
{
	const Elf64_Ehdr *eh = (const void *)base();
	const Elf64_Phdr *ph = (const void *)(base() + eh->e_phoff);
	const Elf64_Dyn *dyn = NULL;
	const Elf64_Sym *sym = NULL;
	const char *str = NULL;
	const uint32_t *hash = NULL;
	unsigned int i;

	for (i = 0; i < eh->e_phnum; i++)
		if (ph[i].p_type == PT_DYNAMIC)
			dyn = (const void *)(base() + ph[i].p_offset);
	check(dyn);
	for (; dyn->d_tag != DT_NULL; dyn++) {
		const void *p = base() + dyn->d_un.d_ptr;

		if (dyn->d_tag == DT_SYMTAB)
			sym = p;
		else if (dyn->d_tag == DT_STRTAB)
			str = p;
		else if (dyn->d_tag == DT_HASH)
			hash = p;
	}
	check(sym && str);
	/* a vDSO without DT_HASH: its few symbols end where the strings start */
	for (i = 0; hash ? i < hash[1] : (char *)&sym[i] < str; i++)
		if (!strcmp(str + sym[i].st_name, name) && sym[i].st_shndx)
			return (void *)(base() + sym[i].st_value);
	return NULL;
}

static void image(void)
{
	const Elf64_Ehdr *eh = (const void *)base();
	static const char *const names[] = {
		"__vdso_clock_gettime", "__vdso_gettimeofday", "__vdso_time",
		"__vdso_getcpu", "__vdso_clock_getres", "clock_gettime",
	};
	unsigned int i;

	check(!memcmp(eh->e_ident, ELFMAG, SELFMAG));
	check_eq(eh->e_machine, EM_X86_64);
	check_eq(eh->e_type, ET_DYN);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!lookup(names[i]))
			tap_fail(__FILE__, __LINE__, names[i]);
}

static void write_at(void *arg)
{
	touch(arg);
}

static void read_only(void)
{
	struct trap t;

	trap_catch(&t, write_at, (void *)base());
	check_eq(t.signo, SIGSEGV);
}

static uint64_t ns(const struct timespec *ts)
{
	return ts->tv_sec * 1000000000ULL + ts->tv_nsec;
}

/* The system call's value lies between two of the vDSO's, for each clock */
static void agrees(void)
{
	static const int clocks[] = {
		CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI,
		CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
		CLOCK_MONOTONIC_COARSE,
	};
	gettime_fn *gettime = lookup("__vdso_clock_gettime");
	struct timespec a, b, c;
	unsigned int i, n;

	check(gettime);
	for (i = 0; i < ARRAY_SIZE(clocks); i++) {
		for (n = 0; n < 200; n++) {
			check(!gettime(clocks[i], &a));
			check(!syscall(SYS_clock_gettime, clocks[i], &b));
			check(!gettime(clocks[i], &c));
			check(ns(&a) <= ns(&b));
			check(ns(&b) <= ns(&c));
		}
		check(ns(&c) - ns(&a) < 1000000000);
	}
	check(gettime(CLOCK_PROCESS_CPUTIME_ID, &a) == 0);
	check(gettime(9999, &a) == -EINVAL);
}

static void gettimeofday_time(void)
{
	gettimeofday_fn *tod = lookup("__vdso_gettimeofday");
	time_fn *tm = lookup("__vdso_time");
	struct timeval a, b, c;
	time_t t;

	check(tod && tm);
	check(!tod(&a, NULL));
	check(!syscall(SYS_gettimeofday, &b, NULL));
	check(!tod(&c, NULL));
	check(!timercmp(&a, &b, >) && !timercmp(&b, &c, >));
	t = syscall(SYS_time, NULL);
	check(tm(NULL) >= t && tm(NULL) <= t + 2);
	check(c.tv_sec >= t);
}

static void getcpu_agrees(void)
{
	getcpu_fn *getcpu = lookup("__vdso_getcpu");
	unsigned int a, b, node, same = 0;
	cpu_set_t set;
	int i;

	check(getcpu);
	for (i = 0; i < 100; i++) {
		check(!getcpu(&a, &node, NULL));
		check(!syscall(SYS_getcpu, &b, NULL, NULL));
		same += a == b;
	}
	check(same > 50);
	check(!sched_getaffinity(0, sizeof(set), &set));
	for (i = 0; i < CPU_SETSIZE; i++) {
		cpu_set_t one;

		if (!CPU_ISSET(i, &set))
			continue;
		CPU_ZERO(&one);
		CPU_SET(i, &one);
		check(!sched_setaffinity(0, sizeof(one), &one));
		check(!getcpu(&a, NULL, NULL));
		check_eq(a, i);
	}
}

static void count_up(unsigned long loops)
{
	gettime_fn *gettime = lookup("__vdso_clock_gettime");
	struct timespec ts;
	uint64_t last = 0, now;

	while (loops--) {
		gettime(CLOCK_MONOTONIC, &ts);
		now = ns(&ts);
		if (now < last)
			tap_differ(__FILE__, __LINE__, "monotonic", now, last);
		last = now;
	}
}

static void monotonic(void)
{
	count_up(tap_loops(1000000));
}

static void *count_thread(void *arg)
{
	count_up(tap_loops(50000));
	return NULL;
}

static void monotonic_threads(void)
{
	pthread_t t[3];
	int i;

	for (i = 0; i < 3; i++)
		check(!pthread_create(&t[i], NULL, count_thread, NULL));
	for (i = 0; i < 3; i++)
		check(!pthread_join(t[i], NULL));
}

/* It takes no system call: a filter that kills on one does not notice */
static void no_system_call(void)
{
	gettime_fn *gettime = lookup("__vdso_clock_gettime");
	struct timespec a, b;
	uint64_t by_call, by_vdso;
	int i;

	gettime(CLOCK_MONOTONIC, &a);
	for (i = 0; i < 20000; i++)
		syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &b);
	gettime(CLOCK_MONOTONIC, &b);
	by_call = ns(&b) - ns(&a);
	gettime(CLOCK_MONOTONIC, &a);
	for (i = 0; i < 20000; i++)
		gettime(CLOCK_MONOTONIC, &b);
	by_vdso = ns(&b) - ns(&a);
	check(by_vdso < by_call);
}

static const struct tap_case cases[] = {
	{ "image", image },
	{ "read_only", read_only },
	{ "agrees", agrees },
	{ "gettimeofday_time", gettimeofday_time },
	{ "getcpu_agrees", getcpu_agrees },
	{ "monotonic", monotonic },
	{ "monotonic_threads", monotonic_threads },
	{ "no_system_call", no_system_call },
};

TAP_SUITE(vdso, cases);
