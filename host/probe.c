// SPDX-License-Identifier: GPL-2.0
/*
 * --probe: can this host's KVM run the guest?  Capabilities alone do not say:
 * a KVM without hardware virtualization may offer them all and emulate ring 0
 * one instruction at a time, a thousand times slower than ring 3.  So a tiny
 * guest runs one loop in both rings, and the two times are compared.
 */
#include <errno.h>
#include <linux/kvm.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "die.h"
#include "probe.h"
#include "probe_guest.h"
#include "vcpu.h"

extern const u8 probe_guest[], probe_guest_ring0[], probe_guest_syscall[],
		probe_guest_end[];

#define GUEST_GPA	0x10000ULL
#define TIME_LIMIT	2		/* seconds */
#define ROUNDS		3
#define BORDERS		3		/* of one round, see probe_guest.S */
#define RATIO_MAX	20		/* ring 0 may be so many times slower */

/* Present, writable, user, accessed, dirty; and PS for a 2 MiB page. */
#define PTE_TABLE	0x67ULL
#define PTE_HUGE	0xe7ULL

#define MSR_STAR	0xc0000081
#define MSR_LSTAR	0xc0000082

#define SHMEM_ENABLED	"/sys/kernel/mm/transparent_hugepage/shmem_enabled"

static struct vm vm = { .nr_cpus = 1 };
static struct vcpu cpu = { .vm = &vm };

static void on_alarm(int sig)
{
	(void)sig;
	cpu.run->immediate_exit = 1;
}

static void load_guest(void)
{
	u64 (*table)[512] = guest_mem(&vm.ram, UMKVM_PGTABLE_GPA, 3 * PAGE_LEN);
	void *code = guest_mem(&vm.ram, GUEST_GPA, PAGE_LEN);

	if (!table || !code)
		die("probe: guest memory is too small");
	memcpy(code, probe_guest, probe_guest_end - probe_guest);
	/* Virtual is physical in the only page there is. */
	table[0][0] = (UMKVM_PGTABLE_GPA + PAGE_LEN) | PTE_TABLE;
	table[1][0] = (UMKVM_PGTABLE_GPA + 2 * PAGE_LEN) | PTE_TABLE;
	table[2][0] = PTE_HUGE;
}

static void set_msrs(void)
{
	struct {
		struct kvm_msrs head;
		struct kvm_msr_entry entries[2];
	} msrs = {
		.head.nmsrs = 2,
		.entries = {
			/* SYSCALL loads CS 0x10, SYSRET to 64 bits 0x33 */
			{ .index = MSR_STAR, .data = 0x0023001000000000 },
			{ .index = MSR_LSTAR, .data = GUEST_GPA +
			  (probe_guest_syscall - probe_guest) },
		},
	};

	if (ioctl(cpu.fd, KVM_SET_MSRS, &msrs) != 2)
		die_errno("probe: KVM_SET_MSRS failed");
}

/* Runs to the next border; the time of arrival in nanoseconds. */
static u64 run_to_border(void)
{
	struct timespec now;

	if (ioctl(cpu.fd, KVM_RUN, 0)) {
		if (errno == EINTR)
			die("probe: no: this host's KVM emulates ring 0 in software; use the test bed (make run does)");
		die_errno("probe: no: KVM_RUN failed");
	}
	if (cpu.run->exit_reason != KVM_EXIT_IO)
		die("probe: no: this host's KVM cannot run ring 0 (exit %u); use the test bed (make run does)",
		    cpu.run->exit_reason);
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The best of a few rounds: other load on the host only ever adds. */
static void measure(u64 *ring0, u64 *ring3)
{
	u64 at[BORDERS];
	int round, i;

	*ring0 = *ring3 = ~0ULL;
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < BORDERS; i++)
			at[i] = run_to_border();
		*ring0 = min_u64(*ring0, at[1] - at[0]);
		*ring3 = min_u64(*ring3, at[2] - at[1]);
	}
}

static bool huge_pages_off(void)
{
	char text[128] = "";
	FILE *file = fopen(SHMEM_ENABLED, "re");
	bool off;

	if (!file)
		return false;
	off = fgets(text, sizeof(text), file) && strstr(text, "[never]");
	fclose(file);
	return off;
}

/* The tiny guest, at its first instruction. */
static void build_guest(void)
{
	vm_open(&vm);
	cpu_read_supported(&vm.cpuid, vm.kvm_fd, vm.nr_cpus);
	mem_create(&vm.ram, MIB(2));
	vm_create(&vm);
	vcpu_create(&cpu);
	load_guest();
	set_msrs();
	cpu_set_entry(cpu.fd, &(struct cpu_entry){
		.rip = GUEST_GPA,
		.cr3 = UMKVM_PGTABLE_GPA,
		.cr4 = CPU_CR4 & ~CPU_CR4_OSXSAVE,
	});
}

bool probe_debug_registers(void)
{
	struct kvm_guest_debug debug = {
		.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP,
		.arch.debugreg = {
			[0] = GUEST_GPA + (probe_guest_ring0 - probe_guest),
			[7] = 1,	/* breakpoint 0: execution */
		},
	};
	bool works;

	build_guest();
	run_to_border();
	works = !ioctl(cpu.fd, KVM_SET_GUEST_DEBUG, &debug) &&
		!ioctl(cpu.fd, KVM_RUN, 0) &&
		cpu.run->exit_reason == KVM_EXIT_DEBUG;
	vcpu_destroy(&cpu);
	vm_destroy(&vm);
	close(vm.kvm_fd);
	return works;
}

int probe_host(void)
{
	struct sigaction action = { .sa_handler = on_alarm };
	u64 ring0, ring3;

	die_set_status(1);
	build_guest();
	sigaction(SIGALRM, &action, NULL);
	alarm(TIME_LIMIT);
	measure(&ring0, &ring3);
	alarm(0);
	if (ring0 / RATIO_MAX > ring3)
		die("probe: no: ring 0 is %llu times slower than ring 3: this host's KVM emulates it in software; use the test bed (make run does)",
		    ring0 / ring3);
	cpu_require(&vm.cpuid);
	printf("linux: probe: yes: ring 0 takes %llu us, ring 3 %llu us for the same loop%s\n",
	       ring0 / 1000, ring3 / 1000,
	       huge_pages_off() ?
	       "; no huge pages: write advise to " SHMEM_ENABLED : "");
	return 0;
}
