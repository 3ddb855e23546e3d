/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_UMID_H
#define HOST_UMID_H

#include "util.h"

/*
 * Makes DIR/NAME/pid, and with a @cid DIR/NAME/shell, which holds it and the word
 * with the key of the guest's shells; refuses a name in use, removes both at the end.
 */
void umid_create(const char *name, const char *dir, u32 cid, const char *key);

/* What is in DIR/NAME/shell; @key has room for SHELL_KEY_LEN and a NUL. */
u32 umid_find_shell(const char *name, const char *dir, char *key);

#endif /* HOST_UMID_H */
