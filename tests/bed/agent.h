/* SPDX-License-Identifier: GPL-2.0 */
/* What agent.c and unpack.c, the two parts of L1's agent, owe each other. */
#ifndef BED_AGENT_H
#define BED_AGENT_H

#include "job.h"

/* Tells the relay, which ends the machine; does not return */
void agent_die(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* Reads the job from the disk, sets clock and random seed, makes its files */
struct job *job_read(const char *disk);
const char *job_cwd(const struct job *job);

/* Fills @args, of JOB_ARGS_MAX + 1 entries */
void job_args(struct job *job, char **args);

#endif
