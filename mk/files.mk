# SPDX-License-Identifier: MIT
#
# What is in a build, folder by folder: obj-y always, obj-$(CONFIG_X) with the option X. Files
# are linked in this order, which is also the order of the initcalls of one level.

arch := $(CONFIG_ARCH)

# boot: reset to C
obj-y += boot/$(arch)/head.o

# hal: the machine
obj-y += hal/$(arch)/boot.o
obj-y += hal/$(arch)/cpu.o
obj-y += hal/$(arch)/entry.o
obj-y += hal/$(arch)/mmu.o
obj-y += hal/$(arch)/pmu.o
obj-y += hal/$(arch)/psci.o
obj-y += hal/$(arch)/semihost.o
obj-y += hal/$(arch)/traps.o
obj-y += hal/$(arch)/unwind.o

# lib: pure C, also built for the host
obj-y += lib/errno.o
obj-y += lib/fdt.o
obj-y += lib/kstrtox.o
obj-y += lib/ring.o
obj-y += lib/string.o
obj-y += lib/vsprintf.o

# kernel
obj-$(CONFIG_BENCH) += kernel/bench.o
obj-y += kernel/completion.o
obj-y += kernel/console.o
obj-$(CONFIG_IO_HOOK) += kernel/io_hook.o
obj-y += kernel/ksyms.o
obj-y += kernel/kthread.o
obj-$(CONFIG_KTEST) += kernel/ktest.o
obj-y += kernel/log.o
obj-y += kernel/main.o
obj-y += kernel/mutex.o
obj-y += kernel/panic.o
obj-y += kernel/params.o
obj-y += kernel/reboot.o
obj-y += kernel/refcount.o
obj-y += kernel/resource.o
obj-y += kernel/sched.o
obj-y += kernel/semaphore.o
obj-y += kernel/seq_file.o
obj-y += kernel/time.o
obj-y += kernel/timer.o
obj-y += kernel/traps.o
obj-y += kernel/wait.o
obj-y += kernel/workqueue.o

# kernel/mm
obj-y += kernel/mm/page_alloc.o
obj-y += kernel/mm/slab.o
obj-y += kernel/mm/vmap.o

# kernel/irq
obj-y += kernel/irq/chip.o
obj-y += kernel/irq/handle.o
obj-y += kernel/irq/irqdesc.o
obj-y += kernel/irq/irqdomain.o
obj-y += kernel/irq/manage.o
obj-y += kernel/irq/resend.o

# drivers/base: devices, buses, the tree
obj-y += drivers/base/bus.o
obj-y += drivers/base/core.o
obj-y += drivers/base/dd.o
obj-y += drivers/base/devres.o
obj-y += drivers/base/klist.o
obj-y += drivers/base/of.o
obj-y += drivers/base/of_address.o
obj-y += drivers/base/of_iomap.o
obj-y += drivers/base/of_irq.o
obj-y += drivers/base/amba.o
obj-y += drivers/base/clk.o
obj-y += drivers/base/irq.o
obj-y += drivers/base/irqchip.o
obj-y += drivers/base/of_platform.o
obj-y += drivers/base/platform.o

# drivers: one part, one folder; a class first
obj-y += drivers/tty/earlycon.o
obj-y += drivers/clocksource/arch_timer.o
obj-$(CONFIG_POWEROFF) += drivers/firmware/psci.o
obj-y += drivers/tty/serial_core.o
obj-y += drivers/tty/serial_console.o
obj-y += drivers/tty/tty.o
obj-$(CONFIG_GIC) += drivers/gic/gic_v2.o
obj-$(CONFIG_PL011) += drivers/pl011/pl011.o
obj-$(CONFIG_PL011) += drivers/pl011/pl011_early.o

# shell

# samples

# tests/unit: the kernel's suites
obj-$(CONFIG_KTEST) += tests/unit/test_mm.o

# tests/bench
