/* SPDX-License-Identifier: MIT */
/*
 * Objects used out of turn: each misuse is one report, and what would do damage is not done.
 */
#include <kernel/debugobjects.h>

#include <drivers/device.h>
#include <kernel/completion.h>
#include <kernel/console.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/reboot.h>
#include <kernel/semaphore.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <kernel/vmalloc.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/poison.h>
#include <lib/string.h>
#include <test/kunit.h>

#define FAR	(100 * CONFIG_HZ)

static void nothing_happens(struct timer_list *t)
{
	(void)t;
}

static void no_work(struct work_struct *work)
{
	(void)work;
}

/* ---- marks, by an object of our own ---- */

struct thing {
	u32 a;
	struct debug_obj debug;
	u32 b;
};

static const struct debug_obj_descr thing_descr __debug_obj_descr = {
	.name = "thing",
	.live = "in use",
	.offset = offsetof(struct thing, debug),
};

static void a_mark_goes_through_its_states(struct kunit *test)
{
	static struct thing defined = { .debug = DEBUG_OBJ_INIT(defined.debug, thing_descr) };
	unsigned int before = warn_count();
	struct thing t = { 0 };

	KUNIT_EXPECT_TRUE(test, debug_object_init(&t.debug, &thing_descr));
	KUNIT_EXPECT_TRUE(test, debug_object_init(&t.debug, &thing_descr));
	KUNIT_EXPECT_FALSE(test, debug_object_deactivate(&t.debug, &thing_descr));
	KUNIT_EXPECT_TRUE(test, debug_object_activate(&t.debug, &thing_descr));
	KUNIT_EXPECT_TRUE(test, debug_object_assert_init(&t.debug, &thing_descr));
	KUNIT_EXPECT_TRUE(test, debug_object_deactivate(&t.debug, &thing_descr));
	KUNIT_EXPECT_TRUE(test, debug_object_activate(&defined.debug, &thing_descr));
	KUNIT_EXPECT_TRUE(test, debug_object_deactivate(&defined.debug, &thing_descr));
	debug_object_destroy(&t.debug, &thing_descr);
	KUNIT_EXPECT_EQ(test, warn_count(), before);
	KUNIT_EXPECT_REPORT(test, "is used after it was freed",
			    debug_object_assert_init(&t.debug, &thing_descr));
	KUNIT_EXPECT_TRUE(test, debug_object_init(&t.debug, &thing_descr));
}

static void a_live_thing_is_not_activated_again_nor_destroyed(struct kunit *test)
{
	struct thing t = { 0 };
	bool ok = true;

	debug_object_init(&t.debug, &thing_descr);
	debug_object_activate(&t.debug, &thing_descr);
	KUNIT_EXPECT_REPORT(test, "is in use already",
			    ok = debug_object_activate(&t.debug, &thing_descr));
	KUNIT_EXPECT_FALSE(test, ok);
	KUNIT_EXPECT_REPORT(test, "is destroyed while it is in use",
			    debug_object_destroy(&t.debug, &thing_descr));
	KUNIT_EXPECT_TRUE(test, debug_object_deactivate(&t.debug, &thing_descr));
}

/* Wherever it lies, if all of its mark is inside. */
static void live_things_are_found_in_memory(struct kunit *test)
{
	struct thing *t = kunit_kzalloc(test, 4 * sizeof(*t), GFP_KERNEL);
	bool ok = true;

	KUNIT_ASSERT_NOT_NULL(test, t);
	for (unsigned int i = 0; i < 4; i++) {
		debug_object_init(&t[i].debug, &thing_descr);
		debug_object_activate(&t[i].debug, &thing_descr);
		KUNIT_EXPECT_REPORT(test, "is freed with thing", {
			ok = debug_check_no_obj_freed(t, 4 * sizeof(*t));
		});
		KUNIT_EXPECT_FALSE(test, ok);
		KUNIT_EXPECT_REPORT(test, "is freed with thing",
				    ok = debug_check_no_obj_freed(&t[i].debug, sizeof(t[i].debug)));
		KUNIT_EXPECT_FALSE(test, ok);
		KUNIT_EXPECT_TRUE(test, debug_check_no_obj_freed(&t[i], sizeof(u32)));
		debug_object_deactivate(&t[i].debug, &thing_descr);
		KUNIT_EXPECT_TRUE(test, debug_check_no_obj_freed(t, 4 * sizeof(*t)));
	}
}

/* ---- timers ---- */

static void a_timer_that_was_never_set_up_is_not_armed(struct kunit *test)
{
	struct timer_list *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	int deleted = -1;

	KUNIT_ASSERT_NOT_NULL(test, t);
	KUNIT_EXPECT_REPORT(test, "is used before it is initialised", mod_timer(t, jiffies + 1));
	KUNIT_EXPECT_FALSE(test, timer_pending(t));
	memset(t, POISON_INUSE, sizeof(*t));
	KUNIT_EXPECT_REPORT(test, "is used before it is initialised", mod_timer(t, jiffies + 1));
	KUNIT_EXPECT_REPORT(test, "is used before it is initialised", del_timer(t));
	KUNIT_EXPECT_REPORT(test, "is used before it is initialised",
			    deleted = try_to_del_timer_sync(t));
	KUNIT_EXPECT_EQ(test, deleted, 0);
	memset(t, POISON_FREE, sizeof(*t));
	KUNIT_EXPECT_REPORT(test, "is used after it was freed", mod_timer(t, jiffies + 1));
}

static void a_pending_timer_is_not_set_up_again(struct kunit *test)
{
	struct timer_list t;

	timer_setup(&t, nothing_happens, 0);
	mod_timer(&t, jiffies + FAR);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is pending",
			    timer_setup(&t, nothing_happens, 0));
	KUNIT_EXPECT_TRUE(test, timer_pending(&t));
	KUNIT_EXPECT_REPORT(test, "is destroyed while it is pending", destroy_timer_on_stack(&t));
	KUNIT_EXPECT_EQ(test, del_timer_sync(&t), 1);
	KUNIT_EXPECT_WARNINGS(test, 0, timer_setup(&t, nothing_happens, 0));
	destroy_timer_on_stack(&t);
}

static void a_copy_of_a_timer_is_none(struct kunit *test)
{
	struct timer_list t, copy;

	timer_setup(&t, nothing_happens, 0);
	copy = t;
	KUNIT_EXPECT_REPORT(test, "is used, but is a copy of", mod_timer(&copy, jiffies + FAR));
	mod_timer(&t, jiffies + FAR);
	copy = t;
	KUNIT_EXPECT_REPORT(test, "is used, but is a copy of", del_timer(&copy));
	KUNIT_EXPECT_EQ(test, del_timer(&t), 1);
}

static void memory_with_a_pending_timer_is_not_freed(struct kunit *test)
{
	struct {
		char name[20];
		struct timer_list timer;
	} *dev = kmalloc(sizeof(*dev), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, dev);
	timer_setup(&dev->timer, nothing_happens, 0);
	mod_timer(&dev->timer, jiffies + FAR);
	KUNIT_EXPECT_REPORT(test, "in it, which is pending", kfree(dev));
	KUNIT_EXPECT_EQ(test, del_timer_sync(&dev->timer), 1);
	kfree(dev);
}

static void large_memory_is_searched_too(struct kunit *test)
{
	char *large = kmalloc(3 * 4096, GFP_KERNEL);
	struct timer_list *t = (void *)(large + 2 * 4096 + 64);

	KUNIT_ASSERT_NOT_NULL(test, large);
	timer_setup(t, nothing_happens, 0);
	mod_timer(t, jiffies + FAR);
	KUNIT_EXPECT_REPORT(test, "in it, which is pending", kfree(large));
	KUNIT_EXPECT_EQ(test, del_timer_sync(t), 1);
	kfree(large);
}

static void pages_with_a_pending_timer_are_not_freed(struct kunit *test)
{
	unsigned long page = __get_free_page(GFP_KERNEL);
	/* SAFETY: in the page, which is the case's. */
	struct timer_list *t = (void *)(page + 256);

	KUNIT_ASSERT_NE(test, page, 0);
	timer_setup(t, nothing_happens, 0);
	mod_timer(t, jiffies + FAR);
	KUNIT_EXPECT_REPORT(test, "in it, which is pending", free_page(page));
	KUNIT_EXPECT_EQ(test, del_timer_sync(t), 1);
	KUNIT_EXPECT_WARNINGS(test, 0, free_page(page));
}

/* Its function may free it: it is not pending then. */
static void frees_itself(struct timer_list *t)
{
	kfree(t);
}

static void a_timer_that_expires_may_be_freed(struct kunit *test)
{
	struct timer_list *t = kmalloc(sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	timer_setup(t, frees_itself, 0);
	KUNIT_EXPECT_WARNINGS(test, 0, {
		mod_timer(t, jiffies + 1);
		schedule_timeout_uninterruptible(5);
	});
}

/* ---- work ---- */

static void work_that_was_never_initialised_is_not_queued(struct kunit *test)
{
	struct delayed_work *d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);
	bool done = true;

	KUNIT_ASSERT_NOT_NULL(test, d);
	KUNIT_EXPECT_REPORT(test, "is used before it is initialised",
			    done = schedule_work(&d->work));
	KUNIT_EXPECT_FALSE(test, done);
	KUNIT_EXPECT_REPORT(test, "before it is initialised", schedule_delayed_work(d, 1));
	KUNIT_EXPECT_REPORT(test, "before it is initialised", mod_delayed_work(system_wq, d, 1));
	KUNIT_EXPECT_REPORT(test, "before it is initialised", cancel_work(&d->work));
	KUNIT_EXPECT_REPORT(test, "before it is initialised", cancel_delayed_work(d));
	KUNIT_EXPECT_REPORT(test, "before it is initialised", cancel_work_sync(&d->work));
	KUNIT_EXPECT_REPORT(test, "before it is initialised", cancel_delayed_work_sync(d));
	KUNIT_EXPECT_REPORT(test, "before it is initialised", flush_work(&d->work));
	KUNIT_EXPECT_REPORT(test, "before it is initialised", flush_delayed_work(d));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(d));
}

static void pending_work_is_not_initialised_again(struct kunit *test)
{
	struct delayed_work d;
	struct work_struct w;

	INIT_WORK(&w, no_work);
	schedule_work(&w);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is pending",
			    INIT_WORK(&w, no_work));
	KUNIT_EXPECT_TRUE(test, work_pending(&w));
	flush_work(&w);
	KUNIT_EXPECT_WARNINGS(test, 0, INIT_WORK(&w, no_work));

	INIT_DELAYED_WORK(&d, no_work);
	schedule_delayed_work(&d, FAR);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is pending",
			    INIT_DELAYED_WORK(&d, no_work));
	KUNIT_EXPECT_TRUE(test, cancel_delayed_work_sync(&d));
	destroy_delayed_work_on_stack(&d);
	destroy_work_on_stack(&w);
}

static void pending_work_is_not_destroyed(struct kunit *test)
{
	struct work_struct w;
	bool done = true;

	INIT_WORK_ONSTACK(&w, no_work);
	schedule_work(&w);
	KUNIT_EXPECT_REPORT(test, "is destroyed while it is pending", destroy_work_on_stack(&w));
	flush_work(&w);
	destroy_work_on_stack(&w);
	KUNIT_EXPECT_REPORT(test, "is used after it was freed", done = schedule_work(&w));
	KUNIT_EXPECT_FALSE(test, done);
}

static void a_copy_of_work_is_none(struct kunit *test)
{
	struct work_struct w, copy;

	INIT_WORK(&w, no_work);
	copy = w;
	KUNIT_EXPECT_REPORT(test, "is used, but is a copy of", schedule_work(&copy));
	KUNIT_EXPECT_FALSE(test, work_pending(&copy));
}

static void memory_with_pending_work_is_not_freed(struct kunit *test)
{
	struct delayed_work *d = kmalloc(sizeof(*d), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, d);
	INIT_DELAYED_WORK(d, no_work);
	/* Its first time, and one where it goes back to where it ran last. */
	for (unsigned int i = 0; i < 2; i++) {
		schedule_work(&d->work);
		KUNIT_EXPECT_REPORT(test, "work_struct", kfree(d));
		flush_work(&d->work);
	}
	schedule_delayed_work(d, FAR);
	KUNIT_EXPECT_WARNINGS(test, 1, kfree(d));
	cancel_delayed_work_sync(d);
	mod_delayed_work(system_wq, d, FAR);
	KUNIT_EXPECT_WARNINGS(test, 1, kfree(d));
	cancel_delayed_work(d);
	KUNIT_EXPECT_WARNINGS(test, 0, kfree(d));
}

static void work_frees_itself(struct work_struct *work)
{
	kfree(work);
}

static void work_that_runs_may_be_freed(struct kunit *test)
{
	struct work_struct *w = kmalloc(sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	INIT_WORK(w, work_frees_itself);
	KUNIT_EXPECT_WARNINGS(test, 0, {
		schedule_work(w);
		flush_scheduled_work();
	});
}

/* ---- wait queues ---- */

static void a_wait_entry_is_in_one_queue_at_most(struct kunit *test)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(first);
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(second);
	DECLARE_WAITQUEUE(entry, current);

	add_wait_queue(&first, &entry);
	KUNIT_EXPECT_REPORT(test, "is queued already", add_wait_queue(&second, &entry));
	KUNIT_EXPECT_REPORT(test, "is queued already", add_wait_queue_exclusive(&first, &entry));
	KUNIT_EXPECT_REPORT(test, "is initialised while it is queued",
			    init_waitqueue_entry(&entry, current));
	KUNIT_EXPECT_REPORT(test, "is initialised while it is queued", init_wait(&entry));
	KUNIT_EXPECT_REPORT(test, "is initialised while it is queued",
			    init_waitqueue_func_entry(&entry, default_wake_function));
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&second));
	remove_wait_queue(&first, &entry);
	KUNIT_EXPECT_WARNINGS(test, 0, {
		add_wait_queue_exclusive(&second, &entry);
		remove_wait_queue(&second, &entry);
		remove_wait_queue(&second, &entry);
	});
}

static void a_wait_entry_that_is_none_is_not_queued(struct kunit *test)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(head);
	struct wait_queue_entry entry = { 0 }, copy;

	KUNIT_EXPECT_REPORT(test, "is used before it is initialised",
			    add_wait_queue(&head, &entry));
	KUNIT_EXPECT_REPORT(test, "is used before it is initialised",
			    remove_wait_queue(&head, &entry));
	init_wait(&entry);
	copy = entry;
	KUNIT_EXPECT_REPORT(test, "is a copy of", add_wait_queue(&head, &copy));
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&head));
}

static void memory_with_a_queued_wait_entry_is_not_freed(struct kunit *test)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(head);
	struct wait_queue_entry *entry = kmalloc(sizeof(*entry), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, entry);
	init_waitqueue_entry(entry, current);
	add_wait_queue(&head, entry);
	KUNIT_EXPECT_REPORT(test, "in it, which is queued", kfree(entry));
	list_del_init(&entry->entry);
	KUNIT_EXPECT_WARNINGS(test, 0, kfree(entry));
}

/* ---- what is waited for ---- */

struct waited_for {
	struct completion done;
	struct semaphore sem;
	struct wait_queue_head queue;
	bool ready;
};

static int waits_for_completion(void *arg)
{
	wait_for_completion(&((struct waited_for *)arg)->done);
	return 0;
}

static int waits_for_semaphore(void *arg)
{
	down(&((struct waited_for *)arg)->sem);
	return 0;
}

static int waits_a_while_for_semaphore(void *arg)
{
	return down_timeout(&((struct waited_for *)arg)->sem, FAR);
}

static int waits_in_queue(void *arg)
{
	struct waited_for *w = arg;

	wait_event(w->queue, w->ready);
	return 0;
}

static int waits_exclusively(void *arg)
{
	struct waited_for *w = arg;

	wait_event_exclusive(w->queue, w->ready);
	return 0;
}

static void give_all(struct waited_for *w)
{
	w->ready = true;
	complete(&w->done);
	up(&w->sem);
	wake_up_all(&w->queue);
}

static void what_is_waited_for_is_not_freed(struct kunit *test)
{
	static int (*const waits[])(void *arg) = {
		waits_for_completion, waits_for_semaphore, waits_a_while_for_semaphore,
		waits_in_queue, waits_exclusively,
	};

	for (size_t i = 0; i < ARRAY_SIZE(waits); i++) {
		struct waited_for *w = kzalloc(sizeof(*w), GFP_KERNEL);
		struct task_struct *task;

		KUNIT_ASSERT_NOT_NULL(test, w);
		init_completion(&w->done);
		sema_init(&w->sem, 0);
		init_waitqueue_head(&w->queue);
		task = kthread_run(waits[i], w, "waiter");
		if (IS_ERR(task))
			kfree(w);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
		yield();
		KUNIT_EXPECT_REPORT(test, "in it, which is waited for", kfree(w));
		give_all(w);
		KUNIT_EXPECT_EQ(test, kthread_join(task), 0);
		KUNIT_EXPECT_WARNINGS(test, 0, kfree(w));
	}
}

/* ---- stacks ---- */

static unsigned long left_behind;

/* Below what the task's last calls need of its stack: those write over it. */
static int leaves_a_timer(void *unused)
{
	struct {
		struct timer_list timer;
		char above[2048];
	} deep;

	(void)unused;
	memset(deep.above, 0, sizeof(deep.above));
	barrier();
	timer_setup(&deep.timer, nothing_happens, 0);
	mod_timer(&deep.timer, jiffies + FAR);
	left_behind = (unsigned long)&deep.timer;
	return 0;
}

static void a_stack_with_a_pending_timer_is_kept(struct kunit *test)
{
	struct task_struct *task = kthread_run(leaves_a_timer, NULL, "forgetful");
	void *stack;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	stack = task->stack;
	get_task_struct(task);
	KUNIT_EXPECT_REPORT(test, "in it, which is pending", kthread_join(task));
	put_task_struct(task);
	KUNIT_ASSERT_EQ(test, del_timer((void *)left_behind), 1);
	/* Nobody else has it. */
	vmap_stack_free(stack);
}

/* ---- notifiers and consoles ---- */

static int is_told(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)action;
	(void)data;
	return NOTIFY_DONE;
}

static void a_notifier_is_registered_once_and_not_freed_meanwhile(struct kunit *test)
{
	struct notifier_block *nb = kzalloc(sizeof(*nb), GFP_KERNEL);
	int ret = 0;

	KUNIT_ASSERT_NOT_NULL(test, nb);
	nb->notifier_call = is_told;
	KUNIT_ASSERT_EQ(test, register_reboot_notifier(nb), 0);
	KUNIT_EXPECT_REPORT(test, "is registered already", ret = register_reboot_notifier(nb));
	KUNIT_EXPECT_EQ(test, ret, -EEXIST);
	KUNIT_EXPECT_REPORT(test, "with notifier_block", kfree(nb));
	KUNIT_EXPECT_EQ(test, unregister_reboot_notifier(nb), 0);
	KUNIT_EXPECT_EQ(test, unregister_reboot_notifier(nb), -ENOENT);
	KUNIT_EXPECT_WARNINGS(test, 0, kfree(nb));
}

static void swallow(struct console *con, const char *text, size_t len)
{
	(void)con;
	(void)text;
	(void)len;
}

static void a_console_is_registered_once_and_not_freed_meanwhile(struct kunit *test)
{
	struct console *con = kzalloc(sizeof(*con), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, con);
	con->name = "black hole";
	con->write = swallow;
	register_console(con);
	KUNIT_EXPECT_REPORT(test, "is registered already", register_console(con));
	KUNIT_EXPECT_REPORT(test, "with console", kfree(con));
	KUNIT_EXPECT_EQ(test, unregister_console(con), 0);
	KUNIT_EXPECT_EQ(test, unregister_console(con), -ENODEV);
	KUNIT_EXPECT_WARNINGS(test, 0, kfree(con));
}

/* ---- devices and drivers ---- */

static int releases;

static void count_release(struct device *dev)
{
	(void)dev;
	releases++;
}

static void a_device_is_registered_once(struct kunit *test)
{
	static struct device dev;
	int ret = 0;

	kunit_tolerates_faults(test);
	dev = (struct device){ .init_name = "once", .release = count_release };
	KUNIT_ASSERT_EQ(test, device_register(&dev), 0);
	KUNIT_EXPECT_REPORT(test, "is initialised while it is registered", device_initialize(&dev));
	KUNIT_EXPECT_REPORT(test, "is initialised while it is registered",
			    ret = device_register(&dev));
	KUNIT_EXPECT_EQ(test, ret, -EINVAL);
	KUNIT_EXPECT_REPORT(test, "device once is registered already",
			    ret = device_add(&dev));
	KUNIT_EXPECT_EQ(test, ret, -EINVAL);
	device_del(&dev);
	KUNIT_EXPECT_REPORT(test, "device once is not registered", device_del(&dev));
	put_device(&dev);
}

static void a_device_that_is_none_is_not_used(struct kunit *test)
{
	static struct device dev;
	int ret = 0;

	kunit_tolerates_faults(test);
	dev = (struct device){ .init_name = "none", .release = count_release };
	KUNIT_EXPECT_REPORT(test, "before it is initialised",
			    ret = device_add(&dev));
	KUNIT_EXPECT_EQ(test, ret, -EINVAL);
	KUNIT_EXPECT_REPORT(test, "before it is initialised", get_device(&dev));
	KUNIT_EXPECT_REPORT(test, "before it is initialised", put_device(&dev));
	KUNIT_EXPECT_REPORT(test, "before it is initialised", device_del(&dev));
}

static void a_device_is_not_used_after_the_last_put(struct kunit *test)
{
	static struct device dev;
	int ret = 0;

	kunit_tolerates_faults(test);
	dev = (struct device){ .init_name = "gone", .release = count_release };
	releases = 0;
	device_initialize(&dev);
	put_device(&dev);
	KUNIT_EXPECT_EQ(test, releases, 1);
	KUNIT_EXPECT_REPORT(test, "is used after it was freed", get_device(&dev));
	KUNIT_EXPECT_REPORT(test, "is used after it was freed", put_device(&dev));
	KUNIT_EXPECT_REPORT(test, "is used after it was freed",
			    ret = device_add(&dev));
	KUNIT_EXPECT_EQ(test, ret, -EINVAL);
	KUNIT_EXPECT_EQ(test, releases, 1);
}

static void free_device(struct device *dev)
{
	kfree(dev);
}

static void memory_of_a_registered_device_is_not_freed(struct kunit *test)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, dev);
	dev->init_name = "kept";
	dev->release = free_device;
	ret = device_register(dev);
	if (ret)
		put_device(dev);
	KUNIT_ASSERT_EQ(test, ret, 0);
	KUNIT_EXPECT_REPORT(test, "in it, which is registered", kfree(dev));
	KUNIT_EXPECT_WARNINGS(test, 0, device_unregister(dev));
}

static void free_driver(void *drv)
{
	kfree(drv);
}

static void leave_bus(void *bus)
{
	bus_unregister(bus);
}

static void memory_of_a_registered_driver_is_not_freed(struct kunit *test)
{
	static struct bus_type bus = { .name = "debugobjects" };
	struct device_driver *drv = kzalloc(sizeof(*drv), GFP_KERNEL);
	int ret = 0;

	KUNIT_ASSERT_NOT_NULL(test, drv);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, free_driver, drv), 0);
	KUNIT_ASSERT_EQ(test, bus_register(&bus), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, leave_bus, &bus), 0);
	drv->name = "loose";
	drv->bus = &bus;
	KUNIT_ASSERT_EQ(test, driver_register(drv), 0);
	KUNIT_EXPECT_REPORT(test, "device_driver", kfree(drv));
	KUNIT_EXPECT_REPORT(test, "is registered already",
			    ret = driver_register(drv));
	KUNIT_EXPECT_EQ(test, ret, -EBUSY);
	driver_unregister(drv);
	KUNIT_EXPECT_REPORT(test, "driver loose is not registered", driver_unregister(drv));
	KUNIT_EXPECT_WARNINGS(test, 0, kunit_release_action(test, free_driver, drv));
}

/* It was not taken: its owner may free it, or try again under another name. */
static void a_driver_that_is_refused_is_not_registered(struct kunit *test)
{
	static struct bus_type bus = { .name = "debugobjects-twins" };
	static struct device_driver first = { .name = "twin", .bus = &bus };
	struct device_driver *second = kzalloc(sizeof(*second), GFP_KERNEL);

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_NOT_NULL(test, second);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, free_driver, second), 0);
	KUNIT_ASSERT_EQ(test, bus_register(&bus), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, leave_bus, &bus), 0);
	KUNIT_ASSERT_EQ(test, driver_register(&first), 0);
	second->name = "twin";
	second->bus = &bus;
	KUNIT_EXPECT_EQ(test, driver_register(second), -EBUSY);
	KUNIT_EXPECT_WARNINGS(test, 0, kunit_release_action(test, free_driver, second));
	driver_unregister(&first);
}

static struct kunit_case debugobjects_cases[] = {
	KUNIT_CASE(a_mark_goes_through_its_states),
	KUNIT_CASE(a_live_thing_is_not_activated_again_nor_destroyed),
	KUNIT_CASE(live_things_are_found_in_memory),
	KUNIT_CASE(a_timer_that_was_never_set_up_is_not_armed),
	KUNIT_CASE(a_pending_timer_is_not_set_up_again),
	KUNIT_CASE(a_copy_of_a_timer_is_none),
	KUNIT_CASE(memory_with_a_pending_timer_is_not_freed),
	KUNIT_CASE(large_memory_is_searched_too),
	KUNIT_CASE(pages_with_a_pending_timer_are_not_freed),
	KUNIT_CASE(a_timer_that_expires_may_be_freed),
	KUNIT_CASE(work_that_was_never_initialised_is_not_queued),
	KUNIT_CASE(pending_work_is_not_initialised_again),
	KUNIT_CASE(pending_work_is_not_destroyed),
	KUNIT_CASE(a_copy_of_work_is_none),
	KUNIT_CASE(memory_with_pending_work_is_not_freed),
	KUNIT_CASE(work_that_runs_may_be_freed),
	KUNIT_CASE(a_wait_entry_is_in_one_queue_at_most),
	KUNIT_CASE(a_wait_entry_that_is_none_is_not_queued),
	KUNIT_CASE(memory_with_a_queued_wait_entry_is_not_freed),
	KUNIT_CASE(what_is_waited_for_is_not_freed),
	KUNIT_CASE(a_stack_with_a_pending_timer_is_kept),
	KUNIT_CASE(a_notifier_is_registered_once_and_not_freed_meanwhile),
	KUNIT_CASE(a_console_is_registered_once_and_not_freed_meanwhile),
	KUNIT_CASE(a_device_is_registered_once),
	KUNIT_CASE(a_device_that_is_none_is_not_used),
	KUNIT_CASE(a_device_is_not_used_after_the_last_put),
	KUNIT_CASE(memory_of_a_registered_device_is_not_freed),
	KUNIT_CASE(memory_of_a_registered_driver_is_not_freed),
	KUNIT_CASE(a_driver_that_is_refused_is_not_registered),
	{}
};

static struct kunit_suite debugobjects_suite = {
	.name = "debugobjects",
	.test_cases = debugobjects_cases,
};
kunit_test_suite(debugobjects_suite);
