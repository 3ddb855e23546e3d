// SPDX-License-Identifier: GPL-2.0
/*
 * A module that uses what an architecture must supply for modules: calls into
 * the kernel, relocations of data and text, parameters, per-CPU variables,
 * the exception table, jump labels.  Its
 * init function fails if one of them does not work.
 */
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

static int value = 1;
module_param(value, int, 0444);

static DEFINE_PER_CPU(int, probe_count);
static DEFINE_STATIC_KEY_FALSE(probe_key);

static int zero;
static int *pointer = &value;
static int (*const table[])(const char *fmt, ...) = { _printk };

static int probe_relocations(void)
{
	return pointer == &value && table[0] == _printk && !zero;
}

static int probe_percpu(void)
{
	int cpu = get_cpu();

	this_cpu_add(probe_count, 3);
	put_cpu();
	return per_cpu(probe_count, cpu) == 3;
}

/* A read where nothing is mapped: only the exception table gets it out */
static int probe_extable(void)
{
	char c;

	return get_kernel_nofault(c, (char *)0xffffe90000000000UL) == -EFAULT;
}

static int probe_key_works(void)
{
	int before = static_branch_unlikely(&probe_key) ? 1 : 0;

	static_branch_enable(&probe_key);
	return !before && static_branch_unlikely(&probe_key);
}

static int __init guest_probe_init(void)
{
	void *p = kmalloc(100, GFP_KERNEL);
	int ok = p && probe_relocations() && probe_percpu() &&
		 probe_extable() && probe_key_works();

	kfree(p);
	if (!ok || value == 13)
		return -EINVAL;
	pr_info("guest_probe: loaded with value %d\n", value);
	return 0;
}

static void __exit guest_probe_exit(void)
{
	pr_info("guest_probe: gone\n");
}

module_init(guest_probe_init);
module_exit(guest_probe_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Module for tests/guest/module.c");
