// SPDX-License-Identifier: GPL-2.0
/*
 * What uprobes are set on: three calls, with 1, 2, 3 and a text.  Returns the
 * sum, so that a probe that changes a register or skips an instruction shows.
 */
#include <string.h>

__attribute__((noinline)) int traced_function(int number, const char *text)
{
	/* for the caller's eyes: the call may not be left out or cloned */
	__asm__ volatile("" : "+r" (number), "+r" (text) : : "memory");
	return number * 10 + (int)strlen(text);
}

int main(void)
{
	int sum = 0;
	int i;

	for (i = 1; i <= 3; i++)
		sum += traced_function(i, "four");
	return sum;
}
