/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_PRINTK_RING_H
#define HOST_PRINTK_RING_H

#include "mem.h"

/* On stderr: those of the log's last lines that the console does not show. */
void printk_ring_print(const struct guest_ram *ram);

#endif /* HOST_PRINTK_RING_H */
