# SPDX-License-Identifier: MIT
#
# Programs that the build itself runs: C for the machine that builds. tools/x/*.c are the program
# $(O)/bin/x. They have flags of their own, and see the C library and their own folder: nothing
# of include/, which is the kernel's. `hostprogs` has the paths of all.

HOSTPROGS := mksyms

hostprog-dir := $(O)/bin
hostprogs := $(HOSTPROGS:%=$(hostprog-dir)/%)
hostprog-cflags := -pipe -std=gnu17 -D_GNU_SOURCE -O1 -g $(WARN_CFLAGS) -Wconversion
hostprog-objs = $(patsubst %.c,$(O)/%.o,$(sort $(wildcard tools/$(1)/*.c)))
hostprog-all-objs := $(foreach program,$(HOSTPROGS),$(call hostprog-objs,$(program)))

# What a command line has in it, and for a program, what it is linked from.
hostprog-cc := $(O)/hostprogs.cc
hostprog-list := $(O)/hostprogs.objs
ifdef CONFIG_ARCH
$(eval $(call remember,$(hostprog-cc),$(strip $(HOST_CC) $(hostprog-cflags))))
$(eval $(call remember,$(hostprog-list),$(strip $(hostprog-all-objs))))
endif

$(hostprog-all-objs): $(O)/%.o: %.c $(hostprog-cc)
	@mkdir -p $(@D)
	$(call say,HOSTCC,$<)$(Q)$(HOST_CC) $(hostprog-cflags) -MMD -MP -c -o $@ $<

define host-tool
$(hostprog-dir)/$(1): $(call hostprog-objs,$(1)) $(hostprog-list)
	@mkdir -p $$(@D)
	$$(call say,HOSTLD,$$@)$$(Q)$(HOST_CC) -o $$@ $$(filter %.o,$$^)
endef
$(foreach program,$(HOSTPROGS),$(eval $(call host-tool,$(program))))

-include $(hostprog-all-objs:.o=.d)
