// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-blk on any guest memory: the input is the queue's place and features,
 * then the memory itself, then the image.  Nothing outside of RAM and of the
 * image may be touched, no request may end twice, and every call has to come
 * back.  Without io_uring, so that equal input does equal things.
 */
#include <errno.h>
#include <linux/virtio_blk.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fakes.h"
#include "harness.h"
#include "virtio.h"
#include "virtio_blk.h"
#include "wrap.h"

#define RAM_LEN		KIB(256)
#define DATA_GPA	KIB(192)
#define IMAGE_LEN	KIB(64)

struct plan {
	u8 features;
	u8 bells;
	u16 size;
	u32 optional;
	u64 desc_gpa;
	u64 avail_gpa;
	u64 used_gpa;
};

static struct vm vm;
static int image;

int __wrap_io_uring_queue_init(unsigned int entries, struct io_uring *ring,
			       unsigned int flags)
{
	(void)entries;
	(void)ring;
	(void)flags;
	return -ENOSYS;
}

/* RAM ends where the next page cannot be touched. */
static void set_up(void)
{
	static char path[32];
	const struct disk_options opts = {
		.name = "ubda", .path = path, .id = "fuzz" };

	vm.ram.low_len = RAM_LEN;
	vm.ram.host = mmap(NULL, RAM_LEN + PAGE_LEN, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(vm.ram.host + RAM_LEN, PAGE_LEN, PROT_NONE);
	image = memfd_create("image", MFD_CLOEXEC);
	if (ftruncate(image, IMAGE_LEN))
		__builtin_trap();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", image);
	virtio_blk_add(&vm, &opts);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	const struct vm_route nowhere = { 0 };
	struct umkvm_queue queue = { 0 };
	struct virtio_dev *dev;
	struct plan plan;
	unsigned int i;
	u16 done;

	if (!vm.ram.host)
		set_up();
	if (len < sizeof(plan))
		return 0;
	memcpy(&plan, data, sizeof(plan));
	queue.size = 1 << (plan.size & 7);
	queue.desc_gpa = DATA_GPA + (plan.desc_gpa & 0xfff0);
	queue.avail_gpa = DATA_GPA + (plan.avail_gpa & 0xfffe);
	queue.used_gpa = DATA_GPA + (plan.used_gpa & 0xfffc);
	dev = vm.devices[0];
	memset(vm.ram.host + DATA_GPA, 0, RAM_LEN - DATA_GPA);
	virtio_plug(dev);
	memcpy(vm.ram.host + DATA_GPA, data + sizeof(plan),
	       min_u64(len - sizeof(plan), RAM_LEN - DATA_GPA));
	virtio_set_features(dev, 1ULL << VIRTIO_F_VERSION_1 |
			    (plan.optional & dev->ops->features) |
			    (u64)(plan.features & 3) << VIRTIO_RING_F_INDIRECT_DESC);
	virtio_start(dev, &queue, 1, &nowhere);
	for (i = 0; i < plan.bells % 4 + 1U; i++) {
		event_signal(dev->queues[0].doorbell.fd);
		dev->queues[0].doorbell.fn(&dev->queues[0].doorbell);
	}
	/* Whatever was taken out of the queue has ended, but for one that broke it. */
	done = dev->queues[0].vq.next_avail - dev->queues[0].vq.next_used;
	if (done > (dev->queues[0].vq.broken ? 1 : 0) ||
	    lseek(image, 0, SEEK_END) != (off_t)IMAGE_LEN)
		__builtin_trap();
	return 0;
}
