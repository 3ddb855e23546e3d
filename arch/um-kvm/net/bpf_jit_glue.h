/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before bpf_jit_comp.c of arch/x86.  It calls clear_bhb_loop(), which is
 * in arch/x86's entry code, only on a CPU with X86_FEATURE_CLEAR_BHB_LOOP, which
 * nothing sets here.
 */
#include <asm/nospec-branch.h>
#include <asm/vsyscall.h>

#define clear_bhb_loop		NULL
