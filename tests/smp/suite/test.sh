#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# All suites of tests/guest once more, with four CPUs and shorter loops: on one
# CPU of the bed, what goes from CPU to CPU waits for the host's scheduler.
NCPUS=4 TAP_SLOW=4 exec "${0%/*}/../../guest/suite/test.sh"
