// SPDX-License-Identifier: GPL-2.0
/*
 * cpus: starts each other vCPU three times (once if they are many), one after
 * the other.  It finds the state that umkvm.h promises, says so in memory, and
 * parks itself.  With "leave" on the command line one is parked and one runs at
 * the end.
 */
#include "guest.h"

#define ROUNDS(cpus)	((cpus) > 8 ? 1 : 3)
#define STACK_SIZE	4096

static char stacks[UMKVM_CPUS_MAX][STACK_SIZE] __attribute__((aligned(16)));

/* Each CPU's GS base points to its own */
static struct report {
	__u64 cpu;
	__u64 rounds;
	__u64 wrong;
} reports[UMKVM_CPUS_MAX];

static struct report *own_report(void)
{
	__u32 low, high;

	/* MSR_GS_BASE */
	__asm__ __volatile__("rdmsr" : "=a"(low), "=d"(high) : "c"(0xc0000101));
	return (struct report *)((__u64)high << 32 | low);
}

static __u64 read_flags(void)
{
	__u64 flags;

	__asm__ __volatile__("pushfq; popq %0" : "=r"(flags));
	return flags;
}

static void __attribute__((noreturn)) secondary(void)
{
	struct report *report = own_report();
	__u64 cr3, cr4, sp = (__u64)__builtin_frame_address(0);
	__u64 base = (__u64)stacks[report->cpu];

	__asm__ __volatile__("mov %%cr3, %0; mov %%cr4, %1" : "=r"(cr3), "=r"(cr4));
	if (cr3 != UMKVM_PGTABLE_GPA || cr4 != 0x406a0 ||
	    sp - base > STACK_SIZE || read_flags() & 1 << 9)
		report->wrong = 1;
	__atomic_add_fetch(&report->rounds, 1, __ATOMIC_SEQ_CST);
	/* the call block of this CPU is never written: PARK has no arguments */
	if (!word_is("", "leave") || report->cpu != 2)
		port_out(UMKVM_PORT_CALL, UMKVM_CALL_CPU_PARK);
	for (;;)
		__asm__ __volatile__("pause");
}

static __u32 state_of(unsigned int cpu)
{
	return __atomic_load_n(&call_block(cpu)->state, __ATOMIC_ACQUIRE);
}

static void start(unsigned int cpu)
{
	reports[cpu].cpu = cpu;
	call(UMKVM_CALL_CPU_START, cpu, (__u64)secondary,
	     (__u64)stacks[cpu] + STACK_SIZE - 8, UMKVM_PGTABLE_GPA,
	     (__u64)&reports[cpu]);
}

void guest_main(const struct umkvm_boot *entry_boot)
{
	const struct umkvm_boot *boot = direct((__u64)entry_boot);
	unsigned int cpu, round;

	if (state_of(0) != UMKVM_CPU_RUNNING)
		stop(1);
	if (word_is("", "leave")) {
		start(2);
		while (!__atomic_load_n(&reports[2].rounds, __ATOMIC_ACQUIRE))
			;
		print("vCPU 2 runs\n");
		for (;;)
			__asm__ __volatile__("pause");
	}
	for (round = 0; round < ROUNDS(boot->nr_cpus); round++) {
		for (cpu = 1; cpu < boot->nr_cpus; cpu++) {
			if (state_of(cpu) != UMKVM_CPU_PARKED)
				stop(2);
			start(cpu);
			while (state_of(cpu) != UMKVM_CPU_PARKED)
				;
		}
	}
	for (cpu = 1; cpu < boot->nr_cpus; cpu++) {
		if (reports[cpu].rounds != ROUNDS(boot->nr_cpus) ||
		    reports[cpu].wrong)
			stop(3);
	}
	print("all vCPUs came and went\n");
	stop(0);
}
