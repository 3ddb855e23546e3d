// SPDX-License-Identifier: GPL-2.0
/*
 * Signals.  All that the shim handles are blocked in every thread and read
 * from a descriptor by the main thread, which does nothing else while the guest runs:
 * so each is handled at any moment, and never inside of something else.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "console.h"
#include "die.h"
#include "dump.h"
#include "end.h"
#include "signals.h"
#include "stats.h"
#include "vcpu.h"
#include "virtio_console.h"

static int signal_fd;
static sigset_t mask_before;

/* Started by nohup: then its end is not ours. */
static bool ignored(int sig)
{
	struct sigaction action;

	return !sigaction(sig, NULL, &action) && action.sa_handler == SIG_IGN;
}

void signals_block(bool dump)
{
	static const int handled[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH,
		SIGUSR1, SIGABRT,
	};
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(handled); i++)
		if ((handled[i] != SIGHUP || !ignored(SIGHUP)) &&
		    (handled[i] != SIGABRT || dump))
			sigaddset(&set, handled[i]);
	signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signal_fd < 0)
		die_errno("cannot make a signalfd");
	/* Output, disks and the terminal's mode fail with an error instead. */
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGXFSZ);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, &mask_before);
	sigaddset(&mask_before, SIGPIPE);
}

void signals_unblock(void)
{
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

static void request_all(struct vm *vm, unsigned int requests)
{
	unsigned int i;

	for (i = 0; i < vm->nr_cpus; i++)
		vcpu_request(&vm->cpus[i], requests);
}

static void stop_process(void)
{
	console_restore();
	kill(getpid(), SIGSTOP);
}

static void handle_signal(struct vm *vm, int sig)
{
	switch (sig) {
	case SIGQUIT:
		console_print_tail();
		request_all(vm, VCPU_REGS);
		break;
	case SIGUSR1:
		stats_print(vm);
		break;
	case SIGABRT:
		dump_write(vm);
		break;
	case SIGTSTP:
		stop_process();
		break;
	case SIGCONT:
		console_raw();
		request_all(vm, VCPU_CLOCK);
		break;
	case SIGWINCH:
		virtio_console_resized();
		break;
	default:
		end_guest(END_SIGNAL, 128 + sig, "SIG%s", sigabbrev_np(sig));
	}
}

static void read_signals(struct vm *vm)
{
	struct signalfd_siginfo info;

	while (read(signal_fd, &info, sizeof(info)) == sizeof(info))
		handle_signal(vm, info.ssi_signo);
}

void signals_wait_end(struct vm *vm)
{
	struct pollfd fds[] = {
		{ .fd = signal_fd, .events = POLLIN },
		{ .fd = end_fd(), .events = POLLIN },
	};

	/* Once at least: a guest may reboot each time before this looks. */
	do {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno != EINTR)
			die_errno("cannot wait for signals");
		read_signals(vm);
	} while (!end_pending());
}
