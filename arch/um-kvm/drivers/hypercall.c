// SPDX-License-Identifier: GPL-2.0
/*
 * The only file with the instruction that leaves the VM on purpose.  It owns
 * the call blocks (asm/umkvm.h): one per CPU, used with interrupts off, so
 * that a call is never interrupted by another on the same CPU.
 */
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <asm/hypercall.h>

static __always_inline void umkvm_out(u16 port, u32 value)
{
	asm volatile("outl %0, %1" : : "a" (value), "Nd" (port) : "memory");
}

static struct umkvm_call *call_block(unsigned int cpu)
{
	return (struct umkvm_call *)__va(UMKVM_CALLS_GPA) + cpu;
}

u32 umkvm_cpu_state(unsigned int cpu)
{
	/* pairs with set_running() in host/vcpu.c: it has stored its last */
	return smp_load_acquire(&call_block(cpu)->state);
}

s32 umkvm_call6(enum umkvm_call_nr nr, const u64 arg[6])
{
	struct umkvm_call *block;
	unsigned long flags;
	s32 status;

	local_irq_save(flags);
	block = call_block(raw_smp_processor_id());
	memcpy(block->arg, arg, sizeof(block->arg));
	umkvm_out(UMKVM_PORT_CALL, nr);
	status = READ_ONCE(block->status);
	local_irq_restore(flags);
	return status;
}

/*
 * The text is copied, because printk's buffers may be anywhere (vmalloc, a
 * stack), while the shim wants one range of physical memory.  Each CPU copies
 * to a buffer of its own, so no lock is needed, even in a panic.  A line is one
 * call.
 */
void umkvm_console_write(const char *s, unsigned int len)
{
	static char bounce[NR_CPUS][256];
	unsigned long flags;
	unsigned int n;
	char *copy;

	local_irq_save(flags);
	copy = bounce[raw_smp_processor_id()];
	for (; len; s += n, len -= n) {
		n = min_t(unsigned int, len, sizeof(bounce[0]));
		memcpy(copy, s, n);
		umkvm_call(UMKVM_CALL_CONSOLE_WRITE, __pa_symbol(copy), n);
	}
	local_irq_restore(flags);
}

void umkvm_doorbell(u32 number)
{
	umkvm_out(UMKVM_PORT_DOORBELL, number);
}
