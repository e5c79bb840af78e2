/* SPDX-License-Identifier: MIT */
/*
 * RCU: what is read without a lock is freed when nobody can be reading it any more.
 *
 *	guard(rcu)();					the reader
 *	p = rcu_dereference(dev->config);
 *	use(p);						until the scope ends
 *
 *	rcu_assign_pointer(dev->config, fresh);		the updater, under a lock of its own
 *	kfree_rcu(old, rcu);				or synchronize_rcu(); kfree(old);
 *
 * Tasks are never preempted, so a reader only has to keep from yielding: a section costs nothing
 * in what is shipped. A grace period is over when each CPU has been seen to run another task, or
 * to wait for interrupts (kernel/rcu.c). A hard interrupt's handler is a reader as a whole; it
 * marks its sections all the same, as evidence.
 *
 * A reader that sleeps or yields has by that ended what the grace period waits for: it goes on to
 * follow what may be freed. With CONFIG_LOCKDEP such a reader, a pointer followed outside of a
 * section and unbalanced sections are reported; clang finds them in what it compiles (role_rcu):
 * a function that expects its caller to be in a section says __must_hold(role_rcu). Names as in
 * Linux.
 *
 * Context: any, if not said otherwise; sections nest.
 */
#ifndef KERNEL_RCUPDATE_H
#define KERNEL_RCUPDATE_H

#include <kernel/debugobjects.h>
#include <kernel/lockdep.h>
#include <lib/atomic.h>
#include <lib/build_bug.h>
#include <lib/cleanup.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/types.h>

/* A pointer that readers follow under RCU. For people: clang goes by the functions. */
#define __rcu

struct rcu_head;
typedef void (*rcu_callback_t)(struct rcu_head *head);

/* In an object that is to be freed after a grace period. Needs no initialisation. */
struct rcu_head {
	struct rcu_head *next;		/* [a] the one queued before */
	rcu_callback_t func;		/* [o] below KFREE_RCU_MAX: its offset in the object */
	struct debug_obj debug;		/* [o] live: queued */
};

/* ---- readers ---- */

#ifdef CONFIG_LOCKDEP

/* Whether the caller is in a section, as far as is known. */
static inline bool rcu_read_lock_held(void)
{
	return lockdep_is_held(&rcu_lock_map);
}

#define RCU_EXPECT(cond, text)	((void)WARN(!(cond), text " outside of an RCU read section"))

#else

static inline bool rcu_read_lock_held(void)
{
	return true;
}

#define rcu_lock_acquire(map)	((void)0)
#define rcu_lock_release(map)	((void)0)
#define RCU_EXPECT(cond, text)	((void)0)

#endif

/* From here to rcu_read_unlock() the caller neither sleeps nor yields. */
static __always_inline void rcu_read_lock(void)
	__acquires(role_rcu) __no_context_analysis
{
	rcu_lock_acquire(&rcu_lock_map);
	barrier();
}

static __always_inline void rcu_read_unlock(void)
	__releases(role_rcu) __no_context_analysis
{
	barrier();
	rcu_lock_release(&rcu_lock_map);
}

DEFINE_LOCK_GUARD_0(rcu, rcu_read_lock(), rcu_read_unlock(), int nothing)
GUARD_ROLE(rcu, role_rcu)

/* For the analysis alone. */
static __always_inline void rcu_needs_section(void)
	__must_hold(role_rcu)
{
}

/* The pointer, to be followed until the section ends. */
#define rcu_dereference(p) ({							\
	rcu_needs_section();							\
	RCU_EXPECT(rcu_read_lock_held(), #p " is followed");			\
	READ_ONCE(p); })

/* The same in a section or where `c`, which is looked at with CONFIG_LOCKDEP alone, is true. */
#define rcu_dereference_check(p, c) ({						\
	RCU_EXPECT((c) || rcu_read_lock_held(), #p " is followed without its lock and"); \
	READ_ONCE(p); })

/* The same for who keeps updaters out, and says by `c` how. */
#define rcu_dereference_protected(p, c) ({					\
	RCU_EXPECT(c, #p " is followed without its lock and");			\
	(p); })

/* To compare, not to follow. */
#define rcu_access_pointer(p)	READ_ONCE(p)

/* ---- updaters ---- */

/* Publishes what `v` points to, complete as it is now. */
#define rcu_assign_pointer(p, v)	smp_store_release(&(p), v)

/* For NULL, and for what no reader sees yet. */
#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)

/* Publishes `v` and returns what was there; `c` as above. */
#define rcu_replace_pointer(p, v, c) ({						\
	__typeof__(p) replaced__ = rcu_dereference_protected(p, c);		\
	rcu_assign_pointer(p, v);						\
	replaced__; })

/*
 * Waits until all sections that are under way have ended. Called in one, or by a callback, it is
 * reported and returns at once.
 * Context: task; may sleep.
 */
void synchronize_rcu(void) __may_sleep;

/*
 * Calls func(head) after a grace period, in the order of the calls. `head` lies in an object that
 * readers do not find any more, and stays until then. The callback may do what a hard interrupt
 * may: it does not sleep. One that is queued is reported and not queued again, and so, with
 * CONFIG_DEBUG, is one without a function.
 * Context: any.
 */
void call_rcu(struct rcu_head *head, rcu_callback_t func);

/* Waits until the callbacks of all calls before have returned. Context: task; may sleep. */
void rcu_barrier(void) __may_sleep;

#define KFREE_RCU_MAX	4096u

/* For kfree_rcu(). */
void __kfree_rcu(struct rcu_head *head, size_t offset);

/*
 * kfree() after a grace period; `field` is the object's rcu_head, in its first 4 KiB. NULL: no
 * effect.
 */
#define kfree_rcu(ptr, field) do {						\
	__typeof__(ptr) freed__ = (ptr);					\
										\
	BUILD_BUG_ON(offsetof(__typeof__(*freed__), field) >= KFREE_RCU_MAX);	\
	if (freed__)								\
		__kfree_rcu(&freed__->field, offsetof(__typeof__(*freed__), field)); \
} while (0)

#endif
