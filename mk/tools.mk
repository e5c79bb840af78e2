# SPDX-License-Identifier: MIT
#
# The tools of a build, and one line for the first that is missing.

CROSS_COMPILE ?= arm-none-eabi-

# Ours unless named on the command line: the environment's CC is a compiler for the host.
ifneq ($(origin CC),command line)
CC := $(if $(LLVM),clang-22,$(CROSS_COMPILE)gcc)
endif
CROSS_CC := $(CROSS_COMPILE)gcc
HOST_CC := gcc
LD := $(CROSS_COMPILE)ld
NM := $(CROSS_COMPILE)nm
OBJCOPY := $(CROSS_COMPILE)objcopy

needs := $(PYTHON) $(if $(LLVM),,$(firstword $(CC))) $(CROSS_CC) $(LD) $(firstword $(HOST_CC))
needs += $(if $(filter run test debug bench check host%,$(MAKECMDGOALS)),qemu-system-arm dtc)
absent = $(firstword $(shell \
	for tool in $(1); do command -v $$tool >/dev/null || echo $$tool; done))
missing := $(call absent,$(needs))
ifneq ($(missing),)
$(error $(missing) is missing: run `make setup`)
endif
missing := $(if $(filter check context,$(MAKECMDGOALS))$(LLVM),$(call absent,clang-22))
ifneq ($(missing),)
$(error $(missing) is missing: run `make setup-check`)
endif

# picolibc's release build gives mem* and str* (its default one copies by the byte).
multilib = $(shell $(CROSS_CC) $(1) -print-multi-directory)
picolibc = /usr/lib/picolibc/arm-none-eabi/lib/release/$(multilib)/libc.a
libgcc = $(shell $(CROSS_CC) $(1) -print-libgcc-file-name)
