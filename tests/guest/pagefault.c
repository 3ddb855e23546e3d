// SPDX-License-Identifier: GPL-2.0
/*
 * #PF that ends in a signal: read, write and execute, of nothing, of pages
 * with other rights and of the kernel; si_code, si_addr, error code, CR2.
 */
#include "tap.h"
#include "trap.h"

/* Error code bits; reserved-bit and shadow-stack faults reach no program */
#define PF_PRESENT	1
#define PF_WRITE	2
#define PF_USER		4
#define PF_FETCH	16
#define PF_KEY		32

static __noinline void read_at(void *arg)
{
	asm volatile("movb (%0), %%al" : : "r"(arg) : "rax");
}

static __noinline void write_at(void *arg)
{
	touch(arg);
}

static __noinline void call_at(void *arg)
{
	((void (*)(void))arg)();
}

/* A fault at @at: check all that the signal says */
static void expect(void (*fn)(void *), const void *at, int code, int err)
{
	struct trap t;

	trap_catch(&t, fn, (void *)at);
	check_trap(&t, SIGSEGV, code, VEC_PF);
	check_eq(t.addr, at);
	check_eq(t.cr2, at);
	check_eq(t.err, err);
	if (fn == call_at)
		check_eq(t.ip, at);
}

static void unmapped(void)
{
	char *p = hole_page();

	expect(read_at, p + 5, SEGV_MAPERR, PF_USER);
	expect(write_at, p + PAGE - 1, SEGV_MAPERR, PF_USER | PF_WRITE);
	expect(call_at, p, SEGV_MAPERR, PF_USER | PF_FETCH);
	expect(read_at, NULL, SEGV_MAPERR, PF_USER);
	expect(call_at, NULL, SEGV_MAPERR, PF_USER | PF_FETCH);
}

static void read_only(void)
{
	char *p = map_pages(1, PROT_READ | PROT_WRITE);

	touch(p);
	check(!mprotect(p, PAGE, PROT_READ));
	read_at(p);
	expect(write_at, p + 8, SEGV_ACCERR, PF_USER | PF_WRITE | PF_PRESENT);
	expect(write_at, read_only, SEGV_ACCERR,
	       PF_USER | PF_WRITE | PF_PRESENT);
}

/* Never touched: the page is not present, but the rights decide */
static void read_only_untouched(void)
{
	char *p = map_pages(1, PROT_READ);

	expect(write_at, p, SEGV_ACCERR, PF_USER | PF_WRITE);
}

static void no_access(void)
{
	char *p = map_pages(1, PROT_READ | PROT_WRITE);

	touch(p);
	check(!mprotect(p, PAGE, PROT_NONE));
	expect(read_at, p, SEGV_ACCERR, PF_USER);
	expect(write_at, p, SEGV_ACCERR, PF_USER | PF_WRITE);
	expect(call_at, p, SEGV_ACCERR, PF_USER | PF_FETCH);
}

static const char ret_insn[] = { 0xc3 };

static void nx_data(void)
{
	char *p = map_pages(1, PROT_READ | PROT_WRITE);
	int err = PF_USER | PF_FETCH | PF_PRESENT;

	*p = ret_insn[0];
	expect(call_at, p, SEGV_ACCERR, err);
	check(!mprotect(p, PAGE, PROT_READ | PROT_EXEC));
	call_at(p);
	check(!mprotect(p, PAGE, PROT_READ));
	expect(call_at, p, SEGV_ACCERR, err);
	expect(call_at, ret_insn, SEGV_ACCERR, err);
}

static void nx_stack(void)
{
	char code[1] = { ret_insn[0] };

	asm volatile("" : : "r"(code) : "memory");
	expect(call_at, code, SEGV_ACCERR, PF_USER | PF_FETCH | PF_PRESENT);
}

static void nx_heap(void)
{
	char *p = sbrk(PAGE);

	*p = ret_insn[0];
	expect(call_at, p, SEGV_ACCERR, PF_USER | PF_FETCH | PF_PRESENT);
}

/*
 * The kernel's half: mapped or not must look the same (no probing), and the
 * vector is 14, not a crash.
 */
static void kernel_half(void)
{
	static const unsigned long at[] = {
		0xffffffff80000000, 0xffffffff81000000, 0xffff888000000000,
		0xffff888000001000, 0xffff888000200000, 0xffffc90000000000,
		0xffffea0000000000, 0xffff800000000000, 0xffffffffffffe000,
		0x00007ffffffff000,
	};
	unsigned int i;

	need_four_levels();
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		const void *p = (void *)at[i];
		int err = PF_USER | PF_PRESENT;

		expect(read_at, p, SEGV_MAPERR, err);
		expect(write_at, p, SEGV_MAPERR, err | PF_WRITE);
		expect(call_at, p, SEGV_MAPERR, err | PF_FETCH);
	}
}

/* Two pages with one access: the address is that of the second page */
static __noinline void read_long(void *arg)
{
	asm volatile("movq (%0), %%rax" : : "r"(arg) : "rax");
}

static void straddle(void)
{
	char *p = hole_page();
	struct trap t;

	trap_catch(&t, read_long, p - 4);
	check_eq(t.signo, SIGSEGV);		/* the page before: PROT_NONE */
	check(!mprotect(p - PAGE, PAGE, PROT_READ));
	trap_catch(&t, read_long, p - 4);
	check_trap(&t, SIGSEGV, SEGV_MAPERR, VEC_PF);
	check_eq(t.addr, p);
}

static void bus_error(void)
{
	int fd = memfd_create("bus", 0);
	struct trap t;
	char *p;

	check(fd >= 0 && !ftruncate(fd, PAGE + 1));
	p = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	check(p != MAP_FAILED);
	touch(p + 2 * PAGE - 1);
	trap_catch(&t, write_at, p + 2 * PAGE + 3);
	check_trap(&t, SIGBUS, BUS_ADRERR, VEC_PF);
	check_eq(t.addr, p + 2 * PAGE + 3);
	check(!ftruncate(fd, 0));
	trap_catch(&t, read_at, p);
	check_trap(&t, SIGBUS, BUS_ADRERR, VEC_PF);
}

/* Protection keys: the program's own register decides, not the page table */
static void protection_key(void)
{
	char *p = map_pages(1, PROT_READ | PROT_WRITE);
	int key;

	if (!have_pku())
		skip("no protection keys");
	key = pkey_alloc(0, 0);
	check(key > 0);
	touch(p);
	check(!pkey_mprotect(p, PAGE, PROT_READ | PROT_WRITE, key));
	touch(p);
	check(!pkey_set(key, PKEY_DISABLE_WRITE));
	read_at(p);
	expect(write_at, p, SEGV_PKUERR,
	       PF_USER | PF_WRITE | PF_PRESENT | PF_KEY);
	check(!pkey_set(key, PKEY_DISABLE_ACCESS));
	expect(read_at, p, SEGV_PKUERR, PF_USER | PF_PRESENT | PF_KEY);
	check(!pkey_set(key, PKEY_DISABLE_ACCESS));
	check(syscall(SYS_uname, p) == -1 && errno == EFAULT);
	check(!pkey_set(key, 0));
	touch(p);
	check(!pkey_free(key));
}

/* The handler repairs the mapping and the instruction is restarted */
static char *repaired;
static int repairs;

static void repair(int signo, siginfo_t *info, void *ctx)
{
	char *page = (char *)((unsigned long)info->si_addr & -PAGE);

	check(page >= repaired && page < repaired + 64 * PAGE);
	check(!mprotect(page, PAGE, PROT_READ | PROT_WRITE));
	repairs++;
}

static void restart(void)
{
	struct sigaction sa = { .sa_sigaction = repair, .sa_flags = SA_SIGINFO };
	int i;

	repaired = map_pages(64, PROT_NONE);
	check(!sigaction(SIGSEGV, &sa, NULL));
	for (i = 0; i < 64; i++) {
		check(repaired[i * PAGE + i] == 0);
		repaired[i * PAGE + i] = i;
	}
	check_eq(repairs, 64);
	for (i = 0; i < 64; i++)
		check_eq(repaired[i * PAGE + i], i);
}

/* A string move across the page that is repaired keeps its registers right */
static void restart_string(void)
{
	struct sigaction sa = { .sa_sigaction = repair, .sa_flags = SA_SIGINFO };
	static char from[4 * PAGE];
	void *si = from, *di;
	unsigned long n = sizeof(from);

	memset(from, 0x5a, sizeof(from));
	repaired = map_pages(64, PROT_NONE);
	di = repaired;
	check(!sigaction(SIGSEGV, &sa, NULL));
	asm volatile("rep movsb" : "+S"(si), "+D"(di), "+c"(n) : : "memory");
	check_eq(n, 0);
	check_eq(repairs, 4);
	check(!memcmp(from, repaired, sizeof(from)));
}

static const struct tap_case cases[] = {
	{ "unmapped", unmapped },
	{ "read_only", read_only },
	{ "read_only_untouched", read_only_untouched },
	{ "no_access", no_access },
	{ "nx_data", nx_data },
	{ "nx_stack", nx_stack },
	{ "nx_heap", nx_heap },
	{ "kernel_half", kernel_half },
	{ "straddle", straddle },
	{ "bus_error", bus_error },
	{ "protection_key", protection_key },
	{ "restart", restart },
	{ "restart_string", restart_string },
};

TAP_SUITE(pagefault, cases);
