/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_UM_KVM_DMA_H
#define _ASM_UM_KVM_DMA_H

/* virtio devices reach all of memory */
#define MAX_DMA_ADDRESS		(~0UL)

#endif
