// SPDX-License-Identifier: GPL-2.0
/*
 * execve: static and dynamic programs, scripts, arguments and their limits,
 * the auxiliary vector, what is inherited and what is not, what is refused.
 *
 * This binary plays the new program too, under the names exec_*.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include "tap.h"

#define SELF	"/proc/self/exe"
#define RANDOM_FD	20

static char script[64];

/* In a child: exec @path with @argv; the status it ends with */
static int exec_status(const char *path, char *const argv[],
		       char *const envp[])
{
	int pid = fork();

	check(pid >= 0);
	if (!pid) {
		execve(path, argv, envp);
		_exit(errno == E2BIG ? 120 : errno == ENOEXEC ? 121 : 122);
	}
	return wait_child(pid);
}

static int argv_main(int argc, char **argv)
{
	return argc == 4 && !strcmp(argv[1], "one") && !*argv[2] &&
	       !strcmp(argv[3], "three 3") && getenv("A") &&
	       !strcmp(getenv("A"), "b=c") && !environ[1] ? 0 : 1;
}

static void arguments(void)
{
	char *const argv[] = { "exec_argv", "one", "", "three 3", NULL };
	char *const envp[] = { "A=b=c", NULL };

	check_eq(exec_status(SELF, argv, envp), 0);
}

static int long_main(int argc, char **argv)
{
	size_t sum = 0;
	int i;

	for (i = 1; i < argc; i++)
		sum += strlen(argv[i]);
	return sum == 100000 + 200UL * (argc - 2) ? 0 : 1;
}

/* One string of 100,000 bytes and 500 of 200; then what exceeds the limits */
static void argument_limits(void)
{
	static char big[140000], small[201];
	char *argv[503];
	int i;

	memset(small, 'y', 200);
	memset(big, 'x', 100000);
	argv[0] = "exec_long";
	argv[1] = big;
	for (i = 2; i < 502; i++)
		argv[i] = small;
	argv[502] = NULL;
	check_eq(exec_status(SELF, argv, environ), 0);
	memset(big, 'x', sizeof(big) - 1);	/* MAX_ARG_STRLEN is 131072 */
	check_eq(exec_status(SELF, argv, environ), 120 << 8);
}

static void write_script(const char *text)
{
	int fd;

	strcpy(script, "/tmp/guest-script-XXXXXX");
	mkdir("/tmp", 01777);
	fd = mkstemp(script);
	check(fd >= 0);
	check_eq(write(fd, text, strlen(text)), strlen(text));
	check(!fchmod(fd, 0755));
	close(fd);
}

static int script_main(int argc, char **argv)
{
	return argc == 3 && !strncmp(argv[1], "/tmp/guest-script-", 18) &&
	       !strcmp(argv[2], "arg") ? 0 : 1;
}

/* The interpreter's name chooses the tool in this binary, as its argv[0] */
static void hash_bang(void)
{
	char *const argv[] = { "ignored", "arg", NULL };
	const char *link = "/tmp/exec_script";
	char self[512] = "";
	int status;

	check(readlink(SELF, self, sizeof(self) - 1) > 0);
	mkdir("/tmp", 01777);
	unlink(link);
	check(!symlink(self, link));
	write_script("#!/tmp/exec_script\n");
	status = exec_status(script, argv, environ);
	unlink(script);
	check_eq(status, 0);
	write_script("#!/no/such/interpreter\n");
	status = exec_status(script, argv, environ);
	unlink(script);
	unlink(link);
	check_eq(status, 122 << 8);
}

static void refused(void)
{
	char *const argv[] = { "x", NULL };
	Elf64_Ehdr eh = {
		.e_ident = { 0x7f, 'E', 'L', 'F', 2, 1, 1 },
		.e_type = ET_EXEC, .e_machine = EM_AARCH64,
	};
	int fd;

	write_script("");
	check_eq(exec_status(script, argv, environ), 121 << 8);
	fd = open(script, O_WRONLY);
	check_eq(write(fd, &eh, sizeof(eh)), sizeof(eh));
	close(fd);
	check_eq(exec_status(script, argv, environ), 121 << 8);
	chmod(script, 0644);
	check_eq(exec_status(script, argv, environ), 122 << 8);
	unlink(script);
}

static unsigned long raw_auxv(unsigned long type)
{
	Elf64_auxv_t a = { 0 };
	FILE *f = fopen("/proc/self/auxv", "r");

	check(f);
	while (fread(&a, sizeof(a), 1, f) == 1 && a.a_type != AT_NULL)
		if (a.a_type == type)
			break;
	fclose(f);
	check_eq(a.a_type, type);
	return a.a_un.a_val;
}

static void auxv(void)
{
	const Elf64_Phdr *ph = (const void *)getauxval(AT_PHDR);
	const unsigned char *random = (const void *)getauxval(AT_RANDOM);
	unsigned long i, sum = 0;

	check_eq(getauxval(AT_PAGESZ), PAGE);
	check_eq(getauxval(AT_PHENT), sizeof(*ph));
	check(getauxval(AT_PHNUM) > 2 && ph);
	check(getauxval(AT_ENTRY) > 0x400000);
	check_eq(getauxval(AT_BASE), 0);	/* static */
	check_eq(getauxval(AT_UID), getuid());
	check_eq(getauxval(AT_EGID), getegid());
	check_eq(getauxval(AT_SECURE), 0);
	check_eq(getauxval(AT_CLKTCK), 100);
	check(!strcmp((char *)getauxval(AT_PLATFORM), "x86_64"));
	check((char *)getauxval(AT_EXECFN));
	check(getauxval(AT_SYSINFO_EHDR) % PAGE == 0);
	/* CPUID(1).EDX: FPU and SSE; libc shows a value of its own */
	check((raw_auxv(AT_HWCAP) & 0x2000001) == 0x2000001);
	check(raw_auxv(AT_HWCAP2) & 2 || !on_umkvm());
	for (i = 0; i < 16; i++)
		sum |= random[i];
	check(sum);
}

static int random_main(int argc, char **argv)
{
	return write(RANDOM_FD, (void *)getauxval(AT_RANDOM), 16) != 16;
}

/* AT_RANDOM and the stack's place differ from one exec to the next */
static void random_bytes(void)
{
	char *const argv[] = { "exec_random", NULL };
	char a[16], b[16];
	int fds[2];

	check(!pipe(fds) && dup2(fds[1], RANDOM_FD) == RANDOM_FD);
	check_eq(exec_status(SELF, argv, environ), 0);
	check_eq(exec_status(SELF, argv, environ), 0);
	check_eq(read(fds[0], a, 16), 16);
	check_eq(read(fds[0], b, 16), 16);
	check(memcmp(a, b, 16));
}

static int inherit_main(int argc, char **argv)
{
	struct sigaction sa;
	sigset_t set;

	if (fcntl(10, F_GETFD) != -1 || fcntl(11, F_GETFD) == -1)
		return 1;
	if (sigaction(SIGUSR1, NULL, &sa) || sa.sa_handler != SIG_DFL)
		return 2;
	if (sigaction(SIGUSR2, NULL, &sa) || sa.sa_handler != SIG_IGN)
		return 3;
	if (sigprocmask(SIG_BLOCK, NULL, &set) || !sigismember(&set, SIGHUP))
		return 4;
	return getpid() == atoi(argv[1]) ? 0 : 5;
}

static void handler(int signo)
{
}

static void inherited(void)
{
	char pid[16], *const argv[] = { "exec_inherit", pid, NULL };
	sigset_t set;
	int child = fork();

	if (!child) {
		sigemptyset(&set);
		sigaddset(&set, SIGHUP);
		check(dup3(1, 10, O_CLOEXEC) == 10 && dup2(1, 11) == 11);
		signal(SIGUSR1, handler);
		signal(SIGUSR2, SIG_IGN);
		check(!sigprocmask(SIG_BLOCK, &set, NULL));
		snprintf(pid, sizeof(pid), "%d", getpid());
		execve(SELF, argv, environ);
		_exit(99);
	}
	check_eq(wait_child(child), 0);
}

static void many(void)
{
	char *const argv[] = { "exits_getppid", "0", "-q", NULL };
	int i, n = tap_loops(50);

	for (i = 0; i < n; i++)
		check_eq(exec_status(SELF, argv, environ), 0);
}

/* A position independent program with ld.so, libc, libm, TLS and dlopen */
static void dynamic(void)
{
	char *const argv[] = { "dynamic", NULL };
	const char *path = beside("dynamic");

	if (access(path, X_OK) || access("/lib64/ld-linux-x86-64.so.2", X_OK))
		skip("no dynamic program or no dynamic linker");
	check_eq(exec_status(path, argv, environ), 0);
}

static const struct tap_case cases[] = {
	{ "arguments", arguments },
	{ "argument_limits", argument_limits },
	{ "hash_bang", hash_bang },
	{ "refused", refused },
	{ "auxv", auxv },
	{ "random_bytes", random_bytes },
	{ "inherited", inherited },
	{ "many", many },
	{ "dynamic", dynamic },
};

TAP_SUITE(exec, cases);
TAP_TOOL(exec_argv, argv_main);
TAP_TOOL(exec_long, long_main);
TAP_TOOL(exec_script, script_main);
TAP_TOOL(exec_random, random_main);
TAP_TOOL(exec_inherit, inherit_main);
