// SPDX-License-Identifier: GPL-2.0
/*
 * The watchdog: a shim that is not called in time ends the guest, with an exit
 * status of its own.  With the shim's --watchdog it runs from the first
 * instruction; the core's kernel thread then calls until a program opens
 * /dev/watchdog.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/watchdog.h>
#include <asm/hypercall.h>
#include <asm/setup.h>

static unsigned int timeout = 60;
module_param(timeout, uint, 0444);
MODULE_PARM_DESC(timeout, "Seconds, where --watchdog says nothing (60)");

static bool nowayout = WATCHDOG_NOWAYOUT;
module_param(nowayout, bool, 0444);
MODULE_PARM_DESC(nowayout, "Once started it cannot be stopped");

/* Also the keepalive, as the core has it for a driver without .ping */
static int umkvm_watchdog_start(struct watchdog_device *wdd)
{
	return umkvm_call(UMKVM_CALL_WATCHDOG, wdd->timeout);
}

static int umkvm_watchdog_stop(struct watchdog_device *wdd)
{
	return umkvm_call(UMKVM_CALL_WATCHDOG, 0);
}

static const struct watchdog_info umkvm_watchdog_info = {
	.options = WDIOF_SETTIMEOUT | WDIOF_KEEPALIVEPING | WDIOF_MAGICCLOSE,
	.identity = "um-kvm",
};

static const struct watchdog_ops umkvm_watchdog_ops = {
	.owner = THIS_MODULE,
	.start = umkvm_watchdog_start,
	.stop = umkvm_watchdog_stop,
};

static struct watchdog_device umkvm_watchdog = {
	.info = &umkvm_watchdog_info,
	.ops = &umkvm_watchdog_ops,
	.min_timeout = 1,
	.max_timeout = UMKVM_WATCHDOG_MAX,
};

static int __init umkvm_watchdog_init(void)
{
	struct watchdog_device *wdd = &umkvm_watchdog;

	wdd->timeout = umkvm_boot.watchdog ?: timeout;
	if (umkvm_boot.watchdog)
		set_bit(WDOG_HW_RUNNING, &wdd->status);
	watchdog_set_nowayout(wdd, nowayout);
	watchdog_stop_on_reboot(wdd);
	return watchdog_register_device(wdd);
}
device_initcall(umkvm_watchdog_init);
