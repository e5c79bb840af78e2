# SPDX-License-Identifier: MIT
#
# Tests of pure C on the host, under ASan and UBSan: `make host-test`.
#
# Each tests/host/test_x.c is a program and a suite; adding the file adds the test. What it
# links beside itself and the harness is named here, what libraries it needs in host-libs-x.
# One program's log is $(O)/ktap/host-x.log. `make host-test HOST_TESTS="ring list"` runs those.
# test_kernel is the kernel itself and its suites: `build/host/test_kernel pl061` runs one.

host-with-sprintf := lib/vsprintf lib/errno
host-with-kstrtox := lib/kstrtox
host-with-string := lib/string
host-with-crc32 := lib/crc32
host-with-crypto := lib/blake2s lib/chacha
host-with-err := lib/errno
host-with-hexdump := lib/hexdump
host-with-line_edit := lib/line_edit
host-with-ring := lib/ring
host-with-timer := kernel/hrtimer kernel/timer kernel/timer_expire kernel/timer_wheel kernel/time
host-libs-ring := -pthread
host-libs-llist := -pthread
host-with-fdt := lib/fdt lib/string tests/host/fdt_judge tests/host/fdt_oracle \
	tests/host/fdt_trees
host-with-fdt_damage := $(host-with-fdt)
host-with-fdt_memory := $(host-with-fdt)
host-libs-fdt := -lfdt
host-libs-fdt_damage := -lfdt
host-libs-fdt_memory := -lfdt
host-with-of := drivers/base/of drivers/base/of_address drivers/base/of_irq lib/fdt lib/kstrtox \
	lib/string tests/host/fdt_trees
host-with-ksyms := kernel/ksyms
host-with-kunit := tests/unit/test_kunit lib/string
host-with-page_alloc := kernel/mm/page_alloc
host-with-ksyms_absent := kernel/ksyms

HOST_OWN := $(sort $(patsubst tests/host/test_%.c,%,$(wildcard tests/host/test_*.c)))
HOST_TESTS := $(HOST_OWN) $(if $(CONFIG_KTEST),kernel)
HOST_TIMEOUT_S := 120

host-optimise := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
host-cflags := $(LANG_CFLAGS) $(WARN_CFLAGS) -I tests/host/machine -I include \
	-include tests/host/host_config.h $(host-optimise)

host-dir := $(O)/host
host-bins := $(HOST_TESTS:%=$(host-dir)/test_%)
host-parts = tests/host/test_$(1) tests/host/kunit_host kernel/kunit_check kernel/kunit_resource \
	$(host-with-$(1))
host-objs = $(patsubst %,$(host-dir)/%.o,$(host-parts))
host-all-objs := $(sort $(foreach test,$(HOST_OWN),$(call host-objs,$(test))))

$(host-dir)/%.o: %.c mk/host.mk mk/flags.mk
	@mkdir -p $(@D)
	$(call say,HOSTCC,$<)$(Q)$(HOST_CC) $(host-cflags) $(own-cflags) $(modname) \
		-MMD -MP -c -o $@ $<

define host-program
$(host-dir)/test_$(1): $(call host-objs,$(1)) tests/host/kunit.lds
	$$(call say,HOSTLD,$$@)$$(Q)$(HOST_CC) $(host-cflags) -o $$@ $$(filter %.o,$$^) \
		-T tests/host/kunit.lds $(host-libs-$(1))
endef
$(foreach test,$(HOST_OWN),$(eval $(call host-program,$(test))))

# The kernel's own sources and suites as a process, test_kernel: what is in the build but the
# machine's part, with the configuration that is built. See tests/host/kernel/main.c.
ifdef CONFIG_KTEST
host-kernel-dir := $(O)/host-kernel
host-kernel-not := lib/libc.o kernel/main.o kernel/smp.o kernel/stackprotector.o \
	kernel/oops.o kernel/traps.o kernel/ubsan.o \
	$(addprefix kernel/mm/,page_alloc.o slab.o slab_debug.o uncached.o vmap.o) \
	drivers/clocksource/% drivers/firmware/% drivers/gic/% drivers/tty/earlycon.o \
	drivers/pl011/pl011_early.o tests/bench/% tests/qemu/% \
	$(patsubst %,tests/unit/test_%.o,amba bad_free bad_input_mm bad_input_null dma full_ids \
		gic hal high_io kmem_cache mm refcount shell slab slab_debug smp smp_calls \
		stackprotector ubsan)
# It is always of a kernel for several CPUs.
host-kernel-parts := $(sort kernel/sched_smp.o \
	$(filter-out $(host-kernel-not),$(filter lib/% kernel/% drivers/% tests/%,$(obj-y)))) \
	$(patsubst %.c,%.o,$(wildcard tests/host/kernel/*.c))
host-kernel-objs := $(host-kernel-parts:%=$(host-kernel-dir)/%)

host-kernel-cflags := $(LANG_CFLAGS) $(WARN_CFLAGS) -I tests/host/kernel -I include \
	$(addprefix -include ,$(O)/config.h tests/host/kernel/config.h tests/host/host_config.h) \
	$(host-optimise)

# Also for tests/check/test_mutants.py, which puts another driver in.
host-kernel-cc := $(O)/host-kernel.cc
host-kernel-list := $(O)/host-kernel.objs
$(eval $(call remember,$(host-kernel-cc),$(strip $(HOST_CC) $(host-kernel-cflags))))
$(eval $(call remember,$(host-kernel-list),$(strip $(host-kernel-objs))))

$(host-kernel-dir)/%.o: %.c $(host-kernel-cc) mk/flags.mk $(O)/config.h
	@mkdir -p $(@D)
	$(call say,HOSTCC,$<)$(Q)$(HOST_CC) $(host-kernel-cflags) $(own-cflags) $(modname) \
		-MMD -MP -c -o $@ $<

$(host-dir)/test_kernel: $(host-kernel-objs) $(host-kernel-list) tests/host/kunit.lds
	@mkdir -p $(@D)
	$(call say,HOSTLD,$@)$(Q)$(HOST_CC) $(host-kernel-cflags) -o $@ $(filter %.o,$^) \
		-T tests/host/kunit.lds
endif

# The device trees that tests read, beside the programs: QEMU's own, and tests/host/trees/.
host-trees := $(host-dir)/trees/made
$(host-trees): tests/host/dump_trees.py $(wildcard tests/host/trees/*.dts) \
		$(shell command -v qemu-system-arm)
	$(call say,TREES,$(@D))$(Q)$(PYTHON) $< $(@D) $(filter %.dts,$^)
	@touch $@

$(addprefix $(host-dir)/test_,fdt fdt_damage of): | $(host-trees)

.PHONY: host-test host-build

host-build: $(host-bins)

# All run, then the result: a program that dies leaves its status in its log, which is shown.
host-test: $(host-bins)
	@mkdir -p $(O)/ktap
	$(Q)failed=; for test in $(HOST_TESTS); do \
		log=$(O)/ktap/host-$$test.log; \
		timeout $(HOST_TIMEOUT_S) $(host-dir)/test_$$test >$$log 2>&1; status=$$?; \
		if [ $$status != 0 ]; then \
			grep -q '^not ok\|^Bail out!' $$log || \
				echo "Bail out! test_$$test: status $$status" >>$$log; \
			cat $$log; failed="$$failed $$test"; \
		fi; \
	done; if [ "$$failed" ]; then echo "host tests failed:$$failed"; exit 1; fi

-include $(host-all-objs:.o=.d) $(host-kernel-objs:.o=.d)
