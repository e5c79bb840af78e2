/* SPDX-License-Identifier: MIT */
/*
 * A controller that goes while its lines' users do something with them. They do it in what the
 * core calls on the way: another task would do it while the core sleeps there.
 */
#include <kernel/completion.h>
#include <kernel/irq.h>
#include <kernel/irqdomain.h>
#include <kernel/sched.h>
#include <test/kunit.h>

#include "fake_irq.h"
#include "threads.h"

static void (*meanwhile)(void);

/* The lines are silenced, the controller is still there. */
static void going_release_resources(struct irq_data *d)
{
	fake_release_resources(d);
	if (meanwhile)
		meanwhile();
}

/* ---- what a user switches on ---- */

static const struct irq_chip going_chip = {
	.name = "going",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_set_wake = fake_set_wake,
	.irq_release_resources = going_release_resources,
	.flags = IRQCHIP_IMMUTABLE,
};

static void enable_line(void)
{
	note("enable");
	enable_irq(fake.irq);
}

static void line_that_is_enabled_while_its_controller_goes_stays_masked(struct kunit *test)
{
	take_line(test, &going_chip, handle_level_irq);
	disable_irq(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "mask");
	meanwhile = enable_line;
	irq_dispose_mapping(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "give enable");
	/* It is counted all the same. */
	KUNIT_EXPECT_WARNINGS(test, 1, enable_irq(fake.irq));
	disable_irq(fake.irq);
	enable_irq(fake.irq);
	free_irq(fake.irq, &fake);
	KUNIT_EXPECT_NULL(test, irq_to_desc(fake.irq));
}

static void disable_wake(void)
{
	note("disable");
	disable_irq_wake(fake.irq);
}

static void wake_up_is_undone_once_when_its_controller_goes(struct kunit *test)
{
	take_line(test, &going_chip, handle_level_irq);
	KUNIT_EXPECT_EQ(test, enable_irq_wake(fake.irq), 0);
	noted();
	meanwhile = disable_wake;
	irq_dispose_mapping(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "nowake mask give disable");
	free_irq(fake.irq, &fake);
}

/* ---- what each CPU has for itself ---- */

static struct {
	bool unmasked[CONFIG_NR_CPUS];
	unsigned int enabled_late;
} own;

static void own_mask(struct irq_data *d)
{
	(void)d;
	own.unmasked[smp_processor_id()] = false;
}

static void own_unmask(struct irq_data *d)
{
	(void)d;
	own.unmasked[smp_processor_id()] = true;
}

static const struct irq_chip own_chip = {
	.name = "own",
	.irq_mask = own_mask,
	.irq_unmask = own_unmask,
	.irq_release_resources = going_release_resources,
	.flags = IRQCHIP_IMMUTABLE,
};

static int enable_own(void *unused)
{
	(void)unused;
	enable_percpu_irq(fake.irq, IRQ_TYPE_NONE);
	return 0;
}

static void enable_own_late(void)
{
	enable_percpu_irq(fake.irq, IRQ_TYPE_NONE);
	own.enabled_late += own.unmasked[smp_processor_id()];
}

static void line_of_each_cpu_is_masked_there_when_its_controller_goes(struct kunit *test)
{
	unsigned int cpus = num_online_cpus();

	memset(&own, 0, sizeof(own));
	irq_set_chip_and_handler(fake.irq, &own_chip, handle_percpu_devid_irq);
	irq_set_percpu_devid(fake.irq);
	KUNIT_ASSERT_EQ(test, request_percpu_irq(fake.irq, handler, "test", &fake), 0);
	for (unsigned int cpu = 0; cpu < cpus; cpu++) {
		kthread_join(start_thread_on(test, cpu, enable_own, NULL));
		KUNIT_EXPECT_TRUE(test, own.unmasked[cpu]);
	}
	meanwhile = enable_own_late;
	irq_dispose_mapping(fake.irq);
	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		KUNIT_EXPECT_FALSE(test, own.unmasked[cpu]);
	KUNIT_EXPECT_EQ(test, own.enabled_late, 0);
	KUNIT_EXPECT_STREQ(test, noted(), "give");
	free_percpu_irq(fake.irq, &fake);
	KUNIT_EXPECT_NULL(test, irq_to_desc(fake.irq));
}

/* ---- who has the bus ---- */

static struct {
	struct task_struct *user;
	struct completion inside;
	struct irq_domain *seen;	/* of the chip's data, when the bus was given back */
} bus;

/* On its way to the bus the user sleeps. */
static void slow_bus_lock(struct irq_data *d)
{
	fake_bus_lock(d);
	if (current != bus.user)
		return;
	complete(&bus.inside);
	schedule_timeout_uninterruptible(2);
}

static void slow_bus_sync(struct irq_data *d)
{
	fake_bus_sync(d);
	bus.seen = irq_data_get_irq_chip_data(d);
}

static const struct irq_chip slow_chip = {
	.name = "slow",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_bus_lock = slow_bus_lock,
	.irq_bus_sync_unlock = slow_bus_sync,
	.irq_release_resources = going_release_resources,
	.flags = IRQCHIP_IMMUTABLE,
};

static int disable_line(void *unused)
{
	(void)unused;
	disable_irq_nosync(fake.irq);
	return 0;
}

static void let_user_in(void)
{
	wake_up_process(bus.user);
	wait_for_completion(&bus.inside);
}

static void bus_taken_while_the_controller_goes_is_given_back(struct kunit *test)
{
	take_line(test, &slow_chip, handle_level_irq);
	irq_set_chip_data(fake.irq, fake.domain);
	init_completion(&bus.inside);
	bus.seen = NULL;
	bus.user = new_thread(test, disable_line, NULL);
	meanwhile = let_user_in;
	irq_dispose_mapping(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "bus_lock mask bus_sync give bus_lock bus_sync");
	KUNIT_EXPECT_PTR_EQ(test, bus.seen, fake.domain);
	free_irq(fake.irq, &fake);
	KUNIT_EXPECT_STREQ(test, noted(), "");
	KUNIT_EXPECT_NULL(test, irq_to_desc(fake.irq));
}

/* ---- who frees the descriptor ---- */

/* The lines are silenced and have no chip. */
static void going_unmap(struct irq_domain *d, unsigned int virq)
{
	(void)d;
	(void)virq;
	note("unmap");
	if (meanwhile)
		meanwhile();
}

static const struct irq_domain_ops going_ops = { .map = fake_map, .unmap = going_unmap };

static void free_line(void)
{
	free_irq(fake.irq, &fake);
}

static void line_freed_while_it_is_unmapped_goes_once(struct kunit *test)
{
	struct irq_domain *going = irq_domain_create_linear(NULL, LINES, &going_ops, NULL);

	KUNIT_ASSERT_NOT_NULL(test, going);
	irq_domain_remove(fake.domain);
	fake.domain = going;
	fake.irq = irq_create_mapping(fake.domain, 0);
	KUNIT_ASSERT_NE(test, fake.irq, 0);
	take_line(test, &fake_chip, handle_level_irq);
	meanwhile = free_line;
	irq_dispose_mapping(fake.irq);
	KUNIT_EXPECT_STREQ(test, noted(), "mask unmap");
	KUNIT_EXPECT_NULL(test, irq_to_desc(fake.irq));
}

/* ---- who is at a controller further in ---- */

#define LOOKS		100000u		/* while the other CPU comes to freeing, if it does */

static struct {
	struct irq_domain *inner, *outer;
	unsigned int irq, seen;
	bool is_inside;
} far;

/* In the middle of it the line's data would be freed. */
static int far_get_state(struct irq_data *d, enum irqchip_irq_state which, bool *state)
{
	(void)which;
	smp_store_release(&far.is_inside, true);
	far.seen = far.irq;
	for (unsigned int i = 0; i < LOOKS && far.seen == far.irq; i++) {
		cpu_relax();
		far.seen = READ_ONCE(d->irq);
	}
	*state = true;
	return 0;
}

static const struct irq_chip far_chip = {
	.name = "far",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_eoi = fake_eoi,
	.irq_get_irqchip_state = far_get_state,
	.flags = IRQCHIP_IMMUTABLE,
};

static int look_at_state(void *unused)
{
	bool state = false;

	(void)unused;
	return irq_get_irqchip_state(far.irq, IRQCHIP_STATE_PENDING, &state);
}

static int far_alloc(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs, void *arg)
{
	(void)nr_irqs;
	(void)arg;
	irq_domain_set_info(d, virq, 1, &far_chip, NULL, handle_fasteoi_irq, NULL, NULL);
	return 0;
}

static void far_free(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs)
{
	(void)d;
	(void)virq;
	(void)nr_irqs;
}

static int near_alloc(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs, void *arg)
{
	int ret = irq_domain_alloc_irqs_parent(d, virq, nr_irqs, arg);

	return ret ? ret : irq_domain_set_hwirq_and_chip(d, virq, 1, &fake_eoi_chip, NULL);
}

/* The line is revoked, its data is there still. */
static void near_free(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs)
{
	(void)d;
	(void)virq;
	(void)nr_irqs;
	if (meanwhile)
		meanwhile();
}

static const struct irq_domain_ops far_ops = { .alloc = far_alloc, .free = far_free };
static const struct irq_domain_ops near_ops = { .alloc = near_alloc, .free = near_free };

static struct task_struct *looker;

static void let_looker_in(void)
{
	wake_up_process(looker);
	spin_until(smp_load_acquire(&far.is_inside));
}

static void remove_domain(void *domain)
{
	irq_domain_remove(domain);
}

/* With the lines that it still has. */
static void remove_after(struct kunit *test, struct irq_domain *domain)
{
	KUNIT_ASSERT_NOT_NULL(test, domain);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, remove_domain, domain), 0);
}

static void data_that_is_looked_at_is_not_freed(struct kunit *test)
{
	int irq;

	NEEDS_TWO_CPUS(test);
	memset(&far, 0, sizeof(far));
	far.inner = irq_domain_create_tree(NULL, &far_ops, NULL);
	remove_after(test, far.inner);
	far.outer = irq_domain_create_hierarchy(far.inner, 0, LINES, NULL, &near_ops, NULL);
	remove_after(test, far.outer);
	irq = irq_domain_alloc_irqs(far.outer, 1, NUMA_NO_NODE, NULL);
	KUNIT_ASSERT_GT(test, irq, 0);
	far.irq = (unsigned int)irq;
	looker = new_thread(test, look_at_state, NULL);
	kthread_bind(looker, 1);
	meanwhile = let_looker_in;
	irq_domain_free_irqs(far.irq, 1);
	KUNIT_EXPECT_EQ(test, kthread_join(looker), 0);
	KUNIT_EXPECT_TRUE(test, far.is_inside);
	KUNIT_EXPECT_EQ(test, far.seen, far.irq);
}

/* ---- who counts actions ---- */

static bool line_is_held;

static unsigned long count_handlers(void)
{
	for_each_table_entry(kunit_counters, counter)
		if (strcmp(counter->name, "interrupt handlers") == 0)
			return counter->read();
	return 0;
}

/* For as long as it has the line locked there is an action more. */
static int hold_line(void *unused)
{
	static struct irqaction extra;
	struct irq_desc *desc = irq_to_desc(fake.irq);

	(void)unused;
	guard(raw_spinlock_irqsave)(&desc->lock);
	desc->action->next = &extra;
	smp_store_release(&line_is_held, true);
	for (unsigned int i = 0; i < LOOKS; i++)
		cpu_relax();
	WRITE_ONCE(desc->action->next, NULL);
	return 0;
}

/* As the runner does between cases: an action that is looked at is not freed meanwhile. */
static void handlers_are_counted_with_their_line_locked(struct kunit *test)
{
	struct task_struct *t;
	unsigned long before;

	NEEDS_TWO_CPUS(test);
	line_is_held = false;
	take_line(test, &fake_chip, handle_level_irq);
	before = count_handlers();
	t = start_thread_on(test, 1, hold_line, NULL);
	KUNIT_EXPECT_TRUE(test, spin_until(smp_load_acquire(&line_is_held)));
	KUNIT_EXPECT_EQ(test, count_handlers(), before);
	KUNIT_EXPECT_EQ(test, kthread_join(t), 0);
	give_line();
}

static const struct kunit_case irq_gone_cases[] = {
	KUNIT_CASE(line_that_is_enabled_while_its_controller_goes_stays_masked),
	KUNIT_CASE(wake_up_is_undone_once_when_its_controller_goes),
	KUNIT_CASE(line_of_each_cpu_is_masked_there_when_its_controller_goes),
	KUNIT_CASE(bus_taken_while_the_controller_goes_is_given_back),
	KUNIT_CASE(line_freed_while_it_is_unmapped_goes_once),
	KUNIT_CASE(data_that_is_looked_at_is_not_freed),
	KUNIT_CASE(handlers_are_counted_with_their_line_locked),
	{}
};

static int going_init(struct kunit *test)
{
	meanwhile = NULL;
	return irq_case_init(test);
}

static struct kunit_suite irq_gone_suite = {
	.name = "irq_gone",
	.init = going_init,
	.exit = irq_case_exit,
	.test_cases = irq_gone_cases,
};
kunit_test_suite(irq_gone_suite);
