// SPDX-License-Identifier: GPL-2.0
/*
 * tlb: finds stale TLB entries.  Thread 0 changes what is mapped in a few
 * pages and, after the system call has returned, publishes what must be true
 * from now on; the others, on other CPUs, read and write these pages all the
 * time.  What they see is judged if the published state was the same before
 * and after the access: then no change was under way in between.
 */
#include <setjmp.h>
#include <stdio.h>
#include "stress.h"

#define PAGES		48U
#define WORDS		(PAGE / sizeof(unsigned long))

/* What is true of the pages; OLD: the content is that of the last NEW */
enum truth { BUSY, NEW, OLD, OLD_READ_ONLY, ZERO, FAULTS, END };

static const char *const truth_names[] = {
	"busy", "new", "old", "read-only", "zero", "unmapped", "end",
};

/* serial << 16 | pages << 8 | truth: one word, so that it is read at once */
static unsigned long published;

#define SERIAL(p)	((p) >> 16)
#define LENGTH(p)	((unsigned int)((p) >> 8 & 0xff))
#define TRUTH(p)	((enum truth)((p) & 0xff))

/* Word 0 of each page is the content, word 1 + n belongs to reader n */
static unsigned long *area;

/* The last state that each reader has judged */
static struct {
	_Alignas(64) unsigned long serial;
} judged[MAX_THREADS];

static _Thread_local sigjmp_buf back;
static _Thread_local int probing;

static void on_segv(int signo, siginfo_t *info, void *ctx)
{
	if (!probing)
		failed("fault at %p", info->si_addr);
	siglongjmp(back, 1);
}

static void tlb_setup(unsigned int threads)
{
	struct sigaction sa = {
		.sa_sigaction = on_segv, .sa_flags = SA_SIGINFO | SA_NODEFER,
	};

	check(!sigaction(SIGSEGV, &sa, NULL));
	area = map_pages(PAGES, PROT_NONE);
	/* They have to run at the same time; without the right to, more seldom */
	if (nice(-10) < 0)
		errno = 0;
}

static unsigned long content(unsigned long serial, unsigned int page)
{
	return serial << 8 | page;
}

/* The readers ------------------------------------------------------------- */

struct access {
	unsigned int page;
	int fault;
	int write;
	unsigned long value;
};

static void do_access(struct access *a, struct worker *me, unsigned long *p)
{
	a->fault = 1;
	probing = 1;
	barrier();
	if (!sigsetjmp(back, 0)) {
		if (a->write)
			store(&p[1 + me->nr], me->seed);
		a->value = load(&p[0]);
		a->fault = 0;
	}
	barrier();
	probing = 0;
}

static void wrong(const struct access *a, unsigned long state)
{
	failed("stale TLB entry: %s of page %u of %u, which is %s: %s, content %#lx, change %#lx",
	       a->write ? "write" : "read", a->page, LENGTH(state),
	       truth_names[TRUTH(state)], a->fault ? "fault" : "no fault",
	       a->value, SERIAL(state));
}

static void judge(const struct access *a, unsigned long state)
{
	unsigned long serial = SERIAL(state), want = 0;
	int fault = 0;

	switch (TRUTH(state)) {
	case NEW:
		want = content(serial, a->page);
		break;
	case OLD:
		want = content(serial - 1, a->page);
		break;
	case OLD_READ_ONLY:
		want = content(serial - 1, a->page);
		fault = a->write;
		break;
	case FAULTS:
		fault = 1;
		break;
	default:
		break;
	}
	if (a->fault != fault || (!fault && a->value != want))
		wrong(a, state);
}

static void reader(struct worker *me)
{
	struct access a;
	unsigned long state;

	while (TRUTH(state = load(&published)) != END) {
		a.page = rnd(me, LENGTH(state) ? LENGTH(state) : PAGES);
		a.write = rnd(me, 2);
		do_access(&a, me, area + a.page * WORDS);
		if (TRUTH(state) == BUSY || load(&published) != state)
			continue;
		judge(&a, state);
		store(&judged[me->nr].serial, SERIAL(state));
		count_one(me);
	}
}

/* The changer -------------------------------------------------------------- */

/* One reader must have judged it; the others get a moment */
static void wait_for_readers(unsigned int of, unsigned long serial)
{
	uint64_t end = vdso_ns() + 2000000;
	unsigned int i, n, tries = 0;

	do {
		be_patient(&tries);
		for (n = 0, i = 1; i < of; i++)
			n += load(&judged[i].serial) == serial;
	} while (!n || (n < of - 1 && vdso_ns() < end));
}

static void map_new(unsigned int pages, unsigned long serial)
{
	unsigned int i;

	check(mmap(area, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE |
		   MAP_ANONYMOUS | MAP_FIXED, -1, 0) == area);
	for (i = 0; i < pages; i++)
		area[i * WORDS] = content(serial, i);
}

/* The child's pages must not change when threads of the parent write */
static void child_of_fork(unsigned int pages)
{
	static unsigned long copy[PAGES][1 + MAX_THREADS];
	unsigned int i, round, tries = 0;

	for (i = 0; i < pages; i++)
		memcpy(copy[i], area + i * WORDS, sizeof(copy[i]));
	for (round = 0; round < 500; round++) {
		be_patient(&tries);
		for (i = 0; i < pages; i++)
			if (memcmp(copy[i], area + i * WORDS, sizeof(copy[i])))
				failed("stale TLB entry: the parent wrote to the child's page %u",
				       i);
	}
	/* Nor the other way round: the readers would see this */
	for (i = 0; i < pages; i++)
		area[i * WORDS] = ~0UL;
	_exit(0);
}

static enum truth move_away(unsigned int pages, char **moved)
{
	*moved = mremap(area, pages * PAGE, pages * PAGE,
			MREMAP_MAYMOVE | MREMAP_FIXED,
			map_pages(pages, PROT_NONE));
	check(*moved != MAP_FAILED);
	return FAULTS;
}

/* Does one change; @child and @moved are to be waited for or unmapped later */
static enum truth change(struct worker *me, unsigned int pages,
			 unsigned long serial, int *child, char **moved)
{
	switch (rnd(me, 7)) {
	case 0:
		check(!munmap(area, pages * PAGE));
		map_new(pages, serial);
		return NEW;
	case 1:
		check(!madvise(area, pages * PAGE, MADV_DONTNEED));
		return ZERO;
	case 2:
		check(!mprotect(area, pages * PAGE, PROT_READ));
		return OLD_READ_ONLY;
	case 3:
		check(!mprotect(area, pages * PAGE, PROT_NONE));
		return FAULTS;
	case 4:
		check(!munmap(area, pages * PAGE));
		return FAULTS;
	case 5:
		return move_away(pages, moved);
	default:
		*child = fork();
		check(*child >= 0);
		if (!*child)
			child_of_fork(pages);
		return OLD;
	}
}

static void publish(unsigned long serial, unsigned int pages, enum truth truth)
{
	store(&published, serial << 16 | pages << 8 | truth);
}

/* Each size takes another path: a page at a time, or everything at once */
static const unsigned char sizes[] = { 1, 1, 2, 8, 33, 34, PAGES };

static void changer(struct worker *me)
{
	unsigned long serial = 0;

	while (!stopping()) {
		unsigned int pages = sizes[rnd(me, ARRAY_SIZE(sizes))];
		enum truth truth;
		char *moved = NULL;
		int child = 0;

		publish(++serial, pages, BUSY);
		map_new(pages, serial);
		publish(serial, pages, NEW);
		wait_for_readers(me->of, serial);

		publish(++serial, pages, BUSY);
		truth = change(me, pages, serial, &child, &moved);
		publish(serial, pages, truth);
		wait_for_readers(me->of, serial);
		if (child)
			check_eq(wait_child(child), 0);
		if (moved)
			check(!munmap(moved, pages * PAGE));
		count_one(me);
	}
	publish(serial + 1, 1, END);
}

static void tlb_thread(struct worker *me)
{
	pin_to(me->nr);
	if (me->nr)
		reader(me);
	else
		changer(me);
}

const struct family tlb_family = { "tlb", tlb_setup, tlb_thread, false };
