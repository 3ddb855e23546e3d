// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: strict mode and filters, with each action and with what a filter
 * is shown: number, architecture, instruction pointer, arguments.
 */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <ucontext.h>
#include "rawcall.h"
#include "tap.h"
#include "tracee.h"

#define LOAD(field) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define EQUAL(value, yes, no) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define RETURN(value)	BPF_STMT(BPF_RET | BPF_K, value)

static void install(struct sock_filter *code, unsigned int n)
{
	struct sock_fprog prog = { n, code };

	check(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		skip("no seccomp filters");
}

/* @action for getppid, everything else is allowed */
static void install_for_getppid(unsigned int action)
{
	struct sock_filter code[] = {
		LOAD(nr),
		EQUAL(SYS_getppid, 0, 1),
		RETURN(action),
		RETURN(SECCOMP_RET_ALLOW),
	};

	install(code, ARRAY_SIZE(code));
}

static void ret_errno(void)
{
	install_for_getppid(SECCOMP_RET_ERRNO | 77);
	check(syscall(SYS_getppid) == -1 && errno == 77);
	check_eq(syscall(SYS_getpid), getpid());
}

static void strict_child(void *arg)
{
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	if (arg)
		raw_call(SYS_getpid, 0, 0, 0);
	raw_call(SYS_exit, 0, 0, 0);
}

static void strict(void)
{
	int status = run_child(strict_child, "");

	check(WIFSIGNALED(status));
	check_eq(WTERMSIG(status), SIGKILL);
	check_eq(run_child(strict_child, NULL), 0);
}

static void kill_child(void *arg)
{
	install_for_getppid((unsigned long)arg);
	syscall(SYS_getppid);
}

static void ret_kill(void)
{
	int status = run_child(kill_child, (void *)SECCOMP_RET_KILL_PROCESS);

	check(WIFSIGNALED(status) || WEXITSTATUS(status) == 77);
	if (WIFSIGNALED(status))
		check_eq(WTERMSIG(status), SIGSYS);
}

static siginfo_t info;
static unsigned long trap_ip;

static void on_sigsys(int signo, siginfo_t *si, void *ctx)
{
	greg_t *regs = ((ucontext_t *)ctx)->uc_mcontext.gregs;

	info = *si;
	trap_ip = regs[REG_RIP];
	regs[REG_RAX] = 4711;		/* the call's result */
}

static void ret_trap(void)
{
	struct sigaction sa = {
		.sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO,
	};

	check(!sigaction(SIGSYS, &sa, NULL));
	install_for_getppid(SECCOMP_RET_TRAP | 5);
	check_eq(raw_call(SYS_getppid, 0, 0, 0), 4711);
	check_eq(info.si_code, 1);		/* SYS_SECCOMP */
	check_eq(info.si_syscall, SYS_getppid);
	check_eq(info.si_arch, AUDIT_ARCH_X86_64);
	check_eq(info.si_call_addr, trap_ip);
	check_eq(info.si_errno, 5);
}

static void architecture(void)
{
	struct sock_filter code[] = {
		LOAD(arch),
		EQUAL(AUDIT_ARCH_X86_64, 1, 0),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
		EQUAL(SYS_getppid, 0, 1),
		RETURN(SECCOMP_RET_ERRNO | 42),
		RETURN(SECCOMP_RET_ALLOW),
	};

	install(code, ARRAY_SIZE(code));
	check(syscall(SYS_getppid) == -1 && errno == 42);
}

/* All six arguments, both halves */
static void arguments(void)
{
	struct sock_filter code[] = {
		LOAD(nr),
		EQUAL(9999, 0, 5),
		LOAD(args[0]),
		EQUAL(0x11223344, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[5]) + 4),
		EQUAL(0xaabbccdd, 0, 1),
		RETURN(SECCOMP_RET_ERRNO | 1),
		RETURN(SECCOMP_RET_ALLOW),
	};

	install(code, ARRAY_SIZE(code));
	check(syscall(9999, 0x11223344, 0, 0, 0, 0, 0xaabbccdd00000001) == -1);
	check_eq(errno, 1);
	check(syscall(9999, 0x11223345, 0, 0, 0, 0, 0xaabbccdd00000001) == -1);
	check_eq(errno, ENOSYS);
}

static void inherited_child(void *arg)
{
	check(syscall(SYS_getppid) == -1 && errno == 77);
}

static void inherited(void)
{
	install_for_getppid(SECCOMP_RET_ERRNO | 77);
	check_child(inherited_child, NULL);
	install_for_getppid(SECCOMP_RET_ERRNO | 78);	/* the newest decides */
	check(syscall(SYS_getppid) == -1 && errno == 78);
}

static void traced_child(void *arg)
{
	install_for_getppid(SECCOMP_RET_TRACE | 9);
	check_eq(syscall(SYS_getppid), 1234);
}

static void ret_trace(void)
{
	int pid = tracee_start(traced_child, NULL), status;
	struct user_regs_struct regs;
	unsigned long message;

	check(!ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESECCOMP |
		      PTRACE_O_EXITKILL));
	status = tracee_go(pid, PTRACE_CONT, 0);
	check_eq(status >> 8, SIGTRAP | PTRACE_EVENT_SECCOMP << 8);
	check(!ptrace(PTRACE_GETEVENTMSG, pid, 0, &message));
	check_eq(message, 9);
	tracee_regs(pid, &regs);
	check_eq(regs.orig_rax, SYS_getppid);
	regs.orig_rax = -1;
	regs.rax = 1234;
	tracee_set_regs(pid, &regs);
	tracee_finish(pid);
}

static const struct tap_case cases[] = {
	{ "ret_errno", ret_errno },
	{ "strict", strict },
	{ "ret_kill", ret_kill },
	{ "ret_trap", ret_trap },
	{ "architecture", architecture },
	{ "arguments", arguments },
	{ "inherited", inherited },
	{ "ret_trace", ret_trace },
};

TAP_SUITE(seccomp, cases);
