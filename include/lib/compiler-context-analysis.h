/* SPDX-License-Identifier: MIT */
/*
 * What the compiler checks of locks: which lock a field is guarded by, which one a function
 * takes, gives back, needs or must not find held. Names as in Linux.
 *
 * clang 22 is the referee (`make check` builds with WARN_CONTEXT_ANALYSIS and its flags); for
 * gcc, and for clang without it, all of this is nothing. The arguments are expressions that
 * are never evaluated.
 *
 *	context_lock_struct(mutex) { ... };		a type whose objects can be held
 *	int level __guarded_by(&lock);			read and written with it only
 *	struct state *state __pt_guarded_by(&lock);	the same for what it points to
 *	void change_locked(struct x *x) __must_hold(&x->lock);
 *
 * A context is held as a lock is, by whoever runs, and any number of times: a role. What may
 * sleep says __may_sleep, and is not called in those that forbid it. The analysis looks at one
 * function at a time: a role that the caller is in is known to it only if the function says
 * __must_hold(role). The lock checker sees the rest, see <kernel/lockdep.h>.
 *
 * Context: any, for all of this header; nothing of it runs.
 */
#ifndef LIB_COMPILER_CONTEXT_ANALYSIS_H
#define LIB_COMPILER_CONTEXT_ANALYSIS_H

#ifdef WARN_CONTEXT_ANALYSIS
#define __context_attribute(x...)	__attribute__((x))
/* Makes context_assume_held() for the type. */
#define __context_assume(name) \
	struct name; \
	void __attribute__((overloadable)) context_assume_held(const struct name *x) \
		__attribute__((assert_capability(x)));
#else
#define __context_attribute(x...)
#define __context_assume(name)
#define context_assume_held(x)	((void)0)
#endif

/* A struct that can be held; the same for a role, which nests in itself. */
#define context_lock_struct(name) \
	__context_assume(name) struct __context_attribute(capability(#name)) name
#define context_role_struct(name) \
	__context_assume(name) \
	struct __context_attribute(capability(#name), reentrant_capability) name

/*
 * context_assume_held(lock): from here on the analysis relies on it. For a function that
 * returns its object locked, which cannot be said; who calls it says so with this.
 */

#define __guarded_by(x...)		__context_attribute(guarded_by(x))
#define __pt_guarded_by(x)		__context_attribute(pt_guarded_by(x))

#define __must_hold(x...)		__context_attribute(requires_capability(x))
#define __must_hold_shared(x...)	__context_attribute(requires_shared_capability(x))
#define __must_not_hold(x...)		__context_attribute(locks_excluded(x))

#define __acquires(x...)		__context_attribute(acquire_capability(x))
#define __acquires_shared(x...)		__context_attribute(acquire_shared_capability(x))
#define __releases(x...)		__context_attribute(release_capability(x))
#define __releases_shared(x...)		__context_attribute(release_shared_capability(x))

/* Nothing but names for the analysis: they are never defined. */
context_role_struct(context_role) { int depth; };
extern struct context_role role_irqs_off;	/* interrupts are masked */
extern struct context_role role_spinning;	/* a spin lock is held */
extern struct context_role role_rcu;		/* in a section that reads under RCU */
extern struct context_role role_chained_irq;	/* between chained_irq_enter() and _exit() */

/* Of a function: it may sleep, whether or not it is going to. might_sleep() says so in a body. */
#define __may_sleep	__must_not_hold(role_irqs_off, role_spinning, role_rcu)

/* Taken if the function returns `ret`: a boolean or an integer of that truth. */
#define __cond_acquires(ret, x...)	__context_attribute(try_acquire_capability(ret, x))
#define __cond_acquires_shared(ret, x...) \
	__context_attribute(try_acquire_shared_capability(ret, x))

/* A body that the analysis cannot follow: hand-over between tasks, conditional locking. */
#define __no_context_analysis		__context_attribute(no_thread_safety_analysis)

/*
 * A variable that is read or written without its lock, and may be: because it is a number of
 * the past whatever is done, say. The analysis does not follow the pointer.
 */
#ifdef WARN_CONTEXT_ANALYSIS
#define context_unsafe(x)	(*({ __typeof__(x) *unsafe__ = &(x); unsafe__; }))
#else
#define context_unsafe(x)	(x)
#endif

#ifdef WARN_CONTEXT_ANALYSIS
void context_might_sleep(void) __may_sleep;
/* Sleeps if one of its arguments, a constant, says so: another declaration of the function. */
#define context_sleeps_if(condition, function...) \
	function __context_attribute(overloadable, enable_if(condition, "it sleeps")) __may_sleep;
#else
#define context_might_sleep()	((void)0)
#define context_sleeps_if(condition, function...)
#endif

#endif
