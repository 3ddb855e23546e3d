/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The floating point registers as a structure: AVX (or SSE) registers, the
 * x87 stack and both control words, and a pattern to recognise them by.
 */
#ifndef TESTS_GUEST_FPSTATE_H
#define TESTS_GUEST_FPSTATE_H

struct fpstate {
	_Alignas(64) unsigned char ymm[16][32];
	double st[8];
	unsigned int mxcsr;
	unsigned short cw;
};

/* A state that differs from the state of every other @seed */
void fp_pattern(struct fpstate *s, unsigned int seed);

/* All registers from @s; leaves them to the caller, who must not use libc */
void fp_load(const struct fpstate *s);
void fp_store(struct fpstate *s);
void fp_reset(void);

/*
 * Loads @in, spins @spins times, makes system call @nr (unless negative) and
 * stores the state into @out, with nothing in between.  Returns what the
 * call did.
 */
long fp_across(const struct fpstate *in, struct fpstate *out,
	       unsigned long spins, long nr, long a, long b);

/* Fails the case if @a and @b differ, naming the register */
void fp_same(const struct fpstate *a, const struct fpstate *b);

/* Loops of fp_across() for @ms milliseconds and at least @min times */
void fp_soak(unsigned int seed, unsigned int ms, unsigned int min, long nr);

#endif
