// SPDX-License-Identifier: GPL-2.0
/*
 * SYSCALL itself: registers and flags across it, numbers that do not exist,
 * arguments that point nowhere, stepping over it, the edge of user space.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <time.h>
#include "rawcall.h"
#include "tap.h"
#include "trap.h"

static void fill(struct raw_regs *r)
{
	unsigned long *reg = (unsigned long *)r;
	int i;

	for (i = 0; i < 15; i++)
		reg[i] = 0x0123456789abcd00UL + i * 0x1111111111111111UL;
	r->flags = 0x202;
}

/* All but RAX, RCX and R11 come back; RCX and R11 are RIP and the flags */
static long call_checked(struct raw_regs *r)
{
	struct raw_regs was = *r;

	raw_regs_call(r);
	check_eq(r->bx, was.bx);
	check_eq(r->dx, was.dx);
	check_eq(r->si, was.si);
	check_eq(r->di, was.di);
	check_eq(r->bp, was.bp);
	check_eq(r->r8, was.r8);
	check_eq(r->r9, was.r9);
	check_eq(r->r10, was.r10);
	check_eq(r->r12, was.r12);
	check_eq(r->r13, was.r13);
	check_eq(r->r14, was.r14);
	check_eq(r->r15, was.r15);
	check_eq(r->cx, raw_regs_after);
	check_eq(r->r11, r->flags);
	return r->ax;
}

static void regs_preserved(void)
{
	static const int fast[] = { SYS_getppid, SYS_sched_yield, SYS_getuid };
	struct timespec ts = { .tv_nsec = 1000000 };
	struct raw_regs r;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fast); i++) {
		fill(&r);
		r.ax = fast[i];
		check(call_checked(&r) >= 0);
	}
	fill(&r);
	r.ax = SYS_nanosleep;		/* another task runs meanwhile */
	r.di = (unsigned long)&ts;
	r.si = 0;
	check_eq(call_checked(&r), 0);
	fill(&r);
	r.ax = SYS_write;
	r.di = -1;
	check_eq(call_checked(&r), -EBADF);
}

static void regs_preserved_fork(void)
{
	struct raw_regs r;

	fill(&r);
	r.ax = SYS_fork;
	if (!call_checked(&r))
		_exit(0);
	check_eq(wait_child(r.ax), 0);
}

static void flags_preserved(void)
{
	static const unsigned long set[] = {
		0x1, 0x4, 0x10, 0x40, 0x80, EFLAGS_DF, 0x800, EFLAGS_NT,
		EFLAGS_AC, EFLAGS_ID, 0x8d5 | EFLAGS_DF | EFLAGS_AC,
	};
	struct raw_regs r;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(set); i++) {
		fill(&r);
		r.flags |= set[i];
		r.ax = SYS_getppid;
		check(call_checked(&r) > 0);
		check_eq(r.flags, 0x202 | set[i]);
	}
}

/* The number is the low 32 bits, signed; what is not in the table is ENOSYS */
static void no_such_call(void)
{
	static const unsigned long nr[] = {
		-1UL, -2UL, 0xffffffff, 0x80000000, 0x7fffffff, 1000, 600, 511,
		0x40000000 + SYS_getpid, 0x8000000000000000 + 0x7ffffff0,
		-4095UL, 0xffffffff00000000 + 5000,
	};
	struct raw_regs r;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nr); i++) {
		fill(&r);
		r.ax = nr[i];
		check_eq(call_checked(&r), -ENOSYS);
	}
}

static void number_is_32_bits(void)
{
	struct raw_regs r;

	fill(&r);
	r.ax = 0xdead000000000000 + SYS_getpid;
	check_eq(call_checked(&r), getpid());
}

static void six_arguments(void)
{
	int fd = memfd_create("six", 0);
	char *p;

	check(fd >= 0 && !ftruncate(fd, 3 * PAGE));
	check_eq(pwrite(fd, "x", 1, 2 * PAGE), 1);
	p = (char *)syscall(SYS_mmap, NULL, PAGE, PROT_READ, MAP_SHARED, fd,
			    2 * PAGE);
	check(p != MAP_FAILED);
	check_eq(*p, 'x');
}

static void efault(void)
{
	const unsigned long bad[] = {
		(unsigned long)hole_page(), 0, 0xffffffff81000000,
		0xffff888000000000, 0x800000000000, 0x7ffffffff000,
		0x8000000000000000, -1UL, -8UL,
	};
	int fds[2];
	unsigned int i;

	need_four_levels();
	check(!pipe(fds));
	check_eq(write(fds[1], "0123456789", 10), 10);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		long p = bad[i];

		check_eq(raw_call(SYS_write, fds[1], p, 1), -EFAULT);
		check_eq(raw_call(SYS_read, fds[0], p, 1), -EFAULT);
		check_eq(raw_call(SYS_uname, p, 0, 0), -EFAULT);
		check_eq(raw_call(SYS_pipe, p, 0, 0), -EFAULT);
		check_eq(raw_call(SYS_nanosleep, p, 0, 0), -EFAULT);
		check_eq(raw_call(SYS_chdir, p, 0, 0), -EFAULT);
		check_eq(raw_call(SYS_clock_gettime, 1, p, 0), -EFAULT);
		check_eq(raw_call(SYS_futex, p & -4, 0, 0), -EFAULT);
	}
}

/* Text and read-only data are no place to write to, even for the kernel */
static void efault_read_only(void)
{
	static const char constant[512] __aligned(64) = "constant";

	check_eq(raw_call(SYS_uname, (long)efault, 0, 0), -EFAULT);
	check_eq(raw_call(SYS_uname, (long)constant, 0, 0), -EFAULT);
	check(!strcmp(constant, "constant"));
}

/*
 * A string that ends just before a hole: the kernel reads words, and must
 * get over the fault behind the end; without an end it is EFAULT.
 */
static void string_at_edge(void)
{
	char *end = map_pages(2, PROT_READ | PROT_WRITE) + PAGE;
	int n;

	check(!munmap(end, PAGE));
	for (n = 1; n < 40; n++) {
		memset(end - n, 'q', n - 1);
		end[-1] = 0;
		check_eq(raw_call(SYS_chdir, (long)end - n, 0, 0), -ENOENT);
		end[-1] = 'q';
		check_eq(raw_call(SYS_chdir, (long)end - n, 0, 0), -EFAULT);
	}
}

/* Buffers that end or start in a hole, at every alignment of the copy */
static void copy_at_edge(void)
{
	char *end = map_pages(2, PROT_READ | PROT_WRITE) + PAGE;
	struct utsname u;
	int n;

	check(!munmap(end, PAGE));
	for (n = 0; n < 70; n++)
		check_eq(raw_call(SYS_uname, (long)end - n, 0, 0), -EFAULT);
	memset(end - sizeof(u) - 8, 0x77, sizeof(u) + 8);
	check_eq(raw_call(SYS_uname, (long)end - sizeof(u), 0, 0), 0);
	check(!uname(&u) && !memcmp(end - sizeof(u), &u, sizeof(u)));
	check_eq(end[-(int)sizeof(u) - 1], 0x77);
}

static unsigned long step_ip[64];
static int steps;

static void step_handler(int signo, siginfo_t *info, void *ctx)
{
	if (steps < 64)
		step_ip[steps++] = (unsigned long)info->si_addr;
}

extern const char step_call[], step_end[];

/* TF is on across SYSCALL: the kernel must not step itself, nor lose it */
static void step_over(void)
{
	struct sigaction sa = {
		.sa_sigaction = step_handler, .sa_flags = SA_SIGINFO,
	};
	long ret;
	int i;

	check(!sigaction(SIGTRAP, &sa, NULL));
	asm volatile("pushfq; orq $0x100, (%%rsp); popfq; nop;"
		     ".globl step_call, step_end; step_call: syscall;"
		     "nop; nop; pushfq; andq $-257, (%%rsp); popfq; step_end:"
		     : "=a"(ret) : "a"(SYS_getpid)
		     : "rcx", "r11", "memory", "cc");
	check_eq(ret, getpid());
	check(steps >= 5 && steps <= 8);
	for (i = 0; i < steps; i++)
		check(step_ip[i] >= (unsigned long)step_call &&
		      step_ip[i] <= (unsigned long)step_end);
}

static __noinline void call_at(void *arg)
{
	asm volatile("jmp *%0" : : "r"(arg), "a"(SYS_getpid));
}

/*
 * SYSCALL in the last two bytes of user space: SYSRET would go to an address
 * that faults.  It must fault in user mode, with the program's stack.
 */
static void last_instruction(void)
{
	char *last = (char *)0x7fffffffe000;
	struct trap t;
	char *p;

	need_four_levels();
	p = mmap(last, PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (p != last)
		skip("the last page of user space is taken");
	p[PAGE - 2] = 0x0f;
	p[PAGE - 1] = 0x05;
	check(!mprotect(p, PAGE, PROT_READ | PROT_EXEC));
	trap_catch(&t, call_at, p + PAGE - 2);
	check_trap(&t, SIGSEGV, SEGV_MAPERR, VEC_PF);
	check_eq(t.ip, last + PAGE);
	check_eq(t.addr, last + PAGE);
}

/* Nothing may be mapped at or above that edge, or at page 0 by chance */
static void no_map_above(void)
{
	void *p = mmap((void *)0x7ffffffff000, PAGE, PROT_READ,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	need_four_levels();
	check(p == MAP_FAILED && errno == ENOMEM);
	p = mmap((void *)0xffff888000000000, PAGE, PROT_READ,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	check(p == MAP_FAILED && errno == ENOMEM);
}

static const struct tap_case cases[] = {
	{ "regs_preserved", regs_preserved },
	{ "regs_preserved_fork", regs_preserved_fork },
	{ "flags_preserved", flags_preserved },
	{ "no_such_call", no_such_call },
	{ "number_is_32_bits", number_is_32_bits },
	{ "six_arguments", six_arguments },
	{ "efault", efault },
	{ "efault_read_only", efault_read_only },
	{ "string_at_edge", string_at_edge },
	{ "copy_at_edge", copy_at_edge },
	{ "step_over", step_over },
	{ "last_instruction", last_instruction },
	{ "no_map_above", no_map_above },
};

TAP_SUITE(syscall, cases);
