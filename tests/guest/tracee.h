/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A traced child, and the ptrace calls in the form that the tests use.
 */
#ifndef TESTS_GUEST_TRACEE_H
#define TESTS_GUEST_TRACEE_H

#include <sys/ptrace.h>
#include <sys/user.h>

/* Forks a child that asks to be traced and stops, then runs @fn(@arg) */
int tracee_start(void (*fn)(void *), void *arg);

/* Goes on by @request with @signo; returns the next wait status */
int tracee_go(int pid, int request, int signo);

/* The same; the next stop must be by @signo, or the end with status 0 */
void tracee_until(int pid, int request, int signo);
void tracee_finish(int pid);
void tracee_kill(int pid);

void tracee_regs(int pid, struct user_regs_struct *regs);
void tracee_set_regs(int pid, struct user_regs_struct *regs);

/* Debug registers, by PTRACE_PEEKUSER and PTRACE_POKEUSER */
unsigned long tracee_dr(int pid, int nr);
long tracee_set_dr(int pid, int nr, unsigned long value);

/* Without one of the lower two, an enabled register breaks on execution */
#define DR7_ENABLE(n)		(1UL << (2 * (n)))
#define DR7_WRITE(n, len)	((1UL | ((len) - 1) << 2) << (16 + 4 * (n)))
#define DR7_ACCESS(n, len)	((3UL | ((len) - 1) << 2) << (16 + 4 * (n)))

#endif
