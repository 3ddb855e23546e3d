// SPDX-License-Identifier: GPL-2.0
/*
 * The virtual machine without its CPUs: /dev/kvm and what it must be able to
 * do, the interrupt chip, memory slots, doorbells and interrupt lines.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "die.h"
#include "vm.h"

/* IOAPIC pins of a split interrupt chip; nothing is ever attached to them. */
#define IOAPIC_PINS	24

/* What VT-x without unrestricted guest asks for, both in the hole. */
#define TSS_GPA		0xfffbd000UL
#define IDENTITY_GPA	0xfffbc000UL

static const struct {
	int cap;
	const char *name;
} needed_caps[] = {
	{ KVM_CAP_USER_MEMORY, "KVM_CAP_USER_MEMORY" },
	{ KVM_CAP_MAX_VCPUS, "KVM_CAP_MAX_VCPUS" },
	{ KVM_CAP_SET_TSS_ADDR, "KVM_CAP_SET_TSS_ADDR" },
	{ KVM_CAP_SET_IDENTITY_MAP_ADDR, "KVM_CAP_SET_IDENTITY_MAP_ADDR" },
	{ KVM_CAP_EXT_CPUID, "KVM_CAP_EXT_CPUID" },
	{ KVM_CAP_MP_STATE, "KVM_CAP_MP_STATE" },
	{ KVM_CAP_XCRS, "KVM_CAP_XCRS" },
	{ KVM_CAP_SPLIT_IRQCHIP, "KVM_CAP_SPLIT_IRQCHIP" },
	{ KVM_CAP_X2APIC_API, "KVM_CAP_X2APIC_API" },
	{ KVM_CAP_TSC_DEADLINE_TIMER, "KVM_CAP_TSC_DEADLINE_TIMER" },
	{ KVM_CAP_GET_TSC_KHZ, "KVM_CAP_GET_TSC_KHZ" },
	{ KVM_CAP_KVMCLOCK_CTRL, "KVM_CAP_KVMCLOCK_CTRL" },
	{ KVM_CAP_IRQFD, "KVM_CAP_IRQFD" },
	{ KVM_CAP_IRQ_ROUTING, "KVM_CAP_IRQ_ROUTING" },
	{ KVM_CAP_IOEVENTFD, "KVM_CAP_IOEVENTFD" },
	{ KVM_CAP_IMMEDIATE_EXIT, "KVM_CAP_IMMEDIATE_EXIT" },
};

const char *vm_missing(int kvm_fd)
{
	size_t i;

	if (ioctl(kvm_fd, KVM_GET_API_VERSION, 0) != KVM_API_VERSION)
		return "API version 12";
	for (i = 0; i < ARRAY_SIZE(needed_caps); i++) {
		if (ioctl(kvm_fd, KVM_CHECK_EXTENSION, needed_caps[i].cap) <= 0)
			return needed_caps[i].name;
	}
	return NULL;
}

static const char *open_remedy(int why)
{
	switch (why) {
	case ENOENT:
		return "load kvm_amd or kvm_intel, or use the test bed (make run does)";
	case EACCES:
	case EPERM:
		return "add yourself to the group of /dev/kvm, usually kvm";
	default:
		return "see linux --probe";
	}
}

static void check_cpus(const struct vm *vm)
{
	int max = ioctl(vm->kvm_fd, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS);

	if (max < (int)vm->nr_cpus)
		die("ncpus=%u: this host's KVM gives at most %d to a guest",
		    vm->nr_cpus, max);
}

void vm_open(struct vm *vm)
{
	const char *missing;

	vm->vm_fd = -1;
	pthread_mutex_init(&vm->routes_lock, NULL);
	vm->kvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vm->kvm_fd < 0) {
		int why = errno;

		die("cannot open /dev/kvm: %s; %s", strerror(why),
		    open_remedy(why));
	}
	missing = vm_missing(vm->kvm_fd);
	if (missing)
		die("/dev/kvm: this host's KVM lacks %s; use a newer kernel or the test bed",
		    missing);
	check_cpus(vm);
}

static void must_ioctl(int fd, unsigned long request, void *arg,
		       const char *name)
{
	if (ioctl(fd, request, arg) < 0)
		die_errno("/dev/kvm: %s failed", name);
}

static void enable_cap(struct vm *vm, int cap, u64 arg, const char *name)
{
	struct kvm_enable_cap enable = { .cap = cap, .args = { arg } };

	must_ioctl(vm->vm_fd, KVM_ENABLE_CAP, &enable, name);
}

static void map_ram(struct vm *vm, u32 slot, u64 gpa, void *host, u64 len)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = gpa,
		.memory_size = len,
		.userspace_addr = (u64)host,
	};

	if (len)
		must_ioctl(vm->vm_fd, KVM_SET_USER_MEMORY_REGION, &region,
			   "KVM_SET_USER_MEMORY_REGION");
}

void vm_create(struct vm *vm)
{
	const struct guest_ram *ram = &vm->ram;
	u64 identity = IDENTITY_GPA;

	/* An interrupted CREATE_VM is not an error, only bad luck. */
	do {
		vm->vm_fd = ioctl(vm->kvm_fd, KVM_CREATE_VM, 0);
	} while (vm->vm_fd < 0 && errno == EINTR);
	if (vm->vm_fd < 0)
		die_errno("/dev/kvm: KVM_CREATE_VM failed");
	must_ioctl(vm->vm_fd, KVM_SET_IDENTITY_MAP_ADDR, &identity,
		   "KVM_SET_IDENTITY_MAP_ADDR");
	must_ioctl(vm->vm_fd, KVM_SET_TSS_ADDR, (void *)TSS_GPA,
		   "KVM_SET_TSS_ADDR");
	enable_cap(vm, KVM_CAP_SPLIT_IRQCHIP, IOAPIC_PINS,
		   "KVM_CAP_SPLIT_IRQCHIP");
	enable_cap(vm, KVM_CAP_X2APIC_API,
		   KVM_X2APIC_API_USE_32BIT_IDS |
		   KVM_X2APIC_API_DISABLE_BROADCAST_QUIRK,
		   "KVM_CAP_X2APIC_API");
	map_ram(vm, 0, 0, ram->host, ram->low_len);
	map_ram(vm, 1, UMKVM_HOLE_END, ram->host + ram->low_len, ram->high_len);
}

void vm_destroy(struct vm *vm)
{
	memset(vm->routes, 0, sizeof(vm->routes));
	close(vm->vm_fd);
	vm->vm_fd = -1;
}

unsigned int vm_new_route(struct vm *vm)
{
	if (vm->nr_routes == VM_ROUTES)
		die("too many devices: more than %d interrupts", VM_ROUTES);
	return vm->nr_routes++;
}

void vm_wire_irq(struct vm *vm, unsigned int route, int eventfd)
{
	struct kvm_irqfd irqfd = {
		.fd = eventfd,
		.gsi = IOAPIC_PINS + route,
	};

	must_ioctl(vm->vm_fd, KVM_IRQFD, &irqfd, "KVM_IRQFD");
}

void vm_set_route(struct vm *vm, unsigned int route, const struct vm_route *to)
{
	pthread_mutex_lock(&vm->routes_lock);
	vm->routes[route] = *to;
	pthread_mutex_unlock(&vm->routes_lock);
}

/* KVM knows only whole tables: each change sends all routes again. */
int vm_commit_routes(struct vm *vm)
{
	struct {
		struct kvm_irq_routing head;
		struct kvm_irq_routing_entry entries[VM_ROUTES];
	} table = { 0 };
	struct kvm_irq_routing_entry *entry = table.entries;
	unsigned int i;
	int ret;

	pthread_mutex_lock(&vm->routes_lock);
	for (i = 0; i < vm->nr_routes; i++) {
		if (!vm->routes[i].addr)
			continue;
		entry->gsi = IOAPIC_PINS + i;
		entry->type = KVM_IRQ_ROUTING_MSI;
		entry->u.msi.address_lo = vm->routes[i].addr;
		entry->u.msi.data = vm->routes[i].data;
		entry++;
	}
	table.head.nr = entry - table.entries;
	ret = ioctl(vm->vm_fd, KVM_SET_GSI_ROUTING, &table);
	pthread_mutex_unlock(&vm->routes_lock);
	return ret;
}

void vm_wire_doorbell(struct vm *vm, u32 number, int eventfd)
{
	struct kvm_ioeventfd doorbell = {
		.datamatch = number,
		.addr = UMKVM_PORT_DOORBELL,
		.len = sizeof(u32),
		.fd = eventfd,
		.flags = KVM_IOEVENTFD_FLAG_PIO |
			 KVM_IOEVENTFD_FLAG_DATAMATCH,
	};

	must_ioctl(vm->vm_fd, KVM_IOEVENTFD, &doorbell, "KVM_IOEVENTFD");
}
