/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TESTS_HOST_VHOST_SERVER_H
#define TESTS_HOST_VHOST_SERVER_H

#include "vhost_user.h"

#define VHOST_SIZE	8	/* of the queue */
#define INFLIGHT_LEN	2112	/* for each queue */

/* What the next child_start() starts. */
enum behaviour {
	WORKS, NO_ACKS, ENDS, OLD, NONSENSE, REFUSES, ENDS_LATER, OVERTAKES
};

extern enum behaviour behaviour;

#endif /* TESTS_HOST_VHOST_SERVER_H */
