/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A job: what the relay asks the agent to run, as the first JOB_SIZE bytes of
 * a disk.  The contents of the files to make before follow, each at a multiple
 * of JOB_ALIGN, which suits O_DIRECT: L1 may hold stale pages of the disk that
 * it had when its state was saved.
 *
 * The drive is L1's second disk: whatever file the relay was given.  When the
 * state is saved it is empty, so L1 has to look at it again.
 *
 * @strings holds NUL-terminated texts in this order: working directory, $TERM,
 * the argc arguments, then the name of each file (absolute).
 */
#ifndef BED_JOB_H
#define BED_JOB_H

#include <stdint.h>

#define JOB_MAGIC	"BEDJOB2"
#define JOB_ALIGN	4096u
#define JOB_SIZE	262144u
#define JOB_DISK	(4ull << 30)	/* what L1 believes its disk holds */
#define JOB_FILES_MAX	512
#define JOB_ARGS_MAX	1024

/* Bit n of each: standard descriptor n of the program */
struct job_fds {
	uint8_t tty;		/* is the terminal, otherwise a pipe */
	uint8_t closed;		/* is not open at all */
	uint8_t file;		/* is JOB_INPUT; only standard input can be */
};

#define JOB_INPUT	"/tmp/.stdin"

struct job_file {
	uint64_t offset;
	uint64_t size;
	uint32_t mode;		/* as st_mode; a block device stands for the drive */
	uint32_t reserved;
};

struct job {
	char magic[8];
	struct job_fds fds;
	uint8_t one_way;	/* as link.h has it */
	uint16_t rows, columns;
	uint16_t argc;
	uint16_t reserved;
	uint32_t nr_files;
	uint32_t strings_len;
	int64_t time;		/* seconds since the epoch, 0: keep L1's own */
	uint8_t seed[32];	/* a restored L1 would repeat its random numbers */
	struct job_file file[JOB_FILES_MAX];
	char strings[];
};

#endif
