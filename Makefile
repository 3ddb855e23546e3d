# SPDX-License-Identifier: GPL-2.0
#
# um-kvm for people: `make run` boots Linux as a process, `make help` lists the
# rest.  This file only orders the work: the kernel is built by the kernel's own
# Kbuild, the shim by host/Makefile, the root file system by rootfs/Makefile.
# It promises to write nowhere but below O=, and to leave KSRC= as it is.
#
# The kernel tree is not patched.  Kbuild sees a "source farm", $(O)/farm: one
# symbolic link for each entry of the kernel tree, our directories (see Kbuild)
# as real directories of links, and our Kconfig as its top.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory

srctree := $(realpath $(dir $(lastword $(MAKEFILE_LIST))))
O ?= $(srctree)/build
base := $(abspath $(O))
override O := $(abspath $(base)/$(CONFIG))
ifneq ($(words $(srctree) $(O)),2)
$(error neither the source tree nor O= may contain spaces: $(srctree), $(O))
endif

# A command line variable would reach every sub-make and the kernel's is strict
# about some names, so each sub-make is given what it needs, and only that.
MAKEOVERRIDES =
given = $(foreach v,$1,$(if $(findstring command,$(origin $v)),$v='$(value $v)'))

V ?= 0
Q := $(if $(filter 1,$(V)),,@)
say := $(if $(filter 1,$(V)),@:,@printf '  %-7s %s\n')

CROSS_COMPILE ?= $(if $(filter x86_64,$(shell uname -m)),,x86_64-linux-gnu-)
HOSTCC ?= gcc
PREFIX ?= /usr/local
export PATH := $(PATH):/usr/sbin:/sbin

# -jN reaches the sub-makes as a jobserver; without it, they use every CPU.
jobs = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

kernel_series := 6.12
tarball := /usr/src/linux-source-$(kernel_series).tar.xz
unpacked := $(if $(KSRC),,$(base)/source/.unpacked)
override KSRC := $(if $(KSRC),$(abspath $(KSRC)),$(base)/source)
farm := $(O)/farm
kobj := $(O)/kernel

include $(srctree)/Kbuild
overlay := $(obj-y:%/=%)
configs := $(srctree)/arch/um-kvm/configs
fragment := $(CONFIG:%=$(configs)/%.config)

kernel_vars := ARCH=um-kvm O=$(kobj) CROSS_COMPILE=$(CROSS_COMPILE) V=$(V) \
	$(call given,W C CF CHECK CC LD LLVM HOSTCC KCFLAGS KAFLAGS KCPPFLAGS) \
	$(call given,LOCALVERSION KBUILD_BUILD_TIMESTAMP KBUILD_BUILD_USER) \
	$(call given,KBUILD_BUILD_HOST)
# scripts/Makefile.clang knows the kernel's own ports only.  Each make below gets it,
# as it gets LLVM=
MAKEOVERRIDES += $(if $(LLVM),CLANG_TARGET_FLAGS_um-kvm=x86_64-linux-gnu)
kmake = $(MAKE) $(jobs) -C $(farm) $(kernel_vars)
host_make = $(MAKE) $(jobs) -C $(srctree)/host O=$(O)/host V=$(filter 1,$(V)) \
	CROSS_COMPILE=$(CROSS_COMPILE) $(call given,CC)
rootfs_make = $(MAKE) -C $(srctree)/rootfs O=$(O) V=$(V) FARM=$(farm) \
	KERNEL=$(kobj) CROSS_COMPILE=$(CROSS_COMPILE) HOSTCC=$(HOSTCC) \
	$(call given,BUSYBOX)

PHONY := all
all: linux rootfs

# Packages ------------------------------------------------------------------
# Asked of dpkg once per change of the list; elsewhere than on Debian, whoever
# builds is trusted to have them.  Lines marked "check:" are for the tests only,
# those marked "debian:" for the Debian image.

$(sort $(base) $(O)):
	$(Q)mkdir -p $@

$(base)/.packages: skip := \(check\|debian\|gdb\):
$(base)/.packages-check: skip := debian:
$(base)/.packages-debian: skip := \(check\|gdb\):
$(base)/.packages-gdb: skip := \(check\|debian\):
$(base)/.packages $(base)/.packages-check $(base)/.packages-debian \
		$(base)/.packages-gdb: $(srctree)/tests/packages | $(base)
	$(Q)command -v dpkg-query >/dev/null || { touch $@; exit 0; }; \
	missing=; \
	for p in $$(grep -v '# *$(skip)' $< | sed 's/#.*//') \
		$(if $(CROSS_COMPILE),gcc-x86-64-linux-gnu); do \
		[ $$p = linux-source-$(kernel_series) ] && \
			[ -z '$(unpacked)' ] && continue; \
		dpkg-query -W -f '$${db:Status-Status}' $$p 2>/dev/null | \
			grep -qx installed || missing="$$missing $$p"; \
	done; \
	if [ "$$missing" ] && [ $$(id -u) != 0 ]; then \
		echo "Packages are missing.  As root, run:" >&2; \
		echo "apt-get install --no-install-recommends$$missing" >&2; \
		exit 1; \
	fi; \
	if [ "$$missing" ]; then \
		printf '  %-7s %s\n' APT "$${missing# }"; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -q && apt-get install -q -y \
			--no-install-recommends $$missing || exit; \
	fi; \
	touch $@

# Kernel source and farm ----------------------------------------------------
# tar -m: files get the time of unpacking, so that a new tarball rebuilds all.

$(base)/source/.unpacked: $(wildcard $(tarball)) | $(base)/.packages
	$(say) UNPACK "$(tarball) (about a minute)"
	$(Q)rm -rf $(@D) && mkdir -p $(@D)
	$(Q)tar -x -m -f $(tarball) -C $(@D) --strip-components=1 \
		--checkpoint=20000 --checkpoint-action=dot && echo
	$(Q)touch $@

# Built anew when it is for another tree, together with the objects, because
# make could not tell their ages apart.  The configuration survives.
$(farm)/.tree: FORCE | $(unpacked) $(base)/.packages $(O)
	@[ "$$(cat $@ 2>/dev/null)" = '$(srctree) $(KSRC)' ] && exit 0; \
	version=$$(sed -n 's/^VERSION = //p;s/^PATCHLEVEL = /./p' \
		$(KSRC)/Makefile 2>/dev/null | tr -d '\n'); \
	if [ "$$version" != $(kernel_series) ]; then \
		echo "KSRC: $(KSRC) is $${version:-no kernel tree}, this port" \
			"needs Linux $(kernel_series)" >&2; exit 1; \
	elif [ -e $(KSRC)/include/config/auto.conf ]; then \
		echo "KSRC: $(KSRC) has been built in: run 'make mrproper'" \
			"there or give another tree" >&2; exit 1; \
	fi; \
	printf '  %-7s %s\n' FARM $(KSRC); set -e; \
	mv $(kobj)/.config $(O)/.config 2>/dev/null || :; \
	rm -rf $(farm) $(kobj); mkdir -p $(farm)/arch $(kobj); \
	mv $(O)/.config $(kobj)/.config 2>/dev/null || :; \
	find -H $(KSRC) -mindepth 1 -maxdepth 1 ! -name '.*' ! -name arch \
		! -name Kconfig -exec ln -s -t $(farm) {} +; \
	find -H $(KSRC)/arch -mindepth 1 -maxdepth 1 \
		-exec ln -s -t $(farm)/arch {} +; \
	ln -s $(srctree)/Kconfig $(srctree)/rootfs $(farm); \
	echo '$(srctree) $(KSRC)' >$@

# Links follow files that come and go.  Objects remember the headers they saw,
# not those they would have preferred: when a header of ours appears, whatever
# was built with its namesake in another directory is forgotten.
PHONY += farm
farm: $(farm)/.tree
	@set -e; cd $(srctree); \
	find $(overlay) -type f ! -name '.*' ! -name '*~' ! -name '*.orig' \
		! -name '*.rej' | while read -r f; do \
		[ -L $(farm)/$$f ] && continue; \
		mkdir -p $(farm)/$${f%/*}; ln -s $(srctree)/$$f $(farm)/$$f; \
		case $$f in */include/*.h) \
			grep -rlZF --include='.*.cmd' "/asm/$${f##*/asm/}" \
				$(kobj) | xargs -0r rm -f;; \
		esac; \
	done; \
	find $(overlay:%=$(farm)/%) -xtype l -delete; \
	find $(overlay:%=$(farm)/%) -type d -empty -delete

# Kernel --------------------------------------------------------------------
# The configuration follows the defaults until somebody edits it.

make_defconfig = $(kmake) um_kvm_defconfig && \
	{ [ -z '$(fragment)' ] || { $(farm)/scripts/kconfig/merge_config.sh \
		-m -O $(kobj) $(kobj)/.config $(fragment) && \
	$(kmake) olddefconfig; }; } && cp $(kobj)/.config $(kobj)/.config.default

$(kobj)/.config: $(configs)/um_kvm_defconfig $(fragment) $(srctree)/Kconfig \
		$(srctree)/rootfs/Kconfig \
		$(wildcard $(addsuffix /Kconfig*,$(overlay:%=$(srctree)/%))) \
		| farm
	+$(Q)if [ -e $@ ] && ! cmp -s $@ $@.default; then \
		printf '  %-7s %s\n' KEEP "$@ (make defconfig starts afresh)"; \
	else \
		printf '  %-7s %s\n' CONFIG $@; \
		{ $(make_defconfig); } >/dev/null; \
	fi && touch $@

config_targets := config menuconfig nconfig xconfig gconfig oldconfig \
	olddefconfig savedefconfig listnewconfig helpnewconfig allnoconfig \
	allyesconfig allmodconfig alldefconfig randconfig tinyconfig \
	localmodconfig localyesconfig mod2yesconfig yes2modconfig mod2noconfig
PHONY += defconfig $(config_targets)
defconfig: farm
	+$(Q)$(make_defconfig)

config menuconfig nconfig xconfig gconfig oldconfig olddefconfig \
savedefconfig: $(kobj)/.config
$(config_targets): farm
	+$(Q)$(kmake) $@

# kbuild needs seconds to find that nothing has changed; asking the file times of
# its sources takes a fraction of one.  The stamp holds the command and has the
# time at which the last build that succeeded began.  Two makes, as of two tests at
# once, wait for each other here.
PHONY += kernel headers_install modules_install
kernel: $(kobj)/.config farm
	+@exec 9>$(kobj)/.lock; flock 9; \
	if [ "$$(cat $(kobj)/.built 2>/dev/null)" = '$(kernel_vars)' ] && \
	[ -e $(kobj)/vmlinux ] && [ -z "$$(find -H $(KSRC) $(kobj)/.config \
		$(addprefix $(farm)/,$(overlay)) $(overlay:%=$(srctree)/%) \
		-name .git -prune -o -newer $(kobj)/.built -print -quit)" ]; \
	then exit 0; fi; \
	printf '  %-7s %s\n' KERNEL $(kobj); \
	rm -f $(kobj)/.built; echo '$(kernel_vars)' >$(kobj)/.built.new; \
	$(kmake) all && mv $(kobj)/.built.new $(kobj)/.built
	@[ -L $(O)/vmlinux ] || ln -s kernel/vmlinux $(O)/vmlinux

headers_install: $(kobj)/.config farm
	+$(Q)$(kmake) $@ INSTALL_HDR_PATH=$(abspath $(or \
		$(INSTALL_HDR_PATH),$(O)/headers))

modules_install: kernel
	+$(Q)$(kmake) $@ $(call given,INSTALL_MOD_STRIP) \
		INSTALL_MOD_PATH=$(abspath $(or $(INSTALL_MOD_PATH),$(O)/modules))

# Of what was compiled: kbuild's list of all sources leaves out symbolic links
index_targets := tags TAGS cscope gtags compile_commands.json
PHONY += $(index_targets)
$(index_targets): kernel
	+$(Q)$(kmake) $@ COMPILED_SOURCE=1

# One object, one directory, one preprocessed file of the kernel, by its name
%.o: $(kobj)/.config farm FORCE
	+$(Q)$(kmake) $@
%.i: $(kobj)/.config farm FORCE
	+$(Q)$(kmake) $@
%.s: $(kobj)/.config farm FORCE
	+$(Q)$(kmake) $@
%/: $(kobj)/.config farm FORCE
	+$(Q)$(kmake) $@

# Shim and root file system ---------------------------------------------------

PHONY += shim linux rootfs debian
shim: $(base)/.packages | $(O)
	$(say) SHIM $(O)/host
	+$(Q)$(host_make)

linux: shim kernel
	+$(Q)$(rootfs_make) run
	+$(Q)[ $(O)/linux -nt $(kobj)/vmlinux ] && \
	[ $(O)/linux -nt $(O)/host/shim ] && \
	[ $(O)/linux -nt $(O)/rootfs/run.cpio ] || \
	$(host_make) linux KERNEL=$(kobj)/vmlinux RUN=$(O)/rootfs/run.cpio \
		OUT=$(O)/linux

rootfs: kernel
	+$(Q)$(rootfs_make)

debian: kernel $(base)/.packages-debian
	+$(Q)$(rootfs_make) debian $(call given,SUITE SIZE PACKAGES MIRROR)

# Running and testing -------------------------------------------------------
# make itself ends with 0 or 2, so a small extension of GNU make, loaded for
# this goal only, ends it with the status of the guest's command instead.  CMD
# goes through the environment, untouched by make and by quoting.

PHONY += run boot
ifneq ($(filter run,$(MAKECMDGOALS)),)
-load $(O)/exit_as.so
endif
export UMKVM_CMD := $(value CMD)

$(O)/exit_as.so: $(srctree)/rootfs/exit_as.c | $(base)/.packages $(O)
	$(Q)$(HOSTCC) -shared -fPIC -o $@ $<

boot: all
	@status=0; O=$(base) $(srctree)/rootfs/run -o $(O) \
		$(if $(UMKVM_CMD),-e) -- $(value ARGS) || status=$$?; \
	echo $$status >$(O)/.status

run: $(if $(GDB),gdb,boot)
	@$(if $(GDB),,$(exit-as $(file <$(O)/.status))exit $(file <$(O)/.status))

PHONY += gdb
export UMKVM_GDB := $(value GDBARGS)
gdb: all $(base)/.packages-gdb
	@O=$(base) $(srctree)/rootfs/run -g -o $(O) \
		$(if $(UMKVM_CMD),-e) -- $(value ARGS)

PHONY += guest bed check check-all check-intel
guest: kernel
	+$(Q)$(MAKE) $(jobs) -C $(srctree)/tests/guest O=$(O)/guest V=$(V) \
		KERNEL=$(kobj) CROSS_COMPILE=$(CROSS_COMPILE)

# Before the tests, whose time it would be taken from
bed: linux
	+$(Q)$(O)/linux --probe >/dev/null 2>&1 || { \
		printf '  %-7s %s\n' BED $(base)/bed; \
		O=$(base) $(srctree)/tests/bed/bed --prepare; }

PHONY += selftests
selftests: $(unpacked) $(base)/.packages-check | $(O)
	+$(Q)$(MAKE) $(jobs) -C $(srctree)/tests/kselftest O=$(O)/selftests \
		KSRC=$(KSRC) V=$(V) CROSS_COMPILE=$(CROSS_COMPILE)

# The same sources with one more fragment, for the tests of what it brings.  Not
# beside the first build: both would unpack the kernel.
tested_variants := $(addprefix variant-,kasan trace kcsan debug kselftest kunit)
PHONY += $(tested_variants) tested
again = $(MAKE) -f $(srctree)/Makefile O=$(base) V=$(V) CROSS_COMPILE=$(CROSS_COMPILE) \
	$(call given,CC LLVM) $(if $(unpacked),,KSRC=$(KSRC))
$(tested_variants): variant-%: all
	+$(Q)$(again) CONFIG=$* all

# With one set of jobs: while one of them links, another compiles.  Who names tests
# does not wait for another kernel; those that need it say so.
tested := selftests $(if $(TESTS)$(CONFIG),,variant-kasan variant-trace)
check-all: tested += $(tested_variants)
tested: all
	+$(Q)$(again) $(jobs) CONFIG=$(CONFIG) $(tested)

check: tests :=
check-all: tests := --all
check-intel: tests := --intel
check check-all: tested
check-all: debian
check check-all check-intel: all guest bed $(base)/.packages-check
	+@O=$(O) KSRC=$(KSRC) CROSS_COMPILE=$(CROSS_COMPILE) V=$(V) \
		$(srctree)/tests/run $(tests) $(TESTS)

PHONY += bench bench-check
bench: all bed $(base)/.packages-check
	+@O=$(O) KSRC=$(KSRC) CROSS_COMPILE=$(CROSS_COMPILE) $(srctree)/tests/bench/run

bench-check: all bed $(base)/.packages-check
	+@O=$(O) CROSS_COMPILE=$(CROSS_COMPILE) $(srctree)/tests/run -v bench/check

# Tidying up ----------------------------------------------------------------
# Only names that are made here, for O= may be anybody's directory.

built := exit_as.so host kernel linux rootfs rootfs.cpio rootfs.ext4 vmlinux \
	headers modules debian.ext4 guest selftests stock stock-bench tests uml \
	bench .status
variants := $(patsubst %.config,%,$(notdir $(wildcard $(configs)/*.config)))
fetched := $(variants) source bed programs .packages .packages-check \
	.packages-debian .packages-gdb

PHONY += clean distclean install
clean:
	$(say) CLEAN $(O)
	@mkdir -p $(kobj); mkdir -p $(O)/.keep; \
	mv $(kobj)/.config $(kobj)/.config.default $(O)/.keep 2>/dev/null; \
	rm -rf $(built:%=$(O)/%); mv $(O)/.keep $(kobj)

distclean:
	$(say) CLEAN $(base)
	$(Q)rm -rf $(addprefix $(base)/,farm $(built) $(fetched))
	$(Q)[ ! -d $(base) ] || rmdir --ignore-fail-on-non-empty $(base)

install: linux
	install -D -m 755 $(O)/linux $(DESTDIR)$(PREFIX)/bin/linux
	install -D -m 644 $(srctree)/host/linux.1 \
		$(DESTDIR)$(PREFIX)/share/man/man1/linux.1

PHONY += help
help:
	@sed -n 's/^#H \?//p' $(srctree)/Makefile

#H Build:
#H   all             - linux (shim and kernel in one file) and root file system
#H   kernel          - vmlinux and modules only; shim, linux, rootfs alike
#H   debian          - debian.ext4, a disk with Debian and systemd
#H       SUITE=bookworm SIZE=1G PACKAGES='fio ...' MIRROR=URL
#H   FILE.o FILE.i FILE.s DIR/ - that much of the kernel
#H   defconfig       - um_kvm_defconfig; it is the default
#H   menuconfig      - as all the kernel's *config targets, savedefconfig too
#H   tags TAGS cscope gtags compile_commands.json - of what is built, in $(O)/kernel
#H   install         - linux and linux.1 below PREFIX=/usr/local
#H   headers_install - the kernel's user API, to INSTALL_HDR_PATH=
#H   modules_install - the modules, to INSTALL_MOD_PATH=, not to this machine
#H   clean           - remove what was built, keep .config and kernel source
#H   distclean       - remove everything below O=
#H
#H Run:
#H   run             - boot to a shell; the status is the guest's
#H       CMD='...'     run one command line instead
#H       ARGS='...'    more options and kernel parameters, as mem=64M
#H       GDB=1         the same as make gdb
#H   gdb             - boot under gdb, to start_kernel(); CMD, ARGS as above
#H       GDBARGS='...' more words for gdb, as -batch -x FILE
#H   check           - the tests; TESTS='NAME...' chooses
#H   check-all       - and the long ones
#H   check-intel     - boot and guest tests on an Intel CPU (Bochs)
#H   bench           - operations timed, beside other systems; QUICK=1, OPS='...'
#H   bench-check     - their instructions and exits against the committed ones
#H
#H Variables:
#H   O=DIR           - put all output there (default build)
#H   KSRC=DIR        - a Linux 6.12 tree to use, read only (default: Debian's)
#H   CONFIG=NAME     - add configs/NAME.config (tiny, none, debug, torture,
#H                     kselftest, kasan, trace, kcsan, kunit) and build in $(O)/NAME
#H   CROSS_COMPILE=x86_64-linux-gnu-   V=1   -jN (default: all CPUs)
#H   W= C= CC= LLVM=1 KCFLAGS= LOCALVERSION= - as the kernel has them

Makefile Kbuild: ;
PHONY += FORCE
FORCE:
.PHONY: $(PHONY)
