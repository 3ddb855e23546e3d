// SPDX-License-Identifier: GPL-2.0
/*
 * Takes three faults out of the SVM of QEMU, which loads this with LD_PRELOAD.
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
 * XSETBV in a guest sets XCR0 and does not exit, though it is intercepted.  KVM
 * goes on with the XCR0 it knows: its CPUID tells a size of the extended state
 * that does not fit, and arch/x86 does without XSAVE, AVX and protection keys.
 * cpu_svm_check_intercept_param(), which other instructions call, is called there.
 *
 * A place is recognized by the instructions around it, one of which calls what
 * QEMU exports to its modules.  In a QEMU that has no such place nothing is
 * changed; tests/bed/injection, tests/bed/xsetbv and tests/debug/watch judge it.
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

/* Of helper_xsetbv(), which has judged the value, what follows; env is %rbp */
static const uint16_t xcr0_stored[] = {
	0x48, 0x89, 0x9d, X, X, X, X,		/* env->xcr0 = %rbx */
	0x48, 0x89, 0xef,			/* env */
	CALL, X, X, X, X,
	0x48, 0x89, 0xef,			/* env, for the next call */
	CALL, X, X, X, X,
	0x48, 0x8b, 0x44, 0x24, 0x18,		/* the stack protector's word */
	0x64, 0x48, 0x2b, 0x04, 0x25, 0x28, 0, 0, 0,
	0x75, X,				/* jne */
	0x48, 0x83, 0xc4, 0x28,			/* add $0x28,%rsp */
	0x5b, 0x5d, 0xc3,			/* two registers, ret */
};

/* Code that is called in the place of a store: begin, a call, the rest of it */
struct stub {
	const uint8_t *begin;
	size_t begin_size;
	const char *callee;
	const uint8_t *end;
	size_t end_size;
	int stores;		/* does what the store did, before its end */
};

/* %rbx is env, %rax the value; %rdi is kept, for the call behind it */
static const uint8_t dr7_begin[] = {
	0x57,					/* push %rdi, aligns the stack */
	0x48, 0x89, 0xdf,			/* mov %rbx,%rdi */
	0x89, 0xc6,				/* mov %eax,%esi */
};

static const uint8_t dr7_end[] = {
	0x5f,					/* pop %rdi */
	0xc3,					/* ret */
};

/* 0x8d is the exit code of XSETBV (AMD APM vol. 2, appendix C) */
static const uint8_t xcr0_begin[] = {
	0x48, 0x83, 0xec, 8,			/* sub $8,%rsp */
	0x48, 0x89, 0xef,			/* mov %rbp,%rdi */
	0xbe, 0x8d, 0, 0, 0,			/* mov $0x8d,%esi */
	0x31, 0xd2,				/* xor %edx,%edx */
	0x48, 0x8b, 0x4c, 0x24, 0x48,		/* where the guest's code called */
};

static const uint8_t xcr0_end[] = {
	0x48, 0x83, 0xc4, 8,			/* add $8,%rsp */
	0xc3,					/* ret */
};

#define ENTRIES(array)	(sizeof(array) / sizeof(*(array)))

static const struct stub dr7_stub = {
	.begin = dr7_begin, .begin_size = sizeof(dr7_begin),
	.callee = "cpu_x86_update_dr7",
	.end = dr7_end, .end_size = sizeof(dr7_end),
};

static const struct stub xcr0_stub = {
	.begin = xcr0_begin, .begin_size = sizeof(xcr0_begin),
	.callee = "cpu_svm_check_intercept_param",
	.end = xcr0_end, .end_size = sizeof(xcr0_end),
	.stores = 1,
};

struct fault {
	const uint16_t *code;
	size_t size;
	size_t call;		/* where in it the call is */
	const char *callee;
	size_t store;		/* where the instruction is that does the harm */
	size_t store_size;
	size_t places;
	const struct stub *instead;	/* of it; NULL for nothing */
};

#define MAX_PLACES	2

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
	.instead = &dr7_stub,
};

static const struct fault xcr0 = {
	.code = xcr0_stored, .size = ENTRIES(xcr0_stored),
	.call = 10, .callee = "cpu_sync_bndcs_hflags",
	.store = 0, .store_size = 7, .places = 1,
	.instead = &xcr0_stub,
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

/* Writes a stub and returns where it ends, or NULL without its callee */
static uint8_t *write_stub(uint8_t *at, const struct fault *fault,
			   const uint8_t *store)
{
	const struct stub *stub = fault->instead;
	const void *callee = dlsym(RTLD_DEFAULT, stub->callee);

	if (!callee)
		return NULL;
	memcpy(at, stub->begin, stub->begin_size);
	put_call(at + stub->begin_size, callee);
	at += stub->begin_size + CALL_LENGTH;
	if (stub->stores)
		at = (uint8_t *)memcpy(at, store, fault->store_size) +
			fault->store_size;
	return (uint8_t *)memcpy(at, stub->end, stub->end_size) + stub->end_size;
}

/*
 * Puts a call of the stub, written at @free, or nothing, in the place of each
 * store.  Returns what is free behind the stub.
 */
static uint8_t *mend(const struct text *text, const struct fault *fault,
		     uint8_t *free)
{
	uint8_t *store[MAX_PLACES], *end = free;
	size_t places = find_places(text, fault, store);

	if (places && fault->instead)
		end = write_stub(free, fault, store[0]);
	if (!places || !end)
		return free;
	while (places--) {
		memset(store[places], NOP, fault->store_size);
		if (fault->instead)
			put_call(store[places], free);
	}
	return end;
}

/* What QEMU starts, to save its state, is not QEMU */
__attribute__((constructor)) static void fix(void)
{
	const int writable = PROT_READ | PROT_WRITE;
	struct text text = { NULL, 0 };
	uint8_t *page, *free;

	unsetenv("LD_PRELOAD");
	dl_iterate_phdr(find_text, &text);
	page = near_page(&text);
	if (!page || mprotect(text.start, text.size, writable | PROT_EXEC))
		return;
	free = mend(&text, &injection, page);
	free = mend(&text, &dr7, free);
	mend(&text, &xcr0, free);
	mprotect(text.start, text.size, PROT_READ | PROT_EXEC);
	mprotect(page, sysconf(_SC_PAGESIZE), PROT_READ | PROT_EXEC);
}
