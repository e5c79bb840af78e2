# SPDX-License-Identifier: MIT
#
# Builds nocla. `make help` lists the targets, mk/files.mk what is in a build.
#
# One folder per configuration holds everything made: build/ for CONFIG=virt, build/<CONFIG>
# for another. tools/genconfig.py turns its .config into config.mk, which is read here (make
# makes it first, then starts over), and config.h. One make sees the whole of a build; only
# targets that change what make itself reads (setup, clean, defconfig, ...) end before the rest
# of the command line is looked at, by a make of its own.

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += -r --no-print-directory
export PYTHONDONTWRITEBYTECODE := 1

all:

CONFIG ?= virt
build := $(CONFIG)$(if $(LLVM),-llvm)$(if $(SAN),-$(SAN))
O ?= build$(addprefix /,$(filter-out virt,$(build)))
PYTHON := /usr/bin/python3

# V=1 shows the commands, else one line says what is made.
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(Q),$(info $(strip $(1)) $(2)))

# ---- targets that come first ----

early := setup setup-check clean distclean help menuconfig defconfig %_defconfig
first := $(filter $(early),$(MAKECMDGOALS))
rest := $(filter-out $(early),$(MAKECMDGOALS))
mixed := $(and $(first),$(or $(rest),$(word 2,$(first))))

ifneq ($(mixed),)

.PHONY: in-order $(MAKECMDGOALS)
$(MAKECMDGOALS): in-order ; @:
in-order:
	@+set -e; for goal in $(first); do $(MAKE) $$goal; done; $(if $(rest),$(MAKE) $(rest))

else ifneq ($(first),)

include mk/config.mk

else

include mk/tools.mk
include mk/config.mk
include $(O)/config.mk
include mk/flags.mk mk/files.mk mk/hostprogs.mk mk/build.mk mk/run.mk mk/host.mk \
	mk/test.mk mk/check.mk

endif
