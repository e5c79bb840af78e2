# SPDX-License-Identifier: MIT
#
# The configuration: configs/* -> .config -> config.mk, config.h, machine.json.

kconfigs := Kconfig drivers/Kconfig kernel/Kconfig
genconfig := $(PYTHON) tools/genconfig.py

# Configurations that are another one and a fragment.
base-of-bench := release
base-of-bench-smp := release
base-of-up := virt
base-of-nodebug := virt
base-of-interleave := virt
base := $(base-of-$(CONFIG))
defconfigs := $(if $(base),configs/$(base)_defconfig configs/$(CONFIG).config,\
	configs/$(CONFIG)_defconfig)
ifeq ($(wildcard $(firstword $(defconfigs))),)
$(error CONFIG=$(CONFIG): there is no $(firstword $(defconfigs)))
endif

# On top of any of them: SAN=x is the checks of the compiler's sanitizer x.
sanitizers := undefined
ifneq ($(SAN),)
ifneq ($(words $(SAN)) $(filter $(sanitizers),$(SAN)),1 $(SAN))
$(error SAN=$(SAN): no such sanitizer, known: $(sanitizers))
endif
defconfigs += configs/san-$(SAN).config
endif

$(O)/config.mk: $(O)/.config $(kconfigs) tools/genconfig.py
	$(Q)$(genconfig) generate --config $< --out $(O)

# Follows configs/ until somebody edits it.
$(O)/.config: $(defconfigs) $(kconfigs)
	$(Q)$(genconfig) defconfig --out $@ $(defconfigs)

# Made with it, and older than it when they have not changed. Nor is config.h newer when it has:
# genconfig.py removes what was made from a file that names a changed option.
$(O)/config.h $(O)/machine.json: $(O)/config.mk
	$(if $(wildcard $@),,$(Q)$(genconfig) generate --config $(O)/.config --out $(O))

.PHONY: menuconfig defconfig setup setup-check clean distclean help

menuconfig: $(O)/.config
	$(Q)KCONFIG_CONFIG=$< $(PYTHON) -m menuconfig Kconfig

defconfig:
	$(Q)$(genconfig) defconfig --force --out $(O)/.config $(defconfigs)

%_defconfig: configs/%_defconfig
	$(Q)$(genconfig) defconfig --force --out $(O)/.config $<

setup:
	$(Q)tools/setup run

setup-check:
	$(Q)tools/setup run check

# What was made goes, the configuration and a running machine's sockets stay.
clean:
	$(Q)if [ -d $(O) ]; then \
		find $(O) -mindepth 1 -maxdepth 1 ! -name .config ! -name run -exec rm -rf {} +; fi

distclean:
	$(Q)rm -rf $(O)

help:
	@cat mk/help.txt
