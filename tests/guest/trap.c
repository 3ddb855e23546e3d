// SPDX-License-Identifier: GPL-2.0
/*
 * trap_catch(): see trap.h.  The handler leaves by siglongjmp(), so it works
 * for exceptions whose stack pointer or code segment is unusable.
 */
#include <setjmp.h>
#include <ucontext.h>
#include <x86intrin.h>
#include "tap.h"
#include "trap.h"

static const int caught[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };

static char stack[65536] __aligned(64);
static sigjmp_buf back;
static struct trap *current;

static void handler(int signo, siginfo_t *info, void *ctx)
{
	const greg_t *regs = ((ucontext_t *)ctx)->uc_mcontext.gregs;
	struct trap *t = current;

	/* the kernel leaves AC as it was, libc is not made for that */
	__writeeflags(__readeflags() & ~EFLAGS_AC);
	t->signo = signo;
	t->code = info->si_code;
	t->addr = (unsigned long)info->si_addr;
	t->no = regs[REG_TRAPNO];
	t->err = regs[REG_ERR];
	t->cr2 = regs[REG_CR2];
	t->ip = regs[REG_RIP];
	t->flags = regs[REG_EFL];
	t->cs = regs[REG_CSGSFS] & 0xffff;
	siglongjmp(back, 1);
}

void trap_catch(struct trap *t, void (*fn)(void *arg), void *arg)
{
	struct sigaction sa = {
		.sa_sigaction = handler,
		.sa_flags = SA_SIGINFO | SA_ONSTACK,
	};
	struct sigaction old[ARRAY_SIZE(caught)];
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };
	unsigned int i;

	memset(t, 0, sizeof(*t));
	current = t;
	check(!sigaltstack(&ss, NULL));
	for (i = 0; i < ARRAY_SIZE(caught); i++)
		check(!sigaction(caught[i], &sa, &old[i]));
	if (!sigsetjmp(back, 1))
		fn(arg);
	for (i = 0; i < ARRAY_SIZE(caught); i++)
		check(!sigaction(caught[i], &old[i], NULL));
}

void *code_page(const void *insn, unsigned long len)
{
	char *p = map_pages((len + PAGE - 1) / PAGE, PROT_READ | PROT_WRITE);

	memcpy(p, insn, len);
	check(!mprotect(p, len, PROT_READ | PROT_EXEC));
	return p;
}
