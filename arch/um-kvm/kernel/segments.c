// SPDX-License-Identifier: GPL-2.0
/*
 * User segment registers: DS, ES, FS and GS with the bases of the last two,
 * PKRU, which is switched at the same moment, and arch_prctl(), by which a
 * program sets the bases.  FSGSBASE is required, so bases are read and written
 * by instruction and a selector says nothing about its base.
 *
 * While a task runs the registers are the truth; while it does not, its
 * thread_struct is.  There is no LDT and nothing in the TLS slots of the GDT.
 */
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <asm/debugreg.h>
#include <asm/fpu/api.h>
#include <asm/fsgsbase.h>
#include <asm/gsseg.h>
#include <asm/pkru.h>
#include <asm/prctl.h>
#include <asm/proto.h>
#include <asm/segment.h>
#include <asm/segments.h>
#include <asm/special_insns.h>
#include <asm/vdso.h>

/*
 * The user's GS base is in KERNEL_GS_BASE while the kernel runs.  Between the
 * two SWAPGS no per-CPU variable may be touched: hence noinstr and interrupts
 * off.  #DB, NMI and #MC find their own way to the kernel's base.
 */
static noinstr unsigned long rdgsbase_inactive(void)
{
	unsigned long base;

	native_swapgs();
	base = rdgsbase();
	native_swapgs();
	return base;
}

static noinstr void wrgsbase_inactive(unsigned long base)
{
	native_swapgs();
	wrgsbase(base);
	native_swapgs();
}

static void save_fsgs(struct thread_struct *thread)
{
	savesegment(fs, thread->fsindex);
	savesegment(gs, thread->gsindex);
	thread->fsbase = rdfsbase();
	thread->gsbase = rdgsbase_inactive();
}

void current_save_fsgs(void)
{
	unsigned long flags;

	local_irq_save(flags);
	save_fsgs(&current->thread);
	local_irq_restore(flags);
}

/* Loading a selector gives its base too, so selectors go first */
static void load_fsgs(struct thread_struct *prev, struct thread_struct *next)
{
	if (unlikely(prev->fsindex | next->fsindex))
		loadsegment(fs, next->fsindex);
	if (unlikely(prev->gsindex | next->gsindex))
		load_gs_index(next->gsindex);
	wrfsbase(next->fsbase);
	wrgsbase_inactive(next->gsbase);
}

static void switch_pkru(struct thread_struct *prev, struct thread_struct *next)
{
	if (!cpu_feature_enabled(X86_FEATURE_OSPKE))
		return;
	prev->pkru = rdpkru();
	if (prev->pkru != next->pkru)
		wrpkru(next->pkru);
}

void user_segments_switch(struct task_struct *prev_p,
			  struct task_struct *next_p)
{
	struct thread_struct *prev = &prev_p->thread;
	struct thread_struct *next = &next_p->thread;

	save_fsgs(prev);

	savesegment(es, prev->es);
	if (unlikely(next->es | prev->es))
		loadsegment(es, next->es);
	savesegment(ds, prev->ds);
	if (unlikely(next->ds | prev->ds))
		loadsegment(ds, next->ds);

	load_fsgs(prev, next);
	switch_pkru(prev, next);
}

void switch_blockstep(struct task_struct *next)
{
	unsigned long debugctl = get_debugctlmsr() & ~DEBUGCTLMSR_BTF;

	if (test_tsk_thread_flag(next, TIF_BLOCKSTEP))
		debugctl |= DEBUGCTLMSR_BTF;
	update_debugctlmsr(debugctl);
}

unsigned long x86_gsbase_read_cpu_inactive(void)
{
	unsigned long flags, base;

	local_irq_save(flags);
	base = rdgsbase_inactive();
	local_irq_restore(flags);
	return base;
}

void x86_gsbase_write_cpu_inactive(unsigned long base)
{
	unsigned long flags;

	local_irq_save(flags);
	wrgsbase_inactive(base);
	local_irq_restore(flags);
}

unsigned long x86_fsbase_read_task(struct task_struct *task)
{
	return task == current ? rdfsbase() : task->thread.fsbase;
}

unsigned long x86_gsbase_read_task(struct task_struct *task)
{
	return task == current ? x86_gsbase_read_cpu_inactive() :
				 task->thread.gsbase;
}

void x86_fsbase_write_task(struct task_struct *task, unsigned long base)
{
	WARN_ON_ONCE(task == current);
	task->thread.fsbase = base;
}

void x86_gsbase_write_task(struct task_struct *task, unsigned long base)
{
	WARN_ON_ONCE(task == current);
	task->thread.gsbase = base;
}

/* The selector becomes 0: with it a later load of the base makes sense */
static long set_fs(struct task_struct *task, unsigned long base)
{
	if (base >= TASK_SIZE_MAX)
		return -EPERM;
	if (task != current) {
		task->thread.fsindex = 0;
		x86_fsbase_write_task(task, base);
		return 0;
	}
	preempt_disable();
	loadsegment(fs, 0);
	wrfsbase(base);
	preempt_enable();
	return 0;
}

static long set_gs(struct task_struct *task, unsigned long base)
{
	if (base >= TASK_SIZE_MAX)
		return -EPERM;
	if (task != current) {
		task->thread.gsindex = 0;
		x86_gsbase_write_task(task, base);
		return 0;
	}
	preempt_disable();
	load_gs_index(0);
	x86_gsbase_write_cpu_inactive(base);
	preempt_enable();
	return 0;
}

void user_segments_reset(void)
{
	loadsegment(es, 0);
	loadsegment(ds, 0);
	set_fs(current, 0);
	set_gs(current, 0);
}

static long map_vdso_64(unsigned long addr)
{
	long ret = -EINVAL;

	if (IS_ENABLED(CONFIG_CHECKPOINT_RESTORE))
		ret = map_vdso_once(&vdso_image_64, addr);
	return ret ?: (long)vdso_image_64.size;
}

/* Also PTRACE_ARCH_PRCTL, then with a @task that is not current */
long do_arch_prctl_64(struct task_struct *task, int option, unsigned long arg)
{
	unsigned long __user *uptr = (unsigned long __user *)arg;

	switch (option) {
	case ARCH_SET_FS:
		return set_fs(task, arg);
	case ARCH_SET_GS:
		return set_gs(task, arg);
	case ARCH_GET_FS:
		return put_user(x86_fsbase_read_task(task), uptr);
	case ARCH_GET_GS:
		return put_user(x86_gsbase_read_task(task), uptr);
	case ARCH_MAP_VDSO_64:
		return map_vdso_64(arg);
	}
	return -EINVAL;
}

SYSCALL_DEFINE2(arch_prctl, int, option, unsigned long, arg)
{
	switch (option) {
	case ARCH_GET_CPUID:
		return 1;
	case ARCH_SET_CPUID:
		/* what a CPU without CPUID faulting answers */
		return -ENODEV;
	case ARCH_GET_XCOMP_SUPP:
	case ARCH_GET_XCOMP_PERM:
	case ARCH_REQ_XCOMP_PERM:
	case ARCH_GET_XCOMP_GUEST_PERM:
	case ARCH_REQ_XCOMP_GUEST_PERM:
		return fpu_xstate_prctl(option, arg);
	}
	return do_arch_prctl_64(current, option, arg);
}
