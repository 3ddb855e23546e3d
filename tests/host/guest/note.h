/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ABI note for assembly, which cannot include umkvm.h; guest.c asserts
 * that the numbers are the same.
 */
#define NOTE_TYPE	1
#ifndef NOTE_VERSION
#define NOTE_VERSION	1
#endif
