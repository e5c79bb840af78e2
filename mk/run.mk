# SPDX-License-Identifier: MIT
#
# Running: the machine's description for tools/board, `make run` and `make debug`. CPU, SMP, MEM,
# GIC and QEMU_EXTRA change the machine for one run.

board := tools/board --dir $(O)/run --machine $(O)/qemu.json

# The nodes that samples, and `make bench`, add to QEMU's own device tree.
dt-$(CONFIG_BENCH) += tests/bench/seed.dtsi
dt-$(CONFIG_SAMPLE_BUTTON) += samples/button/button.dtsi

.PHONY: run debug machine
export QEMU_EXTRA

# The file $(1) describes the machine with $(2) CPUs and version $(3) of the GIC.
describe = $(PYTHON) tools/qemuconf.py --machine $(O)/machine.json --out $(1) \
	$(addprefix --overlay ,$(dt-y)) CPU=$(CPU) SMP=$(2) MEM=$(MEM) GIC=$(3)

# Cheap, and up to date only for these settings: made at every run.
machine: $(O)/machine.json
	$(Q)$(call describe,$(O)/qemu.json,$(SMP),$(GIC))

run: machine $(elf) $(img)
	$(Q)$(board) run

debug: machine $(elf)
	$(Q)$(PYTHON) tools/debug.py --machine $(O)/qemu.json --dir $(O)/run
