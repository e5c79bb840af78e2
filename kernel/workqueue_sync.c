/* SPDX-License-Identifier: MIT */
/*
 * Work queues: taking items back, and waiting for them.
 *
 * Who waits for an item leaves a note at the pool (struct flusher). The note waits for one
 * round: it is marked when a worker begins with the item and done when that worker ends. Who
 * waits for a whole queue puts a mark of its own behind all items, and then waits for the
 * rounds that have begun.
 *
 * Whoever cancels and waits holds the pending bit until the function has ended, so that
 * nobody can queue the item; of several cancellers each has its turn.
 *
 * What an item's word says: workqueue_priv.h. Locking: see workqueue_priv.h.
 */
#include <kernel/workqueue.h>

#include <kernel/bug.h>
#include <kernel/completion.h>
#include <kernel/wait.h>

#include "workqueue_priv.h"

/* So many rounds a draining queue's items may go on queueing themselves. */
#define DRAIN_ROUNDS_MAX	100

/* Waits for one round of `work`. Lives on the waiter's stack. */
struct flusher {
	struct list_head link;		/* [p] */
	struct work_struct *work;	/* [I] never followed */
	struct worker *worker;		/* [p] who runs the round; NULL: it has not begun */
	struct completion done;
};

/* The end of what was queued so far. */
struct barrier_work {
	struct work_struct work;
	struct completion done;
};

/* Cancellers that wait for another canceller of the same item. */
static DECLARE_WAIT_QUEUE_HEAD(cancel_waiters);

/* ---- the workers' side ---- */

/* Who waits for a round that has not begun waits for that of the worker. Its pool is locked. */
static void flushers_follow(struct worker *worker)
	__no_context_analysis
{
	struct flusher *f;

	worker->flushed = true;
	list_for_each_entry(f, &worker->pool->flushers, link)
		if (f->work == worker->work && !f->worker)
			f->worker = worker;
}

noinline void flushers_begin(struct worker *self)
{
	flushers_follow(self);
}

noinline void flushers_end(struct worker_pool *pool, struct work_struct *work,
			   struct worker *worker)
{
	struct flusher *f, *next;

	list_for_each_entry_safe(f, next, &pool->flushers, link) {
		if (f->work != work || f->worker != worker)
			continue;
		list_unlink(&f->link);
		complete(&f->done);
	}
}

static void barrier_done(struct work_struct *work)
{
	complete(&container_of(work, struct barrier_work, work)->done);
}

bool is_flush_barrier(const struct work_struct *work)
{
	return work->func == barrier_done;
}

/* ---- taking an item back ---- */

enum grab {
	GRAB_IDLE,		/* it was idle */
	GRAB_PENDING,		/* it was pending */
	GRAB_CANCELING,		/* not ours: a canceller has it */
};

/*
 * The pool on whose list the item is, locked, or NULL. While the item is queued its queue
 * cannot be destroyed, and while queues_lock is held it is not freed.
 */
static struct worker_pool *lock_queued_pool(struct work_struct *work)
	__no_context_analysis
{
	struct worker_pool *pool;

	guard(raw_spinlock)(&queues_lock);
	pool = queued_pool(READ_ONCE(work->data));
	if (!pool)
		return NULL;
	raw_spin_lock(&pool->lock);
	if (queued_pool(READ_ONCE(work->data)) == pool)
		return pool;
	raw_spin_unlock(&pool->lock);
	return NULL;
}

/*
 * Takes an item off the list that it is on. Who waited for that round waits for the one before
 * if that still runs. Returns false if the item has left the list meanwhile.
 */
static bool unqueue(struct work_struct *work)
{
	struct worker_pool *pool = lock_queued_pool(work);
	struct worker *runs;

	if (!pool)
		return false;
	context_assume_held(&pool->lock);
	context_assume_held(&role_spinning);
	list_del_init(&work->entry);
	work_set_data(work, pool->id_word | WORK_PENDING);
	runs = worker_running(pool, work);
	if (runs)
		flushers_follow(runs);
	else
		flushers_end(pool, work, NULL);
	raw_spin_unlock(&pool->lock);
	return true;
}

/*
 * Gets hold of the pending bit, whatever the state. Returns with interrupts off unless a
 * canceller has it. `dwork` is NULL for an item without a delay.
 */
static enum grab work_grab(struct work_struct *work, struct delayed_work *dwork,
			   unsigned long *flags)
	__no_context_analysis
{
	for (;;) {
		unsigned long data;

		local_irq_save(*flags);
		if (dwork && delay_stop(dwork))
			return GRAB_PENDING;
		if (work_claim(work))
			return GRAB_IDLE;
		data = READ_ONCE(work->data);
		if (data & WORK_QUEUED && unqueue(work))
			return GRAB_PENDING;
		local_irq_restore(*flags);
		if (is_canceling(data))
			return GRAB_CANCELING;
		/* Another CPU is between taking the bit and queueing. */
		cpu_relax();
	}
}

/* Gives the pending bit back without queueing. */
static void work_release(struct work_struct *work)
{
	work_set_data(work, READ_ONCE(work->data) & ~WORK_FLAGS);
}

static bool cancel_common(struct work_struct *work, struct delayed_work *dwork)
{
	unsigned long flags;
	enum grab was;

	if (!work_is_usable(work))
		return false;
	was = work_grab(work, dwork, &flags);
	if (was == GRAB_CANCELING)
		return false;
	context_assume_held(&role_irqs_off);
	work_release(work);
	local_irq_restore(flags);
	return was == GRAB_PENDING;
}

bool cancel_work(struct work_struct *work)
{
	return cancel_common(work, NULL);
}

bool cancel_delayed_work(struct delayed_work *dwork)
{
	return cancel_common(&dwork->work, dwork);
}

bool mod_delayed_work_on(unsigned int cpu, struct workqueue_struct *wq,
			 struct delayed_work *dwork, unsigned long delay)
{
	unsigned long flags;
	enum grab was;

	if (!can_queue(wq, &dwork->work))
		return false;
	was = work_grab(&dwork->work, dwork, &flags);
	if (was == GRAB_CANCELING)
		return true;
	context_assume_held(&role_irqs_off);
	queue_delayed_claimed(cpu, wq, dwork, delay);
	local_irq_restore(flags);
	return was == GRAB_PENDING;
}

/* ---- waiting for an item ---- */

/* For the round of `worker`; NULL: for that for which the item is queued. */
static void flusher_add(struct flusher *f, struct worker_pool *pool, struct work_struct *work,
			struct worker *worker)
	__must_hold(&pool->lock)
{
	f->work = work;
	f->worker = worker;
	init_completion(&f->done);
	list_add_tail(&f->link, &pool->flushers);
	if (worker)
		worker->flushed = true;
	else
		work_set_data(work, READ_ONCE(work->data) | WORK_FLUSHED);
}

/* Whether a wait for the item's round, in `pool`, would wait for the caller itself. */
static bool would_wait_for_itself(struct worker_pool *pool, struct worker *runs)
{
	struct worker *self = current_worker(pool);

	return self && (self == runs || pool->nr_workers == 1);
}

/* Waits for the round that runs, if one does. Interrupts are off, and on after. */
static void wait_while_running(struct work_struct *work, unsigned long flags)
	__releases(role_irqs_off)
{
	struct worker_pool *pool = lock_running_pool(NULL, work, READ_ONCE(work->data));
	struct worker *runs = pool ? worker_running(pool, work) : NULL;
	struct work_class class = work_class_of(work);
	struct flusher f;
	bool itself;

	if (!pool) {
		local_irq_restore(flags);
		might_wait_for(class);
		return;
	}
	context_assume_held(&pool->lock);
	context_assume_held(&role_spinning);
	itself = would_wait_for_itself(pool, runs);
	if (!itself)
		flusher_add(&f, pool, work, runs);
	raw_spin_unlock_irqrestore(&pool->lock, flags);
	if (WARN(itself, "a work item waits for its own end"))
		return;
	might_wait_for(class);
	wait_for_completion(&f.done);
}

static bool cancel_sync_common(struct work_struct *work, struct delayed_work *dwork)
{
	unsigned long flags;
	enum grab was;

	might_sleep();
	if (!work_is_usable(work))
		return false;
	while ((was = work_grab(work, dwork, &flags)) == GRAB_CANCELING)
		wait_event(cancel_waiters, !is_canceling(READ_ONCE(work->data)));
	context_assume_held(&role_irqs_off);
	work_set_data(work, READ_ONCE(work->data) | WORK_CANCELING);
	wait_while_running(work, flags);
	work_release(work);
	if (wq_has_sleeper(&cancel_waiters))
		wake_up_all(&cancel_waiters);
	return was == GRAB_PENDING;
}

bool cancel_work_sync(struct work_struct *work)
{
	return cancel_sync_common(work, NULL);
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	return cancel_sync_common(&dwork->work, dwork);
}

/* The pool where the item is queued or runs, locked; NULL if it is idle. Interrupts are off. */
static struct worker_pool *lock_pool_of(struct work_struct *work)
	__no_context_analysis
{
	for (;;) {
		unsigned long data = READ_ONCE(work->data);
		struct worker_pool *pool;

		if (!(data & WORK_QUEUED))
			return lock_running_pool(NULL, work, data);
		pool = lock_queued_pool(work);
		if (pool)
			return pool;
	}
}

bool flush_work(struct work_struct *work)
{
	struct work_class class = work_class_of(work);
	struct worker_pool *pool;
	struct worker *runs;
	unsigned long flags;
	struct flusher f;
	bool itself;

	might_sleep();
	if (!work_is_usable(work))
		return false;
	local_irq_save(flags);
	pool = lock_pool_of(work);
	if (!pool) {
		local_irq_restore(flags);
		might_wait_for(class);
		return false;
	}
	context_assume_held(&pool->lock);
	context_assume_held(&role_spinning);
	runs = worker_running(pool, work);
	itself = would_wait_for_itself(pool, runs);
	if (!itself)
		flusher_add(&f, pool, work, queued_pool(work->data) ? NULL : runs);
	raw_spin_unlock_irqrestore(&pool->lock, flags);
	if (WARN(itself, "flush_work() from the worker that would have to run the item"))
		return false;
	might_wait_for(class);
	wait_for_completion(&f.done);
	return true;
}

bool flush_delayed_work(struct delayed_work *dwork)
{
	unsigned long flags;

	if (!work_is_usable(&dwork->work))
		return false;
	local_irq_save(flags);
	if (delay_stop_sync(dwork))
		queue_claimed(dwork->wq, &dwork->work, delayed_pool(dwork));
	local_irq_restore(flags);
	return flush_work(&dwork->work);
}

/* ---- waiting for a queue ---- */

/* Behind all that is queued now. When the barrier runs, all of that has at least begun. */
static void wait_until_begun(struct worker_pool *pool)
{
	struct barrier_work barrier;
	unsigned long flags;

	work_init(&barrier.work, barrier_done);
	work_set_class(&barrier.work, NULL, NULL);
	init_completion(&barrier.done);
	raw_spin_lock_irqsave(&pool->lock, flags);
	insert_and_unlock(pool, &barrier.work);
	local_irq_restore(flags);
	wait_for_completion(&barrier.done);
}

static void wait_for_worker(struct worker_pool *pool, struct worker *worker)
{
	struct flusher f;
	unsigned long flags;
	bool runs;

	raw_spin_lock_irqsave(&pool->lock, flags);
	runs = worker->work;
	if (runs)
		flusher_add(&f, pool, worker->work, worker);
	raw_spin_unlock_irqrestore(&pool->lock, flags);
	if (runs)
		wait_for_completion(&f.done);
}

static bool is_busy(struct worker_pool *pool)
{
	guard(raw_spinlock_irqsave)(&pool->lock);
	for (unsigned int i = 0; i < pool->nr_workers; i++)
		if (pool->workers[i].work)
			return true;
	return !list_empty(&pool->items);
}

static void flush_pool(struct worker_pool *pool)
{
	if (!is_busy(pool))
		return;
	wait_until_begun(pool);
	for (unsigned int i = 0; i < pool->nr_workers; i++)
		wait_for_worker(pool, &pool->workers[i]);
}

static void flush_pools(struct workqueue_struct *wq)
{
	struct worker_pool *pool;
	unsigned int at;

	for_each_pool(pool, at, wq)
		flush_pool(pool);
}

bool called_by_own_item(struct workqueue_struct *wq, const char *what)
{
	return WARN(current_worker_of(wq), "%s() of workqueue %s from one of its items",
		    what, wq->name);
}

void flush_workqueue(struct workqueue_struct *wq)
{
	might_sleep();
	if (called_by_own_item(wq, "flush_workqueue"))
		return;
	might_wait_for(queue_class_of(wq));
	flush_pools(wq);
}

static void set_gate_of_pool(struct worker_pool *pool, enum wq_gate gate)
{
	guard(raw_spinlock_irqsave)(&pool->lock);
	pool->gate = gate;
	pool->accepts = gate == WQ_OPEN ? pool->id_word : ACCEPTS_NONE;
}

static void set_gate(struct workqueue_struct *wq, enum wq_gate gate)
{
	struct worker_pool *pool;
	unsigned int at;

	for_each_pool(pool, at, wq)
		set_gate_of_pool(pool, gate);
}

/*
 * What is taken while the gate is not open is counted. A flush that waits for all that was
 * there, with nothing taken meanwhile, has left nothing: in no pool, whatever the items of
 * one have queued on another.
 */
void drain_and_shut(struct workqueue_struct *wq)
{
	unsigned int rounds = 0;
	int before;

	set_gate(wq, WQ_DRAINING);
	do {
		if (rounds++ == DRAIN_ROUNDS_MAX) {
			WARN(true, "workqueue %s: its items queue themselves without end",
			     wq->name);
			set_gate(wq, WQ_CLOSED);
		}
		before = atomic_read(&wq->chained);
		flush_pools(wq);
	} while (atomic_read(&wq->chained) != before);
}

void drain_workqueue(struct workqueue_struct *wq)
{
	might_sleep();
	if (called_by_own_item(wq, "drain_workqueue"))
		return;
	drain_and_shut(wq);
	set_gate(wq, WQ_OPEN);
}

/* ---- what waits for its time ---- */

/*
 * Returns whether there was one: it is cancelled, or its timer's function, which waits for the
 * lock on another CPU, is about to queue it.
 */
static bool cancel_first_delayed(struct workqueue_struct *wq, unsigned int *cancelled)
{
	struct work_struct *work;

	guard(raw_spinlock_irqsave)(&wq->lock);
	work = list_first_entry_or_null(&wq->delayed, struct work_struct, entry);
	if (!work)
		return false;
	if (del_timer(&to_delayed_work(work)->timer)) {
		list_del_init(&work->entry);
		work_release(work);
		++*cancelled;
	}
	return true;
}

void cancel_delayed_items(struct workqueue_struct *wq)
{
	unsigned int cancelled = 0;

	while (cancel_first_delayed(wq, &cancelled))
		cpu_relax();
	WARN(cancelled, "workqueue %s is destroyed with %u delayed items", wq->name, cancelled);
}
