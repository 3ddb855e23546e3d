# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the tests of this directory: run_make ARG... runs the top Makefile as a
# person would, with this build's kernel source; results as of run_linux.

TOP=${TESTS%/tests}
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

run_make()
{
	status=0
	make -C "$TOP" "O=${BUILD:-$O}" "$@" >"$W/out" 2>"$W/err" || status=$?
}
