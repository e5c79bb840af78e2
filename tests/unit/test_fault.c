/* SPDX-License-Identifier: MIT */
/*
 * Injected faults: which request fails, whose requests count, and what a failure looks like.
 */
#include <kernel/fault-inject.h>

#include <drivers/device.h>
#include <kernel/delay.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/irqdomain.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <kernel/workqueue.h>
#include <test/kunit.h>

static struct fault_group *group;

static int fault_case_init(struct kunit *test)
{
	(void)test;
	group = fault_group_create(1);
	return group ? 0 : -EBUSY;
}

/* The case's task has left with its end. */
static void fault_case_exit(struct kunit *test)
{
	(void)test;
	fault_set_times(FAULT_NO_LIMIT);
	fault_stop(group);
	fault_group_put(group);
}

static void fail_nth(enum fault_point point, unsigned int nth)
{
	fault_set(group, point, &(struct fault_plan){ .nth = nth });
	fault_join(current, group);
}

static unsigned int seen(enum fault_point point)
{
	struct fault_stats stats;

	fault_get_stats(group, point, &stats);
	return stats.seen;
}

static unsigned int failed(enum fault_point point)
{
	struct fault_stats stats;

	fault_get_stats(group, point, &stats);
	return stats.failed;
}

static bool allocates(void)
{
	void *p = kmalloc(16, GFP_KERNEL);

	kfree(p);
	return p;
}

static void the_nth_request_fails_and_no_other(struct kunit *test)
{
	fail_nth(FAULT_ALLOC, 3);
	KUNIT_EXPECT_TRUE(test, allocates());
	KUNIT_EXPECT_TRUE(test, allocates());
	KUNIT_EXPECT_FALSE(test, allocates());
	KUNIT_EXPECT_TRUE(test, allocates());
	KUNIT_EXPECT_EQ(test, seen(FAULT_ALLOC), 4);
	KUNIT_EXPECT_EQ(test, failed(FAULT_ALLOC), 1);
}

static void points_are_apart(struct kunit *test)
{
	fail_nth(FAULT_IRQ, 1);
	KUNIT_EXPECT_TRUE(test, allocates());
	KUNIT_EXPECT_EQ(test, failed(FAULT_ALLOC), 0);
	KUNIT_EXPECT_TRUE(test, should_fail(FAULT_IRQ));
}

static void who_has_left_is_not_failed(struct kunit *test)
{
	fail_nth(FAULT_ALLOC, 1);
	fault_join(current, NULL);
	KUNIT_EXPECT_TRUE(test, allocates());
	KUNIT_EXPECT_EQ(test, seen(FAULT_ALLOC), 0);
}

static void a_stopped_group_keeps_its_counts(struct kunit *test)
{
	fail_nth(FAULT_ALLOC, 1);
	KUNIT_EXPECT_FALSE(test, allocates());
	fault_set(group, FAULT_REGISTER, &(struct fault_plan){ .percent = 100 });
	fault_stop(group);
	KUNIT_EXPECT_FALSE(test, should_fail(FAULT_REGISTER));
	KUNIT_EXPECT_EQ(test, failed(FAULT_ALLOC), 1);
}

/* What a thread of ours found. */
struct found {
	bool allocated;
	struct completion go;
};

static int allocating_thread(void *data)
{
	struct found *found = data;

	wait_for_completion(&found->go);
	found->allocated = allocates();
	return 0;
}

static void run_thread(struct kunit *test, struct found *found, bool before_joining)
{
	struct task_struct *task = NULL;

	init_completion(&found->go);
	if (before_joining)
		task = kthread_run(allocating_thread, found, "outsider");
	fault_set(group, FAULT_ALLOC, &(struct fault_plan){ .nth = 0 });
	fault_join(current, group);
	if (!before_joining)
		task = kthread_run(allocating_thread, found, "insider");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	fault_set(group, FAULT_ALLOC, &(struct fault_plan){ .percent = 100 });
	get_task_struct(task);
	complete(&found->go);
	kthread_join(task);
	put_task_struct(task);
	fault_stop(group);
}

static void a_task_outside_is_not_failed(struct kunit *test)
{
	struct found found = { .allocated = false };

	run_thread(test, &found, true);
	KUNIT_EXPECT_TRUE(test, found.allocated);
	KUNIT_EXPECT_EQ(test, seen(FAULT_ALLOC), 0);
}

static void what_a_member_creates_is_a_member(struct kunit *test)
{
	struct found found = { .allocated = true };

	run_thread(test, &found, false);
	KUNIT_EXPECT_FALSE(test, found.allocated);
	KUNIT_EXPECT_EQ(test, failed(FAULT_ALLOC), 1);
}

struct allocating_work {
	struct work_struct work;
	bool allocated;
};

static void allocating_work_fn(struct work_struct *work)
{
	container_of(work, struct allocating_work, work)->allocated = allocates();
}

static void an_item_on_the_systems_queue_is_not_failed(struct kunit *test)
{
	struct allocating_work item = { .allocated = false };

	INIT_WORK_ONSTACK(&item.work, allocating_work_fn);
	fail_nth(FAULT_ALLOC, 1);
	queue_work(system_wq, &item.work);
	flush_work(&item.work);
	KUNIT_EXPECT_TRUE(test, item.allocated);
	KUNIT_EXPECT_EQ(test, seen(FAULT_ALLOC), 0);
}

static void an_item_on_a_members_queue_is_failed(struct kunit *test)
{
	struct allocating_work item = { .allocated = true };
	struct workqueue_struct *wq;

	INIT_WORK_ONSTACK(&item.work, allocating_work_fn);
	fault_join(current, group);
	wq = alloc_workqueue("fault", 0, 0);
	KUNIT_ASSERT_NOT_NULL(test, wq);
	fail_nth(FAULT_ALLOC, 1);
	queue_work(wq, &item.work);
	destroy_workqueue(wq);
	KUNIT_EXPECT_FALSE(test, item.allocated);
}

static bool allocated_in_irq;

static void allocating_timer_fn(struct timer_list *timer)
{
	void *p = kmalloc(16, GFP_ATOMIC);

	(void)timer;
	allocated_in_irq = p;
	kfree(p);
}

static void allocate_in_irq(const struct fault_plan *plan)
{
	struct timer_list timer;

	timer_setup_on_stack(&timer, allocating_timer_fn, 0);
	fault_set(group, FAULT_ALLOC, plan);
	fault_join(current, group);
	mod_timer(&timer, jiffies + 1);
	while (timer_pending(&timer))
		cpu_relax();		/* the handler runs on top of this task */
	fault_join(current, NULL);
}

static void an_interrupt_is_failed_only_on_demand(struct kunit *test)
{
	allocated_in_irq = false;
	allocate_in_irq(&(struct fault_plan){ .percent = 100 });
	KUNIT_EXPECT_TRUE(test, allocated_in_irq);
	KUNIT_EXPECT_EQ(test, seen(FAULT_ALLOC), 0);
	allocate_in_irq(&(struct fault_plan){ .nth = 1, .hardirq = true });
	KUNIT_EXPECT_FALSE(test, allocated_in_irq);
	KUNIT_EXPECT_EQ(test, failed(FAULT_ALLOC), 1);
}

/* Which of 32 requests fail at a quarter, by a group of its own. */
static u32 pattern(u32 seed)
{
	struct fault_group *own = fault_group_create(seed);
	u32 bits = 0;

	if (!own)
		return 0;
	fault_set(own, FAULT_REGISTER, &(struct fault_plan){ .percent = 25 });
	fault_join(current, own);
	for (unsigned int i = 0; i < 32; i++)
		bits |= (u32)should_fail(FAULT_REGISTER) << i;
	fault_join(current, NULL);
	fault_group_put(own);
	return bits;
}

static void the_same_seed_fails_the_same_requests(struct kunit *test)
{
	u32 first = pattern(42);

	KUNIT_EXPECT_NE(test, first, 0);
	KUNIT_EXPECT_NE(test, first, ~0u);
	KUNIT_EXPECT_EQ(test, pattern(42), first);
	KUNIT_EXPECT_NE(test, pattern(43), first);
}

static void a_seed_of_zero_is_chosen_and_told(struct kunit *test)
{
	struct fault_group *own = fault_group_create(0);

	KUNIT_ASSERT_NOT_NULL(test, own);
	KUNIT_EXPECT_NE(test, fault_group_seed(own), 0);
	fault_group_put(own);
}

static void times_bounds_all_failures(struct kunit *test)
{
	fault_set_times(2);
	fault_set(group, FAULT_ALLOC, &(struct fault_plan){ .percent = 100 });
	fault_join(current, group);
	KUNIT_EXPECT_FALSE(test, allocates());
	KUNIT_EXPECT_FALSE(test, allocates());
	KUNIT_EXPECT_TRUE(test, allocates());
	KUNIT_EXPECT_EQ(test, fault_get_times(), 0);
	KUNIT_EXPECT_EQ(test, failed(FAULT_ALLOC), 2);
}

/* A leak of them would show after as many as there are. */
static void groups_come_back(struct kunit *test)
{
	struct fault_group *own;

	for (unsigned int i = 0; i < 100; i++) {
		own = fault_group_create(1);
		KUNIT_ASSERT_NOT_NULL(test, own);
		fault_join(current, own);
		fault_group_put(own);
		fault_join(current, NULL);
	}
}

static void there_is_an_end_of_groups(struct kunit *test)
{
	struct fault_group *own[64];
	unsigned int made = 0;

	while (made < ARRAY_SIZE(own) && (own[made] = fault_group_create(1)))
		made++;
	KUNIT_EXPECT_GT(test, made, 0);
	KUNIT_EXPECT_LT(test, made, ARRAY_SIZE(own));
	while (made)
		fault_group_put(own[--made]);
}

static void the_idle_task_is_never_a_member(struct kunit *test)
{
	struct task_struct *task;

	for_each_task(task) {
		if (!is_idle_task(task))
			continue;
		KUNIT_EXPECT_EQ(test, fault_join(task, group), -EINVAL);
		KUNIT_EXPECT_NULL(test, task->fault_group);
	}
}

/* Each function that allocates says so, and the next time it works. */
static void each_allocator_says_so(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("fault", 24, 0, 0, NULL);
	unsigned long page;
	void *p;

	KUNIT_ASSERT_NOT_NULL(test, cache);
	fail_nth(FAULT_ALLOC, 1);
	KUNIT_EXPECT_NULL(test, kzalloc(8, GFP_KERNEL));
	fail_nth(FAULT_ALLOC, 1);
	KUNIT_EXPECT_NULL(test, kmalloc(3 * PAGE_SIZE, GFP_KERNEL));
	fail_nth(FAULT_ALLOC, 1);
	KUNIT_EXPECT_NULL(test, kstrdup("text", GFP_KERNEL));
	fail_nth(FAULT_ALLOC, 1);
	KUNIT_EXPECT_NULL(test, kasprintf(GFP_KERNEL, "%d", 1));
	fail_nth(FAULT_ALLOC, 1);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	fail_nth(FAULT_ALLOC, 1);
	KUNIT_EXPECT_NULL(test, kmemdup("text", 5, GFP_KERNEL));
	fail_nth(FAULT_ALLOC, 1);
	KUNIT_EXPECT_NULL(test, krealloc(NULL, 8, GFP_KERNEL));
	fail_nth(FAULT_ALLOC, 1);
	KUNIT_EXPECT_NULL(test, kmem_cache_create("fault2", 24, 0, 0, NULL));
	fail_nth(FAULT_ALLOC, 1);
	page = __get_free_page(GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, page, 0);
	p = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, p);
	if (p)
		kmem_cache_free(cache, p);
	kmem_cache_destroy(cache);
}

static void the_runners_own_requests_are_not_failed(struct kunit *test)
{
	fail_nth(FAULT_ALLOC, 1);
	KUNIT_EXPECT_NOT_NULL(test, kunit_kzalloc(test, 8, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, seen(FAULT_ALLOC), 0);
}

static void a_registration_is_busy(struct kunit *test)
{
	struct device_driver driver = { .name = "fault" };
	struct bus_type bus = { .name = "fault" };

	fail_nth(FAULT_REGISTER, 1);
	KUNIT_EXPECT_EQ(test, bus_register(&bus), -EBUSY);
	KUNIT_ASSERT_EQ(test, bus_register(&bus), 0);
	driver.bus = &bus;
	fail_nth(FAULT_REGISTER, 1);
	KUNIT_EXPECT_EQ(test, driver_register(&driver), -EBUSY);
	fail_nth(FAULT_REGISTER, 1);
	KUNIT_EXPECT_EQ(test, PTR_ERR(root_device_register("fault")), -EBUSY);
	bus_unregister(&bus);
}

static irqreturn_t no_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	return IRQ_NONE;
}

static void a_line_is_busy(struct kunit *test)
{
	int irq;

	fail_nth(FAULT_IRQ, 1);
	KUNIT_EXPECT_EQ(test, irq_alloc_desc(-1), -EBUSY);
	irq = irq_alloc_desc(-1);
	KUNIT_ASSERT_GT(test, irq, 0);
	irq_set_chip_and_handler((unsigned int)irq, &dummy_irq_chip, handle_simple_irq);
	irq_clear_status_flags((unsigned int)irq, IRQ_NOREQUEST);
	fail_nth(FAULT_IRQ, 1);
	KUNIT_EXPECT_EQ(test, request_irq((unsigned int)irq, no_handler, 0, "fault", NULL), -EBUSY);
	irq_free_desc((unsigned int)irq);
}

static const struct kunit_case fault_cases[] = {
	KUNIT_CASE(the_nth_request_fails_and_no_other),
	KUNIT_CASE(points_are_apart),
	KUNIT_CASE(who_has_left_is_not_failed),
	KUNIT_CASE(a_stopped_group_keeps_its_counts),
	KUNIT_CASE(a_task_outside_is_not_failed),
	KUNIT_CASE(what_a_member_creates_is_a_member),
	KUNIT_CASE(an_item_on_the_systems_queue_is_not_failed),
	KUNIT_CASE(an_item_on_a_members_queue_is_failed),
	KUNIT_CASE(an_interrupt_is_failed_only_on_demand),
	KUNIT_CASE(the_same_seed_fails_the_same_requests),
	KUNIT_CASE(a_seed_of_zero_is_chosen_and_told),
	KUNIT_CASE(times_bounds_all_failures),
	KUNIT_CASE(groups_come_back),
	KUNIT_CASE(there_is_an_end_of_groups),
	KUNIT_CASE(the_idle_task_is_never_a_member),
	KUNIT_CASE(each_allocator_says_so),
	KUNIT_CASE(the_runners_own_requests_are_not_failed),
	KUNIT_CASE(a_registration_is_busy),
	KUNIT_CASE(a_line_is_busy),
	{}
};

static struct kunit_suite fault_suite = {
	.name = "fault",
	.init = fault_case_init,
	.exit = fault_case_exit,
	.test_cases = fault_cases,
};
kunit_test_suite(fault_suite);
