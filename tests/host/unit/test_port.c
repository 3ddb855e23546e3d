// SPDX-License-Identifier: GPL-2.0
/*
 * The host's end of a console: what can be opened, and readers that are slow,
 * gone, or not there yet.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "fakes.h"
#include "listen.h"
#include "port.h"
#include "unit.h"

static char dir[32] = "/tmp/test_port.XXXXXX";
static struct port_spec spec;
static struct port port;
static u8 block[1 << 16];

static const char *open_kind(enum port_kind kind, const char *path)
{
	spec = (struct port_spec){ "con1", path, false, kind, -1, -1, path, 0 };
	memset(&port, 0, sizeof(port));
	harness_message[0] = '\0';
	return DIES(port_open(&port, &spec, 1)) ? harness_message : NULL;
}

static void open_fds(int in, int out)
{
	open_kind(PORT_FDS, "fd");
	port.input.fd = in;
	port.out = out;
}

static u64 ms_of_write(size_t len)
{
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	port_write(&port, block, len);
	clock_gettime(CLOCK_MONOTONIC, &to);
	return (to.tv_sec - from.tv_sec) * 1000 +
	       (to.tv_nsec - from.tv_nsec) / 1000000;
}

static void a_file_grows(void **state)
{
	char text[8] = "";
	int i, fd;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_null(open_kind(PORT_FILE, "log"));
		assert_int_equal(port.input.fd, -1);
		port_write(&port, "abc", 3);
		close(port.out);
	}
	fd = open("log", O_RDONLY);
	assert_int_equal(read(fd, text, sizeof(text)), 6);
	assert_string_equal(text, "abcabc");
	close(fd);
	assert_non_null(strstr(open_kind(PORT_FILE, "no/where"),
			       "con1=no/where: No such file"));
	assert_null(open_kind(PORT_FILE, "/dev/full"));
	port_write(&port, "abc", 3);
	assert_non_null(strstr(harness_message, "con1=/dev/full: No space"));
	harness_message[0] = '\0';
	port_write(&port, "abc", 3);
	assert_string_equal(harness_message, "");
}

static void a_slow_reader_costs_little(void **state)
{
	int ends[2];
	u16 size[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	open_fds(-1, ends[1]);
	assert_false(port_size(&port, size));
	assert_true(ms_of_write(sizeof(block)) < 90);
	assert_in_range(ms_of_write(100), 90, 2000);
	assert_true(port.slow);
	assert_true(ms_of_write(100) < 90);
	/* It is forgiven once it has caught up. */
	assert_int_equal(read(ends[0], block, sizeof(block)), sizeof(block));
	port_write(&port, "x", 1);
	assert_false(port.slow);
	assert_int_equal(read(ends[0], block, sizeof(block)), 1);
	close(ends[0]);
	harness_message[0] = '\0';
	port_write(&port, "x", 1);
	assert_non_null(strstr(harness_message, "con1=fd: Broken pipe"));
	assert_int_equal(port.out, -1);
}

static void input_ends(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "abc", 3), 3);
	close(ends[1]);
	open_fds(ends[0], -1);
	port_read(&port);
	assert_int_equal(port.len, 3);
	assert_memory_equal(port.buf, "abc", 3);
	assert_false(port.at_end);
	port_read(&port);
	assert_true(port.at_end);
	assert_int_equal(port.len, 0);
}

static void standard_streams_are_the_consoles(void **state)
{
	u16 size[2];

	(void)state;
	open_fds(0, 1);
	fakes.input = (const u8 *)"in";
	fakes.input_len = 2;
	fakes.is_tty = true;
	port_read(&port);
	assert_memory_equal(port.buf, "in", 2);
	port_write(&port, "out", 3);
	assert_memory_equal(fakes.output, "out", 3);
	assert_true(port_size(&port, size));
	assert_int_equal(size[0], 80);
	fakes.is_tty = false;
}

static void a_pty_is_raw_and_stays(void **state)
{
	const struct winsize wide = { .ws_row = 40, .ws_col = 132 };
	char *name, text[8] = "";
	u16 size[2];
	int fd;

	(void)state;
	assert_null(open_kind(PORT_PTY, "pty"));
	name = strstr(harness_message, "con1 is /dev/");
	assert_non_null(name);
	name += strlen("con1 is ");
	assert_non_null(strstr(name, ", hvc1 in the guest"));
	*strchr(name, ',') = '\0';
	assert_false(port_size(&port, size));
	port_write(&port, "prompt\n", 7);
	fd = open(name, O_RDWR | O_NOCTTY);
	assert_int_equal(read(fd, text, sizeof(text)), 7);
	assert_memory_equal(text, "prompt\n", 7);
	assert_int_equal(write(fd, "ls\r", 3), 3);
	assert_int_equal(ioctl(fd, TIOCSWINSZ, &wide), 0);
	close(fd);
	port_read(&port);
	assert_int_equal(port.len, 3);
	assert_memory_equal(port.buf, "ls\r", 3);
	assert_true(port_size(&port, size));
	assert_int_equal(size[0], 132);
	/* No echo of what the guest wrote, no end when nobody has it open. */
	port_read(&port);
	assert_int_equal(port.len, 0);
	assert_false(port.at_end);
}

static void tcp_is_for_this_host(void **state)
{
	struct sockaddr_in addr;
	socklen_t len = sizeof(addr);
	struct port first;

	(void)state;
	/* Port 0, which no command line can ask for: any that is free */
	assert_null(open_kind(PORT_TCP, "port:0"));
	assert_true(listen_any());
	first = port;
	assert_int_equal(getsockname(first.listener.fd, (void *)&addr, &len), 0);
	assert_int_equal(ntohl(addr.sin_addr.s_addr), INADDR_LOOPBACK);
	spec.tcp = ntohs(addr.sin_port);
	assert_true(DIES(port_open(&port, &spec, 1)));
	assert_non_null(strstr(harness_message,
			       "con1=port:0: Address already in use; take another"));
	close(first.listener.fd);
}

static void a_unix_socket_in_use(void **state)
{
	struct stat found;
	char path[200];

	(void)state;
	assert_null(open_kind(PORT_UNIX, "sock"));
	assert_non_null(strstr(open_kind(PORT_UNIX, "sock"),
			       "con1=sock: Address already in use; take another"));
	/* What a killed process has left behind is taken over, a file is not. */
	assert_null(open_kind(PORT_UNIX, "stale"));
	close(port.listener.fd);
	assert_null(open_kind(PORT_UNIX, "stale"));
	assert_non_null(strstr(open_kind(PORT_UNIX, "log"), "already in use"));
	assert_int_equal(stat("log", &found), 0);
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	assert_non_null(strstr(open_kind(PORT_UNIX, path), "name too long"));
	assert_non_null(strstr(open_kind(PORT_UNIX, "no/where"), "No such file"));
}

static int make_dir(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);	/* as signals_block() does */
	return !mkdtemp(dir) || chdir(dir);
}

static int remove_dir(void **state)
{
	(void)state;
	unlink("log");
	unlink("sock");
	unlink("stale");
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_grows),
		cmocka_unit_test(a_slow_reader_costs_little),
		cmocka_unit_test(input_ends),
		cmocka_unit_test(standard_streams_are_the_consoles),
		cmocka_unit_test(a_pty_is_raw_and_stays),
		cmocka_unit_test(tcp_is_for_this_host),
		cmocka_unit_test(a_unix_socket_in_use),
	};

	return cmocka_run_group_tests_name("port", tests, make_dir, remove_dir);
}
