// SPDX-License-Identifier: GPL-2.0
/*
 * What the machine watches for the debugger: one step, and four places.  Places
 * are in the CPU's debug registers, by way of KVM_SET_GUEST_DEBUG; the guest's
 * own are not touched, but do not work meanwhile.
 *
 * An emulated CPU may have debug registers that do nothing under KVM.  So it is
 * tried, and where it fails the debugger is told instead of left to wait.
 */
#include <errno.h>
#include <linux/kvm.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>

#include "die.h"
#include "gdb_watch.h"
#include "probe.h"

/* Debug registers: Intel SDM Vol. 3, 18.2 */
#define WATCHES		4
#define DR7_LOCAL(n)	(1ULL << (2 * (n)))
#define DR7_CONTROL(n, type, len) \
	((u64)((len) << 2 | (type)) << (16 + 4 * (n)))
#define DR7_EXACT	(3ULL << 8)

static bool works;
static struct watch {
	enum gdb_watch_type type;	/* 0: free */
	u64 addr, len;
} watches[WATCHES];

void gdb_watch_init(void)
{
	works = probe_debug_registers();
}

bool gdb_watch_works(void)
{
	return works;
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

int gdb_watch_insert(enum gdb_watch_type type, u64 addr, u64 len)
{
	struct watch watch = { .type = type, .addr = addr, .len = len };
	struct watch *slot = find(0, 0, 0);

	if (!works) {
		warn("gdb: no watchpoints, for the debug registers of this host's CPU do not work under KVM");
		return -ENOTSUP;
	}
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
	*slot = watch;
	return 0;
}

void gdb_watch_remove(enum gdb_watch_type type, u64 addr, u64 len)
{
	struct watch *watch = find(type, addr, type == GDB_HW_EXEC ? 1 : len);

	if (watch)
		memset(watch, 0, sizeof(*watch));
}

void gdb_watch_clear(void)
{
	memset(watches, 0, sizeof(watches));
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
		if (!watches[i].type)
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
