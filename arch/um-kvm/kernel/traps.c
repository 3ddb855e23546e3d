// SPDX-License-Identifier: GPL-2.0
/*
 * Exceptions that run on the stack the CPU chose, but the page fault
 * (mm/fault.c).  From ring 3 each becomes the signal that arch/x86 sends;
 * from ring 0 a fixup from the exception table, or an oops.
 */
#include <linux/bug.h>
#include <linux/entry-common.h>
#include <linux/extable.h>
#include <linux/kdebug.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/printk.h>
#include <linux/ptrace.h>
#include <linux/ratelimit.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <asm/bug.h>
#include <asm/extable.h>
#include <asm/fpu/api.h>
#include <asm/fpu/xstate.h>
#include <asm/insn-eval.h>
#include <asm/kdebug.h>
#include <asm/text-patching.h>
#include <asm/traps.h>
#include <asm/umip.h>

int is_valid_bugaddr(unsigned long addr)
{
	if (addr < TASK_SIZE_MAX)
		return 0;
	return *(unsigned short *)addr == INSN_UD2;
}

static void show_signal(struct task_struct *tsk, int signr, const char *desc,
			struct pt_regs *regs, unsigned long error)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);

	if (!show_unhandled_signals || !unhandled_signal(tsk, signr) ||
	    !__ratelimit(&limit))
		return;
	pr_info("%s[%d] trap %s ip:%lx sp:%lx error:%lx", tsk->comm,
		task_pid_nr(tsk), desc, regs->ip, regs->sp, error);
	print_vma_addr(KERN_CONT " in ", regs->ip);
	pr_cont("\n");
}

/* Ring 0: a fixup takes care of it, or it is an oops */
static void kernel_trap(struct pt_regs *regs, int trapnr, unsigned long error,
			const char *desc)
{
	if (fixup_exception(regs, trapnr, error, 0))
		return;
	current->thread.error_code = error;
	current->thread.trap_nr = trapnr;
	die(desc, regs, error);
}

/* What one exception means: @code 0 sends the signal without an address */
struct trap {
	int		nr;
	int		signr;
	int		code;
	const char	*desc;
};

static void do_trap(const struct trap *trap, struct pt_regs *regs,
		    unsigned long error, void __user *addr)
{
	struct task_struct *tsk = current;

	if (notify_die(DIE_TRAP, trap->desc, regs, error, trap->nr,
		       trap->signr) == NOTIFY_STOP)
		return;
	cond_local_irq_enable(regs);
	if (!user_mode(regs)) {
		kernel_trap(regs, trap->nr, error, trap->desc);
	} else {
		tsk->thread.error_code = error;
		tsk->thread.trap_nr = trap->nr;
		show_signal(tsk, trap->signr, trap->desc, regs, error);
		if (trap->code)
			force_sig_fault(trap->signr, trap->code, addr);
		else
			force_sig(trap->signr);
	}
	cond_local_irq_disable(regs);
}

/* The C side of a gate: the way in and out around do_*(), see asm/traps.h */
#define DEFINE_EXCEPTION(name)						\
asmlinkage noinstr void exc_##name(struct pt_regs *regs,		\
				   unsigned long error)			\
{									\
	irqentry_state_t state = irqentry_enter(regs);			\
									\
	instrumentation_begin();					\
	do_##name(regs, error);						\
	instrumentation_end();						\
	irqentry_exit(regs, state);					\
}

#define TRAP_HANDLER(name, vector, sig, sicode, code, where, text)	\
static void do_##name(struct pt_regs *regs, unsigned long error)	\
{									\
	static const struct trap trap = { vector, sig, sicode, text };	\
									\
	do_trap(&trap, regs, code, where);				\
}									\
DEFINE_EXCEPTION(name)

TRAP_HANDLER(divide_error, X86_TRAP_DE, SIGFPE, FPE_INTDIV, 0,
	     (void __user *)regs->ip, "divide error")
TRAP_HANDLER(overflow, X86_TRAP_OF, SIGSEGV, 0, 0, NULL, "overflow")
TRAP_HANDLER(bounds, X86_TRAP_BR, SIGSEGV, 0, 0, NULL, "bounds")
TRAP_HANDLER(coproc_segment_overrun, X86_TRAP_OLD_MF, SIGFPE, 0, 0, NULL,
	     "coprocessor segment overrun")
TRAP_HANDLER(unknown, X86_TRAP_SPURIOUS, SIGSEGV, 0, 0, NULL,
	     "unknown exception")
TRAP_HANDLER(invalid_tss, X86_TRAP_TS, SIGSEGV, 0, error, NULL, "invalid TSS")
TRAP_HANDLER(segment_not_present, X86_TRAP_NP, SIGBUS, 0, error, NULL,
	     "segment not present")
TRAP_HANDLER(stack_segment, X86_TRAP_SS, SIGBUS, 0, error, NULL,
	     "stack segment")
TRAP_HANDLER(alignment_check, X86_TRAP_AC, SIGBUS, BUS_ADRALN, error, NULL,
	     "alignment check")

/* What the instruction accesses, if that is no address at all; or 0 */
static unsigned long non_canonical_address(struct pt_regs *regs)
{
	u8 code[MAX_INSN_SIZE];
	unsigned long addr;
	struct insn insn;

	if (copy_from_kernel_nofault(code, (void *)regs->ip, sizeof(code)) ||
	    insn_decode_kernel(&insn, code) < 0)
		return 0;
	addr = (unsigned long)insn_get_addr_ref(&insn, regs);
	if (addr < ~__VIRTUAL_MASK &&
	    addr + insn.opnd_bytes - 1 > __VIRTUAL_MASK)
		return addr;
	return 0;
}

static void do_gp_kernel(struct pt_regs *regs, unsigned long error)
{
	char desc[100] = "general protection fault";
	const size_t len = strlen(desc);
	unsigned long addr;

	if (fixup_exception(regs, X86_TRAP_GP, error, 0))
		return;
	current->thread.error_code = error;
	current->thread.trap_nr = X86_TRAP_GP;
	/* in spite of its name: an instruction that a kprobe has displaced */
	if (kprobe_page_fault(regs, X86_TRAP_GP))
		return;
	if (notify_die(DIE_GPF, desc, regs, error, X86_TRAP_GP,
		       SIGSEGV) == NOTIFY_STOP)
		return;
	addr = non_canonical_address(regs);
	if (addr)
		scnprintf(desc + len, sizeof(desc) - len,
			  ", probably for non-canonical address 0x%lx", addr);
	die_addr(desc, regs, error, addr);
}

static void do_gp_user(struct pt_regs *regs, unsigned long error)
{
	/* SGDT and the like, which programs expect to work */
	if (cpu_feature_enabled(X86_FEATURE_UMIP) && fixup_umip_exception(regs))
		return;
	current->thread.error_code = error;
	current->thread.trap_nr = X86_TRAP_GP;
	show_signal(current, SIGSEGV, "general protection fault", regs, error);
	force_sig(SIGSEGV);
}

static void do_general_protection(struct pt_regs *regs, unsigned long error)
{
	cond_local_irq_enable(regs);
	if (user_mode(regs))
		do_gp_user(regs, error);
	else
		do_gp_kernel(regs, error);
	cond_local_irq_disable(regs);
}
DEFINE_EXCEPTION(general_protection)

/* WARN() and BUG() are UD2 instructions; a WARN goes on behind its UD2 */
static noinstr bool handle_bug(struct pt_regs *regs)
{
	bool handled = false;

	instrumentation_begin();
	if (regs->flags & X86_EFLAGS_IF)
		raw_local_irq_enable();
	if (report_bug(regs->ip, regs) == BUG_TRAP_TYPE_WARN) {
		regs->ip += LEN_UD2;
		handled = true;
	}
	if (regs->flags & X86_EFLAGS_IF)
		raw_local_irq_disable();
	instrumentation_end();
	return handled;
}

asmlinkage noinstr void exc_invalid_op(struct pt_regs *regs)
{
	static const struct trap trap = {
		X86_TRAP_UD, SIGILL, ILL_ILLOPN, "invalid opcode"
	};
	irqentry_state_t state;

	/* before irqentry_enter(), which may be what warns */
	if (!user_mode(regs) && handle_bug(regs))
		return;

	state = irqentry_enter(regs);
	instrumentation_begin();
	do_trap(&trap, regs, 0, (void __user *)regs->ip);
	instrumentation_end();
	irqentry_exit(regs, state);
}

static bool do_int3(struct pt_regs *regs)
{
	if (IS_ENABLED(CONFIG_KPROBES) && kprobe_int3_handler(regs))
		return true;
	return notify_die(DIE_INT3, "int3", regs, 0, X86_TRAP_BP,
			  SIGTRAP) == NOTIFY_STOP;
}
NOKPROBE_SYMBOL(do_int3);

static void do_int3_user(struct pt_regs *regs)
{
	static const struct trap trap = { X86_TRAP_BP, SIGTRAP, 0, "int3" };

	if (!do_int3(regs))
		do_trap(&trap, regs, 0, NULL);
}

asmlinkage noinstr void exc_int3(struct pt_regs *regs)
{
	irqentry_state_t state;

	/* code that is being patched; before anything that may be patched */
	if (poke_int3_handler(regs))
		return;

	if (user_mode(regs)) {
		irqentry_enter_from_user_mode(regs);
		instrumentation_begin();
		do_int3_user(regs);
		instrumentation_end();
		irqentry_exit_to_user_mode(regs);
		return;
	}
	/* a probe may sit where RCU is not watching */
	state = irqentry_nmi_enter(regs);
	instrumentation_begin();
	if (!do_int3(regs))
		die("int3", regs, 0);
	instrumentation_end();
	irqentry_nmi_exit(regs, state);
}

/* CR0.TS is never set here, so #NM has no cause */
static void do_device_not_available(struct pt_regs *regs, unsigned long error)
{
	die("unexpected #NM exception", regs, 0);
}
DEFINE_EXCEPTION(device_not_available)

static void math_error(struct pt_regs *regs, int trapnr)
{
	const char *desc = trapnr == X86_TRAP_MF ? "fpu exception" :
						   "simd exception";
	struct task_struct *task = current;
	int code;

	cond_local_irq_enable(regs);
	if (!user_mode(regs)) {
		kernel_trap(regs, trapnr, 0, desc);
		goto exit;
	}

	/* the registers say which of the exceptions it was */
	fpu_sync_fpstate(&task->thread.fpu);
	task->thread.trap_nr = trapnr;
	task->thread.error_code = 0;
	code = fpu__exception_code(&task->thread.fpu, trapnr);
	/* 0: the cause was cleared in between, so there is nothing to tell */
	if (code)
		force_sig_fault(SIGFPE, code, (void __user *)regs->ip);
exit:
	cond_local_irq_disable(regs);
}

static void do_coprocessor_error(struct pt_regs *regs, unsigned long error)
{
	math_error(regs, X86_TRAP_MF);
}
DEFINE_EXCEPTION(coprocessor_error)

static void do_simd_error(struct pt_regs *regs, unsigned long error)
{
	math_error(regs, X86_TRAP_XF);
}
DEFINE_EXCEPTION(simd_error)

/*
 * iret_to_user faulted: the frame it read names a bad RIP, CS or SS.  @bad is
 * the frame of the fault; its registers are already the program's.  Returns a
 * frame at the top of the task's stack that looks as if the program itself
 * had faulted.  The two overlap, hence the copy.
 */
asmlinkage __visible noinstr struct pt_regs *fixup_bad_iret(struct pt_regs *bad)
{
	struct pt_regs *regs = (struct pt_regs *)current_top_of_stack() - 1;
	struct pt_regs copy = *bad;
	const unsigned long *iret = (unsigned long *)bad->sp;

	copy.ip = iret[0];
	copy.cs = iret[1];
	copy.flags = iret[2];
	copy.sp = iret[3];
	copy.ss = iret[4];
	BUG_ON(!user_mode(&copy));
	*regs = copy;
	return regs;
}
