/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before extable.c of arch/x86, whose handler for exceptions before
 * there is an IDT nobody calls here: idt_init() comes first.
 */
static unsigned int early_recursion_flag;
