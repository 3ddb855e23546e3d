// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the kernel (in a file, or in a section of the running program that no
 * segment loads, so it costs no memory), checks that it is an ELF kernel of
 * this machine and this ABI, and reads its segments straight into guest RAM.
 * The file is not trusted: each number in it is checked before it is used.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include <asm/umkvm.h>

#include "die.h"
#include "loader.h"

#define EMBEDDED_SECTION	".umkvm.kernel"
#define SELF			"/proc/self/exe"
#define HEADERS_MAX		256
#define NOTES_MAX		KIB(4)
/* The kernel runs inside the first GiB, the part that the boot tables map. */
#define KERNEL_END_MAX		GIB(1)

static bool inside(u64 offset, u64 len, u64 limit)
{
	return offset <= limit && len <= limit - offset;
}

_Noreturn static void reject(const struct kernel_image *kernel, const char *why)
{
	die("cannot boot kernel: %s: %s", kernel->file.path, why);
}

static void image_read(const struct kernel_image *kernel, u64 offset, void *to,
		       u64 len)
{
	if (!inside(offset, len, kernel->len))
		reject(kernel, "truncated ELF file");
	file_read(&kernel->file, kernel->offset + offset, to, len);
}

static void check_header(const struct kernel_image *kernel,
			 const Elf64_Ehdr *head)
{
	if (memcmp(head->e_ident, ELFMAG, SELFMAG))
		reject(kernel, "not an ELF file; use vmlinux, not bzImage");
	if (head->e_ident[EI_CLASS] != ELFCLASS64 ||
	    head->e_ident[EI_DATA] != ELFDATA2LSB ||
	    head->e_machine != EM_X86_64)
		reject(kernel, "not for x86-64");
	if (head->e_type != ET_EXEC)
		reject(kernel, "not an executable ELF file");
	if (head->e_phentsize != sizeof(Elf64_Phdr) || !head->e_phnum ||
	    head->e_phnum > HEADERS_MAX)
		reject(kernel, "broken program headers");
}

static void add_segment(struct kernel_image *kernel, const Elf64_Phdr *ph)
{
	struct segment *segment = &kernel->segments[kernel->nr_segments];

	if (!ph->p_memsz)
		return;
	if (kernel->nr_segments == LOADER_SEGMENTS)
		reject(kernel, "too many segments");
	if (ph->p_filesz > ph->p_memsz ||
	    !inside(ph->p_offset, ph->p_filesz, kernel->len))
		reject(kernel, "truncated ELF file");
	if (ph->p_paddr < UMKVM_KERNEL_GPA ||
	    !inside(ph->p_paddr, ph->p_memsz, KERNEL_END_MAX))
		reject(kernel, "a segment lies outside the first GiB");
	*segment = (struct segment){
		.offset = ph->p_offset,
		.file_len = ph->p_filesz,
		.gpa = ph->p_paddr,
		.mem_len = ph->p_memsz,
	};
	kernel->nr_segments++;
	if (ph->p_paddr + ph->p_memsz > kernel->end_gpa)
		kernel->end_gpa = ph->p_paddr + ph->p_memsz;
}

/* The version in the kernel's own note, or -1: @notes has none of ours. */
static long find_version(const u8 *notes, u64 len)
{
	Elf64_Nhdr note;
	u64 at = 0;

	while (inside(at, sizeof(note), len)) {
		u64 name, desc;
		u32 version;

		memcpy(&note, notes + at, sizeof(note));
		name = at + sizeof(note);
		desc = name + align_up(note.n_namesz, 4);
		if (!inside(name, note.n_namesz, len) ||
		    !inside(desc, note.n_descsz, len))
			break;
		if (note.n_type == UMKVM_NOTE_ABI &&
		    note.n_namesz == sizeof(UMKVM_NOTE_NAME) &&
		    !memcmp(notes + name, UMKVM_NOTE_NAME, note.n_namesz) &&
		    note.n_descsz == sizeof(version)) {
			memcpy(&version, notes + desc, sizeof(version));
			return version;
		}
		at = desc + align_up(note.n_descsz, 4);
	}
	return -1;
}

static long read_notes(const struct kernel_image *kernel, const Elf64_Phdr *ph)
{
	u8 notes[NOTES_MAX];

	if (ph->p_filesz > sizeof(notes))
		return -1;
	image_read(kernel, ph->p_offset, notes, ph->p_filesz);
	return find_version(notes, ph->p_filesz);
}

void loader_check(struct kernel_image *kernel)
{
	Elf64_Ehdr head = { 0 };
	Elf64_Phdr ph;
	long version = -1;
	unsigned int i;

	kernel->nr_segments = 0;
	kernel->end_gpa = 0;
	image_read(kernel, 0, &head, min_u64(kernel->len, sizeof(head)));
	check_header(kernel, &head);
	for (i = 0; i < head.e_phnum; i++) {
		image_read(kernel, head.e_phoff + i * sizeof(ph), &ph,
			   sizeof(ph));
		if (ph.p_type == PT_LOAD)
			add_segment(kernel, &ph);
		if (ph.p_type == PT_NOTE && version < 0)
			version = read_notes(kernel, &ph);
	}
	if (version < 0)
		reject(kernel, "not built for um-kvm (ARCH=um-kvm): no ABI note");
	if (version != UMKVM_ABI_VERSION)
		die("cannot boot kernel: %s: it has ABI version %ld, this program %d; build both from one tree",
		    kernel->file.path, version, UMKVM_ABI_VERSION);
	if (head.e_entry < UMKVM_KERNEL_MAP ||
	    head.e_entry - UMKVM_KERNEL_MAP >= KERNEL_END_MAX)
		reject(kernel, "its entry point is not in the kernel mapping");
	kernel->entry = head.e_entry;
}

static bool section_is(const struct kernel_image *self, const Elf64_Shdr *names,
		       const Elf64_Shdr *section, const char *name)
{
	char text[sizeof(EMBEDDED_SECTION)];
	const size_t len = strlen(name) + 1;

	if (!inside(section->sh_name, len, names->sh_size))
		return false;
	image_read(self, names->sh_offset + section->sh_name, text, len);
	return !memcmp(text, name, len);
}

bool loader_find(struct kernel_image *self, const char *name)
{
	Elf64_Shdr names, section;
	Elf64_Ehdr head;
	unsigned int i;

	file_open(&self->file, "kernel", SELF);
	self->offset = 0;
	self->len = self->file.len;
	image_read(self, 0, &head, sizeof(head));
	image_read(self, head.e_shoff + head.e_shstrndx * sizeof(names),
		   &names, sizeof(names));
	for (i = 0; i < head.e_shnum; i++) {
		image_read(self, head.e_shoff + i * sizeof(section), &section,
			   sizeof(section));
		if (!section_is(self, &names, &section, name) ||
		    !inside(section.sh_offset, section.sh_size, self->len))
			continue;
		self->offset = section.sh_offset;
		self->len = section.sh_size;
		return true;
	}
	return false;
}

void loader_open(struct kernel_image *kernel, const char *path)
{
	if (path) {
		file_open(&kernel->file, "kernel", path);
		kernel->offset = 0;
		kernel->len = kernel->file.len;
	} else if (!loader_find(kernel, EMBEDDED_SECTION)) {
		die("no kernel: none is built into this program; name one with --kernel FILE");
	} else {
		kernel->file.path = "the built-in kernel";
	}
	loader_check(kernel);
}

void loader_load(const struct kernel_image *kernel, struct guest_ram *ram)
{
	unsigned int i;

	for (i = 0; i < kernel->nr_segments; i++) {
		const struct segment *segment = &kernel->segments[i];
		void *to = guest_mem(ram, segment->gpa, segment->mem_len);

		if (!to)
			reject(kernel, "it does not fit into memory; raise mem=");
		if (segment->file_len)
			image_read(kernel, segment->offset, to,
				   segment->file_len);
	}
}
