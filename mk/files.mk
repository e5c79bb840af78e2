# SPDX-License-Identifier: MIT
#
# What is in a build, folder by folder: obj-y always, obj-$(CONFIG_X) with the option X. Files
# are linked in this order, which is also the order of the initcalls of one level.

arch := $(CONFIG_ARCH)

# boot: reset to C
obj-y += boot/$(arch)/head.o

# hal: the machine
obj-y += hal/$(arch)/boot.o
obj-$(CONFIG_HAS_DMA) += hal/$(arch)/cache.o
obj-y += hal/$(arch)/cpu.o
obj-y += hal/$(arch)/div.o
obj-y += hal/$(arch)/entry.o
obj-y += hal/$(arch)/mmu.o
obj-y += hal/$(arch)/pmu.o
obj-y += hal/$(arch)/psci.o
obj-y += hal/$(arch)/semihost.o
obj-$(CONFIG_SMP) += hal/$(arch)/smp.o
obj-y += hal/$(arch)/string.o
obj-$(CONFIG_SMP) += hal/$(arch)/spin.o
obj-y += hal/$(arch)/traps.o
obj-y += hal/$(arch)/$(if $(CONFIG_BACKTRACE),unwind,unwind_none).o

# lib: pure C, also built for the host
obj-$(CONFIG_RANDOM) += lib/blake2s.o
obj-$(CONFIG_RANDOM) += lib/chacha.o
obj-y += lib/bitmap.o
obj-$(CONFIG_SHELL) += lib/crc32.o
obj-y += lib/errno.o
obj-y += lib/fdt.o
obj-y += lib/hexdump.o
obj-y += lib/kstrtox.o
obj-y += lib/libc.o
obj-$(CONFIG_SHELL) += lib/line_edit.o
obj-y += lib/rbtree.o
obj-y += lib/ring.o
obj-y += lib/string.o
obj-y += lib/vsprintf.o

# kernel
obj-$(CONFIG_BENCH) += kernel/bench.o
obj-y += kernel/completion.o
obj-y += kernel/condvar.o
obj-y += kernel/console.o
obj-y += kernel/cookie.o
obj-$(CONFIG_DEBUG) += kernel/err.o
obj-$(CONFIG_DEBUG_OBJECTS) += kernel/debugobjects.o
obj-$(CONFIG_FAULT_INJECTION) += kernel/fault_inject.o
obj-$(CONFIG_IO_HOOK) += kernel/io_hook.o
obj-y += kernel/hexdump.o
obj-y += kernel/hrtimer.o
obj-$(CONFIG_DEBUG_OBJECTS) += kernel/kref_debug.o
obj-y += kernel/ksyms.o
obj-y += kernel/kthread.o
obj-$(CONFIG_KTEST) += kernel/ktest.o
obj-$(CONFIG_KTEST) += kernel/ktest_case.o
obj-$(CONFIG_INTERLEAVE) += kernel/interleave.o
obj-$(CONFIG_INTERLEAVE) += kernel/ktest_interleave.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_FAULT_INJECTION)) += kernel/ktest_fault.o
obj-$(CONFIG_KTEST) += kernel/ktest_leaks.o
obj-$(CONFIG_KTEST) += kernel/kunit_check.o
obj-$(CONFIG_KTEST) += kernel/kunit_resource.o
obj-$(CONFIG_DEBUG_LIST) += kernel/list_debug.o
obj-$(CONFIG_LOCKDEP) += kernel/lockdep.o
obj-$(CONFIG_LOCKDEP) += kernel/lockdep_graph.o
obj-$(CONFIG_LOCKDEP) += kernel/lockdep_order.o
obj-$(CONFIG_LOCKDEP) += kernel/lockdep_report.o
obj-$(CONFIG_LOCKDEP) += kernel/locked_by.o
obj-y += kernel/log.o
obj-y += kernel/main.o
obj-$(CONFIG_MODULE_UNLOAD) += kernel/module.o
obj-y += kernel/mutex.o
obj-$(CONFIG_FAULT_ISOLATION) += kernel/oops.o
obj-y += kernel/olist.o
obj-y += kernel/panic.o
obj-y += kernel/params.o
obj-$(CONFIG_SMP) += kernel/percpu.o
obj-$(CONFIG_RANDOM) += kernel/random.o
obj-y += kernel/ratelimit.o
obj-y += kernel/rcu.o
obj-y += kernel/rb_map.o
obj-y += kernel/reboot.o
obj-y += kernel/ref.o
obj-y += kernel/refcount.o
obj-y += kernel/resource.o
obj-y += kernel/revocable_lock.o
obj-y += kernel/robust_mutex.o
obj-y += kernel/rwsem.o
obj-y += kernel/revocable.o
obj-y += kernel/sched.o
obj-$(CONFIG_SMP) += kernel/sched_smp.o
obj-y += kernel/sched_timeout.o
obj-y += kernel/semaphore.o
obj-y += kernel/seq_file.o
obj-$(CONFIG_LOCKDEP) += kernel/seqlock.o
obj-$(CONFIG_SMP) += kernel/smp.o
obj-$(CONFIG_SMP) += kernel/spinlock.o
obj-y += kernel/stacktrace.o
obj-$(CONFIG_STACKPROTECTOR) += kernel/stackprotector.o
obj-y += kernel/time.o
obj-y += kernel/timer.o
obj-y += kernel/timer_expire.o
obj-y += kernel/timer_wheel.o
obj-y += kernel/traps.o
obj-$(CONFIG_UBSAN) += kernel/ubsan.o
obj-y += kernel/uio.o
obj-y += kernel/vec.o
obj-y += kernel/wait.o
obj-$(CONFIG_WATCHDOG) += kernel/watchdog.o
obj-y += kernel/workqueue.o
obj-y += kernel/workqueue_pool.o
obj-y += kernel/workqueue_sync.o

# kernel/mm
obj-$(CONFIG_HAS_DMA) += kernel/mm/dma_lines.o
obj-y += kernel/mm/page_alloc.o
obj-y += kernel/mm/slab.o
obj-$(CONFIG_DEBUG_SLAB) += kernel/mm/slab_debug.o
obj-$(CONFIG_HAS_DMA) += kernel/mm/uncached.o
obj-y += kernel/mm/util.o
obj-y += kernel/mm/vmap.o

# kernel/irq
obj-y += kernel/irq/chip.o
obj-y += kernel/irq/flow.o
obj-y += kernel/irq/handle.o
obj-y += kernel/irq/irqdesc.o
obj-y += kernel/irq/irqdomain.o
obj-y += kernel/irq/manage.o
obj-y += kernel/irq/parent.o
obj-y += kernel/irq/resend.o
obj-y += kernel/irq/thread.o

# drivers/base: devices, buses, the tree
obj-y += drivers/base/bus.o
obj-y += drivers/base/core.o
obj-y += drivers/base/dd.o
obj-y += drivers/base/devres.o
obj-y += drivers/base/klist.o
obj-y += drivers/base/link.o
obj-y += drivers/base/of.o
obj-y += drivers/base/of_address.o
obj-y += drivers/base/of_iomap.o
obj-$(CONFIG_HAS_DMA) += drivers/base/of_dma.o
obj-y += drivers/base/of_irq.o
obj-y += drivers/base/amba.o
obj-y += drivers/base/clk.o
obj-$(CONFIG_HAS_DMA) += drivers/base/dma.o
obj-$(CONFIG_HAS_DMA) += drivers/base/dma_coherent.o
obj-$(CONFIG_DMA_API_DEBUG) += drivers/base/dma_debug.o
obj-y += drivers/base/irq.o
obj-y += drivers/base/irqchip.o
obj-y += drivers/base/of_platform.o
obj-y += drivers/base/platform.o

# drivers: one part, one folder; a class first
obj-y += drivers/tty/earlycon.o
obj-y += drivers/clocksource/arch_timer.o
obj-$(CONFIG_POWEROFF) += drivers/firmware/psci.o
obj-y += drivers/tty/serial_core.o
obj-y += drivers/tty/serial_line.o
obj-y += drivers/tty/serial_console.o
obj-y += drivers/tty/tty.o
obj-$(or $(CONFIG_GIC),$(CONFIG_GIC_V3)) += drivers/gic/gic_common.o
obj-$(CONFIG_GIC) += drivers/gic/gic_v2.o
obj-$(CONFIG_GIC_V3) += drivers/gic/gic_v3.o
obj-$(CONFIG_PL011) += drivers/pl011/pl011.o
obj-$(CONFIG_PL011) += drivers/pl011/pl011_early.o
obj-$(CONFIG_GPIO) += drivers/gpio/gpiolib.o
obj-$(CONFIG_PL061) += drivers/pl061/pl061.o
obj-$(CONFIG_GPIO) += drivers/gpio/gpiolib_irq.o
obj-$(CONFIG_GPIO) += drivers/gpio/gpiolib_line.o
obj-$(CONFIG_GPIO) += drivers/gpio/gpiolib_lookup.o
obj-$(CONFIG_GPIO) += drivers/gpio/gpiolib_of.o
obj-$(CONFIG_GPIO) += drivers/gpio/gpiolib_array.o
obj-$(CONFIG_GPIO_KEYS) += drivers/input/gpio_keys.o
obj-$(CONFIG_LEDS_GPIO) += drivers/leds/led_class.o
obj-$(CONFIG_LEDS_GPIO) += drivers/leds/leds_gpio.o
obj-$(CONFIG_QEMU_FW_CFG) += drivers/qemu_fw_cfg/qemu_fw_cfg.o

# shell
obj-$(CONFIG_SHELL) += shell/cmd_dev.o
obj-$(and $(CONFIG_SHELL),$(CONFIG_FAULT_INJECTION)) += shell/cmd_fault.o
obj-$(CONFIG_SHELL) += shell/cmd_gpio.o
obj-$(CONFIG_SHELL) += shell/cmd_gpiod.o
obj-$(CONFIG_SHELL) += shell/cmd_help.o
obj-$(CONFIG_SHELL) += shell/cmd_irq.o
obj-$(and $(CONFIG_SHELL),$(CONFIG_LEDS_GPIO)) += shell/cmd_led.o
obj-$(CONFIG_SHELL) += shell/cmd_log.o
obj-$(CONFIG_SHELL) += shell/cmd_mem.o
obj-$(and $(CONFIG_SHELL),$(CONFIG_MODULE_UNLOAD)) += shell/cmd_module.o
obj-$(CONFIG_SHELL) += shell/cmd_param.o
obj-$(CONFIG_SHELL) += shell/cmd_power.o
obj-$(and $(CONFIG_SHELL),$(CONFIG_RANDOM)) += shell/cmd_random.o
obj-$(CONFIG_SHELL) += shell/cmd_task.o
obj-$(CONFIG_SHELL) += shell/cmd_test.o
obj-$(and $(CONFIG_SHELL),$(CONFIG_TASK_CPU_TIME)) += shell/cmd_top.o
obj-$(CONFIG_SHELL) += shell/cmd_tty.o
obj-$(CONFIG_SHELL) += shell/shell.o

# samples
obj-$(CONFIG_SAMPLE_BUTTON) += samples/button/button.o
obj-$(CONFIG_SAMPLE_MINIMAL) += samples/minimal/minimal.o

# tests/qemu: what the tests from outside find in the kernel
obj-$(and $(CONFIG_KTEST),$(CONFIG_GPIO)) += tests/qemu/irq_probe.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_SHELL)) += tests/qemu/bind_probe.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_SHELL)) += tests/qemu/panic_probe.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_SHELL)) += tests/qemu/planted.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_SHELL)) += tests/qemu/planted_checks.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_SHELL)) += tests/qemu/planted_leaks.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_SHELL)) += tests/qemu/planted_locks.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_SHELL)) += tests/qemu/planted_oops.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_SHELL)) += tests/qemu/planted_time.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_SHELL),$(CONFIG_FAULT_INJECTION)) += tests/qemu/planted_faults.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_SHELL),$(CONFIG_SMP)) += tests/qemu/smp_probe.o

# tests/fakes: parts that a test plays
obj-$(CONFIG_KTEST) += tests/fakes/fake_pl011.o
obj-$(CONFIG_KTEST) += tests/fakes/fake_pl061.o
obj-$(CONFIG_KTEST) += tests/fakes/reg_fake.o

# tests/unit: the kernel's suites
obj-$(CONFIG_KTEST) += tests/unit/kunit_device.o
obj-$(CONFIG_KTEST) += tests/unit/test_mm.o
obj-$(CONFIG_KTEST) += tests/unit/test_kmem_cache.o
obj-$(CONFIG_KTEST) += tests/unit/test_slab.o
obj-$(CONFIG_KTEST) += tests/unit/test_mm_util.o
obj-$(CONFIG_KTEST) += tests/unit/test_hal.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_DEBUG_LIST)) += tests/unit/test_list_debug.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_DEBUG_LIST)) += tests/unit/test_rbtree_debug.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_DEBUG_SLAB)) += tests/unit/test_bad_free.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_DEBUG_SLAB)) += tests/unit/test_slab_debug.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_DEBUG_OBJECTS)) += tests/unit/test_debugobjects.o
obj-$(CONFIG_KTEST) += tests/unit/test_double_init.o
obj-$(CONFIG_KTEST) += tests/unit/test_device.o
obj-$(CONFIG_KTEST) += tests/unit/test_device_link.o
obj-$(CONFIG_KTEST) += tests/unit/test_binding.o
obj-$(CONFIG_KTEST) += tests/unit/test_deferred_probe.o
obj-$(CONFIG_KTEST) += tests/unit/test_devres.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_FAULT_INJECTION)) += tests/unit/test_fault.o
obj-$(CONFIG_KTEST) += tests/unit/test_resource.o
obj-$(CONFIG_KTEST) += tests/unit/test_amba.o
obj-$(CONFIG_KTEST) += tests/unit/test_clk.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_MODULE_UNLOAD)) += tests/unit/test_module.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_HAS_DMA)) += tests/unit/test_dma.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_DMA_API_DEBUG)) += tests/unit/test_dma_debug.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_HAS_DMA)) += tests/unit/test_dma_of.o
obj-$(CONFIG_KTEST) += tests/unit/test_mutex.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_DEBUG)) += tests/unit/test_errors.o
obj-$(CONFIG_KTEST) += tests/unit/test_params.o
obj-$(CONFIG_KTEST) += tests/unit/test_platform.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_STACKPROTECTOR)) += tests/unit/test_stackprotector.o
obj-$(CONFIG_KTEST) += tests/unit/test_rcu.o
obj-$(CONFIG_KTEST) += tests/unit/test_rcutorture.o
obj-$(CONFIG_KTEST) += tests/unit/test_ref.o
obj-$(CONFIG_KTEST) += tests/unit/test_refcount.o
obj-$(CONFIG_KTEST) += tests/unit/test_condvar.o
obj-$(CONFIG_KTEST) += tests/unit/test_nowait_lock.o
obj-$(CONFIG_KTEST) += tests/unit/test_revocable_lock.o
obj-$(CONFIG_KTEST) += tests/unit/test_robust_mutex.o
obj-$(CONFIG_KTEST) += tests/unit/test_rwsem.o
obj-$(CONFIG_KTEST) += tests/unit/test_revocable.o
obj-$(CONFIG_KTEST) += tests/unit/test_sched.o
obj-$(CONFIG_KTEST) += tests/unit/test_seqlock.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_SMP)) += tests/unit/test_smp.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_SMP)) += tests/unit/test_smp_calls.o
obj-$(CONFIG_KTEST) += tests/unit/test_wait.o
obj-$(CONFIG_KTEST) += tests/unit/test_guards_core.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_LOCKDEP)) += tests/unit/test_lockdep.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_LOCKDEP)) += tests/unit/test_lockdep_irq.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_LOCKDEP)) += tests/unit/test_lockdep_object.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_LOCKDEP)) += tests/unit/test_lockdep_places.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_LOCKDEP)) += tests/unit/test_lockdep_sleep.o
obj-$(CONFIG_KTEST) += tests/unit/test_log.o
obj-$(CONFIG_KTEST) += tests/unit/test_serial.o
obj-$(CONFIG_KTEST) += tests/unit/test_shell.o
obj-$(CONFIG_KTEST) += tests/unit/test_fairness.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_HIGH_IO)) += tests/unit/test_high_io.o
obj-$(CONFIG_KTEST) += tests/unit/test_hrtimer.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_RANDOM)) += tests/unit/test_random.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_IO_HOOK),$(CONFIG_QEMU_FW_CFG)) += tests/unit/test_qemu_fw_cfg.o
obj-$(CONFIG_KTEST) += tests/unit/test_timer.o
obj-$(CONFIG_KTEST) += tests/unit/test_timer_shutdown.o
obj-$(CONFIG_KTEST) += tests/unit/test_full_ids.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_DEBUG)) += tests/unit/test_bad_input.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_DEBUG)) += tests/unit/test_bad_input_context.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_DEBUG)) += tests/unit/test_bad_input_mm.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_DEBUG_OBJECTS)) += tests/unit/test_bad_input_objects.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_DEBUG_OBJECTS)) += tests/unit/test_bad_input_null.o
obj-$(CONFIG_KTEST) += tests/unit/test_vec.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_WATCHDOG)) += tests/unit/test_watchdog.o
obj-$(CONFIG_KTEST) += tests/unit/test_workqueue.o
obj-$(CONFIG_KTEST) += tests/unit/test_workqueue_life.o
obj-$(CONFIG_KTEST) += tests/unit/test_workqueue_spawn.o
obj-$(CONFIG_KTEST) += tests/unit/test_workqueue_sync.o
obj-$(CONFIG_KTEST) += tests/unit/test_workqueue_smp.o
obj-$(CONFIG_KTEST) += tests/unit/test_cookie.o
obj-$(CONFIG_KTEST) += tests/unit/test_defer.o
obj-$(CONFIG_KTEST) += tests/unit/test_noop_consumers.o
obj-$(CONFIG_KTEST) += tests/unit/test_olist.o
obj-$(CONFIG_KTEST) += tests/unit/test_percpu.o
obj-$(CONFIG_KTEST) += tests/unit/test_pinned.o
obj-$(CONFIG_KTEST) += tests/unit/test_bitmap.o
obj-$(CONFIG_KTEST) += tests/unit/test_rb_map.o
obj-$(CONFIG_KTEST) += tests/unit/test_rbtree.o
obj-$(CONFIG_KTEST) += tests/unit/test_uio.o
obj-$(CONFIG_KTEST) += tests/unit/test_guard.o
obj-$(CONFIG_KTEST) += tests/unit/test_init.o
obj-$(CONFIG_KTEST) += tests/unit/test_locked_by.o
obj-$(CONFIG_KTEST) += tests/unit/test_irq.o
obj-$(CONFIG_KTEST) += tests/unit/test_irq_count.o
obj-$(CONFIG_KTEST) += tests/unit/test_irq_flow.o
obj-$(CONFIG_KTEST) += tests/unit/test_irq_gone.o
obj-$(CONFIG_KTEST) += tests/unit/test_irq_line.o
obj-$(CONFIG_KTEST) += tests/unit/test_irq_order.o
obj-$(CONFIG_KTEST) += tests/unit/test_irq_sync.o
obj-$(CONFIG_KTEST) += tests/unit/test_irq_thread.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_PL011)) += tests/unit/pl011_device.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_PL011)) += tests/unit/test_pl011.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_PL011)) += tests/unit/test_pl011_line.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_GPIO)) += tests/unit/test_gpio.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_GPIO)) += tests/unit/test_gpio_array.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_GPIO)) += tests/unit/test_gpio_chip.o
obj-$(CONFIG_KTEST) += tests/unit/test_irqdomain.o
obj-$(CONFIG_KTEST) += tests/unit/test_gic.o
obj-$(CONFIG_INTERLEAVE) += tests/unit/test_interleave.o
obj-$(CONFIG_INTERLEAVE) += tests/unit/test_races_claim.o
obj-$(CONFIG_INTERLEAVE) += tests/unit/test_races_device.o
obj-$(and $(CONFIG_INTERLEAVE),$(CONFIG_GPIO)) += tests/unit/test_races_gpio.o
obj-$(CONFIG_INTERLEAVE) += tests/unit/test_races_irq.o
obj-$(CONFIG_INTERLEAVE) += tests/unit/test_races_locks.o
obj-$(CONFIG_INTERLEAVE) += tests/unit/test_races_rcu.o
obj-$(CONFIG_INTERLEAVE) += tests/unit/test_races_sync.o
obj-$(CONFIG_INTERLEAVE) += tests/unit/test_races_tasks.o
obj-$(CONFIG_INTERLEAVE) += tests/unit/test_races_work.o
obj-$(CONFIG_KTEST) += tests/unit/test_kill.o
obj-$(CONFIG_KTEST) += tests/unit/test_klist.o
obj-$(CONFIG_KTEST) += tests/unit/test_kref.o
obj-$(CONFIG_KTEST) += tests/unit/test_kthread.o
obj-$(CONFIG_KTEST) += tests/unit/test_libc.o
obj-$(CONFIG_KTEST) += tests/unit/test_ktest.o
obj-$(CONFIG_KTEST) += tests/unit/test_kunit.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_PL061)) += tests/unit/test_pl061.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_IO_HOOK)) += tests/unit/test_io.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_IO_HOOK)) += tests/unit/test_io_mem.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_IO_HOOK)) += tests/unit/test_reg_fake.o
obj-$(and $(CONFIG_KTEST),$(CONFIG_UBSAN)) += tests/unit/test_ubsan.o

# tests/bench
obj-$(and $(CONFIG_BENCH),$(CONFIG_GPIO)) += tests/bench/bench_gpio.o
obj-$(CONFIG_BENCH) += tests/bench/bench_flat.o
obj-$(CONFIG_BENCH) += tests/bench/bench_idle.o
obj-$(CONFIG_BENCH) += tests/bench/bench_irq.o
obj-$(CONFIG_BENCH) += tests/bench/bench_locks.o
obj-$(CONFIG_BENCH) += tests/bench/bench_mm.o
obj-$(CONFIG_BENCH) += tests/bench/bench_sched.o
obj-$(and $(CONFIG_BENCH),$(CONFIG_SMP)) += tests/bench/bench_smp.o
obj-$(CONFIG_BENCH) += tests/bench/bench_thread_metric.o
obj-$(CONFIG_BENCH) += tests/bench/bench_timer.o
obj-$(and $(CONFIG_BENCH),$(CONFIG_PL011)) += tests/bench/bench_uart.o
obj-$(CONFIG_BENCH) += tests/bench/bench_work.o

# A kernel for races has no other suites: some of them are about the lock checker, which it lacks.
races := tests/unit/test_interleave.o tests/unit/test_races_%.o
ifdef CONFIG_INTERLEAVE
obj-y := $(filter-out $(filter-out $(races),$(filter tests/unit/test_%,$(obj-y))),$(obj-y))
endif
