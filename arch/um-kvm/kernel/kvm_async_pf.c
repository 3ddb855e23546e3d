// SPDX-License-Identifier: GPL-2.0
/*
 * Asynchronous page faults: when the host has to fetch a page of ours from a
 * disk, KVM says so by a #PF with a token in CR2, and the CPU runs another
 * task instead of waiting.  An interrupt with the same token says that the
 * page is there.  KVM does this only to ring 3, where a task may sleep.
 *
 * Both come to the CPU that touched the page, and are handled with interrupts
 * off, so each CPU has a list of its own and needs no lock.
 */
#include <linux/entry-common.h>
#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/kvm_para.h>
#include <linux/list.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <asm/irq_vectors.h>
#include <asm/kvm_features.h>
#include <asm/msr.h>
#include <asm/ptrace.h>

#define ALL_TOKENS	(~0U)
#define TOKENS_MAX	64	/* KVM's ASYNC_PF_PER_VCPU */

/* KVM writes it, with the vCPU outside the guest; 64 bytes, aligned */
static DEFINE_PER_CPU(struct kvm_vcpu_pv_apf_data, apf) __aligned(64);

DEFINE_STATIC_KEY_FALSE(kvm_async_pf_enabled);

/* A task that waits for its page, on its stack */
struct waiter {
	struct hlist_node	link;
	struct task_struct	*task;
	u32			token;
};

static DEFINE_PER_CPU(struct hlist_head, waiters);

/* Pages that were there before the task could wait; 0 is a free place */
static DEFINE_PER_CPU(u32[TOKENS_MAX], early);

static u32 *find_early(u32 token)
{
	u32 *tokens = *this_cpu_ptr(&early);
	unsigned int i;

	for (i = 0; i < TOKENS_MAX; i++) {
		if (tokens[i] == token)
			return &tokens[i];
	}
	return NULL;
}

static void wait_for_page(u32 token)
{
	struct waiter w = { .task = current, .token = token };
	u32 *there = find_early(token);

	if (there) {
		*there = 0;
		return;
	}
	hlist_add_head(&w.link, this_cpu_ptr(&waiters));
	for (;;) {
		/* a barrier: pairs with wake_up_process() in wake() */
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (hlist_unhashed_lockless(&w.link))
			break;
		local_irq_enable();
		schedule();
		local_irq_disable();
	}
	__set_current_state(TASK_RUNNING);
}

/* Once it is off the list, the task may return and @w be gone */
static void wake(struct waiter *w)
{
	struct task_struct *task = get_task_struct(w->task);

	hlist_del_init(&w->link);
	wake_up_process(task);
	put_task_struct(task);
}

/* KVM has lost count, or the CPU goes off line: they fault once more */
static void wake_all(void)
{
	struct hlist_node *next;
	struct waiter *w;

	hlist_for_each_entry_safe(w, next, this_cpu_ptr(&waiters), link)
		wake(w);
}

static void page_ready(u32 token)
{
	struct waiter *w;
	u32 *place;

	hlist_for_each_entry(w, this_cpu_ptr(&waiters), link) {
		if (w->token == token) {
			wake(w);
			return;
		}
	}
	place = find_early(0);
	if (!WARN_ON_ONCE(!place))
		*place = token;
}

/* The token is read before the ACK, which lets KVM write the next one */
void kvm_async_pf_interrupt(void)
{
	u32 token = __this_cpu_read(apf.token);

	if (!token)
		return;
	if (token == ALL_TOKENS)
		wake_all();
	else
		page_ready(token);
	__this_cpu_write(apf.token, 0);
	wrmsrl(MSR_KVM_ASYNC_PF_ACK, 1);
}

/* From exc_page_fault(): true if it was no page fault but a message */
noinstr bool __kvm_handle_async_pf(struct pt_regs *regs, u32 token)
{
	u32 flags = __this_cpu_read(apf.flags);
	irqentry_state_t state;

	if (!flags)
		return false;
	__this_cpu_write(apf.flags, 0);

	state = irqentry_enter(regs);
	instrumentation_begin();
	if (!(flags & KVM_PV_REASON_PAGE_NOT_PRESENT) || !user_mode(regs))
		panic("async page fault 0x%x with flags 0x%x in %s mode", token,
		      flags, user_mode(regs) ? "user" : "kernel");
	wait_for_page(token);
	instrumentation_end();
	irqentry_exit(regs, state);
	return true;
}

void kvm_async_pf_online(void)
{
	if (!kvm_para_has_feature(KVM_FEATURE_ASYNC_PF_INT))
		return;
	memset(this_cpu_ptr(&apf), 0, sizeof(apf));
	memset(this_cpu_ptr(&early), 0, sizeof(early));
	wrmsrl(MSR_KVM_ASYNC_PF_INT, ASYNC_PF_VECTOR);
	wrmsrl(MSR_KVM_ASYNC_PF_EN, __pa(this_cpu_ptr(&apf)) |
	       KVM_ASYNC_PF_ENABLED | KVM_ASYNC_PF_DELIVERY_AS_INT);
}

void kvm_async_pf_offline(void)
{
	if (!kvm_para_has_feature(KVM_FEATURE_ASYNC_PF_INT))
		return;
	wrmsrl(MSR_KVM_ASYNC_PF_EN, 0);
	wake_all();
}

static int __init kvm_async_pf_init(void)
{
	if (kvm_para_has_feature(KVM_FEATURE_ASYNC_PF_INT))
		static_branch_enable(&kvm_async_pf_enabled);
	return 0;
}
early_initcall(kvm_async_pf_init);
