// SPDX-License-Identifier: GPL-2.0
/*
 * Takes one instruction out of QEMU, which loads this with LD_PRELOAD.
 *
 * helper_vmrun() of QEMU 7.2 delivers the interrupt that VMRUN injects, but also
 * notes its vector in exception_index as if it were still to be delivered.  If
 * the CPU's thread looks up from its work before the guest's next exception or
 * exit, it is delivered again, even while the guest has interrupts off.  Only
 * the note is removed here: without it the field says that there is nothing.
 *
 * The place is recognized by the instructions around it, the last of which calls
 * do_interrupt_x86_hardirq(), which QEMU exports to its modules.  In a QEMU that
 * has no such place nothing is changed, and tests/bed/injection judges it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define X	0x100		/* a byte of a displacement, any */

/* Intel SDM vol. 2, 2.1: opcode, ModRM, displacement, immediate */
static const uint16_t pattern[] = {
	0x89, 0xb3, X, X, X, X,			/* exception_index = vector */
	0xc7, 0x83, X, X, X, X, 0, 0, 0, 0,	/* exception_is_int = 0 */
	0x48, 0xc7, 0x83, X, X, X, X,		/* exception_next_eip = ... */
	0xff, 0xff, 0xff, 0xff,			/* ... -1 */
	0xf6, 0x05, X, X, X, X, 0x02,		/* qemu_loglevel & ... */
	0x0f, 0x85, X, X, X, X,			/* jne */
	0xba, 1, 0, 0, 0,			/* is_hw */
	0x48, 0x89, 0xdf,			/* env */
	0xe8,					/* call */
};

#define STORE	6		/* bytes of the first one, which goes */
#define PATTERN	(sizeof(pattern) / sizeof(*pattern))
#define SIZE	(PATTERN + sizeof(int32_t))

struct text {
	uint8_t *start;
	size_t size;
};

static int is_place(const uint8_t *code, const void *callee)
{
	const uint8_t *end = code + SIZE;
	int32_t distance;

	for (size_t i = 0; i < PATTERN; i++)
		if (pattern[i] != X && pattern[i] != code[i])
			return 0;
	memcpy(&distance, end - sizeof(distance), sizeof(distance));
	return end + distance == (const uint8_t *)callee;
}

/* The first object is the program; its only segment to execute has .text */
static int find_text(struct dl_phdr_info *info, size_t size, void *data)
{
	struct text *text = data;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const Elf64_Phdr *p = info->dlpi_phdr + i;

		if (p->p_type != PT_LOAD || !(p->p_flags & PF_X))
			continue;
		text->start = (uint8_t *)(info->dlpi_addr + p->p_vaddr);
		text->size = p->p_memsz;
	}
	return 1;
}

static uint8_t *find_place(const struct text *text, const void *callee)
{
	uint8_t *place = NULL;

	for (size_t i = 0; i + SIZE <= text->size; i++) {
		if (!is_place(text->start + i, callee))
			continue;
		if (place)
			return NULL;
		place = text->start + i;
	}
	return place;
}

static void remove_store(uint8_t *place)
{
	size_t page = sysconf(_SC_PAGESIZE);
	uint8_t *start = (uint8_t *)((uintptr_t)place & -page);
	size_t size = place + STORE - start;

	if (mprotect(start, size, PROT_READ | PROT_WRITE | PROT_EXEC))
		return;
	memset(place, 0x90, STORE);		/* NOP */
	mprotect(start, size, PROT_READ | PROT_EXEC);
}

/* What QEMU starts, to save its state, is not QEMU */
__attribute__((constructor)) static void fix(void)
{
	void *callee = dlsym(RTLD_DEFAULT, "do_interrupt_x86_hardirq");
	struct text text = { NULL, 0 };
	uint8_t *place;

	unsetenv("LD_PRELOAD");
	if (!callee)
		return;
	dl_iterate_phdr(find_text, &text);
	place = find_place(&text, callee);
	if (place)
		remove_store(place);
}
