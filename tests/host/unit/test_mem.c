// SPDX-License-Identifier: GPL-2.0
/*
 * guest_mem(): every border of RAM, from both sides.
 */
#include <asm/umkvm.h>

#include "mem.h"
#include "unit.h"

static u8 host[MIB(4)];

/* 2 MiB below the hole's place would be small RAM: low_len ends early. */
static const struct guest_ram small = { .host = host, .low_len = MIB(4) };

/* Not backed: only pointers are compared. */
static const struct guest_ram large = {
	.host = (u8 *)0x100000000000, .low_len = UMKVM_HOLE_START,
	.high_len = GIB(1),
};

static void inside_is_found(void **state)
{
	(void)state;
	assert_ptr_equal(guest_mem(&small, 0, 1), host);
	assert_ptr_equal(guest_mem(&small, 0, MIB(4)), host);
	assert_ptr_equal(guest_mem(&small, MIB(4) - 1, 1), host + MIB(4) - 1);
	assert_ptr_equal(guest_mem(&small, 5, 0), host + 5);
}

static void outside_is_refused(void **state)
{
	(void)state;
	assert_null(guest_mem(&small, 0, MIB(4) + 1));
	assert_null(guest_mem(&small, MIB(4) - 1, 2));
	assert_null(guest_mem(&small, MIB(4), 0));
	assert_null(guest_mem(&small, MIB(4), 1));
	assert_null(guest_mem(&small, UMKVM_HOLE_END, 1));
}

static void sums_do_not_wrap(void **state)
{
	(void)state;
	assert_null(guest_mem(&small, 1, ~0ULL));
	assert_null(guest_mem(&small, ~0ULL, 1));
	assert_null(guest_mem(&small, ~0ULL, ~0ULL));
	assert_null(guest_mem(&large, UMKVM_HOLE_END, ~0ULL));
	assert_null(guest_mem(&large, UMKVM_HOLE_END + 1, ~0ULL - UMKVM_HOLE_END));
}

static void hole_is_no_memory(void **state)
{
	(void)state;
	assert_non_null(guest_mem(&large, UMKVM_HOLE_START - 8, 8));
	assert_null(guest_mem(&large, UMKVM_HOLE_START - 8, 9));
	assert_null(guest_mem(&large, UMKVM_HOLE_START, 1));
	assert_null(guest_mem(&large, UMKVM_HOLE_END - 1, 1));
	assert_null(guest_mem(&large, UMKVM_HOLE_END - 1, 2));
	assert_null(guest_mem(&large, UMKVM_HOLE_START - 8,
			      UMKVM_HOLE_END - UMKVM_HOLE_START + 16));
}

static void high_memory_follows_low(void **state)
{
	(void)state;
	assert_ptr_equal(guest_mem(&large, UMKVM_HOLE_END, GIB(1)),
			 large.host + UMKVM_HOLE_START);
	assert_null(guest_mem(&large, UMKVM_HOLE_END, GIB(1) + 1));
	assert_null(guest_mem(&large, UMKVM_HOLE_END + GIB(1), 1));
}

static void create_splits_at_the_hole(void **state)
{
	struct guest_ram ram;

	(void)state;
	mem_create(&ram, GIB(4));
	assert_int_equal(ram.low_len, UMKVM_HOLE_START);
	assert_int_equal(ram.high_len, GIB(1));
	assert_int_equal((u64)ram.host % MIB(2), 0);
	ram.host[0] = 1;
	assert_true(mem_used(&ram) > 0);
	mem_clear(&ram);
	assert_int_equal(ram.host[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inside_is_found),
		cmocka_unit_test(outside_is_refused),
		cmocka_unit_test(sums_do_not_wrap),
		cmocka_unit_test(hole_is_no_memory),
		cmocka_unit_test(high_memory_follows_low),
		cmocka_unit_test(create_splits_at_the_hole),
	};

	return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
