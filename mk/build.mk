# SPDX-License-Identifier: MIT
#
# Objects, the two links, the flat image.

objs := $(addprefix $(O)/obj/,$(obj-y))
elf := $(O)/nocla.elf
img := $(O)/nocla.img

.PHONY: all
all: $(elf) $(img)

cc-version := $(shell $(CC) --version | head -n 1)
ifdef CONFIG_ARCH
flags := $(CC) $(cc-version) $(KERNEL_CFLAGS) $(STRICT_CFLAGS) $(TESTS_CFLAGS) $(SAN_CFLAGS) \
	$(LTO_CFLAGS) $(KERNEL_AFLAGS)
parts := $(LD) $(KERNEL_LDFLAGS) $(obj-y) $(KERNEL_LIBS)
ifneq ($(file <$(O)/flags),$(strip $(flags)))
refusal := $(shell tools/min-version "$(CC)" "$(LD)")
ifneq ($(refusal),)
$(error $(refusal))
endif
endif
$(eval $(call remember,$(O)/flags,$(strip $(flags))))
$(eval $(call remember,$(O)/parts,$(strip $(parts))))
endif

# What depends on the file.
own-cflags = $(if $(filter-out $(lenient-not),$(filter $(lenient),$<)),,$(STRICT_CFLAGS)) \
	$(if $(filter $(tests),$<),$(TESTS_CFLAGS)) $(if $(filter $(lto-not),$<),,$(LTO_CFLAGS))
san-cflags = $(if $(filter $(unsanitized),$<),,$(SAN_CFLAGS))

# A source file is a module, by its name: of its parameters, for one.
modname = -DKBUILD_MODNAME='"$(subst -,_,$(basename $(<F)))"'

$(O)/obj/%.o: %.c $(O)/flags | $(O)/config.h
	$(call say,CC,$<)$(Q)$(CC) $(KERNEL_CFLAGS) $(own-cflags) $(san-cflags) $(modname) \
		-MMD -MP -c -o $@ $<

$(O)/obj/%.o: %.S $(O)/flags | $(O)/config.h
	$(call say,AS,$<)$(Q)$(CC) $(KERNEL_AFLAGS) -MMD -MP -c -o $@ $<

$(objs): | $(sort $(dir $(objs)))
$(sort $(dir $(objs))):
	@mkdir -p $@

$(O)/linker.lds: linker.ld $(O)/flags $(O)/config.h
	$(call say,LDS,$@)$(Q)$(CC) $(KERNEL_AFLAGS) -E -P -x assembler-with-cpp \
		-MMD -MP -MT $@ -MF $@.d -o $@ $<

# Where the compiler optimises at the link, it calls the linker. What it then takes for not
# initialised is behind an error that was returned.
lto-ld = $(CC) $(KERNEL_CFLAGS) $(LTO_CFLAGS) -Wno-maybe-uninitialized -nostdlib \
	$(KERNEL_LDFLAGS:%=-Xlinker %)
link = $(if $(LTO_CFLAGS),$(lto-ld) -Xlinker,$(LD) $(KERNEL_LDFLAGS)) -Map=$@.map \
	-T $(O)/linker.lds -o $@ $(1) $(KERNEL_LIBS)

# With CONFIG_KALLSYMS the kernel is linked without the table of its functions, the table is made
# from that, and the kernel is linked with it; it comes after all code, so no function moves.
ifdef CONFIG_KALLSYMS
ksyms := $(O)/obj/ksyms-table.o
mksyms := $(hostprog-dir)/mksyms

$(O)/nocla.bare.elf: $(objs) $(O)/linker.lds $(O)/parts
	$(Q)$(call link,$(objs))

$(O)/ksyms-table.c: $(O)/nocla.bare.elf $(mksyms)
	$(Q)$(NM) -S $< | $(mksyms) table $@

$(ksyms): $(O)/ksyms-table.c $(O)/flags
	$(Q)$(CC) $(KERNEL_CFLAGS) -MMD -MP -c -o $@ $<
endif

$(elf): $(objs) $(ksyms) $(O)/linker.lds $(O)/parts
	$(call say,LD,$@)$(Q)$(call link,$(objs) $(ksyms))
	$(if $(ksyms),$(Q)$(NM) -S $@ | $(mksyms) compare $(O)/ksyms-table.c)

$(img): $(elf)
	$(call say,IMG,$@)$(Q)$(OBJCOPY) -O binary $< $@

-include $(objs:.o=.d) $(O)/linker.lds.d
