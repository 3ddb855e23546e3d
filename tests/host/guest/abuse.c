// SPDX-License-Identifier: GPL-2.0
/*
 * abuse: does the one thing that "abuse=NAME" on its command line names.  What
 * comes back from it ends with code 9, so a shim that lets something pass is
 * found out.
 */
#include "guest.h"

#define NOWHERE		0xd0000000ULL	/* in the hole, never RAM */

static const char panic_message[] = "no \033[2J way on";
static char long_text[UMKVM_CONSOLE_MAX + 1];

static void console(__u64 gpa, __u64 len)
{
	call(UMKVM_CALL_CONSOLE_WRITE, gpa, len, 0, 0, 0);
}

static void do_panic(void)
{
	call(UMKVM_CALL_STOP, UMKVM_STOP_PANIC, 0, gpa_of(panic_message),
	     sizeof(panic_message) - 1, 0);
}

static void do_panic_wild(void)
{
	call(UMKVM_CALL_STOP, UMKVM_STOP_PANIC, 0, NOWHERE, 10, 0);
}

static void do_panic_long(void)
{
	call(UMKVM_CALL_STOP, UMKVM_STOP_PANIC, 0, gpa_of(long_text),
	     UMKVM_MESSAGE_MAX + 1, 0);
}

static void do_restart(void)
{
	call(UMKVM_CALL_STOP, UMKVM_STOP_RESTART, 0, 0, 0, 0);
}

static void do_halt(void)
{
	call(UMKVM_CALL_STOP, UMKVM_STOP_HALT, 3, 0, 0, 0);
}

static void do_version(void)
{
	call(UMKVM_CALL_STOP, UMKVM_STOP_VERSION, 0, 0, 0, 0);
}

static void do_stop_kind(void)
{
	call(UMKVM_CALL_STOP, 77, 0, 0, 0, 0);
}

static void do_stop_code(void)
{
	call(UMKVM_CALL_STOP, UMKVM_STOP_POWER_OFF, 256, 0, 0, 0);
}

static void do_triple_fault(void)
{
	__asm__ __volatile__("ud2");
}

static void do_wild(void)
{
	console(NOWHERE, 10);
}

static void do_wrap(void)
{
	console(~0ULL - 4, 100);
}

static void do_straddle(void)
{
	console(UMKVM_HOLE_START - 4, 8);
}

static void do_long(void)
{
	console(gpa_of(long_text), sizeof(long_text));
}

static void do_unknown(void)
{
	call(99, 0, 0, 0, 0, 0);
}

static void do_zero(void)
{
	call(0, 0, 0, 0, 0, 0);
}

static void do_device(void)
{
	call(UMKVM_CALL_VIRTIO_RESET, 7, 0, 0, 0, 0);
}

static void do_queues_wild(void)
{
	call(UMKVM_CALL_VIRTIO_FEATURES, 0, 1ULL << 32, 0, 0, 0);
	call(UMKVM_CALL_VIRTIO_START, 0, NOWHERE, 6, 0, 0);
}

static void start(__u64 cpu, __u64 rip, __u64 cr3)
{
	call(UMKVM_CALL_CPU_START, cpu, rip, UMKVM_KERNEL_MAP, cr3, 0);
}

/* Where other vCPUs go: they have no stack */
static void __attribute__((naked)) rest(void)
{
	__asm__ __volatile__("1: pause; jmp 1b");
}

static void do_start_twice(void)
{
	start(1, (__u64)rest, UMKVM_PGTABLE_GPA);
	start(1, (__u64)rest, UMKVM_PGTABLE_GPA);
}

static void do_start_self(void)
{
	start(0, (__u64)rest, UMKVM_PGTABLE_GPA);
}

static void do_start_nobody(void)
{
	start(2, (__u64)rest, UMKVM_PGTABLE_GPA);
}

static void do_start_wild(void)
{
	start(1, 1ULL << 63, UMKVM_PGTABLE_GPA);
}

static void do_start_cr3(void)
{
	start(1, (__u64)rest, NOWHERE);
}

/* An address like any other, where nothing is: the CPU finds that out */
static void do_start_unmapped(void)
{
	start(1, UMKVM_KERNEL_MAP + (1ULL << 30), UMKVM_PGTABLE_GPA);
	rest();
}

static void do_park_last(void)
{
	call(UMKVM_CALL_CPU_PARK, 0, 0, 0, 0, 0);
}

static void do_mmio(void)
{
	__u32 *there = direct(0);

	/* Map 3 GiB where 0 was: only the hole can be behind it then. */
	((__u64 *)direct(UMKVM_PGTABLE_GPA + 3 * 4096))[0] = NOWHERE | 0xe3;
	__asm__ __volatile__("invlpg (%0)" : : "r"(there) : "memory");
	there[1] = __atomic_load_n(there, __ATOMIC_RELAXED);
}

static void do_ports(void)
{
	__u8 byte = 1;

	if (port_in(0x60) != ~0U || port_in(UMKVM_PORT_CALL) != ~0U)
		return;
	port_out(0x80, 1);
	port_out(UMKVM_PORT_DOORBELL, 12345);
	__asm__ __volatile__("outb %0, %1" : : "a"(byte), "Nd"((__u16)UMKVM_PORT_CALL));
	print("ports are quiet\n");
	stop(0);
}

static void do_calls(void)
{
	print("calling for ever\n");
	for (;;)
		call(UMKVM_CALL_VIRTIO_RESET, 0, 0, 0, 0, 0);
}

static void do_spin(void)
{
	print("spinning for ever\n");
	for (;;)
		__asm__ __volatile__("pause");
}

static void do_late(void)
{
	call(UMKVM_CALL_WATCHDOG, 1, 0, 0, 0, 0);
	do_spin();
}

static void do_vmcoreinfo(void)
{
	if (call(UMKVM_CALL_VMCOREINFO, gpa_of(long_text),
		 UMKVM_VMCOREINFO_MAX + 1, 0, 0, 0) == -22 &&
	    !call(UMKVM_CALL_VMCOREINFO, gpa_of(panic_message), 8, 0, 0, 0))
		call(UMKVM_CALL_VMCOREINFO, NOWHERE, 8, 0, 0, 0);
}

static void do_watchdog(void)
{
	if (call(UMKVM_CALL_WATCHDOG, UMKVM_WATCHDOG_MAX + 1, 0, 0, 0, 0) >= 0 ||
	    call(UMKVM_CALL_WATCHDOG, UMKVM_WATCHDOG_MAX, 0, 0, 0, 0) ||
	    call(UMKVM_CALL_WATCHDOG, 0, 0, 0, 0, 0))
		return;
	stop(0);
}

static const struct {
	const char *name;
	void (*fn)(void);
} abuses[] = {
	{ "panic", do_panic }, { "panic-wild", do_panic_wild },
	{ "panic-long", do_panic_long }, { "restart", do_restart },
	{ "halt", do_halt }, { "version", do_version },
	{ "stop-kind", do_stop_kind }, { "stop-code", do_stop_code },
	{ "triple-fault", do_triple_fault }, { "wild", do_wild },
	{ "wrap", do_wrap }, { "straddle", do_straddle }, { "long", do_long },
	{ "unknown", do_unknown }, { "zero", do_zero }, { "device", do_device },
	{ "queues-wild", do_queues_wild }, { "mmio", do_mmio },
	{ "ports", do_ports }, { "calls", do_calls }, { "spin", do_spin },
	{ "start-twice", do_start_twice }, { "start-self", do_start_self },
	{ "start-nobody", do_start_nobody }, { "start-wild", do_start_wild },
	{ "start-cr3", do_start_cr3 }, { "start-unmapped", do_start_unmapped },
	{ "park-last", do_park_last }, { "late", do_late },
	{ "vmcoreinfo", do_vmcoreinfo },
	{ "watchdog", do_watchdog },
};

void guest_main(const struct umkvm_boot *boot)
{
	unsigned int i;

	(void)boot;
	for (i = 0; i < ARRAY_SIZE(abuses); i++) {
		if (word_is("abuse=", abuses[i].name))
			abuses[i].fn();
	}
	stop(9);
}
