/* SPDX-License-Identifier: MIT */
/*
 * Wait queues: sleep until a condition holds.
 *
 *	wait_event(dev->wq, dev->ready);		who waits
 *
 *	dev->ready = true;				who changes the condition
 *	wake_up(&dev->wq);
 *
 * An entry of a queue is a function that a wake-up calls: the usual one wakes a task,
 * another may do anything that a hard interrupt may. A wake-up calls the functions of
 * all plain entries and of as many exclusive ones as it was asked to wake; plain
 * entries are in front. A wake-up that finds nobody is lost: the condition is what is
 * remembered, not the wake-up.
 *
 * Locking: a queue's lock is taken with interrupts off and held while the functions
 * run; the run queue's lock comes after it.
 */
#ifndef KERNEL_WAIT_H
#define KERNEL_WAIT_H

#include <kernel/debugobjects.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/list.h>

struct wait_queue_entry;
struct wait_queue_head;

/*
 * Called for an entry by a wake-up, with the queue locked and interrupts off. `mode`
 * is the task states to be woken, `key` what the waker gave. It may take its entry out
 * of the queue.
 * Return: 1 if it woke somebody, which counts if the entry is exclusive; 0 if not;
 * negative: the wake-up ends here.
 */
typedef int (*wait_queue_func_t)(struct wait_queue_entry *entry, unsigned int mode,
				 int flags, void *key);

#define WQ_FLAG_EXCLUSIVE	0x01u

struct wait_queue_entry {
	unsigned int flags;		/* [l] WQ_FLAG_*; l: the queue's lock */
	void *private;			/* [I] the task, for the usual functions */
	wait_queue_func_t func;		/* [I] */
	struct list_head entry;		/* [l] linked to itself when in no queue */
	struct debug_obj debug;		/* [l] live: queued */
#ifdef CONFIG_DEBUG_OBJECTS
	struct wait_queue_head *queue;	/* [l] the last one that it was in */
#endif
};

extern const struct debug_obj_descr wait_queue_entry_debug_descr;

struct wait_queue_head {
	spinlock_t lock;
	struct list_head head __guarded_by(&lock);	/* [l] */
	struct debug_obj debug;		/* [l] live: waited for */
};

extern const struct debug_obj_descr wait_queue_head_debug_descr;

typedef struct wait_queue_entry wait_queue_entry_t;
typedef struct wait_queue_head wait_queue_head_t;

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) \
	{ .lock = __SPIN_LOCK_UNLOCKED(name.lock), .head = LIST_HEAD_INIT((name).head) }
#define DECLARE_WAIT_QUEUE_HEAD(name) \
	struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) \
	struct wait_queue_head name = *({ init_waitqueue_head(&name); &name; })

static inline void __init_waitqueue_head(struct wait_queue_head *wq_head, const char *name,
					 struct lock_class_key *key)
{
	if (!debug_object_init(&wq_head->debug, &wait_queue_head_debug_descr))
		return;
	__raw_spin_lock_init(&wq_head->lock, name, key);
	context_assume_held(&wq_head->lock);	/* nobody else has it yet */
	INIT_LIST_HEAD(&wq_head->head);
}

/*
 * An empty queue. Nobody else uses it: one with an entry is reported, with CONFIG_DEBUG_OBJECTS,
 * and left as it is. Context: any.
 */
#define init_waitqueue_head(wq_head) do {					\
	static struct lock_class_key key__;					\
	__init_waitqueue_head(wq_head, #wq_head, &key__);			\
} while (0)

/* ---- entries ---- */

/* Wakes the task in `private`. Return: 1 if it slept, else 0. Context: any. */
int default_wake_function(struct wait_queue_entry *entry, unsigned int mode, int flags,
			  void *key);

/* The same, and takes the entry out if the task was woken. */
int autoremove_wake_function(struct wait_queue_entry *entry, unsigned int mode, int flags,
			     void *key);

/* An entry that wakes the task `p` and stays in the queue. Context: any. */
static inline void init_waitqueue_entry(struct wait_queue_entry *entry, struct task_struct *p)
{
	if (!debug_object_init(&entry->debug, &wait_queue_entry_debug_descr))
		return;
	entry->flags = 0;
	entry->private = p;
	entry->func = default_wake_function;
	INIT_LIST_HEAD(&entry->entry);
}

/* An entry that calls `func`. Context: any. */
static inline void init_waitqueue_func_entry(struct wait_queue_entry *entry,
					     wait_queue_func_t func)
{
	if (!debug_object_init(&entry->debug, &wait_queue_entry_debug_descr))
		return;
	entry->flags = 0;
	entry->private = NULL;
	entry->func = func;
	INIT_LIST_HEAD(&entry->entry);
}

/* An entry that wakes the running task and leaves the queue with that. Context: task. */
static inline void init_wait(struct wait_queue_entry *entry)
{
	init_waitqueue_entry(entry, current);
	entry->func = autoremove_wake_function;
}

#define DEFINE_WAIT_FUNC(name, function)				\
	struct wait_queue_entry name = {				\
		.private = current,					\
		.func = (function),					\
		.entry = LIST_HEAD_INIT((name).entry),			\
		.debug = DEBUG_OBJ_INIT((name).debug, wait_queue_entry_debug_descr), \
	}
#define DEFINE_WAIT(name)	DEFINE_WAIT_FUNC(name, autoremove_wake_function)
#define DECLARE_WAITQUEUE(name, tsk)					\
	struct wait_queue_entry name = {				\
		.private = (tsk),					\
		.func = default_wake_function,				\
		.entry = LIST_HEAD_INIT((name).entry),			\
		.debug = DEBUG_OBJ_INIT((name).debug, wait_queue_entry_debug_descr), \
	}

/*
 * An entry is in one queue at most. With CONFIG_DEBUG one without a function, and one that is in
 * a queue or was never initialised, is reported and not added. One that is removed from a queue
 * while it is in another is reported, and removed from the one that it is in; in none: no effect.
 * Context of all three: any.
 */
void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *entry);
void add_wait_queue_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *entry);
void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *entry);

/*
 * Whether somebody waits. Without the queue's lock this is a guess; a waker that has
 * changed the condition before may skip the wake-up if wq_has_sleeper() says no.
 * Context: any.
 */
static inline bool waitqueue_active(struct wait_queue_head *wq_head)
{
	return !list_empty(&context_unsafe(wq_head->head));
}

/* The same after a full barrier. */
static inline bool wq_has_sleeper(struct wait_queue_head *wq_head)
{
	smp_mb();
	return waitqueue_active(wq_head);
}

/* ---- the waker's side; context: any ---- */

/*
 * Calls the functions of the plain entries and, in their order, of exclusive ones
 * until `nr_exclusive` of them have woken somebody (0, or less: all).
 */
void __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive, void *key);

/* The same for a caller that holds the queue's lock. */
void __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive)
	__must_hold(&wq_head->lock);

#define wake_up(x)			__wake_up(x, TASK_NORMAL, 1, NULL)
#define wake_up_nr(x, nr)		__wake_up(x, TASK_NORMAL, nr, NULL)
#define wake_up_all(x)			__wake_up(x, TASK_NORMAL, 0, NULL)
#define wake_up_locked(x)		__wake_up_locked(x, TASK_NORMAL, 1)
#define wake_up_all_locked(x)		__wake_up_locked(x, TASK_NORMAL, 0)
#define wake_up_interruptible(x)	__wake_up(x, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_nr(x, nr)	__wake_up(x, TASK_INTERRUPTIBLE, nr, NULL)
#define wake_up_interruptible_all(x)	__wake_up(x, TASK_INTERRUPTIBLE, 0, NULL)

/* ---- the waiter's side ---- */

/*
 * The parts that wait_event() is made of, for loops that it does not fit:
 *
 *	DEFINE_WAIT(wait);
 *
 *	for (;;) {
 *		prepare_to_wait(&wq, &wait, TASK_UNINTERRUPTIBLE);
 *		if (condition)
 *			break;
 *		schedule();
 *	}
 *	finish_wait(&wq, &wait);
 *
 * prepare puts the entry into the queue unless it is there, then sets the task's
 * state; the exclusive form puts it last, to be woken one at a time.
 * prepare_to_wait_event() returns 0: there are no signals.
 * Context: task. With CONFIG_DEBUG an interrupt is reported, and an entry that is in another queue:
 * it changes to the one that is named.
 */
void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *entry,
		     unsigned int state);
/* The same. Return: whether the queue was empty. */
bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *entry,
			       unsigned int state);
long prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *entry,
			   unsigned int state);
void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *entry);

/* Waits until `condition`; `sleep` is what a round of the loop sleeps with. */
#define WAIT_LOOP(wq_head, prepare, condition, state, sleep) do {		\
	struct wait_queue_entry wait__;						\
										\
	init_wait(&wait__);							\
	for (;;) {								\
		prepare(&(wq_head), &wait__, state);				\
		if (condition)							\
			break;							\
		sleep;								\
	}									\
	finish_wait(&(wq_head), &wait__);					\
} while (0)

#define WAIT_PLAIN(wq_head, condition, state) do {				\
	might_sleep();								\
	if (!(condition))							\
		WAIT_LOOP(wq_head, prepare_to_wait, condition, state, schedule()); \
} while (0)

#define WAIT_EXCLUSIVE(wq_head, condition, state) do {				\
	might_sleep();								\
	if (!(condition))							\
		WAIT_LOOP(wq_head, prepare_to_wait_exclusive, condition, state, schedule()); \
} while (0)

/* The condition is looked at once more when the time is up; true then leaves 1. */
#define WAIT_TIMEOUT(wq_head, condition, state, timeout) ({			\
	long left__ = (timeout);						\
	bool met__;								\
										\
	might_sleep();								\
	met__ = (condition);							\
	if (!met__)								\
		WAIT_LOOP(wq_head, prepare_to_wait,				\
			  (met__ = (condition)) || left__ == 0, state,		\
			  left__ = schedule_timeout(left__));			\
	met__ && left__ <= 0 ? 1 : left__; })

/*
 * Sleeps until the condition, an expression that is evaluated before and after each
 * wake-up, is true. Who makes it true calls a wake_up() after.
 * Context: task; may sleep. The condition must not leave the task asleep.
 */
#define wait_event(wq_head, condition) \
	WAIT_PLAIN(wq_head, condition, TASK_UNINTERRUPTIBLE)

/* A waiter that does not count as load, such as a worker without work. */
#define wait_event_idle(wq_head, condition) \
	WAIT_PLAIN(wq_head, condition, TASK_IDLE)

/* wake_up() wakes one of the waiters of this kind. */
#define wait_event_exclusive(wq_head, condition) \
	WAIT_EXCLUSIVE(wq_head, condition, TASK_UNINTERRUPTIBLE)

/* There are no signals: as wait_event(). Return: 0. */

#define wait_event_interruptible(wq_head, condition) ({				\
	WAIT_PLAIN(wq_head, condition, TASK_INTERRUPTIBLE);			\
	0; })
#define wait_event_killable(wq_head, condition) ({				\
	WAIT_PLAIN(wq_head, condition, TASK_KILLABLE);				\
	0; })
#define wait_event_interruptible_exclusive(wq_head, condition) ({		\
	WAIT_EXCLUSIVE(wq_head, condition, TASK_INTERRUPTIBLE);			\
	0; })

/*
 * The same for at most `timeout` jiffies. Of 0 it looks and does not sleep, MAX_SCHEDULE_TIMEOUT
 * is for ever, less than 0 is 0, and is reported if it would have slept.
 * Return: 0 if the condition was false when the time was up; 1 if it was true by then;
 * else the jiffies that were left, at least 1.
 */
#define wait_event_timeout(wq_head, condition, timeout) \
	WAIT_TIMEOUT(wq_head, condition, TASK_UNINTERRUPTIBLE, timeout)
#define wait_event_idle_timeout(wq_head, condition, timeout) \
	WAIT_TIMEOUT(wq_head, condition, TASK_IDLE, timeout)
#define wait_event_interruptible_timeout(wq_head, condition, timeout) \
	WAIT_TIMEOUT(wq_head, condition, TASK_INTERRUPTIBLE, timeout)
#define wait_event_killable_timeout(wq_head, condition, timeout) \
	WAIT_TIMEOUT(wq_head, condition, TASK_KILLABLE, timeout)

/*
 * The condition is looked at with the spin lock `lock`, which the caller has taken
 * with interrupts off, held; it is given back for the sleep. Context: task; may sleep.
 */
#define wait_event_lock_irq(wq_head, condition, lock) do {			\
	if (!(condition))							\
		WAIT_LOOP(wq_head, prepare_to_wait, condition, TASK_UNINTERRUPTIBLE, ({ \
			spin_unlock_irq(&(lock));				\
			schedule();						\
			spin_lock_irq(&(lock));					\
		}));								\
} while (0)

#endif
