/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_PROBE_H
#define HOST_PROBE_H

/* --probe: one line on standard output; 0 if this host will do, else 1. */
int probe_host(void);

#endif /* HOST_PROBE_H */
