/* SPDX-License-Identifier: MIT */
/*
 * Work queues: the pools and their workers, and how a queue comes and goes.
 *
 * A pool is a list of items and the workers that run them, all there are from the start. A
 * bound pool's workers run on its CPU alone, so nothing of its is seen by another CPU in the
 * usual case. Queues that are made before the other CPUs run get those CPUs' pools when these
 * have come.
 *
 * What an item's word says: workqueue_priv.h. Locking: see workqueue_priv.h.
 * queues_lock, for the list of queues and the pools' ids, is here.
 */
#include <kernel/workqueue.h>

#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <kernel/init.h>
#include <kernel/kthread.h>
#include <kernel/printk.h>
#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/minmax.h>
#include <lib/sprintf.h>

#include "workqueue_priv.h"

#define HIGHPRI_NICE		MIN_NICE
#define WORK_ID_MAX		(~0UL >> WORK_ID_SHIFT)

struct workqueue_struct *system_wq;
struct workqueue_struct *system_highpri_wq;
struct workqueue_struct *system_long_wq;
struct workqueue_struct *system_unbound_wq;

DEFINE_RAW_SPINLOCK(queues_lock);
static LIST_HEAD(queues);			/* [Q] */
static unsigned long next_pool_id __guarded_by(&queues_lock) = 1;	/* [Q] */

const struct debug_obj_descr workqueue_debug_descr __debug_obj_descr = {
	.name = "workqueue_struct",
	.live = "in use",
	.offset = offsetof(struct workqueue_struct, debug),
};

/* ---- finding pools and workers ---- */

struct worker *current_worker(struct worker_pool *pool)
{
	if (in_hardirq())
		return NULL;
	for (unsigned int i = 0; i < pool->nr_workers; i++)
		if (pool->workers[i].task == current)
			return &pool->workers[i];
	return NULL;
}

struct worker *current_worker_of(struct workqueue_struct *wq)
{
	struct worker_pool *pool;
	struct worker *worker;
	unsigned int at;

	for_each_pool(pool, at, wq) {
		worker = current_worker(pool);
		if (worker)
			return worker;
	}
	return NULL;
}

/* The queue's pool of that id, or NULL. */
static struct worker_pool *pool_by_id(struct workqueue_struct *wq, unsigned long id_word)
{
	unsigned long at = (id_word - wq->first.id_word) >> WORK_ID_SHIFT;
	struct worker_pool *pool = at < nr_cpu_ids ? pool_of_cpu(wq, (unsigned int)at) : NULL;

	return pool && pool->id_word == id_word ? pool : NULL;
}

static bool lock_if_it_runs(struct worker_pool *pool, const struct work_struct *work)
	__no_context_analysis
{
	raw_spin_lock(&pool->lock);
	if (worker_running(pool, work))
		return true;
	raw_spin_unlock(&pool->lock);
	return false;
}

static struct worker_pool *lock_running_pool_of_any(struct work_struct *work,
						    unsigned long id_word)
	__no_context_analysis
{
	struct workqueue_struct *wq;

	guard(raw_spinlock)(&queues_lock);
	list_for_each_entry(wq, &queues, queues) {
		struct worker_pool *pool = pool_by_id(wq, id_word);

		if (pool)
			return lock_if_it_runs(pool, work) ? pool : NULL;
	}
	return NULL;
}

struct worker_pool *lock_running_pool(struct workqueue_struct *wq, struct work_struct *work,
				      unsigned long data)
	__no_context_analysis
{
	unsigned long id_word = data & ~WORK_FLAGS;
	struct worker_pool *pool = wq ? pool_by_id(wq, id_word) : NULL;

	if (pool)
		return lock_if_it_runs(pool, work) ? pool : NULL;
	return id_word ? lock_running_pool_of_any(work, id_word) : NULL;
}

/* ---- the workers ---- */

/*
 * The next item that may begin: the first, but one that runs elsewhere is passed over. A
 * flush's barrier is passed over by nothing and passes nothing.
 */
static noinline struct work_struct *next_item_of_many(struct worker_pool *pool)
	__must_hold(&pool->lock)
{
	struct work_struct *work;

	list_for_each_entry(work, &pool->items, entry) {
		bool first = pool->items.next == &work->entry;

		if (is_flush_barrier(work))
			return first ? work : NULL;
		if (!worker_running(pool, work))
			return work;
	}
	return NULL;
}

static void check_after(work_func_t func)
{
	WARN(irqs_disabled(), "work function %ps returns with interrupts off", func);
	lockdep_check_depth(0, "work function %ps returns", func);
}

static __always_inline void call_function(struct worker_pool *pool, struct work_struct *work,
					  work_func_t func, struct work_class class)
{
	struct work_class of_queue = queue_class_of(pool->wq);
	struct lockdep_map queue_map, map;

	work_class_enter(&queue_map, of_queue);
	work_class_enter(&map, class);
	func(work);
	work_class_leave(&map, class);
	work_class_leave(&queue_map, of_queue);
	if (IS_ENABLED(CONFIG_DEBUG))
		check_after(func);
}

/* The pool is locked, before and after. */
static __always_inline void run_item(struct worker_pool *pool, struct worker *self,
				     struct work_struct *work)
	__must_hold(&pool->lock, role_spinning, role_irqs_off)
{
	work_func_t func = work->func;
	struct work_class class = work_class_of(work);

	list_unlink(&work->entry);
	self->work = work;
	if (unlikely(work->data & WORK_FLUSHED))
		flushers_begin(self);
	/* From here on the item is its owner's again. */
	work_set_data(work, pool->id_word);
	raw_spin_unlock_irq(&pool->lock);
	call_function(pool, work, func, class);
	raw_spin_lock_irq(&pool->lock);
	if (unlikely(self->flushed)) {
		self->flushed = false;
		flushers_end(pool, work, self);
	}
}

/*
 * Between two items others get their turn. The lock, which the caller holds as its own
 * `pool`, has been held since the last one ended.
 */
static noinline void worker_yield(struct worker *self)
	__no_context_analysis
{
	self->work = NULL;
	raw_spin_unlock(&self->pool->lock);
	schedule_irqs_off();
	raw_spin_lock(&self->pool->lock);
}

/* Runs items until none may begin. `alone` is a constant: it is the pool's only worker. */
static __always_inline void run_items(struct worker_pool *pool, struct worker *self, bool alone)
	__must_hold(&pool->lock, role_spinning, role_irqs_off)
{
	struct list_head *first;

	while ((first = pool->items.next) != &pool->items) {
		struct work_struct *work = alone ? list_entry(first, struct work_struct, entry) :
						   next_item_of_many(pool);

		if (!alone && !work)
			break;
		run_item(pool, self, work);
		if (!alone)
			self->work = NULL;
		if (unlikely(others_wait(this_cpu(), self->task)))
			worker_yield(self);
	}
	self->work = NULL;
}

static __always_inline int worker_loop(struct worker *self, bool alone)
{
	struct worker_pool *pool = self->pool;

	raw_spin_lock_irq(&pool->lock);
	for (;;) {
		run_items(pool, self, alone);
		if (pool->stopping)
			break;
		waiter_sleep(&pool->idle, &pool->lock, TASK_WAITS | TASK_NOLOAD);
	}
	raw_spin_unlock_irq(&pool->lock);
	return 0;
}

static int only_worker_thread(void *data)
{
	return worker_loop(data, true);
}

static int worker_thread(void *data)
{
	return worker_loop(data, false);
}

/* ---- a pool's beginning and end ---- */

/* Where the workers run is the queue's matter, not that of who makes it. */
static void worker_place(struct worker_pool *pool, struct task_struct *task)
{
	if (pool->wq->flags & WQ_UNBOUND)
		WARN_ON(set_cpus_allowed_ptr(task, &CPU_MASK_ALL) != 0);
	else
		kthread_bind(task, pool->cpu);
}

static struct task_struct *worker_create(struct worker_pool *pool, struct worker *worker)
{
	const char *name = pool->wq->name;
	int (*run)(void *data) = pool->nr_workers == 1 ? only_worker_thread : worker_thread;

	if (pool->wq->flags & WQ_UNBOUND)
		return kthread_create(run, worker, "kworker/%s", name);
	return kthread_create(run, worker, "kworker%u/%s", pool->cpu, name);
}

static int worker_start(struct worker_pool *pool, struct worker *worker)
{
	struct task_struct *task = worker_create(pool, worker);

	if (IS_ERR(task))
		return (int)PTR_ERR(task);
	worker_place(pool, task);
	get_task_struct(task);
	worker->pool = pool;
	worker->task = task;
	sched_set_normal(task, pool->wq->flags & WQ_HIGHPRI ? HIGHPRI_NICE : 0);
	wake_up_process(task);
	return 0;
}

static void wake_to_stop(struct worker_pool *pool)
{
	struct task_struct *idle;

	guard(raw_spinlock_irqsave)(&pool->lock);
	pool->stopping = true;
	while ((idle = first_waiter(&pool->idle)) != NULL)
		waiter_grant(idle);
}

static void pool_stop(struct worker_pool *pool)
{
	wake_to_stop(pool);
	for (unsigned int i = 0; i < pool->nr_workers; i++) {
		struct task_struct *task = pool->workers[i].task;

		if (!task)
			continue;
		kthread_join(task);
		put_task_struct(task);
	}
}

/* For a CPU, or for all of them as CPU 0. Nobody else has the pool yet. */
static int pool_start(struct worker_pool *pool, struct workqueue_struct *wq, unsigned int cpu)
{
	int err = 0;

	raw_spin_lock_init(&pool->lock);
	context_assume_held(&pool->lock);
	INIT_LIST_HEAD(&pool->items);
	INIT_LIST_HEAD(&pool->idle);
	INIT_LIST_HEAD(&pool->flushers);
	pool->wq = wq;
	pool->cpu = cpu;
	pool->id_word = wq->first_id + ((unsigned long)cpu << WORK_ID_SHIFT);
	pool->accepts = pool->id_word;
	pool->nr_workers = (unsigned int)wq->max_active;
	for (unsigned int i = 0; i < pool->nr_workers && !err; i++)
		err = worker_start(pool, &pool->workers[i]);
	if (err)
		pool_stop(pool);
	return err;
}

#ifdef CONFIG_SMP

static void pools_share_first(struct workqueue_struct *wq)
{
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		wq->of_cpu[cpu] = &wq->first;
}

static int pool_add(struct workqueue_struct *wq, unsigned int cpu)
{
	struct worker_pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL);
	int err;

	if (!pool)
		return -ENOMEM;
	err = pool_start(pool, wq, cpu);
	if (err)
		kfree(pool);
	else
		smp_store_release(&wq->of_cpu[cpu], pool);
	return err;
}

/* For the CPUs that have none yet. */
static int pools_add(struct workqueue_struct *wq)
{
	unsigned int cpu;

	if (wq->flags & WQ_UNBOUND)
		return 0;
	for_each_online_cpu(cpu) {
		int err = cpu && pool_of_cpu(wq, cpu) == &wq->first ? pool_add(wq, cpu) : 0;

		if (err)
			return err;
	}
	return 0;
}

static void pool_free(struct worker_pool *pool)
{
	if (pool != &pool->wq->first)
		kfree(pool);
}

#else

static void pools_share_first(struct workqueue_struct *wq)
{
	(void)wq;
}

static int pools_add(struct workqueue_struct *wq)
{
	(void)wq;
	return 0;
}

static void pool_free(struct worker_pool *pool)
{
	(void)pool;
}

#endif

/* All that have been started; the queue is in no list. */
static void pools_stop(struct workqueue_struct *wq)
{
	struct worker_pool *pool;
	unsigned int at;

	for_each_pool(pool, at, wq) {
		pool_stop(pool);
		pool_free(pool);
	}
}

static int pools_start(struct workqueue_struct *wq)
{
	int err;

	pools_share_first(wq);
	err = pool_start(&wq->first, wq, 0);
	if (err)
		return err;
	err = pools_add(wq);
	if (err)
		pools_stop(wq);
	return err;
}

/* ---- a queue's ---- */

/* One for each CPU that there may be. Returns false when there are none left. */
static bool take_ids(struct workqueue_struct *wq)
{
	guard(raw_spinlock_irqsave)(&queues_lock);
	if (next_pool_id > WORK_ID_MAX - nr_cpu_ids)
		return false;
	wq->first_id = next_pool_id << WORK_ID_SHIFT;
	next_pool_id += nr_cpu_ids;
	return true;
}

static void queue_register(struct workqueue_struct *wq)
{
	guard(raw_spinlock_irqsave)(&queues_lock);
	list_add_tail(&wq->queues, &queues);
}

/* Who looks for one of its pools has found it, or will not. */
static void queue_unregister(struct workqueue_struct *wq)
{
	guard(raw_spinlock_irqsave)(&queues_lock);
	list_del(&wq->queues);
}

/* 0 leaves it to us: one is enough for a CPU. */
static int workers_for(unsigned int flags, int max_active)
{
	if (max_active == 0 && flags & WQ_UNBOUND)
		max_active = (int)num_online_cpus();
	return clamp(max_active, 1, WQ_MAX_WORKERS);
}

static void wq_init(struct workqueue_struct *wq, unsigned int flags, int max_active)
{
	raw_spin_lock_init(&wq->lock);
	INIT_LIST_HEAD(&wq->delayed);
	wq->flags = flags;
	wq->max_active = workers_for(flags, max_active);
	debug_object_init(&wq->debug, &workqueue_debug_descr);
}

static void wq_free(struct workqueue_struct *wq)
{
	debug_object_destroy(&wq->debug, &workqueue_debug_descr);
	lockdep_unregister_key(&wq->key);
	kfree(wq);
}

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active,
					 ...)
{
	struct workqueue_struct *wq = kzalloc(sizeof(*wq), GFP_KERNEL);
	va_list args;

	if (!wq)
		return NULL;
	WARN(IS_ENABLED(CONFIG_DEBUG) && (max_active < 0 || flags & ~WQ_ALL_FLAGS),
	     "alloc_workqueue(%s): flags %x, %d workers", fmt, flags, max_active);
	wq_init(wq, flags, max_active);
	va_start(args, max_active);
	vsnprintf(wq->name, sizeof(wq->name), fmt, args);
	va_end(args);
	if (!take_ids(wq) || pools_start(wq)) {
		wq_free(wq);
		return NULL;
	}
	queue_register(wq);
	return wq;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	might_sleep();
	if (!debug_object_assert_init(&wq->debug, &workqueue_debug_descr) ||
	    called_by_own_item(wq, "destroy_workqueue"))
		return;
	cancel_delayed_items(wq);
	drain_and_shut(wq);
	/* The last items may have left some behind. */
	cancel_delayed_items(wq);
	queue_unregister(wq);
	pools_stop(wq);
	wq_free(wq);
}

/* ---- the system's ---- */

static int workqueue_init(void)
{
	system_wq = alloc_workqueue("events", 0, 0);
	system_highpri_wq = alloc_workqueue("events_highpri", WQ_HIGHPRI, 0);
	return system_wq && system_highpri_wq ? 0 : -ENOMEM;
}

core_initcall(workqueue_init);

/* The other CPUs run: what was made before them is for them too. Nobody else makes queues yet. */
static int workqueue_init_cpus(void)
{
	struct workqueue_struct *wq;

	list_for_each_entry(wq, &queues, queues) {
		int err = pools_add(wq);

		if (err)
			return err;
	}
	system_long_wq = alloc_workqueue("events_long", 0, 0);
	system_unbound_wq = alloc_workqueue("events_unbound", WQ_UNBOUND, 0);
	return system_long_wq && system_unbound_wq ? 0 : -ENOMEM;
}

arch_initcall(workqueue_init_cpus);
