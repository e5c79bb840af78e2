/* SPDX-License-Identifier: MIT */
/*
 * Revocable objects: see <kernel/revocable.h> and <kernel/async_revocable.h>.
 *
 *	available --first revoke--> by a task --grace period, destructor--> revoked
 *
 * A second task that revokes waits for the last step: what it promises its caller is the same.
 * tests/models/revocable.pml is a model of it.
 *
 * Locking: none but the states; the queue of those who come second is one for all objects.
 */
#include <kernel/revocable.h>

#include <kernel/async_revocable.h>
#include <kernel/sched.h>
#include <kernel/wait.h>
#include <lib/poison.h>
#include <lib/string.h>

static DECLARE_WAIT_QUEUE_HEAD(revoked);

/* The mark says of which kind it is, and the state the rest. */
static bool is_available(const void *r)
{
	unsigned long state = READ_ONCE(((const struct revocable *)r)->state);

	return state != REVOCABLE_UNUSED && state != REVOCABLE_REVOKED;
}

static const struct debug_obj_descr revocable_debug_descr __debug_obj_descr = {
	.name = "revocable",
	.live = "available",
	.offset = offsetof(struct revocable, debug),
	.is_live = is_available,
};

void __revocable_init(struct revocable *r, void (*destroy)(void *object))
{
	if (!debug_object_init(&r->debug, &revocable_debug_descr))
		return;
	debug_object_activate(&r->debug, &revocable_debug_descr);
	r->destroy = destroy;
	smp_store_release(&r->state, REVOCABLE_AVAILABLE);
}

/* SAFETY: the destructor takes a pointer, of the type that the object has. */
static __no_sanitize_function void end(struct revocable *r, void *object, size_t size)
{
	if (r->destroy)
		r->destroy(object);
	if (IS_ENABLED(CONFIG_DEBUG))
		memset(object, POISON_FREE, size);
	smp_store_release(&r->state, REVOCABLE_REVOKED);
	wake_up_all(&revoked);
}

/* Returns what the state was: REVOCABLE_AVAILABLE iff the caller is the one who revokes. */
static unsigned long begin(struct revocable *r)
{
	unsigned long self = (unsigned long)current;
	unsigned long state = cmpxchg(&r->state, REVOCABLE_AVAILABLE, self);

	WARN(state == REVOCABLE_UNUSED, "a revocable is revoked that was never initialised");
	WARN(state == self, "a revocable is revoked by its own destructor");
	return state == self ? REVOCABLE_UNUSED : state;
}

bool __revocable_revoke(struct revocable *r, void *object, size_t size)
{
	unsigned long state;

	if (IS_ENABLED(CONFIG_LOCKDEP) &&
	    WARN(lockdep_depth(current) && rcu_read_lock_held(),
		 "a revocable is revoked in an RCU read section"))
		return false;
	might_sleep();
	state = begin(r);
	if (state == REVOCABLE_AVAILABLE) {
		synchronize_rcu();
		end(r, object, size);
		return true;
	}
	if (state != REVOCABLE_UNUSED)
		wait_event(revoked, smp_load_acquire(&r->state) == REVOCABLE_REVOKED);
	return false;
}

bool __revocable_revoke_nosync(struct revocable *r, void *object, size_t size)
{
	if (begin(r) != REVOCABLE_AVAILABLE)
		return false;
	end(r, object, size);
	return true;
}

/* ---- counted ---- */

#define REVOKED		BIT(31)
#define USERS		GENMASK(30, 0)
#define SATURATED	BIT(30)

static bool is_not_destroyed(const void *r)
{
	return READ_ONCE(((const struct async_revocable *)r)->usage) != REVOKED;
}

static const struct debug_obj_descr async_revocable_debug_descr __debug_obj_descr = {
	.name = "async_revocable",
	.live = "not destroyed",
	.offset = offsetof(struct async_revocable, debug),
	.is_live = is_not_destroyed,
};

void __async_revocable_init(struct async_revocable *r, void (*destroy)(void *object))
{
	if (!debug_object_init(&r->debug, &async_revocable_debug_descr))
		return;
	debug_object_activate(&r->debug, &async_revocable_debug_descr);
	r->destroy = destroy;
	smp_store_release(&r->usage, 0);
}

/* SAFETY: as end(). */
static __no_sanitize_function void end_async(struct async_revocable *r, void *object, size_t size)
{
	if (r->destroy)
		r->destroy(object);
	if (IS_ENABLED(CONFIG_DEBUG))
		memset(object, POISON_FREE, size);
}

/* Saturated, the number of users is unknown for good: nobody is the last. */
void *__async_revocable_try_access(struct async_revocable *r, void *object)
{
	u32 old = smp_load_acquire(&r->usage), seen;

	for (;; old = seen) {
		if (old & REVOKED)
			return NULL;
		if (old & SATURATED)
			return object;
		seen = cmpxchg_acquire(&r->usage, old, old + 1);
		if (seen == old)
			break;
	}
	WARN((old + 1) & SATURATED, "an async_revocable has too many users and is never destroyed");
	return object;
}

void __async_revocable_put(struct async_revocable *r, void *object, size_t size)
{
	u32 old = READ_ONCE(r->usage), seen;

	for (;; old = seen) {
		if (old & SATURATED)
			return;
		if (WARN(!(old & USERS), "an async_revocable is put that nobody has"))
			return;
		seen = cmpxchg(&r->usage, old, old - 1);
		if (seen == old)
			break;
	}
	if (old - 1 == REVOKED)
		end_async(r, object, size);
}

bool __async_revocable_revoke(struct async_revocable *r, void *object, size_t size)
{
	u32 old = ATOMIC_FULL_OP(__atomic_fetch_or, &r->usage, REVOKED);

	if (old == 0)
		end_async(r, object, size);
	return !(old & REVOKED);
}
