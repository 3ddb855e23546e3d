// SPDX-License-Identifier: GPL-2.0
/*
 * Breakpoints in memory.  In the kernel's half a breakpoint is the one-byte
 * instruction OUT %al, (%dx): ring 0 leaves the VM by it wherever it stands,
 * before there is an interrupt table and between any two instructions of an
 * entry too, and no code of the guest takes part.
 *
 * Ring 3 must not do port I/O, so in a program a breakpoint is INT3, and the
 * interrupt table's gate for it is led to a place with an OUT: the first
 * instruction of the kernel, which is over when programs run.  If it was ours,
 * the exception is taken back, as if it had never been delivered; an INT3 of
 * the program itself goes on to the kernel's handler.
 */
#include <errno.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <sys/ioctl.h>

#include "gdb_break.h"
#include "gdb_mem.h"

#define BREAKPOINTS	256
#define INSN_OUT	0xee
#define INSN_INT3	0xcc
#define USER_END	0x800000000000ULL

#define VECTOR_BP	3

/* A gate of the interrupt table (Intel SDM Vol. 3, 6.14.1) */
struct gate {
	u16 offset_low;
	u16 segment;
	u16 flags;
	u16 offset_middle;
	u32 offset_high;
	u32 reserved;
};

/* What an exception without an error code leaves on the stack */
struct frame {
	u64 rip, cs, rflags, rsp, ss;
};

struct breakpoint {
	bool used;
	u8 saved;
	u64 addr;
	u64 gpa;
};

static struct vm *vm;

/* Guards all below: vCPUs that hit something look while others are changed. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct breakpoint table[BREAKPOINTS];
static struct {
	u64 entry;		/* where the OUT is */
	u64 handler;		/* where the gate led to before; 0: it still does */
	u64 gate_gpa;
	u64 entry_gpa;
	u8 saved;
} detour;

void gdb_break_init(struct vm *machine, u64 entry)
{
	vm = machine;
	detour.entry = entry;
}

static bool is_user(u64 addr)
{
	return addr < USER_END;
}

static u8 insn(u64 addr)
{
	return is_user(addr) ? INSN_INT3 : INSN_OUT;
}

static u8 *byte_at(u64 gpa)
{
	return guest_mem(&vm->ram, gpa, 1);
}

static struct breakpoint *find(u64 addr)
{
	unsigned int i;

	for (i = 0; i < BREAKPOINTS; i++) {
		if (table[i].used && table[i].addr == addr)
			return &table[i];
	}
	return NULL;
}

static void set_gate(u64 handler)
{
	struct gate *gate = guest_mem(&vm->ram, detour.gate_gpa, sizeof(*gate));

	gate->offset_low = handler;
	gate->offset_middle = handler >> 16;
	gate->offset_high = handler >> 32;
}

/* One table serves all CPUs (arch/um-kvm/kernel/descriptors.c). */
static int make_detour(const struct vcpu *cpu)
{
	struct kvm_sregs sregs;
	struct gate *gate;
	u8 *byte;

	if (detour.handler)
		return 0;
	if (ioctl(cpu->fd, KVM_GET_SREGS, &sregs))
		return -errno;
	if (sregs.idt.limit < (VECTOR_BP + 1) * sizeof(*gate) - 1 ||
	    !gdb_mem_byte(cpu, sregs.idt.base + VECTOR_BP * sizeof(*gate),
			  &detour.gate_gpa))
		return -EAGAIN;
	gate = guest_mem(&vm->ram, detour.gate_gpa, sizeof(*gate));
	byte = gdb_mem_byte(cpu, detour.entry, &detour.entry_gpa);
	if (!gate || !byte)
		return -EFAULT;
	detour.handler = (u64)gate->offset_high << 32 |
			 (u32)gate->offset_middle << 16 | gate->offset_low;
	detour.saved = *byte;
	*byte = INSN_OUT;
	set_gate(detour.entry);
	return 0;
}

static void end_detour(void)
{
	if (!detour.handler)
		return;
	set_gate(detour.handler);
	*byte_at(detour.entry_gpa) = detour.saved;
	detour.handler = 0;
}

static int insert(const struct vcpu *cpu, u64 addr)
{
	struct breakpoint *bp = table;
	u8 *byte;
	int err;

	while (bp->used) {
		if (++bp == table + BREAKPOINTS)
			return -ENOSPC;
	}
	byte = gdb_mem_byte(cpu, addr, &bp->gpa);
	if (!byte)
		return -EFAULT;
	if (is_user(addr)) {
		err = make_detour(cpu);
		if (err)
			return err;
	}
	bp->used = true;
	bp->addr = addr;
	bp->saved = *byte;
	*byte = insn(addr);
	return 0;
}

int gdb_break_insert(const struct vcpu *cpu, u64 addr)
{
	int err;

	pthread_mutex_lock(&lock);
	err = find(addr) ? 0 : insert(cpu, addr);
	pthread_mutex_unlock(&lock);
	return err;
}

/* For each breakpoint in the range: the byte in it, and the one under it. */
static void swap_bytes(u64 addr, u8 *bytes, size_t len, bool keep)
{
	unsigned int i;
	u8 *byte, new;

	pthread_mutex_lock(&lock);
	for (i = 0; i < BREAKPOINTS; i++) {
		if (!table[i].used || table[i].addr - addr >= len)
			continue;
		byte = &bytes[table[i].addr - addr];
		new = *byte;
		*byte = keep ? insn(table[i].addr) : table[i].saved;
		if (keep)
			table[i].saved = new;
	}
	pthread_mutex_unlock(&lock);
}

void gdb_break_hide(u64 addr, u8 *bytes, size_t len)
{
	swap_bytes(addr, bytes, len, false);
}

void gdb_break_keep(u64 addr, u8 *bytes, size_t len)
{
	swap_bytes(addr, bytes, len, true);
}

/* A byte that the guest has overwritten since stays as it is. */
static void take_out(struct breakpoint *bp)
{
	u8 *byte = byte_at(bp->gpa);

	if (*byte == insn(bp->addr))
		*byte = bp->saved;
	bp->used = false;
}

void gdb_break_remove(u64 addr)
{
	struct breakpoint *bp;

	pthread_mutex_lock(&lock);
	bp = find(addr);
	if (bp)
		take_out(bp);
	pthread_mutex_unlock(&lock);
}

void gdb_break_clear(void)
{
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < BREAKPOINTS; i++) {
		if (table[i].used)
			take_out(&table[i]);
	}
	end_detour();
	pthread_mutex_unlock(&lock);
}

/* The first page tables map the kernel where it stays; programs are gone. */
void gdb_break_reload(void)
{
	unsigned int i;

	pthread_mutex_lock(&lock);
	detour.handler = 0;
	for (i = 0; i < BREAKPOINTS; i++) {
		struct breakpoint *bp = &table[i];

		if (bp->used && is_user(bp->addr))
			bp->used = false;
		if (!bp->used)
			continue;
		bp->saved = *byte_at(bp->gpa);
		*byte_at(bp->gpa) = INSN_OUT;
	}
	pthread_mutex_unlock(&lock);
}

/* Undoes the delivery of #BP to ring 0: the registers are the frame's again. */
static bool take_back(struct vcpu *cpu, struct kvm_regs *regs,
		      const struct frame *frame)
{
	struct kvm_sregs sregs;

	if (ioctl(cpu->fd, KVM_GET_SREGS, &sregs))
		return false;
	regs->rip = frame->rip - 1;
	regs->rsp = frame->rsp;
	regs->rflags = frame->rflags;
	/* types: code, read, accessed, and data, write, accessed */
	sregs.cs = (struct kvm_segment){
		.limit = ~0U, .selector = frame->cs, .type = 11, .present = 1,
		.dpl = 3, .s = 1, .l = 1, .g = 1,
	};
	sregs.ss = (struct kvm_segment){
		.limit = ~0U, .selector = frame->ss, .type = 3, .present = 1,
		.dpl = 3, .db = 1, .s = 1, .g = 1,
	};
	return !ioctl(cpu->fd, KVM_SET_SREGS, &sregs);
}

static enum gdb_hit hit_detour(struct vcpu *cpu, struct kvm_regs *regs)
{
	struct breakpoint *bp;
	struct frame frame;
	u64 gpa;

	if (gdb_mem_read(cpu, regs->rsp, &frame, sizeof(frame)) ==
	    sizeof(frame) && frame.cs & 3) {
		bp = find(frame.rip - 1);
		/* another program may have an INT3 of its own at this address */
		if (bp && gdb_mem_byte(cpu, bp->addr, &gpa) && gpa == bp->gpa &&
		    take_back(cpu, regs, &frame))
			return GDB_HIT;
	}
	regs->rip = detour.handler;
	return GDB_PASSED_ON;
}

enum gdb_hit gdb_break_hit(struct vcpu *cpu)
{
	enum gdb_hit hit = GDB_NO_HIT;
	struct kvm_regs regs;

	vcpu_complete_exit(cpu);
	if (ioctl(cpu->fd, KVM_GET_REGS, &regs))
		return GDB_NO_HIT;
	pthread_mutex_lock(&lock);
	if (detour.handler && regs.rip - 1 == detour.entry) {
		hit = hit_detour(cpu, &regs);
	} else if (find(regs.rip - 1)) {
		hit = GDB_HIT;
		regs.rip--;
	}
	pthread_mutex_unlock(&lock);
	if (hit != GDB_NO_HIT && ioctl(cpu->fd, KVM_SET_REGS, &regs))
		return GDB_NO_HIT;
	return hit;
}
