// SPDX-License-Identifier: GPL-2.0
/*
 * The clock event device: the local APIC's timer in TSC-deadline mode, one
 * per CPU.  Arming it is one MSR write, one exit; it is never armed twice for
 * the same event and left alone when it has already fired.
 */
#include <linux/clockchips.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/time.h>
#include <asm/apic.h>
#include <asm/hardirq.h>
#include <asm/irq.h>
#include <asm/msr.h>
#include <asm/setup.h>
#include <asm/tsc.h>

/* The device counts in units of 8 cycles, so that 32 bits hold the rate */
#define CYCLES_PER_TICK	8

static DEFINE_PER_CPU(struct clock_event_device, lapic_timer);
static DEFINE_PER_CPU(bool, lapic_timer_armed);

static int lapic_timer_next(unsigned long delta, struct clock_event_device *dev)
{
	__this_cpu_write(lapic_timer_armed, true);
	/*
	 * The write is not serializing on Intel (SDM Vol. 3, 11.5.4.1), but
	 * nothing here depends on stores being visible before it.
	 */
	wrmsrl(MSR_IA32_TSC_DEADLINE, rdtsc() + (u64)delta * CYCLES_PER_TICK);
	return 0;
}

static int lapic_timer_stop(struct clock_event_device *dev)
{
	if (__this_cpu_read(lapic_timer_armed)) {
		__this_cpu_write(lapic_timer_armed, false);
		wrmsrl(MSR_IA32_TSC_DEADLINE, 0);
	}
	return 0;
}

/* From kernel/irq.c, on LOCAL_TIMER_VECTOR */
void lapic_timer_interrupt(void)
{
	struct clock_event_device *dev = this_cpu_ptr(&lapic_timer);

	inc_irq_stat(timer);
	__this_cpu_write(lapic_timer_armed, false);
	if (dev->event_handler)
		dev->event_handler(dev);
}

void lapic_timer_init_cpu(void)
{
	struct clock_event_device *dev = this_cpu_ptr(&lapic_timer);

	*dev = (struct clock_event_device) {
		.name			 = "lapic-deadline",
		.features		 = CLOCK_EVT_FEAT_ONESHOT,
		.rating			 = 150,
		.set_next_event		 = lapic_timer_next,
		.set_state_shutdown	 = lapic_timer_stop,
		.set_state_oneshot_stopped = lapic_timer_stop,
		.cpumask		 = cpumask_of(smp_processor_id()),
	};
	apic_write(APIC_LVTT, APIC_LVT_TIMER_TSCDEADLINE | LOCAL_TIMER_VECTOR);
	clockevents_config_and_register(dev, tsc_khz * (1000 / CYCLES_PER_TICK),
					0xf, ~0UL);
}

void __init time_init(void)
{
	kvmclock_register();
	lapic_timer_init_cpu();
}

int read_current_timer(unsigned long *timer_value)
{
	*timer_value = rdtsc();
	return 0;
}

void __delay(unsigned long cycles)
{
	u64 start = rdtsc_ordered();

	while (rdtsc_ordered() - start < cycles)
		cpu_relax();
}
EXPORT_SYMBOL(__delay);

/* asm/delay.h: @xloops is microseconds * 2^32 / 10^6 */
void __const_udelay(unsigned long xloops)
{
	__delay(((u128)xloops * tsc_khz * 1000 >> 32) + 1);
}
EXPORT_SYMBOL(__const_udelay);

void __udelay(unsigned long usecs)
{
	__const_udelay(usecs * 0x10c7);	/* 2^32 / 10^6, rounded up */
}
EXPORT_SYMBOL(__udelay);

void __ndelay(unsigned long nsecs)
{
	__const_udelay(nsecs * 5);	/* 2^32 / 10^9, rounded up */
}
EXPORT_SYMBOL(__ndelay);
