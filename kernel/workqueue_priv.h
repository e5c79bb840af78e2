/* SPDX-License-Identifier: MIT */
/*
 * Work queues inside: an item's word, pools, workers, and what the files share.
 *
 * An item's `data` says all of its state in one word. The lowest bit, pending, is a lock
 * that whoever wants to queue the item takes and that nobody waits for:
 *
 *	idle		id of the pool where it ran last (0: never ran)
 *	owned		the same | PENDING: a delay runs, or somebody is about to queue it
 *	cancelled	the same | PENDING | CANCELING: a canceller waits for the function
 *	queued		address of the pool | PENDING | QUEUED: it is on the pool's list,
 *			and with FLUSHED somebody waits for the round to come
 *
 *	idle -> owned -> queued -> idle, and the function begins
 *	  ^                 | cancel
 *	  +--- owned <------+
 *
 * When a worker takes an item off the list it goes to idle before the function begins:
 * from there on the worker knows of it only its address, as a number, so the function may
 * free the item. An idle item leads by the id, not by an address, to where it may still
 * run: that pool may be gone. A queue's pools have consecutive ids, so that one that is at
 * hand is found without a search; the pools of the others are there as long as queues_lock
 * is held.
 *
 * Locks: [p] pool->lock, with interrupts off; [w] wq->lock; [Q] queues_lock; [a] atomic.
 * Order: wq->lock, queues_lock, pool->lock, and then the run queue's; the timers' inside
 * wq->lock.
 */
#ifndef WORKQUEUE_PRIV_H
#define WORKQUEUE_PRIV_H

#include <kernel/cpumask.h>
#include <kernel/lockdep.h>
#include <kernel/workqueue.h>
#include <lib/atomic.h>

#include "sched_priv.h"

#define WORK_PENDING		1UL
#define WORK_QUEUED		2UL
#define WORK_CANCELING		4UL	/* while not queued */
#define WORK_FLUSHED		4UL	/* while queued */
#define WORK_FLAGS		7UL
#define WORK_ID_SHIFT		3

/* The word of no item: it would be queued on a pool at the end of the address space. */
#define ACCEPTS_NONE		(~0UL)

#define WQ_NAME_LEN		16

enum wq_gate {
	WQ_OPEN,		/* for all */
	WQ_DRAINING,		/* for the queue's own items */
	WQ_CLOSED,		/* for nobody */
};

/* Invariant, for who holds the lock: `work` is not NULL iff the worker is inside its function. */
struct worker {
	struct worker_pool *pool;	/* [I] */
	struct task_struct *task;	/* [I] */
	struct work_struct *work;	/* [p] never followed: it may be freed */
	bool flushed;			/* [p] somebody waits for the end of this round */
};

/*
 * A CPU's share of a queue, or a whole one without CPUs.
 * Invariant: accepts is id_word iff the gate is open, else what no item's word is.
 */
struct worker_pool {
	raw_spinlock_t lock;
	struct list_head items __guarded_by(&lock);	/* [p] the hot paths' fields first */
	struct list_head idle __guarded_by(&lock);	/* [p] the workers that sleep, as waiters */
	unsigned long accepts __guarded_by(&lock);	/* [p] items of this word need no look */
	unsigned long id_word;		/* [I] the id as an idle item has it */
	bool stopping __guarded_by(&lock);	/* [p] workers end when there are no items */
	u8 gate __guarded_by(&lock);	/* [p] enum wq_gate */
	unsigned int cpu;		/* [I] 0 for one without a CPU */
	struct list_head flushers __guarded_by(&lock);	/* [p] */
	struct workqueue_struct *wq;	/* [I] */
	unsigned int nr_workers;	/* [I] */
	struct worker workers[WQ_MAX_WORKERS];
};

struct workqueue_struct {
#ifdef CONFIG_SMP
	/* [I] where each CPU's items go: `first` for one that is not online. */
	struct worker_pool *of_cpu[CONFIG_NR_CPUS];
#endif
	struct worker_pool first;	/* of CPU 0; with WQ_UNBOUND of the whole queue */
	raw_spinlock_t lock;
	struct list_head delayed;	/* [w] items whose delay runs */
	atomic_t chained;		/* [a] items taken while the gate was not open */
	struct list_head queues;	/* [Q] */
	unsigned int flags;		/* [I] WQ_* */
	int max_active;			/* [I] workers of a pool */
	unsigned long first_id;		/* [I] of CPU 0's pool, as an idle item has it */
	char name[WQ_NAME_LEN];		/* [I] */
	struct debug_obj debug;		/* [I] */
	struct lock_class_key key;	/* [I] the queue to the lock checker */
};

/* ---- an item's word ---- */

/* Reports an item that cannot be used. Context: any. */
static __always_inline bool work_is_usable(const struct work_struct *work)
{
	return debug_object_assert_init(&work->debug, &work_debug_descr);
}

static inline struct worker_pool *queued_pool(unsigned long data)
{
	/* SAFETY: with WORK_QUEUED the word is a pool, which lives as long as its queue. */
	return data & WORK_QUEUED ? (struct worker_pool *)(data & ~WORK_FLAGS) : NULL;
}

static inline bool is_canceling(unsigned long data)
{
	return (data & (WORK_QUEUED | WORK_CANCELING)) == WORK_CANCELING;
}

/* Takes the pending bit. Interrupts are off. */
static inline bool work_claim(struct work_struct *work)
{
	unsigned long old;

	if (IS_ENABLED(CONFIG_SMP))
		old = ATOMIC_FULL_OP(__atomic_fetch_or, &work->data, WORK_PENDING);
	else
		old = work->data;
	sched_point();	/* a look and a change apart would have others in between: races_claim */
	if (old & WORK_PENDING)
		return false;
	if (!IS_ENABLED(CONFIG_SMP))
		work->data = old | WORK_PENDING;
	debug_object_activate(&work->debug, &work_debug_descr);
	return true;
}

/* What was written before is seen by who finds the word so. */
static __always_inline void work_set_data(struct work_struct *work, unsigned long data)
{
	if (!(data & WORK_PENDING))
		debug_object_deactivate(&work->debug, &work_debug_descr);
	smp_store_release(&work->data, data);
}

/* ---- to the lock checker: items and queues as locks ---- */

#ifdef CONFIG_LOCKDEP

/* Of an item that may be gone; key NULL: nobody waits for it as for a lock. */
struct work_class {
	struct lock_class_key *key;
	const char *name;
};

static inline struct work_class work_class_of(struct work_struct *work)
{
	return (struct work_class){
		.key = work->name && !work->key ? &work->own : work->key,
		.name = work->name,
	};
}

static inline struct work_class queue_class_of(struct workqueue_struct *wq)
{
	return (struct work_class){ .key = &wq->key, .name = wq->name };
}

static inline void work_class_enter(struct lockdep_map *map, struct work_class class)
{
	lockdep_init_map(map, class.name, class.key, LOCK_KIND_MUTEX);
	if (class.key && lockdep_acquire(map, 0, LOCK_EXCLUSIVE, 0, 0))
		lockdep_acquired(map);
}

static inline void work_class_leave(struct lockdep_map *map, struct work_class class)
{
	if (class.key)
		(void)lockdep_release(map);
	lockdep_destroy_map(map);
}

/* The caller is about to wait for the item's, or the queue's, end. */
static inline void might_wait_for(struct work_class class)
{
	struct lockdep_map map;

	work_class_enter(&map, class);
	work_class_leave(&map, class);
}

#else

struct work_class {
};

static inline struct work_class work_class_of(struct work_struct *work)
{
	(void)work;
	return (struct work_class){ };
}

static inline struct work_class queue_class_of(struct workqueue_struct *wq)
{
	(void)wq;
	return (struct work_class){ };
}

static inline void work_class_enter(struct lockdep_map *map, struct work_class class)
{
	(void)map;
	(void)class;
}

static inline void work_class_leave(struct lockdep_map *map, struct work_class class)
{
	(void)map;
	(void)class;
}

static inline void might_wait_for(struct work_class class)
{
	(void)class;
}

#endif

/* ---- pools ---- */

/* Where a CPU's items go. */
static __always_inline struct worker_pool *pool_of_cpu(struct workqueue_struct *wq,
						       unsigned int cpu)
{
#ifdef CONFIG_SMP
	return READ_ONCE(wq->of_cpu[cpu]);
#else
	(void)cpu;
	return &wq->first;
#endif
}

/* All pools of a queue, each once. */
#define for_each_pool(pool, at, queue)						\
	for ((at) = 0; (at) < nr_cpu_ids; (at)++)				\
		if (((pool) = pool_of_cpu(queue, at))->cpu != (at))		\
			continue;						\
		else

/* The worker of this pool that is inside the item's function. The pool is locked. */
static inline struct worker *worker_running(struct worker_pool *pool,
					    const struct work_struct *work)
{
	for (unsigned int i = 0; i < pool->nr_workers; i++)
		if (pool->workers[i].work == work)
			return &pool->workers[i];
	return NULL;
}

/*
 * For an item whose pending bit is the caller's. Without the pool's lock, which is given back,
 * nobody relies on it.
 */
static __always_inline void insert_and_unlock(struct worker_pool *pool, struct work_struct *work)
	__releases(&pool->lock, role_spinning)
{
	WRITE_ONCE(work->data, (unsigned long)pool | WORK_PENDING | WORK_QUEUED);
	list_add_tail(&work->entry, &pool->items);
	if (list_empty(&pool->idle))
		raw_spin_unlock(&pool->lock);
	else
		waiter_grant_first_and_unlock(&pool->idle, &pool->lock);
}

extern const struct debug_obj_descr workqueue_debug_descr;

/* Whether the item may go to that queue; reports it if not. Context: any. */
static __always_inline bool can_queue(const struct workqueue_struct *wq,
				      const struct work_struct *work)
{
	return work_is_usable(work) && !WARN_ON(IS_ENABLED(CONFIG_DEBUG) && !work->func) &&
	       debug_object_assert_init(&wq->debug, &workqueue_debug_descr);
}

/* All queues. Who holds it finds every pool that an item leads to still there. */
extern raw_spinlock_t queues_lock;

/* ---- from file to file; interrupts are off if not said otherwise ---- */

/* The worker of this pool, or of this queue, that calls; else NULL. Context: any. */
struct worker *current_worker(struct worker_pool *pool);
struct worker *current_worker_of(struct workqueue_struct *wq);

/*
 * The pool where the item ran last, which its word `data` tells, locked, if it still runs there,
 * else NULL. `wq` is a queue that is there in any case, or NULL. No pool is locked.
 */
struct worker_pool *lock_running_pool(struct workqueue_struct *wq, struct work_struct *work,
				      unsigned long data);

/*
 * Queues an item whose pending bit the caller has taken, on `pool` of `wq` if it does not run
 * elsewhere. Returns false, and the bit is given back, if the queue does not take it.
 */
bool queue_claimed(struct workqueue_struct *wq, struct work_struct *work,
		   struct worker_pool *pool);

/* The same after a delay; `cpu` as of queue_delayed_work_on(). */
bool queue_delayed_claimed(unsigned int cpu, struct workqueue_struct *wq,
			   struct delayed_work *dwork, unsigned long delay);

/* Stops a delay that runs; the pending bit is the caller's then. */
bool delay_stop(struct delayed_work *dwork);

/* The same; if the delay is ending on another CPU, the item is queued when it returns false. */
bool delay_stop_sync(struct delayed_work *dwork);

/* The pool where the delayed item is to be queued. */
struct worker_pool *delayed_pool(const struct delayed_work *dwork);

/* Cancels what waits for its time, which nobody may wait for; reports it. */
void cancel_delayed_items(struct workqueue_struct *wq);

/* Waits for items: the workers tell them. The pool is locked. */

/* The worker begins with an item that somebody waits for. */
void flushers_begin(struct worker *self);

/* Ends the wait of those who wait for the round of `worker`; NULL: for one that never begins. */
void flushers_end(struct worker_pool *pool, struct work_struct *work, struct worker *worker)
	__must_hold(&pool->lock);

/* Whether the item is the mark behind what was queued before a flush. */
bool is_flush_barrier(const struct work_struct *work);

/* Empties the queue and leaves the gate shut. Context: task; may sleep. */
void drain_and_shut(struct workqueue_struct *wq) __may_sleep;

/* Reports a caller that is one of the queue's items. Context: any. */
bool called_by_own_item(struct workqueue_struct *wq, const char *what);

#endif
