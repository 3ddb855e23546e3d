// SPDX-License-Identifier: GPL-2.0
/*
 * A client of the shim's debugger port that behaves as it is told, step by
 * step.  rsp SOCKET STEP...:
 *
 *	+PACKET	sends it and prints the reply, at most 60 characters of it
 *	>BYTES	sends these bytes as they are
 *	^C	sends Ctrl-C
 *	stop	waits for a packet and prints it
 *	end	the other side has to close the connection
 *	flood	asks for all registers 5,000 times, and reads no answer
 *	idle	does nothing for 10 seconds
 *
 * Ends with 0 if each step was done, within 60 seconds in all.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int fd;

static void say(const void *text, size_t len)
{
	if (write(fd, text, len) != (ssize_t)len)
		_exit(2);
}

static char next(void)
{
	char byte;

	if (read(fd, &byte, 1) != 1)
		_exit(3);
	return byte;
}

/* Acknowledgements come first, if there are any. */
static void print_packet(void)
{
	unsigned int shown = 0;
	char byte;

	while (next() != '$')
		continue;
	for (byte = next(); byte != '#'; byte = next()) {
		if (shown++ < 60)
			putchar(byte);
	}
	next();
	next();
	putchar('\n');
	fflush(stdout);
	if (write(fd, "+", 1) < 0)
		return;
}

static void send_packet(const char *text)
{
	unsigned char sum = 0;
	char packet[256];
	size_t i;

	for (i = 0; text[i]; i++)
		sum += text[i];
	snprintf(packet, sizeof(packet), "$%s#%02x", text, sum);
	say(packet, strlen(packet));
}

/* The other side may have had enough before the last. */
static void flood(void)
{
	int i;

	for (i = 0; i < 5000; i++) {
		if (send(fd, "$g#67", 5, MSG_DONTWAIT) < 0)
			return;
	}
}

static void step(const char *what)
{
	char byte;

	if (*what == '+') {
		send_packet(what + 1);
		print_packet();
	} else if (*what == '>') {
		say(what + 1, strlen(what + 1));
	} else if (!strcmp(what, "^C")) {
		say("\003", 1);
	} else if (!strcmp(what, "stop")) {
		print_packet();
	} else if (!strcmp(what, "flood")) {
		flood();
	} else if (!strcmp(what, "idle")) {
		sleep(10);
	} else if (!strcmp(what, "end")) {
		if (read(fd, &byte, 1) > 0)
			_exit(4);
	} else {
		_exit(5);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int i;

	alarm(60);
	/* the acknowledgement of a last packet may find nobody */
	signal(SIGPIPE, SIG_IGN);
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", argv[1]);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (connect(fd, (void *)&addr, sizeof(addr))) {
		perror(argv[1]);
		return 1;
	}
	for (i = 2; i < argc; i++)
		step(argv[i]);
	return 0;
}
