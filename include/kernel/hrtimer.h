/* SPDX-License-Identifier: MIT */
/*
 * High-resolution timers: a function that is called at a time in nanoseconds.
 *
 *	hrtimer_init(&pwm->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
 *	pwm->timer.function = pwm_edge;
 *	hrtimer_start(&pwm->timer, us_to_ktime(250), HRTIMER_MODE_REL);
 *
 *	static enum hrtimer_restart pwm_edge(struct hrtimer *t)
 *	{
 *		struct pwm *pwm = container_of(t, struct pwm, timer);
 *		...
 *		hrtimer_forward_now(t, us_to_ktime(250));
 *		return HRTIMER_RESTART;
 *	}
 *
 * The function runs in hard irq, at the first value of the hardware counter at which
 * ktime_get() is not before the time, or as soon after it as interrupts are on. Then the
 * timer is not pending: the function may start it itself, and if it returns
 * HRTIMER_NORESTART also free it. It is on the same wheel as <kernel/timer.h>'s, so starting
 * and cancelling cost the same whatever else is pending. A time that is past means at once.
 *
 * Like timers, and unlike Linux's, they are on the CPU that starts them; clocks do not differ;
 * a "soft" timer's function runs in hard irq too.
 */
#ifndef KERNEL_HRTIMER_H
#define KERNEL_HRTIMER_H

#include <kernel/debugobjects.h>
#include <kernel/timekeeping.h>
#include <kernel/timer.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/types.h>

typedef int clockid_t;

#define CLOCK_MONOTONIC		1
#define CLOCK_BOOTTIME		7

enum hrtimer_restart {
	HRTIMER_NORESTART,
	HRTIMER_RESTART,
};

/* To these are added, without effect: always pinned, always hard. */
enum hrtimer_mode {
	HRTIMER_MODE_ABS = 0x00,
	HRTIMER_MODE_REL = 0x01,
	HRTIMER_MODE_PINNED = 0x02,
	HRTIMER_MODE_SOFT = 0x04,
	HRTIMER_MODE_HARD = 0x08,
	HRTIMER_MODE_ABS_PINNED = HRTIMER_MODE_ABS | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_REL_PINNED = HRTIMER_MODE_REL | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_ABS_SOFT = HRTIMER_MODE_ABS | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_REL_SOFT = HRTIMER_MODE_REL | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_ABS_HARD = HRTIMER_MODE_ABS | HRTIMER_MODE_HARD,
	HRTIMER_MODE_REL_HARD = HRTIMER_MODE_REL | HRTIMER_MODE_HARD,
};

/* Lock: [b] of the CPU's timer base, [o] of the caller while it is neither pending nor runs. */
struct hrtimer {
	struct timer_list timer;	/* private, first: on the wheel by `count` */
	u64 count;			/* [b] private */
	ktime_t _softexpires;		/* [o] not before */
	ktime_t expires;		/* [o] it need not be after */
	enum hrtimer_restart (*function)(struct hrtimer *timer);	/* [o] */
};

extern const struct debug_obj_descr hrtimer_debug_descr;

/*
 * Before anything else is done with a timer, and not while it is pending. `function` is
 * set by the caller after. `mode` is that of starting and has no meaning here. Another clock than
 * these two is reported, with CONFIG_DEBUG, and is CLOCK_MONOTONIC.
 * Context: any.
 */
void hrtimer_init(struct hrtimer *timer, clockid_t clock_id, enum hrtimer_mode mode);

#define hrtimer_init_on_stack(timer, clock_id, mode)	hrtimer_init(timer, clock_id, mode)

/* Context: any. */
static inline void destroy_hrtimer_on_stack(struct hrtimer *timer)
{
	debug_object_destroy(&timer->timer.debug, &hrtimer_debug_descr);
}

/*
 * Starts it, be it pending or not, for `tim` or up to `delta_ns` later, whatever saves an
 * interrupt. HRTIMER_MODE_REL: from now. A time that is past, or negative, means at once, one
 * that does not fit KTIME_MAX. One without a function is reported, with CONFIG_DEBUG.
 * Context: any.
 */
void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t tim, u64 delta_ns,
			    enum hrtimer_mode mode);

/* Context: any. */
static inline void hrtimer_start(struct hrtimer *timer, ktime_t tim, enum hrtimer_mode mode)
{
	hrtimer_start_range_ns(timer, tim, 0, mode);
}

/*
 * Cancels, and waits for a function that runs: unless it is started anew, nothing of the
 * timer runs after. Not from the function itself (reported), nor with a lock held that the
 * function takes.
 * Context: any; it spins.
 * Return: 1 if it was pending, else 0.
 */
int hrtimer_cancel(struct hrtimer *timer);

/* The same unless the function runs. Context: any. Return: the same, or -1 if it runs. */
int __must_check hrtimer_try_to_cancel(struct hrtimer *timer);

/* Whether it is pending. Context: any; without a lock the answer may be old already. */
static inline bool hrtimer_is_queued(const struct hrtimer *timer)
{
	return timer_pending(&timer->timer);
}

/* Whether its function runs, on any CPU. Context: as hrtimer_is_queued(). */
bool hrtimer_callback_running(const struct hrtimer *timer);

/* Either of both. Context: as hrtimer_is_queued(). */
static inline bool hrtimer_active(const struct hrtimer *timer)
{
	return hrtimer_is_queued(timer) || hrtimer_callback_running(timer);
}

/*
 * Moves a timer's time on by whole intervals until it is after `now`; less than a nanosecond is
 * one. Not while it is pending (reported): in its function, or before it is started.
 * Context: any.
 * Return: by how many intervals; 0 if its time was after `now` already.
 */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);

/* Context: any. */
static inline u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval)
{
	return hrtimer_forward(timer, ktime_get(), interval);
}

/* ---- its time: while it is not pending, or of one's own function. Context: any. ---- */

static inline ktime_t hrtimer_get_expires(const struct hrtimer *timer)
{
	return timer->expires;
}

static inline ktime_t hrtimer_get_softexpires(const struct hrtimer *timer)
{
	return timer->_softexpires;
}

static inline void hrtimer_set_expires(struct hrtimer *timer, ktime_t time)
{
	timer->_softexpires = timer->expires = time;
}

static inline void hrtimer_set_expires_range_ns(struct hrtimer *timer, ktime_t time, u64 delta)
{
	timer->_softexpires = time;
	timer->expires = delta > KTIME_MAX ? KTIME_MAX : ktime_add_safe(time, (ktime_t)delta);
}

static inline void hrtimer_add_expires(struct hrtimer *timer, ktime_t time)
{
	timer->_softexpires = ktime_add_safe(timer->_softexpires, time);
	timer->expires = ktime_add_safe(timer->expires, time);
}

static inline void hrtimer_add_expires_ns(struct hrtimer *timer, u64 ns)
{
	hrtimer_add_expires(timer, ns_to_ktime(ns));
}

/* How long until then; negative if it is past. */
static inline ktime_t hrtimer_get_remaining(const struct hrtimer *timer)
{
	return timer->expires - ktime_get();
}

static inline ktime_t hrtimer_expires_remaining(const struct hrtimer *timer)
{
	return hrtimer_get_remaining(timer);
}

static inline ktime_t hrtimer_cb_get_time(const struct hrtimer *timer)
{
	(void)timer;
	return ktime_get();
}

/* Starts it for the time that it has. Context: any. */
static inline void hrtimer_start_expires(struct hrtimer *timer, enum hrtimer_mode mode)
{
	u64 delta = (u64)(timer->expires - timer->_softexpires);

	hrtimer_start_range_ns(timer, timer->_softexpires, delta,
			       (enum hrtimer_mode)((u32)mode & ~(u32)HRTIMER_MODE_REL));
}

/* The same for one that was cancelled. Context: any. */
static inline void hrtimer_restart(struct hrtimer *timer)
{
	hrtimer_start_expires(timer, HRTIMER_MODE_ABS);
}

/* ---- sleeping ---- */

/*
 * Blocks until the time, or up to `delta` ns later, in the state that the caller has set.
 * `expires` NULL waits for ever, of 0 it does not wait at all. The state is TASK_RUNNING
 * afterwards.
 * Context: as schedule().
 * Return: 0 if the time was up, -EINTR if the task was woken before.
 */
int schedule_hrtimeout_range(ktime_t *expires, u64 delta, enum hrtimer_mode mode) __may_sleep;

/* Context: as schedule(). */
static inline int schedule_hrtimeout(ktime_t *expires, enum hrtimer_mode mode) __may_sleep;
static inline int schedule_hrtimeout(ktime_t *expires, enum hrtimer_mode mode)
{
	return schedule_hrtimeout_range(expires, 0, mode);
}

#endif
