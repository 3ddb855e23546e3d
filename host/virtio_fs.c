// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-fs (virtio 1.2 section 5.11): a directory of the host, served by
 * virtiofsd.  There are two programs of this name, QEMU's up to 7.2 and its
 * successor; the words used here are understood by both.  What is missing is
 * put in front of them: to be read-only by means of the host's kernel; without
 * root, a user namespace in which the user is root.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "vhost_user.h"
#include "virtio_fs.h"

#define QUEUE_MAX	128
#define WORDS_MAX	16

enum { HIPRIO, REQUESTS, NR_QUEUES };

/*
 * A shell, which has these words as $0, $1 and so on.  "/" is a mount already, and
 * without root the ones below it do not let it be mounted again without them.
 */
static const char *const read_only[] = {
	"sh", "-c",
	"{ [ \"$0\" = / ] || mount --bind \"$0\" \"$0\"; } && mount -o remount,bind,ro \"$0\" && exec \"$@\"",
};

/* QEMU's wants to drop other groups: that takes more IDs than the user's own. */
static char **fs_words(const char *path, bool ro, const char *program)
{
	static const char *words[WORDS_MAX];
	static char source[sizeof("source=,sandbox=chroot") + PATH_MAX];
	const bool no_root = geteuid();
	unsigned int nr = 0;

	if (no_root || ro)
		words[nr++] = "unshare";
	if (no_root)
		words[nr++] = "--map-root-user";
	if (no_root && strstr(program, "/qemu/") && getgroups(0, NULL) > 0)
		words[nr++] = "--map-auto";
	if (ro) {
		words[nr++] = "--mount";
		memcpy(words + nr, read_only, sizeof(read_only));
		nr += ARRAY_SIZE(read_only);
		words[nr++] = path;
	}
	/* Its own sandbox begins with pivot_root(), which cannot leave "/". */
	snprintf(source, sizeof(source), "source=%s%s", path,
		 path[1] ? "" : ",sandbox=chroot");
	words[nr++] = program;
	words[nr++] = "--fd=3";
	words[nr++] = "-o";
	words[nr++] = source;
	words[nr] = NULL;
	return (char **)words;
}

/* "Transport endpoint is not connected", as from each server that FUSE loses. */
static u32 refuse(struct virtio_dev *dev, unsigned int queue,
		  const struct virtq_chain *chain)
{
	struct fuse_out_header out = { .len = sizeof(out), .error = -ENOTCONN };
	struct fuse_in_header in;

	(void)dev;
	(void)queue;
	if (!chain->nr_out || chain->iov->iov_len < sizeof(in))
		return 0;
	copy_once(&in, chain->iov->iov_base, sizeof(in));
	out.unique = in.unique;
	return virtq_fill(chain, 0, &out, sizeof(out));
}

/* Most hosts do not have it in $PATH. */
static const char *find_program(const char *label)
{
	static char file[PATH_MAX];
	const char *dir;
	char *dirs;

	if (asprintf(&dirs, "%s:/usr/libexec:/usr/lib:/usr/lib/qemu",
		     getenv("PATH") ?: "") < 0)
		die_errno("%s", label);
	while ((dir = strsep(&dirs, ":"))) {
		snprintf(file, sizeof(file), "%s/virtiofsd", dir);
		if (!access(file, X_OK))
			return file;
	}
	die("%s is not installed: apt-get install virtiofsd, in Debian 12 qemu-system-common",
	    label);
}

void virtio_fs_add(struct vm *vm, const struct dir_options *opts)
{
	struct virtio_fs_config config = { .num_request_queues = 1 };
	struct vhost_user *vu = calloc(1, sizeof(*vu));
	const char *path = realpath(opts->path, NULL);
	char **words;
	int fd = path ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd < 0)
		die_errno("--dir %s: cannot share %s", opts->tag, opts->path);
	close(fd);
	if (strpbrk(path, ",\\"))
		die("--dir %s: cannot share %s: virtiofsd takes no name with a comma or backslash",
		    opts->tag, path);
	if (!vu || asprintf(&vu->label, "--dir %s: virtiofsd", opts->tag) < 0)
		die_errno("--dir %s", opts->tag);
	vu->ops = (struct virtio_ops){
		.name = "fs",
		.id = VIRTIO_ID_FS,
		.nr_queues = NR_QUEUES,
		.queue_max = QUEUE_MAX,
		.config_len = sizeof(config),
	};
	vu->refuse = refuse;
	memcpy(config.tag, opts->tag, strlen(opts->tag));
	memcpy(vu->dev.config, &config, sizeof(config));
	words = fs_words(path, opts->read_only, find_program(vu->label));
	vhost_user_add(vm, vu, words, "util-linux");
}
