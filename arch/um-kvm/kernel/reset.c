// SPDX-License-Identifier: GPL-2.0
/*
 * How the guest ends: power off with the exit code from /proc/exitcode,
 * restart, halt, panic.  Each is one call to the shim that does not return.
 */
#include <linux/console.h>
#include <linux/init.h>
#include <linux/panic_notifier.h>
#include <linux/proc_fs.h>
#include <linux/reboot.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/hypercall.h>
#include <asm/setup.h>

/* What the process of the shim ends with, as in UML; 0..255 */
static u8 exitcode;

void machine_power_off(void)
{
	umkvm_stop(UMKVM_STOP_POWER_OFF, exitcode, 0);
}

void machine_halt(void)
{
	umkvm_stop(UMKVM_STOP_HALT, 0, 0);
}

void machine_restart(char *cmd)
{
	umkvm_stop(UMKVM_STOP_RESTART, 0, 0);
}

void machine_emergency_restart(void)
{
	umkvm_stop(UMKVM_STOP_RESTART, 0, 0);
}

/*
 * Last of the notifiers.  With "panic=N" the kernel restarts by itself later;
 * without, there is nothing left to wait for.
 */
static int panic_stop(struct notifier_block *nb, unsigned long event,
		      void *message)
{
	static char text[UMKVM_MESSAGE_MAX];

	if (panic_timeout)
		return NOTIFY_DONE;
	/* panic() does that later; in NMI context nothing was printed so far */
	console_flush_on_panic(CONSOLE_FLUSH_PENDING);
	strscpy(text, message, sizeof(text));
	umkvm_stop(UMKVM_STOP_PANIC, __pa_symbol(text), strlen(text));
}

static struct notifier_block panic_block = {
	.notifier_call	= panic_stop,
	.priority	= INT_MIN,
};

static ssize_t exitcode_read(struct file *file, char __user *buf, size_t len,
			     loff_t *pos)
{
	char text[8];
	int n = scnprintf(text, sizeof(text), "%u\n", exitcode);

	return simple_read_from_buffer(buf, len, pos, text, n);
}

/* Any number: what a shell would do to it, modulo 256, happens here too */
static ssize_t exitcode_write(struct file *file, const char __user *buf,
			      size_t len, loff_t *pos)
{
	int value;
	int err = kstrtoint_from_user(buf, len, 0, &value);

	if (err)
		return err;
	exitcode = value;
	return len;
}

static const struct proc_ops exitcode_ops = {
	.proc_read	= exitcode_read,
	.proc_write	= exitcode_write,
	.proc_lseek	= noop_llseek,
};

static int __init reset_init(void)
{
	atomic_notifier_chain_register(&panic_notifier_list, &panic_block);
	return 0;
}
/* before anything that may panic by itself */
early_initcall(reset_init);

static int __init exitcode_init(void)
{
	if (!proc_create("exitcode", 0600, NULL, &exitcode_ops))
		pr_warn("no /proc/exitcode\n");
	return 0;
}
fs_initcall(exitcode_init);
