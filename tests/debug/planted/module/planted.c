// SPDX-License-Identifier: GPL-2.0
/*
 * Errors for the checkers of the debug kernels: two locks in both orders, two
 * threads at one variable.  The parameter chooses; the reports have to name the
 * functions that are called as the error is.
 */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/string.h>

static char *error = "none";
module_param(error, charp, 0444);

static DEFINE_MUTEX(planted_a);
static DEFINE_MUTEX(planted_b);
static struct task_struct *threads[2];
static unsigned long shared;

static noinline void lock_a_then_b(void)
{
	mutex_lock(&planted_a);
	mutex_lock(&planted_b);
	mutex_unlock(&planted_b);
	mutex_unlock(&planted_a);
}

static noinline void lock_b_then_a(void)
{
	mutex_lock(&planted_b);
	mutex_lock(&planted_a);
	mutex_unlock(&planted_a);
	mutex_unlock(&planted_b);
}

static noinline void race_add(void)
{
	shared++;
}

static noinline void race_clear(void)
{
	shared = 0;
}

static int add(void *unused)
{
	while (!kthread_should_stop()) {
		race_add();
		cond_resched();
	}
	return 0;
}

static int clear(void *unused)
{
	while (!kthread_should_stop()) {
		race_clear();
		cond_resched();
	}
	return 0;
}

static void race_end(void)
{
	for (int i = 0; i < ARRAY_SIZE(threads); i++) {
		if (!IS_ERR_OR_NULL(threads[i]))
			kthread_stop(threads[i]);
	}
}

static int race_begin(void)
{
	threads[0] = kthread_run_on_cpu(add, NULL, 0, "planted/%u");
	threads[1] = kthread_run_on_cpu(clear, NULL, 1, "planted/%u");
	if (!IS_ERR(threads[0]) && !IS_ERR(threads[1]))
		return 0;
	race_end();
	return -ENOMEM;
}

static int __init planted_init(void)
{
	if (!strcmp(error, "race"))
		return race_begin();
	if (!strcmp(error, "locks")) {
		lock_a_then_b();
		lock_b_then_a();
	}
	return 0;
}
module_init(planted_init);

static void __exit planted_exit(void)
{
	race_end();
}
module_exit(planted_exit);

MODULE_DESCRIPTION("errors that a debug kernel must find");
MODULE_LICENSE("GPL");
