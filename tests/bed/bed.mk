# SPDX-License-Identifier: GPL-2.0
# Builds the test bed into $(B): relay, svm.so for QEMU, agent, L1 and, as
# state-SMP-MEM[-icount], saved states; for the Intel bed, l1-intel.iso.  Called by
# tests/bed/bed, which sets B and holds a lock.
S := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
HOSTCC ?= gcc
CC := $(CROSS_COMPILE)gcc
FLAGS := -O2 -g -Wall -Wextra

RELAY := relay.c options.c machine.c bochs.c pack.c link.c
AGENT := agent.c unpack.c link.c
HEADERS := link.h relay.h agent.h job.h

$(B)/relay: $(addprefix $(S),$(RELAY) $(HEADERS))
	$(HOSTCC) $(FLAGS) -o $@.new $(filter %.c,$^)
	mv $@.new $@

$(B)/svm.so: $(S)svm.c
	$(HOSTCC) $(FLAGS) -shared -fPIC -o $@ $<

$(B)/agent: $(addprefix $(S),$(AGENT) $(HEADERS))
	$(CC) $(FLAGS) -static -o $@ $(filter %.c,$^)

$(B)/vmlinuz:
	$(S)mkl1 kernel $(B)

# A program that L1 carries and that is installed later may be older than L1
passt := $(shell command -v passt)
$(B)/programs: FORCE
	@echo '$(passt)' | cmp -s - $@ || echo '$(passt)' >$@

$(B)/l1%.cpio: $(B)/agent $(B)/vmlinuz $(S)l1-init $(S)mkl1 $(B)/programs $(passt)
	$(S)mkl1 initramfs $(B) $@ $(B)/agent

$(B)/l1-intel.iso: $(B)/vmlinuz $(B)/l1-intel.cpio
	$(S)mkl1 iso $@ $^

# A state belongs to one machine, see machine.c, and to one version of QEMU
variant = $(subst -, ,$*)
$(B)/state-%/vm: $(B)/l1-amd.cpio $(S)machine.c $(shell command -v qemu-system-x86_64) | $(B)/relay $(B)/svm.so
	@echo "bed: booting L1 once to save its state ($*)" >&2
	rm -rf $(B)/new-$*
	mkdir -p $(B)/new-$*
	$(B)/relay --save --base $(B) --state $(B)/new-$* --smp $(word 1,$(variant)) \
		--mem $(word 2,$(variant)) $(if $(word 3,$(variant)),--icount)
	rm -rf $(B)/old-$*
	[ ! -d $(B)/state-$* ] || mv $(B)/state-$* $(B)/old-$*
	mv $(B)/new-$* $(B)/state-$*
	rm -rf $(B)/old-$*

FORCE:
.PHONY: FORCE
.DELETE_ON_ERROR:
.SECONDARY:
