# SPDX-License-Identifier: GPL-2.0
#
# What "make gdb" tells gdb before it connects: see Documentation/debugging.rst.

# An emulated machine may be slow to answer
set remotetimeout 60

define start-kernel
	tbreak start_kernel
	continue
	break oops_enter
end
document start-kernel
Runs from the first instruction to start_kernel(), and stops at each oops.
end
