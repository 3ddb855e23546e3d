/* SPDX-License-Identifier: GPL-2.0 */
/* What probe.c and its guest agree on. */
#ifndef HOST_PROBE_GUEST_H
#define HOST_PROBE_GUEST_H

#define PROBE_PORT	0xe0
#define PROBE_LOOPS	20000

#endif /* HOST_PROBE_GUEST_H */
