// SPDX-License-Identifier: GPL-2.0
/*
 * What is left of a dead guest: VMCOREINFO, the last lines of its log, the
 * layout of a dump.  The log is one of ours, in structures of our own: what
 * tells where a field is are the lines of VMCOREINFO.
 */
#include <elf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/procfs.h>
#include <sys/resource.h>
#include <unistd.h>

#include "console.h"
#include "dump.h"
#include "dump_map.h"
#include "hold.h"
#include "mem.h"
#include "printk_ring.h"
#include "vmcoreinfo.h"
#include "unit.h"

#define RAM_LEN		MIB(4)
#define COUNT_BITS	6
#define SIZE_BITS	11

struct desc {
	u64 state, begin, next;
};

struct info {
	u64 seq, time;
	u16 len;
};

/* At gpa 1 MiB; the names of its fields are those of find_ring() */
struct log {
	u64 prb;
	u32 count_bits, size_bits;
	u64 descs_at, infos_at, data_at, head_id, tail_id;
	struct desc descs[1 << COUNT_BITS];
	struct info infos[1 << COUNT_BITS];
	char data[1 << SIZE_BITS];
};

static struct vcpu cpus[2];
static struct vm vm = { .cpus = cpus, .nr_cpus = 2 };
static struct log *ring;
static u64 lpos;

/* What was printed, or would be but for the console; and what that shows */
static char lines[64][80];
static unsigned int nr_lines;
static const char *shown = "nothing";

bool console_shows(const char *text)
{
	snprintf(lines[nr_lines++ % 64], sizeof(lines[0]), "%s", text);
	return strstr(text, shown);
}

static unsigned int holds;

void hold_start(struct vcpu *cpu)
{
	holds += 1U << cpu->id;
}

bool hold_wait(struct vcpu *cpu)
{
	assert_int_equal(holds, 3);
	return cpu->id;
}

void hold_release(struct vcpu *cpu)
{
	holds -= 1U << cpu->id;
}

static u64 address(const void *p)
{
	return UMKVM_KERNEL_MAP + ((const u8 *)p - vm.ram.host);
}

static void set_info(const char *text)
{
	memcpy(vm.ram.host + 4096, text, strlen(text));
	assert_true(vmcoreinfo_set(&vm.ram, 4096, strlen(text)));
}

static void set_log_info(void)
{
	char text[2048];

	snprintf(text, sizeof(text),
		 "SYMBOL(prb)=%llx\n"
		 "OFFSET(printk_ringbuffer.desc_ring)=0\n"
		 "OFFSET(printk_ringbuffer.text_data_ring)=0\n"
		 "OFFSET(prb_desc_ring.count_bits)=%zu\n"
		 "OFFSET(prb_desc_ring.descs)=%zu\n"
		 "OFFSET(prb_desc_ring.infos)=%zu\n"
		 "OFFSET(prb_desc_ring.head_id)=%zu\n"
		 "OFFSET(prb_desc_ring.tail_id)=%zu\n"
		 "SIZE(prb_desc)=%zu\nOFFSET(prb_desc.state_var)=0\n"
		 "OFFSET(prb_desc.text_blk_lpos)=8\n"
		 "OFFSET(prb_data_blk_lpos.begin)=0\n"
		 "OFFSET(prb_data_blk_lpos.next)=8\n"
		 "SIZE(printk_info)=%zu\nOFFSET(printk_info.ts_nsec)=8\n"
		 "OFFSET(printk_info.text_len)=16\n"
		 "OFFSET(prb_data_ring.size_bits)=%zu\n"
		 "OFFSET(prb_data_ring.data)=%zu\n",
		 address(&ring->prb), offsetof(struct log, count_bits),
		 offsetof(struct log, descs_at), offsetof(struct log, infos_at),
		 offsetof(struct log, head_id), offsetof(struct log, tail_id),
		 sizeof(struct desc), sizeof(struct info),
		 offsetof(struct log, size_bits), offsetof(struct log, data_at));
	set_info(text);
}

static void put_record(u64 id, const char *text)
{
	const u64 size = 1 << SIZE_BITS, len = align_up(strlen(text), 8) + 8;
	const u64 nr = id % (1 << COUNT_BITS);

	if (lpos % size + len > size) {
		ring->descs[nr].begin = lpos;
		lpos = align_up(lpos, size);
	} else {
		ring->descs[nr].begin = lpos;
	}
	memcpy(ring->data + lpos % size + 8, text, strlen(text));
	lpos += len;
	ring->descs[nr].next = lpos;
	ring->descs[nr].state = 2ULL << 62 | id;
	ring->infos[nr].len = strlen(text);
	ring->infos[nr].time = id * 1000000;
	ring->head_id = id;
}

static int setup(void **state)
{
	(void)state;
	memset(vm.ram.host, 0, RAM_LEN);
	ring = (struct log *)(vm.ram.host + MIB(1));
	ring->prb = address(ring);
	ring->count_bits = COUNT_BITS;
	ring->size_bits = SIZE_BITS;
	ring->descs_at = address(ring->descs);
	ring->infos_at = UMKVM_DIRECT_MAP + MIB(1) + offsetof(struct log, infos);
	ring->data_at = address(ring->data);
	ring->tail_id = 70;
	lpos = 0;
	nr_lines = 0;
	shown = "nothing";
	harness_message[0] = '\0';
	vmcoreinfo_clear();
	return 0;
}

static void info_is_found_by_whole_names(void **state)
{
	u64 value;

	(void)state;
	assert_false(vmcoreinfo_get("NUMBER(a)", &value));
	set_info("XNUMBER(a)=1\nNUMBER(a)b=2\nNUMBER(a)=10\nSYMBOL(s)=ff");
	assert_true(vmcoreinfo_get("NUMBER(a)", &value));
	assert_int_equal(value, 10);
	assert_true(vmcoreinfo_get("SYMBOL(s)", &value));
	assert_int_equal(value, 0xff);
	assert_false(vmcoreinfo_get("SYMBOL(t)", &value));
	assert_false(vmcoreinfo_set(&vm.ram, RAM_LEN - 1, 2));
	vmcoreinfo_clear();
	assert_false(vmcoreinfo_get("NUMBER(a)", &value));
}

static void log_is_printed_in_order(void **state)
{
	char text[40];
	u64 id;

	(void)state;
	set_log_info();
	for (id = 70; id < 170; id++) {
		snprintf(text, sizeof(text), "record %llu\nand\033more", id);
		put_record(id, text);
	}
	shown = "record 139";
	ring->tail_id = 120;
	printk_ring_print(&vm.ram);
	assert_int_equal(nr_lines, 64);
	assert_string_equal(lines[0], "record 138");
	assert_string_equal(lines[1], "and more");
	assert_string_equal(lines[62], "record 169");
	assert_string_equal(harness_message, "[    0.169000] and more\n");
}

static void what_the_console_shows_is_not_printed(void **state)
{
	(void)state;
	set_log_info();
	put_record(70, "seen before");
	put_record(71, "seen as well");
	shown = "seen";
	printk_ring_print(&vm.ram);
	assert_int_equal(nr_lines, 2);
	assert_string_equal(harness_message, "");
}

static void unfinished_records_are_left_out(void **state)
{
	(void)state;
	set_log_info();
	put_record(70, "reserved");
	put_record(71, "of another time");
	put_record(72, "no text");
	put_record(73, "whole");
	ring->descs[70 % 64].state = 70;
	ring->descs[71 % 64].state = 2ULL << 62 | 7;
	ring->descs[72 % 64].begin = 1;
	printk_ring_print(&vm.ram);
	assert_int_equal(nr_lines, 1);
	assert_string_equal(lines[0], "whole");
}

static void wild_rings_print_nothing(void **state)
{
	unsigned int i;
	u64 *const wild[] = { &ring->prb, &ring->descs_at, &ring->infos_at,
			      &ring->data_at };

	printk_ring_print(&vm.ram);	/* no VMCOREINFO at all */
	for (i = 0; i < ARRAY_SIZE(wild); i++) {
		setup(state);
		set_log_info();
		put_record(70, "text");
		*wild[i] = i % 2 ? UMKVM_KERNEL_MAP + RAM_LEN - 1 : 8;
		printk_ring_print(&vm.ram);
		assert_int_equal(nr_lines, 0);
	}
	setup(state);
	set_log_info();
	put_record(70, "text");
	ring->descs[70 % 64].next = 4;
	printk_ring_print(&vm.ram);
	ring->count_bits = 64;
	printk_ring_print(&vm.ram);
	assert_int_equal(nr_lines, 0);
}

static void tables_become_ranges(void **state)
{
	u64 *top = (u64 *)(vm.ram.host + UMKVM_PGTABLE_GPA), *table;
	Elf64_Phdr phdrs[4];
	u64 at = UMKVM_PGTABLE_GPA;
	unsigned int i;

	(void)state;
	/* the first entry of three tables, for 0xffffc90000000000 */
	top[0x192] = (at + 0x1003);
	for (i = 1; i < 4; i++)
		((u64 *)(vm.ram.host + at + i * 0x1000))[0] = at + i * 0x1000 + 0x1003;
	table = (u64 *)(vm.ram.host + at + 3 * 0x1000);
	table[0] = 0x200003;
	table[1] = 0x201063 | 1ULL << 63;
	table[2] = 0x203003;		/* a gap in physical memory */
	table[3] = RAM_LEN | 3;		/* no RAM */
	table[5] = 0x204002;		/* not present */
	top[0x111] = (at + 0x4003);	/* the direct map: not again */
	((u64 *)(vm.ram.host + at + 0x4000))[0] = 0x83;
	assert_int_equal(dump_map(&vm.ram, 0x10000, phdrs, 4), 3);
	assert_int_equal(phdrs[0].p_vaddr, UMKVM_DIRECT_MAP);
	assert_int_equal(phdrs[0].p_memsz, RAM_LEN);
	assert_int_equal(phdrs[1].p_vaddr, 0xffffc90000000000);
	assert_int_equal(phdrs[1].p_paddr, 0x200000);
	assert_int_equal(phdrs[1].p_offset, 0x210000);
	assert_int_equal(phdrs[1].p_filesz, 0x2000);
	assert_int_equal(phdrs[2].p_vaddr, 0xffffc90000002000);
	assert_int_equal(phdrs[2].p_memsz, 0x1000);
	/* all tables are one, and there is room for few */
	for (i = 0; i < 512; i++)
		top[i] = at | 3;
	assert_int_equal(dump_map(&vm.ram, 0, phdrs, 2), 2);
}

static void *read_dump(const char *path, size_t *len)
{
	FILE *file = fopen(path, "r");
	u8 *all = malloc(RAM_LEN + MIB(2));

	assert_non_null(file);
	*len = fread(all, 1, RAM_LEN + MIB(2), file);
	fclose(file);
	return all;
}

static void dump_is_a_core(void **state)
{
	char path[] = "/tmp/umkvm-test-dumpXXXXXX";
	const Elf64_Phdr *phdrs;
	const Elf64_Ehdr *elf;
	struct rlimit limit = { MIB(1), RLIM_INFINITY };
	struct {
		char head[20];
		struct elf_prstatus status;
	} __attribute((packed)) notes[2];
	size_t len;
	u8 *all;

	(void)state;
	assert_int_equal(close(mkstemp(path)), 0);
	dump_open(path);
	vm.ram.host[MIB(2)] = 42;
	set_info("OSRELEASE=6\nSYMBOL(__per_cpu_offset)=ffffffff80100000\n"
		 "SYMBOL(pcpu_hot)=100\nOFFSET(task_struct.pid)=8\n");
	((u64 *)(vm.ram.host + MIB(1)))[0] = 0;
	((u64 *)(vm.ram.host + MIB(1)))[1] = UMKVM_DIRECT_MAP + MIB(1);
	((u64 *)(vm.ram.host + MIB(1) + 0x100))[0] = UMKVM_KERNEL_MAP + MIB(2);
	vm.ram.host[MIB(2) + 8] = 77;
	dump_write(&vm);
	assert_non_null(strstr(harness_message, "is written"));
	assert_int_equal(holds, 0);
	all = read_dump(path, &len);
	elf = (const Elf64_Ehdr *)all;
	phdrs = (const Elf64_Phdr *)(all + elf->e_phoff);
	assert_memory_equal(elf->e_ident, ELFMAG, SELFMAG);
	assert_int_equal(elf->e_type, ET_CORE);
	assert_int_equal(phdrs[0].p_type, PT_NOTE);
	assert_memory_equal(all + phdrs[0].p_offset + 12, "VMCOREINFO", 11);
	assert_memory_equal(all + phdrs[0].p_offset + 24, "OSRELEASE=6\n", 12);
	memcpy(notes, all + phdrs[0].p_offset + 24 + UMKVM_VMCOREINFO_MAX,
	       sizeof(notes));
	assert_int_equal(notes[0].status.pr_pid, 1000000000);
	assert_int_equal(notes[1].status.pr_pid, 77);
	assert_int_equal(phdrs[0].p_filesz, 24 + UMKVM_VMCOREINFO_MAX +
			 2 * (20 + sizeof(struct elf_prstatus)));
	assert_int_equal(all[phdrs[1].p_offset + MIB(2)], 42);
	assert_int_equal(len, phdrs[1].p_offset + RAM_LEN);
	free(all);
	/* no room: nothing is left of it, and the guest goes on */
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	dump_write(&vm);
	assert_non_null(strstr(harness_message, "it is empty now"));
	assert_int_equal(holds, 0);
	free(read_dump(path, &len));
	assert_int_equal(len, 0);
	unlink(path);
}

static void bad_names(void **state)
{
	(void)state;
	assert_true(DIES(dump_open("/")));
	assert_true(DIES(dump_open("/nowhere/file")));
	assert_true(DIES(dump_open("/dev/null")));
	assert_non_null(strstr(harness_message, "not a regular file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(info_is_found_by_whole_names, setup),
		cmocka_unit_test_setup(log_is_printed_in_order, setup),
		cmocka_unit_test_setup(what_the_console_shows_is_not_printed, setup),
		cmocka_unit_test_setup(unfinished_records_are_left_out, setup),
		cmocka_unit_test_setup(wild_rings_print_nothing, setup),
		cmocka_unit_test_setup(tables_become_ranges, setup),
		cmocka_unit_test_setup(dump_is_a_core, setup),
		cmocka_unit_test_setup(bad_names, setup),
	};

	mem_create(&vm.ram, RAM_LEN);
	cpus[1].id = 1;
	cpus[0].vm = cpus[1].vm = &vm;
	cpus[1].fd = -1;
	return cmocka_run_group_tests_name("dump", tests, NULL, NULL);
}
