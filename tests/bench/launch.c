// SPDX-License-Identifier: GPL-2.0
/*
 * Starts guests and measures them from outside; init.c is their first process.
 *
 *   launch COUNT PROGRAM [ARGUMENT]...
 *
 * With COUNT 1 it prints, as bench does, "NAME NUMBER":
 *   boot		ns from exec of the program to the first word of init
 *   boot-exits		what KVM counted until then, if it is the only guest
 *   memory-own		kB that are the process's, half-way through the idle time,
 *			without the guest's memory
 *   memory-guest	kB of the guest's memory that are there
 *   teardown		ns from the last word of init to the end of the process
 * With more, "boot-COUNT": ns until the last of them has said its first word.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "launch.h"
#include "util.h"

#define MAX_GUESTS	64
#define TIMEOUT_S	120
#define KVM_EXITS	"/sys/kernel/debug/kvm/exits"

/* No part of a program is as large, and no guest's memory is smaller */
#define GUEST_KB	(32 << 10)

struct guest {
	pid_t pid;
	int out;
	size_t len;
	char text[4096];
};

static struct guest guests[MAX_GUESTS];

static void start(struct guest *guest, char **command)
{
	int fd[2];

	must(!pipe(fd), "pipe");
	guest->pid = fork();
	must(guest->pid >= 0, "fork");
	if (!guest->pid) {
		dup2(fd[1], 1);
		close(fd[0]);
		close(fd[1]);
		execvp(command[0], command);
		must(0, command[0]);
	}
	close(fd[1]);
	guest->out = fd[0];
}

/* Until the guest has said @text */
static void listen_for(struct guest *guest, const char *text)
{
	struct pollfd ready = { .fd = guest->out, .events = POLLIN };
	ssize_t n;

	while (!strstr(guest->text, text)) {
		n = -1;
		if (poll(&ready, 1, TIMEOUT_S * 1000) == 1)
			n = read(guest->out, guest->text + guest->len,
				 sizeof(guest->text) - 1 - guest->len);
		if (n <= 0) {
			fprintf(stderr, "no '%s', but: %s\n", text, guest->text);
			exit(1);
		}
		guest->len += n;
	}
}

static void print_exits(void)
{
	FILE *file = fopen(KVM_EXITS, "r");
	unsigned long exits;

	if (!file)
		return;
	if (fscanf(file, "%lu", &exits) == 1 && exits)
		printf("boot-exits %lu\n", exits);
	fclose(file);
}

static void print_memory(pid_t pid)
{
	unsigned long from, to, pss, own = 0, guests_own = 0;
	char path[32], line[512];
	FILE *file;
	int large = 0;

	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	file = fopen(path, "r");
	must(!!file, path);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			large = (to - from) >> 10 >= GUEST_KB;
		else if (sscanf(line, "Pss: %lu kB", &pss) == 1)
			*(large ? &guests_own : &own) += pss;
	}
	fclose(file);
	printf("memory-own %lu\nmemory-guest %lu\n", own, guests_own);
}

static void finish(struct guest *guest)
{
	int status;

	must(waitpid(guest->pid, &status, 0) == guest->pid, "waitpid");
	if (status) {
		fprintf(stderr, "status %#x\n", status);
		exit(1);
	}
}

static void one(char **command)
{
	double begin = now_ns();

	start(guests, command);
	listen_for(guests, SAYS_HELLO);
	printf("boot %.0f\n", now_ns() - begin);
	print_exits();
	usleep(IDLE_MS * 1000 / 2);
	print_memory(guests->pid);
	listen_for(guests, SAYS_BYE);
	begin = now_ns();
	finish(guests);
	printf("teardown %.0f\n", now_ns() - begin);
}

static void many(int count, char **command)
{
	double begin = now_ns();
	int i;

	for (i = 0; i < count; i++)
		start(guests + i, command);
	for (i = 0; i < count; i++)
		listen_for(guests + i, SAYS_HELLO);
	printf("boot-%d %.0f\n", count, now_ns() - begin);
	for (i = 0; i < count; i++)
		finish(guests + i);
}

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[1]) : 0;

	if (count < 1 || count > MAX_GUESTS) {
		fprintf(stderr, "usage: launch COUNT PROGRAM [ARGUMENT]...\n");
		return 1;
	}
	if (count == 1)
		one(argv + 2);
	else
		many(count, argv + 2);
	return 0;
}
