/* SPDX-License-Identifier: GPL-2.0 */
/* What every unit test includes: cmocka needs these headers before its own. */
#ifndef TESTS_HOST_UNIT_H
#define TESTS_HOST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "harness.h"

#endif /* TESTS_HOST_UNIT_H */
