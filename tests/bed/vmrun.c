// SPDX-License-Identifier: GPL-2.0
/*
 * Takes two faults out of the SVM of QEMU, which loads this with LD_PRELOAD.
 *
 * helper_vmrun() of QEMU 7.2 delivers the interrupt that VMRUN injects, but also
 * notes its vector in exception_index as if it were still to be delivered.  If
 * the CPU's thread looks up from its work before the guest's next exception or
 * exit, it is delivered again, even while the guest has interrupts off.  The
 * note is removed: without it the field says that there is nothing.
 *
 * VMRUN loads the guest's DR7, and an exit the host's, as if it were a number
 * only: what it enables is not armed, what was armed before stays so, and the
 * next write of DR7 takes a watchpoint for a breakpoint, or the other way round,
 * which ends QEMU.  cpu_x86_update_dr7(), which MOV to DR7 calls, is called there.
 *
 * A place is recognized by the instructions around it, one of which calls what
 * QEMU exports to its modules.  In a QEMU that has no such place nothing is
 * changed; tests/bed/injection and tests/debug/watch judge it.
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
#define NOP	0x90
#define CALL	0xe8		/* and 32 bits: from its end to the callee */
#define CALL_LENGTH	5

/* Intel SDM vol. 2, 2.1: opcode, ModRM, displacement, immediate */
static const uint16_t vector_noted[] = {
	0x89, 0xb3, X, X, X, X,			/* exception_index = vector */
	0xc7, 0x83, X, X, X, X, 0, 0, 0, 0,	/* exception_is_int = 0 */
	0x48, 0xc7, 0x83, X, X, X, X,		/* exception_next_eip = ... */
	0xff, 0xff, 0xff, 0xff,			/* ... -1 */
	0xf6, 0x05, X, X, X, X, 0x02,		/* qemu_loglevel & ... */
	0x0f, 0x85, X, X, X, X,			/* jne */
	0xba, 1, 0, 0, 0,			/* is_hw */
	0x48, 0x89, 0xdf,			/* env */
	CALL, X, X, X, X,
};

/* A VMCB has DR7 at 0x560 (AMD APM vol. 2, appendix B) */
static const uint16_t dr7_loaded[] = {
	0x48, 0x8d, 0xb0, 0x60, 5, 0, 0,	/* its address */
	CALL, X, X, X, X,
	0x48, 0x89, 0xef,			/* cs, for the next call */
	0x48, 0x89, 0x83, X, X, X, X,		/* env->dr[7] = %rax */
};

struct fault {
	const uint16_t *code;
	size_t size;
	size_t call;		/* where in it the call is */
	const char *callee;
	size_t store;		/* where the instruction is that does the harm */
	size_t store_size;
	size_t places;
};

#define MAX_PLACES	2
#define ENTRIES(array)	(sizeof(array) / sizeof(*(array)))

static const struct fault injection = {
	.code = vector_noted, .size = ENTRIES(vector_noted),
	.call = ENTRIES(vector_noted) - CALL_LENGTH,
	.callee = "do_interrupt_x86_hardirq",
	.store = 0, .store_size = 6, .places = 1,
};

static const struct fault dr7 = {
	.code = dr7_loaded, .size = ENTRIES(dr7_loaded),
	.call = 7, .callee = "x86_ldq_phys",
	.store = ENTRIES(dr7_loaded) - 7, .store_size = 7,
	.places = 2,		/* VMRUN and exit */
};

struct text {
	uint8_t *start;
	size_t size;
};

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

static int is_place(const struct fault *fault, const uint8_t *code)
{
	const uint8_t *end = code + fault->call + CALL_LENGTH;
	int32_t distance;

	for (size_t i = 0; i < fault->size; i++)
		if (fault->code[i] != X && fault->code[i] != code[i])
			return 0;
	memcpy(&distance, end - sizeof(distance), sizeof(distance));
	return end + distance == dlsym(RTLD_DEFAULT, fault->callee);
}

/* Where the harm is done, in each place; nothing if their number is another one */
static size_t find_places(const struct text *text, const struct fault *fault,
			  uint8_t *store[MAX_PLACES])
{
	size_t found = 0;

	for (size_t i = 0; i + fault->size <= text->size; i++) {
		if (!is_place(fault, text->start + i))
			continue;
		if (found == fault->places)
			return 0;
		store[found++] = text->start + i + fault->store;
	}
	return found == fault->places ? found : 0;
}

static void put_call(uint8_t *at, const void *callee)
{
	int32_t distance = (const uint8_t *)callee - (at + CALL_LENGTH);

	*at = CALL;
	memcpy(at + 1, &distance, sizeof(distance));
}

/* Puts a call in the place of each store, or without a callee nothing */
static void replace(const struct text *text, const struct fault *fault,
		    const void *callee)
{
	uint8_t *store[MAX_PLACES];
	size_t places = find_places(text, fault, store);

	if (!places ||
	    mprotect(text->start, text->size, PROT_READ | PROT_WRITE | PROT_EXEC))
		return;
	while (places--) {
		memset(store[places], NOP, fault->store_size);
		if (callee)
			put_call(store[places], callee);
	}
	mprotect(text->start, text->size, PROT_READ | PROT_EXEC);
}

/* A page before the program, which CALL reaches from all of it */
static uint8_t *near_page(const struct text *text)
{
	size_t page = sysconf(_SC_PAGESIZE);
	uint8_t *at = (uint8_t *)((uintptr_t)text->start & -page);

	for (int i = 1; i < 1 << 14; i++) {
		void *map = mmap(at - i * page, page, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS |
				 MAP_FIXED_NOREPLACE, -1, 0);

		if (map != MAP_FAILED)
			return map;
	}
	return NULL;
}

/* What does the store's work: %rbx is env, %rax the value, %rdi is kept */
static void *make_stub(const struct text *text)
{
	static const uint8_t begin[] = {
		0x57,			/* push %rdi, which aligns the stack */
		0x48, 0x89, 0xdf,	/* mov %rbx,%rdi */
		0x89, 0xc6,		/* mov %eax,%esi */
	};
	static const uint8_t end[] = {
		0x5f,			/* pop %rdi */
		0xc3,			/* ret */
	};
	void *update = dlsym(RTLD_DEFAULT, "cpu_x86_update_dr7");
	uint8_t *stub = update ? near_page(text) : NULL;

	if (!stub)
		return NULL;
	memcpy(stub, begin, sizeof(begin));
	put_call(stub + sizeof(begin), update);
	memcpy(stub + sizeof(begin) + CALL_LENGTH, end, sizeof(end));
	if (mprotect(stub, sysconf(_SC_PAGESIZE), PROT_READ | PROT_EXEC))
		return NULL;
	return stub;
}

/* What QEMU starts, to save its state, is not QEMU */
__attribute__((constructor)) static void fix(void)
{
	struct text text = { NULL, 0 };
	void *stub;

	unsetenv("LD_PRELOAD");
	dl_iterate_phdr(find_text, &text);
	replace(&text, &injection, NULL);
	stub = make_stub(&text);
	if (stub)
		replace(&text, &dr7, stub);
}
