// SPDX-License-Identifier: GPL-2.0
/*
 * What clang and libbpf of the distribution make of the kernel's types: each
 * program says what it saw of a "dd" that reads 7 bytes.
 */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

static int from_dd(void)
{
	char comm[16] = "";

	bpf_get_current_comm(comm, sizeof(comm));
	return comm[0] == 'd' && comm[1] == 'd' && !comm[2];
}

SEC("fentry/vfs_read")
int BPF_PROG(enter, void *file, void *buf, unsigned long count)
{
	if (from_dd() && count == 7)
		bpf_printk("fentry: count %lu", count);
	return 0;
}

SEC("fexit/vfs_read")
int BPF_PROG(leave, void *file, void *buf, unsigned long count, long *pos, long ret)
{
	if (from_dd() && count == 7)
		bpf_printk("fexit: count %lu, returns %ld", count, ret);
	return 0;
}

SEC("kprobe/vfs_read")
int BPF_KPROBE(probe, void *file, void *buf, unsigned long count)
{
	if (from_dd() && count == 7)
		bpf_printk("kprobe: count %lu", count);
	return 0;
}

SEC("kretprobe/vfs_read")
int BPF_KRETPROBE(probe_return, long ret)
{
	if (from_dd() && ret == 7)
		bpf_printk("kretprobe: returns %ld", ret);
	return 0;
}

SEC("tp/sched/sched_process_exit")
int event(void *ctx)
{
	if (from_dd())
		bpf_printk("tracepoint: exit");
	return 0;
}
