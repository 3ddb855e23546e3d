// SPDX-License-Identifier: GPL-2.0
/*
 * The test bed's half inside L1: started by l1-init, it waits on its port for
 * a job, makes the job's files, runs the job's program on pipes or a pty, and
 * relays streams, signals and the exit status until the relay ends the
 * machine.  One job per boot or restore; nothing is cleaned up.
 *
 *   agent PORT DISK
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "agent.h"
#include "link.h"

static struct link link_;
static int pty_master = -1;

void agent_die(const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fcntl(link_.out, F_SETFL, 0);
	link_send(&link_, FRAME_ERROR, 0, text,
		  n < (int)sizeof(text) ? n : (int)sizeof(text) - 1);
	link_flush(&link_);
	tcdrain(link_.out);
	for (;;)
		pause();
}

static int create_vcpu(int kvm, int split_irqchip)
{
	struct kvm_enable_cap split = {
		.cap = KVM_CAP_SPLIT_IRQCHIP,
		.args = { 24 },
	};
	int vm = ioctl(kvm, KVM_CREATE_VM, 0);

	if (split_irqchip)
		ioctl(vm, KVM_ENABLE_CAP, &split);
	return ioctl(vm, KVM_CREATE_VCPU, 0);
}

/*
 * KVM patches its own code, and the scheduler's, when the first vCPU of a kind
 * comes and when the last one goes: with and without a local APIC, with an APIC
 * that is off.  QEMU 7.2 loses such a change now and then if it is another CPU
 * that executes the code (store_helper(): the old translation is dropped before
 * the bytes change, and may be made anew in between); that CPU then stands for
 * ever at a breakpoint which is not there.  So there is one vCPU of each kind
 * before the state is saved, never run and never gone.
 */
static void keep_vcpus(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (kvm < 0 || create_vcpu(kvm, 0) < 0 || create_vcpu(kvm, 1) < 0)
		fprintf(stderr, "agent: no vCPU of its own: %s\n",
			strerror(errno));
}

static void wait_for_start(void)
{
	struct frame *f;

	link_send(&link_, FRAME_READY, 0, NULL, 0);
	fcntl(link_.in, F_SETFL, 0);
	link_flush(&link_);
	do {
		link_fill(&link_);
		f = link_next(&link_);
	} while (!f || f->type != FRAME_START);
	link_send(&link_, FRAME_STARTED, 0, NULL, 0);
	fcntl(link_.in, F_SETFL, O_NONBLOCK);
}

/* A serial port must pass every byte as it is, at its best speed */
static void raw_port(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t))
		return;
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL;
	t.c_cc[VMIN] = 1;
	cfsetspeed(&t, B115200);
	tcsetattr(fd, TCSANOW, &t);
}

/*
 * Sets up stream @n of the program on the link's side and returns the
 * descriptor for the program's side.
 */
static int open_stream(const struct job *job, int n, int pty_slave)
{
	int p[2];

	if (job->fds.closed & 1 << n)
		return -1;
	if (job->fds.tty & 1 << n)
		return pty_slave;
	if (job->fds.file & 1 << n) {
		p[0] = open(JOB_INPUT, O_RDONLY | O_CLOEXEC);
		unlink(JOB_INPUT);
		return p[0];
	}
	if (pipe2(p, O_CLOEXEC))
		agent_die("pipe: %s", strerror(errno));
	if (n == 0)
		link_.sink[0].fd = p[1];
	else
		link_.source[n].fd = p[0];
	fcntl(n ? p[0] : p[1], F_SETFL, O_NONBLOCK);
	return p[n != 0];
}

static int open_terminal(const struct job *job)
{
	struct winsize ws = { .ws_row = job->rows, .ws_col = job->columns };
	struct termios term;
	int slave;

	if (!job->fds.tty)
		return -1;
	if (openpty(&pty_master, &slave, NULL, NULL, &ws))
		agent_die("openpty: %s", strerror(errno));
	fcntl(slave, F_SETFD, FD_CLOEXEC);
	fcntl(pty_master, F_SETFD, FD_CLOEXEC);
	fcntl(pty_master, F_SETFL, O_NONBLOCK);
	link_.source[STREAM_TTY].fd = pty_master;
	if (job->fds.tty & 1) {
		link_.sink[0].fd = fcntl(pty_master, F_DUPFD_CLOEXEC, 10);
	} else {
		/* The outer terminal is not raw and adds the CRs itself */
		tcgetattr(slave, &term);
		term.c_oflag &= ~OPOST;
		tcsetattr(slave, TCSANOW, &term);
	}
	return slave;
}

static void run_program(struct job *job, char **argv, int *fd, int slave)
{
	sigset_t none;
	int i, err;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if (slave >= 0)
		ioctl(slave, TIOCSCTTY, 0);
	/* Out of the way of 0 to 2, so that no dup2() closes another's source */
	for (i = 0; i < 3; i++)
		if (fd[i] >= 0)
			fd[i] = fcntl(fd[i], F_DUPFD_CLOEXEC, 10);
	for (i = 0; i < 3; i++) {
		close(i);
		if (fd[i] >= 0)
			dup2(fd[i], i);
	}
	if (chdir(job_cwd(job)))
		dprintf(2, "bed: cannot enter %s in L1: %s\n", job_cwd(job),
			strerror(errno));
	else
		execvp(argv[0], argv);
	err = errno;
	dprintf(2, "bed: cannot run %s in L1: %s\n", argv[0], strerror(err));
	_exit(err == ENOENT ? 127 : 126);
}

static pid_t start_program(struct job *job, char **argv)
{
	int slave = open_terminal(job);
	int fd[3], i;
	pid_t pid;

	for (i = 0; i < 3; i++)
		fd[i] = open_stream(job, i, slave);
	pid = fork();
	if (pid < 0)
		agent_die("fork: %s", strerror(errno));
	if (!pid)
		run_program(job, argv, fd, slave);
	for (i = 0; i < 3; i++)
		if (fd[i] >= 0 && fd[i] != slave)
			close(fd[i]);
	if (slave >= 0)
		close(slave);
	return pid;
}

static void handle_frames(pid_t pid)
{
	struct winsize ws = { 0 };
	struct frame *f;
	uint32_t arg[2];

	while ((f = link_next(&link_))) {
		memcpy(arg, f->data, f->len < 8 ? f->len : 8);
		switch (f->type) {
		case FRAME_SIGNAL:
			kill(pid, arg[0]);
			break;
		case FRAME_WINSIZE:
			ws.ws_row = arg[0];
			ws.ws_col = arg[1];
			ioctl(pty_master, TIOCSWINSZ, &ws);
			break;
		default:
			link_stream_frame(&link_, f);
		}
	}
}

/* Returns the program's status, or -1 while it runs */
static int reap(pid_t pid, int sigfd)
{
	struct signalfd_siginfo si;
	int st;

	if (read(sigfd, &si, sizeof(si)) < 0)
		return -1;
	if (waitpid(pid, &st, WNOHANG) != pid)
		return -1;
	return WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
}

static int serve(pid_t pid, int sigfd)
{
	struct pollfd p[LINK_POLLS + 1];
	int status = -1;

	/* What came in one read with FRAME_START is here already */
	handle_frames(pid);
	while (status < 0) {
		link_poll(&link_, p);
		p[LINK_POLLS] = (struct pollfd){ .fd = sigfd,
						 .events = POLLIN };
		if (poll(p, LINK_POLLS + 1, -1) < 0)
			continue;
		if (p[LINK_POLLS].revents)
			status = reap(pid, sigfd);
		link_pump(&link_, p);
		handle_frames(pid);
		if (link_.lost)
			agent_die("port lost");
	}
	return status;
}

int main(int argc, char **argv)
{
	char *args[JOB_ARGS_MAX + 1];
	int sigfd, status, port, i;
	struct job *job;
	sigset_t chld;

	if (argc != 3)
		return 1;
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	sigfd = signalfd(-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK);

	port = open(argv[1], O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (port < 0) {
		perror(argv[1]);
		return 1;
	}
	raw_port(port);
	link_init(&link_, port, port);
	keep_vcpus();
	wait_for_start();
	job = job_read(argv[2]);
	job_args(job, args);
	link_.one_way = job->one_way;
	status = serve(start_program(job, args), sigfd);

	for (i = 0; i < STREAMS; i++)
		link_drain_source(&link_, i);
	link_send_u32(&link_, FRAME_EXIT, 0, status);
	fcntl(port, F_SETFL, 0);
	link_flush(&link_);
	for (;;)
		pause();
}
