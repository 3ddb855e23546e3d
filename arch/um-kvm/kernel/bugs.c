// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/devices/system/cpu/vulnerabilities: the truth.  Bounds checks of user
 * pointers are the only mitigation that this kernel has; whatever else helps
 * is done by the host, for the guest as a whole, and cannot be seen from
 * here.  The words are those of arch/x86, which programs look for.
 */
#include <linux/cpu.h>
#include <linux/device.h>
#include <linux/export.h>
#include <linux/jump_label.h>
#include <linux/percpu.h>
#include <linux/sysfs.h>
#include <asm/cpufeature.h>
#include <asm/msr.h>
#include <asm/nospec-branch.h>

/* Read by the code that is used by reference, for features never set here */
u64 x86_pred_cmd __ro_after_init = PRED_CMD_IBPB;
EXPORT_SYMBOL_GPL(x86_pred_cmd);
DEFINE_PER_CPU(bool, x86_ibpb_exit_to_user);
DEFINE_STATIC_KEY_FALSE(cpu_buf_idle_clear);
EXPORT_SYMBOL_GPL(cpu_buf_idle_clear);

static const char not_affected[] = "Not affected";
static const char vulnerable[] = "Vulnerable";
static const char spectre_v1[] =
	"Vulnerable: __user pointer sanitization and usercopy barriers only; no swapgs barriers";
static const char up_to_host[] = "Unknown: Dependent on hypervisor status";

static bool is_amd(void)
{
	return boot_cpu_data.x86_vendor == X86_VENDOR_AMD ||
	       boot_cpu_data.x86_vendor == X86_VENDOR_HYGON;
}

static u64 arch_capabilities(void)
{
	u64 caps = 0;

	if (boot_cpu_has(X86_FEATURE_ARCH_CAPABILITIES))
		rdmsrl_safe(MSR_IA32_ARCH_CAPABILITIES, &caps);
	return caps;
}

static const char *meltdown(void)
{
	if (is_amd() || (arch_capabilities() & ARCH_CAP_RDCL_NO))
		return not_affected;
	return vulnerable;
}

static const char *spec_store_bypass(void)
{
	if (boot_cpu_has(X86_FEATURE_AMD_SSB_NO) ||
	    (arch_capabilities() & ARCH_CAP_SSB_NO))
		return not_affected;
	return vulnerable;
}

static const char *intel_only(void)
{
	return is_amd() ? not_affected : up_to_host;
}

static const char *amd_only(void)
{
	return is_amd() ? up_to_host : not_affected;
}

#define SHOW(name, state)						\
ssize_t cpu_show_##name(struct device *dev,				\
			struct device_attribute *attr, char *buf)	\
{									\
	return sysfs_emit(buf, "%s\n", state);				\
}

SHOW(meltdown, meltdown())
SHOW(spectre_v1, spectre_v1)
SHOW(spectre_v2, vulnerable)
SHOW(spec_store_bypass, spec_store_bypass())
SHOW(l1tf, intel_only())
SHOW(mds, intel_only())
SHOW(tsx_async_abort, intel_only())
SHOW(itlb_multihit, intel_only())
SHOW(srbds, intel_only())
SHOW(mmio_stale_data, intel_only())
SHOW(retbleed, up_to_host)
SHOW(spec_rstack_overflow, amd_only())
SHOW(gds, intel_only())
SHOW(reg_file_data_sampling, intel_only())
SHOW(indirect_target_selection, intel_only())
SHOW(tsa, amd_only())
SHOW(vmscape, up_to_host)
