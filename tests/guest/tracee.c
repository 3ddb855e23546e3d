// SPDX-License-Identifier: GPL-2.0
/*
 * See tracee.h.
 */
#include "tap.h"
#include "tracee.h"

int tracee_start(void (*fn)(void *), void *arg)
{
	int pid = fork(), status;

	check(pid >= 0);
	if (!pid) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0))
			_exit(98);
		raise(SIGSTOP);
		fn(arg);
		_exit(0);
	}
	status = wait_child(pid);
	check(WIFSTOPPED(status));
	check_eq(WSTOPSIG(status), SIGSTOP);
	check(!ptrace(PTRACE_SETOPTIONS, pid, 0,
		      PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD));
	return pid;
}

int tracee_go(int pid, int request, int signo)
{
	check(!ptrace(request, pid, 0, (long)signo));
	return wait_child(pid);
}

void tracee_until(int pid, int request, int signo)
{
	int status = tracee_go(pid, request, 0);

	check(WIFSTOPPED(status));
	check_eq(WSTOPSIG(status), signo);
}

void tracee_finish(int pid)
{
	check_eq(tracee_go(pid, PTRACE_CONT, 0), 0);
}

void tracee_kill(int pid)
{
	check(!kill(pid, SIGKILL));
	wait_child(pid);
}

void tracee_regs(int pid, struct user_regs_struct *regs)
{
	check(!ptrace(PTRACE_GETREGS, pid, 0, regs));
}

void tracee_set_regs(int pid, struct user_regs_struct *regs)
{
	check(!ptrace(PTRACE_SETREGS, pid, 0, regs));
}

unsigned long tracee_dr(int pid, int nr)
{
	unsigned long v;

	errno = 0;
	v = ptrace(PTRACE_PEEKUSER, pid,
		   offsetof(struct user, u_debugreg[nr]), 0);
	check_eq(errno, 0);
	return v;
}

long tracee_set_dr(int pid, int nr, unsigned long value)
{
	return ptrace(PTRACE_POKEUSER, pid,
		      offsetof(struct user, u_debugreg[nr]), value);
}
