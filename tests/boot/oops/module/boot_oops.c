// SPDX-License-Identifier: GPL-2.0
/*
 * Does what a kernel must not do: whichever word is written to /proc/boot_oops.
 * boot_oops_here() is the name that the stack trace has to show; each function
 * calls settle() before and after, so that it has a frame of its own meanwhile.
 */
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/uaccess.h>

static const int constant = 2;
static int settled;

static noinline void settle(void)
{
	WRITE_ONCE(settled, settled + 1);
}

static noinline void write_null(void)
{
	settle();
	*(volatile int *)8 = 1;
	settle();
}

static noinline void wild_read(void)
{
	volatile int *addr = (volatile int *)0xdead000000000100UL;

	settle();
	/* in a register, from which the kernel knows the address */
	OPTIMIZER_HIDE_VAR(addr);
	(void)*addr;
	settle();
}

static noinline void jump_null(void)
{
	void (*fn)(void) = NULL;

	settle();
	OPTIMIZER_HIDE_VAR(fn);
	fn();
	settle();
}

static noinline void run_data(void)
{
	static u8 ret[] __aligned(16) = { 0xc3 };
	void (*fn)(void) = (void *)ret;

	settle();
	OPTIMIZER_HIDE_VAR(fn);
	fn();
	settle();
}

static noinline void write_text(void)
{
	settle();
	*(volatile char *)&_printk = 0;
	settle();
}

static noinline void write_rodata(void)
{
	volatile int *p = (volatile int *)&constant;

	settle();
	OPTIMIZER_HIDE_VAR(p);
	*p = 3;
	settle();
}

static noinline void touch_user(void)
{
	unsigned long at = current->mm->start_stack;

	settle();
	(void)*(volatile int *)at;
	settle();
}

static noinline void divide(void)
{
	int zero = 0;

	settle();
	OPTIMIZER_HIDE_VAR(zero);
	asm volatile("cltd; idivl %0" : : "r" (zero) : "eax", "edx");
	settle();
}

static noinline int recurse(int depth)
{
	volatile char room[512];

	room[depth & 511] = depth;
	if (READ_ONCE(settled) < 0)
		return 0;
	return recurse(depth + 1) + room[depth & 511];
}

static void write_late(struct tasklet_struct *t)
{
	write_null();
}
static DECLARE_TASKLET(tasklet, write_late);

static noinline void boot_bug(void)
{
	settle();
	BUG();
}

static noinline void boot_warn(void)
{
	WARN(1, "boot_oops warns %d\n", constant);
	settle();
}

static noinline void overflow(void)
{
	settled += recurse(0);
}

static noinline void invalid(void)
{
	settle();
	asm volatile("ud2");
	settle();
}

static noinline void in_interrupt_later(void)
{
	tasklet_schedule(&tasklet);
	settle();
}

static noinline void boot_panic(void)
{
	panic("boot_oops panics");
}

static const struct {
	const char *name;
	void (*fn)(void);
} mistakes[] = {
	{ "null", write_null }, { "wild", wild_read }, { "jump", jump_null },
	{ "data", run_data }, { "text", write_text }, { "rodata", write_rodata },
	{ "user", touch_user }, { "divide", divide }, { "bug", boot_bug },
	{ "warn", boot_warn }, { "stack", overflow }, { "ud", invalid },
	{ "interrupt", in_interrupt_later }, { "panic", boot_panic },
};

static noinline int boot_oops_here(const char *what)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		if (strcmp(what, mistakes[i].name))
			continue;
		mistakes[i].fn();
		return 0;
	}
	return -EINVAL;
}

static ssize_t boot_oops_write(struct file *file, const char __user *buf,
			       size_t len, loff_t *pos)
{
	char what[16] = "";
	int err;

	if (len >= sizeof(what) || copy_from_user(what, buf, len))
		return -EINVAL;
	err = boot_oops_here(what);
	return err ?: len;
}

static const struct proc_ops boot_oops_ops = {
	.proc_write = boot_oops_write,
};

static int __init boot_oops_init(void)
{
	return proc_create("boot_oops", 0200, NULL, &boot_oops_ops) ? 0 : -ENOMEM;
}

module_init(boot_oops_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Breaks the kernel, for tests/boot/oops");
