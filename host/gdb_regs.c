// SPDX-License-Identifier: GPL-2.0
/*
 * The registers of a vCPU as gdb knows them.  One table says how each is
 * called, what gdb takes it for and where KVM keeps it; the description that
 * gdb reads is made from the same table, so the two cannot differ.  Names and
 * features: "i386 Features" in gdb's manual; ours is org.um-kvm.system.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "gdb_regs.h"

/* FXSAVE area and the first extended component (Intel SDM Vol. 1, 13.4) */
#define FX_TAGS		4
#define FX_ST(n)	(32 + 16 * (n))
#define FX_XMM(n)	(160 + 16 * (n))
#define XSTATE_BV	512
#define XSAVE_YMMH(n)	(576 + 16 * (n))
#define X87_SSE_AVX	7ULL

enum place { REGS, SREGS, XSAVE, TAGS };
enum feature { CORE, SSE, SEGMENTS, AVX, SYSTEM, FEATURES };

/* @size bytes at @at of its place; gdb sees @bits, the rest is 0. */
static const struct reg {
	const char *name;
	const char *type;
	enum feature feature;
	u16 bits;
	enum place place;
	u16 size;
	u16 at;
} table[] = {
#define GPR(name, type) \
	{ #name, type, CORE, 64, REGS, 8, offsetof(struct kvm_regs, name) }
#define SEGMENT(name) \
	{ #name, "int32", CORE, 32, SREGS, 2, \
	  offsetof(struct kvm_sregs, name.selector) }
#define ST(n) { "st" #n, "i387_ext", CORE, 80, XSAVE, 10, FX_ST(n) }
#define X87(name, size, at) { name, "int", CORE, 32, XSAVE, size, at }
#define XMM(n) { "xmm" #n, "vec128", SSE, 128, XSAVE, 16, FX_XMM(n) }
#define BASE(name) \
	{ #name "_base", "int64", SEGMENTS, 64, SREGS, 8, \
	  offsetof(struct kvm_sregs, name.base) }
#define YMMH(n) { "ymm" #n "h", "uint128", AVX, 128, XSAVE, 16, XSAVE_YMMH(n) }
#define CONTROL(name) \
	{ #name, "int64", SYSTEM, 64, SREGS, 8, offsetof(struct kvm_sregs, name) }
	GPR(rax, "int64"), GPR(rbx, "int64"), GPR(rcx, "int64"),
	GPR(rdx, "int64"), GPR(rsi, "int64"), GPR(rdi, "int64"),
	GPR(rbp, "data_ptr"), GPR(rsp, "data_ptr"), GPR(r8, "int64"),
	GPR(r9, "int64"), GPR(r10, "int64"), GPR(r11, "int64"),
	GPR(r12, "int64"), GPR(r13, "int64"), GPR(r14, "int64"),
	GPR(r15, "int64"), GPR(rip, "code_ptr"),
	{ "eflags", "i386_eflags", CORE, 32, REGS, 4,
	  offsetof(struct kvm_regs, rflags) },
	SEGMENT(cs), SEGMENT(ss), SEGMENT(ds), SEGMENT(es), SEGMENT(fs),
	SEGMENT(gs),
	ST(0), ST(1), ST(2), ST(3), ST(4), ST(5), ST(6), ST(7),
	X87("fctrl", 2, 0), X87("fstat", 2, 2),
	{ "ftag", "int", CORE, 32, TAGS, 1, FX_TAGS },
	X87("fiseg", 0, 0), X87("fioff", 4, 8), X87("foseg", 0, 0),
	X87("fooff", 4, 16), X87("fop", 2, 6),
	XMM(0), XMM(1), XMM(2), XMM(3), XMM(4), XMM(5), XMM(6), XMM(7),
	XMM(8), XMM(9), XMM(10), XMM(11), XMM(12), XMM(13), XMM(14), XMM(15),
	{ "mxcsr", "int", SSE, 32, XSAVE, 4, 24 },
	BASE(fs), BASE(gs),
	YMMH(0), YMMH(1), YMMH(2), YMMH(3), YMMH(4), YMMH(5), YMMH(6), YMMH(7),
	YMMH(8), YMMH(9), YMMH(10), YMMH(11), YMMH(12), YMMH(13), YMMH(14),
	YMMH(15),
	CONTROL(cr0), CONTROL(cr2), CONTROL(cr3), CONTROL(cr4), CONTROL(efer),
};

/* The name of each feature, and the types that only it uses. */
static const struct {
	const char *name;
	const char *types;
} features[FEATURES] = {
	[CORE] = { "org.gnu.gdb.i386.core",
		"<flags id=\"i386_eflags\" size=\"4\">\n"
		"<field name=\"\" start=\"22\" end=\"31\"/>\n"
		"<field name=\"ID\" start=\"21\" end=\"21\"/>\n"
		"<field name=\"AC\" start=\"18\" end=\"18\"/>\n"
		"<field name=\"RF\" start=\"16\" end=\"16\"/>\n"
		"<field name=\"NT\" start=\"14\" end=\"14\"/>\n"
		"<field name=\"OF\" start=\"11\" end=\"11\"/>\n"
		"<field name=\"DF\" start=\"10\" end=\"10\"/>\n"
		"<field name=\"IF\" start=\"9\" end=\"9\"/>\n"
		"<field name=\"TF\" start=\"8\" end=\"8\"/>\n"
		"<field name=\"SF\" start=\"7\" end=\"7\"/>\n"
		"<field name=\"ZF\" start=\"6\" end=\"6\"/>\n"
		"<field name=\"AF\" start=\"4\" end=\"4\"/>\n"
		"<field name=\"PF\" start=\"2\" end=\"2\"/>\n"
		"<field name=\"CF\" start=\"0\" end=\"0\"/>\n"
		"</flags>" },
	[SSE] = { "org.gnu.gdb.i386.sse",
		"<vector id=\"v4f\" type=\"ieee_single\" count=\"4\"/>\n"
		"<vector id=\"v2d\" type=\"ieee_double\" count=\"2\"/>\n"
		"<vector id=\"v16i8\" type=\"int8\" count=\"16\"/>\n"
		"<vector id=\"v4i32\" type=\"int32\" count=\"4\"/>\n"
		"<vector id=\"v2i64\" type=\"int64\" count=\"2\"/>\n"
		"<union id=\"vec128\">\n"
		"<field name=\"v4_float\" type=\"v4f\"/>\n"
		"<field name=\"v2_double\" type=\"v2d\"/>\n"
		"<field name=\"v16_int8\" type=\"v16i8\"/>\n"
		"<field name=\"v4_int32\" type=\"v4i32\"/>\n"
		"<field name=\"v2_int64\" type=\"v2i64\"/>\n"
		"<field name=\"uint128\" type=\"uint128\"/>\n"
		"</union>" },
	[SEGMENTS] = { "org.gnu.gdb.i386.segments", "" },
	[AVX] = { "org.gnu.gdb.i386.avx", "" },
	[SYSTEM] = { "org.um-kvm.system", "" },
};

bool gdb_regs_get(const struct vcpu *cpu, struct gdb_regs *regs)
{
	return !ioctl(cpu->fd, KVM_GET_REGS, &regs->regs) &&
	       !ioctl(cpu->fd, KVM_GET_SREGS, &regs->sregs) &&
	       !ioctl(cpu->fd, KVM_GET_XSAVE, &regs->xsave);
}

bool gdb_regs_set(const struct vcpu *cpu, const struct gdb_regs *old,
		  const struct gdb_regs *regs)
{
	struct kvm_xsave xsave;
	u64 *components = (u64 *)((u8 *)&xsave + XSTATE_BV);

	if (memcmp(&old->sregs, &regs->sregs, sizeof(regs->sregs)) &&
	    ioctl(cpu->fd, KVM_SET_SREGS, &regs->sregs))
		return false;
	if (memcmp(&old->xsave, &regs->xsave, sizeof(regs->xsave))) {
		xsave = regs->xsave;
		/* one that was in its initial state would stay there */
		*components |= X87_SSE_AVX & cpu_xcr0(&cpu->vm->cpuid);
		if (ioctl(cpu->fd, KVM_SET_XSAVE, &xsave))
			return false;
	}
	return !memcmp(&old->regs, &regs->regs, sizeof(regs->regs)) ||
	       !ioctl(cpu->fd, KVM_SET_REGS, &regs->regs);
}

static u8 *place_of(struct gdb_regs *regs, const struct reg *reg)
{
	u8 *places[] = {
		[REGS] = (u8 *)&regs->regs,
		[SREGS] = (u8 *)&regs->sregs,
		[XSAVE] = (u8 *)&regs->xsave,
		[TAGS] = (u8 *)&regs->xsave,
	};

	return places[reg->place] + reg->at;
}

unsigned int gdb_nr_regs(void)
{
	return ARRAY_SIZE(table);
}

size_t gdb_reg_size(unsigned int nr)
{
	return nr < ARRAY_SIZE(table) ? table[nr].bits / 8 : 0;
}

/* FXSAVE has a bit a register, "in use"; gdb wants two bits, 3 for "empty". */
static void expand_tags(u8 *value, u8 tags)
{
	unsigned int i, full = 0;

	for (i = 0; i < 8; i++)
		full |= (tags >> i & 1 ? 0 : 3) << (2 * i);
	value[0] = full;
	value[1] = full >> 8;
}

static u8 shrink_tags(const u8 *value)
{
	unsigned int i, tags = 0;

	for (i = 0; i < 8; i++)
		tags |= ((value[i / 4] >> (2 * (i % 4)) & 3) != 3) << i;
	return tags;
}

size_t gdb_reg_read(const struct gdb_regs *regs, unsigned int nr,
		    u8 value[GDB_REG_BYTES])
{
	const struct reg *reg = &table[nr];
	const u8 *from;

	if (nr >= ARRAY_SIZE(table))
		return 0;
	from = place_of((struct gdb_regs *)regs, reg);
	memset(value, 0, GDB_REG_BYTES);
	if (reg->place == TAGS)
		expand_tags(value, *from);
	else
		memcpy(value, from, reg->size);
	return reg->bits / 8;
}

void gdb_reg_write(struct gdb_regs *regs, unsigned int nr, const u8 *value)
{
	const struct reg *reg = &table[nr];
	u8 *to = place_of(regs, reg);

	if (reg->place == TAGS)
		*to = shrink_tags(value);
	else
		memcpy(to, value, reg->size);
}

static char xml[16384];

static void add(const char *fmt, ...) PRINTF(1, 2);

static void add(const char *fmt, ...)
{
	size_t len = strlen(xml);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(xml + len, sizeof(xml) - len, fmt, ap);
	va_end(ap);
}

static void add_feature(enum feature feature)
{
	size_t i;

	add("<feature name=\"%s\">%s", features[feature].name,
	    features[feature].types);
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		if (table[i].feature == feature)
			add("<reg name=\"%s\" bitsize=\"%u\" type=\"%s\" regnum=\"%zu\"/>",
			    table[i].name, table[i].bits, table[i].type, i);
	}
	add("</feature>\n");
}

const char *gdb_target_xml(void)
{
	enum feature feature;

	if (xml[0])
		return xml;
	add("<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
	    "<target><architecture>i386:x86-64</architecture>\n");
	for (feature = 0; feature < FEATURES; feature++)
		add_feature(feature);
	add("</target>\n");
	return xml;
}
