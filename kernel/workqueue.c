/* SPDX-License-Identifier: MIT */
/*
 * Work queues: putting items on queues, now and after a delay.
 *
 * A queue has a pool for each CPU, and an item goes to the pool of the CPU that queues it:
 * CPUs that queue share nothing. A queue with WQ_UNBOUND has one pool. An item that still
 * runs goes to the pool where it does, whichever that is: so it never runs twice at once. Of
 * another queue's pool, the queue that it was put on knows nothing: it does not wait for it.
 *
 * In the usual case queue_work() finds the item idle, last run where it is to go, and the
 * queue open: that is one comparison with a word that the pool keeps for it.
 *
 * What an item's word says: workqueue_priv.h. Locking: see workqueue_priv.h.
 */
#include <kernel/workqueue.h>

#include <kernel/bug.h>
#include <kernel/slab.h>
#include <lib/errno.h>

#include "workqueue_priv.h"

static const void *work_hint(const void *work)
{
	return (const void *)((const struct work_struct *)work)->func;
}

const struct debug_obj_descr work_debug_descr __debug_obj_descr = {
	.name = "work_struct",
	.live = "pending",
	.offset = offsetof(struct work_struct, debug),
	.hint = work_hint,
};

/* ---- the usual way and the other ---- */

/*
 * From idle, where the pool takes it, to queued, in one step: who else claims it finds it so, and
 * then the pool locked, or has been first. With one CPU it is enough to look.
 */
static __always_inline bool work_take_idle(struct worker_pool *pool, struct work_struct *work)
	__must_hold(&pool->lock)
{
	unsigned long idle = pool->accepts;

#ifdef CONFIG_SMP
	sched_point();
	return hal_try_exchange(&work->data, idle,
				(unsigned long)pool | WORK_PENDING | WORK_QUEUED);
#else
	return work->data == idle;
#endif
}

/* The pool that the item has to go to, locked: where it still runs, else `pool`. */
static struct worker_pool *lock_pool_for(struct workqueue_struct *wq, struct worker_pool *pool,
					 struct work_struct *work)
	__no_context_analysis
{
	unsigned long last = work->data & ~WORK_FLAGS;

	if (last != pool->id_word && last != 0) {
		struct worker_pool *runs = lock_running_pool(wq, work, last);

		if (runs)
			return runs;
	}
	raw_spin_lock(&pool->lock);
	return pool;
}

/* Whether `wq`'s item may go to the pool: one of another queue only holds it while it runs. */
static bool gate_lets_pass(struct workqueue_struct *wq, struct worker_pool *pool)
	__must_hold(&pool->lock)
{
	return pool->gate == WQ_OPEN ||
	       (pool->gate == WQ_DRAINING && (pool->wq != wq || current_worker_of(wq)));
}

noinline bool queue_claimed(struct workqueue_struct *wq, struct work_struct *work,
			    struct worker_pool *pool)
{
	bool accepted, draining;

	pool = lock_pool_for(wq, pool, work);
	context_assume_held(&pool->lock);
	context_assume_held(&role_spinning);
	accepted = gate_lets_pass(wq, pool);
	draining = pool->gate == WQ_DRAINING;
	if (accepted) {
		if (pool->gate != WQ_OPEN)
			atomic_inc(&pool->wq->chained);
		insert_and_unlock(pool, work);
	} else {
		work_set_data(work, work->data & ~WORK_FLAGS);
		raw_spin_unlock(&pool->lock);
	}
	WARN(!accepted && draining, "workqueue %s: queueing while it is drained", wq->name);
	return accepted;
}

/* Interrupts are off. */
static __always_inline bool queue_on_pool(struct workqueue_struct *wq, struct worker_pool *pool,
					  struct work_struct *work)
{
	bool queued = true;

	raw_spin_lock(&pool->lock);
	if (likely(work_take_idle(pool, work))) {
		debug_object_activate(&work->debug, &work_debug_descr);
		insert_and_unlock(pool, work);
	} else {
		raw_spin_unlock(&pool->lock);
		queued = work_claim(work) && queue_claimed(wq, work, pool);
	}
	return queued;
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	unsigned long flags;
	bool queued;

	if (!can_queue(wq, work))
		return false;
	local_irq_save(flags);
	queued = queue_on_pool(wq, pool_of_cpu(wq, smp_processor_id()), work);
	local_irq_restore(flags);
	return queued;
}

/* ---- on a CPU ---- */

/* Interrupts are off. A CPU that is not there is reported; `wq` has its items go elsewhere. */
static struct worker_pool *chosen_pool(struct workqueue_struct *wq, unsigned int cpu)
{
	if (cpu == WORK_CPU_UNBOUND)
		cpu = smp_processor_id();
	else if (WARN(!cpu_online(cpu), "workqueue %s: an item for CPU %u, which is not online",
		      wq->name, cpu))
		cpu = smp_processor_id();
	return pool_of_cpu(wq, cpu);
}

bool queue_work_on(unsigned int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	unsigned long flags;
	bool queued;

	if (!can_queue(wq, work))
		return false;
	local_irq_save(flags);
	queued = queue_on_pool(wq, chosen_pool(wq, cpu), work);
	local_irq_restore(flags);
	return queued;
}

/* ---- delayed items ---- */

static void set_delayed_cpu(struct delayed_work *dwork, unsigned int cpu)
{
#ifdef CONFIG_SMP
	dwork->cpu = cpu;
#else
	(void)dwork;
	(void)cpu;
#endif
}

struct worker_pool *delayed_pool(const struct delayed_work *dwork)
{
#ifdef CONFIG_SMP
	return chosen_pool(dwork->wq, dwork->cpu);
#else
	return &dwork->wq->first;
#endif
}

/* As long as wq->lock is held the queue is there: who destroys it waits for its list. */
void delayed_work_timer_fn(struct timer_list *t)
{
	struct delayed_work *dwork = from_timer(dwork, t, timer);
	struct workqueue_struct *wq = dwork->wq;

	raw_spin_lock(&wq->lock);
	list_del_init(&dwork->work.entry);
	queue_claimed(wq, &dwork->work, delayed_pool(dwork));
	raw_spin_unlock(&wq->lock);
}

bool queue_delayed_claimed(unsigned int cpu, struct workqueue_struct *wq,
			   struct delayed_work *dwork, unsigned long delay)
{
	dwork->wq = wq;
	set_delayed_cpu(dwork, cpu);
	if (delay == 0)
		return queue_claimed(wq, &dwork->work, delayed_pool(dwork));
	if (WARN(IS_ENABLED(CONFIG_DEBUG) && delay > MAX_JIFFY_OFFSET,
		 "workqueue %s: a delay of %lu jiffies, which would be past", wq->name, delay))
		delay = MAX_JIFFY_OFFSET;
	raw_spin_lock(&wq->lock);
	list_add_tail(&dwork->work.entry, &wq->delayed);
	mod_timer(&dwork->timer, jiffies + delay);
	raw_spin_unlock(&wq->lock);
	return true;
}

bool queue_delayed_work_on(unsigned int cpu, struct workqueue_struct *wq,
			   struct delayed_work *dwork, unsigned long delay)
{
	unsigned long flags;
	bool queued;

	if (!can_queue(wq, &dwork->work))
		return false;
	local_irq_save(flags);
	queued = work_claim(&dwork->work) && queue_delayed_claimed(cpu, wq, dwork, delay);
	local_irq_restore(flags);
	return queued;
}

static bool delay_end(struct delayed_work *dwork, bool was_armed)
{
	if (!was_armed)
		return false;
	raw_spin_lock(&dwork->wq->lock);
	list_del_init(&dwork->work.entry);
	raw_spin_unlock(&dwork->wq->lock);
	return true;
}

bool delay_stop(struct delayed_work *dwork)
{
	return delay_end(dwork, del_timer(&dwork->timer));
}

bool delay_stop_sync(struct delayed_work *dwork)
{
	return delay_end(dwork, del_timer_sync(&dwork->timer));
}

/* ---- spawned items ---- */

struct spawned {
	struct work_struct work;
	void (*fn)(void *arg);
	void *arg;
	void (*arg_free)(void *arg);
};

static void spawned_work_fn(struct work_struct *work)
{
	struct spawned *s = container_of(work, struct spawned, work);

	s->fn(s->arg);
	if (s->arg_free)
		s->arg_free(s->arg);
	kfree(s);
}

/* NULL without memory. */
static struct spawned *spawned_new(void (*fn)(void *arg), void *arg, void (*arg_free)(void *arg))
{
	struct spawned *s = kmalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	*s = (struct spawned){ .fn = fn, .arg = arg, .arg_free = arg_free };
	work_init(&s->work, spawned_work_fn);
	return s;
}

static int queue_spawned(struct workqueue_struct *wq, struct spawned *s)
{
	if (!s)
		return -ENOMEM;
	if (queue_work(wq, &s->work))
		return 0;
	kfree(s);
	return -ESHUTDOWN;
}

int __spawn_work_item(struct workqueue_struct *wq, void (*fn)(void *arg), void *arg,
		      void (*arg_free)(void *arg) __SPAWN_SITE_PARAMS)
{
	int err = -EINVAL;

	might_sleep();
	if (!WARN(IS_ENABLED(CONFIG_DEBUG) && !fn, "spawn_work_item() of no function")) {
		struct spawned *s = spawned_new(fn, arg, arg_free);

#ifdef CONFIG_LOCKDEP
		if (s)
			work_set_class(&s->work, key, name);
#endif
		err = queue_spawned(wq, s);
	}
	if (err && arg_free)
		arg_free(arg);
	return err;
}
