// SPDX-License-Identifier: GPL-2.0
/*
 * The debugger's stub between any client and any guest: the input is registers
 * and a page of memory with page tables, then what the client sends.  Nothing
 * outside of RAM may be touched, and every packet has to be answered.
 */
#include <stdlib.h>
#include <string.h>

#include "gdb_break.h"
#include "gdb_machine.h"
#include "gdb_watch.h"
#include "harness.h"

/* What the first bytes of the input mean. */
struct plan {
	u8 debug_registers;
	struct kvm_regs regs;
	u64 cr3, idt_base;
	u8 tables[2048];
};

static struct gdb_session session;

static void build(const struct plan *plan)
{
	machine_reset();
	machine.debug_registers = plan->debug_registers & 1;
	if (plan->debug_registers & 2) {
		machine.vm.nr_cpus = 1;
		machine.sregs[0].cr3 = plan->cr3;
	}
	if (plan->debug_registers & 4)
		machine.sregs[0].idt.base = plan->idt_base;
	machine.regs[0] = plan->regs;
	memcpy(machine_page(), plan->tables, sizeof(plan->tables));
	gdb_watch_init();
	memset(&session, 0, sizeof(session));
	session.vm = &machine.vm;
}

static void serve(void)
{
	const enum gdb_reply reply = gdb_command(&session);
	const struct gdb_out *out = &session.out;

	if (reply != GDB_REPLY_LATER &&
	    (out->len < 4 || out->text[0] != '$' || out->text[out->len - 3] != '#'))
		abort();
	/* it hits something, or not, and stands again */
	if (reply == GDB_REPLY_LATER) {
		gdb_break_hit(&machine.cpus[0]);
		gdb_watch_arm(&machine.cpus[0], true);
		session.running = false;
		gdb_stop_reply(&session);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	struct plan plan;
	size_t i;

	if (len < sizeof(plan))
		return 0;
	memcpy(&plan, data, sizeof(plan));
	build(&plan);
	for (i = sizeof(plan); i < len; i++) {
		/* most inputs would not get past the checksum */
		if (session.in.state == GDB_SUM_2)
			session.in.wanted = session.in.sum >> 4;
		if (gdb_in_byte(&session.in, session.in.state == GDB_SUM_2 ?
				"0123456789abcdef"[session.in.sum & 0xf] :
				data[i]) == GDB_PACKET)
			serve();
	}
	gdb_break_clear();
	gdb_watch_clear();
	return 0;
}
