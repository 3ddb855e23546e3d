// SPDX-License-Identifier: GPL-2.0
/*
 * Floating point state and signals: the handler starts with the initial
 * state, finds the interrupted one in the frame in the layout of x86-64, may
 * change it there, and the interrupted code gets it back.
 */
#include <cpuid.h>
#include <sys/time.h>
#include <ucontext.h>
#include "fpstate.h"
#include "rawcall.h"
#include "tap.h"

/* In the last 48 bytes of the 512 of FXSAVE, as asm/sigcontext.h has it */
struct sw_bytes {
	uint32_t magic1;
	uint32_t extended_size;
	uint64_t xfeatures;
	uint32_t xstate_size;
	uint32_t padding[7];
};

#define MAGIC1		0x46505853U
#define MAGIC2		0x46505845U
#define UC_FP_XSTATE	1

static struct fpstate in, out;
static int calls;

static void handle(void (*fn)(int, siginfo_t *, void *))
{
	struct sigaction sa = { .sa_sigaction = fn, .sa_flags = SA_SIGINFO };

	check(!sigaction(SIGUSR1, &sa, NULL));
}

static unsigned int ymm_offset(void)
{
	unsigned int a, b, c, d;

	__cpuid_count(0xd, 2, a, b, c, d);
	return b;
}

/* Takes what the registers hold at entry, then fills them with rubbish */
static void clobber(int signo, siginfo_t *info, void *ctx)
{
	struct fpstate junk;

	calls++;
	fp_pattern(&junk, 0xee);
	fp_load(&junk);
}

static void preserved(void)
{
	int i;

	handle(clobber);
	for (i = 0; i < 20; i++) {
		fp_pattern(&in, i);
		fp_across(&in, &out, 0, SYS_kill, getpid(), SIGUSR1);
		fp_same(&in, &out);
	}
	check_eq(calls, 20);
}

static unsigned int init_mxcsr;
static unsigned short init_cw, init_tags[14];

static void initial_handler(int signo, siginfo_t *info, void *ctx)
{
	asm volatile("stmxcsr %0; fnstcw %1; fnstenv %2"
		     : "=m"(init_mxcsr), "=m"(init_cw), "=m"(init_tags));
}

static void initial(void)
{
	handle(initial_handler);
	fp_pattern(&in, 3);
	fp_across(&in, &out, 0, SYS_kill, getpid(), SIGUSR1);
	fp_same(&in, &out);
	check_eq(init_mxcsr, 0x1f80);
	check_eq(init_cw, 0x37f);
	check_eq(init_tags[4], 0xffff);
}

static void layout_handler(int signo, siginfo_t *info, void *ctx)
{
	ucontext_t *uc = ctx;
	char *x = (char *)uc->uc_mcontext.fpregs;
	struct sw_bytes *sw = (struct sw_bytes *)(x + 464);
	int r;

	check_eq((unsigned long)x % 64, 0);
	check_eq(uc->uc_mcontext.fpregs->mxcsr & ~0x3f, in.mxcsr);
	check_eq(uc->uc_mcontext.fpregs->cwd, in.cw);
	for (r = 0; r < 16; r++)
		check(!memcmp(x + 160 + 16 * r, in.ymm[r], 16));
	if (!have_avx())
		return;
	check(uc->uc_flags & UC_FP_XSTATE);
	check_eq(sw->magic1, MAGIC1);
	check_eq(*(uint32_t *)(x + sw->extended_size - 4), MAGIC2);
	check_eq(sw->xfeatures & 7, 7);
	check(sw->xstate_size >= 832);
	check(sw->xstate_size <= sw->extended_size - 4);
	check_eq(*(uint64_t *)(x + 512) & 7, 7);
	check_eq(*(uint64_t *)(x + 520), 0);
	for (r = 0; r < 16; r++)
		check(!memcmp(x + ymm_offset() + 16 * r, in.ymm[r] + 16, 16));
	calls++;
}

static void layout(void)
{
	handle(layout_handler);
	fp_pattern(&in, 9);
	fp_across(&in, &out, 0, SYS_kill, getpid(), SIGUSR1);
	fp_same(&in, &out);
	check(calls || !have_avx());
}

static void change_handler(int signo, siginfo_t *info, void *ctx)
{
	ucontext_t *uc = ctx;
	char *x = (char *)uc->uc_mcontext.fpregs;

	memset(x + 160 + 16 * 5, 0xab, 16);
	if (have_avx())
		memset(x + ymm_offset() + 16 * 5, 0xcd, 16);
	uc->uc_mcontext.fpregs->mxcsr = 0x7f80;
	uc->uc_mcontext.fpregs->cwd = 0xf7f;
}

static void changed_in_frame(void)
{
	handle(change_handler);
	fp_pattern(&in, 9);
	fp_across(&in, &out, 0, SYS_kill, getpid(), SIGUSR1);
	memset(in.ymm[5], 0xab, 16);
	if (have_avx())
		memset(in.ymm[5] + 16, 0xcd, 16);
	in.mxcsr = 0x7f80;
	in.cw = 0xf7f;
	fp_same(&in, &out);
}

/* Only FXSAVE's 512 bytes are valid without the magic: the rest is initial */
static void legacy_handler(int signo, siginfo_t *info, void *ctx)
{
	char *x = (char *)((ucontext_t *)ctx)->uc_mcontext.fpregs;

	((struct sw_bytes *)(x + 464))->magic1 = 0;
}

static void legacy_frame(void)
{
	int r;

	handle(legacy_handler);
	fp_pattern(&in, 4);
	fp_across(&in, &out, 0, SYS_kill, getpid(), SIGUSR1);
	for (r = 0; r < 16; r++)
		memset(in.ymm[r] + 16, 0, 16);
	fp_same(&in, &out);
}

static void null_handler(int signo, siginfo_t *info, void *ctx)
{
	((ucontext_t *)ctx)->uc_mcontext.fpregs = NULL;
}

static void null_frame(void)
{
	handle(null_handler);
	fp_pattern(&in, 4);
	fp_across(&in, &out, 0, SYS_kill, getpid(), SIGUSR1);
	check_eq(out.mxcsr & ~0x3f, 0x1f80);
	check_eq(out.cw, 0x37f);
	check(!out.ymm[3][0] && !out.ymm[3][31]);
}

/* Signals at any instruction, with live registers in the loop */
static void async(void)
{
	struct itimerval it = { { 0, 1000 }, { 0, 1000 } };
	struct sigaction sa = {
		.sa_sigaction = clobber, .sa_flags = SA_SIGINFO | SA_RESTART,
	};
	uint64_t end = now_ns() + 300000000;
	int i = 0;

	check(!sigaction(SIGALRM, &sa, NULL));
	check(!setitimer(ITIMER_REAL, &it, NULL));
	do {
		fp_pattern(&in, i++);
		fp_across(&in, &out, 20000, -1, 0, 0);
		fp_same(&in, &out);
	} while (now_ns() < end || calls < 5);
}

static void nested_handler(int signo, siginfo_t *info, void *ctx)
{
	struct fpstate mine, after;

	fp_pattern(&mine, 100 + calls);
	if (calls++ < 5)
		fp_across(&mine, &after, 0, SYS_kill, getpid(), SIGUSR1);
	else
		after = mine;
	fp_same(&mine, &after);
}

static void nested(void)
{
	struct sigaction sa = {
		.sa_sigaction = nested_handler,
		.sa_flags = SA_SIGINFO | SA_NODEFER,
	};

	check(!sigaction(SIGUSR1, &sa, NULL));
	fp_pattern(&in, 1);
	fp_across(&in, &out, 0, SYS_kill, getpid(), SIGUSR1);
	fp_same(&in, &out);
	check_eq(calls, 6);
}

static unsigned int rdpkru(void)
{
	unsigned int v, d;

	asm volatile(".byte 0x0f, 0x01, 0xee" : "=a"(v), "=d"(d) : "c"(0));
	return v;
}

static void wrpkru(unsigned int v)
{
	asm volatile(".byte 0x0f, 0x01, 0xef" : : "a"(v), "c"(0), "d"(0)
		     : "memory");
}

static unsigned int handler_pkru;

static void pkru_handler(int signo, siginfo_t *info, void *ctx)
{
	handler_pkru = rdpkru();
	wrpkru(0x55555550);
}

/* The handler runs with the default rights, the program gets its own back */
static void pkru(void)
{
	if (!have_pku())
		skip("no protection keys");
	handle(pkru_handler);
	wrpkru(0x5555aaa0);
	raw_call(SYS_kill, getpid(), SIGUSR1, 0);
	check_eq(rdpkru(), 0x5555aaa0);
	check_eq(handler_pkru, 0x55555554);
	usleep(10000);
	check_eq(rdpkru(), 0x5555aaa0);
	if (!fork())
		_exit(rdpkru() != 0x5555aaa0);
	check_eq(wait_child(-1), 0);
}

static const struct tap_case cases[] = {
	{ "preserved", preserved },
	{ "initial", initial },
	{ "layout", layout },
	{ "changed_in_frame", changed_in_frame },
	{ "legacy_frame", legacy_frame },
	{ "null_frame", null_frame },
	{ "async", async },
	{ "nested", nested },
	{ "pkru", pkru },
};

TAP_SUITE(sigframe, cases);
