# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For tests that compare with a kernel of arch/x86 of the same version, in QEMU with
# KVM where the shim would run; after lib.sh.
#
# stock_build [DIR FILE]        leaves that kernel in $STOCK, with the options of the
#                       selftests; or in DIR, with those of FILE instead.  If the
#                       environment names a $STOCK, it is used as it is
# stock_initrd FILE [CPIO]...   FILE is an initramfs of these archives; its init
#                       ends the machine
# stock_qemu MEM NCPUS KERNEL INITRD [OPTION]...        QEMU's command line, as the
#                       array qemu; $stock_words are more words for the kernel,
#                       "${stock_no_stdin[@]}" the OPTIONs for an empty standard input;
#                       $stock_machine is microvm, or q35, whose console is serial and
#                       its standard input empty
# stock_function NAME INITRD [OPTION]...        the same as a function of a shell
#                       script, for a guest with 256 MiB
# stock_ratio LEAST WHAT PATTERN [KIND] of the last run, which had parts "== here
#                       [KIND]" and "== stock [KIND]": judges the ratio of the
#                       medians, in percent, of the number that PATTERN puts in \1
# stock_turns           sets, for boots that take turns, how many rounds ($ROUNDS; else 5,
#                       in the bed 3, for its virtual time repeats), and the bed's options
#                       for them, as the array files
# qemu_files            QEMU and what it loads, as options of the bed, a line each

stock_given=${STOCK:+yes}
STOCK=${STOCK:-$O/stock}
stock_words='' stock_machine=microvm
stock_no_stdin=(-chardev 'null,id=stdin'
	-device 'virtserialport,chardev=stdin,name=stdin')

stock_build()
{
	local ksrc=${KSRC:-$O/source}
	if [ "$stock_given" ]; then
		need "$STOCK/arch/x86/boot/bzImage" "$STOCK/modules.cpio"
		return
	fi
	need "$ksrc"
	STOCK=${1:-$STOCK}
	shared_make stock 'the stock kernel' -j"$(nproc)" -C "$TESTS/kselftest" \
		STOCK="$STOCK" ${2:+STOCK_CONFIG="$2"} KSRC="$ksrc" stock
}

# A microvm without ACPI cannot be turned off, but it can be reset; BusyBox's
# shell takes its own poweroff, whatever is in /sbin
stock_initrd()
{
	mkdir -p "$W/stock-init"
	sed 's/^poweroff -f$/reboot -f/' "$TESTS/../rootfs/init" >"$W/stock-init/init"
	chmod 755 "$W/stock-init/init"
	grep -q '^reboot -f$' "$W/stock-init/init" || fail "rootfs/init ends otherwise"
	{
		[ $# -eq 1 ] || cat "${@:2}"
		(cd "$W/stock-init" && echo init | cpio -o -H newc -R 0:0 --quiet)
	} >"$1"
}

stock_qemu()
{
	local console=hvc0 machine=(-M 'microvm,acpi=off,isa-serial=off'
		-device virtio-serial-device -device 'virtconsole,chardev=console')
	if [ "$stock_machine" = q35 ]; then
		console=ttyS0 machine=(-M q35 -serial 'chardev:console')
	fi
	# shellcheck disable=SC2034
	qemu=(/usr/bin/qemu-system-x86_64 -enable-kvm
		-cpu host -smp "$2" -m "$1" -display none -nodefaults
		-no-user-config -no-reboot -kernel "$3" -initrd "$4"
		-chardev 'stdio,id=console,signal=off' "${machine[@]}"
		"${@:5}" -append "console=$console quiet reboot=t panic=-1 $stock_words")
}

stock_function()
{
	stock_qemu 256 1 bzImage "$2" "${stock_no_stdin[@]}" "${@:3}"
	printf '%s() { ' "$1"
	printf '%q ' "${qemu[@]}"
	echo '</dev/null; }'
}

stock_median()	# here|stock PATTERN [KIND]
{
	awk -v name="== $1${3:+ $3}" '/^== / { on = $0 == name; next } on' "$W/out" |
		sed -n "s|$2|\\1|p" | sort -n |
		awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)],
			NR ? "(" NR ": " all[1] " to " all[NR] ")" : "" }'
}

stock_ratio()
{
	local here stock percent
	here=$(stock_median here "$3" "${4:-}")
	stock=$(stock_median stock "$3" "${4:-}")
	if [ "$here" = ' ' ] || [ "$stock" = ' ' ]; then
		show
		fail "no number of $2"
		return
	fi
	percent=$(awk "BEGIN { print int(100 * ${here%% *} / ${stock%% *}) }")
	echo "# $2: $here, stock $stock: $percent %"
	[ "$percent" -ge "$1" ] || fail "$percent % of stock, less than $1 %"
}

stock_turns()
{
	where
	files=() rounds=${ROUNDS:-5}
	[ "$UMKVM_WHERE" = bed ] || return 0
	rounds=${ROUNDS:-3}
	mapfile -t files < <(printf '%s\n' --icount; qemu_files)
}

qemu_files()
{
	local qemu file
	qemu=$(command -v qemu-system-x86_64) || return 0
	for file in "$qemu" /usr/share/seabios/bios-256k.bin \
		/usr/share/qemu/{kvmvapic,linuxboot_dma,pvh}.bin /usr/share/qemu/qboot.rom \
		$(ldd "$qemu" | sed -n 's,^[^/]*\(/[^ ]*\) (0x.*,\1,p'); do
		[ ! -e "$file" ] || printf -- '--file\n%s\n' "$file"
	done
}
