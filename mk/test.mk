# SPDX-License-Identifier: MIT
#
# `make test`: lib on the host, the kernel's suites in QEMU, and what can be seen from outside.
# Each step runs whatever became of the others; tools/summary.py adds the results up. What is seen
# from outside waits more than it computes, and runs beside the rest.
# SUITE=list is the kernel's suite of that name, SUITE=host-list the host's,
# SUITE=tests/qemu/test_x.py a file of pytest's. CASE=x is one case of the kernel's suite, SHUFFLE=n
# the order that follows from the number. FAULT=sweep is the kernel's suites with injected
# faults, FAULT=alloc:3 with the third allocation of each case failing. SEED=n is the one order in
# which races run, SEEDS=n how many there are, in a kernel of its own (CONFIG=interleave).
#
# The kernel's suites run on two machines, by CPUs and version of the GIC: 1-2 and 4-3; 1-3 and
# 4-2 are `make check`'s. SMP=n, GIC=n or both is that machine alone.

pytests := tests/qemu
steps := host $(if $(CONFIG_KTEST),kernel) outside tools
ifneq ($(filter $(HOST_TESTS:%=host-%),$(SUITE)),)
steps := host
host-suite := HOST_TESTS=$(SUITE:host-%=%)
HOST_TESTS := $(SUITE:host-%=%)
else ifneq ($(filter tests/%,$(SUITE)),)
steps := outside
pytests := $(SUITE)
else ifneq ($(SUITE)$(CASE)$(FAULT)$(SHUFFLE)$(SEED)$(SEEDS),)
steps := kernel
endif

# What would be left out without a word, and the rest pass.
ifneq ($(filter test,$(MAKECMDGOALS)),)
of-kernel := $(if $(CASE),CASE=$(CASE)) $(if $(FAULT),FAULT=$(FAULT)) \
	$(if $(SHUFFLE),SHUFFLE=$(SHUFFLE)) $(if $(SEED),SEED=$(SEED)) \
	$(if $(SEEDS),SEEDS=$(SEEDS))
ifneq ($(if $(filter kernel,$(steps)),,$(strip $(of-kernel))),)
$(error $(strip $(of-kernel)): that is for suites of the kernel, SUITE=$(SUITE) is none)
endif
ifneq ($(if $(SUITE),,$(CASE)),)
$(error CASE=$(CASE): of which suite? Add SUITE=x)
endif
endif

# Refused by a rule: as long as config.mk is not made, no option is on.
refused := $(if $(filter kernel,$(steps)),$(if $(CONFIG_KTEST),,refused))
.PHONY: refused
refused:
	$(error CONFIG=$(CONFIG) has no suites: CONFIG_KTEST is off)

# A test that runs make starts from nothing: not with the words of this one.
not-for-tests := MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CONFIG SAN LLVM O V SUITE CASE FAULT \
	SHUFFLE SEED SEEDS SMP GIC QEMU_EXTRA
pytest := env $(not-for-tests:%=-u %) NOCLA_BUILD=$(abspath $(O)) $(PYTHON) -m pytest -q \
	-p no:cacheprovider --tb=short

# A kernel for one CPU leaves the others alone; races are between four.
test-machines := $(if $(CONFIG_INTERLEAVE),4-2,1-2 $(if $(CONFIG_SMP),4-3))
ifneq ($(SMP)$(GIC),)
test-machines := $(or $(SMP),1)-$(or $(GIC),2)
endif
check-machines := $(if $(CONFIG_KTEST),1-3 $(if $(CONFIG_SMP),4-2))

cpus-of = $(firstword $(subst -, ,$(1)))
gic-of = $(lastword $(subst -, ,$(1)))
log-name = $(or $(SUITE),virt)-smp$(cpus-of)-gic$(gic-of)
logs-of = $(foreach machine,$(1),$(call log-name,$(machine)).log)
on-machine = echo "SMP=$(cpus-of) GIC=$(gic-of)"; \
	$(call describe,$(O)/qemu-$(1).json,$(cpus-of),$(gic-of)) && \
	$(PYTHON) tools/ktest.py --machine $(O)/qemu-$(1).json --out $(O)/ktap \
	--name $(log-name) $(if $(FAULT),--fault $(FAULT) --limit 1800) \
	$(if $(SHUFFLE),--shuffle '$(SHUFFLE)') $(if $(SEED),--seed '$(SEED)') \
	$(if $(SEEDS),--seeds '$(SEEDS)' --limit 3600) $(SUITE)$(if $(CASE),.$(CASE))
on-machines = { failed=0; $(foreach machine,$(1),$(call on-machine,$(machine)) || failed=1;) \
	[ $$failed = 0 ]; }

do-host = $(MAKE) host-test $(host-suite)
do-kernel = $(call on-machines,$(test-machines))
do-outside = $(pytest) --junitxml=$(O)/ktap/outside.xml $(pytests)
do-tools = $(pytest) --junitxml=$(O)/ktap/tools.xml tests/tools

results-host = $(HOST_TESTS:%=host-%.log)
results-kernel := $(call logs-of,$(test-machines))
results-outside := outside.xml
results-tools := tools.xml

.PHONY: test stress

# Races are of a kernel of their own.
ifneq ($(if $(CONFIG_INTERLEAVE),,$(SEED)$(SEEDS)),)

test:
	@+$(MAKE) CONFIG=interleave O=$(O)/interleave test

else

with-image := $(filter kernel,$(steps))$(if $(filter outside,$(steps)),\
	$(filter-out tests/tools%,$(pytests)))
with-host := $(if $(filter host,$(steps)),$(HOST_TESTS:%=$(host-dir)/test_%))

# Told of at the end, when something else was told of meanwhile.
beside := $(if $(filter host kernel tools,$(steps)),$(filter outside,$(steps)))
begin-beside = $(do-$(beside)) >$(O)/ktap/$(beside).out 2>&1 & beside=$$!;
end-beside = wait $$beside || status=1; cat $(O)/ktap/$(beside).out;

test: $(refused) $(if $(strip $(with-image)),machine $(elf) $(img)) $(with-host) \
		$(if $(filter tools,$(steps))$(filter tests/tools%,$(pytests)),$(hostprogs))
	$(Q)rm -rf $(O)/ktap; mkdir -p $(O)/ktap
	@+status=0; $(if $(beside),$(begin-beside)) \
	$(foreach step,$(filter-out $(beside),$(steps)),$(do-$(step)) || status=1;) \
	$(if $(beside),$(end-beside)) \
	$(PYTHON) tools/summary.py \
		$(addprefix $(O)/ktap/,$(foreach step,$(steps),$(results-$(step)))) && exit $$status

endif

# Each suite of races in as many orders as SEEDS says, a MiB through the console, and binding in
# ten thousand rounds.
race-suites := $(patsubst tests/unit/test_%.c,%,$(wildcard tests/unit/test_interleave.c \
	tests/unit/test_races_*.c))
stress:
	@+status=0; NOCLA_STRESS=1 $(MAKE) SUITE=tests/qemu/test_tty.py test || status=1; \
	for suite in $(race-suites); do \
		$(MAKE) CONFIG=interleave O=$(O)/interleave SUITE=$$suite \
			SEEDS=$(or $(SEEDS),10000) test || status=1; \
	done; \
	NOCLA_ROUNDS=10000 $(MAKE) SUITE=tests/qemu/test_binding.py test || status=1; \
	exit $$status
