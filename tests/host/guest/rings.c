// SPDX-License-Identifier: GPL-2.0
/*
 * rings: breaks the console's transmit queue in the way that "ring=NAME" says
 * and expects NEEDS_RESET; then resets the device and expects it to work.
 */
#include <linux/virtio_config.h>

#include "vq.h"

#define FEATURES	(1ULL << VIRTIO_F_VERSION_1)
#define INDIRECT	(1ULL << VIRTIO_RING_F_INDIRECT_DESC)

static struct vq *const tx = &vqs[TX0];

static void head(__u16 slot)
{
	tx->avail.ring[tx->avail.idx++ % VQ_SIZE] = slot;
}

static void do_index(void)
{
	tx->avail.idx += VQ_SIZE + 1;
}

static void do_head(void)
{
	head(VQ_SIZE);
}

static void do_loop(void)
{
	vq_offer_out(tx, 0, "x", 1);
	tx->desc[0].flags = VRING_DESC_F_NEXT;
	tx->desc[0].next = 0;
}

static void do_next(void)
{
	vq_offer_out(tx, 0, "x", 1);
	tx->desc[0].flags = VRING_DESC_F_NEXT;
	tx->desc[0].next = 999;
}

static void do_address(void)
{
	vq_offer_out(tx, 0, "x", 1);
	tx->desc[0].addr = UMKVM_HOLE_START;
}

static void do_wrap(void)
{
	vq_offer_out(tx, 0, "x", 1);
	tx->desc[0].addr = ~0ULL;
	tx->desc[0].len = ~0U;
}

static void do_order(void)
{
	vq_offer_out(tx, 0, "x", 1);
	vq_offer_out(tx, 1, "y", 1);
	tx->desc[0].flags = VRING_DESC_F_NEXT | VRING_DESC_F_WRITE;
	tx->desc[0].next = 1;
}

static void do_indirect(void)
{
	vq_offer_out(tx, 0, tx->desc, 16);
	tx->desc[0].flags = VRING_DESC_F_INDIRECT;
	tx->desc[0].len = 15;
}

static void do_nested(void)
{
	struct vring_desc *table = (void *)tx->buffer[0];

	vq_offer_out(tx, 0, tx->desc, 16);
	tx->desc[0].flags = VRING_DESC_F_INDIRECT;
	table[0] = tx->desc[0];
}

static void do_table(void)
{
	vq_offer_out(tx, 0, "x", 16);
	tx->desc[0].flags = VRING_DESC_F_INDIRECT;
	tx->desc[0].addr = UMKVM_HOLE_START;
}

static const struct {
	const char *name;
	void (*fn)(void);
} abuses[] = {
	{ "index", do_index }, { "head", do_head }, { "loop", do_loop },
	{ "next", do_next }, { "address", do_address }, { "wrap", do_wrap },
	{ "order", do_order }, { "indirect", do_indirect },
	{ "nested", do_nested }, { "table", do_table },
};

/* What START and its relatives have to refuse. */
static void check_refusals(void)
{
	static struct umkvm_queue queue = { .index = 1, .size = 15 };
	const __u64 gpa = gpa_of(&queue);

	call(UMKVM_CALL_VIRTIO_RESET, 0, 0, 0, 0, 0);
	if (call(UMKVM_CALL_VIRTIO_START, 0, gpa, 1, 0, 0) != -22 ||
	    call(UMKVM_CALL_VIRTIO_FEATURES, 0, 0, 0, 0, 0) != -22 ||
	    call(UMKVM_CALL_VIRTIO_FEATURES, 0, ~0ULL, 0, 0, 0) != -22 ||
	    call(UMKVM_CALL_VIRTIO_FEATURES, 0, FEATURES, 0, 0, 0) ||
	    call(UMKVM_CALL_VIRTIO_START, 0, gpa, 1, 0, 0) != -22 ||
	    call(UMKVM_CALL_VIRTIO_START, 0, gpa, 0, 0, 0) != -22 ||
	    call(UMKVM_CALL_VIRTIO_START, 0, gpa, 65, 0, 0) != -22 ||
	    call(UMKVM_CALL_VIRTIO_CONFIG, 0, 0, 4, 1, 0) != -22 ||
	    call(UMKVM_CALL_VIRTIO_VECTOR, 0, 64, 0, 0, 0) != -22 ||
	    call(UMKVM_CALL_VIRTIO_VECTOR, 0, 1, 0x1000, 0x40, 0) != -22)
		stop(7);
	queue.size = VQ_SIZE;
	queue.desc_gpa = UMKVM_HOLE_START - 16;
	if (call(UMKVM_CALL_VIRTIO_START, 0, gpa, 1, 0, 0) != -22)
		stop(7);
}

void guest_main(const struct umkvm_boot *boot)
{
	const struct umkvm_device *page = direct(UMKVM_DEVICES_GPA);
	unsigned int i;
	__u32 len;

	(void)boot;
	check_refusals();
	if (vq_start(FEATURES | INDIRECT) ||
	    !(page->status & VIRTIO_CONFIG_S_DRIVER_OK) ||
	    vq_start(~0ULL) == 0)
		stop(8);
	if (vq_start(FEATURES | INDIRECT))
		stop(8);
	for (i = 0; i < ARRAY_SIZE(abuses); i++) {
		if (word_is("ring=", abuses[i].name))
			abuses[i].fn();
	}
	vq_ring(tx);
	while (!(__atomic_load_n(&page->status, __ATOMIC_ACQUIRE) &
		 VIRTIO_CONFIG_S_NEEDS_RESET))
		__asm__ __volatile__("pause");
	tx->avail.idx = 0;
	tx->used.idx = 0;
	if (vq_start(FEATURES))
		stop(9);
	vq_offer_out(tx, 0, "after the reset\n", 16);
	vq_ring(tx);
	vq_wait(tx, &len);
	stop(0);
}
