// SPDX-License-Identifier: GPL-2.0
/*
 * The local APIC in x2APIC mode: enable it, end interrupts, send them.  APIC
 * ID is CPU number, so a destination needs no table.  KVM emulates each MSR
 * write with an exit that ends in the host kernel; most ends of interrupts
 * need none (PV EOI).
 */
#include <linux/cpumask.h>
#include <linux/kvm_para.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <asm/apic.h>
#include <asm/barrier.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/umkvm.h>

static __always_inline u32 apic_msr(u32 reg)
{
	return APIC_BASE_MSR + (reg >> 4);
}

void apic_write(u32 reg, u32 value)
{
	wrmsrl(apic_msr(reg), value);
}

bool apic_irq_pending(unsigned int vector)
{
	u64 irr;

	/* 32 vectors a register, registers 16 apart (Intel SDM Vol. 3, 11.8.4) */
	rdmsrl(apic_msr(APIC_IRR + vector / 32 * 0x10), irr);
	return irr & BIT(vector % 32);
}

/*
 * KVM sets bit 0 when it injects an interrupt whose end it need not know of at
 * once; then clearing it is all, and the exit of the MSR write is saved.
 */
static DEFINE_PER_CPU(unsigned long, pv_eoi);

void apic_eoi(void)
{
	/* no lock prefix: KVM writes only while this CPU is out of the guest */
	if (!__test_and_clear_bit(0, this_cpu_ptr(&pv_eoi)))
		wrmsrl(apic_msr(APIC_EOI), 0);
}

void apic_init_cpu(void)
{
	if (kvm_para_has_feature(KVM_FEATURE_PV_EOI))
		wrmsrl(MSR_KVM_PV_EOI_EN,
		       __pa(this_cpu_ptr(&pv_eoi)) | KVM_MSR_ENABLED);
	apic_write(APIC_SPIV, APIC_SPIV_APIC_ENABLED | SPURIOUS_APIC_VECTOR);
}

/*
 * Stores before an IPI must be visible to the CPU that gets it, and a write of
 * an x2APIC register does not order them (Intel SDM Vol. 3, 11.12.3).
 */
static void apic_icr_write(u32 low, u32 destination)
{
	weak_wrmsr_fence();
	wrmsrl(apic_msr(APIC_ICR), (u64)destination << 32 | low);
}

void apic_send_ipi(int cpu, int vector)
{
	apic_icr_write(APIC_DM_FIXED | APIC_DEST_PHYSICAL | vector, cpu);
}

/* Two words of APIC IDs from 0 on, of which all CPUs have the first */
static_assert(UMKVM_CPUS_MAX <= BITS_PER_LONG);

void apic_send_ipi_mask(const struct cpumask *mask, int vector)
{
	int cpu;

	if (kvm_para_has_feature(KVM_FEATURE_PV_SEND_IPI) &&
	    cpumask_weight(mask) > 1) {
		kvm_hypercall4(KVM_HC_SEND_IPI, cpumask_bits(mask)[0], 0, 0,
			       APIC_DM_FIXED | vector);
		return;
	}
	for_each_cpu(cpu, mask)
		apic_send_ipi(cpu, vector);
}

void apic_send_ipi_self(int vector)
{
	apic_write(APIC_SELF_IPI, vector);
}
