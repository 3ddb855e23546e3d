// SPDX-License-Identifier: GPL-2.0
/*
 * Calls and early output for bare guests.
 */
#include "guest.h"
#include "note.h"

#ifndef BAD_NOTE
static_assert(NOTE_VERSION == UMKVM_ABI_VERSION, "note.h");
#endif
static_assert(NOTE_TYPE == UMKVM_NOTE_ABI, "note.h");

void port_out(__u16 port, __u32 value)
{
	__asm__ __volatile__("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

__u32 port_in(__u16 port)
{
	__u32 value;

	__asm__ __volatile__("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

struct umkvm_call *call_block(unsigned int cpu)
{
	return (struct umkvm_call *)direct(UMKVM_CALLS_GPA) + cpu;
}

int call(__u32 nr, __u64 a0, __u64 a1, __u64 a2, __u64 a3, __u64 a4)
{
	struct umkvm_call *block = call_block(0);

	block->arg[0] = a0;
	block->arg[1] = a1;
	block->arg[2] = a2;
	block->arg[3] = a3;
	block->arg[4] = a4;
	block->arg[5] = 0;
	port_out(UMKVM_PORT_CALL, nr);
	return block->status;
}

void print(const char *text)
{
	__u64 len = 0;

	while (text[len])
		len++;
	call(UMKVM_CALL_CONSOLE_WRITE, gpa_of(text), len, 0, 0, 0);
}

void print_number(const char *name, __u64 value)
{
	static char digits[18];
	int i;

	for (i = 0; i < 16; i++)
		digits[i] = "0123456789abcdef"[value >> (60 - 4 * i) & 15];
	digits[16] = '\n';
	print(name);
	print(" 0x");
	print(digits);
}

void stop(int code)
{
	call(UMKVM_CALL_STOP, UMKVM_STOP_POWER_OFF, code, 0, 0, 0);
}

static const char *skip(const char *at, const char *text)
{
	while (at && *text)
		at = *at == *text ? (text++, at + 1) : 0;
	return at;
}

int word_is(const char *prefix, const char *value)
{
	const char *at = direct(UMKVM_CMDLINE_GPA);

	for (; *at; at++) {
		const char *end = skip(skip(at, prefix), value);

		if (end && (*end == ' ' || !*end))
			return 1;
	}
	return 0;
}
