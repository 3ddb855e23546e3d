// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory.  One memfd holds all of it, so that a device backend or a
 * snapshot can get at the same pages, and it is mapped once, for ever.  KVM
 * can use huge pages only where file offset, host address and guest address
 * agree modulo 2 MiB, hence the aligned mapping.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <asm/umkvm.h>

#include "die.h"
#include "mem.h"

#define HUGE_LEN	MIB(2)

static void *map_aligned(int fd, u64 len)
{
	u8 *area = mmap(NULL, len + HUGE_LEN, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	u8 *start = (u8 *)align_up((u64)area, HUGE_LEN);

	if (area == MAP_FAILED)
		return MAP_FAILED;
	return mmap(start, len, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_NORESERVE | MAP_FIXED, fd, 0);
}

void mem_create(struct guest_ram *ram, u64 len)
{
	ram->low_len = min_u64(len, UMKVM_HOLE_START);
	ram->high_len = len - ram->low_len;
	ram->fd = memfd_create("um-kvm", MFD_CLOEXEC);
	if (ram->fd < 0)
		die_errno("cannot make guest memory: memfd_create");
	if (ftruncate(ram->fd, len))
		die_errno("mem=%lluM: cannot make guest memory", len >> 20);
	ram->host = map_aligned(ram->fd, len);
	if (ram->host == MAP_FAILED)
		die_errno("mem=%lluM: cannot map guest memory", len >> 20);
	/* Hosts with shmem_enabled=never refuse: slower, not wrong. */
	madvise(ram->host, len, MADV_HUGEPAGE);
}

u64 mem_discard(const struct guest_ram *ram, void *mem, u64 len)
{
	u64 at = (u8 *)mem - ram->host;
	u64 from = align_up(at, PAGE_LEN), to = align_down(at + len, PAGE_LEN);

	if (from >= to ||
	    fallocate(ram->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		      from, to - from))
		return 0;
	return to - from;
}

void mem_clear(struct guest_ram *ram)
{
	if (!mem_discard(ram, ram->host, ram->low_len + ram->high_len))
		die_errno("cannot clear guest memory for a restart");
}

void *guest_mem(const struct guest_ram *ram, u64 gpa, u64 len)
{
	if (gpa < ram->low_len && len <= ram->low_len - gpa)
		return ram->host + gpa;
	if (gpa < UMKVM_HOLE_END)
		return NULL;
	gpa -= UMKVM_HOLE_END;
	if (gpa < ram->high_len && len <= ram->high_len - gpa)
		return ram->host + ram->low_len + gpa;
	return NULL;
}

u64 mem_used(const struct guest_ram *ram)
{
	struct stat st;

	/* fstat() of the C library would look names up, see sandbox.c. */
	if (syscall(SYS_fstat, ram->fd, &st))
		return 0;
	return (u64)st.st_blocks * 512;
}
