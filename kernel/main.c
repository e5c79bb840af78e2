/* SPDX-License-Identifier: MIT */
/*
 * The boot, as a list.
 *
 * main() runs on the boot stack as the idle task of the first processor: it
 * reads the tree, brings up a console, memory and the scheduler, and starts
 * kernel_init(). All else is an initcall: those of level 0 run before there is
 * memory, the others in the init task, which may sleep.
 */
#include <hal/arch_timer.h>
#include <hal/boot.h>
#include <hal/cpu.h>
#include <hal/irqflags.h>
#include <hal/memory.h>
#include <hal/semihost.h>
#include <kernel/boot.h>
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/init.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/module.h>
#include <kernel/moduleparam.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/random.h>
#include <kernel/reboot.h>
#include <kernel/sched.h>
#include <kernel/stackprotector.h>
#include <kernel/timekeeping.h>
#include <kernel/timer.h>
#include <kernel/version.h>
#include <kernel/workqueue.h>
#include <lib/err.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/bench.h>
#include <test/kunit.h>

#define MAX_BANKS	16
#define MAX_RESERVED	32

struct fdt_tree device_tree;

/* Written before it is read: need not be cleared. */
static u8 tree_arena[CONFIG_TREE_ARENA_KB << 10] __section(".noinit") __aligned(8);

struct bank_list {
	struct mem_range range[MAX_RESERVED];
	unsigned int nr;
};

static_assert(MAX_BANKS <= MAX_RESERVED);

static int add_bank(u64 base, u64 size, const struct device_node *node, void *arg)
{
	struct bank_list *list = arg;

	if (list->nr == ARRAY_SIZE(list->range))
		panic("memory: no room for the range at %llx", base);
	list->range[list->nr++] = mem_range_of(base, size,
					       node && fdt_node_property(node, "no-map"));
	return 0;
}

static void memory_setup(const struct hal_boot_info *boot)
{
	struct bank_list ram = { .nr = 0 }, reserved = { .nr = 0 };

	fdt_scan_memory(&device_tree, add_bank, &ram);
	fdt_scan_reserved(&device_tree, add_bank, &reserved);
	add_bank(boot->tree_phys, device_tree.blob_size, NULL, &reserved);
	if (mm_init(ram.range, ram.nr, reserved.range, reserved.nr))
		panic("the device tree names no memory that can be used");
}

/* Leaves the tree's root NULL, and the reason in `err`, when it is there and damaged. */
static void tree_setup(const struct hal_boot_info *boot, struct fdt_error *err)
{
	int ret;

	if (!boot->tree)
		return;
	ret = fdt_unflatten(&device_tree, boot->tree, boot->tree_room, tree_arena,
			    sizeof(tree_arena), err);
	if (ret)
		device_tree.root = NULL;
}

/* The generic timer's clock-frequency; 0 without. Its node has no unit address. */
static u32 tree_timer_rate(void)
{
	const struct device_node *timer;
	const struct property *rate;
	const char *compatible;

	timer = device_tree.root ? fdt_node_child(device_tree.root, "timer") : NULL;
	compatible = timer ? fdt_node_string(timer, "compatible") : NULL;
	if (!compatible || strncmp(compatible, "arm,armv", 8) != 0)
		return 0;
	rate = fdt_node_property(timer, "clock-frequency");
	return rate && rate->length == sizeof(u32) ? be32_to_cpup(rate->value) : 0;
}

static void run_initcalls(const initcall_t *from, const initcall_t *to)
{
	for (; from < to; from++) {
		int err = (*from)();

		if (err)
			pr_err("initcall %ps failed: %pe\n", (void *)*from, ERR_PTR(err));
		else
			module_has_begun(*from);
	}
}

extern const initcall_t __initcall_early[], __initcall_start[], __initcall_end[];

/* What this boot was for is done: `err` becomes the exit status if somebody waits for one. */
static void __noreturn end_boot(int err)
{
	console_sync();
	hal_semihost_exit(err ? 1 : 0);
	kernel_power_off();
}

/* "ktest" or "ktest=suite" on the command line: the tests are what this boot is for. */
static void run_tests(void)
{
	const char *filter = kunit_boot_filter();
	int err;

	if (!filter)
		return;
	err = kunit_run_suites(*filter ? filter : NULL);
	if (err == -ENOENT)
		pr_err("ktest: no suite named %s%s\n", filter,
		       strchr(filter, '.') ? ", or it has no such case" : "");
	end_boot(err);
}

/*
 * "bench" or "bench=case" on the command line: this boot is for the figures. It is over when
 * nobody has anything to do: the shell waits at its prompt.
 */
static void run_benchmarks(void)
{
	const char *name = bench_boot_case();

	bench_settle();
	bench_boot_mark("reset_to_prompt");
	if (name)
		end_boot(bench_run_cases(*name ? name : NULL));
}

static int kernel_init(void *unused)
{
	(void)unused;
	params_init();
	run_initcalls(__initcall_start, __initcall_end);
	if (IS_ENABLED(CONFIG_KTEST))
		run_tests();
	if (IS_ENABLED(CONFIG_BENCH))
		run_benchmarks();
	return 0;
}

typedef void (*constructor_t)(void);

extern const constructor_t __init_array_start[], __init_array_end[];

/*
 * What the compiler wants to have run before anything else: a sanitizer's registration of
 * globals, functions with __attribute__((constructor)). There is no task, no memory and no
 * console yet. What is ours is initialised by constants and needs none of it.
 */
static void run_constructors(void)
{
	for (const constructor_t *fn = __init_array_start; fn < __init_array_end; fn++)
		(*fn)();
}

void main(const struct hal_boot_info *boot)
	__must_hold(role_irqs_off)
{
	struct fdt_error tree_error = { .reason = NULL };
	struct task_struct *init;
	int timer_error;

	run_constructors();
	if (IS_ENABLED(CONFIG_BENCH))
		bench_boot_mark("reset_to_main");
	sched_init();
	tree_setup(boot, &tree_error);
	timer_error = arch_timer_init(tree_timer_rate());
	if (!timer_error)
		timers_init();
	if (IS_ENABLED(CONFIG_STACKPROTECTOR))
		__stack_chk_guard = stack_canary(device_tree.root);
	params_setup();
	run_initcalls(__initcall_early, __initcall_start);
	pr_notice("nocla %s on %s\n", NOCLA_VERSION, hal_cpu_name());
	if (!boot->tree)
		panic("device tree: %s", boot->tree_error);
	if (!device_tree.root)
		panic("device tree: %s: 0x%x at offset 0x%x", tree_error.reason, tree_error.value,
		      tree_error.offset);
	if (timer_error == -ENODEV)
		panic("this %s has no generic timer, the only one that is driven", hal_cpu_name());
	if (timer_error)
		panic("the generic timer's rate is neither in CNTFRQ nor in the device tree");
	memory_setup(boot);
	percpu_init();
	if (IS_ENABLED(CONFIG_RANDOM))
		random_init(&device_tree, boot->tree_phys);
	local_irq_enable();
	init = kthread_run(kernel_init, NULL, "init");
	if (IS_ERR(init))
		panic("no memory for the first task");
	cpu_idle_loop();
}
