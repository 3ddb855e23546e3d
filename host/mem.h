/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_MEM_H
#define HOST_MEM_H

#include <string.h>

#include "util.h"

/*
 * Guest RAM: one host mapping of one file, low_len bytes from gpa 0 and then
 * high_len bytes that the guest sees from UMKVM_HOLE_END on.
 */
struct guest_ram {
	u8 *host;
	u64 low_len;
	u64 high_len;
	int fd;
};

void mem_create(struct guest_ram *ram, u64 len);

/* All RAM reads as zero again and the host gets its pages back. */
void mem_clear(struct guest_ram *ram);

/*
 * The only conversion of a guest physical address into a pointer: NULL unless
 * all of [gpa, gpa + len) is RAM.  What the pointer shows can change at any
 * time, so copy first and look at the copy.
 */
void *guest_mem(const struct guest_ram *ram, u64 gpa, u64 len);

/*
 * Copies what the guest shares with us.  The barrier keeps the compiler from
 * reading the guest's memory a second time instead of the copy.
 */
static inline void copy_once(void *to, const void *from, size_t len)
{
	memcpy(to, from, len);
	__asm__ __volatile__("" : : : "memory");
}

/*
 * Gives the whole pages of this part of guest memory back to the host; they
 * read as zero afterwards.  Returns how many bytes that were.
 */
u64 mem_discard(const struct guest_ram *ram, void *mem, u64 len);

/* What the guest has touched so far, in bytes. */
u64 mem_used(const struct guest_ram *ram);

#endif /* HOST_MEM_H */
