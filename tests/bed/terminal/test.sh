#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# On a terminal, the program in the test bed has a terminal of the same size,
# and the one outside is as it was afterwards, however the run ends.
# timeout: 120
. "${0%/*}/../../lib.sh"
exec python3 "$T/terminal.py" "$TESTS/bed/bed"
