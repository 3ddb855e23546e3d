/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LAUNCH_H
#define LAUNCH_H

/* What init.c prints, each a line, and how long it is idle in between */
#define SAYS_HELLO	"guest: hello"
#define SAYS_BYE	"guest: bye"
#define IDLE_MS		1000

#endif /* LAUNCH_H */
