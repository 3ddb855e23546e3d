// SPDX-License-Identifier: GPL-2.0
/*
 * See fpstate.h.  Without AVX the upper halves stay zero.  Loading and
 * storing is in fpregs.S, where no compiler has registers of its own.
 */
#include "fpstate.h"
#include "rawcall.h"
#include "tap.h"

/* Whether fp_load() and fp_store() move 32 bytes; set by fp_pattern() */
int fp_avx;

void fp_pattern(struct fpstate *s, unsigned int seed)
{
	int r, i;

	fp_avx = have_avx();
	memset(s, 0, sizeof(*s));
	for (r = 0; r < 16; r++)
		for (i = 0; i < (fp_avx ? 32 : 16); i++)
			s->ymm[r][i] = seed * 37 + r * 16 + i + 1;
	for (r = 0; r < 8; r++)
		s->st[r] = seed * 1000.0 + r + 0.5;
	s->mxcsr = 0x1f80 | (seed & 3) << 13;		/* rounding */
	s->cw = 0x37f | (seed & 3) << 10;
}

void fp_reset(void)
{
	unsigned int mxcsr = 0x1f80;

	asm volatile("fninit; ldmxcsr %0" : : "m"(mxcsr));
}

long fp_across(const struct fpstate *in, struct fpstate *out,
	       unsigned long spins, long nr, long a, long b)
{
	long ret = 0;

	memset(out, 0, sizeof(*out));
	fp_load(in);
	if (spins)
		asm volatile("1: decq %0; jnz 1b" : "+r"(spins) : : "cc");
	if (nr >= 0)
		ret = raw_call(nr, a, b, 0);
	fp_store(out);
	fp_reset();
	return ret;
}

void fp_same(const struct fpstate *a, const struct fpstate *b)
{
	int r;

	for (r = 0; r < 16; r++)
		if (memcmp(a->ymm[r], b->ymm[r], 32))
			tap_differ(__FILE__, __LINE__, "ymm register", r, -1);
	for (r = 0; r < 8; r++)
		if (a->st[r] != b->st[r])
			tap_differ(__FILE__, __LINE__, "x87 register", r, -1);
	check_eq(a->mxcsr & ~0x3f, b->mxcsr & ~0x3f);
	check_eq(a->cw, b->cw);
}

void fp_soak(unsigned int seed, unsigned int ms, unsigned int min, long nr)
{
	uint64_t end = now_ns() + ms * 1000000ULL;
	struct fpstate in, out;
	unsigned int n = 0;

	do {
		fp_pattern(&in, seed + n++);
		fp_across(&in, &out, nr < 0 ? 20000 : 50, nr, 0, 0);
		fp_same(&in, &out);
	} while (n < min || now_ns() < end);
}
