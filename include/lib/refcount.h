/* SPDX-License-Identifier: MIT */
/*
 * A reference count that leaks instead of freeing too early.
 *
 * A count that would overflow, underflow or rise from zero goes to a saturated
 * value in the middle of the negative range and stays there: the object is
 * never freed, and the event is reported once by refcount_report(), which the
 * kernel (or a host test) defines. With CONFIG_DEBUG_SLAB a count in freed memory, which is
 * filled with REFCOUNT_FREED, is told as such.
 *
 * Context: any, for all of this header; what the last reference frees may want more.
 */
#ifndef LIB_REFCOUNT_H
#define LIB_REFCOUNT_H

#include <lib/atomic.h>
#include <lib/kconfig.h>
#include <lib/poison.h>

typedef struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)	{ .refs = ATOMIC_INIT(n) }
#define REFCOUNT_SATURATED	(INT32_MIN / 2)

enum refcount_fault {
	REFCOUNT_ADD_FROM_ZERO,
	REFCOUNT_OVERFLOW,
	REFCOUNT_UNDERFLOW,
	REFCOUNT_USE_AFTER_FREE,
};

/* What kfree() leaves behind: else a fine count. */
#define REFCOUNT_FREED		((int)(unsigned int)POISON_WORD(POISON_FREE))

static inline bool refcount_is_freed(int n)
{
	return IS_ENABLED(CONFIG_DEBUG_SLAB) && n == REFCOUNT_FREED;
}

/* Tells of a count that has gone wrong and is saturated now. */
void refcount_report(refcount_t *r, enum refcount_fault fault);

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static inline int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

/* The end of a count that cannot be trusted: reports it, once. */
static inline void refcount_saturate(refcount_t *r, enum refcount_fault fault)
{
	int old = atomic_xchg(&r->refs, REFCOUNT_SATURATED);

	/* saturated already, but for the counts of those who came since */
	if (old > REFCOUNT_SATURATED / 2 || old < REFCOUNT_SATURATED * 3LL / 2)
		refcount_report(r, fault);
}

/* The caller holds a reference already, so nothing needs ordering. */
static inline void refcount_inc(refcount_t *r)
{
	int old;

	sched_point();
	old = __atomic_fetch_add(&r->refs.counter, 1, __ATOMIC_RELAXED);

	if (unlikely(old <= 0 || old == INT32_MAX))
		refcount_saturate(r, old == 0 ? REFCOUNT_ADD_FROM_ZERO : REFCOUNT_OVERFLOW);
	else if (unlikely(refcount_is_freed(old)))
		refcount_saturate(r, REFCOUNT_USE_AFTER_FREE);
}

/* Takes a reference unless the count is zero. Returns whether it did. */
static inline bool __must_check refcount_inc_not_zero(refcount_t *r)
{
	int old = refcount_read(r);

	while (old != 0) {
		int seen;

		if (unlikely(old < 0 || old == INT32_MAX)) {
			refcount_saturate(r, REFCOUNT_OVERFLOW);
			return true;
		}
		if (unlikely(refcount_is_freed(old))) {
			refcount_saturate(r, REFCOUNT_USE_AFTER_FREE);
			return false;
		}
		seen = cmpxchg_relaxed(&r->refs.counter, old, old + 1);
		if (seen == old)
			return true;
		old = seen;
	}
	return false;
}

/*
 * Returns true to the one caller who gave the last reference back; all that
 * the others did with the object happened before.
 */
static inline bool __must_check refcount_dec_and_test(refcount_t *r)
{
	int old = ATOMIC_OP(__atomic_fetch_sub, &r->refs.counter, 1, ATOMIC_REL);

	if (old == 1) {
		smp_rmb();
		return true;
	}
	if (unlikely(old <= 0))
		refcount_saturate(r, REFCOUNT_UNDERFLOW);
	else if (unlikely(refcount_is_freed(old)))
		refcount_saturate(r, REFCOUNT_USE_AFTER_FREE);
	return false;
}

#endif
