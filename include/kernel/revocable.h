/* SPDX-License-Identifier: MIT */
/*
 * Objects that can be taken away from those who use them: registers whose device is unplugged, a
 * chip that goes with its driver.
 *
 *	REVOCABLE(struct regs) regs;			in the object that its users hold
 *
 *	*revocable_unshared(&x->regs) = ...;		who provides it
 *	revocable_init(&x->regs, regs_destroy);
 *	...
 *	revocable_revoke(&x->regs);
 *
 *	scoped_revocable(r, &x->regs)			who uses it
 *		writel(1, r->base);
 *	else
 *		return -ENXIO;
 *
 * A user is a reader under RCU: it does not sleep and costs a load and a branch. Once revoke has
 * returned no user is inside and the destructor has run, once; later users find nothing. It does
 * not stop hardware: that is silenced first. Users who have to sleep take an async_revocable, or
 * a revocable lock. Names as in Rust for Linux.
 *
 * With CONFIG_DEBUG the object is poisoned then: a pointer that was kept shows.
 *
 * Locking: [a] `state`, changed by compare-and-exchange. Context: any, if not said otherwise.
 */
#ifndef KERNEL_REVOCABLE_H
#define KERNEL_REVOCABLE_H

#include <kernel/debugobjects.h>
#include <kernel/rcupdate.h>
#include <lib/atomic.h>
#include <lib/build_bug.h>
#include <lib/compiler.h>
#include <lib/types.h>

enum revocable_state {
	REVOCABLE_UNUSED,		/* never initialised */
	REVOCABLE_AVAILABLE,
	REVOCABLE_REVOKED,		/* greater: the task that revokes it */
};

struct revocable {
	unsigned long state;		/* [a] enum revocable_state */
	void (*destroy)(void *object);	/* [I] may be NULL */
	struct debug_obj debug;		/* [I] live: available */
};

/* An object of the type inside of a revocable; a variable or a member. */
#define REVOCABLE(type)								\
	struct {								\
		struct revocable revocable;					\
		type inside_revocable__;					\
	}

/* The object, for who knows that nobody else uses it: before revocable_init(). */
#define revocable_unshared(r)	(&(r)->inside_revocable__)

/* What the macros below call. */
void __revocable_init(struct revocable *r, void (*destroy)(void *object));
bool __revocable_revoke(struct revocable *r, void *object, size_t size) __may_sleep;
bool __revocable_revoke_nosync(struct revocable *r, void *object, size_t size);

static inline const void *__must_check __revocable_try_access(const struct revocable *r,
							       const void *object)
	__must_hold(role_rcu)
{
	RCU_EXPECT(rcu_read_lock_held(), "a revocable is used");
	return likely(smp_load_acquire(&r->state) == REVOCABLE_AVAILABLE) ? object : NULL;
}

/*
 * A function void (*)(type *) as one of an object without a type, checked to be one.
 * SAFETY: it is called with the address of an object of that type.
 */
#define revocable_destructor(r, function) ({					\
	void (*destructor__)(__typeof__(&(r)->inside_revocable__)) = (function); \
	(void (*)(void *))(void (*)(void))destructor__; })

/*
 * The object is available from here on. `destroy`, a void (*)(type *) or NULL, undoes what is in
 * it; it may not revoke it again. One that is available still is reported, with
 * CONFIG_DEBUG_OBJECTS, and left as it is, as is memory that is freed with one in it:
 * revocable_drop() is its end. Context: any; nobody else uses it.
 */
#define revocable_init(r, destroy) \
	__revocable_init(&(r)->revocable, revocable_destructor(r, destroy))

/*
 * The object, to read, for as long as the caller's RCU read section lasts; NULL once it is
 * revoked.
 * Context: in an RCU read section.
 */
#define revocable_try_access(r)							\
	((const __typeof__((r)->inside_revocable__) *)				\
	 __revocable_try_access(&(r)->revocable, &(r)->inside_revocable__))

/*
 * A block in such a section, with `var` for the object; not entered if it is revoked, then the
 * `else` is that may follow. It may be left by break and return.
 */
#define scoped_revocable(var, r)	SCOPED_REVOCABLE(var, r, __unique_id(once__))
#define SCOPED_REVOCABLE(var, r, once)						\
	scoped_guard(rcu)							\
	for (bool once = true; once; once = false)				\
		for (const __typeof__((r)->inside_revocable__)			\
		     *var = revocable_try_access(r); once; once = false)	\
			if (var)

/*
 * Takes the object away: later users find nothing, those inside are waited for, then it is
 * destroyed. Who comes second returns when that is done, too. Called by the destructor it is
 * reported and has no effect; so it is with CONFIG_LOCKDEP in an RCU read section, whose end it
 * would wait for.
 * Context: task; may sleep.
 * Return: whether this call did it.
 */
#define revocable_revoke(r) \
	__revocable_revoke(&(r)->revocable, &(r)->inside_revocable__,		\
			   sizeof((r)->inside_revocable__))

/*
 * The same for who knows that nobody is inside, such as an owner that frees it: does not wait.
 * Context: any that the destructor may be called in.
 */
#define revocable_revoke_nosync(r) \
	__revocable_revoke_nosync(&(r)->revocable, &(r)->inside_revocable__,	\
				  sizeof((r)->inside_revocable__))

/* The end of one that may have been revoked or not: nobody uses it. Context: as above. */
#define revocable_drop(r)	((void)revocable_revoke_nosync(r))

#endif
