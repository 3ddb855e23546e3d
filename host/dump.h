/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_DUMP_H
#define HOST_DUMP_H

#include "vcpu.h"

/* --dump=FILE: makes it, if it is not there, and keeps it open. */
void dump_open(const char *path);

/*
 * Writes the file, if there is one, with all vCPUs held meanwhile; a failure is
 * one line and an empty file.  On the main thread.
 */
void dump_write(struct vm *vm);

#endif /* HOST_DUMP_H */
