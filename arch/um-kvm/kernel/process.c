// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks: how one is made, how the CPU goes from one to the next, and what the
 * CPU does when there is none.  Segment registers are in segments.c, the
 * FPU in code of arch/x86.
 */
#include <linux/cpu.h>
#include <linux/entry-common.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include <asm/desc.h>
#include <asm/fpu/api.h>
#include <asm/fpu/sched.h>
#include <asm/pkru.h>
#include <asm/prctl.h>
#include <asm/proto.h>
#include <asm/segments.h>
#include <asm/switch_to.h>

/* In the words of arch/x86, which scripts search for */
void __show_regs(struct pt_regs *regs, enum show_regs_mode mode,
		 const char *level)
{
	show_iret_regs(regs, level);
	if (regs->orig_ax != -1)
		pr_cont(" ORIG_RAX: %016lx", regs->orig_ax);
	pr_cont("\n");
	printk("%sRAX: %016lx RBX: %016lx RCX: %016lx\n", level,
	       regs->ax, regs->bx, regs->cx);
	printk("%sRDX: %016lx RSI: %016lx RDI: %016lx\n", level,
	       regs->dx, regs->si, regs->di);
	printk("%sRBP: %016lx R08: %016lx R09: %016lx\n", level,
	       regs->bp, regs->r8, regs->r9);
	printk("%sR10: %016lx R11: %016lx R12: %016lx\n", level,
	       regs->r10, regs->r11, regs->r12);
	printk("%sR13: %016lx R14: %016lx R15: %016lx\n", level,
	       regs->r13, regs->r14, regs->r15);
	if (mode == SHOW_REGS_SHORT)
		return;
	printk("%sFS:  %016lx GS:  %016lx\n", level, rdfsbase(), rdgsbase());
	if (mode == SHOW_REGS_USER)
		return;
	printk("%sCR0: %016lx CR2: %016lx\n", level, read_cr0(), read_cr2());
	printk("%sCR3: %016lx CR4: %016lx\n", level, __read_cr3(),
	       __read_cr4());
}

DEFINE_PER_CPU_ALIGNED(struct pcpu_hot, pcpu_hot) = {
	.current_task	= &init_task,
	.preempt_count	= INIT_PREEMPT_COUNT,
	.top_of_stack	= TOP_OF_INIT_STACK,
};
EXPORT_PER_CPU_SYMBOL(pcpu_hot);
EXPORT_PER_CPU_SYMBOL(const_pcpu_hot);

/* task_struct is followed by the FPU state, whose size is known at boot only */
int arch_dup_task_struct(struct task_struct *dst, struct task_struct *src)
{
	/* init_task is a plain variable: it ends with struct task_struct */
	if (unlikely(src == &init_task))
		memcpy_and_pad(dst, arch_task_struct_size, src,
			       sizeof(init_task), 0);
	else
		memcpy(dst, src, arch_task_struct_size);
	/* the copy points into the original: fpu_clone() sets its own */
	dst->thread.fpu.fpstate = NULL;
	return 0;
}

void arch_release_task_struct(struct task_struct *tsk)
{
	fpstate_free(&tsk->thread.fpu);
}

void exit_thread(struct task_struct *tsk)
{
	fpu__drop(&tsk->thread.fpu);
}

/*
 * The child's first __switch_to_asm() pops this frame and continues in
 * ret_from_fork_asm() with the function to call in RBX and R12.
 */
static struct pt_regs *make_fork_frame(struct task_struct *p,
				       int (*fn)(void *), void *fn_arg)
{
	struct pt_regs *regs = task_pt_regs(p);
	struct fork_frame *fork = container_of(regs, struct fork_frame, regs);

	fork->frame = (struct inactive_task_frame) {
		/* the end of all stacks for the unwinder */
		.bp		= (unsigned long)regs | 1,
		.ret_addr	= (unsigned long)ret_from_fork_asm,
		.bx		= (unsigned long)fn,
		.r12		= (unsigned long)fn_arg,
	};
	p->thread.sp = (unsigned long)&fork->frame;
	return regs;
}

int copy_thread(struct task_struct *p, const struct kernel_clone_args *args)
{
	struct pt_regs *regs = make_fork_frame(p, args->fn, args->fn_arg);
	struct thread_struct *thread = &p->thread;

	memset(thread->ptrace_bps, 0, sizeof(thread->ptrace_bps));
	if (unlikely(p->flags & PF_KTHREAD)) {
		thread->pkru = pkru_get_init_value();
		memset(regs, 0, sizeof(*regs));
		fpu_clone(p, args->flags, true, 0);
		return 0;
	}

	thread->pkru = read_pkru();
	current_save_fsgs();
	thread->fsindex = current->thread.fsindex;
	thread->fsbase = current->thread.fsbase;
	thread->gsindex = current->thread.gsindex;
	thread->gsbase = current->thread.gsbase;
	savesegment(es, thread->es);
	savesegment(ds, thread->ds);

	*regs = *current_pt_regs();
	regs->ax = 0;
	if (args->stack)
		regs->sp = args->stack;
	if (unlikely(args->fn)) {
		/* a kernel function that will become a program by exec */
		regs->sp = 0;
		regs->ip = 0;
		fpu_clone(p, args->flags, true, 0);
		return 0;
	}
	fpu_clone(p, args->flags, false, 0);
	if (args->flags & CLONE_SETTLS)
		return do_arch_prctl_64(p, ARCH_SET_FS, args->tls);
	return 0;
}

__visible void ret_from_fork(struct task_struct *prev, struct pt_regs *regs,
			     int (*fn)(void *), void *fn_arg)
{
	schedule_tail(prev);
	if (unlikely(fn)) {
		fn(fn_arg);
		/* it came back: it has turned into a program */
		regs->ax = 0;
	}
	syscall_exit_to_user_mode(regs);
}

static void switch_extras(struct task_struct *prev, struct task_struct *next)
{
	if (unlikely(test_tsk_thread_flag(prev, TIF_NOTSC) !=
		     test_tsk_thread_flag(next, TIF_NOTSC)))
		cr4_toggle_bits_irqsoff(X86_CR4_TSD);
	if (unlikely(test_tsk_thread_flag(prev, TIF_BLOCKSTEP) ||
		     test_tsk_thread_flag(next, TIF_BLOCKSTEP)))
		switch_blockstep(next);
}

/*
 * Called on the stack of @next with interrupts off.  Segments come before
 * current changes, because a fault on a bad selector must still belong to
 * somebody; the FPU is saved before and restored on the way to ring 3.  The
 * graph tracer keeps return addresses by task: it may not see this call.
 */
__visible __notrace_funcgraph
struct task_struct *__switch_to(struct task_struct *prev,
				struct task_struct *next)
{
	int cpu = smp_processor_id();

	/* with the flag set, the registers are no longer those of @prev */
	if (!test_tsk_thread_flag(prev, TIF_NEED_FPU_LOAD))
		switch_fpu_prepare(prev, cpu);
	user_segments_switch(prev, next);

	raw_cpu_write(pcpu_hot.current_task, next);
	raw_cpu_write(pcpu_hot.top_of_stack, task_top_of_stack(next));
	load_sp0(task_top_of_stack(next));
	switch_fpu_finish(next);

	if (unlikely((read_task_thread_flags(prev) |
		      read_task_thread_flags(next)) &
		     (_TIF_NOTSC | _TIF_BLOCKSTEP)))
		switch_extras(prev, next);

	/*
	 * SYSRET on AMD leaves a null SS in the hidden state if an interrupt
	 * from ring 3 zeroed it (X86_BUG_SYSRET_SS_ATTRS); reload it.
	 */
	if (boot_cpu_has_bug(X86_BUG_SYSRET_SS_ATTRS)) {
		unsigned short ss;

		savesegment(ss, ss);
		if (ss != __KERNEL_DS)
			loadsegment(ss, __KERNEL_DS);
	}
	return prev;
}

/*
 * STI lets no interrupt in before the HLT that follows it, so a wake-up
 * between need_resched()'s test and here is not lost (Intel SDM Vol. 2, STI).
 */
void __cpuidle arch_cpu_idle(void)
{
	native_safe_halt();
	raw_local_irq_disable();
}

static bool wchan_frame(void *wchan, unsigned long ip)
{
	if (in_sched_functions(ip))
		return true;
	*(unsigned long *)wchan = ip;
	return false;
}

unsigned long __get_wchan(struct task_struct *p)
{
	unsigned long ip = 0;

	if (!try_get_task_stack(p))
		return 0;
	arch_stack_walk(wchan_frame, &ip, p, NULL);
	put_task_stack(p);
	return ip;
}
