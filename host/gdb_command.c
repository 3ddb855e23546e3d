// SPDX-License-Identifier: GPL-2.0
/*
 * The commands of gdb's remote protocol ("Packets" in gdb's manual): what a
 * packet asks for is done, and a reply is written.  All sizes and numbers come
 * from outside and are checked; an error is "E" and a Linux errno in
 * hexadecimal, a command that is not known gets the empty reply.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "gdb_break.h"
#include "gdb_command.h"
#include "gdb_mem.h"
#include "gdb_query.h"
#include "gdb_regs.h"
#include "gdb_watch.h"

#define MEM_MAX		((GDB_PACKET_MAX - 1) / 2)	/* two digits a byte */

static void reply_status(struct gdb_session *session, int err)
{
	if (err)
		gdb_out_text(&session->out, "E%02x", -err & 0xff);
	else
		gdb_out_text(&session->out, "OK");
}

static struct vcpu *cpu_of(const struct gdb_session *session)
{
	return &session->vm->cpus[session->cpu];
}

/* A thread's number, from 1; 0 and -1 are "any" and "all". */
static bool take_thread(const struct gdb_session *session, const char **at,
			int *cpu)
{
	u64 id;

	*cpu = -1;
	if (gdb_take_char(at, '-'))
		return gdb_take_char(at, '1');
	if (!gdb_take_hex(at, &id) || id > session->vm->nr_cpus)
		return false;
	*cpu = (int)id - 1;
	return true;
}

void gdb_stop_reply(struct gdb_session *session)
{
	const struct gdb_why *why = &session->why;
	struct gdb_out *out = &session->out;

	session->cpu = why->cpu;
	gdb_out_start(out);
	gdb_out_text(out, "T%02xthread:%x;", why->signal, why->cpu + 1);
	switch (why->cause) {
	case GDB_SIGNAL:
		break;
	case GDB_SWBREAK:
		gdb_out_text(out, "swbreak:;");
		break;
	case GDB_HWBREAK:
		gdb_out_text(out, "hwbreak:;");
		break;
	case GDB_WATCH:
		gdb_out_text(out, "watch:%llx;", why->addr);
		break;
	}
	gdb_out_end(out);
}

void gdb_end_reply(struct gdb_session *session, const struct end *end)
{
	gdb_out_start(&session->out);
	gdb_out_text(&session->out, "W%02x", end->status & 0xff);
	gdb_out_end(&session->out);
}

static void read_registers(struct gdb_session *session)
{
	struct gdb_regs regs;
	u8 value[GDB_REG_BYTES];
	unsigned int i;

	if (!gdb_regs_get(cpu_of(session), &regs)) {
		reply_status(session, -errno);
		return;
	}
	for (i = 0; i < gdb_nr_regs(); i++)
		gdb_out_hex(&session->out, value,
			    gdb_reg_read(&regs, i, value));
}

static int write_registers(struct gdb_session *session, const char *at)
{
	struct gdb_regs old, regs;
	u8 values[GDB_PACKET_MAX / 2];
	size_t len = strlen(at) / 2;
	const u8 *value = values;
	unsigned int i;

	if (!gdb_regs_get(cpu_of(session), &old))
		return -errno;
	if (!gdb_take_bytes(at, values, len))
		return -EINVAL;
	regs = old;
	for (i = 0; i < gdb_nr_regs(); i++) {
		if (gdb_reg_size(i) > (size_t)(values + len - value))
			return -EINVAL;
		gdb_reg_write(&regs, i, value);
		value += gdb_reg_size(i);
	}
	return gdb_regs_set(cpu_of(session), &old, &regs) ? 0 : -errno;
}

static void read_register(struct gdb_session *session, const char *at)
{
	struct gdb_regs regs;
	u8 value[GDB_REG_BYTES];
	u64 nr;

	if (!gdb_take_hex(&at, &nr) || *at || nr >= gdb_nr_regs())
		reply_status(session, -EINVAL);
	else if (!gdb_regs_get(cpu_of(session), &regs))
		reply_status(session, -errno);
	else
		gdb_out_hex(&session->out, value,
			    gdb_reg_read(&regs, nr, value));
}

static int write_register(struct gdb_session *session, const char *at)
{
	struct gdb_regs old, regs;
	u8 value[GDB_REG_BYTES];
	u64 nr;

	if (!gdb_take_hex(&at, &nr) || !gdb_take_char(&at, '=') ||
	    nr >= gdb_nr_regs() || !gdb_take_bytes(at, value, gdb_reg_size(nr)))
		return -EINVAL;
	if (!gdb_regs_get(cpu_of(session), &old))
		return -errno;
	regs = old;
	gdb_reg_write(&regs, nr, value);
	return gdb_regs_set(cpu_of(session), &old, &regs) ? 0 : -errno;
}

/* "ADDR,LEN" at *@at, which moves behind it. */
static bool take_range(const char **at, u64 *addr, u64 *len)
{
	return gdb_take_hex(at, addr) && gdb_take_char(at, ',') &&
	       gdb_take_hex(at, len);
}

static void read_memory(struct gdb_session *session, const char *at)
{
	u8 bytes[MEM_MAX];
	u64 addr, len;

	if (!take_range(&at, &addr, &len) || *at) {
		reply_status(session, -EINVAL);
		return;
	}
	len = gdb_mem_read(cpu_of(session), addr, bytes, min_u64(len, MEM_MAX));
	gdb_break_hide(addr, bytes, len);
	if (len)
		gdb_out_hex(&session->out, bytes, len);
	else
		reply_status(session, -EFAULT);
}

/* @binary: 'X', the bytes as they are; otherwise 'M', in hexadecimal. */
static int write_memory(struct gdb_session *session, const char *at,
			bool binary)
{
	const char *end = session->in.text + session->in.len;
	u8 bytes[MEM_MAX];
	u64 addr, len;

	if (!take_range(&at, &addr, &len) || !gdb_take_char(&at, ':') ||
	    len > MEM_MAX)
		return -EINVAL;
	if (binary && len == (u64)(end - at))
		memcpy(bytes, at, len);
	else if (binary || !gdb_take_bytes(at, bytes, len))
		return -EINVAL;
	gdb_break_keep(addr, bytes, len);
	return gdb_mem_write(cpu_of(session), addr, bytes, len) == len ?
	       0 : -EFAULT;
}

/* "TYPE,ADDR,KIND[;CONDITIONS]"; gdb itself checks conditions. */
static void breakpoint(struct gdb_session *session, const char *at, bool insert)
{
	u64 type, addr, kind;
	int err = 0;

	if (!gdb_take_hex(&at, &type) || !gdb_take_char(&at, ',') ||
	    !take_range(&at, &addr, &kind)) {
		reply_status(session, -EINVAL);
		return;
	}
	if (type > GDB_HW_ACCESS)
		return;
	/* where the CPU cannot, any breakpoint will do */
	if (type == GDB_HW_EXEC && !gdb_watch_works())
		type = 0;
	if (type && insert)
		err = gdb_watch_insert(type, addr, kind);
	else if (type)
		gdb_watch_remove(type, addr, kind);
	else if (insert)
		err = gdb_break_insert(cpu_of(session), addr);
	else
		gdb_break_remove(addr);
	reply_status(session, err);
}

static enum gdb_reply resume(struct gdb_session *session,
			     const enum gdb_action actions[UMKVM_CPUS_MAX])
{
	session->running = true;
	gdb_resume(actions);
	return GDB_REPLY_LATER;
}

/* 'c' and 's', from where they stand: all run, or only one makes a step. */
static enum gdb_reply resume_simple(struct gdb_session *session, bool step)
{
	enum gdb_action actions[UMKVM_CPUS_MAX];
	unsigned int i;

	for (i = 0; i < UMKVM_CPUS_MAX; i++)
		actions[i] = step ? GDB_STAY : GDB_CONTINUE;
	if (step)
		actions[session->cpu] = GDB_STEP;
	return resume(session, actions);
}

/* One action of vCont at *@at, which moves behind it. */
static bool take_action(const char **at, enum gdb_action *action)
{
	const char letter = **at;
	u64 signal;

	if (!letter || !strchr("cCsS", letter))
		return false;
	(*at)++;
	*action = letter == 's' || letter == 'S' ? GDB_STEP : GDB_CONTINUE;
	/* signals mean nothing to a machine */
	return letter == 'c' || letter == 's' || gdb_take_hex(at, &signal);
}

/* "vCont[;ACTION[:THREAD]]...": for each thread, the first that names it. */
static bool parse_actions(const struct gdb_session *session, const char *at,
			  enum gdb_action actions[UMKVM_CPUS_MAX])
{
	enum gdb_action action;
	int i, cpu;

	while (gdb_take_char(&at, ';')) {
		cpu = -1;
		if (!take_action(&at, &action) ||
		    (gdb_take_char(&at, ':') && !take_thread(session, &at, &cpu)))
			return false;
		for (i = 0; i < UMKVM_CPUS_MAX; i++) {
			if (actions[i] == GDB_STAY && (cpu < 0 || i == cpu))
				actions[i] = action;
		}
	}
	return !*at;
}

static enum gdb_reply resume_each(struct gdb_session *session, const char *at)
{
	enum gdb_action actions[UMKVM_CPUS_MAX] = { GDB_STAY };

	if (parse_actions(session, at, actions))
		return resume(session, actions);
	reply_status(session, -EINVAL);
	return GDB_REPLY;
}

/* vKill wants an answer, 'k' none; where none is wanted it does no harm. */
static enum gdb_reply kill_guest(struct gdb_session *session)
{
	end_guest(END_SIGNAL, 128 + SIGKILL, "killed by the debugger");
	reply_status(session, 0);
	return GDB_REPLY_AND_CLOSE;
}

static enum gdb_reply multi_letter(struct gdb_session *session,
				   const char *text)
{
	if (!strcmp(text, "vCont?"))
		gdb_out_text(&session->out, "vCont;c;C;s;S");
	else if (!strncmp(text, "vCont;", 6))
		return resume_each(session, text + 5);
	else if (!strncmp(text, "vKill", 5))
		return kill_guest(session);
	return GDB_REPLY;
}

/* 'H': whose registers from here on; 'T': does it exist? */
static void set_thread(struct gdb_session *session, const char *at)
{
	const bool select = *at == 'H';
	int cpu;

	at += select ? 2 : 1;
	if ((select && !at[-1]) || !take_thread(session, &at, &cpu)) {
		reply_status(session, -EINVAL);
		return;
	}
	if (select && cpu >= 0)
		session->cpu = cpu;
	reply_status(session, 0);
}

/* Commands that only write a reply. */
static void simple(struct gdb_session *session, const char *text)
{
	switch (text[0]) {
	case 'g':
		read_registers(session);
		break;
	case 'G':
		reply_status(session, write_registers(session, text + 1));
		break;
	case 'p':
		read_register(session, text + 1);
		break;
	case 'P':
		reply_status(session, write_register(session, text + 1));
		break;
	case 'm':
		read_memory(session, text + 1);
		break;
	case 'M':
	case 'X':
		reply_status(session, write_memory(session, text + 1,
						   text[0] == 'X'));
		break;
	case 'Z':
	case 'z':
		breakpoint(session, text + 1, text[0] == 'Z');
		break;
	case 'H':
	case 'T':
		set_thread(session, text);
		break;
	case 'q':
	case 'Q':
		gdb_query(session, text);
		break;
	}
}

static enum gdb_reply run_command(struct gdb_session *session, const char *text)
{
	switch (text[0]) {
	case 'c':
	case 's':
		return resume_simple(session, text[0] == 's');
	case 'v':
		return multi_letter(session, text);
	case 'k':
		return kill_guest(session);
	case 'D':
		reply_status(session, 0);
		return GDB_REPLY_AND_CLOSE;
	}
	simple(session, text);
	return GDB_REPLY;
}

enum gdb_reply gdb_command(struct gdb_session *session)
{
	enum gdb_reply reply;

	if (session->in.text[0] == '?' && !session->running) {
		gdb_stop_reply(session);
		return GDB_REPLY;
	}
	gdb_out_start(&session->out);
	if (session->running) {
		/* all that gdb may say now is Ctrl-C */
		reply_status(session, -EBUSY);
		reply = GDB_REPLY;
	} else {
		reply = run_command(session, session->in.text);
	}
	gdb_out_end(&session->out);
	return reply;
}
