// SPDX-License-Identifier: GPL-2.0
/*
 * The ELF loader: a good kernel, and each way in which one can be bad.
 */
#include <elf.h>
#include <string.h>
#include <unistd.h>

#include <asm/umkvm.h>

#include "loader.h"
#include "unit.h"

#define TEXT		"kernel text"
#define BSS_LEN		64

/* A whole kernel: headers, a note, and twelve bytes to load. */
struct image {
	Elf64_Ehdr head;
	Elf64_Phdr load;
	Elf64_Phdr note;
	struct {
		Elf64_Nhdr head;
		char name[8];
		u32 version;
	} abi;
	char text[sizeof(TEXT)];
};

static struct image good(void)
{
	struct image image = {
		.head = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB },
			.e_type = ET_EXEC,
			.e_machine = EM_X86_64,
			.e_entry = UMKVM_KERNEL_MAP + UMKVM_KERNEL_GPA,
			.e_phoff = offsetof(struct image, load),
			.e_phentsize = sizeof(Elf64_Phdr),
			.e_phnum = 2,
		},
		.load = {
			.p_type = PT_LOAD,
			.p_offset = offsetof(struct image, text),
			.p_paddr = UMKVM_KERNEL_GPA,
			.p_filesz = sizeof(TEXT),
			.p_memsz = sizeof(TEXT) + BSS_LEN,
		},
		.note = {
			.p_type = PT_NOTE,
			.p_offset = offsetof(struct image, abi),
			.p_filesz = sizeof(image.abi),
		},
		.abi = {
			.head = { sizeof(UMKVM_NOTE_NAME), 4, UMKVM_NOTE_ABI },
			.name = UMKVM_NOTE_NAME,
			.version = UMKVM_ABI_VERSION,
		},
		.text = TEXT,
	};

	return image;
}

static struct kernel_image kernel;

static bool refused(const struct image *image, size_t len)
{
	bool died;

	kernel = (struct kernel_image){
		.file = { .path = "k", .fd = harness_file(image, len), .len = len },
		.len = len,
	};
	died = DIES(loader_check(&kernel));
	close(kernel.file.fd);
	return died;
}

#define assert_refused(image, why)				\
do {								\
	assert_true(refused(image, sizeof(*(image))));		\
	assert_non_null(strstr(harness_message, why));		\
} while (0)

static void good_kernel_loads(void **state)
{
	static u8 host[MIB(4)];
	struct guest_ram ram = { .host = host, .low_len = sizeof(host) };
	struct image image = good();

	(void)state;
	assert_false(refused(&image, sizeof(image)));
	assert_int_equal(kernel.entry, UMKVM_KERNEL_MAP + UMKVM_KERNEL_GPA);
	assert_int_equal(kernel.end_gpa,
			 UMKVM_KERNEL_GPA + sizeof(TEXT) + BSS_LEN);
	kernel.file.fd = harness_file(&image, sizeof(image));
	assert_false(DIES(loader_load(&kernel, &ram)));
	assert_string_equal(host + UMKVM_KERNEL_GPA, TEXT);
	ram.low_len = kernel.end_gpa - 1;
	assert_true(DIES(loader_load(&kernel, &ram)));
	close(kernel.file.fd);
}

static void every_truncation_is_refused(void **state)
{
	struct image image = good();
	size_t len;

	(void)state;
	for (len = 0; len < offsetof(struct image, text) + sizeof(TEXT); len++)
		assert_true(refused(&image, len));
}

static void wrong_files_are_refused(void **state)
{
	struct image image = good();

	(void)state;
	image.head.e_ident[0] = 'M';
	assert_refused(&image, "not an ELF file");
	image = good();
	image.head.e_ident[EI_CLASS] = ELFCLASS32;
	assert_refused(&image, "x86-64");
	image = good();
	image.head.e_machine = EM_AARCH64;
	assert_refused(&image, "x86-64");
	image = good();
	image.head.e_type = ET_DYN;
	assert_refused(&image, "executable");
	image = good();
	image.head.e_phentsize = 32;
	assert_refused(&image, "program headers");
	image = good();
	image.head.e_phnum = 0;
	assert_refused(&image, "program headers");
	image = good();
	image.head.e_phoff = ~0ULL;
	assert_refused(&image, "truncated");
}

static void wild_segments_are_refused(void **state)
{
	struct image image = good();

	(void)state;
	image.load.p_paddr = 0;
	assert_refused(&image, "first GiB");
	image.load.p_paddr = ~0ULL;
	assert_refused(&image, "first GiB");
	image = good();
	image.load.p_memsz = ~0ULL;
	assert_refused(&image, "first GiB");
	image = good();
	image.load.p_filesz = image.load.p_memsz + 1;
	assert_refused(&image, "truncated");
	image = good();
	image.load.p_offset = ~0ULL;
	assert_refused(&image, "truncated");
	image = good();
	image.head.e_entry = 0x1000000;
	assert_refused(&image, "entry point");
}

static void notes_are_needed(void **state)
{
	struct image image = good();

	(void)state;
	image.abi.version++;
	assert_refused(&image, "ABI version 2, this program 1");
	image = good();
	image.note.p_type = PT_NULL;
	assert_refused(&image, "ARCH=um-kvm");
	image = good();
	image.abi.name[0] = 'X';
	assert_refused(&image, "ARCH=um-kvm");
	image = good();
	image.abi.head.n_namesz = ~0U;
	assert_refused(&image, "ARCH=um-kvm");
	image = good();
	image.abi.head.n_descsz = 0xfffffff0;
	assert_refused(&image, "ARCH=um-kvm");
	image = good();
	image.note.p_filesz = ~0ULL;
	assert_refused(&image, "ARCH=um-kvm");
}

static void files_are_looked_at(void **state)
{
	(void)state;
	assert_true(DIES(loader_open(&kernel, "/nonexistent")));
	assert_string_equal(harness_message, "cannot open kernel: /nonexistent");
	assert_true(DIES(loader_open(&kernel, "/dev")));
	assert_true(DIES(loader_open(&kernel, "/dev/null")));
	assert_non_null(strstr(harness_message, "not a regular file"));
	assert_true(DIES(loader_open(&kernel, NULL)));
	assert_non_null(strstr(harness_message, "no kernel"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_kernel_loads),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(wrong_files_are_refused),
		cmocka_unit_test(wild_segments_are_refused),
		cmocka_unit_test(notes_are_needed),
		cmocka_unit_test(files_are_looked_at),
	};

	return cmocka_run_group_tests_name("loader", tests, NULL, NULL);
}
