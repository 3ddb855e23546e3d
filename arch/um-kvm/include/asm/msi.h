/* SPDX-License-Identifier: GPL-2.0 */
/* arch/x86's msi.h describes hardware that is not here: use the generic one */
#include <asm-generic/msi.h>
