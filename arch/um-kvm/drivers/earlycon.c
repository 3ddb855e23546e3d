// SPDX-License-Identifier: GPL-2.0
/*
 * The early console: kernel messages to the host by call, one exit a line,
 * from the first printk() until hvc0 takes over.  Off unless "earlycon" is on
 * the command line; a panic that comes before any console switches it on.
 */
#include <linux/console.h>
#include <linux/init.h>
#include <asm/hypercall.h>
#include <asm/setup.h>

static void earlycon_write(struct console *con, const char *s, unsigned int len)
{
	umkvm_console_write(s, len);
}

static struct console early_console_dev = {
	.name	= "earlyumkvm",
	.write	= earlycon_write,
	.flags	= CON_BOOT | CON_PRINTBUFFER,
	.index	= -1,
};

/* The kernel hands the value of console= to this one too: not ours */
static int __init earlycon_setup(char *arg)
{
	if (arg && *arg)
		return 0;
	if (!console_is_registered(&early_console_dev))
		register_console(&early_console_dev);
	return 0;
}
early_param("earlycon", earlycon_setup);

void umkvm_early_console_flush(void)
{
	bool nobody;

	console_list_lock();
	nobody = hlist_empty(&console_list);
	console_list_unlock();
	if (nobody)
		register_console(&early_console_dev);
}
