// SPDX-License-Identifier: GPL-2.0
/*
 * What gdb asks about the stub and the machine: features, the description of
 * registers, threads (a vCPU each, numbered from 1), and "monitor" commands.
 */
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "gdb_query.h"
#include "gdb_regs.h"

static void supported(struct gdb_session *session, const char *at)
{
	(void)at;
	gdb_out_text(&session->out,
		     "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;vContSupported+;swbreak+;hwbreak+",
		     GDB_PACKET_MAX);
}

static void target_xml(struct gdb_session *session, const char *at)
{
	struct gdb_out *out = &session->out;
	const char *xml = gdb_target_xml();
	const size_t size = strlen(xml);
	u64 offset, len, i;

	if (!gdb_take_hex(&at, &offset) || !gdb_take_char(&at, ',') ||
	    !gdb_take_hex(&at, &len) || offset > size) {
		gdb_out_text(out, "E01");
		return;
	}
	/* each may take two characters */
	len = min_u64(min_u64(len, size - offset), (GDB_PACKET_MAX - 1) / 2);
	gdb_out_text(out, offset + len < size ? "m" : "l");
	for (i = 0; i < len; i++)
		gdb_out_char(out, xml[offset + i]);
}

/* The first vCPU is listed always: a machine without threads confuses gdb. */
static void thread_list(struct gdb_session *session, const char *at)
{
	const struct vm *vm = session->vm;
	unsigned int i;

	(void)at;
	gdb_out_text(&session->out, "m1");
	for (i = 1; i < vm->nr_cpus; i++) {
		if (vm->cpus[i].running)
			gdb_out_text(&session->out, ",%x", i + 1);
	}
}

static const char *state_of(const struct vcpu *cpu)
{
	struct kvm_mp_state state;
	struct kvm_sregs sregs;

	if (ioctl(cpu->fd, KVM_GET_MP_STATE, &state) ||
	    ioctl(cpu->fd, KVM_GET_SREGS, &sregs))
		return "parked";
	if (state.mp_state == KVM_MP_STATE_HALTED)
		return "idle";
	return sregs.ss.dpl ? "user" : "kernel";
}

static void thread_info(struct gdb_session *session, const char *at)
{
	char text[64];
	u64 id;

	if (!gdb_take_hex(&at, &id) || !id || id > session->vm->nr_cpus) {
		gdb_out_text(&session->out, "E01");
		return;
	}
	snprintf(text, sizeof(text), "CPU %llu, %s", id - 1,
		 state_of(&session->vm->cpus[id - 1]));
	gdb_out_hex(&session->out, text, strlen(text));
}

/* The kernel's lx- commands ask this to find out what they talk to. */
static void monitor(struct gdb_session *session, const char *at)
{
	static const char help[] =
		"info version: who this is; there are no other commands\n";
	static const char version[] = "um-kvm " SHIM_VERSION "\n";
	char command[32] = "";
	size_t len = strlen(at) / 2;

	if (len >= sizeof(command) || !gdb_take_bytes(at, command, len))
		command[0] = '\0';
	if (!strcmp(command, "info version"))
		gdb_out_hex(&session->out, version, strlen(version));
	else
		gdb_out_hex(&session->out, help, strlen(help));
}

static void no_ack_mode(struct gdb_session *session, const char *at)
{
	(void)at;
	session->no_ack = true;
	gdb_out_text(&session->out, "OK");
}

static void thread_list_end(struct gdb_session *session, const char *at)
{
	(void)at;
	gdb_out_text(&session->out, "l");
}

static void current_thread(struct gdb_session *session, const char *at)
{
	(void)at;
	gdb_out_text(&session->out, "QC%x", session->cpu + 1);
}

/* If so, gdb detaches when it quits, and otherwise kills. */
static void attached(struct gdb_session *session, const char *at)
{
	(void)at;
	gdb_out_char(&session->out, session->ours ? '0' : '1');
}

void gdb_query(struct gdb_session *session, const char *text)
{
	static const struct {
		const char *start;
		void (*answer)(struct gdb_session *session, const char *at);
	} queries[] = {
		{ "qSupported", supported },
		{ "QStartNoAckMode", no_ack_mode },
		{ "qXfer:features:read:target.xml:", target_xml },
		{ "qfThreadInfo", thread_list },
		{ "qsThreadInfo", thread_list_end },
		{ "qThreadExtraInfo,", thread_info },
		{ "qC", current_thread },
		{ "qAttached", attached },
		{ "qRcmd,", monitor },
	};
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(queries); i++) {
		len = strlen(queries[i].start);
		if (!strncmp(text, queries[i].start, len)) {
			queries[i].answer(session, text + len);
			return;
		}
	}
}
