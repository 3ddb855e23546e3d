#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1800
# long
# smp/boots, a hundred.
BOOTS=${BOOTS:-100}
. "${0%/*}/../boots/test.sh"
