// SPDX-License-Identifier: GPL-2.0
/*
 * A page fault that is a bug of the kernel: says what was accessed and how,
 * in the words of arch/x86, which people and scripts search for, and dies.
 */
#include <linux/cred.h>
#include <linux/kdebug.h>
#include <linux/mm.h>
#include <linux/sched/task_stack.h>
#include <linux/uaccess.h>
#include <linux/uidgid.h>
#include <asm/traps.h>
#include "fault.h"

/* A table may be what is corrupt: touch it only as one touches a stranger */
static bool show_entry(const char *name, const void *entry, unsigned long *val)
{
	if (get_kernel_nofault(*val, (const unsigned long *)entry)) {
		pr_cont("%s BAD", name);
		return false;
	}

	pr_cont("%s %lx ", name, *val);
	return (*val & (_PAGE_PRESENT | _PAGE_PSE)) == _PAGE_PRESENT;
}

/*
 * The way of the CPU through the tables in CR3, down to the entry that ends
 * it; the last level has no PSE bit, so it ends there anyway.
 */
static void show_tables(unsigned long addr)
{
	static const char *const name[] = { "PGD", "PUD", "PMD", "PTE" };
	unsigned long val = __read_cr3();
	unsigned int shift = PGDIR_SHIFT;
	unsigned long *table;
	int i;

	pr_info("");
	for (i = 0; i < ARRAY_SIZE(name); i++, shift -= 9) {
		table = __va(val & PTE_PFN_MASK);
		if (!show_entry(name[i], &table[(addr >> shift) & 511], &val))
			break;
	}
	pr_cont("\n");
}

static const char *access_name(unsigned long error)
{
	if (error & X86_PF_INSTR)
		return "instruction fetch";

	return error & X86_PF_WRITE ? "write access" : "read access";
}

static const char *reason_name(unsigned long error)
{
	if (!(error & X86_PF_PROT))
		return "not-present page";
	if (error & X86_PF_RSVD)
		return "reserved bit violation";

	return error & X86_PF_PK ? "protection keys violation" :
				   "permissions violation";
}

static void show_exec_attempt(unsigned long addr, unsigned long error)
{
	uid_t uid = from_kuid(&init_user_ns, current_uid());
	unsigned int level;
	pte_t *pte;

	if (addr < TASK_SIZE_MAX) {
		if (!(error & X86_PF_PROT))
			return;
		pr_crit("unable to execute userspace code (SMEP?) (uid: %d)\n",
			uid);
		return;
	}

	pte = lookup_address(addr, &level);
	if (pte && (pte_flags(*pte) & _PAGE_PRESENT) && !pte_exec(*pte))
		pr_crit("kernel tried to execute NX-protected page - exploit attempt? (uid: %d)\n",
			uid);
}

static void show_fault(const struct fault *fault)
{
	unsigned long error = fault->error;
	bool user = user_mode(fault->regs);

	if (error & X86_PF_INSTR)
		show_exec_attempt(fault->addr, error);

	pr_alert("BUG: %s address: %px\n",
		 fault->addr < PAGE_SIZE && !user ?
		 "kernel NULL pointer dereference," :
		 "unable to handle page fault for", (void *)fault->addr);
	pr_alert("#PF: %s %s in %s mode\n",
		 error & X86_PF_USER ? "user" : "supervisor",
		 access_name(error), user ? "user" : "kernel");
	pr_alert("#PF: error_code(0x%04lx) - %s\n", error, reason_name(error));
	show_tables(fault->addr);
}

/*
 * Mostly the CPU has no room left to push the frame of a page fault, and
 * exc_double_fault() calls.  If there was room, but none for what follows, the
 * double fault comes second.
 */
bool show_stack_overflow(unsigned long addr)
{
	void *stack = task_stack_page(current);

	if (!IS_ENABLED(CONFIG_VMAP_STACK) ||
	    (unsigned long)stack - addr - 1 >= PAGE_SIZE)
		return false;
	pr_emerg("BUG: stack guard page was hit at %px (stack is %px..%px)\n",
		 (void *)addr, stack, stack + THREAD_SIZE - 1);
	return true;
}

void fault_oops(const struct fault *fault)
{
	const char *title = "Oops";
	unsigned long flags;
	int signr = SIGKILL;

	flags = oops_begin();
	if (!user_mode(fault->regs) && show_stack_overflow(fault->addr)) {
		title = "stack guard page";
	} else if (fault->error & X86_PF_RSVD) {
		pr_alert("%s: Corrupted page table at address %lx\n",
			 current->comm, fault->addr);
		show_tables(fault->addr);
		title = "Bad pagetable";
	} else {
		show_fault(fault);
	}

	if (task_stack_end_corrupted(current))
		pr_emerg("Thread overran stack, or stack corrupted\n");
	if (__die(title, fault->regs, fault->error))
		signr = 0;
	printk(KERN_DEFAULT "CR2: %016lx\n", fault->addr);
	oops_end(flags, fault->regs, signr);
}
