/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause */
/*
 * The um-kvm machine: everything that the guest kernel (arch/um-kvm) and the
 * shim (host/) say to each other.  Both sides include this very file; nothing
 * here is typed twice.  Documentation/abi.rst explains each call at length.
 *
 * Names: a field called *_gpa is a guest physical address, *_len a length in
 * bytes.  IN is written by the guest and read by the shim, OUT the reverse.
 * Structures are little endian, padded explicitly, and only ever grow at their
 * end; whatever is not named reserved, and zero, is covered by an assertion.
 */
#ifndef _UAPI_ASM_UMKVM_H
#define _UAPI_ASM_UMKVM_H

#include <linux/types.h>

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/stddef.h>
#else
#include <assert.h>
#include <stddef.h>
#endif

/*
 * Raised when an old kernel and a new shim, or the reverse, cannot work
 * together.  The shim reads the kernel's from its ELF note before the first
 * instruction, the kernel reads the shim's from struct umkvm_boot.
 */
#define UMKVM_ABI_VERSION	1

/* ELF note in a PT_NOTE segment of the kernel; its descriptor is one __u32 */
#define UMKVM_NOTE_NAME		"um-kvm"
#define UMKVM_NOTE_ABI		1

/*
 * Guest physical memory below 1 MiB.  The kernel is loaded at the physical
 * addresses of its PT_LOAD segments, all at or above UMKVM_KERNEL_GPA.
 * Page 0 is RAM that nobody uses, so that a null gpa is always a bug.
 */
#define UMKVM_BOOT_GPA		0x00001000	/* struct umkvm_boot */
#define UMKVM_CMDLINE_GPA	0x00002000	/* UMKVM_CMDLINE_SIZE bytes */
#define UMKVM_PGTABLE_GPA	0x00004000	/* four pages, see below */
#define UMKVM_CALLS_GPA		0x00010000	/* struct umkvm_call [vCPU] */
#define UMKVM_DEVICES_GPA	0x00020000	/* struct umkvm_device [device] */
#define UMKVM_KERNEL_GPA	0x00200000

#define UMKVM_CMDLINE_SIZE	2048		/* with its NUL */
#define UMKVM_CPUS_MAX		64
#define UMKVM_DEVICES_MAX	32
#define UMKVM_MEM_MAX		4

/*
 * RAM is one range from 0 to at most UMKVM_HOLE_START and a second one from
 * UMKVM_HOLE_END for what is left.  The hole holds the LAPIC page and what
 * VT-x needs (KVM_SET_TSS_ADDR, KVM_SET_IDENTITY_MAP_ADDR).
 */
#define UMKVM_HOLE_START	0x0c0000000ULL	/* 3 GiB */
#define UMKVM_HOLE_END		0x100000000ULL	/* 4 GiB */

/*
 * State at the kernel's first instruction, on vCPU 0:
 *
 *   64-bit mode, CPL 0, RIP = e_entry of the ELF header (a virtual address),
 *   RSI = UMKVM_BOOT_GPA, RFLAGS = 2 (interrupts off), no usable stack;
 *   CS = 0x10 and SS = DS = ES = 0x18, flat, from descriptors that exist only
 *   in the segment registers: the kernel loads its own GDT, IDT and TSS;
 *   CR0 = PE MP ET NE WP AM PG, CR4 = PAE PGE OSFXSR OSXMMEXCPT OSXSAVE,
 *   EFER = SCE LME LMA NX, XCR0 = CPUID(0xd, 0).EDX:EAX, x2APIC on;
 *   CR3 = UMKVM_PGTABLE_GPA: the first GiB of physical memory is mapped
 *   writable and executable at UMKVM_DIRECT_MAP and at UMKVM_KERNEL_MAP.
 *
 * The others are parked until UMKVM_CALL_CPU_START gives one its RIP, RSP, CR3
 * and GS base.  It then starts in the same state but for these four, with 0 in
 * all other general registers.  No INIT, no SIPI, no real mode.
 */
#define UMKVM_DIRECT_MAP	0xffff888000000000ULL
#define UMKVM_KERNEL_MAP	0xffffffff80000000ULL

#define UMKVM_BOOT_MAGIC	0x564b4d55	/* "UMKV" */

/* struct umkvm_mem: one range of RAM, page aligned, in ascending order */
struct umkvm_mem {
	__u64	start_gpa;
	__u64	mem_len;
};

/*
 * struct umkvm_boot - what the shim tells the kernel once (OUT)
 * @magic:	UMKVM_BOOT_MAGIC
 * @version:	UMKVM_ABI_VERSION of the shim
 * @nr_cpus:	vCPUs 0 .. nr_cpus - 1 exist, each with its number as x2APIC
 *		ID; only vCPU 0 runs
 * @nr_mem:	valid entries of @mem
 * @nr_devices:	device pages at UMKVM_DEVICES_GPA
 * @tsc_khz:	frequency of the guest's time stamp counter
 * @cmdline_len: bytes at UMKVM_CMDLINE_GPA, without the NUL
 * @watchdog:	seconds in which UMKVM_CALL_WATCHDOG has to come, from the first
 *		instruction on; 0: the watchdog waits for the first call
 * @initrd_gpa:	page aligned, 0 if there is none
 * @initrd_len:	bytes
 * @seed:	random, fresh at every boot; the kernel credits it and wipes it
 */
struct umkvm_boot {
	__u32	magic;
	__u32	version;
	__u32	nr_cpus;
	__u32	nr_mem;
	__u32	nr_devices;
	__u32	tsc_khz;
	__u32	cmdline_len;
	__u32	watchdog;
	__u64	initrd_gpa;
	__u64	initrd_len;
	__u8	seed[64];
	struct umkvm_mem mem[UMKVM_MEM_MAX];
};

static_assert(sizeof(struct umkvm_mem) == 16, "ABI");
static_assert(offsetof(struct umkvm_boot, initrd_gpa) == 32, "ABI");
static_assert(offsetof(struct umkvm_boot, mem) == 112, "ABI");
static_assert(sizeof(struct umkvm_boot) == 176, "ABI");

/*
 * Leaving the VM is a 32-bit port write.  Ports that are not named here read
 * as all ones; writes to them are ignored and counted.
 *
 * UMKVM_PORT_CALL: EAX is the call's number; the arguments are in the call
 * block of the vCPU that executes the OUT, its status is there afterwards.
 * The block belongs to the vCPU: fill and use it with interrupts off.
 *
 * UMKVM_PORT_DOORBELL: EAX is a doorbell's number.  It ends in an eventfd in
 * the host kernel and never reaches the shim's vCPU loop; a number that
 * belongs to no queue does, and is ignored and counted.
 */
#define UMKVM_PORT_CALL		0xe0
#define UMKVM_PORT_DOORBELL	0xe4

/*
 * struct umkvm_call - call block, one per vCPU at UMKVM_CALLS_GPA
 * @arg:	IN, by call
 * @status:	OUT, 0 or more for success, a negated Linux errno otherwise
 * @state:	OUT, UMKVM_CPU_PARKED or UMKVM_CPU_RUNNING: what the vCPU is, in
 *		its own block, for others to read.  Parked means that it executes
 *		nothing any more and may be started.
 *
 * The shim copies @arg once, checks the copy and acts on the copy.  What only
 * a broken guest can ask for (an unknown call, an address outside RAM) ends
 * the guest with UMKVM_EXIT_PROTOCOL instead of returning.
 */
struct umkvm_call {
	__u64	arg[6];
	__s32	status;
	__u32	state;
	__u32	reserved[2];
};

#define UMKVM_CPU_PARKED	0
#define UMKVM_CPU_RUNNING	1

static_assert(offsetof(struct umkvm_call, state) == 52, "ABI");
static_assert(sizeof(struct umkvm_call) == 64, "ABI");

enum umkvm_call_nr {
	/*
	 * The guest ends; does not return.  Its number and arguments never
	 * change, so that a version mismatch can be reported by it.
	 * IN: enum umkvm_stop; exit code (UMKVM_STOP_POWER_OFF only, 0..255);
	 *     gpa and length of a message in ASCII (UMKVM_STOP_PANIC only).
	 */
	UMKVM_CALL_STOP			= 1,
	/*
	 * What comes before the console and in a panic: bytes, in order.
	 * IN: gpa, length, at most UMKVM_CONSOLE_MAX.
	 * Status: bytes written, -EIO if the console is gone.
	 */
	UMKVM_CALL_CONSOLE_WRITE	= 2,
	/*
	 * Virtio 1.2 section 2.1, in one step each.  IN: device index first.
	 * RESET stops all queues and clears status and features.
	 * FEATURES accepts the driver's features (-EINVAL: not offered;
	 *	-EBUSY: started).
	 * START takes gpa and count of struct umkvm_queue, MSI address and
	 *	data for configuration changes (address 0: none), and
	 *	sets DRIVER_OK (-EINVAL: sizes or addresses; -EBUSY: not reset).
	 * CONFIG writes to device configuration: offset, length (1, 2, 4 or
	 *	8), value (-EINVAL: read-only or outside).
	 * VECTOR changes the MSI of one queue (or of configuration changes,
	 *	index UMKVM_VECTOR_CONFIG): index, address, data.
	 */
	UMKVM_CALL_VIRTIO_RESET		= 3,
	UMKVM_CALL_VIRTIO_FEATURES	= 4,
	UMKVM_CALL_VIRTIO_START		= 5,
	UMKVM_CALL_VIRTIO_CONFIG	= 6,
	UMKVM_CALL_VIRTIO_VECTOR	= 7,
	/*
	 * Starts another vCPU, which is parked.  IN: its number; RIP; RSP; gpa
	 * of its top page table (CR3); GS base.  Status: 0.  A vCPU that does
	 * not exist or runs already, an address that is not canonical and a
	 * CR3 outside RAM end the guest.
	 */
	UMKVM_CALL_CPU_START		= 8,
	/*
	 * Parks the vCPU that calls; does not return.  Its local APIC keeps
	 * its state.  The last vCPU that runs must not be parked.
	 */
	UMKVM_CALL_CPU_PARK		= 9,
	/*
	 * Sets the watchdog.  IN: seconds in which this call has to come again,
	 * or the guest ends with UMKVM_EXIT_WATCHDOG; 0: never.
	 * Status: 0, -EINVAL for more than UMKVM_WATCHDOG_MAX.
	 */
	UMKVM_CALL_WATCHDOG		= 10,
	/*
	 * Where the kernel keeps what, for dumps: lines NAME=VALUE in the form
	 * of Linux' VMCOREINFO.  The shim takes a copy.  IN: gpa, length.
	 * Status: 0, -EINVAL for more than UMKVM_VMCOREINFO_MAX bytes.
	 */
	UMKVM_CALL_VMCOREINFO		= 11,
};

#define UMKVM_CONSOLE_MAX	4096
#define UMKVM_MESSAGE_MAX	1024
#define UMKVM_VECTOR_CONFIG	0xffff
#define UMKVM_WATCHDOG_MAX	86400
#define UMKVM_VMCOREINFO_MAX	4096

enum umkvm_stop {
	UMKVM_STOP_POWER_OFF	= 0,	/* ends with the guest's exit code */
	UMKVM_STOP_RESTART	= 1,	/* boots again, or UMKVM_EXIT_REBOOT */
	UMKVM_STOP_HALT		= 2,	/* as power off, code 0 */
	UMKVM_STOP_PANIC	= 3,	/* UMKVM_EXIT_PANIC, with a message */
	UMKVM_STOP_VERSION	= 4,	/* the kernel rejects umkvm_boot.version */
};

#define UMKVM_QUEUES_MAX	64
#define UMKVM_QUEUE_SIZE_MAX	1024
#define UMKVM_CONFIG_MAX	256

/*
 * struct umkvm_device - one page per device at UMKVM_DEVICES_GPA (OUT)
 * @virtio_id:	virtio device ID (3 is a console)
 * @nr_queues:	queues 0 .. nr_queues - 1 exist
 * @features:	offered; VIRTIO_F_VERSION_1 always
 * @doorbell:	queue q has doorbell number @doorbell + q
 * @status:	virtio device status as the shim sees it; NEEDS_RESET appears
 *		here, announced by the configuration vector
 * @generation:	goes up by one before and after each change of @config, so it
 *		is odd while the shim writes (pairs with vu_get() in
 *		drivers/virtio_umkvm.c)
 * @config_len:	bytes of @config that exist
 * @queue_max:	largest size of each queue, a power of 2
 * @config:	device configuration space
 * @opened:	a console: 1 once its driver has said that all its consoles are
 *		open; before that they may be registered, but must not be opened
 */
struct umkvm_device {
	__u32	virtio_id;
	__u32	nr_queues;
	__u64	features;
	__u32	doorbell;
	__u32	status;
	__u32	generation;
	__u32	config_len;
	__u16	queue_max[UMKVM_QUEUES_MAX];
	__u8	config[UMKVM_CONFIG_MAX];
	__u32	opened;
	__u8	reserved[3676];
};

static_assert(offsetof(struct umkvm_device, queue_max) == 32, "ABI");
static_assert(offsetof(struct umkvm_device, config) == 160, "ABI");
static_assert(offsetof(struct umkvm_device, opened) == 416, "ABI");
static_assert(sizeof(struct umkvm_device) == 4096, "ABI");

/*
 * struct umkvm_queue - one queue of UMKVM_CALL_VIRTIO_START (IN)
 * @index:	which queue; queues that are not listed stay disabled
 * @size:	power of 2, at most queue_max[index]
 * @msi_data:	MSI of the used ring: vector, edge
 * @msi_addr:	0xfee00000 | destination << 12, 0 for a queue that never
 *		interrupts
 * @desc_gpa:	descriptor table, 16 byte aligned
 * @avail_gpa:	driver area, 2 byte aligned
 * @used_gpa:	device area, 4 byte aligned
 */
struct umkvm_queue {
	__u16	index;
	__u16	size;
	__u32	msi_data;
	__u64	msi_addr;
	__u64	desc_gpa;
	__u64	avail_gpa;
	__u64	used_gpa;
};

static_assert(sizeof(struct umkvm_queue) == 40, "ABI");

/*
 * The shim's exit status where the guest did not choose one; each comes with
 * a line "linux: ended: KIND" on stderr.
 */
#define UMKVM_EXIT_USAGE	125	/* usage or host error */
#define UMKVM_EXIT_PANIC	240	/* the kernel panicked */
#define UMKVM_EXIT_TRIPLE_FAULT	241
#define UMKVM_EXIT_KVM		242	/* KVM internal error */
#define UMKVM_EXIT_PROTOCOL	243	/* the guest broke this contract */
#define UMKVM_EXIT_WATCHDOG	244	/* no UMKVM_CALL_WATCHDOG in time */
#define UMKVM_EXIT_REBOOT	245	/* restart with "noreboot" */

#endif /* _UAPI_ASM_UMKVM_H */
