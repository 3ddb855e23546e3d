/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "linux run": what the shim tells rootfs/run-init.c, which is in the same file
 * as the shim, about the command.  It is the file RUN_INFO of the initramfs: this
 * struct, the groups, then strings with their zeros: the directory, the words
 * of the command, the environment.
 */
#ifndef HOST_RUN_H
#define HOST_RUN_H

#include <linux/types.h>
#include <stdbool.h>

#define RUN_INFO	"run-info"
#define RUN_TAG		"root"		/* of the directory to be the root */

#define RUN_RW		(1U << 0)	/* no overlay */
#define RUN_TERMINAL	(1U << 1)	/* hvc0 is its terminal */
#define RUN_STDERR	(1U << 2)	/* but standard error is not */
#define RUN_MAPPED	(1U << 3)	/* the caller's files are root's here */

struct run_info {
	__u32 flags;
	__u32 uid;
	__u32 gid;
	__u32 umask;
	__u16 rows;
	__u16 cols;
	__u32 nr_groups;
	__u32 nr_args;
	__u32 nr_env;
};

struct options;

/* The guest is to have the caller's terminal. */
bool run_has_terminal(void);
/* The initramfs, when descriptors 0 to 2 are what they will be. */
void run_prepare(struct options *opts);

#endif /* HOST_RUN_H */
