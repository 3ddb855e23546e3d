/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver's side of virtio-console with up to four ports, for its tests.
 */
#ifndef TESTS_HOST_CONDRIVER_H
#define TESTS_HOST_CONDRIVER_H

#include <linux/virtio_console.h>

#include "driver.h"

#define BUFFER	64	/* that is offered */

enum { RX0, TX0, RX_CONTROL, TX_CONTROL, RX1, TX1, RX2, TX2, RX3, TX3 };

/* Resets and starts the device, with buffers for its messages. */
void start(void);
/* Offers all buffers of a receive queue. */
void fill(unsigned int nr);
/* The next completed in-buffer, which is offered again; NULL: none. */
const u8 *retake(unsigned int nr, u32 *len);
void write_out(unsigned int nr, const void *data, u32 len);

/* Control messages: to the device, and what came from it. */
void tell(u32 id, u16 event, u16 value);
void assert_told(u32 id, u16 event, u16 value);
void assert_told_nothing(void);

#endif /* TESTS_HOST_CONDRIVER_H */
