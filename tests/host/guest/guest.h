/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The little that bare guests share.  They run in ring 0 without a kernel, an
 * IDT or interrupts, and each one does a thing to the shim that a kernel does
 * not, or not on purpose.
 */
#ifndef TESTS_HOST_GUEST_H
#define TESTS_HOST_GUEST_H

#include <asm/umkvm.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* What each guest supplies; it is entered with interrupts off. */
void guest_main(const struct umkvm_boot *boot);

static inline void *direct(__u64 gpa)
{
	return (void *)(UMKVM_DIRECT_MAP + gpa);
}

static inline __u64 gpa_of(const void *kernel_pointer)
{
	return (__u64)kernel_pointer - UMKVM_KERNEL_MAP;
}

void port_out(__u16 port, __u32 value);
__u32 port_in(__u16 port);

/* One call of vCPU 0, its arguments in order; returns the status. */
int call(__u32 nr, __u64 a0, __u64 a1, __u64 a2, __u64 a3, __u64 a4);
struct umkvm_call *call_block(unsigned int cpu);
void print(const char *text);
void print_number(const char *name, __u64 value);
void stop(int code);

/* True if the command line has the word PREFIXvalue. */
int word_is(const char *prefix, const char *value);

#endif /* TESTS_HOST_GUEST_H */
