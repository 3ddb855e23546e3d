/* SPDX-License-Identifier: GPL-2.0 */
/*
 * gdb's remote protocol below the meaning of packets: framing, checksums,
 * escapes and hexadecimal numbers ("Remote Protocol" in gdb's manual).
 */
#ifndef HOST_GDB_PACKET_H
#define HOST_GDB_PACKET_H

#include "util.h"

/* Longest packet in each direction; gdb learns it as PacketSize. */
#define GDB_PACKET_MAX	16384

enum gdb_input {
	GDB_NOTHING,		/* more bytes are needed */
	GDB_PACKET,		/* text[0 .. len) is one, NUL behind it */
	GDB_CORRUPT,		/* a wrong checksum or too long: ask again */
	GDB_INTERRUPT,		/* Ctrl-C, outside of packets */
	GDB_RESEND,		/* the other side has read a wrong checksum */
};

enum gdb_in_state { GDB_IDLE, GDB_BODY, GDB_ESCAPE, GDB_SUM_1, GDB_SUM_2 };

/* All zero at the start of a connection. */
struct gdb_in {
	enum gdb_in_state state;
	bool spoilt;		/* too long, or no checksum */
	u8 sum, wanted;
	size_t len;
	char text[GDB_PACKET_MAX + 1];
};

enum gdb_input gdb_in_byte(struct gdb_in *in, u8 byte);

/* A reply that grows.  What does not fit is dropped with a mark: see below. */
struct gdb_out {
	size_t len;
	bool full;
	char text[GDB_PACKET_MAX + 4];
};

void gdb_out_start(struct gdb_out *out);
void gdb_out_char(struct gdb_out *out, char c);
void gdb_out_text(struct gdb_out *out, const char *fmt, ...) PRINTF(2, 3);
void gdb_out_hex(struct gdb_out *out, const void *bytes, size_t len);
/* Adds the checksum; a reply that did not fit becomes an error. */
void gdb_out_end(struct gdb_out *out);

/* A hexadecimal number at *@at, which moves behind it; false: there is none. */
bool gdb_take_hex(const char **at, u64 *value);
/* This very character. */
bool gdb_take_char(const char **at, char c);
/* Two digits a byte; false unless there are @len bytes and nothing else. */
bool gdb_take_bytes(const char *at, void *bytes, size_t len);

#endif /* HOST_GDB_PACKET_H */
