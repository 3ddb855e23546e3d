// SPDX-License-Identifier: GPL-2.0
/*
 * Packets of gdb's remote protocol: bytes in, packets out, and back.  Pure
 * functions on bounded buffers, because anybody may be at the other end.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gdb_packet.h"

#define INTERRUPT	0x03
#define ESCAPE		'}'
#define ESCAPE_XOR	0x20

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void start_body(struct gdb_in *in)
{
	in->state = GDB_BODY;
	in->spoilt = false;
	in->len = 0;
	in->sum = 0;
}

static enum gdb_input idle_byte(struct gdb_in *in, u8 byte)
{
	if (byte == '$')
		start_body(in);
	else if (byte == INTERRUPT)
		return GDB_INTERRUPT;
	else if (byte == '-')
		return GDB_RESEND;
	/* '+', and what is no part of the protocol */
	return GDB_NOTHING;
}

static void keep(struct gdb_in *in, u8 byte)
{
	if (in->len < GDB_PACKET_MAX)
		in->text[in->len++] = byte;
	else
		in->spoilt = true;
}

static void body_byte(struct gdb_in *in, u8 byte)
{
	/* the start of a packet, so the one before was cut off */
	if (byte == '$') {
		start_body(in);
		return;
	}
	if (byte == '#') {
		in->state = GDB_SUM_1;
		return;
	}
	in->sum += byte;
	if (in->state == GDB_ESCAPE) {
		keep(in, byte ^ ESCAPE_XOR);
		in->state = GDB_BODY;
	} else if (byte == ESCAPE) {
		in->state = GDB_ESCAPE;
	} else {
		keep(in, byte);
	}
}

static void sum_digit(struct gdb_in *in, u8 byte)
{
	if (digit(byte) < 0)
		in->spoilt = true;
	else
		in->wanted = in->wanted << 4 | digit(byte);
}

enum gdb_input gdb_in_byte(struct gdb_in *in, u8 byte)
{
	switch (in->state) {
	case GDB_IDLE:
		return idle_byte(in, byte);
	case GDB_BODY:
	case GDB_ESCAPE:
		body_byte(in, byte);
		return GDB_NOTHING;
	case GDB_SUM_1:
		sum_digit(in, byte);
		in->state = GDB_SUM_2;
		return GDB_NOTHING;
	case GDB_SUM_2:
		break;
	}
	in->state = GDB_IDLE;
	sum_digit(in, byte);
	in->text[in->len] = '\0';
	return in->spoilt || in->wanted != in->sum ? GDB_CORRUPT : GDB_PACKET;
}

void gdb_out_start(struct gdb_out *out)
{
	out->text[0] = '$';
	out->len = 1;
	out->full = false;
}

static void put(struct gdb_out *out, char c)
{
	if (out->len < 1 + GDB_PACKET_MAX)
		out->text[out->len++] = c;
	else
		out->full = true;
}

void gdb_out_char(struct gdb_out *out, char c)
{
	/* '*' would start a run length */
	if (c == '#' || c == '$' || c == '*' || c == ESCAPE) {
		put(out, ESCAPE);
		c ^= ESCAPE_XOR;
	}
	put(out, c);
}

void gdb_out_text(struct gdb_out *out, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	size_t i;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (i = 0; text[i]; i++)
		gdb_out_char(out, text[i]);
}

void gdb_out_hex(struct gdb_out *out, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const u8 *byte = bytes;

	for (; len; len--, byte++) {
		put(out, digits[*byte >> 4]);
		put(out, digits[*byte & 0xf]);
	}
}

void gdb_out_end(struct gdb_out *out)
{
	char end[4];
	u8 sum = 0;
	size_t i;

	if (out->full) {
		gdb_out_start(out);
		gdb_out_text(out, "E.reply too long");
	}
	for (i = 1; i < out->len; i++)
		sum += out->text[i];
	snprintf(end, sizeof(end), "#%02x", sum);
	memcpy(out->text + out->len, end, 3);
	out->len += 3;
}

bool gdb_take_hex(const char **at, u64 *value)
{
	const char *start = *at;

	for (*value = 0; digit(**at) >= 0 && *at - start < 16; (*at)++)
		*value = *value << 4 | digit(**at);
	return *at != start && digit(**at) < 0;
}

bool gdb_take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

bool gdb_take_bytes(const char *at, void *bytes, size_t len)
{
	u8 *to = bytes;

	for (; len; len--, at += 2) {
		if (digit(at[0]) < 0 || digit(at[1]) < 0)
			return false;
		*to++ = digit(at[0]) << 4 | digit(at[1]);
	}
	return !*at;
}
