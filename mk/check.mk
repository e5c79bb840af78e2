# SPDX-License-Identifier: MIT
#
# `make check`: what tests of the running kernel do not see. `make bench`: its figures.
# `make context`: clang's analysis of locks and contexts, over each C file of the build.

linux-source := /usr/src/linux-source-6.1.tar.xz
kunit := $(O)/linux/tools/testing/kunit/kunit.py

.PHONY: check bench context

# Linux's own reader of KTAP, from its source package. It insists on its path there.
$(kunit): $(linux-source)
	$(call say,TAR,$@)$(Q)mkdir -p $(O)/linux
	$(Q)tar -xJf $< -C $(O)/linux --strip-components=1 -m linux-source-6.1/tools/testing/kunit

$(linux-source):
	$(error $@ is missing: run `make setup-check`)

# The suites on the machines that `make test` leaves out.
check: machine host-build $(hostprogs) $(elf) $(img) $(kunit)
	@mkdir -p $(O)/ktap
	@+status=0; $(call on-machines,$(check-machines)) || status=1; \
	KERNEL_CC="$(CC) $(KERNEL_CFLAGS)" STRICT_CFLAGS="$(STRICT_CFLAGS)" \
	HOST_TEST_CC="$(HOST_CC) $(host-cflags)" \
	HOSTPROG_CC="$(HOST_CC) $(hostprog-cflags) -c -o /dev/null" \
	NOCOMPILE_GCC="$(CROSS_CC) $(nocompile-cflags) -c -o /dev/null" \
	NOCOMPILE_CLANG="$(context-cc) $(nocompile-cflags) -c -o /dev/null" \
	NOCOMPILE_CLANG_CONTEXT="$(context-cc) $(nocompile-cflags) \
		$(context-flags) $(context-not-tests) -fsyntax-only" \
	$(pytest) --junitxml=$(O)/check.xml tests/check || status=1; \
	$(PYTHON) tools/bench.py sizes $(O) || status=1; \
	$(PYTHON) tools/summary.py $(addprefix $(O)/ktap/,$(call logs-of,$(check-machines))) \
		$(O)/check.xml && exit $$status

# Nothing is compiled: the annotations alone are looked at, see <lib/cleanup.h>. The checker's
# flags are tests/check/test_nocompile.py's too.
context-dir := $(O)/context
context-cc := clang-22 $(CLANG_CFLAGS)
context-not-tests := -Wcast-qual	# const is dropped where tools/checkraw.py sees it
context-flags := -DWARN_CONTEXT_ANALYSIS -Wthread-safety -Wthread-safety-beta \
	-fexperimental-late-parse-attributes -Wthread-safety-pointer
both-cflags = $(filter-out $(CLANG_CFLAGS),$(KERNEL_CFLAGS))
nocompile-cflags = $(both-cflags) $(STRICT_CFLAGS) -Wno-missing-prototypes
# What misuses locks from end to end is not looked at.
context-not := $(wildcard tests/unit/test_lockdep*.c)
context-seen := $(patsubst %.c,$(context-dir)/%.seen,\
	$(filter-out $(context-not),$(wildcard $(obj-y:.o=.c))))
ifdef CONFIG_ARCH
$(eval $(call remember,$(O)/context.flags,$(strip $(context-cc) $(context-flags) $(KERNEL_CFLAGS))))
endif

context: $(context-seen)

$(context-dir)/%.seen: %.c $(O)/context.flags | $(O)/config.h
	@mkdir -p $(@D)
	$(call say,CONTEXT,$<)$(Q)$(context-cc) $(both-cflags) \
		$(filter-out $(LTO_CFLAGS),$(own-cflags)) $(modname) \
		$(context-flags) $(if $(filter tests/%,$<),,$(context-not-tests)) \
		-MMD -MP -MT $@ -MF $@.d -fsyntax-only $<
	@touch $@

# Instructions are counted in the release build; text_min and text_full are those of min and
# release.
bench: $(O)/config.h
	@+set -e; for config in bench bench-smp release min; do \
		$(MAKE) CONFIG=$$config O=$(O)/$$config all; done
	@+$(MAKE) CONFIG=bench O=$(O)/bench machine
	@+set -e; for cpus in 1 4; do \
		$(MAKE) CONFIG=bench-smp O=$(O)/bench-smp SMP=$$cpus machine; \
		cp $(O)/bench-smp/qemu.json $(O)/bench-smp/qemu-$$cpus.json; done
	$(Q)$(PYTHON) tools/bench.py run $(O) --compiler "$(cc-version)" $(if $(RECORD),--record) \
		$(if $(PLOT),--plot)

-include $(context-seen:=.d)
