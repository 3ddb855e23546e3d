// SPDX-License-Identifier: GPL-2.0
/*
 * A dynamically linked, position independent program: the dynamic linker,
 * libc, libm and threads' local storage at work.  Exit status 0 if all is
 * well, else the number of what was not.
 */
#include <elf.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>

static __thread int local = 3;
static int initialised;

static void __attribute__((__constructor__)) early(void)
{
	initialised = 1;
}

static void *thread(void *arg)
{
	int was = local;

	local = 9;
	return (void *)(long)was;
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int main(int argc, char **argv)
{
	const Elf64_Ehdr *ld = (const void *)getauxval(AT_BASE);
	int numbers[] = { 5, 3, 9, 1 };
	struct timespec ts;
	char buf[64];
	pthread_t t;
	void *ret;

	if (!initialised)
		return 1;
	if (!ld || memcmp(ld->e_ident, ELFMAG, SELFMAG))
		return 2;
	if (getauxval(AT_ENTRY) < 0x500000000000)
		return 3;		/* position independent: high up */
	if (pthread_create(&t, NULL, thread, NULL) || pthread_join(t, &ret))
		return 4;
	if ((long)ret != 3 || local != 3)
		return 5;
	qsort(numbers, 4, sizeof(int), compare);
	if (numbers[0] != 1 || numbers[3] != 9)
		return 6;
	snprintf(buf, sizeof(buf), "%.6f", sqrt(argc + 1.0));
	if (strcmp(buf, "1.414214"))
		return 7;
	if (clock_gettime(CLOCK_MONOTONIC, &ts))
		return 8;
	free(malloc(1 << 20));
	return 0;
}
