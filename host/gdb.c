// SPDX-License-Identifier: GPL-2.0
/*
 * The debugger's door (--gdb): a socket where one gdb at a time connects, or
 * standard input and output, and the thread that serves it.  What it says is understood in gdb_command.c; who
 * stands and who runs is kept in gdb_stop.c.  A client that is slow, vanishes or
 * talks nonsense never harms the guest: it goes on without breakpoints.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "die.h"
#include "event.h"
#include "gdb.h"
#include "gdb_break.h"
#include "gdb_command.h"
#include "gdb_watch.h"
#include "hold.h"
#include "listen.h"
#include "thread.h"

#define SLOW_MS		5000	/* a client that takes nothing for so long is gone */
#define GOODBYE_S	1

static struct vm *vm;
static const struct gdb_options *options;
static pthread_t thread;
static int listener = -1;
static int wake;			/* a vCPU has stopped, or the guest ends */
static int client = -1;			/* where it is read */
static int client_out = -1;		/* the same, but for standard output */
static struct gdb_session session;
static atomic_bool booted;		/* there is a machine to look at */

/* Between the main thread and this one: the guest's end, told and taken. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static const struct end *the_end;
static bool end_told;

void gdb_take_stdio(const struct gdb_options *opts)
{
	int null;

	if (!opts->stdio)
		return;
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	client = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	client_out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	if (null < 0 || client < 0 || client_out < 0 ||
	    dup2(null, STDIN_FILENO) < 0 ||
	    dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		die_errno("--gdb=-");
	close(null);
}

/* False: the client does not take it. */
static bool send_all(const char *text, size_t len)
{
	struct pollfd fd = { .fd = client_out, .events = POLLOUT };
	ssize_t done;

	while (len) {
		if (poll(&fd, 1, SLOW_MS) <= 0)
			return false;
		done = write(client_out, text, min_u64(len, PIPE_BUF));
		if (done < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		text += done > 0 ? done : 0;
		len -= done > 0 ? done : 0;
	}
	return true;
}

/* The guest goes on as if there had been no debugger. */
static void drop_client(void)
{
	enum gdb_action actions[UMKVM_CPUS_MAX];
	unsigned int i;

	if (!gdb_stopped())
		gdb_stop(&(struct gdb_why){ .signal = SIGINT });
	gdb_stop_wait();
	gdb_break_clear();
	gdb_watch_clear();
	gdb_stop_attach(false);
	for (i = 0; i < UMKVM_CPUS_MAX; i++)
		actions[i] = GDB_CONTINUE;
	gdb_resume(actions);
	if (client != client_out)
		close(client_out);
	close(client);
	client = client_out = -1;
}

/* The machine stands, and may not have told why yet. */
static void start_session(void)
{
	memset(&session, 0, sizeof(session));
	session.vm = vm;
	session.ours = options->stdio;
	gdb_stop_attach(true);
	if (!gdb_stopped())
		gdb_stop(&(struct gdb_why){ .signal = SIGTRAP });
	session.why = gdb_stop_wait();
}

static void take_client(void)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	if (client >= 0) {
		close(fd);
		return;
	}
	client = client_out = fd;
	start_session();
}

static bool send_reply(void)
{
	return send_all(session.out.text, session.out.len);
}

/* False: the session is over. */
static bool serve_byte(u8 byte)
{
	switch (gdb_in_byte(&session.in, byte)) {
	case GDB_NOTHING:
		return true;
	case GDB_INTERRUPT:
		if (session.running)
			gdb_stop(&(struct gdb_why){ .signal = SIGINT });
		return true;
	case GDB_RESEND:
		return session.no_ack || send_reply();
	case GDB_CORRUPT:
		return session.no_ack || send_all("-", 1);
	case GDB_PACKET:
		break;
	}
	if (!session.no_ack && !send_all("+", 1))
		return false;
	switch (gdb_command(&session)) {
	case GDB_REPLY:
		return send_reply();
	case GDB_REPLY_LATER:
		return true;
	case GDB_REPLY_AND_CLOSE:
		send_reply();
		break;
	}
	return false;
}

static void read_client(void)
{
	u8 bytes[4096];
	ssize_t i, len = read(client, bytes, sizeof(bytes));

	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	for (i = 0; i < len; i++) {
		if (!serve_byte(bytes[i]))
			break;
	}
	if (i < len || len <= 0)
		drop_client();
}

/* A vCPU has stopped: the answer to the command that let it run. */
static void on_stop(void)
{
	session.why = gdb_stop_wait();
	session.running = false;
	gdb_stop_reply(&session);
	if (!send_reply())
		drop_client();
}

static void on_end(void)
{
	if (client >= 0 && session.running) {
		gdb_end_reply(&session, the_end);
		send_reply();
	}
	end_told = true;
	pthread_cond_broadcast(&changed);
}

static void on_wake(void)
{
	u64 count;

	if (read(wake, &count, sizeof(count)) < 0)
		return;
	/* standard input is there from the start */
	if (client >= 0 && !session.vm && atomic_load(&booted))
		start_session();
	if (client >= 0 && session.running && gdb_stopped())
		on_stop();
	pthread_mutex_lock(&lock);
	if (the_end && !end_told)
		on_end();
	pthread_mutex_unlock(&lock);
}

static void gdb_thread(void *arg)
{
	struct pollfd fds[] = {
		{ .fd = wake, .events = POLLIN },
		{ .events = POLLIN },
		{ .events = POLLIN },
	};

	(void)arg;
	for (;;) {
		fds[1].fd = atomic_load(&booted) ? listener : -1;
		fds[2].fd = atomic_load(&booted) ? client : -1;
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno != EINTR)
			die_errno("gdb: cannot wait");
		if (fds[2].fd >= 0 && fds[2].revents)
			read_client();
		if (fds[1].fd >= 0 && fds[1].revents)
			take_client();
		if (fds[0].revents)
			on_wake();
	}
}

void gdb_init(struct vm *machine, const struct gdb_options *opts, u64 entry)
{
	char label[128];

	vm = machine;
	options = opts;
	wake = event_new_fd();
	gdb_stop_init(vm, wake);
	gdb_break_init(vm, entry);
	gdb_watch_init();
	snprintf(label, sizeof(label), "--gdb=%s", opts->value);
	if (!opts->stdio)
		listener = opts->path ? listen_unix(label, opts->path) :
					listen_tcp(label, opts->port);
	thread_start(&thread, gdb_thread, NULL, "the debugger");
}

static void say_where(void)
{
	if (options->stdio)
		return;
	if (options->path)
		warn("gdb: waiting; in gdb: target remote %s", options->path);
	else
		warn("gdb: waiting; in gdb: target remote localhost:%u",
		     options->port);
}

void gdb_boot(void)
{
	static bool waited;

	if (!options)
		return;
	gdb_break_reload();
	if (!options->wait || waited)
		return;
	waited = true;
	say_where();
	gdb_stop(&(struct gdb_why){ .signal = SIGTRAP });
}

void gdb_booted(void)
{
	atomic_store(&booted, true);
	if (options)
		event_signal(wake);
}

void gdb_boot_over(void)
{
	gdb_stop_wait_resumed();
	atomic_store(&booted, false);
}

void gdb_goodbye(const struct end *end)
{
	struct timespec until;
	int err = 0;

	if (!options)
		return;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += GOODBYE_S;
	pthread_mutex_lock(&lock);
	the_end = end;
	event_signal(wake);
	while (!end_told && !err)
		err = pthread_cond_timedwait(&changed, &lock, &until);
	pthread_mutex_unlock(&lock);
}

bool gdb_on_port(struct vcpu *cpu)
{
	const struct gdb_why why = {
		.cpu = cpu->id, .signal = SIGTRAP, .cause = GDB_SWBREAK,
	};
	enum gdb_hit hit = GDB_NO_HIT;

	if (gdb_attached())
		hit = gdb_break_hit(cpu);
	if (hit == GDB_HIT)
		gdb_stop(&why);
	return hit != GDB_NO_HIT;
}

void gdb_on_debug(struct vcpu *cpu)
{
	const struct gdb_why why = gdb_watch_why(cpu);

	if (gdb_attached())
		gdb_stop(&why);
}

void gdb_on_fatal(struct vcpu *cpu, int signal)
{
	const struct gdb_why why = { .cpu = cpu->id, .signal = signal };
	bool told;

	do {
		if (!gdb_attached())
			return;
		told = gdb_stop(&why);
		hold_stay(cpu);
	} while (!told);
}
