// SPDX-License-Identifier: GPL-2.0
/*
 * What the machine says about itself: uname, /proc, /sys, and that it looks
 * like any x86-64 to those who read it.
 */
#include <cpuid.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include "tap.h"

static void uname_x86_64(void)
{
	struct utsname u;

	check(!uname(&u));
	check(!strcmp(u.sysname, "Linux"));
	check(!strcmp(u.machine, "x86_64"));
	check(atoi(u.release) >= 6 || !on_umkvm());
}

static void has(const char *list, const char *word)
{
	size_t n = strlen(word);
	const char *p = list;

	while (p && (p = strstr(p, word))) {
		if ((p == list || p[-1] == ' ') &&
		    (p[n] == ' ' || p[n] == '\n'))
			return;
		p += n;
	}
	tap_fail(__FILE__, __LINE__, word);
}

static void cpuinfo(void)
{
	static const char *const flags[] = {
		"fpu", "tsc", "msr", "cx8", "cmov", "fxsr", "sse", "sse2",
		"syscall", "nx", "lm",
	};
	unsigned int a, b, c, d, vendor[4] = { 0 };
	const char *value;
	unsigned int i;

	__cpuid(0, a, vendor[0], vendor[2], vendor[1]);
	value = proc_field("/proc/cpuinfo", "vendor_id");
	check(value && !strncmp(value, (char *)vendor, 12));
	value = proc_field("/proc/cpuinfo", "flags");
	check(value);
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		has(value, flags[i]);
	__cpuid(1, a, b, c, d);
	if (c & bit_OSXSAVE)
		has(value, "xsave");
	if (have_avx())
		has(value, "avx");
	value = proc_field("/proc/cpuinfo", "clflush size");
	check(value && atoi(value) == 64);
	value = proc_field("/proc/cpuinfo", "address sizes");
	check(value && atoi(value) >= 36);
	check(proc_field("/proc/cpuinfo", "model name"));
	check(proc_field("/proc/cpuinfo", "bogomips"));
}

static void cpu_count(void)
{
	FILE *f = fopen("/proc/cpuinfo", "r");
	char line[4096];
	int n = 0;

	check(f);
	while (fgets(line, sizeof(line), f))
		n += !strncmp(line, "processor", 9);
	fclose(f);
	check_eq(n, get_nprocs());
	check_eq(n, sysconf(_SC_NPROCESSORS_ONLN));
}

/* Text, data, stack and vDSO with their rights; nothing writable executes */
static void maps(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	unsigned long from, to, here = (unsigned long)maps;
	unsigned long data = (unsigned long)environ;
	int text = 0, stack = 0, vdso = 0;
	char line[512], *mode;

	check(f);
	while (fgets(line, sizeof(line), f)) {
		from = strtoul(line, &mode, 16);
		check_eq(*mode, '-');
		to = strtoul(mode + 1, &mode, 16);
		mode++;
		check(from < to && from % PAGE == 0 && to % PAGE == 0);
		check(!(mode[1] == 'w' && mode[2] == 'x'));
		if (here >= from && here < to)
			text = !strncmp(mode, "r-xp", 4);
		if (strstr(line, "[stack]"))
			stack = !strncmp(mode, "rw-p", 4) && data >= from &&
				data < to;
		if (strstr(line, "[vdso]"))
			vdso = !strncmp(mode, "r-xp", 4);
	}
	fclose(f);
	check(text && stack && vdso);
}

static void smaps_and_pagemap(void)
{
	char *p = map_pages(4, PROT_READ | PROT_WRITE);
	uint64_t entry[4];
	FILE *f = fopen("/proc/self/pagemap", "r");

	touch(p);
	touch(p + 2 * PAGE);
	if (!f)
		skip("no pagemap");
	check(!fseek(f, (unsigned long)p / PAGE * 8, SEEK_SET));
	check_eq(fread(entry, 8, 4, f), 4);
	fclose(f);
	check_eq(entry[0] >> 63, 1);
	check_eq(entry[1] >> 63, 0);
	check_eq(entry[2] >> 63, 1);
	check(proc_field("/proc/self/smaps", "Rss"));
}

static void meminfo_sane(void)
{
	const char *total = proc_field("/proc/meminfo", "MemTotal");
	long kb = total ? atol(total) : 0;
	const char *avail = proc_field("/proc/meminfo", "MemAvailable");

	check(kb > 8192);
	check(avail && atol(avail) > 0 && atol(avail) <= kb);
}

static void status(void)
{
	check_eq(atoi(proc_field("/proc/self/status", "Pid")), getpid());
	check_eq(atoi(proc_field("/proc/self/status", "Threads")), 1);
	check(atol(proc_field("/proc/self/status", "VmRSS")) > 0);
	check(proc_field("/proc/self/status", "SigQ"));
}

static long stat_value(const char *key, int column)
{
	FILE *f = fopen("/proc/stat", "r");
	char line[8192];
	long v = -1;
	int i;

	while (f && v < 0 && fgets(line, sizeof(line), f)) {
		char *save, *word = strtok_r(line, " ", &save);

		if (!word || strcmp(word, key))
			continue;
		for (i = 0; i < column && word; i++)
			word = strtok_r(NULL, " ", &save);
		v = word ? atol(word) : 0;
	}
	if (f)
		fclose(f);
	return v;
}

static void stat_counts(void)
{
	long switches = stat_value("ctxt", 1), forks = stat_value("processes", 1);
	long irqs = stat_value("intr", 1);
	int i;

	check(switches > 0 && forks > 0 && irqs >= 0);
	for (i = 0; i < 5; i++) {
		if (!fork())
			_exit(0);
		wait_child(-1);
		usleep(2000);
	}
	check(stat_value("ctxt", 1) >= switches + 5);
	check(stat_value("processes", 1) >= forks + 5);
	check(stat_value("intr", 1) >= irqs);
}

static void interrupts(void)
{
	FILE *f = fopen("/proc/interrupts", "r");
	char line[4096];
	int lines = 0;

	check(f);
	check(fgets(line, sizeof(line), f) && strstr(line, "CPU0"));
	while (fgets(line, sizeof(line), f))
		lines++;
	fclose(f);
	check(lines > 2);
}

static void random_source(void)
{
	unsigned long a = 0, b = 0;

	check_eq(syscall(SYS_getrandom, &a, 8, 0), 8);
	check_eq(syscall(SYS_getrandom, &b, 8, 0), 8);
	check(a != b);
}

/* Of a file that is there, is readable and has one */
static const char *first_line(const char *path)
{
	static char line[512];
	FILE *f = fopen(path, "r");

	check(f && fgets(line, sizeof(line), f));
	fclose(f);
	return line;
}

/* Each file there is one line; none of it may be empty or unreadable */
static void vulnerabilities(void)
{
	const char *dir = "/sys/devices/system/cpu/vulnerabilities";
	DIR *d = opendir(dir);
	struct dirent *de;
	char path[512];
	int n = 0;

	if (!d)
		skip("no %s", dir);
	while ((de = readdir(d))) {
		if (de->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, de->d_name);
		check(strlen(first_line(path)) > 5);
		n++;
	}
	closedir(d);
	check(n >= 3);
}

/* What lscpu and perf count packages, dies and cores by */
static void topology(void)
{
	static const char *const names[] = {
		"physical_package_id", "die_id", "cluster_id", "core_id",
		"package_cpus_list", "die_cpus_list", "cluster_cpus_list",
		"core_cpus_list",
	};
	char path[128];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path),
			 "/sys/devices/system/cpu/cpu0/topology/%s", names[i]);
		check(isdigit(*first_line(path)));
	}
}

/* Reads all of /proc/self and a few system files to the end */
static void read_everything(void)
{
	DIR *d = opendir("/proc/self");
	char path[512], buf[4096];
	struct dirent *de;

	check(d);
	while ((de = readdir(d))) {
		FILE *f;

		if (de->d_type != DT_REG || !strcmp(de->d_name, "mem") ||
		    !strcmp(de->d_name, "pagemap") ||
		    !strcmp(de->d_name, "clear_refs"))
			continue;
		snprintf(path, sizeof(path), "/proc/self/%s", de->d_name);
		f = fopen(path, "r");
		while (f && fread(buf, 1, sizeof(buf), f) > 0)
			;
		if (f)
			fclose(f);
	}
	closedir(d);
}

/* The first is who asked for it, as on arch/x86, not what took the trace */
static void stack_begins(void)
{
	char buf[4096] = "";
	FILE *f = fopen("/proc/self/stack", "r");

	check(f);
	check(fread(buf, 1, sizeof(buf) - 1, f) > 0);
	fclose(f);
	check(!strncmp(buf, "[<0>] proc_pid_stack+", 21));
}

static const struct tap_case cases[] = {
	{ "uname_x86_64", uname_x86_64 },
	{ "cpuinfo", cpuinfo },
	{ "cpu_count", cpu_count },
	{ "maps", maps },
	{ "smaps_and_pagemap", smaps_and_pagemap },
	{ "meminfo_sane", meminfo_sane },
	{ "status", status },
	{ "stat_counts", stat_counts },
	{ "interrupts", interrupts },
	{ "random_source", random_source },
	{ "vulnerabilities", vulnerabilities },
	{ "topology", topology },
	{ "read_everything", read_everything },
	{ "stack_begins", stack_begins },
};

TAP_SUITE(proc, cases);
