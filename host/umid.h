/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_UMID_H
#define HOST_UMID_H

/* Makes DIR/NAME/pid, refuses a name in use, removes it at the end. */
void umid_create(const char *name, const char *dir);

#endif /* HOST_UMID_H */
