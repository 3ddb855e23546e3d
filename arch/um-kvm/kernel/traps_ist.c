// SPDX-License-Identifier: GPL-2.0
/*
 * Exceptions with a stack of their own: #DB, NMI, #DF and #MC.  They can come
 * between any two instructions of the kernel, before it has its stack and GS
 * even, so from ring 0 they touch as little as possible and never schedule.
 */
#include <linux/entry-common.h>
#include <linux/kdebug.h>
#include <linux/nmi.h>
#include <linux/ptrace.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <asm/debugreg.h>
#include <asm/desc.h>
#include <asm/kdebug.h>
#include <asm/smp.h>
#include <asm/traps.h>

/* From ring 3 these run on the task's stack: copies the frame to its top */
asmlinkage __visible noinstr
struct pt_regs *move_to_task_stack(struct pt_regs *regs)
{
	struct pt_regs *top = (struct pt_regs *)current_top_of_stack() - 1;

	*top = *regs;
	return top;
}

/*
 * DR6 is sticky: whoever reads it clears it.  The bits are returned with the
 * polarity "1 happened" (Intel SDM Vol. 3, 18.2.3; BLD and RTM are inverted).
 */
static __always_inline unsigned long read_clear_dr6(void)
{
	unsigned long dr6;

	get_debugreg(dr6, 6);
	set_debugreg(DR6_RESERVED, 6);
	return dr6 ^ DR6_RESERVED;
}

/* True if somebody has consumed the event; may clear bits of *dr6 */
static bool notify_debug(struct pt_regs *regs, unsigned long *dr6)
{
	return notify_die(DIE_DEBUG, "debug", regs, (long)dr6, 0,
			  SIGTRAP) == NOTIFY_STOP;
}

/*
 * Ring 0: a hardware breakpoint on kernel memory, or one that ring 3 set on
 * its own and that hit during a copy, or, behind "mov ss" and SYSCALL, on the
 * first instruction of entry_SYSCALL_64.  DR7 is off meanwhile, so that the
 * handler cannot hit it again.
 */
asmlinkage noinstr void exc_debug_kernel(struct pt_regs *regs)
{
	unsigned long dr7 = local_db_save();
	irqentry_state_t state = irqentry_nmi_enter(regs);
	unsigned long dr6 = read_clear_dr6();

	instrumentation_begin();
	if (dr6 && !notify_debug(regs, &dr6) && (dr6 & DR_STEP)) {
		/* nobody steps the kernel: SYSCALL with TF set by ring 3 */
		regs->flags &= ~X86_EFLAGS_TF;
	}
	instrumentation_end();
	irqentry_nmi_exit(regs, state);
	local_db_restore(dr7);
}

/* asm/siginfo.h: which of the reasons for SIGTRAP */
static int debug_si_code(unsigned long dr6)
{
	if (dr6 & DR_STEP)
		return TRAP_TRACE;
	return dr6 & DR_TRAP_BITS ? TRAP_HWBKPT : TRAP_BRKPT;
}

static void debug_user(struct pt_regs *regs, unsigned long dr6)
{
	/* INT1 (icebp) leaves no bit at all */
	bool icebp = !dr6;

	/*
	 * ptrace reads the tracee's DR6 from here: a single step, then the
	 * breakpoints, which ptrace_triggered() adds.
	 */
	current->thread.virtual_dr6 = dr6 & DR_STEP;
	clear_thread_flag(TIF_BLOCKSTEP);

	if (notify_debug(regs, &dr6))
		return;
	local_irq_enable();
	dr6 |= current->thread.virtual_dr6;
	if ((dr6 & (DR_STEP | DR_TRAP_BITS)) || icebp)
		send_sigtrap(regs, 0, debug_si_code(dr6));
	local_irq_disable();
}

asmlinkage noinstr void exc_debug_user(struct pt_regs *regs)
{
	unsigned long dr6 = read_clear_dr6();

	irqentry_enter_from_user_mode(regs);
	instrumentation_begin();
	debug_user(regs, dr6);
	instrumentation_end();
	irqentry_exit_to_user_mode(regs);
}

/*
 * Other CPUs ask by one where this CPU is, or have it stop for KGDB; a debugger
 * of the host may inject one.  A page fault may be about to read CR2, and a #DB to
 * turn DR7 off, so both are kept.  There is no protection against a nested NMI
 * (Documentation/caveats.rst).
 */
asmlinkage noinstr void exc_nmi(struct pt_regs *regs)
{
	unsigned long dr7 = local_db_save();
	unsigned long cr2 = read_cr2();
	irqentry_state_t state = irqentry_nmi_enter(regs);

	instrumentation_begin();
	if (!nmi_cpu_backtrace(regs) &&
	    !(IS_ENABLED(CONFIG_KGDB) && kgdb_stop_cpu(regs)) &&
	    notify_die(DIE_NMI, "nmi", regs, 0, X86_TRAP_NMI,
		       SIGINT) != NOTIFY_STOP)
		pr_emerg("NMI without a reason\n");
	instrumentation_end();
	irqentry_nmi_exit(regs, state);
	native_write_cr2(cr2);
	local_db_restore(dr7);
}

asmlinkage noinstr void exc_double_fault(struct pt_regs *regs,
					 unsigned long error)
{
	unsigned long cr2 = read_cr2();

	irqentry_nmi_enter(regs);
	instrumentation_begin();
	current->thread.error_code = error;
	current->thread.trap_nr = X86_TRAP_DF;
	/* a full stack: the guard page below it took the push */
	show_stack_overflow(cr2);
	die("double fault", regs, error);
	panic("Fatal double fault");
	instrumentation_end();
}

asmlinkage noinstr void exc_machine_check(struct pt_regs *regs)
{
	irqentry_nmi_enter(regs);
	instrumentation_begin();
	show_regs(regs);
	panic("Machine check");
	instrumentation_end();
}
