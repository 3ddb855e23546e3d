// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps: all of a guest that is dead, hangs or goes on, as an ELF core that
 * gdb, drgn and crash read: its memory, the registers of each vCPU, VMCOREINFO.
 * It needs no help of the guest, whose vCPUs are held meanwhile.
 *
 * The sandbox knows no open() and no rename(), by which a shim that was taken
 * over could replace any file of its user; so there is one file, open from the
 * start, and written in place.  Its first bytes come last: while it is not
 * whole it is no ELF file, and if writing fails it is empty.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/procfs.h>
#include <sys/stat.h>
#include <sys/user.h>
#include <unistd.h>

#include "die.h"
#include "dump.h"
#include "dump_map.h"
#include "hold.h"
#include "vmcoreinfo.h"

struct cpu_note {
	Elf64_Nhdr head;
	char name[8];		/* "CORE", padded to a multiple of 4 */
	struct elf_prstatus status;
} __attribute((packed));

struct info_note {
	Elf64_Nhdr head;
	char name[12];
	char text[UMKVM_VMCOREINFO_MAX];
};

/* The file; memory follows it at the next page, as mem.h arranges it. */
static struct dump_file {
	Elf64_Ehdr elf;
	Elf64_Phdr phdrs[DUMP_PHDRS];
	struct info_note info;
	struct cpu_note cpus[UMKVM_CPUS_MAX];
} head;

/* Larger than any task's (PID_MAX_LIMIT is 4 million) */
#define IDLE_PID	1000000000

#define MEM_OFFSET	align_up(sizeof(head), PAGE_LEN)

static const char *path;
static int fd = -1;

void dump_open(const char *name)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct stat st;

	path = name;
	/* Memory has secrets.  O_NONBLOCK: a FIFO is refused, not waited for. */
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
	if (fd < 0 || fstat(fd, &st))
		die_errno("--dump: cannot open %s", path);
	if (!S_ISREG(st.st_mode))
		die("--dump: %s is not a regular file", path);
	if (fcntl(fd, F_OFD_SETLK, &whole) &&
	    (errno == EAGAIN || errno == EACCES))
		die("--dump: somebody else uses %s; take another name", path);
}

static bool put(const void *from, u64 len, u64 offset)
{
	const u8 *next = from;

	while (len) {
		ssize_t done = pwrite(fd, next, len, offset);

		if (done < 0 && errno != EINTR)
			return false;
		if (done > 0) {
			next += done;
			offset += done;
			len -= done;
		}
	}
	return true;
}

/* What the guest has not touched is a hole in both files. */
static bool put_memory(const struct guest_ram *ram)
{
	off_t at = 0, end;

	for (;;) {
		at = lseek(ram->fd, at, SEEK_DATA);
		if (at < 0)
			return errno == ENXIO;
		end = lseek(ram->fd, at, SEEK_HOLE);
		if (end < 0 || !put(ram->host + at, end - at, MEM_OFFSET + at))
			return false;
		at = end;
	}
}

/*
 * drgn takes a CPU's registers for those of its task if the number is the
 * task's.  gdb wants no number twice, and no 0, which idle tasks have.
 */
static pid_t current_pid(const struct guest_ram *ram, unsigned int cpu)
{
	u64 offsets, offset, hot, task, pid_at;
	pid_t pid;

	if (vmcoreinfo_get("SYMBOL(__per_cpu_offset)", &offsets) &&
	    vmcoreinfo_get("SYMBOL(pcpu_hot)", &hot) &&
	    vmcoreinfo_get("OFFSET(task_struct.pid)", &pid_at) &&
	    vmcoreinfo_read(ram, offsets + 8 * cpu, &offset, sizeof(offset)) &&
	    vmcoreinfo_read(ram, offset + hot, &task, sizeof(task)) &&
	    vmcoreinfo_read(ram, task + pid_at, &pid, sizeof(pid)) && pid > 0)
		return pid;
	return IDLE_PID + cpu;
}

/* One that is parked has none: zeroes, so that the others keep their number. */
static void note_cpu(struct cpu_note *note, const struct vcpu *cpu, bool runs)
{
	struct user_regs_struct regs = { 0 };
	struct kvm_sregs s;
	struct kvm_regs r;

	if (runs && !ioctl(cpu->fd, KVM_GET_REGS, &r) &&
	    !ioctl(cpu->fd, KVM_GET_SREGS, &s))
		regs = (struct user_regs_struct){
			.r15 = r.r15, .r14 = r.r14, .r13 = r.r13, .r12 = r.r12,
			.r11 = r.r11, .r10 = r.r10, .r9 = r.r9, .r8 = r.r8,
			.rax = r.rax, .rbx = r.rbx, .rcx = r.rcx, .rdx = r.rdx,
			.rsi = r.rsi, .rdi = r.rdi, .rbp = r.rbp, .rsp = r.rsp,
			.orig_rax = -1ULL, .rip = r.rip, .eflags = r.rflags,
			.cs = s.cs.selector, .ss = s.ss.selector,
			.ds = s.ds.selector, .es = s.es.selector,
			.fs = s.fs.selector, .gs = s.gs.selector,
			.fs_base = s.fs.base, .gs_base = s.gs.base,
		};
	*note = (struct cpu_note){
		.head = { sizeof("CORE"), sizeof(note->status), NT_PRSTATUS },
		.name = "CORE",
		.status.pr_pid = current_pid(&cpu->vm->ram, cpu->id),
	};
	memcpy(&note->status.pr_reg, &regs, sizeof(regs));
}

static void fill_elf(struct dump_file *h, const struct vm *vm)
{
	h->elf = (Elf64_Ehdr){
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			     ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_CORE,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_phoff = offsetof(struct dump_file, phdrs),
		.e_ehsize = sizeof(h->elf),
		.e_phentsize = sizeof(*h->phdrs),
		.e_phnum = 1 + dump_map(&vm->ram, MEM_OFFSET, h->phdrs + 1,
					DUMP_PHDRS - 1),
	};
}

/* VMCOREINFO ends in empty lines; without any line it is left out. */
static void fill_notes(struct dump_file *h, const struct vm *vm)
{
	const size_t len = vmcoreinfo_copy(h->info.text);
	const u64 start = len ? offsetof(struct dump_file, info) :
				offsetof(struct dump_file, cpus);

	memset(h->info.text + len, '\n', sizeof(h->info.text) - len);
	memcpy(h->info.name, "VMCOREINFO", sizeof("VMCOREINFO"));
	h->info.head.n_namesz = sizeof("VMCOREINFO");
	h->info.head.n_descsz = sizeof(h->info.text);
	h->phdrs[0].p_type = PT_NOTE;
	h->phdrs[0].p_offset = start;
	h->phdrs[0].p_filesz = offsetof(struct dump_file, cpus[vm->nr_cpus]) -
			       start;
}

static bool put_all(const struct vm *vm)
{
	const u64 mem_len = vm->ram.low_len + vm->ram.high_len;

	return !ftruncate(fd, 0) && !ftruncate(fd, MEM_OFFSET + mem_len) &&
	       put_memory(&vm->ram) &&
	       put(head.phdrs, head.elf.e_phnum * sizeof(*head.phdrs),
		   offsetof(struct dump_file, phdrs)) &&
	       put(&head.info, sizeof(head) - offsetof(struct dump_file, info),
		   offsetof(struct dump_file, info)) &&
	       put(&head.elf, sizeof(head.elf), 0);
}

void dump_write(struct vm *vm)
{
	unsigned int i;

	if (fd < 0)
		return;
	for (i = 0; i < vm->nr_cpus; i++)
		hold_start(&vm->cpus[i]);
	for (i = 0; i < vm->nr_cpus; i++)
		note_cpu(&head.cpus[i], &vm->cpus[i], hold_wait(&vm->cpus[i]));
	fill_elf(&head, vm);
	fill_notes(&head, vm);
	if (put_all(vm)) {
		warn("--dump: %s is written", path);
	} else {
		warn("--dump: cannot write %s: %s; it is empty now", path,
		     strerror(errno));
		if (ftruncate(fd, 0))
			warn("--dump: cannot make it empty: %s", strerror(errno));
	}
	for (i = 0; i < vm->nr_cpus; i++)
		hold_release(&vm->cpus[i]);
}
