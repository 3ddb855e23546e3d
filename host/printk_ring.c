// SPDX-License-Identifier: GPL-2.0
/*
 * The log of a guest that died without a word: the last records of printk's
 * ring, found through VMCOREINFO and read from the memory of a kernel that
 * nobody trusts any more.  Each value is copied once, an address counts only if
 * it is RAM, and what a record says about itself is checked against the ring.
 * The ring is described in kernel/printk/printk_ringbuffer.c of the kernel.
 */
#include <string.h>

#include <asm/umkvm.h>

#include "console.h"
#include "die.h"
#include "printk_ring.h"
#include "vmcoreinfo.h"

#define RECORDS		32	/* so many of the last ones */
#define TEXT_MAX	1024	/* PRINTK_MESSAGE_MAX is 2048; the prefix is ours */

/* DESC_FLAGS_SHIFT and what is below; enum desc_state */
#define STATE_SHIFT	62
#define ID_MASK		((1ULL << STATE_SHIFT) - 1)
#define COMMITTED	1
#define FINALIZED	2

/* A block of text begins with the number of its descriptor. */
#define BLOCK_HEAD	sizeof(u64)
/* prb_data_blk_lpos.begin of a record without text: an odd number */
#define NO_BLOCK	1

enum {
	PRB, DESC_RING, TEXT_RING, COUNT_BITS, DESCS, INFOS, HEAD_ID, TAIL_ID,
	DESC_SIZE, STATE_VAR, BLOCK, BEGIN, NEXT, INFO_SIZE, TIME, TEXT_LEN,
	SIZE_BITS, DATA, NR_NAMES
};

static const char *const names[NR_NAMES] = {
	[PRB]		= "SYMBOL(prb)",
	[DESC_RING]	= "OFFSET(printk_ringbuffer.desc_ring)",
	[TEXT_RING]	= "OFFSET(printk_ringbuffer.text_data_ring)",
	[COUNT_BITS]	= "OFFSET(prb_desc_ring.count_bits)",
	[DESCS]		= "OFFSET(prb_desc_ring.descs)",
	[INFOS]		= "OFFSET(prb_desc_ring.infos)",
	[HEAD_ID]	= "OFFSET(prb_desc_ring.head_id)",
	[TAIL_ID]	= "OFFSET(prb_desc_ring.tail_id)",
	[DESC_SIZE]	= "SIZE(prb_desc)",
	[STATE_VAR]	= "OFFSET(prb_desc.state_var)",
	[BLOCK]		= "OFFSET(prb_desc.text_blk_lpos)",
	[BEGIN]		= "OFFSET(prb_data_blk_lpos.begin)",
	[NEXT]		= "OFFSET(prb_data_blk_lpos.next)",
	[INFO_SIZE]	= "SIZE(printk_info)",
	[TIME]		= "OFFSET(printk_info.ts_nsec)",
	[TEXT_LEN]	= "OFFSET(printk_info.text_len)",
	[SIZE_BITS]	= "OFFSET(prb_data_ring.size_bits)",
	[DATA]		= "OFFSET(prb_data_ring.data)",
};

struct ring {
	const struct guest_ram *ram;
	u64 at[NR_NAMES];		/* what the names stand for */
	u64 descs, infos, data;		/* addresses */
	u64 count, size;		/* descriptors, bytes of text */
	u64 head, tail;			/* numbers of descriptors */
	bool any;			/* a line was printed */
};

static bool fetch(const struct ring *r, u64 addr, void *to, size_t len)
{
	return vmcoreinfo_read(r->ram, addr, to, len);
}

static bool find_ring(struct ring *r)
{
	u64 prb, descs, text;
	u32 count_bits, size_bits;
	unsigned int i;

	for (i = 0; i < NR_NAMES; i++) {
		if (!vmcoreinfo_get(names[i], &r->at[i]))
			return false;
	}
	if (!fetch(r, r->at[PRB], &prb, sizeof(prb)))
		return false;
	descs = prb + r->at[DESC_RING];
	text = prb + r->at[TEXT_RING];
	if (!fetch(r, descs + r->at[COUNT_BITS], &count_bits, sizeof(u32)) ||
	    !fetch(r, descs + r->at[DESCS], &r->descs, sizeof(u64)) ||
	    !fetch(r, descs + r->at[INFOS], &r->infos, sizeof(u64)) ||
	    !fetch(r, descs + r->at[HEAD_ID], &r->head, sizeof(u64)) ||
	    !fetch(r, descs + r->at[TAIL_ID], &r->tail, sizeof(u64)) ||
	    !fetch(r, text + r->at[SIZE_BITS], &size_bits, sizeof(u32)) ||
	    !fetch(r, text + r->at[DATA], &r->data, sizeof(u64)) ||
	    count_bits > 31 || size_bits > 31)
		return false;
	r->count = 1ULL << count_bits;
	r->size = 1ULL << size_bits;
	return true;
}

/* The text of descriptor @id, which may not be its any more; -1: none. */
static ssize_t read_text(const struct ring *r, u64 id, char text[TEXT_MAX])
{
	const u64 desc = r->descs + id % r->count * r->at[DESC_SIZE];
	const u64 info = r->infos + id % r->count * r->at[INFO_SIZE];
	u64 state, begin, next, len;
	u16 text_len;

	if (!fetch(r, desc + r->at[STATE_VAR], &state, sizeof(u64)) ||
	    (state & ID_MASK) != id ||
	    (state >> STATE_SHIFT != COMMITTED &&
	     state >> STATE_SHIFT != FINALIZED) ||
	    !fetch(r, desc + r->at[BLOCK] + r->at[BEGIN], &begin, sizeof(u64)) ||
	    !fetch(r, desc + r->at[BLOCK] + r->at[NEXT], &next, sizeof(u64)) ||
	    !fetch(r, info + r->at[TEXT_LEN], &text_len, sizeof(u16)) ||
	    begin & NO_BLOCK)
		return -1;
	begin %= r->size;
	next %= r->size;
	/* A block that would cross the end begins anew at the start. */
	begin = (begin > next ? 0 : begin) + BLOCK_HEAD;
	if (next < begin)
		return -1;
	len = min_u64(min_u64(text_len, next - begin), TEXT_MAX - 1);
	return fetch(r, r->data + begin, text, len) ? (ssize_t)len : -1;
}

static void print_record(struct ring *r, u64 id)
{
	char text[TEXT_MAX], *at = text, *line;
	const ssize_t len = read_text(r, id, text);
	u64 ns = 0;
	ssize_t i;

	for (i = 0; i < len; i++) {
		if (text[i] != '\n')
			text[i] = plain_char(text[i]);
	}
	if (len < 0)
		return;
	text[len] = '\0';
	fetch(r, r->infos + id % r->count * r->at[INFO_SIZE] + r->at[TIME],
	      &ns, sizeof(ns));
	while ((line = strsep(&at, "\n"))) {
		if (!*line || console_shows(line))
			continue;
		if (!r->any)
			print_err("last lines of the kernel's log that the console does not show:\n");
		r->any = true;
		print_err("[%5llu.%06llu] %s\n", ns / 1000000000,
			  ns / 1000 % 1000000, line);
	}
}

void printk_ring_print(const struct guest_ram *ram)
{
	struct ring r = { .ram = ram };
	u64 back;

	if (!find_ring(&r))
		return;
	back = min_u64((r.head - r.tail) & ID_MASK, RECORDS - 1);
	do {
		print_record(&r, (r.head - back) & ID_MASK);
	} while (back--);
}
