// SPDX-License-Identifier: GPL-2.0
/*
 * The first process of the boot tests, instead of a whole root file system: it
 * does one thing, named by "do=" on the kernel's command line (unknown words
 * with a value become init's environment), with "arg=" as its argument.
 * Without a C library, whose start executes CPUID, an exit, dozens of times.
 */
#include <asm/unistd.h>
#include <linux/reboot.h>

static long call(long nr, long a, long b, long c, long d, long e)
{
	register long r10 asm("r10") = d;
	register long r8 asm("r8") = e;
	register long r9 asm("r9") = 0;
	long ret;

	asm volatile("syscall" : "=a" (ret)
		     : "a" (nr), "D" (a), "S" (b), "d" (c), "r" (r10), "r" (r8),
		       "r" (r9)
		     : "rcx", "r11", "memory");
	return ret;
}

static long length(const char *s)
{
	long n = 0;

	while (s[n])
		n++;
	return n;
}

static int same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static void print(const char *s)
{
	call(__NR_write, 1, (long)s, length(s), 0, 0);
}

static void proc_write(const char *name, const char *value)
{
	long fd;

	call(__NR_mkdir, (long)"/proc", 0755, 0, 0, 0);
	call(__NR_mount, (long)"proc", (long)"/proc", (long)"proc", 0, 0);
	fd = call(__NR_open, (long)name, 1, 0, 0, 0);
	if (fd < 0 || call(__NR_write, fd, (long)value, length(value), 0, 0) < 0)
		print("init: cannot write\n");
	call(__NR_close, fd, 0, 0, 0, 0);
}

static void end(unsigned int how)
{
	call(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, how, 0, 0);
}

/* One line from the console, without its end */
static char *ask(void)
{
	static char line[80];
	long n;

	print("ready\n");
	n = call(__NR_read, 0, (long)line, sizeof(line) - 1, 0, 0);
	line[n > 0 ? n - 1 : 0] = '\0';
	return line;
}

static void spin(void)
{
	print("spinning\n");
	for (;;)
		;
}

static void pause(const char *text)
{
	print(text);
	for (;;)
		call(__NR_pause, 0, 0, 0, 0, 0);
}

/* All memory there is, and more */
static void eat(void)
{
	const long size = 1L << 30;
	char *p = (char *)call(__NR_mmap, 0, size, 3, 0x4022, -1);
	long i;

	for (i = 0; i < size; i += 4096)
		p[i] = 1;
}

static void act(const char *what, const char *arg)
{
	if (same(what, "ask"))
		act(ask(), arg);
	else if (same(what, "halt"))
		end(LINUX_REBOOT_CMD_HALT);
	else if (same(what, "restart"))
		end(LINUX_REBOOT_CMD_RESTART);
	else if (same(what, "code"))
		proc_write("/proc/exitcode", arg);
	else if (same(what, "sysrq"))
		proc_write("/proc/sysrq-trigger", arg);
	else if (same(what, "exit"))
		call(__NR_exit_group, 7, 0, 0, 0, 0);
	else if (same(what, "crash"))
		asm volatile("ud2");
	else if (same(what, "spin"))
		spin();
	else if (same(what, "eat"))
		eat();
	else if (same(what, "silent"))
		end(LINUX_REBOOT_CMD_POWER_OFF);
	else if (same(what, "sleep"))
		pause("asleep\n");
	print("init: off\n");
	end(LINUX_REBOOT_CMD_POWER_OFF);
}

/* CPUID with a leaf that nobody asks for shows in a trace that init runs */
static void mark(void)
{
	unsigned int eax = 0x4b4d5655;
	unsigned int ecx = 0;

	asm volatile("cpuid" : "+a" (eax), "+c" (ecx) : : "ebx", "edx");
}

/* The stack at the start: argc, argv, 0, envp, 0 */
__attribute__((used)) static void start(long *sp)
{
	char **env = (char **)(sp + 1 + sp[0] + 1);
	const char *what = "off";
	const char *arg = "";

	mark();
	for (; *env; env++) {
		if ((*env)[0] == 'd' && (*env)[1] == 'o' && (*env)[2] == '=')
			what = *env + 3;
		if ((*env)[0] == 'a' && (*env)[1] == 'r' && (*env)[2] == 'g' &&
		    (*env)[3] == '=')
			arg = *env + 4;
	}
	act(what, arg);
	pause("");
}

asm(".globl _start\n\t"
	"_start: mov %rsp, %rdi\n\t"
	"and $-16, %rsp\n\t"
	"call start");
