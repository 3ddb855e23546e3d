// SPDX-License-Identifier: GPL-2.0
/*
 * What the shim demands of /dev/kvm before it does anything: a KVM that gives
 * every answer that a test wants stands in for the host's.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <string.h>
#include <sys/ioctl.h>

#include "vm.h"
#include "unit.h"

static struct {
	int missing_cap;
	int max_vcpus;
} kvm;

int open(const char *path, int flags, ...)
{
	(void)flags;
	return strcmp(path, "/dev/kvm") ? -1 : 1000;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	long cap;

	(void)fd;
	va_start(ap, request);
	cap = va_arg(ap, long);
	va_end(ap);
	if (request == KVM_GET_API_VERSION)
		return KVM_API_VERSION;
	if (request != KVM_CHECK_EXTENSION || cap == kvm.missing_cap)
		return 0;
	return cap == KVM_CAP_MAX_VCPUS ? kvm.max_vcpus : 1;
}

static void as_many_cpus_as_kvm_gives(void **state)
{
	struct vm vm = { .nr_cpus = 4 };

	(void)state;
	kvm.max_vcpus = 4;
	assert_false(DIES(vm_open(&vm)));
	vm.nr_cpus = 5;
	assert_true(DIES(vm_open(&vm)));
	assert_string_equal(harness_message,
			    "ncpus=5: this host's KVM gives at most 4 to a guest");
}

static void a_missing_capability_is_named(void **state)
{
	struct vm vm = { .nr_cpus = 1 };

	(void)state;
	kvm.max_vcpus = 1;
	kvm.missing_cap = KVM_CAP_SPLIT_IRQCHIP;
	assert_true(DIES(vm_open(&vm)));
	assert_non_null(strstr(harness_message, "KVM_CAP_SPLIT_IRQCHIP"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_cpus_as_kvm_gives),
		cmocka_unit_test(a_missing_capability_is_named),
	};

	return cmocka_run_group_tests_name("vm", tests, NULL, NULL);
}
