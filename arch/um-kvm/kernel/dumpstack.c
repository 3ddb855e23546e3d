// SPDX-License-Identifier: GPL-2.0
/*
 * Oopses: prints what a person or a script needs to find the bug, in the
 * words of arch/x86, then ends the task or, where that cannot be, the kernel.
 */
#include <linux/bug.h>
#include <linux/extable.h>
#include <linux/kdebug.h>
#include <linux/module.h>
#include <linux/sched/debug.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <asm/debugreg.h>
#include <asm/desc.h>
#include <asm/kdebug.h>
#include <asm/stacktrace.h>
#include <asm/tlbflush.h>

static arch_spinlock_t die_lock = __ARCH_SPIN_LOCK_UNLOCKED;
static int die_owner = -1;
static unsigned int die_depth;
static int die_counter;

#define CODE_BYTES	64
#define CODE_BEFORE	42

/* 64 bytes around @ip, the one at it in <>, as scripts/decodecode reads them */
static void show_code(struct pt_regs *regs, const char *level)
{
	char hex[CODE_BYTES * 5];
	char *p = hex;
	u8 byte;
	int i;

	for (i = 0; i < CODE_BYTES; i++) {
		void *addr = (void *)regs->ip - CODE_BEFORE + i;

		if (copy_from_kernel_nofault(&byte, addr, 1)) {
			printk("%sCode: Unable to access opcode bytes at 0x%lx.\n",
			       level, regs->ip - CODE_BEFORE);
			return;
		}
		p += sprintf(p, i == CODE_BEFORE ? "<%02x> " : "%02x ", byte);
	}
	printk("%sCode: %s\n", level, hex);
}

static void show_ip(struct pt_regs *regs, const char *level)
{
	printk("%sRIP: %04lx:%pS\n", level, regs->cs & 0xffffUL,
	       (void *)regs->ip);
}

static void show_sp(struct pt_regs *regs, const char *level)
{
	printk("%sRSP: %04lx:%016lx EFLAGS: %08lx\n", level,
	       regs->ss & 0xffffUL, regs->sp, regs->flags);
}

/* Where an entry interrupted the kernel, in the middle of a stack trace */
void show_iret_regs(struct pt_regs *regs, const char *level)
{
	show_ip(regs, level);
	show_sp(regs, level);
}

void __show_regs(struct pt_regs *regs, enum show_regs_mode mode,
		 const char *level)
{
	show_ip(regs, level);
	if (!user_mode(regs))
		show_code(regs, level);
	show_sp(regs, level);
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

void show_regs(struct pt_regs *regs)
{
	show_regs_print_info(KERN_DEFAULT);
	__show_regs(regs, user_mode(regs) ? SHOW_REGS_USER : SHOW_REGS_ALL,
		    KERN_DEFAULT);
	if (!user_mode(regs))
		show_stack_regs(regs);
}

/*
 * One oops at a time, so that their lines do not mix; a second one of the
 * same CPU goes on, a third is silence.
 */
unsigned long oops_begin(void)
{
	unsigned long flags;
	int cpu;

	oops_enter();
	raw_local_irq_save(flags);
	cpu = raw_smp_processor_id();
	if (!arch_spin_trylock(&die_lock) && cpu != die_owner)
		arch_spin_lock(&die_lock);
	die_depth++;
	die_owner = cpu;
	console_verbose();
	bust_spinlocks(1);
	return flags;
}

void oops_end(unsigned long flags, struct pt_regs *regs, int signr)
{
	bust_spinlocks(0);
	die_owner = -1;
	add_taint(TAINT_DIE, LOCKDEP_NOW_UNRELIABLE);
	if (!--die_depth)
		arch_spin_unlock(&die_lock);
	raw_local_irq_restore(flags);
	oops_exit();

	if (!signr)
		return;
	if (in_interrupt())
		panic("Fatal exception in interrupt");
	if (panic_on_oops)
		panic("Fatal exception");
	if (!on_thread_stack())
		panic("Fatal exception on an exception stack");
	make_task_dead(signr);
}

int __die(const char *str, struct pt_regs *regs, long err)
{
	printk(KERN_DEFAULT "Oops: %s: %04lx [#%d]%s%s\n", str, err & 0xffff,
	       ++die_counter, IS_ENABLED(CONFIG_PREEMPTION) ? " PREEMPT" : "",
	       IS_ENABLED(CONFIG_SMP) ? " SMP" : "");
	if (notify_die(DIE_OOPS, str, regs, err, current->thread.trap_nr,
		       SIGSEGV) == NOTIFY_STOP)
		return 1;
	print_modules();
	show_regs(regs);
	return 0;
}

void die(const char *str, struct pt_regs *regs, long err)
{
	unsigned long flags = oops_begin();
	int signr = SIGSEGV;

	if (__die(str, regs, err))
		signr = 0;
	oops_end(flags, regs, signr);
}
