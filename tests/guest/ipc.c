// SPDX-License-Identifier: GPL-2.0
/*
 * Ways to talk and to wait: pipes, Unix sockets with descriptors, epoll,
 * eventfd, signalfd, pidfd, poll and select.
 */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include "tap.h"

static char big[1 << 18];

static unsigned char pattern(unsigned long i)
{
	return i * 31 + (i >> 8);
}

static void write_all(int fd)
{
	unsigned long i, done = 0;

	for (i = 0; i < sizeof(big); i++)
		big[i] = pattern(i);
	while (done < sizeof(big)) {
		long n = write(fd, big + done, sizeof(big) - done);

		check(n > 0);
		done += n;
	}
}

static void read_all(int fd)
{
	unsigned long done = 0;
	unsigned char buf[3001];
	long n, i;

	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++)
			check_eq(buf[i], pattern(done + i));
		done += n;
	}
	check_eq(n, 0);
	check_eq(done, sizeof(big));
}

static void stream(const int *fds)
{
	int pid = fork();

	if (!pid) {
		close(fds[0]);
		write_all(fds[1]);
		_exit(0);
	}
	close(fds[1]);
	read_all(fds[0]);
	check_eq(wait_child(pid), 0);
}

static void pipe_stream(void)
{
	int fds[2];

	check(!pipe(fds));
	stream(fds);
}

static void socket_stream(void)
{
	int fds[2];

	check(!socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	stream(fds);
}

static void pipe_rules(void)
{
	int fds[2];
	char c;

	check(!pipe2(fds, O_NONBLOCK));
	check(read(fds[0], &c, 1) == -1 && errno == EAGAIN);
	while (write(fds[1], big, 4096) == 4096)
		;
	check_eq(errno, EAGAIN);
	close(fds[0]);
	signal(SIGPIPE, SIG_IGN);
	check(write(fds[1], "x", 1) == -1 && errno == EPIPE);
}

static void socket_datagram(void)
{
	struct sockaddr_un a = { AF_UNIX, "" }, from;
	socklen_t len = sizeof(from);
	int s = socket(AF_UNIX, SOCK_DGRAM, 0);
	int c = socket(AF_UNIX, SOCK_DGRAM, 0);
	char buf[32];

	memcpy(a.sun_path + 1, "guest-test", 10);	/* abstract */
	check(s >= 0 && c >= 0);
	check(!bind(s, (struct sockaddr *)&a, sizeof(a)));
	check(!connect(c, (struct sockaddr *)&a, sizeof(a)));
	check_eq(send(c, "one", 3, 0), 3);
	check_eq(send(c, "three", 5, 0), 5);
	check_eq(recvfrom(s, buf, 32, 0, (struct sockaddr *)&from, &len), 3);
	check_eq(recv(s, buf, 32, MSG_TRUNC), 5);
	check(recv(s, buf, 32, MSG_DONTWAIT) == -1 && errno == EAGAIN);
}

static void pass_descriptor(void)
{
	union {
		struct cmsghdr h;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { { 0 } };
	struct iovec iov = { "f", 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int s[2], fds[2], got;
	char c;

	check(!socketpair(AF_UNIX, SOCK_STREAM, 0, s) && !pipe(fds));
	control.h.cmsg_len = CMSG_LEN(sizeof(int));
	control.h.cmsg_level = SOL_SOCKET;
	control.h.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.h), &fds[1], sizeof(int));
	check_eq(sendmsg(s[0], &msg, 0), 1);
	close(fds[1]);
	memset(&control, 0, sizeof(control));
	iov.iov_base = &c;
	check_eq(recvmsg(s[1], &msg, 0), 1);
	memcpy(&got, CMSG_DATA(&control.h), sizeof(int));
	check_eq(write(got, "z", 1), 1);
	check_eq(read(fds[0], &c, 1), 1);
	check_eq(c, 'z');
}

static void event_counter(void)
{
	int fd = eventfd(3, EFD_NONBLOCK);
	uint64_t v = 4;

	check(fd >= 0);
	check_eq(write(fd, &v, 8), 8);
	check_eq(read(fd, &v, 8), 8);
	check_eq(v, 7);
	check(read(fd, &v, 8) == -1 && errno == EAGAIN);
	v = -1;
	check(write(fd, &v, 8) == -1 && errno == EINVAL);
}

static void epoll_edges(void)
{
	int ep = epoll_create1(0), fd = eventfd(0, EFD_NONBLOCK);
	struct epoll_event ev = { .events = EPOLLIN, .data.u64 = 0x123456789a };
	uint64_t v = 1;

	check(ep >= 0 && !epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	check_eq(epoll_wait(ep, &ev, 1, 0), 0);
	check_eq(write(fd, &v, 8), 8);
	check_eq(epoll_wait(ep, &ev, 1, 1000), 1);
	check_eq(ev.data.u64, 0x123456789a);
	check_eq(epoll_wait(ep, &ev, 1, 0), 1);		/* level */
	ev.events = EPOLLIN | EPOLLET;
	check(!epoll_ctl(ep, EPOLL_CTL_MOD, fd, &ev));
	check_eq(epoll_wait(ep, &ev, 1, 0), 1);
	check_eq(epoll_wait(ep, &ev, 1, 0), 0);		/* edge */
	check(!epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL));
	check_eq(write(fd, &v, 8), 8);
	check_eq(epoll_wait(ep, &ev, 1, 0), 0);
}

static void signal_fd(void)
{
	struct signalfd_siginfo si;
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	check(!sigprocmask(SIG_BLOCK, &set, NULL));
	fd = signalfd(-1, &set, 0);
	check(fd >= 0);
	check(!sigqueue(getpid(), SIGUSR1, (union sigval){ .sival_int = 77 }));
	check_eq(read(fd, &si, sizeof(si)), sizeof(si));
	check_eq(si.ssi_signo, SIGUSR1);
	check_eq(si.ssi_int, 77);
	check_eq(si.ssi_pid, getpid());
}

static void pid_fd(void)
{
	int pid = fork(), fd;
	struct pollfd pfd;

	if (!pid) {
		pause();
		_exit(0);
	}
	fd = syscall(SYS_pidfd_open, pid, 0);
	check(fd >= 0);
	pfd = (struct pollfd){ .fd = fd, .events = POLLIN };
	check_eq(poll(&pfd, 1, 10), 0);
	check(!syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0));
	check_eq(poll(&pfd, 1, 5000), 1);
	check_eq(wait_child(pid), SIGKILL);
}

static void select_wakeup(void)
{
	struct timeval tv = { 10, 0 };
	int fds[2], pid;
	fd_set set;

	check(!pipe(fds));
	pid = fork();
	if (!pid) {
		usleep(50000);
		_exit(write(fds[1], "s", 1) != 1);
	}
	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	check_eq(select(fds[0] + 1, &set, NULL, NULL, &tv), 1);
	check(FD_ISSET(fds[0], &set));
	check_eq(wait_child(pid), 0);
}

/* splice, tee and sendfile move pages instead of bytes */
static void moving_pages(void)
{
	int fd = memfd_create("pages", 0), fds[2], out[2];
	char buf[8192];

	check(fd >= 0 && !pipe(fds) && !pipe(out));
	memset(big, 's', 8192);
	check_eq(write(fd, big, 8192), 8192);
	check_eq(lseek(fd, 0, SEEK_SET), 0);
	check_eq(splice(fd, NULL, fds[1], NULL, 8192, 0), 8192);
	check_eq(tee(fds[0], out[1], 8192, 0), 8192);
	check_eq(read(fds[0], buf, 8192), 8192);
	check(!memcmp(buf, big, 8192));
	memset(buf, 0, 8192);
	check_eq(read(out[0], buf, 8192), 8192);
	check(!memcmp(buf, big, 8192));
	check_eq(lseek(fd, 0, SEEK_SET), 0);
	check_eq(sendfile(out[1], fd, NULL, 4096), 4096);
}

/* Two processes wake each other: no wakeup is lost on idle */
static void ping_pong(void)
{
	int to[2], from[2], i, n = tap_loops(2000);
	char c = 0;

	check(!pipe(to) && !pipe(from));
	if (!fork()) {
		close(to[1]);
		while (read(to[0], &c, 1) == 1)
			check_eq(write(from[1], &c, 1), 1);
		_exit(0);
	}
	for (i = 0; i < n; i++) {
		c = i;
		check_eq(write(to[1], &c, 1), 1);
		check_eq(read(from[0], &c, 1), 1);
		check_eq(c, (char)i);
	}
	close(to[1]);
	check_eq(wait_child(-1), 0);
}

static const struct tap_case cases[] = {
	{ "pipe_stream", pipe_stream },
	{ "socket_stream", socket_stream },
	{ "pipe_rules", pipe_rules },
	{ "socket_datagram", socket_datagram },
	{ "pass_descriptor", pass_descriptor },
	{ "event_counter", event_counter },
	{ "epoll_edges", epoll_edges },
	{ "signal_fd", signal_fd },
	{ "pid_fd", pid_fd },
	{ "select_wakeup", select_wakeup },
	{ "moving_pages", moving_pages },
	{ "ping_pong", ping_pong },
};

TAP_SUITE(ipc, cases);
