// SPDX-License-Identifier: GPL-2.0
/*
 * The two ends of the console's set-up.
 *
 * The early console: kernel messages to the host by call, one exit a line,
 * until hvc0 takes over.  It is always there, because hvc0 cannot show what was
 * printed before it: the driver replays the log before its port can write.
 * With "quiet" there is nothing to print.
 *
 * The real one: hvc0 appears when the host has answered the driver's messages,
 * in a work item that nothing waits for, so init could start without it.  The
 * work item registers the console first and makes its port known last.  Who
 * opens hvc0 between the two has the driver hang up a tty that is already being
 * released, so nobody may try until the port is known; then the driver tells
 * the host, who says so in the device page.
 */
#include <linux/console.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/string.h>
#include <linux/virtio_ids.h>
#include <asm/hypercall.h>
#include <asm/setup.h>

static void earlycon_write(struct console *con, const char *s, unsigned int len)
{
	umkvm_console_write(s, len);
}

static struct console early_console_dev = {
	.name	= "earlyumkvm",
	.write	= earlycon_write,
	/* enabled whatever console= says */
	.flags	= CON_BOOT | CON_PRINTBUFFER | CON_ENABLED,
	.index	= -1,
};

/* console=null asks for silence */
void __init early_console_init(void)
{
	if (strstr(boot_command_line, "console=null"))
		return;
	register_console(&early_console_dev);
}

/* Elsewhere one has to ask for it; do not hand the word to init */
static int __init earlycon_setup(char *arg)
{
	return 0;
}
early_param("earlycon", earlycon_setup);

static const struct umkvm_device * __init find_console(void)
{
	const struct umkvm_device *dev = __va(UMKVM_DEVICES_GPA);
	unsigned int i;

	for (i = 0; i < umkvm_boot.nr_devices; i++)
		if (dev[i].virtio_id == VIRTIO_ID_CONSOLE)
			return &dev[i];
	return NULL;
}

/* Usually over at once; a host that does not answer cannot stop the boot */
static int __init wait_for_console(void)
{
	const struct umkvm_device *dev = find_console();
	int tries = 2000;

	if (!strstr(boot_command_line, "console=hvc") || !dev)
		return 0;
	while (!READ_ONCE(dev->opened) && --tries)
		usleep_range(500, 1000);
	if (!tries)
		pr_warn("console: no answer from the host's device\n");
	return 0;
}
late_initcall_sync(wait_for_console);
