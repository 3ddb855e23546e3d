// SPDX-License-Identifier: GPL-2.0
/*
 * A core file: written when the limit allows it, for this machine, with the
 * notes that debuggers need and the registers and memory of the crash.
 */
#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/procfs.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/user.h>
#include "fpstate.h"
#include "tap.h"

static char dir[64];
static unsigned long marker[4] __aligned(32) = { 0x436f7265, 2, 3 };

/* Where a file is written and named "core" or "core.PID", or skip */
static void prepare(void)
{
	FILE *f = fopen("/proc/sys/kernel/core_pattern", "r");
	char pattern[128] = "";

	if (!f || !fgets(pattern, sizeof(pattern), f))
		skip("no core_pattern");
	fclose(f);
	if (strcmp(pattern, "core\n"))
		skip("core_pattern is %s", strtok(pattern, "\n"));
	strcpy(dir, "/tmp/guest-core-XXXXXX");
	mkdir("/tmp", 01777);
	check(mkdtemp(dir));
}

static void crash(void *arg)
{
	struct rlimit rl = { arg ? 0 : RLIM_INFINITY, RLIM_INFINITY };

	check(!chdir(dir));
	check(!setrlimit(RLIMIT_CORE, &rl));
	marker[3] = getpid();
	asm volatile("movabs $0x1234567890abcdef, %%r15; movl $77, %%ebx; ud2"
		     : : : "rbx", "r15", "memory");
}

static char *load_core(int pid, size_t *size)
{
	char path[128];
	struct stat st;
	char *p;
	int fd;

	snprintf(path, sizeof(path), "%s/core", dir);
	fd = open(path, O_RDONLY);
	if (fd < 0) {
		snprintf(path, sizeof(path), "%s/core.%d", dir, pid);
		fd = open(path, O_RDONLY);
	}
	if (fd >= 0) {
		unlink(path);
		rmdir(dir);
	}
	check(fd >= 0 && !fstat(fd, &st));
	p = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	check(p != MAP_FAILED);
	close(fd);
	*size = st.st_size;
	return p;
}

/* The first note of @type in the PT_NOTE segment, its size to @size */
static const void *note(const char *core, unsigned int type, size_t *size)
{
	const Elf64_Ehdr *eh = (const void *)core;
	const Elf64_Phdr *ph = (const void *)(core + eh->e_phoff);
	const char *p = core + ph->p_offset, *end = p + ph->p_filesz;

	check_eq(ph->p_type, PT_NOTE);
	while (p < end) {
		const Elf64_Nhdr *nh = (const void *)p;
		const char *desc = p + sizeof(*nh) + ((nh->n_namesz + 3) & ~3);

		if (nh->n_type == type) {
			*size = nh->n_descsz;
			return desc;
		}
		p = desc + ((nh->n_descsz + 3) & ~3);
	}
	return NULL;
}

static void check_registers(const char *core, int pid)
{
	const struct elf_prstatus *pr;
	const struct user_regs_struct *regs;
	size_t size;

	pr = note(core, NT_PRSTATUS, &size);
	check(pr);
	check_eq(size, sizeof(*pr));
	check_eq(pr->pr_pid, pid);
	check_eq(pr->pr_cursig, SIGILL);
	regs = (const void *)&pr->pr_reg;
	check_eq(regs->r15, 0x1234567890abcdef);
	check_eq(regs->rbx, 77);
	check_eq(regs->cs, 0x33);
}

/* The PT_LOAD segment with @marker must hold what the process wrote */
static void check_memory(const char *core, size_t size, int pid)
{
	const Elf64_Ehdr *eh = (const void *)core;
	const Elf64_Phdr *ph = (const void *)(core + eh->e_phoff);
	unsigned long at = (unsigned long)marker;
	int i;

	for (i = 0; i < eh->e_phnum; i++, ph++) {
		const unsigned long *m;

		if (ph->p_type != PT_LOAD || at < ph->p_vaddr ||
		    at >= ph->p_vaddr + ph->p_filesz)
			continue;
		check(ph->p_offset + ph->p_filesz <= size);
		m = (const void *)(core + ph->p_offset + at - ph->p_vaddr);
		check_eq(m[0], 0x436f7265);
		check_eq(m[3], pid);
		return;
	}
	tap_fail(__FILE__, __LINE__, "data segment in the core file");
}

static void written(void)
{
	const Elf64_Ehdr *eh;
	size_t size, n;
	int status, pid;
	char *core;

	prepare();
	pid = fork();
	if (!pid)
		crash(NULL);
	status = wait_child(pid);
	check(WIFSIGNALED(status) && WCOREDUMP(status));
	core = load_core(pid, &size);
	eh = (const void *)core;
	check(!memcmp(eh->e_ident, ELFMAG, SELFMAG));
	check_eq(eh->e_ident[EI_CLASS], ELFCLASS64);
	check_eq(eh->e_type, ET_CORE);
	check_eq(eh->e_machine, EM_X86_64);
	check_registers(core, pid);
	check(note(core, NT_PRPSINFO, &n));
	check(note(core, NT_AUXV, &n));
	check(note(core, NT_FILE, &n));
	check(note(core, NT_SIGINFO, &n) && n == sizeof(siginfo_t));
	check(note(core, NT_FPREGSET, &n) && n == 512);
	check(note(core, NT_X86_XSTATE, &n) || !have_avx());
	check_memory(core, size, pid);
}

static void limit_zero(void)
{
	int status;

	prepare();
	status = run_child(crash, "");
	check(WIFSIGNALED(status) && !WCOREDUMP(status));
	check(!rmdir(dir));
}

/* Floating point registers of the crash are in the file too */
static void crash_with_fp(void *arg)
{
	struct rlimit rl = { RLIM_INFINITY, RLIM_INFINITY };
	struct fpstate fp, out;

	check(!chdir(dir) && !setrlimit(RLIMIT_CORE, &rl));
	fp_pattern(&fp, 11);
	fp_across(&fp, &out, 0, SYS_kill, getpid(), SIGABRT);
}

static void fp_registers(void)
{
	const struct user_fpregs_struct *regs;
	struct fpstate fp;
	size_t size, n;
	int pid, i;
	char *core;

	prepare();
	pid = fork();
	if (!pid)
		crash_with_fp(NULL);
	check(WCOREDUMP(wait_child(pid)));
	core = load_core(pid, &size);
	regs = note(core, NT_FPREGSET, &n);
	check(regs);
	fp_pattern(&fp, 11);
	for (i = 0; i < 16; i++)
		check(!memcmp((const char *)regs->xmm_space + 16 * i,
			      fp.ymm[i], 16));
}

static void *wait_here(void *arg)
{
	pause();
	return NULL;
}

/* One NT_PRSTATUS per thread */
static void threads(void)
{
	const Elf64_Ehdr *eh;
	const Elf64_Phdr *ph;
	const char *p, *end;
	int pid, i, n = 0;
	size_t size;
	pthread_t t;
	char *core;

	prepare();
	pid = fork();
	if (!pid) {
		for (i = 0; i < 3; i++)
			check(!pthread_create(&t, NULL, wait_here, NULL));
		crash(NULL);
	}
	check(WCOREDUMP(wait_child(pid)));
	core = load_core(pid, &size);
	eh = (const void *)core;
	ph = (const void *)(core + eh->e_phoff);
	p = core + ph->p_offset;
	end = p + ph->p_filesz;
	while (p < end) {
		const Elf64_Nhdr *nh = (const void *)p;

		n += nh->n_type == NT_PRSTATUS;
		p += sizeof(*nh) + ((nh->n_namesz + 3) & ~3) +
		     ((nh->n_descsz + 3) & ~3);
	}
	check_eq(n, 4);
}

static const struct tap_case cases[] = {
	{ "written", written },
	{ "limit_zero", limit_zero },
	{ "fp_registers", fp_registers },
	{ "threads", threads },
};

TAP_SUITE(coredump, cases);
