# SPDX-License-Identifier: MIT
#
# Compiler and linker flags, apart by what decides them: the architecture and the optimisation
# come from the configuration (config.mk), the rest is here.

INCLUDES := -I include -include $(O)/config.h

LANG_CFLAGS := -pipe -std=gnu17 -ffreestanding -fno-common -fno-strict-aliasing \
	-fno-delete-null-pointer-checks -ffunction-sections -fdata-sections \
	-g -ffile-prefix-map=$(CURDIR)=.

# Shared with the host tests.
WARN_CFLAGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
	-Wundef -Wvla -Werror

# Only where the code is ours alone: what is shaped as in Linux must move without casts.
STRICT_CFLAGS := -Wconversion
lenient := drivers/% samples/%
# But an interrupt's number is cut off nowhere on its way.
lenient-not := drivers/gic/% drivers/base/irq% drivers/gpio/gpiolib_irq.c

# The suites are a third of a build and nobody waits for them to run.
TESTS_CFLAGS := -Og -g1
tests := tests/fakes/% tests/unit/% tests/qemu/%

UNWIND_CFLAGS := $(if $(CONFIG_BACKTRACE),-funwind-tables,-fno-unwind-tables)

SSP_CFLAGS := $(if $(CONFIG_STACKPROTECTOR),-fstack-protector-strong)

# What C leaves undefined is reported at run time. Overflow is undefined here: no -fwrapv.
SAN_CFLAGS := $(if $(CONFIG_UBSAN),-fsanitize=undefined)
unsanitized := kernel/ubsan.c

# clang has to be told of the target, to lay out enums as the Arm ABI has them, and to call
# memcpy by that name: picolibc's release build lacks __aeabi_memcpy.
CLANG_CFLAGS := --target=$(ARCH_TARGET) -fshort-enums -meabi gnu
LLVM_CFLAGS := $(if $(findstring clang,$(CC)),$(CLANG_CFLAGS))

# Not of clang, whose objects our linker does not read. Left out is what the compiler calls or
# names in tables of its own accord, when it has seen all other callers; and what is tuned to the
# instruction, which loses one or two to what is decided for the kernel as a whole.
LTO_CFLAGS := $(if $(LLVM_CFLAGS),,$(if $(CONFIG_LTO),-flto -flto-partition=one))
lto-not := lib/libc.c kernel/stackprotector.c kernel/ubsan.c hal/%/unwind.c hal/%/unwind_none.c
lto-not += kernel/timer.c kernel/timer_expire.c kernel/irq/handle.c
lto-not += drivers/gic/gic_v2.c drivers/gic/gic_common.c

KERNEL_CFLAGS = $(LLVM_CFLAGS) $(ARCH_CFLAGS) $(OPT_CFLAGS) $(UNWIND_CFLAGS) $(SSP_CFLAGS) \
	$(LANG_CFLAGS) $(WARN_CFLAGS) $(INCLUDES)
KERNEL_AFLAGS = $(LLVM_CFLAGS) $(ARCH_CFLAGS) -D__ASSEMBLY__ -g \
	-fdebug-prefix-map=$(CURDIR)=. $(INCLUDES)
KERNEL_LDFLAGS = --gc-sections --build-id=none --no-undefined --fatal-warnings \
	-z max-page-size=4096 -z noexecstack
KERNEL_LIBS := $(call picolibc,$(ARCH_CFLAGS)) $(call libgcc,$(ARCH_CFLAGS))

# Everything that goes into a command line is compared with what the last build used: a file is
# written only when the text differs, and what depends on it is made anew.
define remember
ifneq ($$(file <$(1)),$(2))
$$(file >$(1),$(2))
endif
endef
