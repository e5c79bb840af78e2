/* SPDX-License-Identifier: MIT */
/*
 * Work queues: functions that run later, in a task.
 *
 *	INIT_WORK(&dev->work, dev_work);
 *	queue_work(system_wq, &dev->work);		from the interrupt handler
 *
 *	static void dev_work(struct work_struct *work)
 *	{
 *		struct dev *dev = container_of(work, struct dev, work);
 *		...					may sleep
 *	}
 *
 * A work item is part of the user's structure. Queueing it never fails and allocates
 * nothing; an item that is pending already is not queued again. It is no longer pending
 * when its function begins: the function may queue it again or free the structure. An
 * item never runs twice at once, whichever queues it is put on.
 *
 * An item is queued on the CPU that queues it, and runs there; on a queue with WQ_UNBOUND,
 * on any CPU. One that still runs elsewhere runs again there. A CPU, or an unbound queue, runs
 * its items in the order in which they were queued, on as many workers as alloc_workqueue()
 * was asked for. They are all made at once: an item that blocks keeps its worker, and no
 * other one is made for it. What waits long, or for another item, has a queue of its own.
 *
 * One that still runs on another queue runs again on that one, which is not Linux's way: it
 * would run twice at once there. So who flushes, drains or destroys the queue that it was put on
 * does not wait for it: an item that is put on several queues is flushed or cancelled itself.
 *
 * To the lock checker an item's function is a lock that its worker holds while it runs, and
 * that whoever flushes or cancels it takes: to wait for an item, or for its queue, with a
 * mutex that its function takes is reported even if it does not run just then.
 */
#ifndef KERNEL_WORKQUEUE_H
#define KERNEL_WORKQUEUE_H

#include <kernel/debugobjects.h>
#include <kernel/lockdep_types.h>
#include <kernel/timer.h>
#include <lib/bits.h>
#include <lib/cleanup.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/container_of.h>
#include <lib/kconfig.h>
#include <lib/list.h>
#include <lib/types.h>

struct work_struct;
struct workqueue_struct;

typedef void (*work_func_t)(struct work_struct *work);

/*
 * Lock: [a] atomic; [p] the lock of the pool that it is queued on, else of who has set
 * its pending bit; [I] set by INIT_WORK().
 */
struct work_struct {
	unsigned long data;		/* [a] WORK_* and where it is or last was */
	struct list_head entry;		/* [p] */
	work_func_t func;		/* [I] */
	struct debug_obj debug;		/* [p] live: pending */
#ifdef CONFIG_LOCKDEP
	struct lock_class_key *key;	/* [I] of those initialised there; NULL: `own` */
	const char *name;		/* [I] */
	struct lock_class_key own;	/* [g] the lock checker's */
#endif
};

extern const struct debug_obj_descr work_debug_descr;

#define WORK_PENDING_BIT	0

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
	struct workqueue_struct *wq;	/* [p] where the timer will queue the work */
#ifdef CONFIG_SMP
	unsigned int cpu;		/* [p] and on which CPU */
#endif
};

/* The timer's function of a delayed work. Context: hard irq. */
void delayed_work_timer_fn(struct timer_list *t);

#ifdef CONFIG_LOCKDEP
#define __WORK_CLASS_INIT(f)		.name = #f,
#else
#define __WORK_CLASS_INIT(f)
#endif

#define __WORK_INITIALIZER(n, f) {						\
	.entry = LIST_HEAD_INIT((n).entry),					\
	.func = (f),								\
	.debug = DEBUG_OBJ_INIT((n).debug, work_debug_descr),			\
	__WORK_CLASS_INIT(f)							\
}
#define __DELAYED_WORK_INITIALIZER(n, f)			\
	{							\
		.work = __WORK_INITIALIZER((n).work, (f)),	\
		.timer = __TIMER_INITIALIZER((n).timer, delayed_work_timer_fn),	\
	}
#define DECLARE_WORK(n, f)		struct work_struct n = __WORK_INITIALIZER(n, f)
#define DECLARE_DELAYED_WORK(n, f)	struct delayed_work n = __DELAYED_WORK_INITIALIZER(n, f)

/* From when it is queued, or its delay begins, until its function begins. Context: any. */
static inline bool work_pending(const struct work_struct *work)
{
	return READ_ONCE(work->data) & BIT(WORK_PENDING_BIT);
}

/* What the macros below call. Context: any; the item is not in use. */

static inline void work_set_class(struct work_struct *work, struct lock_class_key *key,
				  const char *name)
{
#ifdef CONFIG_LOCKDEP
	work->key = key;
	work->name = name;
#else
	(void)work;
	(void)key;
	(void)name;
#endif
}

static inline void work_init(struct work_struct *work, work_func_t func)
{
	if (!debug_object_init(&work->debug, &work_debug_descr))
		return;
	work->data = 0;
	INIT_LIST_HEAD(&work->entry);
	work->func = func;
}

static inline void delayed_work_init(struct delayed_work *dwork, work_func_t func)
{
	work_init(&dwork->work, func);
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) && work_pending(&dwork->work))
		return;
	timer_setup(&dwork->timer, delayed_work_timer_fn, TIMER_IRQSAFE);
	dwork->wq = NULL;
}

/* Once, before anything else is done with an item; never while it is pending or runs. */
#define INIT_WORK(work_ptr, func) do {						\
	static struct lock_class_key key__;					\
	work_init(work_ptr, func);						\
	work_set_class(work_ptr, &key__, #func);				\
} while (0)
#define INIT_DELAYED_WORK(dwork_ptr, func) do {					\
	static struct lock_class_key key__;					\
	delayed_work_init(dwork_ptr, func);					\
	work_set_class(&(dwork_ptr)->work, &key__, #func);			\
} while (0)
#define INIT_WORK_ONSTACK(work_ptr, func)		INIT_WORK(work_ptr, func)
#define INIT_DELAYED_WORK_ONSTACK(dwork_ptr, func)	INIT_DELAYED_WORK(dwork_ptr, func)

static inline void destroy_work_on_stack(struct work_struct *work)
{
	debug_object_destroy(&work->debug, &work_debug_descr);
}

static inline void destroy_delayed_work_on_stack(struct delayed_work *dwork)
{
	destroy_timer_on_stack(&dwork->timer);
	destroy_work_on_stack(&dwork->work);
}

/*
 * A function for the item that is the member `field` of `type`, with the object as `self`:
 *
 *	DEFINE_WORK_FN(dev_poll, struct dev, self, poll)
 *	{
 *		self->level++;
 *	}
 *	INIT_WORK_FN(dev, poll, dev_poll);
 *
 * That does not compile for another type, for another item of the same type, or if the member
 * is no item. A delayed item's field is poll.work here and poll in INIT_DELAYED_WORK_FN().
 */
#define DEFINE_WORK_FN(fn, type, self, field)					\
	struct fn##_is_of { type *object; char at[offsetof(type, field) + 1]; }; \
	static void fn##_of(type *self);					\
	static void fn(struct work_struct *work)				\
	{									\
		fn##_of(container_of(work, type, field));			\
	}									\
	static void fn##_of(type *self)

#define __work_fn_is_of(object_ptr, field, fn)					\
	_Static_assert(__same_type(*(object_ptr), *((struct fn##_is_of *)0)->object) && \
		       sizeof(((struct fn##_is_of *)0)->at) ==			\
		       offsetof(__typeof__(*(object_ptr)), field) + 1,		\
		       #fn " is not for the item " #field)

#define INIT_WORK_FN(object_ptr, field, fn) do {				\
	__work_fn_is_of(object_ptr, field, fn);					\
	INIT_WORK(&(object_ptr)->field, fn);					\
} while (0)
#define INIT_DELAYED_WORK_FN(object_ptr, field, fn) do {			\
	__work_fn_is_of(object_ptr, field.work, fn);				\
	INIT_DELAYED_WORK(&(object_ptr)->field, fn);				\
} while (0)

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

#define delayed_work_pending(dwork)	work_pending(&(dwork)->work)

/* ---- queues ---- */

/* WQ_UNBOUND and WQ_HIGHPRI change something; the others are taken for the drivers' sake. */
#define WQ_UNBOUND		0x02u	/* items of all CPUs together, on any CPU */
#define WQ_FREEZABLE		0x04u
#define WQ_MEM_RECLAIM		0x08u
#define WQ_HIGHPRI		0x10u	/* workers with nice -20 */
#define WQ_CPU_INTENSIVE	0x20u
#define WQ_SYSFS		0x40u
#define WQ_POWER_EFFICIENT	0x80u
#define WQ_ALL_FLAGS		0xfeu

/* More workers than this a CPU, or an unbound queue, does not get. */
#define WQ_MAX_WORKERS		8

/* No CPU in particular: that of the caller. */
#define WORK_CPU_UNBOUND	((unsigned int)CONFIG_NR_CPUS)

/* There from the first core_initcall of a driver on. */
extern struct workqueue_struct *system_wq;		/* [I] for short work of anybody */
extern struct workqueue_struct *system_highpri_wq;	/* [I] the same with WQ_HIGHPRI */

/* There when the CPUs are, before devices are made. */
extern struct workqueue_struct *system_long_wq;		/* [I] for what takes long */
extern struct workqueue_struct *system_unbound_wq;	/* [I] on any CPU, several at once */

/* Nothing is frozen here and no CPU saved from waking up, so these are the first one. */
#define system_freezable_wq			system_wq
#define system_power_efficient_wq		system_wq
#define system_freezable_power_efficient_wq	system_wq

/*
 * Makes a queue and its workers, max_active of them for each CPU, or with WQ_UNBOUND in all;
 * at most WQ_MAX_WORKERS. 0: one for each CPU, either way. Less than that, and a flag that there
 * is not, is reported, with CONFIG_DEBUG, and counts as 1, or for nothing.
 * The name is formatted, and the workers' with it.
 * Context: task; may sleep.
 * Return: the queue; NULL without memory, or without numbers for its pools.
 */
struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active,
					 ...) __printf(1, 4) __must_check __may_sleep;

/* One item at a time, in the order of queueing. */
#define alloc_ordered_workqueue(fmt, flags, args...) \
	alloc_workqueue(fmt, WQ_UNBOUND | (flags), 1, ##args)
#define create_workqueue(name)			alloc_workqueue("%s", WQ_MEM_RECLAIM, 1, name)
#define create_singlethread_workqueue(name)	alloc_ordered_workqueue("%s", WQ_MEM_RECLAIM, name)

/*
 * Drains the queue, stops its workers and frees it. Delayed items that still wait for
 * their time are cancelled, and reported: their owner should have done that.
 * Context: task; may sleep. Not from the queue's own items.
 */
void destroy_workqueue(struct workqueue_struct *wq) __may_sleep;
DEFINE_FREE(destroy_workqueue, struct workqueue_struct *, if (_T) destroy_workqueue(_T))

/* ---- items ---- */

/*
 * Queues an item. All that the caller wrote before is visible to the function.
 * Context: any.
 * Return: true if it was queued; false if it was pending already, and for a queue that
 * is being drained (reported), unless one of its own items does it. False too, with a report by
 * a build that checks, for an item that was never initialised or has no function, and for a
 * queue that has been destroyed, which is not to be used.
 */
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);

/*
 * The same, to run on that CPU; one that is not online is reported and the caller's taken.
 * Of a queue with WQ_UNBOUND any CPU may run it all the same.
 */
bool queue_work_on(unsigned int cpu, struct workqueue_struct *wq, struct work_struct *work);

static inline bool schedule_work(struct work_struct *work)
{
	return queue_work(system_wq, work);
}

static inline bool schedule_work_on(unsigned int cpu, struct work_struct *work)
{
	return queue_work_on(cpu, system_wq, work);
}

#ifdef CONFIG_LOCKDEP
#define __SPAWN_SITE(fn)	, ({ static struct lock_class_key key__; &key__; }), #fn
#define __SPAWN_SITE_PARAMS	, struct lock_class_key *key, const char *name
#else
#define __SPAWN_SITE(fn)
#define __SPAWN_SITE_PARAMS
#endif

/* For spawn_work_item(). Context: task; may sleep. */
int __spawn_work_item(struct workqueue_struct *wq, void (*fn)(void *arg), void *arg,
		      void (*arg_free)(void *arg) __SPAWN_SITE_PARAMS) __must_check __may_sleep;

/*
 * Has fn(arg) called once on the queue, and then arg_free(arg) unless it is NULL. `arg` is given
 * away: if nothing is queued it is freed here. What is spawned cannot be cancelled, and is waited
 * for by flushing the queue. What is spawned at one place of the source is one class to the lock
 * checker.
 * Context: task; may sleep.
 * Return: 0; -ENOMEM; -ESHUTDOWN for a queue that is being drained (reported); with CONFIG_DEBUG
 * -EINVAL for no function, which is reported.
 */
#define spawn_work_item(wq, fn, arg, arg_free) \
	__spawn_work_item(wq, fn, arg, arg_free __SPAWN_SITE(fn))

/*
 * As queue_work() after `delay` jiffies; 0: now. Without a CPU it is that where the time runs out.
 * More than MAX_JIFFY_OFFSET, which would be past, is reported with CONFIG_DEBUG, and then is that.
 * Context: any.
 */
bool queue_delayed_work_on(unsigned int cpu, struct workqueue_struct *wq,
			   struct delayed_work *dwork, unsigned long delay);

static inline bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
				      unsigned long delay)
{
	return queue_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay);
}

static inline bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay)
{
	return queue_delayed_work(system_wq, dwork, delay);
}

static inline bool schedule_delayed_work_on(unsigned int cpu, struct delayed_work *dwork,
					    unsigned long delay)
{
	return queue_delayed_work_on(cpu, system_wq, dwork, delay);
}

/*
 * Queues, or gives an item that is pending a new delay, on `wq`. One that a canceller
 * waits for stays as it is. Misuse: as queue_delayed_work_on().
 * Context: any.
 * Return: whether it was pending.
 */
bool mod_delayed_work_on(unsigned int cpu, struct workqueue_struct *wq,
			 struct delayed_work *dwork, unsigned long delay);

static inline bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
				    unsigned long delay)
{
	return mod_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay);
}

/*
 * Takes back a pending item. Its function may still be running from before.
 * Context: any.
 * Return: whether it was pending.
 */
bool cancel_work(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *dwork);

/*
 * The same, and waits until the function does not run. The item cannot be queued
 * meanwhile, by itself neither; when this returns it is neither pending nor running,
 * unless somebody has queued it since. Any number of tasks may do so at once.
 * From the item's own function it is reported, and does not wait.
 * Context: task; may sleep.
 * Return: whether it was pending.
 */
bool cancel_work_sync(struct work_struct *work) __may_sleep;
bool cancel_delayed_work_sync(struct delayed_work *dwork) __may_sleep;

/*
 * Waits until what was queued last of the item, if it is pending or runs, has ended or is
 * cancelled: it is idle then unless it has been queued since. Of an item that queues itself
 * again and again it waits for one round.
 * From the item itself, or from the only worker that could run it, it is reported and
 * does not wait.
 * Context: task; may sleep.
 * Return: true if it waited, false if the item was idle.
 */
bool flush_work(struct work_struct *work) __may_sleep;

/* The same; a delay that runs is cut short. */
bool flush_delayed_work(struct delayed_work *dwork) __may_sleep;

/*
 * Waits until all items that were queued before have ended. Delays that run do not
 * count, nor does an item that still runs on another queue. From an item of the queue it is
 * reported and does not wait.
 * Context: task; may sleep.
 */
void flush_workqueue(struct workqueue_struct *wq) __may_sleep;

/*
 * Waits until the queue is empty; meanwhile only its own items may queue to it. Items
 * that queue themselves without end are reported, and their queueing is then refused.
 * Context and misuse: as flush_workqueue().
 */
void drain_workqueue(struct workqueue_struct *wq) __may_sleep;

/* Context and misuse: as flush_workqueue(). */
static inline void flush_scheduled_work(void)
{
	flush_workqueue(system_wq);
}

#endif
