// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-blk (virtio 1.2 section 5.2): takes requests apart, checks them and
 * gives them to disk.c.  A request that is wrong gets an error, one without a
 * byte for its status breaks the queue.  Each is completed once, but for those
 * that a reset of the device meets: it waits for them and drops them.
 *
 * All of it runs with dev.lock held, and only the device thread starts I/O:
 * the host interrupts who started it when it ends, and a vCPU has no use for
 * that.
 */
#include <fcntl.h>
#include <linux/virtio_blk.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "virtio.h"
#include "virtio_blk.h"

#define SEG_MAX		(VIRTQ_CHAIN_MAX - 2)	/* but for header and status */
#define RANGE_MAX	(GIB(2) / SECTOR_LEN)	/* to discard or zero at once */

#define TO_DISK		0xff			/* no status of virtio */

#define BIT_FLUSH	(1ULL << VIRTIO_BLK_F_FLUSH)
#define BIT_DISCARD	(1ULL << VIRTIO_BLK_F_DISCARD)
#define BIT_ZERO	(1ULL << VIRTIO_BLK_F_WRITE_ZEROES)

struct request {
	struct disk_io io;
	struct blk *blk;
	struct request *next_free;
	u8 *status;
	u32 written;
	struct virtq_chain chain;
};

struct blk {
	struct virtio_dev dev;
	struct virtio_ops ops;
	struct disk disk;
	struct event done;
	bool resetting;
	struct request *free;
	struct request requests[DISK_DEPTH];
};

static void put_free(struct request *req)
{
	req->next_free = req->blk->free;
	req->blk->free = req;
}

static void complete(struct request *req, u8 status)
{
	/* At a reset the queue has gone, and nobody waits. */
	if (!req->blk->resetting) {
		*req->status = status;
		virtio_push(&req->blk->dev, 0, req->chain.head, req->written);
	}
	put_free(req);
}

static void on_disk_done(struct disk *disk, struct disk_io *io, int error)
{
	(void)disk;
	complete((struct request *)io,
		 error ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_OK);
}

/* Copies the first @max bytes of the guest's buffers; how long are they all? */
static u64 gather(const struct disk_io *io, void *to, u64 max)
{
	unsigned int i;
	u64 len = 0;

	for (i = 0; i < io->nr_iov; i++) {
		if (len < max)
			copy_once((u8 *)to + len, io->iov[i].iov_base,
				  min_u64(io->iov[i].iov_len, max - len));
		len += io->iov[i].iov_len;
	}
	return len;
}

static bool in_range(const struct blk *blk, u64 sector, u64 len)
{
	u64 capacity = blk->disk.len / SECTOR_LEN;

	return len && len % SECTOR_LEN == 0 && sector < capacity &&
	       len / SECTOR_LEN <= capacity - sector;
}

static u8 read_write(struct request *req, u64 sector)
{
	const struct blk *blk = req->blk;
	struct disk_io *io = &req->io;
	bool writes = io->op == IORING_OP_WRITEV;

	io->offset = sector * SECTOR_LEN;
	io->left = gather(io, NULL, 0);
	if (!in_range(blk, sector, io->left) ||
	    (writes && blk->disk.opts.read_only))
		return VIRTIO_BLK_S_IOERR;
	if (!writes)
		req->written += io->left;
	else if (!(blk->dev.features & BIT_FLUSH))
		io->flags = RWF_DSYNC;
	return TO_DISK;
}

/* One range a request, as the configuration says. */
static u8 discard_or_zero(struct request *req)
{
	struct virtio_blk_discard_write_zeroes range;
	struct disk_io *io = &req->io;

	if (!(req->blk->dev.features & (io->zero ? BIT_ZERO : BIT_DISCARD)))
		return VIRTIO_BLK_S_UNSUPP;
	if (gather(io, &range, sizeof(range)) != sizeof(range))
		return VIRTIO_BLK_S_IOERR;
	if (range.flags > (io->zero ? VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP : 0))
		return VIRTIO_BLK_S_UNSUPP;
	io->flags = FALLOC_FL_KEEP_SIZE |
		    (io->zero && !range.flags ? FALLOC_FL_ZERO_RANGE :
						FALLOC_FL_PUNCH_HOLE);
	io->offset = range.sector * SECTOR_LEN;
	io->left = range.num_sectors * SECTOR_LEN;
	return range.num_sectors <= RANGE_MAX &&
	       in_range(req->blk, range.sector, io->left) ?
	       TO_DISK : VIRTIO_BLK_S_IOERR;
}

static u8 send_id(struct request *req, const struct iovec *to)
{
	const char *id = req->blk->disk.opts.id;
	char text[VIRTIO_BLK_ID_BYTES] = { 0 };
	u32 len = min_u64(to->iov_len, sizeof(text));

	/* As long as the field, it has no zero at its end. */
	memcpy(text, id, min_u64(strlen(id), sizeof(text)));
	memcpy(to->iov_base, text, len);
	req->written += len;
	return VIRTIO_BLK_S_OK;
}

/* The status of a request that ends here, or TO_DISK. */
static u8 translate(struct request *req)
{
	struct virtq_chain *chain = &req->chain;
	struct iovec *in = chain->iov + chain->nr_out;
	struct virtio_blk_outhdr head;
	struct disk_io *io = &req->io;

	*io = (struct disk_io){ .iov = chain->iov, .nr_iov = chain->nr_out };
	if (gather(io, &head, sizeof(head)) < sizeof(head))
		return VIRTIO_BLK_S_IOERR;
	iov_skip(&io->iov, &io->nr_iov, sizeof(head));
	switch (head.type) {
	case VIRTIO_BLK_T_IN:
		io->op = IORING_OP_READV;
		io->iov = in;
		io->nr_iov = chain->nr_in;
		return read_write(req, head.sector);
	case VIRTIO_BLK_T_OUT:
		io->op = IORING_OP_WRITEV;
		return read_write(req, head.sector);
	case VIRTIO_BLK_T_FLUSH:
		io->op = IORING_OP_FSYNC;
		return TO_DISK;
	case VIRTIO_BLK_T_DISCARD:
	case VIRTIO_BLK_T_WRITE_ZEROES:
		io->op = IORING_OP_FALLOCATE;
		io->zero = head.type == VIRTIO_BLK_T_WRITE_ZEROES;
		return discard_or_zero(req);
	case VIRTIO_BLK_T_GET_ID:
		return send_id(req, in);
	default:
		return VIRTIO_BLK_S_UNSUPP;
	}
}

static void handle(struct request *req)
{
	struct virtq_chain *chain = &req->chain;
	struct iovec *last = &chain->iov[chain->nr_out + chain->nr_in - 1];
	u8 status;

	if (!chain->nr_in || !last->iov_len) {
		put_free(req);
		virtio_break(&req->blk->dev, 0, "a request without a status byte");
		return;
	}
	/* The last byte of all, whatever comes before it. */
	req->status = (u8 *)last->iov_base + --last->iov_len;
	req->written = 1;
	status = translate(req);
	if (status == TO_DISK)
		disk_start(&req->blk->disk, &req->io);
	else
		complete(req, status);
}

/* All that the queue holds, in one system call of the host. */
static void pump(struct blk *blk)
{
	struct request *req;

	/* With none free, the next one that ends comes here again. */
	while ((req = blk->free) && virtio_take(&blk->dev, 0, &req->chain)) {
		blk->free = req->next_free;
		handle(req);
	}
	disk_submit(&blk->disk);
	virtio_flush(&blk->dev, 0);
}

static void on_done(struct event *event)
{
	struct blk *blk = event->owner;
	u64 count;

	if (read(event->fd, &count, sizeof(count)) < 0)
		return;
	pthread_mutex_lock(&blk->dev.lock);
	disk_reap(&blk->disk);
	pump(blk);
	pthread_mutex_unlock(&blk->dev.lock);
}

static void blk_kick(struct virtio_dev *dev, unsigned int queue)
{
	(void)queue;
	pump((struct blk *)dev);
}

/* The driver may have filled its queue already. */
static void blk_start(struct virtio_dev *dev)
{
	event_signal(dev->queues[0].doorbell.fd);
}

static void blk_reset(struct virtio_dev *dev)
{
	struct blk *blk = (struct blk *)dev;

	blk->resetting = true;
	disk_drain(&blk->disk);
	blk->resetting = false;
}

static void describe(struct blk *blk)
{
	const struct disk *disk = &blk->disk;
	const struct virtio_blk_config config = {
		.capacity = disk->len / SECTOR_LEN,
		.seg_max = SEG_MAX,
		.blk_size = disk->block_len,
		.max_discard_sectors = RANGE_MAX,
		.max_discard_seg = 1,
		.discard_sector_alignment = disk->block_len / SECTOR_LEN,
		.max_write_zeroes_sectors = RANGE_MAX,
		.max_write_zeroes_seg = 1,
		.write_zeroes_may_unmap = !disk->opts.no_trim,
	};

	memcpy(blk->dev.config, &config, sizeof(config));
	blk->ops = (struct virtio_ops){
		.name = disk->opts.name,
		.id = VIRTIO_ID_BLOCK,
		.nr_queues = 1,
		.queue_max = DISK_DEPTH,
		.features = 1ULL << VIRTIO_BLK_F_SEG_MAX |
			    1ULL << VIRTIO_BLK_F_BLK_SIZE | BIT_FLUSH,
		.config_len = sizeof(config),
		.start = blk_start,
		.reset = blk_reset,
		.kick = blk_kick,
	};
	if (disk->opts.read_only)
		blk->ops.features |= 1ULL << VIRTIO_BLK_F_RO;
	else
		blk->ops.features |= BIT_ZERO |
				     (disk->opts.no_trim ? 0 : BIT_DISCARD);
}

void virtio_blk_add(struct vm *vm, const struct disk_options *opts)
{
	struct blk *blk = calloc(1, sizeof(*blk));
	unsigned int i;

	if (!blk)
		die("disk %s: out of memory", opts->name);
	blk->disk.done_fd = event_new_fd();
	blk->disk.done = on_disk_done;
	disk_open(&blk->disk, opts);
	describe(blk);
	for (i = 0; i < DISK_DEPTH; i++) {
		blk->requests[i].blk = blk;
		put_free(&blk->requests[i]);
	}
	blk->done.fd = blk->disk.done_fd;
	blk->done.events = POLLIN;
	blk->done.fn = on_done;
	blk->done.owner = blk;
	event_add(&blk->done);
	virtio_add(vm, &blk->dev, &blk->ops);
}
