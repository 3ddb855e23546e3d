/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What unit tests and fuzz targets put in the place of host/die.c: a message
 * is kept, and die() comes back to the place that expected it.
 */
#ifndef TESTS_HOST_HARNESS_H
#define TESTS_HOST_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "die.h"

extern jmp_buf harness_env;
extern char harness_message[8192];

/* True if the statement calls die(); the line is in harness_message then. */
#define DIES(statement)						\
	(harness_message[0] = '\0',				\
	 setjmp(harness_env) ? true : ({ statement; false; }))

/* A file in memory with these bytes; its descriptor. */
int harness_file(const void *data, size_t len);

/* What a fuzz target supplies. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t len);

#endif /* TESTS_HOST_HARNESS_H */
