// SPDX-License-Identifier: GPL-2.0
/*
 * Files in a shared directory, seen from the guest:
 *	files check DIR		what a program may expect of files, a line each
 *	files shake DIR N	N random operations on one file, by system calls and
 *				by mapped pages, against a copy in memory
 *	files read FILE		all of it, in pieces of 64 KiB
 * and on the guest's host:
 *	files as UID COMMAND...	as this user, who has no other groups
 *	files groups N COMMAND...	as root, with N groups
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static int put(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	int ret = write(fd, text, strlen(text)) != (ssize_t)strlen(text);

	return close(fd) | ret;
}

static bool has(const char *name, const char *text)
{
	char was[256] = "";
	int fd = open(name, O_RDONLY);
	ssize_t len = read(fd, was, sizeof(was) - 1);

	close(fd);
	return len == (ssize_t)strlen(text) && !strcmp(was, text);
}

static bool check_write(void)
{
	return !put("a", "one") && has("a", "one") && !put("a", "two!") &&
	       has("a", "two!");
}

static bool check_rename(void)
{
	return !put("b", "old") && !put("c", "new") && !rename("c", "b") &&
	       has("b", "new") && access("c", F_OK) && errno == ENOENT;
}

static bool check_mode(void)
{
	struct stat st;

	return !put("mode", "") && !chmod("mode", 04751) && !stat("mode", &st) &&
	       (st.st_mode & 07777) == 04751 && !chmod("mode", 0600) &&
	       !stat("mode", &st) && (st.st_mode & 07777) == 0600;
}

static bool check_links(void)
{
	char to[16] = "";
	struct stat st;

	return !put("file", "text") && !link("file", "hard") &&
	       !symlink("file", "soft") && has("hard", "text") &&
	       has("soft", "text") && readlink("soft", to, sizeof(to)) == 4 &&
	       !stat("file", &st) && st.st_nlink == 2 && !unlink("file") &&
	       has("hard", "text") && !has("soft", "text");
}

/* A file without a name lives as long as it is open. */
static bool check_unlinked(void)
{
	int fd = open("gone", O_RDWR | O_CREAT, 0600);
	char c = 0;

	return !unlink("gone") && write(fd, "x", 1) == 1 &&
	       pread(fd, &c, 1, 0) == 1 && c == 'x' && !close(fd);
}

static bool check_append(void)
{
	int one = open("log", O_WRONLY | O_CREAT | O_APPEND, 0600);
	int two = open("log", O_WRONLY | O_APPEND);

	return write(one, "1", 1) == 1 && write(two, "2", 1) == 1 &&
	       write(one, "3", 1) == 1 && has("log", "123") && !close(one) &&
	       !close(two);
}

static bool check_sparse(void)
{
	int fd = open("sparse", O_RDWR | O_CREAT, 0600);
	struct stat st;
	char c = 1;

	return !ftruncate(fd, 10 << 20) && pwrite(fd, "x", 1, 5 << 20) == 1 &&
	       pread(fd, &c, 1, 1 << 20) == 1 && !c && !fstat(fd, &st) &&
	       st.st_size == 10 << 20 && st.st_blocks < 2048 && !fsync(fd) &&
	       !close(fd);
}

static bool check_mmap(void)
{
	int fd = open("map", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *map, c = 0;

	if (ftruncate(fd, 8192))
		return false;
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return false;
	map[5000] = 'm';
	return !msync(map, 8192, MS_SYNC) && !munmap(map, 8192) &&
	       pread(fd, &c, 1, 5000) == 1 && c == 'm' && !close(fd);
}

static bool check_locks(void)
{
	int one = open("lock", O_RDWR | O_CREAT, 0600);
	int two = open("lock", O_RDWR);

	return !flock(one, LOCK_EX) && flock(two, LOCK_EX | LOCK_NB) &&
	       errno == EWOULDBLOCK && !close(one) &&
	       !flock(two, LOCK_EX | LOCK_NB) && !close(two);
}

static int count(const char *name)
{
	DIR *dir = opendir(name);
	int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

/* Made, listed, found and removed. */
static bool check_hundred(void)
{
	char name[32];
	int i;

	if (mkdir("many", 0755))
		return false;
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "many/%d", i);
		if (put(name, name))
			return false;
	}
	if (count("many") != 100 || !rmdir("many") || errno != ENOTEMPTY)
		return false;
	while (i--) {
		snprintf(name, sizeof(name), "many/%d", i);
		if (!has(name, name) || unlink(name))
			return false;
	}
	return !count("many") && !rmdir("many");
}

static bool check_errors(void)
{
	return open("none/x", O_RDONLY) < 0 && errno == ENOENT &&
	       open("b/x", O_RDONLY) < 0 && errno == ENOTDIR &&
	       open("b", O_CREAT | O_EXCL, 0600) < 0 && errno == EEXIST &&
	       open("..", O_WRONLY) < 0 && errno == EISDIR;
}

static const struct {
	const char *name;
	bool (*fn)(void);
} checks[] = {
	{ "write", check_write },
	{ "rename", check_rename },
	{ "mode", check_mode },
	{ "links", check_links },
	{ "unlinked", check_unlinked },
	{ "append", check_append },
	{ "sparse", check_sparse },
	{ "mmap", check_mmap },
	{ "locks", check_locks },
	{ "hundred", check_hundred },
	{ "errors", check_errors },
};

static int check_all(void)
{
	int bad = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		bool good = checks[i].fn();

		printf("%s %s\n", checks[i].name, good ? "works" : "fails");
		bad |= !good;
	}
	return bad;
}

#define LARGEST	(256 << 10)

static uint8_t model[LARGEST], piece[LARGEST];
static size_t model_len;

/* Past the end, a file reads as zero once it is longer. */
static void set_len(size_t len)
{
	if (len < model_len)
		memset(model + len, 0, model_len - len);
	model_len = len;
}

static bool shake_write(int fd, size_t at, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		piece[i] = rand();
	memcpy(model + at, piece, len);
	if (at + len > model_len)
		model_len = at + len;
	return pwrite(fd, piece, len, at) == (ssize_t)len;
}

static bool shake_read(int fd, size_t at, size_t len)
{
	size_t there = at > model_len ? 0 : model_len - at;

	if (len > there)
		len = there;
	return pread(fd, piece, len, at) == (ssize_t)len &&
	       !memcmp(piece, model + at, len);
}

static bool shake_map(int fd, size_t at, size_t len)
{
	uint8_t *map;
	bool same;

	if (at + len > model_len)
		return true;
	map = mmap(NULL, LARGEST, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return false;
	same = !memcmp(map + at, model + at, len);
	memset(map + at, at, len);
	memset(model + at, at, len);
	return !munmap(map, LARGEST) && same;
}

static bool shake_once(int fd)
{
	size_t at = rand() % LARGEST;
	size_t len = rand() % (LARGEST - at) / (1 + rand() % 16);

	switch (rand() % 8) {
	case 0:
		set_len(at);
		return !ftruncate(fd, at);
	case 1:
		return !fsync(fd);
	case 2:
		return !posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	case 3:
		return shake_map(fd, at, len);
	case 4:
	case 5:
		return shake_read(fd, at, len);
	default:
		return shake_write(fd, at, len);
	}
}

static int shake(int n)
{
	int fd = open("shaken", O_RDWR | O_CREAT | O_TRUNC, 0600), i;

	srand(n);
	for (i = 0; i < n; i++) {
		if (!shake_once(fd)) {
			printf("operation %d of %d: %m\n", i, n);
			return 1;
		}
	}
	close(fd);
	fd = open("shaken", O_RDONLY);
	if (!shake_read(fd, 0, LARGEST) || lseek(fd, 0, SEEK_END) != (off_t)model_len)
		return 1;
	printf("shaken %d times\n", n);
	return 0;
}

static int read_all(const char *name)
{
	int fd = open(name, O_RDONLY);
	long long all = 0;
	ssize_t len;

	while ((len = read(fd, piece, 64 << 10)) > 0)
		all += len;
	printf("read %lld bytes\n", all);
	return len < 0;
}

static int with_groups(int nr, char **command)
{
	gid_t groups[nr];
	int i;

	for (i = 0; i < nr; i++)
		groups[i] = 1001 + i;
	if (!setgroups(nr, groups))
		execvp(*command, command);
	return 1;
}

int main(int argc, char **argv)
{
	if (argc > 3 && !strcmp(argv[1], "as")) {
		uid_t uid = atoi(argv[2]);

		if (setgroups(0, NULL) || setgid(uid) || setuid(uid))
			return 1;
		execvp(argv[3], argv + 3);
		return 1;
	}
	if (argc > 3 && !strcmp(argv[1], "groups"))
		return with_groups(atoi(argv[2]), argv + 3);
	if (argc == 3 && !strcmp(argv[1], "read"))
		return read_all(argv[2]);
	if (argc < 3 || chdir(argv[2])) {
		perror("files");
		return 1;
	}
	return argc == 4 ? shake(atoi(argv[3])) : check_all();
}
