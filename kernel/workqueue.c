/* SPDX-License-Identifier: MIT */
/*
 * Work queues: a queue is a list of items and the workers that run them.
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
 * run: that pool may be gone.
 *
 * Who waits for an item leaves a note at the pool (struct flusher). The note waits for one
 * round: it is marked when a worker begins with the item and done when that worker ends.
 *
 * In the usual case queue_work() finds the item idle, last run where it is to go, and the
 * queue open: that is one comparison with a word that the pool keeps for it.
 *
 * Locks: [p] pool->lock, with interrupts off; [a] atomic; [P] pools_lock, taken before it.
 * The run queue's and the timers' locks come after.
 */
#include <kernel/workqueue.h>

#include <kernel/bug.h>
#include <kernel/completion.h>
#include <kernel/debugobjects.h>
#include <kernel/init.h>
#include <kernel/kthread.h>
#include <kernel/slab.h>
#include <kernel/wait.h>
#include <lib/minmax.h>
#include <lib/sprintf.h>

#include "sched_priv.h"

#define WORK_PENDING		1UL
#define WORK_QUEUED		2UL
#define WORK_CANCELING		4UL	/* while not queued */
#define WORK_FLUSHED		4UL	/* while queued */
#define WORK_FLAGS		7UL
#define WORK_ID_SHIFT		3

/* The word of no item: it would be queued on a pool at the end of the address space. */
#define ACCEPTS_NONE		(~0UL)

#define HIGHPRI_NICE		MIN_NICE
#define WQ_NAME_LEN		16
/* So many rounds a draining queue's items may go on queueing themselves. */
#define DRAIN_ROUNDS_MAX	100

/* Invariant, for who holds the lock: `work` is not NULL iff the worker is inside its function. */
struct worker {
	struct worker_pool *pool;	/* [I] */
	struct task_struct *task;	/* [I] */
	struct work_struct *work;	/* [p] never followed: it may be freed */
	bool flushed;			/* [p] somebody waits for the end of this round */
};

/* Invariant: accepts is id_word iff the gate is open, else what no item's word is. */
struct worker_pool {
	struct list_head items __guarded_by(&lock);	/* [p] the hot paths' fields first */
	struct list_head idle __guarded_by(&lock);	/* [p] the workers that sleep, as waiters */
	unsigned long accepts __guarded_by(&lock);	/* [p] items of this word need no look */
	unsigned long id_word;		/* [I] the id as an idle item has it */
	raw_spinlock_t lock;
	bool stopping __guarded_by(&lock);	/* [p] workers end when there are no items */
	struct list_head flushers __guarded_by(&lock);	/* [p] */
	struct list_head pools;		/* [P] */
	unsigned int nr_workers;	/* [I] */
	struct worker workers[WQ_MAX_WORKERS];
};

enum wq_gate {
	WQ_OPEN,		/* for all */
	WQ_DRAINING,		/* for the queue's own items */
	WQ_CLOSED,		/* for nobody */
};

struct workqueue_struct {
	struct worker_pool pool;
	enum wq_gate gate;		/* [p] */
	struct list_head delayed;	/* [p] items whose delay runs */
	unsigned int flags;		/* [I] WQ_* */
	char name[WQ_NAME_LEN];		/* [I] */
};

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

struct workqueue_struct *system_wq;
struct workqueue_struct *system_highpri_wq;

static DEFINE_RAW_SPINLOCK(pools_lock);
static LIST_HEAD(pools);			/* [P] */
static unsigned long last_pool_id;		/* [P] */

/* Cancellers that wait for another canceller of the same item. */
static DECLARE_WAIT_QUEUE_HEAD(cancel_waiters);

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

/* Reports an item that cannot be used. Context: any. */
static __always_inline bool work_is_usable(const struct work_struct *work)
{
	return debug_object_assert_init(&work->debug, &work_debug_descr);
}

/* ---- an item's word ---- */

static struct worker_pool *queued_pool(unsigned long data)
{
	/* SAFETY: with WORK_QUEUED the word is a pool, which lives as long as its queue. */
	return data & WORK_QUEUED ? (struct worker_pool *)(data & ~WORK_FLAGS) : NULL;
}

static bool is_canceling(unsigned long data)
{
	return (data & (WORK_QUEUED | WORK_CANCELING)) == WORK_CANCELING;
}

/*
 * Takes the pending bit of an item whose word is `idle`. Interrupts are off. With one CPU
 * it is enough to look: the caller queues the item before they are on.
 */
static __always_inline bool work_claim_idle(struct work_struct *work, unsigned long idle)
{
	if (IS_ENABLED(CONFIG_SMP))
		return cmpxchg(&work->data, idle, idle | WORK_PENDING) == idle;
	return work->data == idle;
}

/* Takes the pending bit. Interrupts are off. */
static bool work_claim(struct work_struct *work)
{
	unsigned long old;

	if (IS_ENABLED(CONFIG_SMP))
		old = ATOMIC_FULL_OP(__atomic_fetch_or, &work->data, WORK_PENDING);
	else
		old = work->data;
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

/* ---- pools and workers; the pool is locked ---- */

static struct worker *worker_running(struct worker_pool *pool, const struct work_struct *work)
{
	for (unsigned int i = 0; i < pool->nr_workers; i++)
		if (pool->workers[i].work == work)
			return &pool->workers[i];
	return NULL;
}

/* The pool's worker that calls, or NULL. */
static struct worker *current_worker(struct worker_pool *pool)
{
	if (in_hardirq())
		return NULL;
	for (unsigned int i = 0; i < pool->nr_workers; i++)
		if (pool->workers[i].task == current)
			return &pool->workers[i];
	return NULL;
}

static __always_inline void insert_item(struct worker_pool *pool, struct work_struct *work)
	__must_hold(&pool->lock)
{
	struct list_head *idle = pool->idle.next;

	work_set_data(work, (unsigned long)pool | WORK_PENDING | WORK_QUEUED);
	list_add_tail(&work->entry, &pool->items);
	if (idle != &pool->idle)
		waiter_grant(waiter_task(idle));
}

/*
 * The pool where the item ran last, locked, if it still runs there, else NULL.
 * Interrupts are off; no pool is locked.
 */
static struct worker_pool *lock_running_pool(struct work_struct *work, unsigned long data)
	__no_context_analysis
{
	struct worker_pool *pool;

	guard(raw_spinlock)(&pools_lock);
	list_for_each_entry(pool, &pools, pools) {
		if (pool->id_word != (data & ~WORK_FLAGS))
			continue;
		raw_spin_lock(&pool->lock);
		if (worker_running(pool, work))
			return pool;
		raw_spin_unlock(&pool->lock);
		return NULL;
	}
	return NULL;
}

/* ---- queueing ---- */

/* An item that still runs elsewhere goes there, so that it does not run twice at once. */
static bool insert_where_it_runs(struct work_struct *work)
{
	struct worker_pool *pool = lock_running_pool(work, READ_ONCE(work->data));

	if (!pool)
		return false;
	context_assume_held(&pool->lock);
	context_assume_held(&role_spinning);
	insert_item(pool, work);
	raw_spin_unlock(&pool->lock);
	return true;
}

static bool gate_lets_pass(struct workqueue_struct *wq)
	__must_hold(&wq->pool.lock)
{
	return wq->gate == WQ_OPEN || (wq->gate == WQ_DRAINING && current_worker(&wq->pool));
}

/*
 * For an item whose pending bit the caller has taken. Interrupts are off. Returns false,
 * and the bit is given back, if the queue does not take it.
 */
static noinline bool queue_claimed(struct workqueue_struct *wq, struct work_struct *work)
{
	struct worker_pool *pool = &wq->pool;
	unsigned long last = work->data & ~WORK_FLAGS;
	bool accepted, draining = false;

	if (last != pool->id_word && last != 0 && insert_where_it_runs(work))
		return true;
	raw_spin_lock(&pool->lock);
	accepted = gate_lets_pass(wq);
	if (accepted) {
		insert_item(pool, work);
	} else {
		draining = wq->gate == WQ_DRAINING;
		work_set_data(work, last);
	}
	raw_spin_unlock(&pool->lock);
	WARN(draining, "workqueue %s: queueing while it is drained",
	     wq->name);
	return accepted;
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	struct worker_pool *pool = &wq->pool;
	unsigned long flags;
	bool queued = true;

	if (!work_is_usable(work) || WARN_ON(IS_ENABLED(CONFIG_DEBUG) && !work->func))
		return false;
	local_irq_save(flags);
	if (likely(work_claim_idle(work, READ_ONCE(context_unsafe(pool->accepts))))) {
		debug_object_activate(&work->debug, &work_debug_descr);
		raw_spin_lock(&pool->lock);
		insert_item(pool, work);
		raw_spin_unlock(&pool->lock);
	} else {
		queued = work_claim(work) && queue_claimed(wq, work);
	}
	local_irq_restore(flags);
	return queued;
}

/* ---- delayed items ---- */

void delayed_work_timer_fn(struct timer_list *t)
{
	struct delayed_work *dwork = from_timer(dwork, t, timer);
	struct workqueue_struct *wq = dwork->wq;

	raw_spin_lock(&wq->pool.lock);
	list_del_init(&dwork->work.entry);
	raw_spin_unlock(&wq->pool.lock);
	queue_claimed(wq, &dwork->work);
}

/* For an item whose pending bit the caller has taken. Interrupts are off. */
static bool queue_delayed_claimed(struct workqueue_struct *wq, struct delayed_work *dwork,
				  unsigned long delay)
{
	if (delay == 0)
		return queue_claimed(wq, &dwork->work);
	dwork->wq = wq;
	raw_spin_lock(&wq->pool.lock);
	list_add_tail(&dwork->work.entry, &wq->delayed);
	raw_spin_unlock(&wq->pool.lock);
	mod_timer(&dwork->timer, jiffies + delay);
	return true;
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay)
{
	unsigned long flags;
	bool queued;

	if (!work_is_usable(&dwork->work) ||
	    WARN_ON(IS_ENABLED(CONFIG_DEBUG) && !dwork->work.func))
		return false;
	local_irq_save(flags);
	queued = work_claim(&dwork->work) && queue_delayed_claimed(wq, dwork, delay);
	local_irq_restore(flags);
	return queued;
}

/* Stops a delay that runs; the pending bit is the caller's then. Interrupts are off. */
static bool delay_stop(struct delayed_work *dwork)
{
	struct workqueue_struct *wq = dwork->wq;

	if (!del_timer(&dwork->timer))
		return false;
	raw_spin_lock(&wq->pool.lock);
	list_del_init(&dwork->work.entry);
	raw_spin_unlock(&wq->pool.lock);
	return true;
}

/* ---- the workers ---- */

/* Its pool is locked, under the name that run_item() has for it. */
static noinline void flushers_begin(struct worker *self)
	__no_context_analysis
{
	struct flusher *f;

	self->flushed = true;
	list_for_each_entry(f, &self->pool->flushers, link)
		if (f->work == self->work && !f->worker)
			f->worker = self;
}

/* Ends the wait of those who wait for the round of `worker`; NULL: for one that never begins. */
static noinline void flushers_end(struct worker_pool *pool, struct work_struct *work,
				  struct worker *worker)
	__must_hold(&pool->lock)
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

/*
 * The next item that may begin: the first, but one that runs elsewhere is passed over. A
 * barrier is passed over by nothing and passes nothing.
 */
static noinline struct work_struct *next_item_of_many(struct worker_pool *pool)
	__must_hold(&pool->lock)
{
	struct work_struct *work;

	list_for_each_entry(work, &pool->items, entry) {
		bool first = pool->items.next == &work->entry;

		if (work->func == barrier_done)
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

/* The pool is locked, before and after. */
static __always_inline void run_item(struct worker_pool *pool, struct worker *self,
				     struct work_struct *work)
	__must_hold(&pool->lock, role_spinning, role_irqs_off)
{
	work_func_t func = work->func;

	list_unlink(&work->entry);
	self->work = work;
	if (unlikely(work->data & WORK_FLUSHED))
		flushers_begin(self);
	/* From here on the item is its owner's again. */
	work_set_data(work, pool->id_word);
	raw_spin_unlock_irq(&pool->lock);
	func(work);
	if (IS_ENABLED(CONFIG_DEBUG))
		check_after(func);
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
		waiter_sleep(&pool->idle, &pool->lock, TASK_IDLE);
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

/* ---- taking an item back ---- */

enum grab {
	GRAB_IDLE,		/* it was idle */
	GRAB_PENDING,		/* it was pending */
	GRAB_CANCELING,		/* not ours: a canceller has it */
};

/* Takes an item off the list that it is on. Returns false if it has left it meanwhile. */
static bool unqueue(struct work_struct *work, struct worker_pool *pool)
{
	bool still_there;

	raw_spin_lock(&pool->lock);
	still_there = queued_pool(READ_ONCE(work->data)) == pool;
	if (still_there) {
		list_del_init(&work->entry);
		work_set_data(work, pool->id_word | WORK_PENDING);
		flushers_end(pool, work, NULL);
	}
	raw_spin_unlock(&pool->lock);
	return still_there;
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
		struct worker_pool *pool;
		unsigned long data;

		local_irq_save(*flags);
		if (dwork && delay_stop(dwork))
			return GRAB_PENDING;
		if (work_claim(work))
			return GRAB_IDLE;
		data = READ_ONCE(work->data);
		pool = queued_pool(data);
		if (pool && unqueue(work, pool))
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

bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
		      unsigned long delay)
{
	unsigned long flags;
	enum grab was;

	if (!work_is_usable(&dwork->work))
		return false;
	was = work_grab(&dwork->work, dwork, &flags);
	if (was == GRAB_CANCELING)
		return true;
	context_assume_held(&role_irqs_off);
	queue_delayed_claimed(wq, dwork, delay);
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
	struct worker_pool *pool = lock_running_pool(work, READ_ONCE(work->data));
	struct worker *runs = pool ? worker_running(pool, work) : NULL;
	struct flusher f;
	bool itself;

	if (!pool) {
		local_irq_restore(flags);
		return;
	}
	context_assume_held(&pool->lock);
	context_assume_held(&role_spinning);
	itself = would_wait_for_itself(pool, runs);
	if (!itself)
		flusher_add(&f, pool, work, runs);
	raw_spin_unlock_irqrestore(&pool->lock, flags);
	if (!WARN(itself, "a work item waits for its own end"))
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
		struct worker_pool *pool = queued_pool(data);

		if (!pool)
			return lock_running_pool(work, data);
		raw_spin_lock(&pool->lock);
		if (queued_pool(READ_ONCE(work->data)) == pool)
			return pool;
		raw_spin_unlock(&pool->lock);
	}
}

bool flush_work(struct work_struct *work)
{
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
	wait_for_completion(&f.done);
	return true;
}

bool flush_delayed_work(struct delayed_work *dwork)
{
	unsigned long flags;

	if (!work_is_usable(&dwork->work))
		return false;
	local_irq_save(flags);
	if (delay_stop(dwork))
		queue_claimed(dwork->wq, &dwork->work);
	local_irq_restore(flags);
	return flush_work(&dwork->work);
}

/* ---- waiting for a queue ---- */

/* Behind all that is queued now. When the barrier runs, all of that has at least begun. */
static void wait_until_begun(struct workqueue_struct *wq)
{
	struct barrier_work barrier;
	unsigned long flags;

	INIT_WORK_ONSTACK(&barrier.work, barrier_done);
	init_completion(&barrier.done);
	raw_spin_lock_irqsave(&wq->pool.lock, flags);
	insert_item(&wq->pool, &barrier.work);
	raw_spin_unlock_irqrestore(&wq->pool.lock, flags);
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

static bool called_by_own_item(struct workqueue_struct *wq, const char *what)
{
	return WARN(current_worker(&wq->pool), "%s() of workqueue %s from one of its items",
		    what, wq->name);
}

void flush_workqueue(struct workqueue_struct *wq)
{
	might_sleep();
	if (called_by_own_item(wq, "flush_workqueue"))
		return;
	wait_until_begun(wq);
	for (unsigned int i = 0; i < wq->pool.nr_workers; i++)
		wait_for_worker(&wq->pool, &wq->pool.workers[i]);
}

static void set_gate(struct workqueue_struct *wq, enum wq_gate gate)
{
	guard(raw_spinlock_irqsave)(&wq->pool.lock);
	wq->gate = gate;
	wq->pool.accepts = gate == WQ_OPEN ? wq->pool.id_word : ACCEPTS_NONE;
}

static bool is_busy(struct workqueue_struct *wq)
{
	struct worker_pool *pool = &wq->pool;

	guard(raw_spinlock_irqsave)(&pool->lock);
	for (unsigned int i = 0; i < pool->nr_workers; i++)
		if (pool->workers[i].work)
			return true;
	return !list_empty(&pool->items);
}

/* Empties the queue and leaves the gate shut. */
static void drain(struct workqueue_struct *wq)
{
	unsigned int rounds = 0;

	set_gate(wq, WQ_DRAINING);
	do {
		if (rounds++ == DRAIN_ROUNDS_MAX) {
			WARN(true, "workqueue %s: its items queue themselves without end",
			     wq->name);
			set_gate(wq, WQ_CLOSED);
		}
		flush_workqueue(wq);
	} while (is_busy(wq));
}

void drain_workqueue(struct workqueue_struct *wq)
{
	might_sleep();
	if (called_by_own_item(wq, "drain_workqueue"))
		return;
	drain(wq);
	set_gate(wq, WQ_OPEN);
}

/* ---- making and destroying queues ---- */

static int worker_start(struct workqueue_struct *wq, unsigned int i)
{
	struct worker *worker = &wq->pool.workers[i];
	bool alone = wq->pool.nr_workers == 1;
	struct task_struct *task = kthread_create(alone ? only_worker_thread : worker_thread,
						  worker, "kworker/%s", wq->name);

	if (IS_ERR(task))
		return (int)PTR_ERR(task);
	kthread_bind(task, smp_processor_id());
	get_task_struct(task);
	worker->pool = &wq->pool;
	worker->task = task;
	sched_set_normal(task, wq->flags & WQ_HIGHPRI ? HIGHPRI_NICE : 0);
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

static void workers_stop(struct workqueue_struct *wq)
{
	wake_to_stop(&wq->pool);
	for (unsigned int i = 0; i < wq->pool.nr_workers; i++) {
		struct task_struct *task = wq->pool.workers[i].task;

		if (!task)
			continue;
		kthread_join(task);
		put_task_struct(task);
	}
}

static int workers_start(struct workqueue_struct *wq)
{
	for (unsigned int i = 0; i < wq->pool.nr_workers; i++) {
		int err = worker_start(wq, i);

		if (err) {
			workers_stop(wq);
			return err;
		}
	}
	return 0;
}

static void pool_register(struct worker_pool *pool)
{
	guard(raw_spinlock_irqsave)(&pools_lock);
	context_assume_held(&pool->lock);	/* nobody else has it yet */
	pool->id_word = ++last_pool_id << WORK_ID_SHIFT;
	pool->accepts = pool->id_word;
	list_add_tail(&pool->pools, &pools);
}

static void pool_unregister(struct worker_pool *pool)
{
	guard(raw_spinlock_irqsave)(&pools_lock);
	list_del(&pool->pools);
}

static void wq_init(struct workqueue_struct *wq, unsigned int flags, int max_active)
{
	raw_spin_lock_init(&wq->pool.lock);
	context_assume_held(&wq->pool.lock);	/* nobody else has it yet */
	INIT_LIST_HEAD(&wq->pool.items);
	INIT_LIST_HEAD(&wq->pool.idle);
	INIT_LIST_HEAD(&wq->pool.flushers);
	INIT_LIST_HEAD(&wq->delayed);
	wq->pool.nr_workers = (unsigned int)clamp(max_active, 1, WQ_MAX_WORKERS);
	wq->flags = flags;
}

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active,
					 ...)
{
	struct workqueue_struct *wq = kzalloc(sizeof(*wq), GFP_KERNEL);
	va_list args;

	if (!wq)
		return NULL;
	wq_init(wq, flags, max_active);
	va_start(args, max_active);
	vsnprintf(wq->name, sizeof(wq->name), fmt, args);
	va_end(args);
	if (workers_start(wq)) {
		kfree(wq);
		return NULL;
	}
	pool_register(&wq->pool);
	return wq;
}

/* What still waits for its time then would be queued to a queue that is gone. */
static void cancel_delayed_items(struct workqueue_struct *wq)
{
	unsigned int count = 0;

	for (;;) {
		struct work_struct *work;
		unsigned long flags;

		raw_spin_lock_irqsave(&wq->pool.lock, flags);
		work = list_first_entry_or_null(&wq->delayed, struct work_struct, entry);
		raw_spin_unlock_irqrestore(&wq->pool.lock, flags);
		if (!work)
			break;
		cancel_delayed_work(to_delayed_work(work));
		count++;
	}
	WARN(count, "workqueue %s is destroyed with %u delayed items", wq->name, count);
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	might_sleep();
	if (called_by_own_item(wq, "destroy_workqueue"))
		return;
	cancel_delayed_items(wq);
	drain(wq);
	/* The last items may have left some behind. */
	cancel_delayed_items(wq);
	workers_stop(wq);
	pool_unregister(&wq->pool);
	kfree(wq);
}

static int workqueue_init(void)
{
	system_wq = alloc_workqueue("events", 0, 0);
	system_highpri_wq = alloc_workqueue("events_highpri", WQ_HIGHPRI, 0);
	return system_wq && system_highpri_wq ? 0 : -ENOMEM;
}

core_initcall(workqueue_init);
