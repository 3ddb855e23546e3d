/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_THREAD_H
#define HOST_THREAD_H

#include <pthread.h>

/*
 * Starts a thread and waits until @fn runs in it: the C library's own start-up
 * of a thread makes system calls that the sandbox forbids.
 */
void thread_start(pthread_t *thread, void (*fn)(void *arg), void *arg,
		  const char *what);

#endif /* HOST_THREAD_H */
