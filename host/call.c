// SPDX-License-Identifier: GPL-2.0
/*
 * The calls of umkvm.h.  Arguments are copied once from the vCPU's call block
 * and only the copy is looked at.  A handler returns the status, or has ended
 * the guest; either way each call is completed exactly once.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <asm/umkvm.h>

#include "call.h"
#include "console.h"
#include "die.h"
#include "end.h"
#include "gdb.h"
#include "vcpu.h"
#include "virtio.h"
#include "vmcoreinfo.h"
#include "watchdog.h"

/* The pointer for a range that a correct guest has in RAM, or NULL and an end. */
static void *arg_mem(struct vcpu *cpu, const char *call, u64 gpa, u64 len)
{
	void *mem = guest_mem(&cpu->vm->ram, gpa, len);

	if (!mem)
		vm_die("call %s: gpa 0x%llx, length 0x%llx is not in RAM", call,
		       gpa, len);
	return mem;
}

static void copy_message(char *to, const u8 *from, size_t len)
{
	size_t i;

	for (i = 0; i < len && from[i]; i++)
		to[i] = plain_char(from[i]);
	while (i && to[i - 1] == ' ')
		i--;
	to[i] = '\0';
}

static void stop_panic(struct vcpu *cpu, u64 gpa, u64 len)
{
	char message[UMKVM_MESSAGE_MAX + 1] = "";
	u8 text[UMKVM_MESSAGE_MAX];
	const void *mem;

	if (len > UMKVM_MESSAGE_MAX) {
		vm_die("call stop: message of 0x%llx bytes", len);
		return;
	}
	if (len) {
		mem = arg_mem(cpu, "stop", gpa, len);
		if (!mem)
			return;
		copy_once(text, mem, len);
		copy_message(message, text, len);
	}
	gdb_on_fatal(cpu, SIGABRT);
	end_guest(END_PANIC, UMKVM_EXIT_PANIC, "%s", message);
}

static int call_stop(struct vcpu *cpu, const u64 *arg)
{
	switch (arg[0]) {
	case UMKVM_STOP_POWER_OFF:
		if (arg[1] > 255)
			vm_die("call stop: exit code 0x%llx", arg[1]);
		else
			end_guest(END_POWER_OFF, arg[1], "%s", "");
		break;
	case UMKVM_STOP_HALT:
		end_guest(END_POWER_OFF, 0, "%s", "");
		break;
	case UMKVM_STOP_RESTART:
		end_guest(END_RESTART, UMKVM_EXIT_REBOOT, "%s", "");
		break;
	case UMKVM_STOP_PANIC:
		stop_panic(cpu, arg[2], arg[3]);
		break;
	case UMKVM_STOP_VERSION:
		end_guest(END_VERSION, UMKVM_EXIT_USAGE,
			  "the kernel does not accept ABI version %d; build kernel and shim from one tree",
			  UMKVM_ABI_VERSION);
		break;
	default:
		vm_die("call stop: unknown kind 0x%llx", arg[0]);
	}
	return 0;
}

static int call_console_write(struct vcpu *cpu, const u64 *arg)
{
	u8 text[UMKVM_CONSOLE_MAX];
	const void *mem;

	if (!arg[1])
		return 0;
	if (arg[1] > sizeof(text)) {
		vm_die("call console write: length 0x%llx", arg[1]);
		return 0;
	}
	mem = arg_mem(cpu, "console write", arg[0], arg[1]);
	if (!mem)
		return 0;
	copy_once(text, mem, arg[1]);
	return console_write(text, arg[1]) ? -EIO : (int)arg[1];
}

static int call_virtio_start(struct vcpu *cpu, struct virtio_dev *dev,
			     const u64 *arg)
{
	struct umkvm_queue queues[UMKVM_QUEUES_MAX];
	const struct vm_route config = { .addr = arg[3], .data = arg[4] };
	const void *mem;

	if (!arg[2] || arg[2] > UMKVM_QUEUES_MAX)
		return -EINVAL;
	mem = arg_mem(cpu, "virtio start", arg[1], arg[2] * sizeof(*queues));
	if (!mem)
		return 0;
	copy_once(queues, mem, arg[2] * sizeof(*queues));
	return virtio_start(dev, queues, arg[2], &config);
}

static int call_virtio(struct vcpu *cpu, u32 nr, const u64 *arg)
{
	const struct vm_route route = { .addr = arg[2], .data = arg[3] };
	struct virtio_dev *dev;

	if (arg[0] >= cpu->vm->nr_devices) {
		vm_die("virtio call for device 0x%llx, which does not exist",
		       arg[0]);
		return 0;
	}
	dev = cpu->vm->devices[arg[0]];
	switch (nr) {
	case UMKVM_CALL_VIRTIO_FEATURES:
		return virtio_set_features(dev, arg[1]);
	case UMKVM_CALL_VIRTIO_START:
		return call_virtio_start(cpu, dev, arg);
	case UMKVM_CALL_VIRTIO_CONFIG:
		return virtio_write_config(dev, arg[1], arg[2], arg[3]);
	case UMKVM_CALL_VIRTIO_VECTOR:
		return virtio_set_vector(dev, arg[1], &route);
	default:
		virtio_reset(dev);
		return 0;
	}
}

/* The upper 17 bits of an address are alike: anything else is #GP or worse. */
static bool canonical(u64 addr)
{
	return addr + (1ULL << 47) < 1ULL << 48;
}

static int call_cpu_start(struct vcpu *cpu, const u64 *arg)
{
	struct vm *vm = cpu->vm;
	const struct cpu_entry entry = {
		.rip = arg[1],
		.rsp = arg[2],
		.cr3 = arg[3],
		.cr4 = CPU_CR4,
		.gs_base = arg[4],
	};

	if (arg[0] >= vm->nr_cpus)
		vm_die("call cpu start: there is no vCPU 0x%llx", arg[0]);
	else if (!canonical(arg[1]) || !canonical(arg[2]) || !canonical(arg[4]))
		vm_die("call cpu start: rip 0x%llx, rsp 0x%llx, gs 0x%llx: not all addresses",
		       arg[1], arg[2], arg[4]);
	else if (arg[3] % PAGE_LEN || !guest_mem(&vm->ram, arg[3], PAGE_LEN))
		vm_die("call cpu start: cr3 0x%llx is no page of RAM", arg[3]);
	else if (!vcpu_start(&vm->cpus[arg[0]], &entry))
		vm_die("call cpu start: vCPU %llu runs already", arg[0]);
	return 0;
}

static int call_cpu_park(struct vcpu *cpu)
{
	if (!vcpu_park(cpu))
		vm_die("call cpu park: no other vCPU runs");
	return 0;
}

static int call_vmcoreinfo(struct vcpu *cpu, const u64 *arg)
{
	if (arg[1] > UMKVM_VMCOREINFO_MAX)
		return -EINVAL;
	if (!vmcoreinfo_set(&cpu->vm->ram, arg[0], arg[1]))
		vm_die("call vmcoreinfo: gpa 0x%llx, length 0x%llx is not in RAM",
		       arg[0], arg[1]);
	return 0;
}

static int serve(struct vcpu *cpu, u32 nr, const u64 *arg)
{
	switch (nr) {
	case UMKVM_CALL_STOP:
		return call_stop(cpu, arg);
	case UMKVM_CALL_CONSOLE_WRITE:
		return call_console_write(cpu, arg);
	case UMKVM_CALL_VIRTIO_RESET ... UMKVM_CALL_VIRTIO_VECTOR:
		return call_virtio(cpu, nr, arg);
	case UMKVM_CALL_CPU_START:
		return call_cpu_start(cpu, arg);
	case UMKVM_CALL_CPU_PARK:
		return call_cpu_park(cpu);
	case UMKVM_CALL_WATCHDOG:
		return watchdog_set(arg[0]);
	case UMKVM_CALL_VMCOREINFO:
		return call_vmcoreinfo(cpu, arg);
	default:
		vm_die("call %u: unknown", nr);
		return 0;
	}
}

struct umkvm_call *call_block(struct vcpu *cpu)
{
	return guest_mem(&cpu->vm->ram,
			 UMKVM_CALLS_GPA + cpu->id * sizeof(struct umkvm_call),
			 sizeof(struct umkvm_call));
}

void call_dispatch(struct vcpu *cpu, u32 nr)
{
	struct umkvm_call *block = call_block(cpu);
	struct umkvm_call copy;

	copy_once(&copy, block, sizeof(copy));
	block->status = serve(cpu, nr, copy.arg);
}
