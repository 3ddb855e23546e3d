// SPDX-License-Identifier: GPL-2.0
/*
 * The floating point state of a traced process: PTRACE_GETFPREGS and the
 * regsets NT_PRFPREG and NT_X86_XSTATE show the live registers in the layouts
 * of x86-64, and what a tracer writes arrives there.
 */
#include <cpuid.h>
#include <elf.h>
#include <sys/uio.h>
#include "fpstate.h"
#include "tap.h"
#include "tracee.h"

#define XSTATE_MAX	8192

/* One FXSAVE image and what follows it */
struct xstate {
	_Alignas(64) unsigned char fx[512];
	uint64_t features, compact, reserved[6];
	unsigned char rest[XSTATE_MAX - 576];
};

#define FX_XMM	160
#define FX_MXCSR	24

/* Loads pattern 5, stops, and expects pattern 6 afterwards */
static void stop_loaded(void *arg)
{
	struct fpstate in, want, out;

	fp_pattern(&in, 5);
	fp_pattern(&want, 6);
	fp_across(&in, &out, 0, SYS_kill, getpid(), SIGSTOP);
	fp_same(&want, &out);
}

static void stop_unchanged(void *arg)
{
	struct fpstate in, out;

	fp_pattern(&in, 5);
	fp_across(&in, &out, 0, SYS_kill, getpid(), SIGSTOP);
	fp_same(&in, &out);
}

static int loaded(void (*fn)(void *))
{
	int pid = tracee_start(fn, NULL);

	tracee_until(pid, PTRACE_CONT, SIGSTOP);
	return pid;
}

static void getfpregs(void)
{
	int pid = loaded(stop_unchanged), r;
	struct user_fpregs_struct fp;
	struct fpstate in;

	fp_pattern(&in, 5);
	check(!ptrace(PTRACE_GETFPREGS, pid, 0, &fp));
	check_eq(fp.mxcsr & ~0x3f, in.mxcsr);
	check_eq(fp.cwd, in.cw);
	for (r = 0; r < 16; r++)
		check(!memcmp((char *)fp.xmm_space + 16 * r, in.ymm[r], 16));
	tracee_finish(pid);
}

static unsigned int ymm_offset(void)
{
	unsigned int a, b, c, d;

	__cpuid_count(0xd, 2, a, b, c, d);
	return b;
}

static size_t get_xstate(int pid, struct xstate *x)
{
	struct iovec iov = { x, sizeof(*x) };

	memset(x, 0, sizeof(*x));
	check(!ptrace(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &iov));
	return iov.iov_len;
}

static void xstate_layout(void)
{
	unsigned char *base;
	struct fpstate in;
	struct xstate x;
	int pid, r;

	if (!have_avx())
		skip("no extended state");
	pid = loaded(stop_unchanged);
	fp_pattern(&in, 5);
	check(get_xstate(pid, &x) >= 832);
	base = (unsigned char *)&x;
	check_eq(x.features & 7, 7);
	check_eq(*(uint64_t *)(x.fx + 464) & 7, 7);	/* XCR0, for debuggers */
	for (r = 0; r < 16; r++) {
		check(!memcmp(x.fx + FX_XMM + 16 * r, in.ymm[r], 16));
		check(!memcmp(base + ymm_offset() + 16 * r, in.ymm[r] + 16,
			      16));
	}
	tracee_finish(pid);
}

/* The x87 part: 80-bit registers made from the doubles of a pattern */
static void set_fx(unsigned char *fx, const struct fpstate *want)
{
	int r;

	for (r = 0; r < 16; r++)
		memcpy(fx + FX_XMM + 16 * r, want->ymm[r], 16);
	for (r = 0; r < 8; r++) {
		long double v = want->st[r];

		memcpy(fx + 32 + 16 * r, &v, 10);
	}
	memcpy(fx + FX_MXCSR, &want->mxcsr, 4);
	memcpy(fx, &want->cw, 2);
}

static void set_xstate(void)
{
	struct fpstate want;
	struct iovec iov;
	struct xstate x;
	int pid, r;

	if (!have_avx())
		skip("no extended state");
	pid = loaded(stop_loaded);
	fp_pattern(&want, 6);
	iov = (struct iovec) { &x, get_xstate(pid, &x) };
	set_fx(x.fx, &want);
	for (r = 0; r < 16; r++)
		memcpy((char *)&x + ymm_offset() + 16 * r, want.ymm[r] + 16,
		       16);
	check(!ptrace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &iov));
	tracee_finish(pid);
}

/* PTRACE_SETFPREGS changes the old half and keeps the upper halves of AVX */
static void keep_upper(void *arg)
{
	struct fpstate in, want, out;
	int r;

	fp_pattern(&in, 5);
	fp_pattern(&want, 6);
	for (r = 0; r < 16; r++)
		memcpy(want.ymm[r] + 16, in.ymm[r] + 16, 16);
	fp_across(&in, &out, 0, SYS_kill, getpid(), SIGSTOP);
	fp_same(&want, &out);
}

static void setfpregs(void)
{
	int pid = loaded(keep_upper);
	struct user_fpregs_struct fp;
	struct fpstate want;

	fp_pattern(&want, 6);
	check(!ptrace(PTRACE_GETFPREGS, pid, 0, &fp));
	set_fx((unsigned char *)&fp, &want);
	check(!ptrace(PTRACE_SETFPREGS, pid, 0, &fp));
	tracee_finish(pid);
}

/* Reserved bits: refused, and the program's state stays */
static void refused(void)
{
	struct user_fpregs_struct fp;
	struct iovec iov;
	struct xstate x;
	int pid = loaded(stop_unchanged);

	check(!ptrace(PTRACE_GETFPREGS, pid, 0, &fp));
	fp.mxcsr = 0xffffffff;
	check(ptrace(PTRACE_SETFPREGS, pid, 0, &fp) == -1);
	check_eq(errno, EINVAL);
	if (have_avx()) {
		iov = (struct iovec) { &x, get_xstate(pid, &x) };
		x.features |= 1UL << 62;
		check(ptrace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &iov) == -1);
		check_eq(errno, EINVAL);
		get_xstate(pid, &x);
		x.reserved[0] = 1;
		check(ptrace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &iov) == -1);
	}
	tracee_finish(pid);
}

static const struct tap_case cases[] = {
	{ "getfpregs", getfpregs },
	{ "setfpregs", setfpregs },
	{ "xstate_layout", xstate_layout },
	{ "set_xstate", set_xstate },
	{ "refused", refused },
};

TAP_SUITE(ptracefp, cases);
