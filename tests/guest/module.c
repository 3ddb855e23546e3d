// SPDX-License-Identifier: GPL-2.0
/*
 * Loading, listing, using and unloading guest_probe.ko, if it is there; and
 * what must not be loaded.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "tap.h"

#define NAME	"guest_probe"

static char *image;
static long size;

static void load_image(void)
{
	const char *path = beside(NAME ".ko");
	int fd = open(path, O_RDONLY);
	struct stat st;

	if (fd < 0)
		skip("no %s.ko beside this program", NAME);
	if (getuid())
		skip("not root");
	check(!fstat(fd, &st));
	size = st.st_size;
	image = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	check(image != MAP_FAILED);
	close(fd);
}

static int insmod(const char *options)
{
	return syscall(SYS_init_module, image, size, options);
}

static int rmmod(void)
{
	return syscall(SYS_delete_module, NAME, O_NONBLOCK);
}

static int listed(void)
{
	char line[512];
	FILE *f = fopen("/proc/modules", "r");
	int found = 0;

	check(f);
	while (fgets(line, sizeof(line), f))
		found |= !strncmp(line, NAME " ", strlen(NAME) + 1);
	fclose(f);
	return found;
}

static void load_unload(void)
{
	int i;

	load_image();
	for (i = 0; i < 5; i++) {
		check(!listed());
		check(!insmod(""));
		check(listed());
		check(insmod("") == -1 && errno == EEXIST);
		check(!rmmod());
	}
	check(!listed());
	check(rmmod() == -1 && errno == ENOENT);
}

static void parameters(void)
{
	char text[16] = "";
	FILE *f;

	load_image();
	check(!insmod("value=42"));
	f = fopen("/sys/module/" NAME "/parameters/value", "r");
	check(f && fgets(text, sizeof(text), f));
	fclose(f);
	check(!rmmod());
	check_eq(atoi(text), 42);
}

/* Init fails, and nothing stays behind */
static void init_fails(void)
{
	load_image();
	check(insmod("value=13") == -1 && errno == EINVAL);
	check(!listed());
}

static void by_descriptor(void)
{
	int fd;

	load_image();
	fd = open(beside(NAME ".ko"), O_RDONLY);
	check(!syscall(SYS_finit_module, fd, "", 0));
	close(fd);
	check(!rmmod());
}

static void refused(void)
{
	load_image();
	image[18] = 0xb7;		/* e_machine: another architecture */
	check(insmod("") == -1 && errno == ENOEXEC);
	image[18] = 0x3e;
	check(syscall(SYS_init_module, image, size / 2, "") == -1);
	check_eq(errno, ENOEXEC);
	check(syscall(SYS_init_module, hole_page(), 4096, "") == -1);
	check_eq(errno, EFAULT);
	check(!listed());
}

static const struct tap_case cases[] = {
	{ "load_unload", load_unload },
	{ "parameters", parameters },
	{ "init_fails", init_fails },
	{ "by_descriptor", by_descriptor },
	{ "refused", refused },
};

TAP_SUITE(module, cases);
