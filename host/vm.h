/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VM_H
#define HOST_VM_H

#include <pthread.h>
#include <stdatomic.h>

#include <asm/umkvm.h>

#include "cpu.h"
#include "mem.h"
#include "util.h"

struct vcpu;
struct virtio_dev;

#define VM_DEVICES	28	/* as many as any command line can ask for */
#define VM_ROUTES	144	/* an interrupt for each queue and each device */

/* Where a device's interrupt goes; no address means nowhere. */
struct vm_route {
	u64 addr;
	u32 data;
};

/*
 * The machine.  kvm_fd, ram, the vCPU threads and the devices live as long as
 * the process; vm_fd and all that KVM hangs on it live for one boot.
 */
struct vm {
	int kvm_fd;
	int vm_fd;
	struct guest_ram ram;
	struct cpuid_table cpuid;
	u32 tsc_khz;
	unsigned int nr_cpus;
	atomic_uint nr_running;		/* vCPUs that are not parked */
	struct vcpu *cpus;
	unsigned int nr_devices;
	struct virtio_dev *devices[VM_DEVICES];
	unsigned int nr_routes;
	pthread_mutex_t routes_lock;	/* routes, and their way into KVM */
	struct vm_route routes[VM_ROUTES];
};

/* Opens /dev/kvm and refuses a host that lacks something, in one line. */
void vm_open(struct vm *vm);

/* NULL, or the name of what this host's KVM lacks. */
const char *vm_missing(int kvm_fd);

/* From CREATE_VM to memory slots; vm_destroy() is its reverse. */
void vm_create(struct vm *vm);
void vm_destroy(struct vm *vm);

/* Interrupt lines: numbered once, wired to an eventfd for each boot. */
unsigned int vm_new_route(struct vm *vm);
void vm_wire_irq(struct vm *vm, unsigned int route, int eventfd);
void vm_set_route(struct vm *vm, unsigned int route, const struct vm_route *to);
int vm_commit_routes(struct vm *vm);

/* A write of @number to UMKVM_PORT_DOORBELL ends in @eventfd. */
void vm_wire_doorbell(struct vm *vm, u32 number, int eventfd);

#endif /* HOST_VM_H */
