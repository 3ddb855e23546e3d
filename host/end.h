/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_END_H
#define HOST_END_H

#include "util.h"

enum end_kind {
	END_NONE,
	END_POWER_OFF,
	END_RESTART,
	END_PANIC,
	END_TRIPLE_FAULT,
	END_KVM,
	END_PROTOCOL,
	END_VERSION,
	END_WATCHDOG,
	END_SIGNAL,
};

/* Why and how the guest ended; text goes after the kind's name. */
struct end {
	enum end_kind kind;
	int status;
	char text[1200];
};

void end_init(void);

/*
 * The guest ends.  May be called from any thread and more than once: the first
 * reason wins, but a signal wins over a reboot.  Returns at once; the vCPU that
 * called it must not run again.
 */
void end_guest(enum end_kind kind, int status, const char *fmt, ...)
	PRINTF(3, 4);

/* The guest broke the contract.  On a vCPU thread the line gets id and rip. */
void vm_die(const char *fmt, ...) PRINTF(1, 2);

/* Readable once the guest has ended. */
int end_fd(void);
bool end_pending(void);

/* What end_guest() was told; and back to "not ended" for a restart. */
const struct end *end_get(void);
void end_clear(void);

/* A kernel that broke, or was broken. */
static inline bool end_is_crash(const struct end *end)
{
	return end->kind >= END_PANIC && end->kind < END_SIGNAL;
}

/* The line "linux: ended: KIND", if this end deserves one. */
void end_print(const struct end *end);

#endif /* HOST_END_H */
