// SPDX-License-Identifier: GPL-2.0
/*
 * What the machine watches for the debugger: one step, and four places.  Places
 * are in the CPU's debug registers, by way of KVM_SET_GUEST_DEBUG; the guest's
 * own are not touched, but do not work meanwhile.
 *
 * Where that does not work, because a CPU that is emulated does not know it
 * (the test bed's), places are watched for writes through their pages: the
 * guest can only read those, each write leaves the VM, and is done here.  KVM
 * emulates the instruction then, and not atomically, so this is for one vCPU.
 */
#include <errno.h>
#include <linux/kvm.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>

#include "die.h"
#include "gdb_mem.h"
#include "gdb_watch.h"
#include "probe.h"

/* Debug registers: Intel SDM Vol. 3, 18.2 */
#define WATCHES		4
#define DR7_LOCAL(n)	(1ULL << (2 * (n)))
#define DR7_CONTROL(n, type, len) \
	((u64)((len) << 2 | (type)) << (16 + 4 * (n)))
#define DR7_EXACT	(3ULL << 8)

static bool by_pages;
static struct watch {
	enum gdb_watch_type type;	/* 0: free */
	u64 addr, len;
	u64 gpa;			/* by pages */
} watches[WATCHES];

void gdb_watch_init(void)
{
	by_pages = !probe_debug_registers();
}

bool gdb_watch_by_cpu(void)
{
	return !by_pages;
}

static struct watch *find(enum gdb_watch_type type, u64 addr, u64 len)
{
	int i;

	for (i = 0; i < WATCHES; i++) {
		if (watches[i].type == type && watches[i].addr == addr &&
		    watches[i].len == len)
			return &watches[i];
	}
	return NULL;
}

/* All vCPUs are held. */
static void protect_pages(struct vm *vm)
{
	u64 pages[WATCHES];
	unsigned int i, nr = 0;

	for (i = 0; i < WATCHES; i++) {
		if (watches[i].type)
			pages[nr++] = align_down(watches[i].gpa, PAGE_LEN);
	}
	vm_map_ram(vm, pages, nr);
}

static int watch_page(const struct vcpu *cpu, struct watch *watch)
{
	if (watch->type != GDB_HW_WRITE || cpu->vm->nr_cpus > 1) {
		warn("gdb: the debug registers of this host do not work, so only writes can be watched, and with one CPU");
		return -ENOTSUP;
	}
	return gdb_mem_byte(cpu, watch->addr, &watch->gpa) ? 0 : -EFAULT;
}

int gdb_watch_insert(const struct vcpu *cpu, enum gdb_watch_type type,
		     u64 addr, u64 len)
{
	struct watch watch = { .type = type, .addr = addr, .len = len };
	struct watch *slot = find(0, 0, 0);
	int err = 0;

	/* gdb gives an instruction's length, the CPU wants 1 */
	if (type == GDB_HW_EXEC)
		watch.len = 1;
	if (!watch.len || watch.len > 8 || watch.len & (watch.len - 1) ||
	    addr & (watch.len - 1))
		return -EINVAL;
	if (find(type, addr, watch.len))
		return 0;
	if (!slot)
		return -ENOSPC;
	if (by_pages)
		err = watch_page(cpu, &watch);
	if (err)
		return err;
	*slot = watch;
	if (by_pages)
		protect_pages(cpu->vm);
	return 0;
}

void gdb_watch_remove(const struct vcpu *cpu, enum gdb_watch_type type,
		      u64 addr, u64 len)
{
	struct watch *watch = find(type, addr, type == GDB_HW_EXEC ? 1 : len);

	if (!watch)
		return;
	memset(watch, 0, sizeof(*watch));
	if (by_pages)
		protect_pages(cpu->vm);
}

void gdb_watch_clear(struct vm *vm)
{
	bool any = false;
	int i;

	for (i = 0; i < WATCHES; i++)
		any |= watches[i].type;
	memset(watches, 0, sizeof(watches));
	if (any && by_pages)
		protect_pages(vm);
}

/* The CPU cannot watch for reads alone: writes stop there as well. */
static u64 control_of(int i)
{
	static const u8 types[] = {
		[GDB_HW_EXEC] = 0, [GDB_HW_WRITE] = 1, [GDB_HW_READ] = 3,
		[GDB_HW_ACCESS] = 3,
	};
	static const u8 lens[] = { [1] = 0, [2] = 1, [4] = 3, [8] = 2 };

	return DR7_CONTROL(i, types[watches[i].type], lens[watches[i].len]) |
	       DR7_LOCAL(i) | DR7_EXACT;
}

void gdb_watch_arm(struct vcpu *cpu, bool step)
{
	struct kvm_guest_debug debug = { 0 };
	int i;

	for (i = 0; i < WATCHES; i++) {
		if (!watches[i].type || by_pages)
			continue;
		debug.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP;
		debug.arch.debugreg[i] = watches[i].addr;
		debug.arch.debugreg[7] |= control_of(i);
	}
	/* without interrupts, or each step would land in the timer's */
	if (step)
		debug.control |= KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP |
				 KVM_GUESTDBG_BLOCKIRQ;
	/* EBADF: the machine is being built again, a new vCPU has none of it */
	if (ioctl(cpu->fd, KVM_SET_GUEST_DEBUG, &debug) && errno != EBADF)
		warn("gdb: KVM refuses to debug vCPU %u", cpu->id);
}

struct gdb_why gdb_watch_why(const struct vcpu *cpu)
{
	const struct kvm_debug_exit_arch *debug = &cpu->run->debug.arch;
	struct gdb_why why = { .cpu = cpu->id, .signal = SIGTRAP };
	int i;

	for (i = 0; i < WATCHES; i++) {
		if (!(debug->dr6 >> i & 1) || !watches[i].type)
			continue;
		why.cause = watches[i].type == GDB_HW_EXEC ? GDB_HWBREAK :
							     GDB_WATCH;
		why.addr = watches[i].addr;
	}
	return why;
}

/* The vCPU whose write this is waits here, so nobody sees it half done. */
bool gdb_watch_mmio(struct vcpu *cpu, struct gdb_why *why)
{
	const u64 gpa = cpu->run->mmio.phys_addr;
	const u32 len = cpu->run->mmio.len;
	u8 *to = guest_mem(&cpu->vm->ram, gpa, len);
	bool hit = false;
	int i;

	if (!cpu->run->mmio.is_write || !to)
		return false;
	memcpy(to, cpu->run->mmio.data, len);
	for (i = 0; i < WATCHES; i++) {
		if (!watches[i].type || gpa >= watches[i].gpa + watches[i].len ||
		    gpa + len <= watches[i].gpa)
			continue;
		hit = true;
		why->addr = watches[i].addr;
	}
	why->cause = hit ? GDB_WATCH : GDB_SIGNAL;
	return true;
}
