// SPDX-License-Identifier: GPL-2.0
/*
 * The emulated machine: QEMU (TCG) with an AMD CPU that has SVM and nested
 * paging.  It is booted once to the agent's FRAME_READY and saved; each run
 * restores it.  L1's memory lives in a file that a run maps privately, so
 * restoring copies nothing and parallel runs share what they do not write.
 *
 * Both uses must build the very same machine; only what is named here differs.
 * QEMU dies with the relay, whatever ends it.  svm.c takes faults out of it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "relay.h"

#define QEMU		"qemu-system-x86_64"
#define ARGS_MAX	96

/*
 * erms and fsrm are off because TCG runs REP MOVS a byte at a time.  An oops
 * of L1 ends the machine instead of leaving the run to its time-out.
 */
#define CPU		"max,+svm,+npt,-erms,-fsrm"
/*
 * What several CPUs at the same time are too much for, in QEMU 7.2.
 *
 * All others have to stand still for a CMPXCHG16B.  Both kernels do without.
 *
 * Now and then the first fetch after VMRUN or its exit finds page tables that
 * are good empty, and that is a triple fault, of the guest (once in three
 * minutes of cyclictest on four vCPUs) or, with five levels, of L1.  With all
 * threads on one CPU of the host, --turns, it has not been seen.
 */
#define CPU_OF_SEVERAL	CPU ",-cx16,-la57"
/* no_timer_check: a busy host may let no tick come while L1 waits for some */
#define CMDLINE		"console=ttyS0 quiet reboot=t panic=-1 oops=panic " \
			"mitigations=off tsc=reliable clocksource=tsc " \
			"nowatchdog rcupdate.rcu_cpu_stall_suppress=1 " \
			"no_timer_check"

struct args {
	char *arg[ARGS_MAX];
	int n;
};

static void __attribute__((format(printf, 2, 3)))
add(struct args *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (a->n == ARGS_MAX - 1 || vasprintf(&a->arg[a->n++], fmt, ap) < 0)
		abort();
	va_end(ap);
}

static void add_option(struct args *a, const char *name, const char *value)
{
	add(a, "%s", name);
	add(a, "%s", value);
}

static void add_board(struct args *a, const struct options *opt)
{
	add(a, QEMU);
	add_option(a, "-M", "q35,memory-backend=ram");
	add_option(a, "-cpu", opt->smp > 1 ? CPU_OF_SEVERAL : CPU);
	add(a, "-smp");
	add(a, "%u", opt->smp);
	add(a, "-m");
	add(a, "%uM", opt->mem);
	add_option(a, "-accel", opt->smp > 1 ? "tcg,thread=multi" :
					       "tcg,thread=single");
	if (opt->icount)
		add_option(a, "-icount", "shift=1,sleep=off");
	add_option(a, "-display", "none");
	add(a, "-nodefaults");
	add(a, "-no-user-config");
	add(a, "-no-reboot");
	add(a, "-kernel");
	add(a, "%s/vmlinuz", opt->base);
	add(a, "-initrd");
	add(a, "%s/l1-amd.cpio", opt->base);
	add_option(a, "-append", CMDLINE);
}

/* The drive needs no flushes: what QEMU wrote outlives QEMU */
static void add_devices(struct args *a, int console, int port, int disk, int drive)
{
	add(a, "-chardev");
	add(a, "file,id=console,path=/proc/self/fd/%d,append=on", console);
	add_option(a, "-serial", "chardev:console");
	add(a, "-chardev");
	add(a, "socket,id=port,fd=%d", port);
	add_option(a, "-device", "virtio-serial-pci");
	add_option(a, "-device", "virtserialport,chardev=port,name=bed");
	add(a, "-blockdev");
	add(a, "driver=file,node-name=disk,filename=/proc/self/fd/%d,read-only=on,locking=off",
	    disk);
	add_option(a, "-device", "virtio-blk-pci,drive=disk");
	add(a, "-blockdev");
	add(a, "driver=file,node-name=drive,filename=/proc/self/fd/%d,cache.no-flush=on,discard=unmap",
	    drive);
	add_option(a, "-device", "virtio-blk-pci,drive=drive");
}

static void add_state(struct args *a, const struct options *opt, int qmp,
		      int ram)
{
	add(a, "-object");
	add(a, "memory-backend-file,id=ram,size=%uM,mem-path=/proc/self/fd/%d,share=%s",
	    opt->mem, ram, opt->save ? "on" : "off");
	add(a, "-chardev");
	add(a, "socket,id=qmp,fd=%d", qmp);
	add_option(a, "-mon", "chardev=qmp,mode=control");
	if (!opt->save)
		add_option(a, "-incoming", "defer");
}

/* x-ignore-shared leaves L1's memory out of the state: it is in the file */
static void load_state(struct machine *m, const struct options *opt, int vm)
{
	dprintf(m->qmp, "{\"execute\":\"qmp_capabilities\"}"
		"{\"execute\":\"migrate-set-capabilities\",\"arguments\":"
		"{\"capabilities\":[{\"capability\":\"x-ignore-shared\","
		"\"state\":true}]}}");
	if (!opt->save)
		dprintf(m->qmp, "{\"execute\":\"migrate-incoming\",\"arguments\":"
			"{\"uri\":\"fd:%d\"}}", vm);
}

static void open_files(const struct options *opt, int *ram, int *vm)
{
	int flags = opt->save ? O_RDWR | O_CREAT | O_TRUNC : O_RDONLY;
	int dir = open(opt->state, O_PATH | O_DIRECTORY | O_CLOEXEC);

	/*
	 * Through one directory descriptor, so that a state remade meanwhile
	 * is never mixed with the one it replaces.
	 */
	*ram = openat(dir, "ram", flags, 0666);
	*vm = openat(dir, "vm", flags, 0666);
	if (*ram < 0 || *vm < 0)
		bed_die("%s: saved state: %s", opt->state, strerror(errno));
	if (opt->save && ftruncate(*ram, (off_t)opt->mem << 20))
		bed_die("%s/ram: %s", opt->state, strerror(errno));
	close(dir);
}

int machine_scratch(const char *name)
{
	int fd = memfd_create(name, 0);

	if (fd < 0)
		bed_die("memfd: %s", strerror(errno));
	return fd;
}

static void channel(int pair[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		bed_die("socketpair: %s", strerror(errno));
	fcntl(pair[0], F_SETFD, FD_CLOEXEC);
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
}

pid_t machine_fork(struct machine *m)
{
	pid_t self = getpid();
	sigset_t none;

	m->pid = fork();
	if (m->pid < 0)
		bed_die("fork: %s", strerror(errno));
	if (m->pid) {
		m->alive = syscall(SYS_pidfd_open, m->pid, 0);
		if (m->alive < 0)
			bed_die("pidfd_open: %s", strerror(errno));
		return m->pid;
	}
	/* A session of its own: Ctrl-C outside is not for the emulator */
	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != self)
		_exit(1);
	return 0;
}

/* By descriptor, as a path may have what separates the words of LD_PRELOAD */
static void preload(const char *base)
{
	int dir = open(base, O_PATH | O_CLOEXEC);
	int fd = openat(dir, "svm.so", O_RDONLY);
	char name[32];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	setenv("LD_PRELOAD", name, 1);
}

static void exec_qemu(struct args *a, const char *base, int errors)
{
	int null = open("/dev/null", O_RDWR);

	preload(base);
	dup2(null, 0);
	dup2(null, 1);
	dup2(errors, 2);
	execvp(QEMU, a->arg);
	dprintf(2, "%s: %s (package qemu-system-x86)\n", QEMU,
		strerror(errno));
	_exit(127);
}

/* All threads on the CPU where this one is, of those that it may use */
static void take_turns(void)
{
	cpu_set_t cpu;

	CPU_ZERO(&cpu);
	CPU_SET(sched_getcpu(), &cpu);
	if (sched_setaffinity(0, sizeof(cpu), &cpu))
		dprintf(2, "bed: --turns: %s\n", strerror(errno));
}

/*
 * A disk of no size is one that nobody uses.  QEMU takes a lock of its own, but
 * so late that without it the machine just does not go on.
 */
static int open_drive(const struct options *opt)
{
	int fd;

	if (!opt->drive)
		return machine_scratch("drive");
	fd = open(opt->drive, O_RDWR);
	if (fd < 0)
		bed_die("--drive %s: %s", opt->drive, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB))
		bed_die("--drive %s: another bed has it", opt->drive);
	return fd;
}

static void qemu_start(struct machine *m, const struct options *opt, int disk)
{
	struct args a = { .n = 0 };
	int port[2], qmp[2], ram, vm;

	open_files(opt, &ram, &vm);
	channel(port);
	channel(qmp);
	m->port = port[0];
	m->qmp = qmp[0];
	m->errors = machine_scratch("errors");
	m->console = opt->log ? open(opt->log, O_RDWR | O_CREAT | O_TRUNC, 0666)
			      : machine_scratch("console");
	if (m->console < 0)
		bed_die("%s: %s", opt->log, strerror(errno));
	add_board(&a, opt);
	add_devices(&a, m->console, port[1], disk, open_drive(opt));
	add_state(&a, opt, qmp[1], ram);
	if (!machine_fork(m)) {
		if (opt->turns)
			take_turns();
		exec_qemu(&a, opt->base, m->errors);
	}
	close(port[1]);
	close(qmp[1]);
	close(ram);
	load_state(m, opt, vm);
	close(vm);
}

void machine_start(struct machine *m, const struct options *opt, int disk)
{
	m->qmp = m->screen[0] = m->screen[1] = -1;
	if (opt->intel)
		bochs_start(m, opt);
	else
		qemu_start(m, opt, disk);
}

static ssize_t qmp_read(struct machine *m, char *text, size_t size)
{
	ssize_t n = read(m->qmp, text, size - 1);

	text[n > 0 ? n : 0] = 0;
	return n;
}

/*
 * A message may arrive in two pieces, and then its word is missed; QEMU writes
 * each in one go into a socket that is empty, so this is not worth a parser.
 */
bool machine_event(struct machine *m)
{
	char text[4096];

	qmp_read(m, text, sizeof(text));
	return strstr(text, "\"RESUME\"");
}

/* Runs in the state's directory, so that no name needs quoting */
void machine_save(struct machine *m)
{
	char text[16384];
	ssize_t n;

	usleep(500000);		/* let L1 go idle */
	fcntl(m->qmp, F_SETFL, 0);
	dprintf(m->qmp, "{\"execute\":\"migrate-set-parameters\",\"arguments\":"
			"{\"max-bandwidth\":100000000000}}"
			"{\"execute\":\"migrate\",\"arguments\":"
			"{\"uri\":\"exec:cat >vm\"}}");
	do {
		usleep(50000);
		dprintf(m->qmp, "{\"execute\":\"query-migrate\"}");
		n = qmp_read(m, text, sizeof(text));
		if (n <= 0 || strstr(text, "\"failed\"") ||
		    strstr(text, "\"error\""))
			bed_die("state not saved: %s",
				n > 0 ? text : machine_why(m));
	} while (!strstr(text, "\"completed\""));
	dprintf(m->qmp, "{\"execute\":\"quit\"}");
	waitpid(m->pid, NULL, 0);
}

void machine_kill(struct machine *m)
{
	kill(m->pid, SIGKILL);
	waitpid(m->pid, NULL, 0);
}

/* Finds the last line, or the first one that contains @word, if any does */
static const char *find_line(int fd, char *text, size_t size, const char *word)
{
	off_t end = lseek(fd, 0, SEEK_END);
	off_t from = end > (off_t)size - 1 ? end - (off_t)size + 1 : 0;
	ssize_t n = pread(fd, text, size - 1, from);
	char *hit, *line;

	while (n > 0 && strchr("\r\n", text[n - 1]))
		n--;
	text[n > 0 ? n : 0] = 0;
	hit = word ? strstr(text, word) : NULL;
	if (word && !hit)
		return NULL;
	if (hit)
		hit[strcspn(hit, "\r\n")] = 0;
	line = strrchr(text, '\n');
	return line ? line + 1 : text;
}

const char *machine_why(struct machine *m)
{
	static char text[16384];
	const char *line;
	int st = 0;

	waitpid(m->pid, &st, 0);
	line = find_line(m->console, text, sizeof(text), "Kernel panic");
	if (line)
		return line;
	line = find_line(m->errors, text, sizeof(text), NULL);
	if (*line)
		return line;
	snprintf(text, sizeof(text), "%s %d",
		 WIFSIGNALED(st) ? "signal" : "status",
		 WIFSIGNALED(st) ? WTERMSIG(st) : WEXITSTATUS(st));
	return text;
}
