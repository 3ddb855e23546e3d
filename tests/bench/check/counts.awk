# SPDX-License-Identifier: GPL-2.0
#
# Reads what test.sh had printed: the program's lines on the bed's own Linux, those
# in the guest, and KVM's trace.  Prints "OPERATION INSTRUCTIONS EXITS
# NATIVE-INSTRUCTIONS", all for one operation, an instruction being 2 ns.
#
# The timer's deadline and the end of an interrupt are not the operation's: the
# line after their exit tells them.  The last exit of a run is its CPUID's.

function hex(text,	i, value)
{
	for (i = 1; i <= length(text); i++)
		value = value * 16 + index("123456789abcdef", substr(text, i, 1))
	return value
}

BEGIN { names = 0 }
/^== / { part = $2; next }
part == "native" { native[$1] = $2 / 2 }
part == "um-kvm" && NF == 3 {
	name[names] = $1
	cost[names] = $2 / 2
	total[names++] = $3
}
/kvm_exit:/ { mine++ }
/kvm_msr: msr_write (6e0|80b) / { mine-- }
/kvm_cpuid: func 4b4d4200 / { mine = 0 }
/kvm_cpuid: func 4b4d4201 / {
	sub(/.* idx /, "")
	exits[hex($1)] += mine - 1
}
END {
	for (i = 0; i < names; i++)
		printf "%s %.1f %.2f %.1f\n", name[i], cost[i],
			exits[i] / total[i], native[name[i]]
}
