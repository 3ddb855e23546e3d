// SPDX-License-Identifier: GPL-2.0
/*
 * #GP: what ring 3 must not do.  Privileged instructions, port input and
 * output (also the machine's own ports 0xe0 and 0xe4), every software
 * interrupt, non-canonical addresses.  Each is SIGSEGV, SI_KERNEL, vector 13,
 * with the instruction pointer at the instruction.
 */
#include <sys/io.h>
#include "tap.h"
#include "trap.h"

/* MAY_UD: raises #UD where the CPU or its mode lacks the instruction */
#define MAY_UD	1
#define MAY_RUN	2	/* the kernel may emulate it, as arch/x86 does */

struct insn {
	const char *name;
	unsigned int may;
	unsigned int len;
	unsigned char code[8];
};

static const struct insn insns[] = {
	{ "hlt", 0, 1, { 0xf4 } },
	{ "cli", 0, 1, { 0xfa } },
	{ "sti", 0, 1, { 0xfb } },
	{ "clts", 0, 2, { 0x0f, 0x06 } },
	{ "invd", 0, 2, { 0x0f, 0x08 } },
	{ "wbinvd", 0, 2, { 0x0f, 0x09 } },
	{ "rdmsr", 0, 2, { 0x0f, 0x32 } },
	{ "wrmsr", 0, 2, { 0x0f, 0x30 } },
	{ "mov %cr0,%rax", 0, 3, { 0x0f, 0x20, 0xc0 } },
	{ "mov %cr2,%rax", 0, 3, { 0x0f, 0x20, 0xd0 } },
	{ "mov %cr3,%rax", 0, 3, { 0x0f, 0x20, 0xd8 } },
	{ "mov %cr4,%rax", 0, 3, { 0x0f, 0x20, 0xe0 } },
	{ "mov %cr8,%rax", 0, 4, { 0x44, 0x0f, 0x20, 0xc0 } },
	{ "mov %rax,%cr0", 0, 3, { 0x0f, 0x22, 0xc0 } },
	{ "mov %rax,%cr3", 0, 3, { 0x0f, 0x22, 0xd8 } },
	{ "mov %rax,%cr4", 0, 3, { 0x0f, 0x22, 0xe0 } },
	{ "mov %rax,%cr8", 0, 4, { 0x44, 0x0f, 0x22, 0xc0 } },
	{ "mov %dr0,%rax", 0, 3, { 0x0f, 0x21, 0xc0 } },
	{ "mov %dr7,%rax", 0, 3, { 0x0f, 0x21, 0xf8 } },
	{ "mov %rax,%dr7", 0, 3, { 0x0f, 0x23, 0xf8 } },
	{ "invlpg (%rsp)", 0, 4, { 0x0f, 0x01, 0x3c, 0x24 } },
	{ "lgdt (%rsp)", 0, 4, { 0x0f, 0x01, 0x14, 0x24 } },
	{ "lidt (%rsp)", 0, 4, { 0x0f, 0x01, 0x1c, 0x24 } },
	{ "lldt %ax", 0, 3, { 0x0f, 0x00, 0xd0 } },
	{ "ltr %ax", 0, 3, { 0x0f, 0x00, 0xd8 } },
	{ "lmsw %ax", 0, 3, { 0x0f, 0x01, 0xf0 } },
	{ "swapgs", 0, 3, { 0x0f, 0x01, 0xf8 } },
	{ "sysretq", 0, 3, { 0x48, 0x0f, 0x07 } },
	{ "sysexit", MAY_UD, 3, { 0x48, 0x0f, 0x35 } },
	{ "xsetbv", MAY_UD, 3, { 0x0f, 0x01, 0xd1 } },
	{ "monitor", MAY_UD, 3, { 0x0f, 0x01, 0xc8 } },
	{ "mwait", MAY_UD, 3, { 0x0f, 0x01, 0xc9 } },
	{ "vmrun", MAY_UD, 3, { 0x0f, 0x01, 0xd8 } },
	{ "vmload", MAY_UD, 3, { 0x0f, 0x01, 0xda } },
	{ "stgi", MAY_UD, 3, { 0x0f, 0x01, 0xdc } },
	{ "invlpga", MAY_UD, 3, { 0x0f, 0x01, 0xdf } },
	{ "clac", MAY_UD, 3, { 0x0f, 0x01, 0xca } },
	{ "stac", MAY_UD, 3, { 0x0f, 0x01, 0xcb } },
	{ "invpcid", MAY_UD, 6, { 0x66, 0x0f, 0x38, 0x82, 0x04, 0x24 } },
	{ "sgdt -16(%rsp)", MAY_RUN, 5, { 0x0f, 0x01, 0x44, 0x24, 0xf0 } },
	{ "sidt -16(%rsp)", MAY_RUN, 5, { 0x0f, 0x01, 0x4c, 0x24, 0xf0 } },
	{ "sldt %ax", MAY_RUN, 3, { 0x0f, 0x00, 0xc0 } },
	{ "str %ax", MAY_RUN, 3, { 0x0f, 0x00, 0xc8 } },
	{ "smsw %ax", MAY_RUN, 3, { 0x0f, 0x01, 0xe0 } },
};

/* Runs the code at @arg with all argument registers zero */
static __noinline void call_code(void *arg)
{
	asm volatile("xorl %%ecx, %%ecx; xorl %%edx, %%edx; xorl %%eax, %%eax;"
		     "subq $128, %%rsp; call *%0; addq $128, %%rsp"
		     : "+S"(arg) : : "rax", "rcx", "rdx", "memory", "cc");
}

static void instructions(void)
{
	struct trap t;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(insns); i++) {
		const struct insn *in = &insns[i];
		unsigned char code[16] = { 0 };
		void *p;

		memcpy(code, in->code, in->len);
		code[in->len] = 0xc3;
		p = code_page(code, sizeof(code));
		trap_catch(&t, call_code, p);
		munmap(p, PAGE);
		if (in->may & MAY_RUN && !t.signo)
			continue;
		if (in->may & MAY_UD && t.signo == SIGILL) {
			check_eq(t.no, VEC_UD);
			continue;
		}
		if (t.signo != SIGSEGV || t.no != VEC_GP)
			tap_differ(__FILE__, __LINE__, in->name, t.no, VEC_GP);
		check_eq(t.code, SI_KERNEL);
		check_eq(t.err, 0);
		check_eq(t.addr, 0);
		check_eq(t.ip, p);
	}
}

static const unsigned short ports[] = {
	0xe0, 0xe4, 0x80, 0x3f8, 0x64, 0x70, 0xcf8, 0xffff,
};

/* in and out of each width, and the string forms */
static const struct insn port_insns[] = {
	{ "inb", 0, 1, { 0xec } }, { "inw", 0, 2, { 0x66, 0xed } },
	{ "inl", 0, 1, { 0xed } }, { "outb", 0, 1, { 0xee } },
	{ "outw", 0, 2, { 0x66, 0xef } }, { "outl", 0, 1, { 0xef } },
	{ "insb", 0, 1, { 0x6c } }, { "outsb", 0, 1, { 0x6e } },
	{ "rep insl", 0, 2, { 0xf3, 0x6d } },
	{ "rep outsl", 0, 2, { 0xf3, 0x6f } },
};

struct port_call {
	void *code;
	unsigned long port;
	char buf[16];
};

static __noinline void call_port(void *arg)
{
	struct port_call *pc = arg;
	void *di = pc->buf, *si = pc->buf;
	unsigned long count = 1;

	asm volatile("subq $128, %%rsp; call *%3; addq $128, %%rsp"
		     : "+D"(di), "+S"(si), "+c"(count)
		     : "r"(pc->code), "d"(pc->port), "a"(1)
		     : "memory", "cc");
}

static void check_ports(void)
{
	struct port_call pc;
	struct trap t;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(port_insns); i++) {
		unsigned char code[8] = { 0 };

		memcpy(code, port_insns[i].code, port_insns[i].len);
		code[port_insns[i].len] = 0xc3;
		pc.code = code_page(code, sizeof(code));
		for (j = 0; j < ARRAY_SIZE(ports); j++) {
			pc.port = ports[j];
			trap_catch(&t, call_port, &pc);
			check_trap(&t, SIGSEGV, SI_KERNEL, VEC_GP);
			check_eq(t.err, 0);
			check_eq(t.ip, pc.code);
		}
		munmap(pc.code, PAGE);
	}
}

/* iopl() and ioperm() must not open the ports, not even to root */
static void iopl_ioperm(void)
{
	if (getuid() == 0 && !on_umkvm()) {
		check(!setgid(65534));
		check(!setuid(65534));
	}
	check(iopl(3) == -1);
	check(errno == ENOSYS || (errno == EPERM && !on_umkvm()));
	check(ioperm(0xe0, 8, 1) == -1);
	check(errno == ENOSYS || (errno == EPERM && !on_umkvm()));
	check_ports();
}

/* 0x80 is the 32-bit system call where the kernel has it: eax 20, getpid */
static __noinline void int_0x80(void *arg)
{
	long ret;

	asm volatile("int $0x80" : "=a"(ret) : "a"(20)
		     : "memory", "r8", "r9", "r10", "r11");
	check_eq(ret, getpid());
}

/* The IDT's own gates are for the CPU: int $n gives #GP with the selector */
static void int_n(void)
{
	unsigned char code[256 * 3];
	struct trap t;
	int n;
	char *p;

	for (n = 0; n < 256; n++) {
		code[3 * n] = 0xcd;
		code[3 * n + 1] = n;
		code[3 * n + 2] = 0xc3;
	}
	p = code_page(code, sizeof(code));
	for (n = 0; n < 256; n++) {
		if (n == VEC_BP || n == VEC_OF)
			continue;
		trap_catch(&t, n == 0x80 ? int_0x80 : call_code, p + 3 * n);
		if (n == 0x80 && !t.signo && !on_umkvm())
			continue;
		check_trap(&t, SIGSEGV, SI_KERNEL, VEC_GP);
		/* QEMU's TCG counts 16 bytes a gate */
		check_eq(t.err, n << (on_tcg() ? 4 : 3) | 2);
		if (n != 0x80)
			check_eq(t.ip, p + 3 * n);
	}
}

static __noinline void read_at(void *arg)
{
	asm volatile("movb (%0), %%al" : : "r"(arg) : "rax");
}

static __noinline void write_at(void *arg)
{
	asm volatile("movb $0, (%0)" : : "r"(arg) : "memory");
}

static void non_canonical(void)
{
	static const unsigned long at[] = {
		0x0000800000000000, 0x8000000000000000, 0xffff7fffffffffff,
		0x0100000000000000,
	};
	struct trap t;
	unsigned int i;

	need_four_levels();
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		trap_catch(&t, read_at, (void *)at[i]);
		check_trap(&t, SIGSEGV, SI_KERNEL, VEC_GP);
		check_eq(t.err, 0);
		check_eq(t.addr, 0);
		trap_catch(&t, write_at, (void *)at[i]);
		check_trap(&t, SIGSEGV, SI_KERNEL, VEC_GP);
	}
}

static __noinline void jump_to(void *arg)
{
	asm volatile("jmp *%0" : : "r"(arg));
}

/* The fault is at the jump on Intel and at the target on AMD */
static void non_canonical_jump(void)
{
	struct trap t;

	need_four_levels();
	trap_catch(&t, jump_to, (void *)0x800000000000);
	check_trap(&t, SIGSEGV, SI_KERNEL, VEC_GP);
	trap_catch(&t, jump_to, (void *)0xdead000000000000);
	check_trap(&t, SIGSEGV, SI_KERNEL, VEC_GP);
}

static __noinline void load_ds(void *arg)
{
	asm volatile("movw %w0, %%ds" : : "r"(arg));
}

/* The kernel's selectors cannot be loaded; the error code names them */
static void bad_selector(void)
{
	static const unsigned long sel[] = { 0x10, 0x18, 0x40, 0xfff8 };
	struct trap t;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sel); i++) {
		trap_catch(&t, load_ds, (void *)sel[i]);
		check_trap(&t, SIGSEGV, SI_KERNEL, VEC_GP);
		check_eq(t.err, sel[i]);
	}
}

/*
 * The hypervisor's own call from ring 3: refused with -EPERM by KVM, or #UD;
 * a KVM that would patch the instruction finds read-only text (#PF).
 */
static void vmcall(void)
{
	static const unsigned char code[2][4] = {
		{ 0x0f, 0x01, 0xc1, 0xc3 }, { 0x0f, 0x01, 0xd9, 0xc3 },
	};
	struct trap t;
	int i;

	for (i = 0; i < 2; i++) {
		void *p = code_page(code[i], 4);

		trap_catch(&t, call_code, p);
		check(!t.signo || t.signo == SIGILL || t.signo == SIGSEGV);
		check(!memcmp(p, code[i], 4));
	}
}

static const struct tap_case cases[] = {
	{ "instructions", instructions },
	{ "ports", check_ports },
	{ "iopl_ioperm", iopl_ioperm },
	{ "int_n", int_n },
	{ "non_canonical", non_canonical },
	{ "non_canonical_jump", non_canonical_jump },
	{ "bad_selector", bad_selector },
	{ "vmcall", vmcall },
};

TAP_SUITE(privileged, cases);
