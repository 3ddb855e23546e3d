/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VIRTIO_NET_H
#define HOST_VIRTIO_NET_H

#include "net.h"
#include "vm.h"

/* Opens the network that @spec names, or ends the process, and adds a device. */
void virtio_net_add(struct vm *vm, const struct net_spec *spec);

#endif /* HOST_VIRTIO_NET_H */
