// SPDX-License-Identifier: GPL-2.0
/*
 * mm: all threads of one process change its mappings at the same time, each
 * within an area of its own, and find there what they wrote.
 */
#include "stress.h"

#define PAGES	64U

/* What a thread expects of its pages: a word each, or NONE: not mapped */
#define NONE	(~0UL)

struct area {
	char *base;
	unsigned long word[PAGES];
};

static unsigned long *word_of(struct area *a, unsigned int page)
{
	return (unsigned long *)(a->base + page * PAGE);
}

static void verify(struct area *a, unsigned int from, unsigned int n)
{
	unsigned int i;

	for (i = from; i < from + n; i++)
		if (a->word[i] != NONE)
			check_eq(*word_of(a, i), a->word[i]);
}

static void map_anew(struct area *a, unsigned int from, unsigned int n)
{
	char *at = a->base + from * PAGE;
	unsigned int i;

	check(mmap(at, n * PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at);
	for (i = from; i < from + n; i++)
		a->word[i] = 0;
}

static void fill(struct area *a, struct worker *me, unsigned int from,
		 unsigned int n)
{
	unsigned int i;

	for (i = from; i < from + n; i++) {
		if (a->word[i] == NONE)
			continue;
		a->word[i] = 1 + rnd(me, 1 << 30);
		*word_of(a, i) = a->word[i];
	}
}

/* Not with munmap(): another thread would be given the hole */
static void unmap(struct area *a, unsigned int from, unsigned int n)
{
	char *at = a->base + from * PAGE;
	unsigned int i;

	check(mmap(at, n * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
		   MAP_FIXED | MAP_NORESERVE, -1, 0) == at);
	for (i = from; i < from + n; i++)
		a->word[i] = NONE;
}

static void map_and_unmap(struct worker *me, unsigned int n)
{
	unsigned long *p = map_pages(n, PROT_READ | PROT_WRITE);
	unsigned int i, words = PAGE / sizeof(*p);

	for (i = 0; i < n; i++) {
		check_eq(p[i * words], 0);
		p[i * words] = me->nr * PAGES + i;
	}
	for (i = 0; i < n; i++)
		check_eq(p[i * words], me->nr * PAGES + i);
	check(!munmap(p, n * PAGE));
}

static void discard(struct area *a, unsigned int from, unsigned int n)
{
	unsigned int i;

	check(!madvise(a->base + from * PAGE, n * PAGE, MADV_DONTNEED));
	for (i = from; i < from + n; i++)
		if (a->word[i] != NONE)
			a->word[i] = 0;
}

/* Read-only and back; in between the kernel must refuse to write there */
static void protect(struct area *a, unsigned int from, unsigned int n)
{
	char *at = a->base + from * PAGE;

	map_anew(a, from, n);
	check(!mprotect(at, n * PAGE, PROT_READ));
	check(syscall(SYS_pipe2, at, 0) == -1 && errno == EFAULT);
	verify(a, from, n);
	check(!mprotect(at, n * PAGE, PROT_READ | PROT_WRITE));
}

/* The whole area goes elsewhere, with its pages */
static void move(struct area *a)
{
	char *to = mmap(NULL, PAGES * PAGE, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char *from = a->base;

	check(to != MAP_FAILED);
	map_anew(a, 0, PAGES);
	*word_of(a, PAGES - 1) = a->word[PAGES - 1] = (unsigned long)to;
	check(mremap(from, PAGES * PAGE, PAGES * PAGE,
		     MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	a->base = to;
	verify(a, 0, PAGES);
}

static void change(struct area *a, struct worker *me)
{
	unsigned int from = rnd(me, PAGES), n = 1 + rnd(me, PAGES - from);

	switch (rnd(me, 9)) {
	case 0:
		unmap(a, from, n);
		break;
	case 1:
		discard(a, from, n);
		break;
	case 2:
		protect(a, from, n);
		break;
	case 3:
		if (!rnd(me, 8))
			move(a);
		break;
	case 4:
		map_anew(a, from, n);
		break;
	case 5:
		map_and_unmap(me, n);
		break;
	default:
		fill(a, me, from, n);
	}
}

static void mm_thread(struct worker *me)
{
	struct area a = { .base = map_pages(PAGES, PROT_READ | PROT_WRITE) };

	while (!stopping()) {
		change(&a, me);
		verify(&a, 0, PAGES);
		count_one(me);
	}
}

const struct family mm_family = { "mm", NULL, mm_thread, false };
