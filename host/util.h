/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The few names that every file of the shim uses.  Nothing here has state.
 */
#ifndef HOST_UTIL_H
#define HOST_UTIL_H

#include <ctype.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#define KIB(n)		((u64)(n) << 10)
#define MIB(n)		((u64)(n) << 20)
#define GIB(n)		((u64)(n) << 30)
#define PAGE_LEN	4096ULL

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define PRINTF(f, a)	__attribute((format(printf, f, a)))

static inline u64 align_down(u64 n, u64 to)
{
	return n & ~(to - 1);
}

static inline u64 align_up(u64 n, u64 to)
{
	return align_down(n + to - 1, to);
}

static inline u64 min_u64(u64 a, u64 b)
{
	return a < b ? a : b;
}

/* Text from the guest goes to a terminal: only plain characters get there. */
static inline char plain_char(char c)
{
	return c >= ' ' && c <= '~' ? c : ' ';
}

/* A number from 1 to @max at *@at, which moves behind it; 0: there is none. */
static inline unsigned long take_count(const char **at, unsigned long max)
{
	char *end;
	unsigned long count = strtoul(*at, &end, 10);

	if (!isdigit((unsigned char)**at) || count > max)
		return 0;
	*at = end;
	return count;
}

#endif /* HOST_UTIL_H */
