// SPDX-License-Identifier: GPL-2.0
/*
 * Call chains for perf: the kernel's by its unwinder, a program's by its frame
 * pointers, if it was compiled with them.
 */
#include <linux/perf_event.h>
#include <linux/stacktrace.h>
#include <asm/unwind.h>

/* perf_arch_fetch_caller_regs() fills only IP and SP, and no flags */
static bool all_registers(const struct pt_regs *regs)
{
	return regs->flags & X86_EFLAGS_FIXED;
}

void perf_callchain_kernel(struct perf_callchain_entry_ctx *entry,
			   struct pt_regs *regs)
{
	struct unwind_state state;
	unsigned long addr;

	if (perf_callchain_store(entry, regs->ip))
		return;
	if (all_registers(regs))
		unwind_start(&state, current, regs, NULL);
	else
		unwind_start(&state, current, NULL, (void *)regs->sp);
	for (; !unwind_done(&state); unwind_next_frame(&state)) {
		addr = unwind_get_return_address(&state);
		if (!addr || perf_callchain_store(entry, addr))
			return;
	}
}

static bool store(void *entry, unsigned long addr)
{
	return !perf_callchain_store(entry, addr);
}

void perf_callchain_user(struct perf_callchain_entry_ctx *entry,
			 struct pt_regs *regs)
{
	arch_stack_walk_user(store, entry, regs);
}
