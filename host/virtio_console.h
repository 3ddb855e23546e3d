/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VIRTIO_CONSOLE_H
#define HOST_VIRTIO_CONSOLE_H

#include "port.h"
#include "vm.h"

/*
 * Opens the host's end of each console of @specs, PORT_SPECS of them, and with
 * @all_streams the ports "stdout" and "stderr" beside "stdin".
 */
void virtio_console_add(struct vm *vm, const struct port_spec *specs,
			bool all_streams);

/* After the guest's end: waits until all output of streams has its reader. */
void virtio_console_drain(void);

/* The terminal has a new size; from any thread. */
void virtio_console_resized(void);

/* For --stats: CLOCK_MONOTONIC of DRIVER_OK (0: not yet), and doorbells. */
u64 virtio_console_started_ns(void);

#endif /* HOST_VIRTIO_CONSOLE_H */
