// SPDX-License-Identifier: GPL-2.0
/*
 * The shim: boots a Linux kernel as a process.  main() is the table of
 * contents; each line of it is a file of this directory.  Everything that can
 * be refused is looked at first; then the sandbox closes; then, once for each
 * boot, run_once() builds a machine, loads it and waits for its end.
 */
#include <stdlib.h>

#include "boot.h"
#include "console.h"
#include "die.h"
#include "dump.h"
#include "end.h"
#include "event.h"
#include "gdb.h"
#include "hide.h"
#include "listen.h"
#include "options.h"
#include "printk_ring.h"
#include "probe.h"
#include "run.h"
#include "sandbox.h"
#include "shell.h"
#include "signals.h"
#include "stats.h"
#include "umid.h"
#include "vcpu.h"
#include "virtio.h"
#include "virtio_balloon.h"
#include "virtio_blk.h"
#include "virtio_console.h"
#include "virtio_cow.h"
#include "virtio_fs.h"
#include "virtio_net.h"
#include "virtio_rng.h"
#include "virtio_vsock.h"
#include "vmcoreinfo.h"
#include "watchdog.h"

static struct options opts;
static struct vm vm;
static struct boot boot;
static struct vcpu cpus[UMKVM_CPUS_MAX];

static void run_action(enum action action)
{
	switch (action) {
	case ACTION_HELP:
		options_print_help();
		exit(EXIT_SUCCESS);
	case ACTION_VERSION:
		options_print_version();
		exit(EXIT_SUCCESS);
	case ACTION_PROBE:
		exit(probe_host());
	case ACTION_RUN:
		break;
	}
}

static void check_memory(void)
{
	u64 needed = boot_mem_needed(&boot);

	if (min_u64(opts.mem_len, UMKVM_HOLE_START) < needed)
		die("mem=%lluK: too small; the kernel%s at least mem=%lluM",
		    opts.mem_len >> 10,
		    boot.initrd_len ? " and the initrd need" : " needs",
		    align_up(needed, MIB(1)) >> 20);
	if (opts.mem_len + UMKVM_HOLE_END > 1ULL << cpu_phys_bits(&vm.cpuid))
		die("mem=%lluM: more than this host's CPU can address",
		    opts.mem_len >> 20);
}

static void add_disks(void)
{
	unsigned int i;

	for (i = 0; i < DISKS_MAX; i++) {
		if (opts.disks[i].backing)
			virtio_cow_add(&vm, &opts.disks[i]);
		else if (opts.disks[i].path)
			virtio_blk_add(&vm, &opts.disks[i]);
	}
}

static void create_machine(void)
{
	unsigned int i;

	vm_create(&vm);
	atomic_store(&vm.nr_running, 0);
	for (i = 0; i < vm.nr_cpus; i++)
		vcpu_create(&cpus[i]);
	vm.tsc_khz = cpu_tsc_khz(cpus[0].fd);
	for (i = 0; i < vm.nr_devices; i++)
		virtio_plug(vm.devices[i]);
}

static void destroy_machine(void)
{
	unsigned int i;

	for (i = 0; i < vm.nr_cpus; i++)
		vcpu_wait_stopped(&cpus[i]);
	for (i = 0; i < vm.nr_devices; i++)
		virtio_reset(vm.devices[i]);
	for (i = 0; i < vm.nr_cpus; i++)
		vcpu_destroy(&cpus[i]);
	vm_destroy(&vm);
	mem_clear(&vm.ram);
	vmcoreinfo_clear();
}

/*
 * One boot, from fresh memory to the guest's end.  Its CPUs are told to stop
 * but not waited for: one may be stuck in output that nobody reads.
 */
static void run_once(void)
{
	const struct cpu_entry entry = {
		.rip = boot.kernel.entry,
		.rsi = UMKVM_BOOT_GPA,
		.cr3 = UMKVM_PGTABLE_GPA,
		.cr4 = CPU_CR4,
	};
	unsigned int i;

	create_machine();
	boot_load(&boot, &vm);
	if (opts.verbose)
		warn("%llu MiB, TSC %u kHz, command line: %s",
		     opts.mem_len >> 20, vm.tsc_khz, boot.cmdline);
	gdb_boot();
	console_raw();
	watchdog_set(opts.watchdog);
	vcpu_start(&cpus[0], &entry);
	gdb_booted();
	signals_wait_end(&vm);
	if (end_is_crash(end_get()))
		dump_write(&vm);
	watchdog_set(0);
	for (i = 0; i < vm.nr_cpus; i++)
		vcpu_request(&cpus[i], VCPU_STOP);
}

int main(int argc, char **argv)
{
	unsigned int i;
	u32 cid = 0;

	if (argc > 1 && !strcmp(argv[1], "shell"))
		shell_run(argv + 2);		/* in a guest that runs already */
	options_parse(&opts, argc, argv);	/* the command line */
	run_action(opts.action);		/* --help, --version, --probe */
	gdb_take_stdio(&opts.gdb);
	console_init();				/* standard input and output */
	if (opts.is_run)
		run_prepare(&opts);		/* its command, and an init for it */
	signals_block(opts.dump);		/* until the guest runs */
	vm.nr_cpus = opts.nr_cpus;
	vm.cpus = cpus;
	vm_open(&vm);				/* /dev/kvm and what it can do */
	cpu_read_supported(&vm.cpuid, vm.kvm_fd, vm.nr_cpus);
	hide_features(&vm.cpuid, opts.hidden_kvm);
	cpu_require(&vm.cpuid);			/* and this host's CPU */
	loader_open(&boot.kernel, opts.kernel);	/* the kernel, checked */
	boot_open_initrds(&boot, opts.initrd);	/* its first file system */
	boot.cmdline = opts.cmdline;
	boot.watchdog = opts.watchdog;
	check_memory();
	mem_create(&vm.ram, opts.mem_len);	/* guest memory */
	end_init();				/* how a guest ends */
	event_init();				/* what the device thread waits for */
	watchdog_init();			/* the end of a guest that hangs */
	virtio_console_add(&vm, opts.ports, opts.is_run); /* consoles, opened */
	add_disks();				/* images, checked and locked */
	for (i = 0; i < opts.nr_nets; i++)	/* networks, passt among them */
		virtio_net_add(&vm, &opts.nets[i]);
	for (i = 0; i < opts.nr_dirs; i++)	/* directories, each with its server */
		virtio_fs_add(&vm, &opts.dirs[i]);
	virtio_rng_add(&vm);
	if (opts.balloon)
		virtio_balloon_add(&vm);
	if (opts.vsock_cid)		/* sockets, and a second shell */
		cid = virtio_vsock_add(&vm, opts.vsock_cid);
	if (opts.dump)
		dump_open(opts.dump);		/* a file for what is left of it */
	if (opts.umid)
		umid_create(opts.umid, opts.uml_dir, cid, opts.shell_key);
	vcpu_init(&vm);				/* a thread a vCPU */
	if (opts.gdb.on)			/* the debugger's thread */
		gdb_init(&vm, &opts.gdb, boot.kernel.entry);
	event_start();				/* the device thread */
	sandbox_enter(opts.umid, listen_any()); /* nothing is opened after this */
	run_once();
	while (end_get()->kind == END_RESTART && !opts.noreboot) {
		gdb_boot_over();
		end_clear();
		destroy_machine();
		run_once();
	}
	gdb_goodbye(end_get());
	console_restore();			/* before a signal can end it */
	signals_unblock();			/* a second one does */
	if (end_get()->kind == END_POWER_OFF)
		virtio_console_drain();		/* a slow reader gets all of it */
	if (opts.stats)
		stats_print(&vm);
	if (end_is_crash(end_get()) && end_get()->kind != END_PANIC)
		printk_ring_print(&vm.ram);	/* a panic has printed it */
	end_print(end_get());
	quit(end_get()->status);
}
