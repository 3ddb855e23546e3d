// SPDX-License-Identifier: GPL-2.0
/*
 * A module that takes its CPU away: it loops with interrupts off.
 */
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/processor.h>

static noinline void hang_forever(void)
{
	local_irq_disable();
	for (;;)
		cpu_relax();
}

static int hang_init(void)
{
	pr_info("about to hang\n");
	hang_forever();
	return 0;
}
module_init(hang_init);

MODULE_DESCRIPTION("A CPU that hangs");
MODULE_LICENSE("GPL");
