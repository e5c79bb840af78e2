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

# Cheap, and up to date only for these settings: made at every run.
machine: $(O)/machine.json
	$(Q)$(PYTHON) tools/qemuconf.py --machine $< --out $(O)/qemu.json \
		$(addprefix --overlay ,$(dt-y)) CPU=$(CPU) SMP=$(SMP) MEM=$(MEM) GIC=$(GIC)

run: machine $(elf) $(img)
	$(Q)$(board) run

debug: machine $(elf)
	$(Q)$(PYTHON) tools/debug.py --machine $(O)/qemu.json --dir $(O)/run
