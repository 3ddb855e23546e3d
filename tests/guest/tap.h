/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every guest test shares: the table of cases, the checks, and a few
 * helpers that run code in a child.
 *
 * A suite is one file with one table.  Each case runs in a process group of
 * its own with a time limit and ends by returning (passed), by a failed
 * check() or by skip().  All suites are linked into one binary, guest-tests;
 * the name under which it is started chooses the suite or the tool.
 *
 * The programs must behave alike on um-kvm and on any other x86-64 Linux.
 */
#ifndef TESTS_GUEST_TAP_H
#define TESTS_GUEST_TAP_H

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define PAGE		4096UL

#define __noinline	__attribute__((__noinline__))
#define __naked		__attribute__((__naked__))
#define __aligned(n)	__attribute__((__aligned__(n)))
/* gcc would align larger than the size of an element, and leave gaps */
#define __used_in(s)	__attribute__((__used__, __section__(s), __aligned__(8)))
#define __printf_like(f, a)	__attribute__((__format__(__printf__, f, a)))
#define __no_return	__attribute__((__noreturn__))

static inline void barrier(void)
{
	asm volatile("" : : : "memory");
}

/* @secs: time limit, 0 for the default of TAP_SECS */
struct tap_case {
	const char *name;
	void (*fn)(void);
	unsigned int secs;
};

struct tap_suite {
	const char *name;
	const struct tap_case *cases;
	size_t nr;
};

/* A program of its own inside guest-tests, chosen by argv[0] */
struct tap_tool {
	const char *name;
	int (*main)(int argc, char **argv);
};

#define TAP_SECS	20

#define TAP_SUITE(id, table)						\
	static const struct tap_suite tap_suite_##id			\
	__used_in("tap_suites") = { #id, table, ARRAY_SIZE(table) }

#define TAP_TOOL(id, fn)						\
	static const struct tap_tool tap_tool_##id			\
	__used_in("tap_tools") = { #id, fn }

extern const struct tap_suite __start_tap_suites[], __stop_tap_suites[];

/* Runs one suite; @only names one case or is NULL; returns failed cases */
unsigned int tap_run(const struct tap_suite *suite, const char *only);

/* One line of output and its number, for tests that are not cases */
void tap_point(int ok, const char *suite, const char *name, const char *skip);
void tap_quiet(int on);
unsigned int tap_points(void);

/* Ends the case (or the child that calls it) as skipped or failed */
void skip(const char *fmt, ...) __printf_like(1, 2) __no_return;
void tap_fail(const char *file, int line, const char *what) __no_return;
void tap_differ(const char *file, int line, const char *what,
		unsigned long got, unsigned long want) __no_return;

/*
 * Both look at memory anew: what a signal handler wrote during raise(), say,
 * of which libc promises the compiler that it calls nobody back.
 */
#define check(cond)							\
	do {								\
		barrier();						\
		if (!(cond))						\
			tap_fail(__FILE__, __LINE__, #cond);		\
	} while (0)

#define check_eq(got, want)						\
	do {								\
		barrier();						\
		unsigned long got_ = (unsigned long)(got);		\
		unsigned long want_ = (unsigned long)(want);		\
									\
		if (got_ != want_)					\
			tap_differ(__FILE__, __LINE__,			\
				   #got " == " #want, got_, want_);	\
	} while (0)

/* Forks; the child calls @fn and exits with 0.  Returns the wait status. */
int run_child(void (*fn)(void *), void *arg);
int wait_child(int pid);

/* The same, and the child must have ended well */
void check_child(void (*fn)(void *), void *arg);

/*
 * TAP_SLOW=N in the environment: time limits are N times as long, and loops
 * N times shorter, for machines that interpret every instruction.
 */
unsigned long tap_loops(unsigned long n);
unsigned int tap_slow(void);

/* Started by the um-kvm test bed (UMKVM=1): no allowance for other kernels */
int on_umkvm(void);

/* True on QEMU's TCG, which leaves out some checks of a real CPU */
int on_tcg(void);
int on_amd(void);

/* CPUID(7, 0) and CPUID(1) features, where the kernel has them switched on */
int have_avx(void);
int have_pku(void);

/* Skips cases about the edge of user space where the kernel moved it */
void need_four_levels(void);

/* Path of a file that is installed beside the running binary */
const char *beside(const char *name);

/* Nanoseconds of CLOCK_MONOTONIC, read by the system call */
uint64_t now_ns(void);

/* The value after "key<blanks>: " in a file of /proc, or NULL; until the next call */
const char *proc_field(const char *path, const char *key);

/* The number of a line of /proc/meminfo, kB for most; -1 if there is none */
long meminfo_line(const char *key);

/* One write access that the compiler keeps */
static inline void touch(void *p)
{
	asm volatile("movb $1, (%0)" : : "r"(p) : "memory");
}

/* Anonymous private memory; @prot as for mmap; never NULL */
void *map_pages(unsigned long pages, int prot);

/* An address where nothing is mapped */
void *hole_page(void);

#endif
