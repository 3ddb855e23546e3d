/* SPDX-License-Identifier: GPL-2.0 */
/* Instead of the pv_ops of arch/x86, whose ptrace.h includes them: nothing */
