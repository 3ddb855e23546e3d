// SPDX-License-Identifier: GPL-2.0
/*
 * On the guest's host: a guest of a few instructions, in real mode, asks CPUID
 * for the size of the extended state before and after it sets XCR0.  Printed is
 * what it got, and what KVM has for its XCR0 then.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define CODE_GPA	0x1000
#define PAGE		4096
#define MAX_ENTRIES	100
#define CR4_OSXSAVE	(1 << 18)

/* 0x66: the operands have 32 bits.  EBX of leaf 0xd: bytes for the XCR0 of now */
static const unsigned char code[] = {
	0x66, 0xb8, 0x0d, 0, 0, 0,	/* mov $0xd,%eax */
	0x66, 0x31, 0xc9,		/* xor %ecx,%ecx */
	0x0f, 0xa2,			/* cpuid */
	0xf4,				/* hlt */
	0x66, 0xb8, 7, 0, 0, 0,		/* mov $7,%eax: x87, SSE, AVX */
	0x66, 0x31, 0xd2,		/* xor %edx,%edx */
	0x66, 0x31, 0xc9,		/* xor %ecx,%ecx */
	0x0f, 0x01, 0xd1,		/* xsetbv */
	0x66, 0xb8, 0x0d, 0, 0, 0,	/* mov $0xd,%eax */
	0x0f, 0xa2,			/* cpuid */
	0xf4,				/* hlt */
};

static int call(int fd, unsigned long request, void *arg, const char *what)
{
	int result = ioctl(fd, request, arg);

	if (result >= 0)
		return result;
	perror(what);
	exit(1);
}

static void run(int cpu, const struct kvm_run *run, const char *when)
{
	struct kvm_xcrs xcrs;
	struct kvm_regs regs;

	call(cpu, KVM_RUN, NULL, "KVM_RUN");
	if (run->exit_reason != KVM_EXIT_HLT) {
		fprintf(stderr, "%s: exit %u\n", when, run->exit_reason);
		exit(1);
	}
	call(cpu, KVM_GET_REGS, &regs, "KVM_GET_REGS");
	call(cpu, KVM_GET_XCRS, &xcrs, "KVM_GET_XCRS");
	printf("%s: XCR0 %llx, %u bytes\n", when, xcrs.xcrs[0].value,
	       (unsigned int)regs.rbx);
}

/* In real mode, at CODE_GPA, with all that KVM offers */
static void set_up(int kvm, int cpu)
{
	struct kvm_regs regs = { .rip = CODE_GPA, .rflags = 2 };
	struct kvm_cpuid2 *cpuid;
	struct kvm_sregs sregs;

	cpuid = calloc(1, sizeof(*cpuid) + MAX_ENTRIES * sizeof(cpuid->entries[0]));
	if (!cpuid)
		exit(1);
	cpuid->nent = MAX_ENTRIES;
	call(kvm, KVM_GET_SUPPORTED_CPUID, cpuid, "KVM_GET_SUPPORTED_CPUID");
	call(cpu, KVM_SET_CPUID2, cpuid, "KVM_SET_CPUID2");
	call(cpu, KVM_GET_SREGS, &sregs, "KVM_GET_SREGS");
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	sregs.cr4 |= CR4_OSXSAVE;
	call(cpu, KVM_SET_SREGS, &sregs, "KVM_SET_SREGS");
	call(cpu, KVM_SET_REGS, &regs, "KVM_SET_REGS");
}

int main(void)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = CODE_GPA, .memory_size = PAGE,
	};
	int kvm = open("/dev/kvm", O_RDWR);
	int vm = call(kvm, KVM_CREATE_VM, NULL, "KVM_CREATE_VM");
	int cpu = call(vm, KVM_CREATE_VCPU, NULL, "KVM_CREATE_VCPU");
	int len = call(kvm, KVM_GET_VCPU_MMAP_SIZE, NULL, "KVM_GET_VCPU_MMAP_SIZE");
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kvm_run *state = mmap(NULL, len, PROT_READ | PROT_WRITE,
				     MAP_SHARED, cpu, 0);

	if (page == MAP_FAILED || state == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	memcpy(page, code, sizeof(code));
	region.userspace_addr = (unsigned long)page;
	call(vm, KVM_SET_USER_MEMORY_REGION, &region, "KVM_SET_USER_MEMORY_REGION");
	set_up(kvm, cpu);
	run(cpu, state, "before");
	run(cpu, state, "after");
	return 0;
}
