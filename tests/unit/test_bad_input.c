/* SPDX-License-Identifier: MIT */
/*
 * What the functions of the concurrency core say to input that is none: no function, no memory,
 * sizes of 0, numbers that there are not, times of 0, of for ever and of less than nothing. Each
 * is an error or a report, as its header says, and leaves things as they were. Memory and calls to
 * other CPUs are in test_bad_input_mm.c, wrong contexts in test_bad_input_context.c, what is used
 * before it is initialised in test_debugobjects.c.
 */
#include <kernel/completion.h>
#include <kernel/condvar.h>
#include <kernel/cpumask.h>
#include <kernel/hrtimer.h>
#include <kernel/kthread.h>
#include <kernel/mutex.h>
#include <kernel/olist.h>
#include <kernel/random.h>
#include <kernel/rcupdate.h>
#include <kernel/revocable.h>
#include <kernel/revocable_lock.h>
#include <kernel/rwsem.h>
#include <kernel/sched.h>
#include <kernel/semaphore.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <kernel/uio.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>
#include <lib/bitmap.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <test/kunit.h>

#include "bad_input.h"
#include "lock_threads.h"

#define GFP	(GFP_KERNEL | __GFP_NO_FAULT)

/* ---- sched.h, kthread.h ---- */

static int nothing(void *data)
{
	(void)data;
	return 0;
}

static void a_level_that_there_is_not(struct kunit *test)
{
	static const unsigned int levels[] = { TASK_PRIO_IDLE, TASK_PRIO_LEVELS, 255, 256, ~0u };
	unsigned int before = current->prio;

	for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
		KUNIT_EXPECT_EQ(test, sched_set_level(current, levels[i]), -EINVAL);
	KUNIT_EXPECT_EQ(test, current->prio, before);
}

static void a_nice_outside_is_the_nearest(struct kunit *test)
{
	struct task_struct *t = new_thread(test, nothing, NULL);

	sched_set_normal(t, INT32_MIN);
	KUNIT_EXPECT_EQ(test, t->prio, 10);
	sched_set_normal(t, INT32_MAX);
	KUNIT_EXPECT_EQ(test, t->prio, 29);
}

static void an_idle_task_keeps_its_level_and_its_cpu(struct kunit *test)
{
	struct task_struct *task;

	for_each_task(task) {
		if (!is_idle_task(task))
			continue;
		KUNIT_EXPECT_EQ(test, sched_set_level(task, 3), -EINVAL);
		KUNIT_EXPECT_REPORT(test, "idle task has no other", sched_set_fifo(task));
		KUNIT_EXPECT_REPORT(test, "idle task has no other", sched_set_fifo_low(task));
		KUNIT_EXPECT_REPORT(test, "idle task has no other", sched_set_normal(task, 0));
		KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(task, &CPU_MASK_ALL), -EINVAL);
		KUNIT_EXPECT_TRUE(test, is_idle_task(task));
	}
}

static void a_time_of_less_than_nothing(struct kunit *test)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	EXPECT_REPORT_OF(test, "schedule_timeout(-1)", schedule_timeout(-1), 0);
	KUNIT_EXPECT_EQ(test, get_current_state(), TASK_RUNNING);
}

static void a_set_without_a_cpu_that_runs(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(current, &CPU_MASK_NONE), -EINVAL);
}

static void a_thread_without_a_function(struct kunit *test)
{
	struct task_struct *t = NULL;

	KUNIT_EXPECT_REPORT(test, "has no function", t = kthread_create(NULL, NULL, "none"));
	KUNIT_EXPECT_EQ(test, PTR_ERR(t), -EINVAL);
}

static int sleep_a_moment(void *unused)
{
	(void)unused;
	schedule_timeout_uninterruptible(2);
	return 0;
}

static void a_thread_for_a_cpu_that_there_is_not(struct kunit *test)
{
	struct task_struct *t = new_thread(test, nothing, NULL);

	KUNIT_EXPECT_REPORT(test, "kthread_bind() of", kthread_bind(t, nr_cpu_ids));
	KUNIT_EXPECT_REPORT(test, "kthread_bind() of", kthread_bind(t, ~0u));
	KUNIT_EXPECT_REPORT(test, "kthread_bind() of", kthread_bind(current, 0));
	t = start_thread(test, sleep_a_moment, NULL);	/* it has run */
	KUNIT_EXPECT_REPORT(test, "kthread_bind() of", kthread_bind(t, 0));
	KUNIT_EXPECT_EQ(test, kthread_join(t), 0);
}

static void a_thread_that_waits_for_its_own_end(struct kunit *test)
{
	EXPECT_REPORT_OF(test, "waits for its own end", kthread_stop(current), -EDEADLK);
	EXPECT_REPORT_OF(test, "waits for its own end", kthread_join(current), -EDEADLK);
	KUNIT_EXPECT_FALSE(test, kthread_should_stop());
}

/* ---- workqueue.h ---- */

static unsigned int runs;

static void count_run(struct work_struct *work)
{
	(void)work;
	runs++;
}

static void count_arg(void *arg)
{
	++*(unsigned int *)arg;
}

static void a_queue_with_flags_or_workers_that_there_are_not(struct kunit *test)
{
	struct workqueue_struct *wq = NULL;

	kunit_tolerates_faults(test);
	fault_leave(current);
	KUNIT_EXPECT_REPORT(test, "alloc_workqueue(absurd): flags 1, 1 workers",
			    wq = alloc_workqueue("absurd", 0x01, 1));
	KUNIT_ASSERT_NOT_NULL(test, wq);
	destroy_workqueue(wq);
	KUNIT_EXPECT_REPORT(test, "alloc_workqueue(absurd): flags 0, -1 workers",
			    wq = alloc_workqueue("absurd", 0, -1));
	KUNIT_ASSERT_NOT_NULL(test, wq);
	destroy_workqueue(wq);
}

static void items_without_a_function(struct kunit *test)
{
	struct delayed_work d;
	bool queued = false;

	INIT_DELAYED_WORK(&d, NULL);
	KUNIT_EXPECT_REPORT(test, "!work->func", queued |= queue_work(system_wq, &d.work));
	KUNIT_EXPECT_REPORT(test, "!work->func", queued |= queue_work_on(0, system_wq, &d.work));
	KUNIT_EXPECT_REPORT(test, "!work->func", queued |= queue_delayed_work(system_wq, &d, 0));
	KUNIT_EXPECT_REPORT(test, "!work->func", queued |= queue_delayed_work(system_wq, &d, 1));
	KUNIT_EXPECT_REPORT(test, "!work->func", queued |= mod_delayed_work(system_wq, &d, 0));
	KUNIT_EXPECT_REPORT(test, "!work->func", queued |= mod_delayed_work(system_wq, &d, 1));
	KUNIT_EXPECT_FALSE(test, queued);
	KUNIT_EXPECT_FALSE(test, work_pending(&d.work));
}

/* The argument is given away in any case. */
static void what_is_spawned_without_a_function(struct kunit *test)
{
	unsigned int freed = 0;
	int err = 0;

	KUNIT_EXPECT_REPORT(test, "spawn_work_item() of no function",
			    err = spawn_work_item(system_wq, NULL, &freed, count_arg));
	KUNIT_EXPECT_EQ(test, err, -EINVAL);
	KUNIT_EXPECT_EQ(test, freed, 1);
	KUNIT_EXPECT_REPORT(test, "spawn_work_item() of no function",
			    err = spawn_work_item(system_wq, NULL, &freed, NULL));
	KUNIT_EXPECT_EQ(test, err, -EINVAL);
	KUNIT_EXPECT_EQ(test, freed, 1);
}

static void an_item_for_a_cpu_that_there_is_not(struct kunit *test)
{
	struct work_struct w;

	runs = 0;
	INIT_WORK(&w, count_run);
	KUNIT_EXPECT_REPORT(test, "which is not online", queue_work_on(77, system_wq, &w));
	flush_work(&w);
	KUNIT_EXPECT_EQ(test, runs, 1);
}

/* ~0 jiffies from now is a jiffy ago. */
static void a_delay_for_ever_is_a_long_one(struct kunit *test)
{
	struct delayed_work d;

	if (sizeof(long) > sizeof(u32)) {
		kunit_mark_skipped(test, "64 bits of jiffies are more than the counter has");
		return;
	}
	runs = 0;
	INIT_DELAYED_WORK(&d, count_run);
	KUNIT_EXPECT_REPORT(test, "which would be past", schedule_delayed_work(&d, ~0ul));
	KUNIT_EXPECT_EQ(test, d.timer.expires - jiffies > MAX_JIFFY_OFFSET / 2, true);
	KUNIT_EXPECT_REPORT(test, "would be past", mod_delayed_work(system_wq, &d, ~0ul / 2));
	schedule_timeout_uninterruptible(3);
	KUNIT_EXPECT_EQ(test, runs, 0);
	KUNIT_EXPECT_TRUE(test, cancel_delayed_work_sync(&d));
}

/* ---- timer.h, hrtimer.h ---- */

static void timers_without_a_function(struct kunit *test)
{
	struct timer_list t;
	struct hrtimer hr;

	timer_setup_on_stack(&t, NULL, 0);
	KUNIT_EXPECT_REPORT(test, "a timer without a function", mod_timer(&t, jiffies + 1));
	KUNIT_EXPECT_REPORT(test, "a timer without a function", add_timer(&t));
	KUNIT_EXPECT_FALSE(test, timer_pending(&t));
	KUNIT_EXPECT_EQ(test, del_timer_sync(&t), 0);
	destroy_timer_on_stack(&t);
	hrtimer_init_on_stack(&hr, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	KUNIT_EXPECT_REPORT(test, "!timer->function", hrtimer_start(&hr, 0, HRTIMER_MODE_REL));
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&hr));
	destroy_hrtimer_on_stack(&hr);
}

static void a_clock_that_there_is_not(struct kunit *test)
{
	struct hrtimer hr;

	KUNIT_EXPECT_REPORT(test, "there is no clock 0", hrtimer_init(&hr, 0, HRTIMER_MODE_ABS));
	KUNIT_EXPECT_REPORT(test, "there is no clock -1", hrtimer_init(&hr, -1, HRTIMER_MODE_ABS));
	hrtimer_init(&hr, CLOCK_BOOTTIME, HRTIMER_MODE_ABS);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&hr));
}

static void an_interval_of_nothing_is_a_nanosecond(struct kunit *test)
{
	static const ktime_t intervals[] = { 1, 0, -1, INT64_MIN };
	struct hrtimer hr;

	hrtimer_init(&hr, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	for (size_t i = 0; i < ARRAY_SIZE(intervals); i++) {
		hrtimer_set_expires(&hr, 100);
		KUNIT_EXPECT_EQ(test, hrtimer_forward(&hr, 109, intervals[i]), 10);
		KUNIT_EXPECT_EQ(test, hrtimer_get_expires(&hr), 110);
	}
}

static void sleeping_until_a_time_that_is_past(struct kunit *test)
{
	ktime_t times[] = { 0, -1, INT64_MIN, 1 };

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		KUNIT_EXPECT_EQ(test, schedule_hrtimeout(&times[i], HRTIMER_MODE_ABS), 0);
		KUNIT_EXPECT_EQ(test, get_current_state(), TASK_RUNNING);
	}
}

/* ---- mutex.h, rwsem.h, semaphore.h ---- */

static void locks_that_the_caller_does_not_hold(struct kunit *test)
	__no_context_analysis	/* so it is */
{
	static DEFINE_MUTEX(m);
	static DECLARE_RWSEM(sem);

	NEEDS_LOCKDEP(test);
	KUNIT_EXPECT_REPORT(test, "bad unlock balance", mutex_unlock(&m));
	KUNIT_EXPECT_REPORT(test, "bad unlock balance", up_read(&sem));
	KUNIT_EXPECT_REPORT(test, "bad unlock balance", up_write(&sem));
	KUNIT_EXPECT_REPORT(test, "downgrades a semaphore that no writer", downgrade_write(&sem));
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&m));
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&sem));
}

static void a_semaphore_of_less_than_nothing(struct kunit *test)
{
	struct semaphore sem;

	KUNIT_EXPECT_REPORT(test, "sema_init() of -1", sema_init(&sem, -1));
	KUNIT_EXPECT_EQ(test, down_trylock(&sem), 1);
}

static void a_semaphore_that_is_full(struct kunit *test)
{
	struct semaphore sem;

	sema_init(&sem, INT32_MAX);
	KUNIT_EXPECT_REPORT(test, "up() of a semaphore that has 2147483647", up(&sem));
	KUNIT_EXPECT_EQ(test, down_trylock(&sem), 0);
	up(&sem);
}

static void a_wait_of_no_time(struct kunit *test)
{
	static const long times[] = { 0, -1, -MAX_SCHEDULE_TIMEOUT };
	unsigned long before = current->nvcsw;
	struct completion x;
	struct semaphore sem;

	init_completion(&x);
	sema_init(&sem, 0);
	for (size_t i = 0; i < ARRAY_SIZE(times); i++)
		KUNIT_EXPECT_EQ(test, down_timeout(&sem, times[i]), -ETIME);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&x, 0), 0);
	KUNIT_EXPECT_EQ(test, current->nvcsw, before);
	complete(&x);
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&x, 0), 1);
	up(&sem);
	KUNIT_EXPECT_EQ(test, down_timeout(&sem, -1), 0);
}

static int give_both(void *data)
{
	struct completion *x = data;

	complete(x);
	return 0;
}

static void a_wait_for_ever_has_all_of_it_left(struct kunit *test)
{
	struct completion x;

	init_completion(&x);
	wake_up_process(new_thread(test, give_both, &x));
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&x, ~0ul), MAX_SCHEDULE_TIMEOUT);
	wake_up_process(new_thread(test, give_both, &x));
	KUNIT_EXPECT_EQ(test, wait_for_completion_timeout(&x, MAX_SCHEDULE_TIMEOUT),
			MAX_SCHEDULE_TIMEOUT);
}

/* ---- wait.h, condvar.h ---- */

static void entries_that_cannot_be_woken(struct kunit *test)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(head);
	struct wait_queue_entry entry;

	init_waitqueue_func_entry(&entry, NULL);
	KUNIT_EXPECT_REPORT(test, "has no function", add_wait_queue(&head, &entry));
	KUNIT_EXPECT_REPORT(test, "has no function", add_wait_queue_exclusive(&head, &entry));
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&head));
	wake_up_nr(&head, -1);
}

static void a_condition_that_never_comes_in_no_time(struct kunit *test)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(head);
	bool never = false;

	KUNIT_EXPECT_EQ(test, wait_event_timeout(head, never, 0), 0);
	KUNIT_EXPECT_EQ(test, wait_event_timeout(head, !never, 0), 1);
	EXPECT_REPORT_OF(test, "schedule_timeout(-1)", wait_event_timeout(head, never, -1), 0);
	KUNIT_EXPECT_FALSE(test, waitqueue_active(&head));
}

static void a_condition_without_its_mutex(struct kunit *test)
	__no_context_analysis	/* so it is */
{
	static DEFINE_CONDVAR(cv);
	static DEFINE_MUTEX(m);

	KUNIT_EXPECT_REPORT(test, "without the mutex", condvar_wait(&cv, &m));
	EXPECT_REPORT_OF(test, "without the mutex", condvar_wait_interruptible(&cv, &m), -EPERM);
	EXPECT_REPORT_OF(test, "without the mutex", condvar_wait_timeout(&cv, &m, 3), 0);
	mutex_lock(&m);
	EXPECT_REPORT_OF(test, "schedule_timeout(-1)", condvar_wait_timeout(&cv, &m, -1), 0);
	KUNIT_EXPECT_EQ(test, condvar_wait_timeout(&cv, &m, 0), 0);
	KUNIT_EXPECT_TRUE(test, mutex_is_held(&m));
	mutex_unlock(&m);
}

/* ---- rcupdate.h, revocable.h, revocable_lock.h, olist.h ---- */

struct freed_later {
	struct rcu_head rcu;
	int level;
};

static void a_callback_that_is_no_function(struct kunit *test)
{
	struct freed_later *obj = kzalloc(sizeof(*obj), GFP);

	KUNIT_ASSERT_NOT_NULL(test, obj);
	KUNIT_EXPECT_REPORT(test, "call_rcu() of no function", call_rcu(&obj->rcu, NULL));
	rcu_barrier();
	obj->level = 1;		/* it is still ours */
	kfree(obj);
}

static void nothing_is_freed_later_without_a_word(struct kunit *test)
{
	struct freed_later *none = NULL;
	size_t before = slab_bytes_used();

	kfree_rcu(none, rcu);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, slab_bytes_used(), before);
}

static void a_revocable_that_was_never_initialised(struct kunit *test)
{
	static REVOCABLE(int) r;

	scoped_guard(rcu)
		KUNIT_EXPECT_NULL(test, revocable_try_access(&r));
	EXPECT_REPORT_OF(test, "never initialised", revocable_revoke(&r), false);
	EXPECT_REPORT_OF(test, "never initialised", revocable_revoke_nosync(&r), false);
}

static void content_is_for_who_is_inside(struct kunit *test)
	__no_context_analysis	/* who is not */
{
	struct revocable_mutex m;
	struct revocable_rwsem sem;
	int content = 0;

	NEEDS_LOCKDEP(test);
	revocable_mutex_init(&m, &content, NULL);
	revocable_rwsem_init(&sem, &content, NULL);
	EXPECT_REPORT_OF(test, "from outside", revocable_mutex_content(&m), &content);
	EXPECT_REPORT_OF(test, "is not held", revocable_rwsem_read_content(&sem), &content);
	EXPECT_REPORT_OF(test, "is not held for writing",
			 revocable_rwsem_write_content(&sem), &content);
	if (revocable_rwsem_read_lock(&sem)) {
		EXPECT_REPORT_OF(test, "is not held for writing",
				 revocable_rwsem_write_content(&sem), &content);
		revocable_rwsem_read_unlock(&sem);
	}
}

static void content_of_nothing_is_revoked_from_the_start(struct kunit *test)
{
	struct revocable_mutex m;

	revocable_mutex_init(&m, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, revocable_mutex_is_revoked(&m));
	KUNIT_EXPECT_NULL(test, revocable_mutex_trylock(&m));
	KUNIT_EXPECT_FALSE(test, revocable_mutex_revoke(&m));
}

static void what_is_on_no_list_is_not_taken_off_one(struct kunit *test)
{
	struct olist_links links = { .owner = NULL };
	DEFINE_OLIST(a);
	DEFINE_OLIST(b);

	KUNIT_EXPECT_FALSE(test, olist_remove(&a, &links));
	KUNIT_ASSERT_TRUE(test, olist_push_back(&a, &links));
	KUNIT_EXPECT_FALSE(test, olist_push_front(&b, &links));
	EXPECT_REPORT_OF(test, "a list that does not have it", olist_remove(&b, &links), false);
	KUNIT_EXPECT_TRUE(test, olist_remove(&a, &links));
	KUNIT_EXPECT_NULL(test, olist_pop_front(&a));
	KUNIT_EXPECT_NULL(test, olist_pop_back(&a));
}

/* ---- random.h, cpumask.h ---- */

static void numbers_of_an_empty_range(struct kunit *test)
{
	u8 byte = 7;

	if (!rng_is_initialized()) {
		kunit_mark_skipped(test, "the suite random has not seeded it yet");
		return;
	}
	EXPECT_REPORT_OF(test, "no number from 5 to 4", get_random_u32_inclusive(5, 4), 5);
	KUNIT_EXPECT_EQ(test, get_random_u32_inclusive(9, 9), 9);
	KUNIT_EXPECT_EQ(test, get_random_u32_below(1), 0);
	(void)get_random_u32_inclusive(0, UINT32_MAX);
	get_random_bytes(NULL, 0);
	get_random_bytes(&byte, 0);
	add_device_randomness(NULL, 0);
	KUNIT_EXPECT_EQ(test, byte, 7);
}

static void a_cpu_that_there_is_not_is_in_no_set(struct kunit *test)
{
	struct {
		struct cpumask mask;
		unsigned long next[2];
	} m = { .mask = CPU_MASK_ALL };

	KUNIT_EXPECT_REPORT(test, "there is no CPU", cpumask_set_cpu(nr_cpu_ids, &m.mask));
	KUNIT_EXPECT_REPORT(test, "there is no CPU", cpumask_set_cpu(BITS_PER_LONG + 1, &m.mask));
	KUNIT_EXPECT_EQ(test, m.next[0] | m.next[1], 0);
	m.next[0] = 1;
	KUNIT_EXPECT_REPORT(test, "there is no CPU", cpumask_clear_cpu(BITS_PER_LONG, &m.mask));
	EXPECT_REPORT_OF(test, "there is no CPU", cpumask_test_cpu(BITS_PER_LONG, &m.mask), false);
	KUNIT_EXPECT_EQ(test, m.next[0], 1);
	KUNIT_EXPECT_EQ(test, m.mask.bits[0], CPU_MASK_ALL.bits[0]);
}

/* ---- uio.h, bitmap.h ---- */

static void iterators_over_nothing(struct kunit *test)
{
	char from[4] = "abc", to[4] = "";
	struct kvec part = { from, 3 };
	struct iov_iter i;

	iov_iter_kvec(&i, WRITE, NULL, 0, 5);
	KUNIT_EXPECT_EQ(test, copy_from_iter(to, 4, &i), 0);
	iov_iter_advance(&i, 5);
	KUNIT_EXPECT_EQ(test, iov_iter_single_seg_count(&i), 0);
	KUNIT_EXPECT_REPORT(test, "goes 1 bytes back", iov_iter_revert(&i, 1));
	iov_iter_kvec(&i, WRITE, &part, 1, SIZE_MAX);
	KUNIT_EXPECT_EQ(test, copy_from_iter(NULL, 0, &i), 0);
	KUNIT_EXPECT_EQ(test, copy_from_iter(to, SIZE_MAX, &i), 3);
	KUNIT_EXPECT_STREQ(test, to, "abc");
	EXPECT_REPORT_OF(test, "an iterator to be read from is written to",
			 copy_to_iter(from, 1, &i), 0);
	KUNIT_EXPECT_REPORT(test, "of direction 2", iov_iter_kvec(&i, 2, &part, 1, 3));
	KUNIT_EXPECT_EQ(test, iov_iter_rw(&i), READ);
}

static void sets_of_no_number(struct kunit *test)
{
	unsigned long map[2] = { 0x55, 0x55 };

	bitmap_zero(NULL, 0);
	bitmap_fill(NULL, 0);
	bitmap_copy(NULL, NULL, 0);
	bitmap_set(map, 3, 0);
	bitmap_clear(map, 0, 0);
	KUNIT_EXPECT_EQ(test, map[0], 0x55);
	KUNIT_EXPECT_EQ(test, bitmap_weight(NULL, 0), 0);
	KUNIT_EXPECT_TRUE(test, bitmap_empty(NULL, 0));
	KUNIT_EXPECT_TRUE(test, bitmap_full(NULL, 0));
	KUNIT_EXPECT_TRUE(test, bitmap_equal(NULL, NULL, 0));
	KUNIT_EXPECT_FALSE(test, bitmap_and(NULL, NULL, NULL, 0));
	KUNIT_EXPECT_EQ(test, bitmap_find_free_region(map, 0, 0), -ENOMEM);
	KUNIT_EXPECT_EQ(test, bitmap_find_free_region(map, 64, 7), -ENOMEM);
	KUNIT_EXPECT_EQ(test, bitmap_find_free_region(map, 64, 32), -ENOMEM);
	KUNIT_EXPECT_EQ(test, bitmap_find_free_region(map, 64, ~0u), -ENOMEM);
	KUNIT_EXPECT_EQ(test, bitmap_find_next_zero_area(map, 64, 65, 1, 0), 65);
	KUNIT_EXPECT_EQ(test, bitmap_find_next_zero_area(map, 64, 0, 65, 0), 65);
}

static const struct kunit_case bad_input_cases[] = {
	KUNIT_CASE(a_level_that_there_is_not),
	KUNIT_CASE(a_nice_outside_is_the_nearest),
	KUNIT_CASE(an_idle_task_keeps_its_level_and_its_cpu),
	KUNIT_CASE(a_time_of_less_than_nothing),
	KUNIT_CASE(a_set_without_a_cpu_that_runs),
	KUNIT_CASE(a_thread_without_a_function),
	KUNIT_CASE(a_thread_for_a_cpu_that_there_is_not),
	KUNIT_CASE(a_thread_that_waits_for_its_own_end),
	KUNIT_CASE(a_queue_with_flags_or_workers_that_there_are_not),
	KUNIT_CASE(items_without_a_function),
	KUNIT_CASE(what_is_spawned_without_a_function),
	KUNIT_CASE(an_item_for_a_cpu_that_there_is_not),
	KUNIT_CASE(a_delay_for_ever_is_a_long_one),
	KUNIT_CASE(timers_without_a_function),
	KUNIT_CASE(a_clock_that_there_is_not),
	KUNIT_CASE(an_interval_of_nothing_is_a_nanosecond),
	KUNIT_CASE(sleeping_until_a_time_that_is_past),
	KUNIT_CASE(locks_that_the_caller_does_not_hold),
	KUNIT_CASE(a_semaphore_of_less_than_nothing),
	KUNIT_CASE(a_semaphore_that_is_full),
	KUNIT_CASE(a_wait_of_no_time),
	KUNIT_CASE(a_wait_for_ever_has_all_of_it_left),
	KUNIT_CASE(entries_that_cannot_be_woken),
	KUNIT_CASE(a_condition_that_never_comes_in_no_time),
	KUNIT_CASE(a_condition_without_its_mutex),
	KUNIT_CASE(a_callback_that_is_no_function),
	KUNIT_CASE(nothing_is_freed_later_without_a_word),
	KUNIT_CASE(a_revocable_that_was_never_initialised),
	KUNIT_CASE(content_is_for_who_is_inside),
	KUNIT_CASE(content_of_nothing_is_revoked_from_the_start),
	KUNIT_CASE(what_is_on_no_list_is_not_taken_off_one),
	KUNIT_CASE(numbers_of_an_empty_range),
	KUNIT_CASE(a_cpu_that_there_is_not_is_in_no_set),
	KUNIT_CASE(iterators_over_nothing),
	KUNIT_CASE(sets_of_no_number),
	{}
};

static struct kunit_suite bad_input_suite = {
	.name = "bad_input",
	.test_cases = bad_input_cases,
};
kunit_test_suite(bad_input_suite);
