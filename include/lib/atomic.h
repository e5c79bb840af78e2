/* SPDX-License-Identifier: MIT */
/*
 * Atomic variables and the ordering between processors, on the compiler's own
 * primitives, so that the same source runs in the kernel and in host tests.
 *
 * As in Linux: an operation that returns a value is fully ordered unless its
 * name ends in _relaxed, _acquire or _release; one that returns nothing orders
 * nothing. Barriers against devices are in <hal/barrier.h>.
 *
 * Context: any, for all of this header.
 */
#ifndef LIB_ATOMIC_H
#define LIB_ATOMIC_H

#include <lib/compiler.h>
#include <lib/kconfig.h>
#include <lib/sched_point.h>
#include <lib/types.h>

/* One processor sees its own accesses in order: only the compiler must not reorder. */
#if IS_ENABLED(CONFIG_SMP)
#define smp_mb()	(sched_point(), __atomic_thread_fence(__ATOMIC_SEQ_CST))
#define smp_rmb()	(sched_point(), __atomic_thread_fence(__ATOMIC_ACQUIRE))
#define smp_wmb()	(sched_point(), __atomic_thread_fence(__ATOMIC_RELEASE))
#define ATOMIC_ACQ	__ATOMIC_ACQUIRE
#define ATOMIC_REL	__ATOMIC_RELEASE
#else
#define smp_mb()	barrier()
#define smp_rmb()	barrier()
#define smp_wmb()	barrier()
#define ATOMIC_ACQ	__ATOMIC_RELAXED
#define ATOMIC_REL	__ATOMIC_RELAXED
#endif

/* In each of these the operands are evaluated first: between them and the access is a point. */

/* What comes after the load stays after it; what comes before the store, before it. */
#define smp_load_acquire(p) ({					\
	sched_point();						\
	__typeof__(*(p)) value__ = __atomic_load_n(p, ATOMIC_ACQ);	\
	barrier();						\
	value__; })
#define smp_store_release(p, v) do {				\
	__typeof__(*(p)) new__ = (v);				\
	sched_point();						\
	barrier();						\
	__atomic_store_n(p, new__, ATOMIC_REL);			\
} while (0)
/* A store, then a full barrier. */
#define smp_store_mb(var, value) do {				\
	WRITE_ONCE(var, value);					\
	smp_mb();						\
} while (0)

/* Each: compiler barrier, access, compiler barrier; the fence comes from the order. */
#define ATOMIC_OP(op, p, v, order) ({				\
	__typeof__(v) operand__ = (v);				\
	sched_point();						\
	barrier();						\
	__typeof__(*(p)) old__ = op(p, operand__, order);	\
	barrier();						\
	old__; })

/*
 * Fully ordered. A sequentially consistent operation would not do: it may let a later
 * access go ahead of its store, as the acquire and release instructions of AArch64 do.
 */
#define ATOMIC_FULL_OP(op, p, v) ({				\
	__typeof__(v) operand__ = (v);				\
	smp_mb();						\
	__typeof__(*(p)) old__ = op(p, operand__, __ATOMIC_RELAXED); \
	smp_mb();						\
	old__; })

#define xchg(p, v)		ATOMIC_FULL_OP(__atomic_exchange_n, p, v)

/* Stores `new` if *p is `old`. Returns what *p was: `old` iff it did. */

#define cmpxchg_order(p, old, new, order) ({			\
	__typeof__(*(p)) expected__ = (old), new__ = (new);	\
	sched_point();						\
	barrier();						\
	__atomic_compare_exchange_n(p, &expected__, new__, false, order, __ATOMIC_RELAXED); \
	barrier();						\
	expected__; })
#define cmpxchg(p, old, new) ({					\
	__typeof__(*(p)) was__ = (old), shall_be__ = (new);	\
	smp_mb();						\
	__typeof__(*(p)) seen__ = cmpxchg_relaxed(p, was__, shall_be__); \
	smp_mb();						\
	seen__; })
#define cmpxchg_acquire(p, old, new)	cmpxchg_order(p, old, new, ATOMIC_ACQ)
#define cmpxchg_release(p, old, new)	cmpxchg_order(p, old, new, ATOMIC_REL)
#define cmpxchg_relaxed(p, old, new)	cmpxchg_order(p, old, new, __ATOMIC_RELAXED)

/* Return: of _fetch_, xchg and cmpxchg the value before, of _return the one after. */

typedef struct {
	int counter;
} atomic_t;

#define ATOMIC_INIT(i)	{ (i) }

static inline int atomic_read(const atomic_t *v)
{
	sched_point();
	return READ_ONCE(v->counter);
}

static inline void atomic_set(atomic_t *v, int i)
{
	sched_point();
	WRITE_ONCE(v->counter, i);
}

static inline void atomic_add(int i, atomic_t *v)
{
	sched_point();
	__atomic_fetch_add(&v->counter, i, __ATOMIC_RELAXED);
}

static inline void atomic_sub(int i, atomic_t *v)
{
	sched_point();
	__atomic_fetch_sub(&v->counter, i, __ATOMIC_RELAXED);
}

static inline void atomic_or(int i, atomic_t *v)
{
	sched_point();
	__atomic_fetch_or(&v->counter, i, __ATOMIC_RELAXED);
}

static inline void atomic_andnot(int i, atomic_t *v)
{
	sched_point();
	__atomic_fetch_and(&v->counter, ~i, __ATOMIC_RELAXED);
}

static inline int atomic_fetch_or(int i, atomic_t *v)
{
	return ATOMIC_FULL_OP(__atomic_fetch_or, &v->counter, i);
}

static inline int atomic_fetch_andnot(int i, atomic_t *v)
{
	return ATOMIC_FULL_OP(__atomic_fetch_and, &v->counter, ~i);
}

static inline int atomic_fetch_add(int i, atomic_t *v)
{
	return ATOMIC_FULL_OP(__atomic_fetch_add, &v->counter, i);
}

static inline int atomic_add_return(int i, atomic_t *v)
{
	return ATOMIC_FULL_OP(__atomic_add_fetch, &v->counter, i);
}

static inline int atomic_sub_return(int i, atomic_t *v)
{
	return ATOMIC_FULL_OP(__atomic_sub_fetch, &v->counter, i);
}

static inline void atomic_inc(atomic_t *v)
{
	atomic_add(1, v);
}

static inline void atomic_dec(atomic_t *v)
{
	atomic_sub(1, v);
}

static inline int atomic_inc_return(atomic_t *v)
{
	return atomic_add_return(1, v);
}

static inline int atomic_dec_return(atomic_t *v)
{
	return atomic_sub_return(1, v);
}

static inline bool atomic_dec_and_test(atomic_t *v)
{
	return atomic_sub_return(1, v) == 0;
}

static inline int atomic_xchg(atomic_t *v, int i)
{
	return xchg(&v->counter, i);
}

static inline int atomic_cmpxchg(atomic_t *v, int old, int new)
{
	return cmpxchg(&v->counter, old, new);
}

static inline int atomic_cmpxchg_acquire(atomic_t *v, int old, int new)
{
	return cmpxchg_acquire(&v->counter, old, new);
}

#endif
