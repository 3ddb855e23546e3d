// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest may answer to "linux shell", in pieces: the first byte of each is
 * its length.  No frame is longer than what has come, and each is where it was.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"
#include "harness.h"

/* False: what follows is not looked at any more. */
static bool take_all(struct frames *in, size_t *taken)
{
	struct frame frame;
	u8 copy[FRAME_MAX];
	int ret;

	while ((ret = frame_take(in, &frame)) > 0) {
		if (frame.data < in->bytes ||
		    frame.data + frame.len > in->bytes + in->len)
			abort();
		memcpy(copy, frame.data, frame.len);
		*taken += FRAME_HEAD + frame.len;
	}
	return !ret;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	struct frames *in = calloc(1, sizeof(*in));
	size_t at = 0, given = 0, taken = 0;
	int ends[2];

	if (!in || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends))
		abort();
	while (at < len) {
		size_t part = min_u64(data[at] * 16, len - at - 1);

		if (part && write(ends[0], data + at + 1, part) != (ssize_t)part)
			abort();
		at += 1 + part;
		given += part;
		while (frame_fill(in, ends[1]) > 0) {
			if (!take_all(in, &taken))
				goto out;
		}
	}
	if (given - taken != in->len - in->at)
		abort();
out:
	close(ends[0]);
	close(ends[1]);
	free(in);
	return 0;
}
