// SPDX-License-Identifier: GPL-2.0
/*
 * Copy-on-write disks: what the guest writes goes into a qcow2 image, all else
 * is read from a backing file, which is never written.  qemu-storage-daemon
 * serves them as vhost-user-blk, and locks both files.
 *
 * No format is ever guessed: a guest could have written anything into a raw
 * image, a header with the name of a file of ours too.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/virtio_blk.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "die.h"
#include "vhost_user.h"
#include "virtio_cow.h"

#define PACKAGE		"qemu-utils, in Debian 12 also qemu-system-common"
#define QUEUES_MAX	4	/* see VM_ROUTES */
#define QUEUE_MAX	128
#define QCOW_MAGIC	0x514649fb	/* "QFI\xfb" */
#define BIT(feature)	(1ULL << VIRTIO_BLK_F_##feature)

/* How a qcow2 image begins (docs/interop/qcow2.txt of QEMU), big endian. */
struct qcow_header {
	__be32 magic;
	__be32 version;
	__be64 backing_offset;
	__be32 backing_len;
};

/* Any error: the status is the last byte of all. */
static u32 refuse(struct virtio_dev *dev, unsigned int queue,
		  const struct virtq_chain *chain)
{
	const struct iovec *last = &chain->iov[chain->nr_out + chain->nr_in - 1];

	(void)dev;
	(void)queue;
	if (!chain->nr_in || !last->iov_len)
		return 0;
	((u8 *)last->iov_base)[last->iov_len - 1] = VIRTIO_BLK_S_IOERR;
	return 1;
}

static const char *format_of(const char *path)
{
	const char *end = strrchr(path, '.');

	return end && !strcmp(end, ".qcow2") ? "qcow2" : "raw";
}

static void create(const struct disk_options *opts)
{
	char *words[11] = {
		"qemu-img", "create", "-q", "-f", "qcow2", "-F",
		(char *)format_of(opts->backing), "-b",
		realpath(opts->backing, NULL), (char *)opts->path,
	};
	struct child child;
	char label[32];

	snprintf(label, sizeof(label), "disk %s: qemu-img", opts->name);
	child_start(&child, words, open("/dev/null", O_RDONLY | O_CLOEXEC),
		    label, PACKAGE);
	if (child_wait(&child))
		die("%s: %s", label, child.why);
}

/* The header's word against the user's; a name there is relative to the image. */
static bool has_backing(int fd, const struct disk_options *opts,
			char name[PATH_MAX])
{
	const char *slash = strrchr(opts->path, '/');
	char path[2 * PATH_MAX];
	struct qcow_header head;
	struct stat st, wanted;
	u32 len;

	*name = '\0';
	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    be32toh(head.magic) != QCOW_MAGIC)
		die("disk %s: %s: not a qcow2 image; name a new file, or convert it with qemu-img(1)",
		    opts->name, opts->path);
	len = min_u64(be32toh(head.backing_len), PATH_MAX - 1);
	if (pread(fd, name, len, be64toh(head.backing_offset)) != len)
		len = 0;
	name[len] = '\0';
	snprintf(path, sizeof(path), "%.*s%s",
		 *name != '/' && slash ? (int)(slash + 1 - opts->path) : 0,
		 opts->path, name);
	return !stat(path, &st) && !stat(opts->backing, &wanted) &&
	       st.st_dev == wanted.st_dev && st.st_ino == wanted.st_ino;
}

static void check_images(const struct disk_options *opts)
{
	const int flags = (opts->read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC;
	char name[PATH_MAX];
	int fd;

	if (access(opts->backing, R_OK))
		die_errno("cannot open disk %s: backing file %s", opts->name,
			  opts->backing);
	if (access(opts->path, F_OK))
		create(opts);
	fd = open(opts->path, flags | O_NONBLOCK);
	if (fd < 0)
		die_errno("cannot open disk %s: %s", opts->name, opts->path);
	if (!has_backing(fd, opts, name))
		die("disk %s: %s lies over %s, not over %s; see qemu-img(1), rebase",
		    opts->name, opts->path, *name ? name : "nothing",
		    opts->backing);
	close(fd);
}

static const char *driver_of(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISBLK(st.st_mode) ? "host_device" : "file";
}

/* There is no comma in the names: it would have ended them. */
static char **server_words(const struct disk_options *opts, unsigned int queues)
{
	static char *words[8] = {
		"qemu-storage-daemon", "--blockdev", NULL, "--blockdev", NULL,
		"--export",
	};
	const char *file = opts->shared ? "file.locking=off," : "";
	const char *cache = opts->direct ? "on" : "off";

	if (asprintf(&words[2],
		     "driver=%s,node-name=base,read-only=on,cache.direct=%s,%sfile.driver=%s,file.filename=%s",
		     format_of(opts->backing), cache, file,
		     driver_of(opts->backing), opts->backing) < 0 ||
	    asprintf(&words[4],
		     "driver=qcow2,node-name=disk,read-only=%s,cache.direct=%s,discard=%s,backing=base,%sfile.driver=%s,file.filename=%s",
		     opts->read_only ? "on" : "off", cache,
		     opts->no_trim ? "ignore" : "unmap", file,
		     driver_of(opts->path), opts->path) < 0 ||
	    asprintf(&words[6],
		     "vhost-user-blk,id=disk,node-name=disk,writable=%s,writethrough=%s,num-queues=%u,addr.type=fd,addr.str=%d",
		     opts->read_only ? "off" : "on",
		     opts->sync ? "on" : "off", queues, CHILD_FD) < 0)
		die("disk %s: out of memory", opts->name);
	return words;
}

void virtio_cow_add(struct vm *vm, const struct disk_options *opts)
{
	struct vhost_user *vu = calloc(1, sizeof(*vu));
	unsigned int queues = min_u64(vm->nr_cpus, QUEUES_MAX);

	if (!vu || asprintf(&vu->label, "disk %s: qemu-storage-daemon",
			    opts->name) < 0)
		die("disk %s: out of memory", opts->name);
	if (opts->id != opts->name)
		warn("disk %s: qemu-storage-daemon gives no disk a serial number",
		     opts->name);
	check_images(opts);
	vu->ops = (struct virtio_ops){
		.name = opts->name,
		.id = VIRTIO_ID_BLOCK,
		.nr_queues = queues,
		.queue_max = QUEUE_MAX,
		.features = BIT(SEG_MAX) | BIT(BLK_SIZE) | BIT(FLUSH) |
			    BIT(MQ) | (opts->read_only ? BIT(RO) : 0),
		.config_len = offsetof(struct virtio_blk_config,
				       max_secure_erase_sectors),
	};
	vu->optional = BIT(TOPOLOGY) | BIT(WRITE_ZEROES) |
		       (opts->no_trim ? 0 : BIT(DISCARD));
	vu->has_config = true;
	vu->inflight = inflight_create(queues, &vu->inflight_fd);
	vu->refuse = refuse;
	vhost_user_add(vm, vu, server_words(opts, queues), PACKAGE);
}
