#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# All suites of tests/guest once more, with four CPUs on two.
NCPUS=4 BED_CPUS=2 exec "${0%/*}/../../guest/suite/test.sh"
