/* SPDX-License-Identifier: GPL-2.0 */
/* The outer half of the test bed: what its files share. */
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
	char *scratch;		/* directory of this run of the Intel bed */
	const char *log;	/* where L1's console goes, NULL: nowhere */
	const char *drive;	/* a file that is a disk of L1, NULL: none */
	unsigned int smp, mem, timeout;
	bool icount, intel, save, turns;
	const char *file[JOB_FILES_MAX];
	int nr_files;
	char **argv;
	int argc;
};

/* options.c */
void options_parse(struct options *o, int argc, char **argv);

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
 * An emulated machine
 * @port:	channel to the agent
 * @alive:	a pidfd, readable when the emulator has ended
 * @console:	what L1's console printed
 * @errors:	what the emulator itself printed
 * @qmp:	QEMU's monitor
 * @screen:	the terminals that Bochs writes to, -1 for QEMU
 */
struct machine {
	pid_t pid;
	int port, alive, console, errors;
	int qmp, screen[2];
};

/* machine.c: QEMU, and what is the same for both */
void machine_start(struct machine *m, const struct options *opt, int disk);

/* Handles what the monitor says; true once a restored machine runs */
bool machine_event(struct machine *m);
void machine_save(struct machine *m);
void machine_kill(struct machine *m);

/* Why the machine ended by itself: a line for bed_die() */
const char *machine_why(struct machine *m);

/* Helpers: a file without a name; a new process that dies with this one */
int machine_scratch(const char *name);
pid_t machine_fork(struct machine *m);

/*
 * bochs.c: the Intel bed.  Bochs wants its disk to be a file with a name: it
 * is in a directory that lives as long as the run, as are the logs.
 */
int bochs_disk(struct options *opt);
void bochs_start(struct machine *m, const struct options *opt);

/* Throws away what Bochs shows on its screens, before that blocks Bochs */
void bochs_drain(struct machine *m);
void bochs_clean(const struct options *opt);

#endif
