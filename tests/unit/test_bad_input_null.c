/* SPDX-License-Identifier: MIT */
/*
 * NULL in the place of an object, for each function of the concurrency core. Where a header does
 * not say what NULL is, there has to be an object: the first look at it is a fault, which is
 * reported with its address and a backtrace, and ends the task that called, before the function
 * has taken a lock or switched interrupts off. Where it says so, NULL is nothing.
 *
 * Functions in the place of objects, and times and sizes that are none: test_bad_input.c.
 */
#include <kernel/async_revocable.h>
#include <kernel/completion.h>
#include <kernel/condvar.h>
#include <kernel/hrtimer.h>
#include <kernel/io.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/mutex.h>
#include <kernel/nowait_lock.h>
#include <kernel/olist.h>
#include <kernel/pool.h>
#include <kernel/random.h>
#include <kernel/rcupdate.h>
#include <kernel/ref.h>
#include <kernel/revocable.h>
#include <kernel/revocable_lock.h>
#include <kernel/robust_mutex.h>
#include <kernel/rwsem.h>
#include <kernel/sched.h>
#include <kernel/semaphore.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <kernel/uio.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>
#include <lib/errno.h>
#include <lib/hlist.h>
#include <lib/list.h>
#include <lib/rbtree.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "lock_threads.h"

#define GFP	(GFP_KERNEL | __GFP_NO_FAULT)

/* The compiler knows nothing of it. */
static void *volatile nothing;

#define NIL(type)	((type *)nothing)

static void no_timer(struct timer_list *t)
{
	(void)t;
}

static void no_work(struct work_struct *work)
{
	(void)work;
}

static void no_rcu(struct rcu_head *head)
{
	(void)head;
}

static DEFINE_CONDVAR(cv);
static DECLARE_WORK(work, no_work);
static DECLARE_DELAYED_WORK(dwork, no_work);
static DECLARE_WAIT_QUEUE_HEAD(wq_head);
static DECLARE_WAITQUEUE(wq_entry, NULL);
static LIST_HEAD(list);
static DEFINE_OLIST(olist);

/* ---- NULL that is an object to look at: X(function, call) ---- */

#define CALLS_THAT_FAULT(X)							\
	X(mutex_init, mutex_init(NIL(struct mutex)))				\
	X(mutex_lock, mutex_lock(NIL(struct mutex)))				\
	X(mutex_lock_interruptible, (void)!mutex_lock_interruptible(NIL(struct mutex))) \
	X(mutex_trylock, (void)!mutex_trylock(NIL(struct mutex)))		\
	X(mutex_unlock, mutex_unlock(NIL(struct mutex)))			\
	X(mutex_destroy, mutex_destroy(NIL(struct mutex)))			\
	X(mutex_is_locked, (void)mutex_is_locked(NIL(struct mutex)))		\
	X(robust_mutex_init, robust_mutex_init(NIL(struct robust_mutex)))	\
	X(robust_mutex_lock, (void)!robust_mutex_lock(NIL(struct robust_mutex))) \
	X(robust_mutex_trylock, (void)!robust_mutex_trylock(NIL(struct robust_mutex))) \
	X(robust_mutex_unlock, robust_mutex_unlock(NIL(struct robust_mutex)))	\
	X(robust_mutex_make_consistent,						\
	  (void)!robust_mutex_make_consistent(NIL(struct robust_mutex)))	\
	X(init_rwsem, init_rwsem(NIL(struct rw_semaphore)))			\
	X(down_read, down_read(NIL(struct rw_semaphore)))			\
	X(down_write, down_write(NIL(struct rw_semaphore)))			\
	X(down_read_trylock, (void)!down_read_trylock(NIL(struct rw_semaphore))) \
	X(down_write_trylock, (void)!down_write_trylock(NIL(struct rw_semaphore))) \
	X(up_read, up_read(NIL(struct rw_semaphore)))				\
	X(up_write, up_write(NIL(struct rw_semaphore)))				\
	X(downgrade_write, downgrade_write(NIL(struct rw_semaphore)))		\
	X(sema_init, sema_init(NIL(struct semaphore), 1))			\
	X(down, down(NIL(struct semaphore)))					\
	X(down_interruptible, (void)!down_interruptible(NIL(struct semaphore)))	\
	X(down_trylock, (void)!down_trylock(NIL(struct semaphore)))		\
	X(down_timeout, (void)!down_timeout(NIL(struct semaphore), 1))		\
	X(up, up(NIL(struct semaphore)))					\
	X(init_completion, init_completion(NIL(struct completion)))		\
	X(reinit_completion, reinit_completion(NIL(struct completion)))		\
	X(complete, complete(NIL(struct completion)))				\
	X(complete_all, complete_all(NIL(struct completion)))			\
	X(wait_for_completion, wait_for_completion(NIL(struct completion)))	\
	X(wait_for_completion_timeout,						\
	  (void)!wait_for_completion_timeout(NIL(struct completion), 1))	\
	X(try_wait_for_completion, (void)!try_wait_for_completion(NIL(struct completion))) \
	X(completion_done, (void)completion_done(NIL(struct completion)))	\
	X(condvar_init, condvar_init(NIL(struct condvar)))			\
	X(condvar_notify_one, condvar_notify_one(NIL(struct condvar)))		\
	X(condvar_notify_all, condvar_notify_all(NIL(struct condvar)))		\
	X(condvar_wait, condvar_wait(&cv, NIL(struct mutex)))			\
	X(init_waitqueue_head, init_waitqueue_head(NIL(struct wait_queue_head))) \
	X(add_wait_queue, add_wait_queue(NIL(struct wait_queue_head), &wq_entry)) \
	X(add_wait_queue_entry, add_wait_queue(&wq_head, NIL(struct wait_queue_entry))) \
	X(remove_wait_queue, remove_wait_queue(&wq_head, NIL(struct wait_queue_entry))) \
	X(wake_up, wake_up(NIL(struct wait_queue_head)))			\
	X(wake_up_all, wake_up_all(NIL(struct wait_queue_head)))		\
	X(wait_event, wait_event(*NIL(struct wait_queue_head), !nothing && in_hardirq())) \
	X(finish_wait, finish_wait(&wq_head, NIL(struct wait_queue_entry)))	\
	X(nowait_lock_init, nowait_lock_init(NIL(struct nowait_lock)))		\
	X(INIT_WORK, INIT_WORK(NIL(struct work_struct), no_work))		\
	X(queue_work, (void)queue_work(NIL(struct workqueue_struct), &work))	\
	X(queue_work_item, (void)queue_work(system_wq, NIL(struct work_struct))) \
	X(queue_work_on, (void)queue_work_on(0, system_wq, NIL(struct work_struct))) \
	X(queue_delayed_work, (void)queue_delayed_work(NIL(struct workqueue_struct), &dwork, 1)) \
	X(queue_delayed_work_item,						\
	  (void)queue_delayed_work(system_wq, NIL(struct delayed_work), 1))	\
	X(mod_delayed_work, (void)mod_delayed_work(system_wq, NIL(struct delayed_work), 1)) \
	X(cancel_work, (void)cancel_work(NIL(struct work_struct)))		\
	X(cancel_work_sync, (void)cancel_work_sync(NIL(struct work_struct)))	\
	X(cancel_delayed_work, (void)cancel_delayed_work(NIL(struct delayed_work))) \
	X(cancel_delayed_work_sync, (void)cancel_delayed_work_sync(NIL(struct delayed_work))) \
	X(flush_work, (void)flush_work(NIL(struct work_struct)))		\
	X(flush_delayed_work, (void)flush_delayed_work(NIL(struct delayed_work))) \
	X(flush_workqueue, flush_workqueue(NIL(struct workqueue_struct)))	\
	X(drain_workqueue, drain_workqueue(NIL(struct workqueue_struct)))	\
	X(destroy_workqueue, destroy_workqueue(NIL(struct workqueue_struct)))	\
	X(timer_setup, timer_setup(NIL(struct timer_list), no_timer, 0))	\
	X(mod_timer, mod_timer(NIL(struct timer_list), jiffies + 1))		\
	X(add_timer, add_timer(NIL(struct timer_list)))				\
	X(add_timer_on, add_timer_on(NIL(struct timer_list), 0))		\
	X(del_timer, del_timer(NIL(struct timer_list)))				\
	X(del_timer_sync, del_timer_sync(NIL(struct timer_list)))		\
	X(try_to_del_timer_sync, (void)!try_to_del_timer_sync(NIL(struct timer_list))) \
	X(timer_shutdown, timer_shutdown(NIL(struct timer_list)))		\
	X(timer_shutdown_sync, timer_shutdown_sync(NIL(struct timer_list)))	\
	X(hrtimer_init, hrtimer_init(NIL(struct hrtimer), CLOCK_MONOTONIC, HRTIMER_MODE_REL)) \
	X(hrtimer_start, hrtimer_start(NIL(struct hrtimer), 1, HRTIMER_MODE_REL)) \
	X(hrtimer_cancel, hrtimer_cancel(NIL(struct hrtimer)))			\
	X(hrtimer_try_to_cancel, (void)!hrtimer_try_to_cancel(NIL(struct hrtimer))) \
	X(hrtimer_forward, hrtimer_forward(NIL(struct hrtimer), 1, 1))		\
	X(kthread_bind, kthread_bind(NIL(struct task_struct), 0))		\
	X(kthread_stop, kthread_stop(NIL(struct task_struct)))			\
	X(kthread_join, kthread_join(NIL(struct task_struct)))			\
	X(wake_up_process, wake_up_process(NIL(struct task_struct)))		\
	X(get_task_struct, get_task_struct(NIL(struct task_struct)))		\
	X(put_task_struct, put_task_struct(NIL(struct task_struct)))		\
	X(set_cpus_allowed_ptr,							\
	  (void)!set_cpus_allowed_ptr(NIL(struct task_struct), &CPU_MASK_ALL))	\
	X(sched_set_level, (void)!sched_set_level(NIL(struct task_struct), 3))	\
	X(call_rcu, call_rcu(NIL(struct rcu_head), no_rcu))			\
	X(pool_alloc, (void)!pool_alloc(NIL(struct pool)))			\
	X(kmem_cache_alloc, (void)!kmem_cache_alloc(NIL(struct kmem_cache), GFP)) \
	X(kmem_cache_free, kmem_cache_free(NIL(struct kmem_cache), &work))	\
	X(get_random_bytes, get_random_bytes(nothing, 8))			\
	X(list_del, list_del(NIL(struct list_head)))				\
	X(list_add, list_add(NIL(struct list_head), &list))			\
	X(hlist_del, hlist_del(NIL(struct hlist_node)))				\
	X(add_wait_queue_exclusive_entry,					\
	  add_wait_queue_exclusive(&wq_head, NIL(struct wait_queue_entry)))	\
	X(prepare_to_wait_entry,						\
	  prepare_to_wait(&wq_head, NIL(struct wait_queue_entry), TASK_RUNNING)) \
	X(prepare_to_wait, prepare_to_wait(NIL(struct wait_queue_head), &wq_entry, TASK_RUNNING)) \
	X(rb_first, (void)rb_first(NIL(struct rb_root)))			\
	X(olist_pop_front, (void)olist_pop_front(NIL(struct olist)))		\
	X(olist_push_back, (void)!olist_push_back(&olist, NIL(struct olist_links))) \
	X(revocable_init, __revocable_init(NIL(struct revocable), NULL))	\
	X(revocable_revoke, __revocable_revoke(NIL(struct revocable), NULL, 0))	\
	X(async_revocable_init, __async_revocable_init(NIL(struct async_revocable), NULL)) \
	X(async_revocable_try_access,						\
	  (void)!__async_revocable_try_access(NIL(struct async_revocable), NULL)) \
	X(async_revocable_put, __async_revocable_put(NIL(struct async_revocable), NULL, 0)) \
	X(async_revocable_revoke, __async_revocable_revoke(NIL(struct async_revocable), NULL, 0)) \
	X(revocable_mutex_init, revocable_mutex_init(NIL(struct revocable_mutex), NULL, NULL)) \
	X(revocable_mutex_lock, (void)!revocable_mutex_lock(NIL(struct revocable_mutex))) \
	X(revocable_mutex_revoke, revocable_mutex_revoke(NIL(struct revocable_mutex))) \
	X(revocable_rwsem_read_lock,						\
	  (void)!revocable_rwsem_read_lock(NIL(struct revocable_rwsem)))

#define DEFINE_CALL(name, call)			\
static void do_##name(void)			\
	__no_context_analysis			\
{						\
	call;					\
}
CALLS_THAT_FAULT(DEFINE_CALL)

struct null_call {
	const char *name;
	void (*fn)(void);
};

#define CALL_ROW(name, call)	{ #name, do_##name },
static const struct null_call faulting[] = { CALLS_THAT_FAULT(CALL_ROW) };

static void describe_call(const struct null_call *call, char *desc)
{
	strscpy(desc, call->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(faulting, faulting, describe_call)

static int call_it(void *data)
{
	const struct null_call *call = data;

	call->fn();
	return 0;
}

/* The task ends, as one that is killed, and no other. */
static void there_has_to_be_an_object(struct kunit *test)
{
	struct null_call call = *(const struct null_call *)test->param_value;
	struct task_struct *t;
	int result = 0;

	NEEDS_KILLS(test);
	if (IS_ENABLED(CONFIG_UBSAN)) {
		kunit_mark_skipped(test, "CONFIG_UBSAN reports it, too");
		return;
	}
	t = new_thread(test, call_it, &call);
	wake_up_process(t);
	KUNIT_EXPECT_REPORT(test, " at address 0000", result = kthread_join(t));
	KUNIT_EXPECT_EQ(test, result, -EFAULT);
	if (kthread_was_killed(t))
		free_killed_thread(test, t);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

/* ---- NULL that is nothing ---- */

struct thing {
	struct kref refs;
	struct rcu_head rcu;
	struct olist_links links;
};

static void thing_free(struct thing *t)
{
	kfree(t);
}

DEFINE_REF(thing, refs, thing_free)

static void where_there_is_none_nothing_is_done(struct kunit *test)
{
	struct thing *none = NIL(struct thing);
	size_t before = slab_bytes_used();
	void *p;

	kfree(nothing);
	kfree_rcu(none, rcu);
	kmem_cache_destroy(NIL(struct kmem_cache));
	free_pages(0, 0);
	iounmap(nothing);
	thing_put(none);
	KUNIT_EXPECT_NULL(test, thing_get(none));
	KUNIT_EXPECT_NULL(test, thing_get_unless_zero(none));
	KUNIT_EXPECT_NULL(test, olist_entry_safe(NIL(struct olist_links), struct thing, links));
	KUNIT_EXPECT_EQ(test, ksize(nothing), 0);
	KUNIT_EXPECT_NULL(test, kstrdup(nothing, GFP));
	KUNIT_EXPECT_NULL(test, kmem_cache_create(nothing, 8, 0, 0, NULL));
	p = krealloc(nothing, 24, GFP);
	KUNIT_EXPECT_NOT_NULL(test, p);
	kfree(p);
	get_random_bytes(nothing, 0);
	add_device_randomness(nothing, 0);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, slab_bytes_used(), before);
}

static const struct kunit_case bad_input_null_cases[] = {
	KUNIT_CASE_PARAM(there_has_to_be_an_object, faulting_gen_params),
	KUNIT_CASE(where_there_is_none_nothing_is_done),
	{}
};

static struct kunit_suite bad_input_null_suite = {
	.name = "bad_input_null",
	.exit = free_thread_cache,
	.test_cases = bad_input_null_cases,
};
kunit_test_suite(bad_input_null_suite);
