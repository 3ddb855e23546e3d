#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# The fuzz targets, each for FUZZ_SECONDS (default 30).  What they learn stays
# in $O/fuzz, so that each run starts where the last one ended.
. "${0%/*}/../lib.sh"

command -v clang >/dev/null || skip "clang is not installed"
make -s -C "$T" O="$W/targets" || fail "the fuzz targets do not build"
# Good input to start from: a kernel that boots, words that are options
make -s -C "$T/../host/guest" O="$W/guests" || fail "the bare guests do not build"
mkdir -p "$W"/seeds/{loader,options,queues,blk,net,gdb,frame,dump}
strip -o "$W/seeds/loader/hello" "$W/guests/hello"
printf '%s\0' mem=64M initrd=a,b umid=x quiet --stats 'a=b c' ubd0r=a --disk=b,ro \
	--net user,tcp=80:8080 vec0:transport=tap,ifname=a \
	--vsock --vsock=7 --net tap,dev=b,vhost=on con=null con0=fd:0,fd:1 con1=pty ssl0=port:9000 ssl1=unix:s con2=file:l \
	root=/dev/ubda1 -- -c >"$W/seeds/options/words"
printf '\3O\2\0\2hi\4X\1\0\7' >"$W/seeds/frame/all"
# A queue at 0, 2048 and 3072 of the data, with one read of a sector in it
python3 - >"$W/seeds/blk/read" <<'END'
import struct, sys
base = 192 << 10
plan = struct.pack("<BBHIQQQ", 3, 0, 3, 0xffffffff, 0, 2048, 3072)
desc = (struct.pack("<QIHH", base + 4096, 16, 1, 1) +
        struct.pack("<QIHH", base + 8192, 512, 3, 2) +
        struct.pack("<QIHH", base + 4112, 1, 2, 0))
avail = struct.pack("<HHH", 0, 1, 0)
head = struct.pack("<IIQ", 0, 0, 1)
data = desc.ljust(2048, b"\0") + avail
sys.stdout.buffer.write(plan + data.ljust(4096, b"\0") + head.ljust(4608, b"\0"))
END
# Registers, tables and a page; then what gdb says
python3 - >"$W/seeds/gdb/session" <<'END'
import sys
plan = b"\1" + bytes(7) + bytes(144) + bytes(16) + bytes(2048)
packets = ["?", "g", "p10", "P10=0011223344556677", "mffffffff80000000,40",
           "Z0,ffffffff80000100,1", "m400000,200", "M400000,2:aabb", "Z2,400100,4",
           "vCont;s:1;c", "z0,ffffffff80000100,1", "Z0,400300,1", "vCont;c",
           "Hg2", "qXfer:features:read:target.xml:0,400", "qfThreadInfo",
           "qThreadExtraInfo,1", "qRcmd,696e", "X400000,1:x", "D"]
sys.stdout.buffer.write(plan + b"".join(b"$" + p.encode() + b"#00" for p in packets))
END
# A log of two messages, and page tables with a mapping of each size
python3 - >"$W/seeds/dump/log" <<'END'
import struct, sys
kernel, ring = 0xffffffff80000000, 0xffffffff80000400
words = f"SYMBOL(prb)={ring:x}\nSYMBOL(init_top_pgt)={kernel + 4096:x}\n"
for name, value in (
        ("printk_ringbuffer.desc_ring", 0), ("printk_ringbuffer.text_data_ring", 0),
        ("prb_desc_ring.count_bits", 8), ("prb_desc_ring.descs", 16),
        ("prb_desc_ring.infos", 24), ("prb_desc_ring.head_id", 40),
        ("prb_desc_ring.tail_id", 48), ("prb_desc.state_var", 0),
        ("prb_desc.text_blk_lpos", 8), ("prb_data_blk_lpos.begin", 0),
        ("prb_data_blk_lpos.next", 8), ("printk_info.ts_nsec", 8),
        ("printk_info.text_len", 16), ("prb_data_ring.size_bits", 12),
        ("prb_data_ring.data", 32)):
    words += f"OFFSET({name})={value}\n"
words += "SIZE(prb_desc)=24\nSIZE(printk_info)=24\n"
log = struct.pack("<QIIQQQQQ", ring, 1, 6, ring + 64, ring + 128, ring + 192, 7, 6)
log = log.ljust(64, b"\0") + struct.pack("<6Q", 2 << 62 | 6, 0, 16, 1 << 62 | 7, 16, 48)
log = log.ljust(128, b"\0") + struct.pack("<QQHxxxxxxQQH", 0, 5, 4, 1, 6, 20)
log = log.ljust(192, b"\0") + struct.pack("<Q8sQ24s", 6, b"text", 7, b"two lines\nof text\33[m")
def table(**entries):
    return b"".join(struct.pack("<Q", entries.get(f"at{i}", 0)) for i in range(512))
data = words.encode().ljust(1024, b"\0") + log.ljust(3072, b"\0")
data += table(at402=0x2003, at511=0x1003) + table(at0=0x3003, at1=0x83) + \
    table(at0=0x3, at1=0x1003, at2=0x2003)
sys.stdout.buffer.write(struct.pack("<H", len(words)) + data)
END
for target in "$W"/targets/fuzz_*; do
	name=${target##*/fuzz_}
	t "$name: no crash in ${FUZZ_SECONDS:=30} s"
	corpus=$O/fuzz/$name
	mkdir -p "$corpus"
	"$target" -max_total_time="$FUZZ_SECONDS" -timeout=10 -rss_limit_mb=1024 \
		-print_final_stats=1 -artifact_prefix="$W/$name-" \
		"$corpus" "$W/seeds/$name" >"$W/out" 2>&1 </dev/null ||
		fail "$(grep -m1 -E 'ERROR|runtime error' "$W/out" || tail -n 1 "$W/out"); input kept as $W/$name-*"
	sed -n 's/^stat::number_of_executed_units: */# executions: /p' "$W/out"
done
