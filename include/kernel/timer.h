/* SPDX-License-Identifier: MIT */
/*
 * Timers: a function that is called once at a time in jiffies.
 *
 *	timer_setup(&dev->timer, dev_timed_out, 0);
 *	mod_timer(&dev->timer, jiffies + msecs_to_jiffies(50));
 *
 *	static void dev_timed_out(struct timer_list *t)
 *	{
 *		struct dev *dev = from_timer(dev, t, timer);
 *		...
 *	}
 *
 * The function runs in hard irq, at the beginning of the jiffy `expires` or as soon
 * after it as interrupts are on; the timer is not pending then, so that the function
 * may arm it again or free it. Timers of one jiffy run in the order in which they were
 * armed. A time that is past means the next jiffy. The furthest is MAX_JIFFY_OFFSET away.
 *
 * Arming and cancelling cost the same whatever else is pending. There is no tick: the
 * hardware is set to the earliest timer, and an idle CPU is not woken for a cancelled
 * one. Nor is it for one with TIMER_DEFERRABLE: its time is kept while the CPU has work; once it
 * is past, the function runs with whatever ends the CPU's idle time next. What an interrupt
 * costs grows with the deferrable timers that are pending.
 */
#ifndef KERNEL_TIMER_H
#define KERNEL_TIMER_H

#include <kernel/debugobjects.h>
#include <kernel/irqreturn.h>
#include <kernel/jiffies.h>
#include <lib/compiler.h>
#include <lib/container_of.h>
#include <lib/list.h>
#include <lib/types.h>

/*
 * Lock: [b] of the CPU's timer base, [I] set by timer_setup().
 * entry.next is not NULL iff the timer is pending.
 */
struct timer_list {
	struct list_head entry;				/* [b] */
	unsigned long expires;				/* [b], the caller's before add_timer() */
	void (*function)(struct timer_list *t);		/* [b] NULL: it is shut down */
	u32 flags;					/* [b] TIMER_*, and which CPU's */
	struct debug_obj debug;				/* [b] live: pending */
};

extern const struct debug_obj_descr timer_debug_descr;

#define TIMER_CPUMASK		0x0003ffffu	/* private: the CPU whose base it belongs to */
#define TIMER_MIGRATING		0x00040000u	/* private: it is between two bases */
#define TIMER_HANDED		0x00400000u	/* private: its function armed it for another CPU */
#define TIMER_SHUTDOWN		0x00800000u	/* private: nobody arms it any more */
#define TIMER_HR		0x80000000u	/* private: it is an hrtimer's */
#define TIMER_DEFERRABLE	0x00080000u	/* an idle CPU is not woken for it */
#define TIMER_PINNED		0x00100000u	/* always so: a timer stays where it is armed */
#define TIMER_IRQSAFE		0x00200000u	/* always so: functions run with interrupts off */

#define __TIMER_INITIALIZER(name, fn) \
	{ .function = (fn), .debug = DEBUG_OBJ_INIT((name).debug, timer_debug_descr) }
#define DEFINE_TIMER(name, fn) \
	struct timer_list name = __TIMER_INITIALIZER(name, fn)

/*
 * Before anything else is done with a timer, and not while it is pending.
 * Context: any.
 */
static inline void timer_setup(struct timer_list *timer, void (*func)(struct timer_list *t),
			       unsigned int flags)
{
	if (!debug_object_init(&timer->debug, &timer_debug_descr))
		return;
	timer->entry.next = NULL;
	timer->expires = 0;
	timer->function = func;
	timer->flags = flags;
}

#define timer_setup_on_stack(timer, func, flags)	timer_setup(timer, func, flags)
/* Nothing to do here. Context: any. */
static inline void destroy_timer_on_stack(struct timer_list *timer)
{
	debug_object_destroy(&timer->debug, &timer_debug_descr);
}

/* The structure that holds the timer, from the argument of the timer's function. */
#define from_timer(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, __typeof__(*(var)), timer_fieldname)

/* Context: any; without a lock the answer may be old already. */
static inline bool timer_pending(const struct timer_list *timer)
{
	return READ_ONCE(timer->entry.next) != NULL;
}

/*
 * Arms the timer for `expires`, whether it is pending or not.
 * Context: any.
 * Return: 1 if it was pending, else 0.
 */
int mod_timer(struct timer_list *timer, unsigned long expires);

/* Arms one that is not pending for timer->expires. Context: any. */
void add_timer(struct timer_list *timer);

/*
 * The same on another CPU, which has to be online, else it is reported and not armed. The
 * timer's own function may call it as the last it does with the timer: that runs on the other
 * CPU from then on, perhaps before the function has returned.
 * Context: any.
 */
void add_timer_on(struct timer_list *timer, int cpu);

/*
 * Cancels. The function may be running on another CPU when it returns.
 * Context: any.
 * Return: 1 if the timer was pending, else 0.
 */
int del_timer(struct timer_list *timer);

/*
 * Cancels, and waits for a function that runs: unless it is armed anew, nothing of the
 * timer runs after. Not from the function itself (reported), nor with a lock held that
 * the function takes.
 * Context: any; it spins.
 * Return: as del_timer().
 */
int del_timer_sync(struct timer_list *timer);

/*
 * Cancels unless the function is running.
 * Context: any.
 * Return: as del_timer(), or -1 if the function runs.
 */
int __must_check try_to_del_timer_sync(struct timer_list *timer);

/*
 * As del_timer() and del_timer_sync(), and whoever arms the timer from then on does not: nothing
 * happens, and nothing is said. Where two things arm each other, such as a timer and the work that
 * it queues, the timer is shut down before the other is cancelled. timer_setup() makes it a timer
 * again.
 * Context: any; timer_shutdown_sync() as del_timer_sync().
 * Return: as del_timer().
 */
int timer_shutdown(struct timer_list *timer);
int timer_shutdown_sync(struct timer_list *timer);

/* ---- boot and the interrupt ---- */

/* Timers, jiffies, ktime and delays work from here on. Context: boot, the rate is known. */
void timers_init(void);

/* This CPU's hardware is set to its timers: they begin, or others have come. Context: any. */
void timers_start_cpu(void);

/* Handles the timer's interrupt on this CPU. Context: hard irq. Return: IRQ_HANDLED. */
irqreturn_t timer_interrupt(int irq, void *dev_id);

/* How often that happened since boot, on all CPUs. Context: any. */
unsigned long timer_interrupt_count(void);

/* How many timers are pending now, by walking through them. Context: any. */
unsigned int timers_pending(void);

#endif
