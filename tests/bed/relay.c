// SPDX-License-Identifier: GPL-2.0
/*
 * The test bed's outer half: restores the machine, hands the agent in L1 a
 * job, and then stands in for the program that runs there: its three standard
 * streams, its terminal, its signals, its exit status.  tests/bed/bed is what
 * people call; it builds what is missing and passes its options on to here.
 *
 * The outer terminal is raw while the program owns it, and is restored on
 * every way out.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "link.h"
#include "relay.h"

#define START_TIMEOUT	300	/* seconds from the emulator's start to the agent's */
#define PING_MS		2000	/* a silent L1 gets an interrupt */
#define QUIT_GRACE	2	/* for what SIGQUIT prints before a time-out */
#define TERM_GRACE	30	/* for the program to end after SIGTERM */

static struct termios saved_terminal;
static bool terminal_is_raw;

static void terminal_restore(void)
{
	if (terminal_is_raw)
		tcsetattr(0, TCSAFLUSH, &saved_terminal);
	terminal_is_raw = false;
}

static void terminal_raw(void)
{
	struct termios raw;

	if (!isatty(0) || tcgetattr(0, &saved_terminal))
		return;
	raw = saved_terminal;
	cfmakeraw(&raw);
	terminal_is_raw = !tcsetattr(0, TCSAFLUSH, &raw);
}

void bed_die(const char *fmt, ...)
{
	va_list ap;

	terminal_restore();
	fflush(stdout);
	fputs("bed: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(BED_FAILED);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

/*
 * struct run - one job
 * @started:	the agent has it
 * @deadline:	when to stop waiting, 0: never
 * @timed_out:	the time is up, the program has had its SIGQUIT
 * @terminated:	the deadline is the end of the patience after SIGTERM
 * @status:	-1 until the program has ended
 */
struct run {
	const struct options *opt;
	struct machine machine;
	struct link link;
	bool started, timed_out, terminated;
	double deadline;
	int sigfd, status;
};

static void get_winsize(struct job_env *env)
{
	struct winsize ws = { .ws_row = 24, .ws_col = 80 };
	int i;

	for (i = 0; i < 3; i++)
		if (!ioctl(i, TIOCGWINSZ, &ws))
			break;
	env->rows = ws.ws_row;
	env->columns = ws.ws_col;
}

/*
 * Standard streams as the program will see them.  The link works on
 * duplicates, since it closes what has ended.
 */
static void open_streams(struct link *l, struct job_env *env)
{
	int i, dup;

	for (i = 0; i < 3; i++) {
		dup = fcntl(i, F_DUPFD_CLOEXEC, 10);
		if (dup < 0) {
			env->fds.closed |= 1 << i;
			continue;
		}
		if (isatty(i)) {
			env->fds.tty |= 1 << i;
			if (l->sink[STREAM_TTY].fd < 0)
				l->sink[STREAM_TTY].fd =
					fcntl(i, F_DUPFD_CLOEXEC, 10);
		}
		if (i == 0)
			l->source[0].fd = dup;
		else
			l->sink[i].fd = dup;
	}
	/* What is opened next must not take a standard descriptor's number */
	while ((i = open("/dev/null", O_RDWR)) >= 0 && i < 3)
		;
	close(i);
	get_winsize(env);
}

static void send_winsize(struct link *l)
{
	struct job_env env = { 0 };
	uint32_t size[2];

	get_winsize(&env);
	size[0] = env.rows;
	size[1] = env.columns;
	link_send(l, FRAME_WINSIZE, 0, size, sizeof(size));
}

/* A machine that hangs must not outlive a SIGTERM, a slow one may */
static void limit_patience(struct run *r)
{
	double end = now() + TERM_GRACE * (r->opt->intel ? 10 : 1);

	if (r->deadline && r->deadline < end)
		return;
	r->deadline = end;
	r->terminated = true;
}

static void handle_signal(struct run *r)
{
	struct signalfd_siginfo si;

	if (read(r->sigfd, &si, sizeof(si)) != sizeof(si))
		return;
	if (!r->started) {
		if (si.ssi_signo != SIGWINCH)
			r->status = 128 + si.ssi_signo;
		return;
	}
	if (si.ssi_signo == SIGWINCH) {
		send_winsize(&r->link);
		return;
	}
	if (si.ssi_signo == SIGTERM)
		limit_patience(r);
	link_send_u32(&r->link, FRAME_SIGNAL, 0, si.ssi_signo);
}

/*
 * Nothing may reach the machine before its state is loaded: an interrupt
 * raised meanwhile would be lost.
 */
static void start_job(struct run *r)
{
	r->started = true;
	r->deadline = r->opt->timeout ? now() + r->opt->timeout : 0;
	terminal_raw();
	link_send(&r->link, FRAME_START, 0, NULL, 0);
}

static void handle_frames(struct run *r)
{
	struct frame *f;

	while ((f = link_next(&r->link))) {
		switch (f->type) {
		case FRAME_READY:
			if (!r->started)
				start_job(r);
			break;
		case FRAME_EXIT:
			memcpy(&r->status, f->data, sizeof(r->status));
			break;
		case FRAME_ERROR:
			bed_die("%.*s", (int)f->len, (char *)f->data);
		default:
			link_stream_frame(&r->link, f);
		}
	}
}

/* The program gets a last chance to say where it hangs */
static void out_of_time(struct run *r)
{
	if (!r->started)
		bed_die("the test bed did not start within %d s", START_TIMEOUT);
	if (r->terminated)
		bed_die("the program ignores SIGTERM");
	if (r->timed_out)
		r->status = BED_TIMEOUT;
	r->timed_out = true;
	r->deadline = now() + QUIT_GRACE;
	link_send_u32(&r->link, FRAME_SIGNAL, 0, SIGQUIT);
}

static int time_left(const struct run *r)
{
	double left = r->deadline - now();

	if (!r->deadline)
		return -1;
	return left > 0 ? (int)(left * 1000) + 1 : 0;
}

/*
 * L1's timer has been seen to stop under several vCPUs and a busy host, and to
 * go on with the next interrupt of a device, minutes later.  Why is not known;
 * QEMU's emulation of SVM is suspected.  So a silent L1 gets an interrupt now
 * and then, but not in virtual time, where it would be noise.
 */
static int wait_ms(const struct run *r)
{
	int left = time_left(r);

	if (!r->started || r->opt->icount || r->opt->intel)
		return left;
	return left < 0 || left > PING_MS ? PING_MS : left;
}

static void nothing_happened(struct run *r)
{
	if (!time_left(r))
		out_of_time(r);
	else
		link_send(&r->link, FRAME_PING, 0, NULL, 0);
}

static void run_step(struct run *r)
{
	struct pollfd p[LINK_POLLS + 5] = { 0 }, *q = p + LINK_POLLS;
	struct machine *m = &r->machine;
	int i, n;

	link_poll(&r->link, p);
	for (i = 1; !r->started && i < LINK_POLLS; i++)
		p[i].fd = -1;
	q[0] = (struct pollfd){ .fd = r->sigfd, .events = POLLIN };
	q[1] = (struct pollfd){ .fd = m->alive, .events = POLLIN };
	q[2] = (struct pollfd){ .fd = m->screen[0], .events = POLLIN };
	q[3] = (struct pollfd){ .fd = m->screen[1], .events = POLLIN };
	q[4] = (struct pollfd){ .fd = r->started ? -1 : m->qmp,
				.events = POLLIN };
	n = poll(p, LINK_POLLS + 5, wait_ms(r));
	if (n == 0)
		nothing_happened(r);
	if (n <= 0)
		return;
	if (q[0].revents)
		handle_signal(r);
	if (q[2].revents || q[3].revents)
		bochs_drain(m);
	if (q[4].revents && machine_event(m))
		start_job(r);
	link_pump(&r->link, p);
	handle_frames(r);
	if ((q[1].revents || r->link.lost) && r->status < 0)
		bed_die("%s ended: %s", r->opt->intel ? "Bochs" : "QEMU",
			machine_why(m));
}

/* What the program wrote before it ended may still be on its way out */
static void flush_sinks(struct link *l)
{
	struct pollfd p[LINK_POLLS];

	while (!link_sinks_empty(l)) {
		link_poll(l, p);
		p[0].fd = p[1].fd = -1;
		p[0].revents = 0;
		poll(p, LINK_POLLS, -1);
		p[2].revents = 0;
		link_pump(l, p);
	}
}

static void block_signals(struct run *r)
{
	static const int sig[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH };
	sigset_t set;
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	for (i = 0; i < sizeof(sig) / sizeof(sig[0]); i++)
		sigaddset(&set, sig[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	r->sigfd = signalfd(-1, &set, SFD_CLOEXEC);
}

static int run_job(struct options *opt)
{
	struct run r = { .opt = opt, .status = -1 };
	struct job_env env = { 0 };
	int disk;

	link_init(&r.link, -1, -1);
	open_streams(&r.link, &env);
	disk = opt->intel ? bochs_disk(opt) : machine_scratch("disk");
	pack_job(disk, opt, &env);
	block_signals(&r);
	if (!opt->intel && ftruncate(disk, JOB_DISK))
		bed_die("disk: %s", strerror(errno));
	r.link.one_way = opt->intel;
	if (opt->intel && !(env.fds.tty & 1))
		r.link.source[0].fd = -1;
	machine_start(&r.machine, opt, disk);
	r.link.in = r.link.out = r.machine.port;
	r.deadline = now() + START_TIMEOUT;
	while (r.status < 0)
		run_step(&r);
	machine_kill(&r.machine);
	bochs_clean(opt);
	flush_sinks(&r.link);
	terminal_restore();
	if (r.timed_out) {
		fprintf(stderr, "bed: timed out after %u s: %s\n", opt->timeout,
			opt->argv[0]);
		return BED_TIMEOUT;
	}
	return r.status;
}

static int save_state(const struct options *opt)
{
	struct run r = { .opt = opt, .status = -1 };
	int disk = machine_scratch("disk");
	struct pollfd p;
	struct frame *f;

	if (chdir(opt->state) || ftruncate(disk, JOB_DISK))
		bed_die("%s: %s", opt->state, strerror(errno));
	machine_start(&r.machine, opt, disk);
	link_init(&r.link, r.machine.port, r.machine.port);
	r.deadline = now() + START_TIMEOUT;
	p = (struct pollfd){ .fd = r.machine.port, .events = POLLIN };
	do {
		if (!poll(&p, 1, time_left(&r)))
			out_of_time(&r);
		link_fill(&r.link);
		if (r.link.lost)
			bed_die("QEMU ended: %s", machine_why(&r.machine));
		f = link_next(&r.link);
	} while (!f || f->type != FRAME_READY);
	machine_save(&r.machine);
	return 0;
}

int main(int argc, char **argv)
{
	struct options opt = { .smp = 1, .mem = 1024 };

	options_parse(&opt, argc, argv);
	if (!opt.base || (!opt.state && !opt.intel) || (!opt.save && !opt.argc))
		bed_die("usage: see tests/bed/bed");
	return opt.save ? save_state(&opt) : run_job(&opt);
}
