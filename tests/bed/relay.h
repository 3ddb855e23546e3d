/* SPDX-License-Identifier: GPL-2.0 */
/* The outer half of the test bed: what relay.c, machine.c and pack.c share. */
#ifndef BED_RELAY_H
#define BED_RELAY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "job.h"

/* Exit status beside the program's own */
#define BED_TIMEOUT	124
#define BED_FAILED	125

#define BED_VARIANT_MAX	512

struct options {
	const char *base;	/* directory with kernel and initramfs of L1 */
	const char *state;	/* directory of the saved state */
	const char *log;	/* where L1's console goes, NULL: nowhere */
	const char *job;	/* only write the job there, for the Intel bed */
	const char *follow;	/* only decode the frames that appear there */
	unsigned int smp, mem, timeout;
	bool icount, multi, save;
	const char *file[JOB_FILES_MAX];
	int nr_files;
	char **argv;
	int argc;
};

/* One line on stderr and status BED_FAILED; restores the terminal */
void bed_die(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/*
 * pack.c: writes the job to @fd.  Arguments that name files, whole or after
 * "KEY=", in a list with commas, are shipped.
 */
struct job_env {
	struct job_fds fds;
	uint16_t rows, columns;
};
void pack_job(int fd, const struct options *opt, const struct job_env *env);

/*
 * machine.c: the emulated machine
 * @port:	channel to the agent
 * @qmp:	QEMU's monitor
 * @console:	what L1's console printed
 */
struct machine {
	pid_t pid;
	int port, qmp, console, errors;
};
void machine_start(struct machine *m, const struct options *opt, int disk);

/* Handles what the monitor says; true once a restored machine runs */
bool machine_event(struct machine *m);
void machine_save(struct machine *m);
void machine_kill(struct machine *m);

/* Why the machine ended by itself: a line for bed_die() */
const char *machine_why(struct machine *m);

#endif
