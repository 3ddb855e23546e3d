#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 200
# The interactive shell, as `make run` gives it, on a terminal.
. "${0%/*}/../../lib.sh"

need "$O/linux" "$O/rootfs.cpio" "$O/rootfs/gen_init_cpio"
exec python3 "$T/terminal.py" "$TESTS/../rootfs/run" "$O"
