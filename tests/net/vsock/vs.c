// SPDX-License-Identifier: GPL-2.0
/*
 * Vsock as any program uses it: "serve PORT" sends what one connection brings
 * back to it; "send CID PORT" sends standard input and prints what comes back;
 * "junk CID PORT" sends standard input, in one piece, and waits for the end.
 * "tty PROGRAM..." runs a program on a terminal, which has another size as soon as
 * the program has printed the first one.
 */
#include <linux/vm_sockets.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int die(const char *what)
{
	perror(what);
	exit(1);
}

static void write_all(int fd, const char *bytes, ssize_t len)
{
	while (len > 0) {
		ssize_t done = write(fd, bytes, len);

		if (done <= 0)
			die("write");
		bytes += done;
		len -= done;
	}
}

static int make_socket(struct sockaddr_vm *name, const char *cid,
		       const char *port)
{
	int fd = socket(AF_VSOCK, SOCK_STREAM, 0);

	*name = (struct sockaddr_vm){
		.svm_family = AF_VSOCK,
		.svm_cid = cid ? strtoul(cid, NULL, 10) : VMADDR_CID_ANY,
		.svm_port = atoi(port),
	};
	return fd < 0 ? die("socket") : fd;
}

static int serve(const char *port)
{
	struct sockaddr_vm name;
	int fd = make_socket(&name, NULL, port);
	static char bytes[65536];
	ssize_t got;

	if (bind(fd, (struct sockaddr *)&name, sizeof(name)) || listen(fd, 1))
		die("listen");
	puts("listens");
	fflush(stdout);
	fd = accept(fd, NULL, NULL);
	while ((got = read(fd, bytes, sizeof(bytes))) > 0)
		write_all(fd, bytes, got);
	return got < 0;
}

static int open_to(const char *cid, const char *port)
{
	struct sockaddr_vm name;
	int fd = make_socket(&name, cid, port);

	if (connect(fd, (struct sockaddr *)&name, sizeof(name)))
		die("connect");
	return fd;
}

static int send_input(int fd)
{
	static char bytes[65536];
	ssize_t got, back;

	while ((got = read(0, bytes, sizeof(bytes))) > 0) {
		write_all(fd, bytes, got);
		while (got > 0) {
			back = read(fd, bytes, sizeof(bytes));
			if (back <= 0)
				die("the other end");
			write_all(1, bytes, back);
			got -= back;
		}
	}
	return 0;
}

static int send_junk(int fd)
{
	static char bytes[65536];
	ssize_t got = read(0, bytes, sizeof(bytes));
	struct pollfd end = { .fd = fd, .events = POLLIN };

	if (got > 0 && send(fd, bytes, got, MSG_NOSIGNAL) < 0)
		return 0;
	return poll(&end, 1, 10000) != 1 || read(fd, bytes, sizeof(bytes)) > 0;
}

static int in_terminal(char **words)
{
	struct winsize first = { 33, 99, 0, 0 }, second = { 44, 55, 0, 0 };
	static char text[65536];
	size_t len = 0;
	ssize_t got;
	struct termios mode;
	int fd, status;
	pid_t pid = forkpty(&fd, NULL, NULL, &first);

	if (!pid) {
		execv(words[0], words);
		_exit(127);
	}
	while ((got = read(fd, text + len, sizeof(text) - 1 - len)) > 0) {
		write_all(1, text + len, got);
		len += got;
		if (strstr(text, "33 99"))
			ioctl(fd, TIOCSWINSZ, &second);
	}
	waitpid(pid, &status, 0);
	tcgetattr(fd, &mode);
	printf("terminal: status %d, %s\n", WEXITSTATUS(status),
	       mode.c_lflag & ICANON ? "cooked" : "raw");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "serve"))
		return serve(argv[2]);
	if (argc == 4 && !strcmp(argv[1], "send"))
		return send_input(open_to(argv[2], argv[3]));
	if (argc == 4 && !strcmp(argv[1], "junk"))
		return send_junk(open_to(argv[2], argv[3]));
	if (argc > 2 && !strcmp(argv[1], "tty"))
		return in_terminal(argv + 2);
	fprintf(stderr, "usage: vs serve PORT | send CID PORT | junk CID PORT | tty PROGRAM...\n");
	return 2;
}
