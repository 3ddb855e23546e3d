// SPDX-License-Identifier: GPL-2.0
/*
 * Split virtqueues: good chains come out as they went in, bad ones break the
 * queue with the right reason.
 */
#include <string.h>

#include "virtq.h"
#include "unit.h"

#define SIZE	8

/* Guest memory: the three areas of one queue, a table, and data. */
static struct {
	_Alignas(4096) struct vring_desc desc[SIZE];
	_Alignas(4096) u16 avail[2 + SIZE + 1];
	_Alignas(4096) struct {
		u16 flags;
		u16 idx;
		struct vring_used_elem ring[SIZE];
		u16 avail_event;
	} used;
	_Alignas(4096) struct vring_desc table[VIRTQ_CHAIN_MAX + 1];
	_Alignas(4096) u8 data[8192];
} mem;

#define GPA(field)	((u64)((u8 *)&(field) - (u8 *)&mem))

static const struct guest_ram ram = {
	.host = (u8 *)&mem,
	.low_len = sizeof(mem),
};

static struct virtq vq;
static struct virtq_chain chain;

static int set_up(void **state)
{
	(void)state;
	memset(&mem, 0, sizeof(mem));
	assert_true(virtq_set_up(&vq, &ram, SIZE, GPA(mem.desc), GPA(mem.avail),
				 GPA(mem.used)));
	return 0;
}

static void put_desc(unsigned int at, u64 addr, u32 len, u16 flags, u16 next)
{
	mem.desc[at] = (struct vring_desc){ addr, len, flags, next };
}

static void offer(u16 head)
{
	mem.avail[2 + mem.avail[1]++ % SIZE] = head;
}

#define assert_breaks(why)					\
do {								\
	assert_false(virtq_pop(&vq, &chain));			\
	assert_non_null(vq.broken);				\
	assert_non_null(strstr(vq.broken, why));		\
	assert_false(virtq_pop(&vq, &chain));			\
} while (0)

static void wrong_set_ups_are_refused(void **state)
{
	(void)state;
	assert_false(virtq_set_up(&vq, &ram, 0, 0, 4096, 8192));
	assert_false(virtq_set_up(&vq, &ram, 3, 0, 4096, 8192));
	assert_false(virtq_set_up(&vq, &ram, 32768, 0, 4096, 8192));
	assert_false(virtq_set_up(&vq, &ram, SIZE, 8, 4096, 8192));
	assert_false(virtq_set_up(&vq, &ram, SIZE, 0, 4097, 8192));
	assert_false(virtq_set_up(&vq, &ram, SIZE, 0, 4096, 8194));
	assert_false(virtq_set_up(&vq, &ram, SIZE, ~15ULL, 4096, 8192));
	assert_false(virtq_set_up(&vq, &ram, SIZE, 0, sizeof(mem) - 2, 8192));
	assert_false(virtq_set_up(&vq, &ram, SIZE, 0, 4096, sizeof(mem) - 4));
	assert_int_equal(vq.size, 0);
	assert_false(virtq_pop(&vq, &chain));
	assert_false(virtq_ask_doorbell(&vq));
	assert_false(virtq_must_interrupt(&vq));
}

static void chains_come_out(void **state)
{
	(void)state;
	assert_false(virtq_pop(&vq, &chain));
	put_desc(3, GPA(mem.data), 10, VRING_DESC_F_NEXT, 5);
	put_desc(5, GPA(mem.data[100]), 20, VRING_DESC_F_WRITE, 0);
	offer(3);
	assert_true(virtq_pop(&vq, &chain));
	assert_int_equal(chain.head, 3);
	assert_int_equal(chain.nr_out, 1);
	assert_int_equal(chain.nr_in, 1);
	assert_ptr_equal(chain.iov[0].iov_base, mem.data);
	assert_int_equal(chain.iov[0].iov_len, 10);
	assert_ptr_equal(chain.iov[1].iov_base, mem.data + 100);
	assert_int_equal(chain.iov[1].iov_len, 20);
	assert_false(virtq_pop(&vq, &chain));
	assert_null(vq.broken);
}

static void indices_wrap(void **state)
{
	unsigned int i;

	(void)state;
	put_desc(1, GPA(mem.data), 1, 0, 0);
	for (i = 0; i < 70000; i++) {
		offer(1);
		assert_true(virtq_pop(&vq, &chain));
		virtq_push(&vq, chain.head, i);
		assert_int_equal(mem.used.idx, (u16)(i + 1));
		assert_int_equal(mem.used.ring[i % SIZE].id, 1);
		assert_int_equal(mem.used.ring[i % SIZE].len, i);
	}
}

static void indirect_chains_come_out(void **state)
{
	unsigned int i;

	(void)state;
	vq.indirect = true;
	for (i = 0; i < VIRTQ_CHAIN_MAX; i++)
		mem.table[i] = (struct vring_desc){
			GPA(mem.data), 4, VRING_DESC_F_NEXT, i + 1 };
	mem.table[VIRTQ_CHAIN_MAX - 1].flags = 0;
	put_desc(0, GPA(mem.table), VIRTQ_CHAIN_MAX * 16, VRING_DESC_F_INDIRECT, 0);
	offer(0);
	assert_true(virtq_pop(&vq, &chain));
	assert_int_equal(chain.nr_out, VIRTQ_CHAIN_MAX);
}

static void bad_indices_break(void **state)
{
	(void)state;
	mem.avail[1] = SIZE + 1;
	assert_breaks("jumped");
	set_up(NULL);
	offer(SIZE);
	assert_breaks("too large");
	set_up(NULL);
	put_desc(0, GPA(mem.data), 1, VRING_DESC_F_NEXT, SIZE);
	offer(0);
	assert_breaks("too large");
}

static void circles_break(void **state)
{
	unsigned int i;

	(void)state;
	put_desc(0, GPA(mem.data), 1, VRING_DESC_F_NEXT, 0);
	offer(0);
	assert_breaks("circle");
	set_up(NULL);
	for (i = 0; i < SIZE; i++)
		put_desc(i, GPA(mem.data), 1, VRING_DESC_F_NEXT, (i + 1) % SIZE);
	offer(4);
	assert_breaks("circle");
}

static void bad_buffers_break(void **state)
{
	(void)state;
	put_desc(0, sizeof(mem), 1, 0, 0);
	offer(0);
	assert_breaks("not in RAM");
	set_up(NULL);
	put_desc(0, ~0ULL - 1, ~0U, 0, 0);
	offer(0);
	assert_breaks("not in RAM");
	set_up(NULL);
	put_desc(0, 0, ~0U, 0, 0);
	offer(0);
	assert_breaks("not in RAM");
	set_up(NULL);
	put_desc(0, 0, 1, VRING_DESC_F_WRITE | VRING_DESC_F_NEXT, 1);
	put_desc(1, 0, 1, 0, 0);
	offer(0);
	assert_breaks("follows a writable");
}

static void bad_tables_break(void **state)
{
	static const struct {
		u32 len;
		u16 flags;
	} bad[] = {
		{ 0, 0 }, { 15, 0 }, { 24, 0 }, { 16, VRING_DESC_F_NEXT },
		{ 16 * (VIRTQ_CHAIN_MAX + 1), 0 }, { 0xfffffff0, 0 },
	};
	size_t i;

	(void)state;
	put_desc(0, GPA(mem.table), 16, VRING_DESC_F_INDIRECT, 0);
	offer(0);
	assert_breaks("where none may be");
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		set_up(NULL);
		vq.indirect = true;
		put_desc(0, GPA(mem.table), bad[i].len,
			 bad[i].flags | VRING_DESC_F_INDIRECT, 0);
		offer(0);
		assert_breaks("broken indirect table");
	}
	set_up(NULL);
	vq.indirect = true;
	put_desc(0, GPA(mem.table), 16, VRING_DESC_F_INDIRECT, 0);
	mem.table[0] = mem.desc[0];
	offer(0);
	assert_breaks("where none may be");
	set_up(NULL);
	vq.indirect = true;
	put_desc(0, sizeof(mem) - 8, 16, VRING_DESC_F_INDIRECT, 0);
	offer(0);
	assert_breaks("table is not in RAM");
}

static void interrupts_are_asked_for(void **state)
{
	(void)state;
	assert_false(virtq_must_interrupt(&vq));
	virtq_push(&vq, 0, 0);
	assert_true(virtq_must_interrupt(&vq));
	assert_false(virtq_must_interrupt(&vq));
	mem.avail[0] = VRING_AVAIL_F_NO_INTERRUPT;
	virtq_push(&vq, 0, 0);
	assert_false(virtq_must_interrupt(&vq));
	vq.event_idx = true;
	mem.avail[2 + SIZE] = 3;
	virtq_push(&vq, 0, 0);
	assert_false(virtq_must_interrupt(&vq));
	virtq_push(&vq, 0, 0);
	assert_true(virtq_must_interrupt(&vq));
}

static void doorbells_are_asked_for(void **state)
{
	(void)state;
	vq.event_idx = true;
	put_desc(0, GPA(mem.data), 1, 0, 0);
	offer(0);
	assert_true(virtq_ask_doorbell(&vq));
	assert_true(virtq_pop(&vq, &chain));
	assert_false(virtq_ask_doorbell(&vq));
	assert_int_equal(mem.used.avail_event, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_set_ups_are_refused),
		cmocka_unit_test_setup(chains_come_out, set_up),
		cmocka_unit_test_setup(indices_wrap, set_up),
		cmocka_unit_test_setup(indirect_chains_come_out, set_up),
		cmocka_unit_test_setup(bad_indices_break, set_up),
		cmocka_unit_test_setup(circles_break, set_up),
		cmocka_unit_test_setup(bad_buffers_break, set_up),
		cmocka_unit_test_setup(bad_tables_break, set_up),
		cmocka_unit_test_setup(interrupts_are_asked_for, set_up),
		cmocka_unit_test_setup(doorbells_are_asked_for, set_up),
	};

	return cmocka_run_group_tests_name("virtq", tests, NULL, NULL);
}
