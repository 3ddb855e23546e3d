// SPDX-License-Identifier: GPL-2.0
/*
 * The debugger's stub: packets, registers, memory and what gdb asks, on a
 * machine without KVM.
 */
#include <stdio.h>
#include <string.h>

#include "gdb_ask.h"
#include "gdb_machine.h"
#include "gdb_regs.h"
#include "unit.h"

static enum gdb_input feed(const char *bytes, size_t len)
{
	enum gdb_input last = GDB_NOTHING;
	size_t i;

	for (i = 0; i < len; i++)
		last = gdb_in_byte(&session.in, bytes[i]);
	return last;
}

static void packets(void **state)
{
	(void)state;
	assert_int_equal(feed("+$g#67", 6), GDB_PACKET);
	assert_string_equal(session.in.text, "g");
	assert_int_equal(feed("$g#68", 5), GDB_CORRUPT);
	assert_int_equal(feed("$g#zz", 5), GDB_CORRUPT);
	assert_int_equal(feed("\003", 1), GDB_INTERRUPT);
	assert_int_equal(feed("-", 1), GDB_RESEND);
	/* one that was cut off, and a next */
	assert_int_equal(feed("$m12$g#67", 9), GDB_PACKET);
	assert_string_equal(session.in.text, "g");
	/* '}' takes the next byte, whatever it is */
	assert_int_equal(feed("$X}\003}]#b2", 9), GDB_PACKET);
	assert_int_equal(session.in.len, 3);
	assert_memory_equal(session.in.text, "X#}", 3);
}

static void a_packet_that_is_too_long(void **state)
{
	size_t i;

	(void)state;
	feed("$", 1);
	for (i = 0; i < 2 * GDB_PACKET_MAX; i++)
		feed("x", 1);
	assert_int_equal(feed("#00", 3), GDB_CORRUPT);
	assert_int_equal(feed("$g#67", 5), GDB_PACKET);
}

static void replies(void **state)
{
	struct gdb_out out;
	size_t i;

	(void)state;
	gdb_out_start(&out);
	gdb_out_text(&out, "a#%d", 7);
	gdb_out_end(&out);
	assert_memory_equal(out.text, "$a}\0037#18", out.len);
	gdb_out_start(&out);
	for (i = 0; i < GDB_PACKET_MAX; i++)
		gdb_out_hex(&out, "x", 1);
	gdb_out_end(&out);
	assert_memory_equal(out.text, "$E.reply", 8);
}

static void registers_there_and_back(void **state)
{
	char all[GDB_PACKET_MAX] = "G";
	struct gdb_regs before;
	size_t i, len = 0;

	(void)state;
	memset(&machine.regs[0], 0x11, sizeof(*machine.regs));
	memset(&machine.xsave[0], 0x22, sizeof(*machine.xsave));
	/* full registers, whose tags say so */
	((u8 *)&machine.xsave[0])[4] = 0xff;
	before.regs = machine.regs[0];
	before.xsave = machine.xsave[0];
	strcpy(all + 1, ask("g"));
	for (i = 0; i < gdb_nr_regs(); i++)
		len += gdb_reg_size(i);
	assert_int_equal(strlen(all), 1 + 2 * len);
	assert_memory_equal(all + 1, "1111111111111111", 16);
	memset(&machine.regs[0], 0, sizeof(*machine.regs));
	memset(&machine.xsave[0], 0, 512);
	assert_string_equal(ask(all), "OK");
	assert_memory_equal(&machine.regs[0], &before.regs, 17 * 8);
	/* what gdb has no register for is not kept: instruction pointers' high half */
	assert_memory_equal((u8 *)&machine.xsave[0] + 160,
			    (u8 *)&before.xsave + 160, 256);
	assert_string_equal(ask("G00"), "E16");
}

static void one_register(void **state)
{
	(void)state;
	assert_string_equal(ask("P10=efcdab8967452301"), "OK");
	assert_int_equal(machine.regs[0].rip, 0x0123456789abcdef);
	assert_string_equal(ask("p10"), "efcdab8967452301");
	assert_string_equal(ask("p4000"), "E16");
	assert_string_equal(ask("P10=00"), "E16");
	assert_string_equal(ask("Hg2"), "OK");
	assert_string_equal(ask("p10"), "0000000000000000");
	assert_string_equal(ask("Hg3"), "E16");
	/* tags: a bit a register there, two bits for gdb, 3 is empty */
	((u8 *)&machine.xsave[1])[4] = 0x81;
	assert_string_equal(ask("p22"), "fc3f0000");
}

static void the_description_comes_in_parts(void **state)
{
	const char *xml = gdb_target_xml();
	char whole[32768] = "", command[80];
	const char *reply;

	(void)state;
	do {
		snprintf(command, sizeof(command),
			 "qXfer:features:read:target.xml:%zx,800",
			 strlen(whole));
		reply = ask(command);
		strcat(whole, reply + 1);
	} while (reply[0] == 'm');
	assert_string_equal(whole, xml);
	assert_non_null(strstr(xml, "</target>"));
	assert_string_equal(ask("qXfer:features:read:target.xml:fffff,10"), "E01");
	assert_string_equal(ask("qXfer:features:read:target.xml:"), "E01");
}

static void memory(void **state)
{
	(void)state;
	memcpy(machine_page(), "\x01\x02\x03\x04", 4);
	assert_string_equal(ask("mffffffff80000000,4"), "01020304");
	assert_string_equal(ask("m400001,2"), "0203");
	assert_string_equal(ask("Mffffffff80000001,2:aabb"), "OK");
	assert_string_equal(ask("m400000,4"), "01aabb04");
	assert_string_equal(ask("X400000,2:xy"), "OK");
	assert_memory_equal(machine_page(), "xy", 2);
	/* up to the first byte that is not there */
	assert_string_equal(ask("m400fff,2"), "00");
	assert_string_equal(ask("m401000,2"), "E0e");
	assert_string_equal(ask("M400fff,2:1111"), "E0e");
	assert_string_equal(ask("M400000,2:11"), "E16");
	assert_string_equal(ask("X400000,3:xy"), "E16");
	assert_string_equal(ask("m400000"), "E16");
	assert_string_equal(ask("Mffffffff80000001,fffffffffffffff:00"), "E16");
}

static void who_goes_on(void **state)
{
	(void)state;
	assert_string_equal(ask("vCont;s:2;c"), "");
	assert_int_equal(machine.actions[0], GDB_CONTINUE);
	assert_int_equal(machine.actions[1], GDB_STEP);
	assert_true(session.running);
	assert_string_equal(ask("g"), "E10");
	session.running = false;
	ask("vCont;C05:1");
	assert_int_equal(machine.actions[0], GDB_CONTINUE);
	assert_int_equal(machine.actions[1], GDB_STAY);
	session.running = false;
	assert_string_equal(ask("vCont;t"), "E16");
	assert_string_equal(ask("vCont;c:9"), "E16");
	assert_string_equal(ask("vCont;"), "E16");
	assert_string_equal(ask("vCont;s:"), "E16");
	assert_int_equal(machine.resumed, 2);
	assert_false(session.running);
}

static void why_it_stands(void **state)
{
	(void)state;
	session.why = (struct gdb_why){
		.cpu = 1, .signal = 5, .cause = GDB_WATCH, .addr = 0x1234,
	};
	assert_string_equal(ask("?"), "T05thread:2;watch:1234;");
	assert_string_equal(ask("qC"), "QC2");
	gdb_end_reply(&session, &(struct end){ .status = 240 });
	assert_memory_equal(session.out.text, "$Wf0#", 5);
}

static void what_gdb_asks(void **state)
{
	(void)state;
	assert_string_equal(ask("qfThreadInfo"), "m1,2");
	machine.cpus[1].running = false;
	assert_string_equal(ask("qfThreadInfo"), "m1");
	assert_string_equal(ask("qAttached"), "1");
	assert_string_equal(ask("QStartNoAckMode"), "OK");
	assert_true(session.no_ack);
	assert_non_null(strstr(ask("qSupported:x"), "PacketSize=4000"));
	assert_string_equal(ask("qRcmd,696e666f2076657273696f6e"),
			    "756d2d6b766d20746573740a");
	assert_string_equal(ask("vMustReplyEmpty"), "");
	assert_string_equal(ask(""), "");
	assert_string_equal(ask("T7"), "E16");
	assert_string_equal(ask("H"), "E16");
	assert_false(machine.ended);
	assert_string_equal(ask("vKill;1"), "OK");
	assert_true(machine.ended);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(packets, set_up),
		cmocka_unit_test_setup(a_packet_that_is_too_long, set_up),
		cmocka_unit_test_setup(replies, set_up),
		cmocka_unit_test_setup(registers_there_and_back, set_up),
		cmocka_unit_test_setup(one_register, set_up),
		cmocka_unit_test_setup(the_description_comes_in_parts, set_up),
		cmocka_unit_test_setup(memory, set_up),
		cmocka_unit_test_setup(who_goes_on, set_up),
		cmocka_unit_test_setup(why_it_stands, set_up),
		cmocka_unit_test_setup(what_gdb_asks, set_up),
	};

	return cmocka_run_group_tests_name("gdb", tests, NULL, NULL);
}
