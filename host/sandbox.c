// SPDX-License-Identifier: GPL-2.0
/*
 * The seccomp filter: what the shim may still ask of the host once a guest can
 * run.  An allow list, with a reason for each line; everything else ends the
 * process in one line that names the system call.  New files, programs,
 * sockets, threads and executable memory are all out of reach; only who connects
 * to a console is let in.
 */
#include <errno.h>
#include <linux/falloc.h>
#include <linux/if_tun.h>
#include <linux/kvm.h>
#include <linux/vhost.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <ucontext.h>
#include <unistd.h>

#include "die.h"
#include "sandbox.h"

static const int allowed[] = {
	SCMP_SYS(read),			/* consoles, eventfds, signalfd, frames, servers */
	SCMP_SYS(write),		/* consoles, standard error, eventfds, frames */
	SCMP_SYS(writev),		/* frames of the network */
	SCMP_SYS(sendmsg),		/* a driver starts or stops: to its server */
	SCMP_SYS(pread64),		/* kernel and initrd again at a restart; statistics */
	SCMP_SYS(poll),			/* device thread, main thread, slow output */
	SCMP_SYS(restart_syscall),	/* a poll that SIGSTOP interrupted */
	SCMP_SYS(futex),		/* mutexes and condition variables */
	SCMP_SYS(close),		/* the old machine at a restart */
	SCMP_SYS(munmap),		/* the same: struct kvm_run */
	SCMP_SYS(getrandom),		/* a fresh seed at a restart */
	SCMP_SYS(pidfd_send_signal),	/* the end of our own servers */
	SCMP_SYS(fstat),		/* --stats: memory in use */
	SCMP_SYS(getrusage),		/* --stats: memory in use */
	SCMP_SYS(timerfd_settime),	/* the watchdog */
	SCMP_SYS(clock_gettime),	/* where the vDSO has no clock */
	SCMP_SYS(rt_sigprocmask),	/* pthread_kill() */
	SCMP_SYS(rt_sigreturn),		/* the kick's handler */
	SCMP_SYS(getpid),		/* pthread_kill(), stopping ourselves */
	SCMP_SYS(gettid),		/* pthread_kill() */
	SCMP_SYS(getpgrp),		/* are we in the foreground? */
	SCMP_SYS(io_uring_enter),	/* disks: the ring itself is limited, see disk.c */
	SCMP_SYS(preadv2),		/* disks where the host has no io_uring */
	SCMP_SYS(pwritev2),		/* the same */
	SCMP_SYS(fdatasync),		/* the same */
	SCMP_SYS(pwrite64),		/* --dump */
	SCMP_SYS(lseek),		/* the same: which memory was ever used */
	SCMP_SYS(ftruncate),		/* the same: the last dump goes */
	SCMP_SYS(pause),		/* a second thread that fails waits for the first */
	SCMP_SYS(exit_group),		/* the end */
};

/* ioctl() is allowed by request. */
static const unsigned long allowed_ioctls[] = {
	KVM_RUN,			/* the guest */
	KVM_GET_REGS,			/* SIGQUIT, triple fault, broken protocol, --dump */
	KVM_GET_SREGS,			/* the same, and set-up */
	KVM_KVMCLOCK_CTRL,		/* after SIGCONT */
	KVM_SET_GSI_ROUTING,		/* the guest moves an interrupt */
	KVM_GET_STATS_FD,		/* --stats */
	KVM_SET_SREGS,			/* the guest starts a CPU */
	KVM_SET_REGS,
	KVM_SET_MP_STATE,
	KVM_GET_XSAVE,			/* --gdb: registers and steps */
	KVM_SET_XSAVE,
	KVM_GET_MP_STATE,
	KVM_SET_GUEST_DEBUG,
	TUNSETOFFLOAD,			/* the guest starts a driver on a tap */
	/* The guest starts a driver whose device is vhost's, or resets it: */
	VHOST_SET_FEATURES,
	VHOST_SET_VRING_NUM,
	VHOST_SET_VRING_BASE,
	VHOST_SET_VRING_ADDR,
	VHOST_NET_SET_BACKEND,		/* only the tap that is open already */
	VHOST_VSOCK_SET_RUNNING,
	/* Building the machine, which a restart does again: */
	KVM_CREATE_VM,
	KVM_SET_IDENTITY_MAP_ADDR,
	KVM_SET_TSS_ADDR,
	KVM_ENABLE_CAP,
	KVM_SET_USER_MEMORY_REGION,
	KVM_IRQFD,
	KVM_IOEVENTFD,
	KVM_GET_VCPU_MMAP_SIZE,
	KVM_CREATE_VCPU,
	KVM_SET_CPUID2,
	KVM_SET_TSC_KHZ,
	KVM_GET_TSC_KHZ,
	KVM_SET_XCRS,
	/* The terminal: raw, back again, its size, whose it is */
	TCGETS,
	TCSETS,
	TIOCGWINSZ,
	TIOCGPGRP,
};

static void on_forbidden(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	die("the sandbox forbids system call %d; this is a bug of the shim, please report it",
	    info->si_syscall);
}

static void check(int ret)
{
	if (ret < 0) {
		errno = -ret;
		die_errno("cannot build the sandbox");
	}
}

static void allow_if(scmp_filter_ctx ctx, int syscall, struct scmp_arg_cmp cmp)
{
	check(seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, syscall, 1, &cmp));
}

static void add_rules(scmp_filter_ctx ctx, bool pid_file, bool sockets)
{
	const unsigned int pid = getpid();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(allowed); i++)
		check(seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, allowed[i], 0,
					     NULL));
	for (i = 0; i < ARRAY_SIZE(allowed_ioctls); i++)
		allow_if(ctx, SCMP_SYS(ioctl),
			 SCMP_A1_32(SCMP_CMP_EQ, allowed_ioctls[i]));
	/* struct kvm_run of a new vCPU; never executable */
	allow_if(ctx, SCMP_SYS(mmap),
		 SCMP_A2_32(SCMP_CMP_EQ, PROT_READ | PROT_WRITE));
	/* guest memory reads as zero again at a restart */
	allow_if(ctx, SCMP_SYS(fallocate),
		 SCMP_A1_32(SCMP_CMP_EQ,
			    FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE));
	/* a disk without io_uring: zeroes that keep their room */
	allow_if(ctx, SCMP_SYS(fallocate),
		 SCMP_A1_32(SCMP_CMP_EQ,
			    FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE));
	/* pthread_kill() of our own threads, SIGSTOP to ourselves */
	allow_if(ctx, SCMP_SYS(tgkill), SCMP_A0_32(SCMP_CMP_EQ, pid));
	allow_if(ctx, SCMP_SYS(kill), SCMP_A0_32(SCMP_CMP_EQ, pid));
	/* the next client of a console; sockets that listen exist already */
	if (sockets)
		allow_if(ctx, SCMP_SYS(accept4),
			 SCMP_A3_32(SCMP_CMP_EQ, SOCK_NONBLOCK | SOCK_CLOEXEC));
	/* umid=: its file and directory go at the end; a console's socket too */
	if (pid_file || sockets)
		check(seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(unlink), 0));
	if (pid_file)
		check(seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(rmdir), 0));
}

void sandbox_enter(bool pid_file, bool sockets)
{
	struct sigaction action = {
		.sa_sigaction = on_forbidden,
		.sa_flags = SA_SIGINFO,
	};
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_TRAP);

	if (!ctx)
		die("cannot build the sandbox: out of memory");
	sigaction(SIGSYS, &action, NULL);
	/* The threads exist already: the filter has to reach all of them. */
	check(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1));
	add_rules(ctx, pid_file, sockets);
	check(seccomp_load(ctx));
	seccomp_release(ctx);
}
