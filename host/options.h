/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_OPTIONS_H
#define HOST_OPTIONS_H

#include <asm/umkvm.h>

#include "disk.h"
#include "frame.h"
#include "gdb.h"
#include "net.h"
#include "port.h"
#include "util.h"
#include "virtio_fs.h"

#define DISKS_MAX	16

enum action { ACTION_RUN, ACTION_HELP, ACTION_VERSION, ACTION_PROBE };

/* The whole command line, understood and checked. */
struct options {
	enum action action;
	u64 mem_len;
	unsigned int nr_cpus;
	u32 hidden_kvm;			/* bits of KVM_CPUID_FEATURES */
	u32 watchdog;			/* seconds, 0: none */
	const char *kernel;		/* NULL: the built-in one */
	char *initrd;			/* FILE[,FILE...] or NULL */
	struct disk_options disks[DISKS_MAX];	/* by UML's numbers */
	const char *root;		/* /dev/ubd..., or NULL */
	unsigned int nr_nets;
	struct net_spec nets[NETS_MAX];
	unsigned int nr_dirs;
	struct dir_options dirs[DIRS_MAX];
	const char *umid;
	const char *dump;		/* a file, or NULL */
	const char *uml_dir;		/* NULL: ~/.uml */
	u32 vsock_cid;			/* 0: no vsock */
	char shell_key[sizeof(SHELL_KEY_WORD) + SHELL_KEY_LEN];	/* the whole word */
	struct port_spec ports[PORT_SPECS];
	struct gdb_options gdb;
	bool is_run;			/* "linux run", see run.c */
	bool run_rw;
	char *run_root;			/* NULL: / */
	char **command;			/* up to a NULL */
	bool noreboot;
	bool balloon;
	bool stats;
	bool verbose;
	char cmdline[UMKVM_CMDLINE_SIZE];
};

/* @argv as main() gets it; a mistake ends the process in one line. */
void options_parse(struct options *opts, int argc, char **argv);
void options_print_help(void);
void options_print_version(void);

/* options_disk.c: "ubd0=FILE" and its like (false: another word), --disk. */
bool options_ubd(struct options *opts, char *word);
void options_disk(struct options *opts, char *value);
/*
 * The kernel's word for UML's "/dev/ubda1", when all disks are known.  True: it
 * is a directory.
 */
bool options_root(const struct options *opts, const char *root, char *to,
		  size_t len);

/* options_cmdline.c: a word for the kernel; what follows @start in one of ours. */
void options_append(struct options *opts, const char *word);
char *options_find_word(int argc, char **argv, const char *start);
/* root= and its like, when all is known; the key of "linux shell". */
void options_append_root(struct options *opts, int argc, char **argv);
void options_append_key(struct options *opts);

/* options_gdb.c: --gdb. */
void options_gdb(struct options *opts, char *value);

/* options_dir.c: --dir, "hostfs=DIR"; "rootfstype=hostfs", with its rootflags. */
void options_dir(struct options *opts, char *value);
void options_hostfs(struct options *opts, char *value);
void options_hostfs_root(struct options *opts, char *path);
void options_add_dir(struct options *opts, const char *tag, char *path,
		     bool read_only);
const struct dir_options *options_find_dir(const struct options *opts,
					   const char *tag);

/*
 * options_run.c: first what "linux run" changes, which further words may change
 * back, in the end what follows "--" up to a NULL, or NULL if nothing does.
 */
void options_run(struct options *opts);
void options_run_rw(struct options *opts, char *value);
void options_run_root(struct options *opts, char *value);
void options_run_command(struct options *opts, char **command);

#endif /* HOST_OPTIONS_H */
