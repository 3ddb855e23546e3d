/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_SHELL_H
#define HOST_SHELL_H

/* "linux shell WORD...": ends with the status of the command in the guest. */
_Noreturn void shell_run(char **words);

#endif /* HOST_SHELL_H */
