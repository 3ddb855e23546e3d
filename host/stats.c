// SPDX-License-Identifier: GPL-2.0
/*
 * --stats.  KVM's own counters are read by name from its binary statistics,
 * so they follow whatever the host's KVM counts; ours are added per vCPU.
 */
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "die.h"
#include "stats.h"
#include "vcpu.h"
#include "virtio.h"
#include "virtio_console.h"

#define NAME_MAX_LEN	96

struct kvm_desc {
	struct kvm_stats_desc desc;
	char name[NAME_MAX_LEN];
};

static bool read_at(int fd, u64 offset, void *to, size_t len)
{
	return pread(fd, to, len, offset) == (ssize_t)len;
}

/* Prints the single counters; histograms are left out. */
static void print_kvm(int fd, const char *who)
{
	struct kvm_stats_header head;
	struct kvm_desc entry;
	u64 value;
	u32 i;

	if (fd < 0 || !read_at(fd, 0, &head, sizeof(head)) ||
	    head.name_size >= NAME_MAX_LEN)
		return;
	for (i = 0; i < head.num_desc; i++) {
		size_t len = sizeof(entry.desc) + head.name_size;

		if (!read_at(fd, head.desc_offset + i * len, &entry, len))
			return;
		entry.name[head.name_size] = '\0';
		if (entry.desc.size != 1 ||
		    !read_at(fd, head.data_offset + entry.desc.offset, &value,
			     sizeof(value)))
			continue;
		print_err("stats: %s.%s: %llu\n", who, entry.desc.name, value);
	}
}

static const char *const exit_names[VCPU_EXITS] = {
	[KVM_EXIT_IO]			= "io",
	[KVM_EXIT_MMIO]			= "mmio",
	[KVM_EXIT_HLT]			= "hlt",
	[KVM_EXIT_INTR]			= "intr",
	[KVM_EXIT_SHUTDOWN]		= "shutdown",
	[KVM_EXIT_IOAPIC_EOI]		= "ioapic_eoi",
	[KVM_EXIT_FAIL_ENTRY]		= "fail_entry",
	[KVM_EXIT_INTERNAL_ERROR]	= "internal_error",
};

static const char *const call_names[VCPU_CALLS] = {
	[UMKVM_CALL_STOP]		= "stop",
	[UMKVM_CALL_CONSOLE_WRITE]	= "console_write",
	[UMKVM_CALL_VIRTIO_RESET]	= "virtio_reset",
	[UMKVM_CALL_VIRTIO_FEATURES]	= "virtio_features",
	[UMKVM_CALL_VIRTIO_START]	= "virtio_start",
	[UMKVM_CALL_VIRTIO_CONFIG]	= "virtio_config",
	[UMKVM_CALL_VIRTIO_VECTOR]	= "virtio_vector",
	[UMKVM_CALL_CPU_START]		= "cpu_start",
	[UMKVM_CALL_CPU_PARK]		= "cpu_park",
	[UMKVM_CALL_WATCHDOG]		= "watchdog",
	[UMKVM_CALL_VMCOREINFO]		= "vmcoreinfo",
};

static void print_shim(const struct vcpu *cpu)
{
	u64 total = 0;
	unsigned int i;

	for (i = 0; i < VCPU_EXITS; i++) {
		total += cpu->exits[i];
		if (exit_names[i])
			print_err("stats: cpu%u.shim_exits_%s: %llu\n", cpu->id,
				  exit_names[i], cpu->exits[i]);
	}
	print_err("stats: cpu%u.shim_exits: %llu\n", cpu->id, total);
	for (i = 0; i < VCPU_CALLS; i++) {
		if (call_names[i])
			print_err("stats: cpu%u.call_%s: %llu\n", cpu->id,
				  call_names[i], cpu->calls[i]);
	}
	print_err("stats: cpu%u.ignored_port_writes: %llu\n", cpu->id,
		  cpu->ignored_writes);
}

static void print_device(const struct virtio_dev *dev)
{
	print_err("stats: device%u.doorbells: %llu\n"
		  "stats: device%u.interrupts: %llu\n",
		  dev->index, dev->doorbells, dev->index, dev->interrupts);
	if (dev->ops->print_stats)
		dev->ops->print_stats(dev);
}

/* "Init": DRIVER_OK of the console, the last step before the first program. */
static void print_times(struct vm *vm)
{
	u64 started = virtio_console_started_ns();
	u64 first = vm->cpus[0].first_run_ns;

	print_err("stats: us_to_console: %lld\n",
		  started ? (long long)(started - first) / 1000 : -1LL);
}

void stats_print(struct vm *vm)
{
	struct rusage usage;
	unsigned int i;
	char who[16];
	int fd;

	for (i = 0; i < vm->nr_cpus; i++) {
		snprintf(who, sizeof(who), "cpu%u", i);
		print_kvm(vm->cpus[i].stats_fd, who);
		print_shim(&vm->cpus[i]);
	}
	fd = ioctl(vm->vm_fd, KVM_GET_STATS_FD, 0);
	print_kvm(fd, "vm");
	close(fd);
	for (i = 0; i < vm->nr_devices; i++)
		print_device(vm->devices[i]);
	print_times(vm);
	print_err("stats: guest_memory_kb: %llu\n", mem_used(&vm->ram) >> 10);
	if (!getrusage(RUSAGE_SELF, &usage))
		print_err("stats: max_rss_kb: %ld\n", usage.ru_maxrss);
}
