/* SPDX-License-Identifier: MIT */
/*
 * The lock checker: finds the deadlock that could happen, on the run in which it does not.
 *
 * Locks initialised at one place are a class. The checker remembers which class was taken while
 * which was held, and from which contexts, with the backtrace of the first time, and reports
 *
 *	a lock taken by who holds it (AA), or two of one class without a subclass
 *	two classes taken in both orders, through any number of others (ABBA)
 *	a class taken by interrupt handlers and elsewhere with interrupts on, and one that is
 *	taken inside such a class
 *	a lock given back by who does not hold it, or held where a task sleeps (if it may not),
 *	where it ends or an interrupt's handler does, and where anybody frees the lock's memory
 *	a lock that was never initialised, or is a copy of one
 *
 * A report is one block: what, by whom, the backtrace of now and that of the time before. What
 * certainly would never have ended is reported and left out, so the system goes on. Names as
 * in Linux where it has the thing. In builds without CONFIG_LOCKDEP all of this is nothing.
 *
 * Context: any, for all of this header, if not said otherwise.
 */
#ifndef KERNEL_LOCKDEP_H
#define KERNEL_LOCKDEP_H

#include <hal/irqflags.h>
#include <kernel/bug.h>
#include <kernel/lockdep_types.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>

#ifdef CONFIG_LOCKDEP

/* What a lock's own functions call. `key` NULL: the lock has a static initialiser. */
void lockdep_init_map(struct lockdep_map *map, const char *name, struct lock_class_key *key,
		      enum lock_kind kind);

/* Who uses the lock from here on is reported. */
void lockdep_destroy_map(struct lockdep_map *map);

/*
 * Before a lock is waited for, by the code at `ip`, in a function whose callers have their stack
 * pointers above `sp`; 0 and 0: the caller.
 * Return: false if the wait would never end, or if that cannot be known of what stands where the
 * lock was: then do not take it.
 */
bool lockdep_acquire(struct lockdep_map *map, unsigned int subclass, enum lock_how how,
		     unsigned long ip, unsigned long sp);

/* The lock has been taken. Reports one that its last holder did not give back before it died. */
void lockdep_acquired(struct lockdep_map *map);

/* Before a lock is given back. Returns false if the running task has not taken it. */
bool lockdep_release(struct lockdep_map *map);

/*
 * Before a lock is given back that was taken with interrupts off, in a form that brings them back.
 * They are on: somebody else has brought them back meanwhile.
 */
void lockdep_irqs_came_on(const struct lockdep_map *map);

/* Whether the caller holds it: the running task or, in an interrupt, the interrupt. */
bool lockdep_is_held(const struct lockdep_map *map);

/* How many times what runs on this CPU has it, the task and an interrupt on top. Context: any. */
unsigned int lockdep_nesting(const struct lockdep_map *map);

/* How many locks a task holds; any task, whose number may be old already if it runs. */
unsigned int lockdep_depth(const struct task_struct *p);

/* Whether the running task holds what forbids it to sleep, or is about to. */
bool lockdep_in_atomic(void);

/*
 * Around what is done to a spin lock and to the record of it: in between the task counts as if it
 * held one, so that nobody ends it there.
 */
void lockdep_pin(void);
void lockdep_unpin(void);

/* Who holds it alone may hold it with others from here on. Returns false, with a report, if not. */
bool lockdep_downgrade(struct lockdep_map *map);

/* Whether the caller holds it, and no other task can. */
bool lockdep_is_held_exclusive(const struct lockdep_map *map);

/* The locks that a task holds, with where it took them, in the log. */
void debug_show_held_locks(const struct task_struct *p);

/* The memory is about to be freed: reports locks in there that a task holds or waits for. */
void debug_check_no_locks_freed(const void *mem, unsigned long len);

/*
 * What the text names is done, and held `depth` locks when it began. Reports those it has left
 * and lets go of them: a sleeping lock is marked as abandoned and granted to the next.
 * Return: whether there were any.
 */
bool lockdep_check_depth(unsigned int depth, const char *fmt, ...) __printf(2, 3);

/* The same for the running task as a whole, which may end in the middle of a report. */
void lockdep_task_ends(void);

/*
 * The same for a dead task that will not run again, after a fault. A spin lock stays taken:
 * nobody knows what it guards to be in order.
 */
void lockdep_abandon(struct task_struct *p);

/* The class of the locks with this key is forgotten, and its order with it. */
void lockdep_unregister_key(struct lock_class_key *key);

/* `ip` is 0 in an inline function; else where the function returns to that this is a part of. */
#define lock_acquire(lock, subclass, how, ip)					\
	lockdep_acquire(&(lock)->dep_map, subclass, how, ip,			\
			(ip) ? (unsigned long)__builtin_dwarf_cfa() : 0)
#define lock_acquired(lock)			lockdep_acquired(&(lock)->dep_map)
#define lock_release(lock)			lockdep_release(&(lock)->dep_map)
#define lock_irqs_still_off(lock) do {						\
	if (unlikely(!irqs_disabled()))						\
		lockdep_irqs_came_on(&(lock)->dep_map);				\
} while (0)
#define lock_destroy(lock)			lockdep_destroy_map(&(lock)->dep_map)
#define lock_is_held(lock)			lockdep_is_held(&(lock)->dep_map)
#define lock_is_held_exclusive(lock)		lockdep_is_held_exclusive(&(lock)->dep_map)
#define lock_downgrade(lock)			lockdep_downgrade(&(lock)->dep_map)

/* A lock that one task takes and, in its name, another gives back: on both sides. */
#define lock_hand_over(lock)			((void)lockdep_release(&(lock)->dep_map))
#define lock_take_over(lock) do {						\
	(void)lockdep_acquire(&(lock)->dep_map, 0, LOCK_TRY, 0, 0);		\
	lockdep_acquired(&(lock)->dep_map);					\
} while (0)

/* Before its first use: the lock belongs to another class than its place of initialisation says. */
#define lockdep_set_class(lock, new_key) \
	lockdep_init_map(&(lock)->dep_map, #new_key, new_key, (lock)->dep_map.kind)
#define lockdep_set_class_and_name(lock, new_key, new_name) \
	lockdep_init_map(&(lock)->dep_map, new_name, new_key, (lock)->dep_map.kind)

/*
 * Locks of this one's class are taken inside one another, in an order that the objects have
 * among them, such as devices and their parents. Right after the lock's initialisation.
 */
#define lockdep_set_nesting(lock)		((void)((lock)->dep_map.nests = true))

/* Says that the lock may be taken here, whether or not it is this time. */
#define might_lock(lock) do {							\
	(void)lock_acquire(lock, 0, LOCK_EXCLUSIVE, 0);				\
	(void)lock_release(lock);						\
} while (0)

#define lockdep_assert(cond, text)	((void)WARN(!(cond), "%s", text))

/* Sections that read under RCU; its functions mark them with these. */
extern struct lockdep_map rcu_lock_map;

#define rcu_lock_acquire(map)	((void)lockdep_acquire(map, 0, LOCK_SHARED_NESTED, 0, 0))
#define rcu_lock_release(map)	((void)lockdep_release(map))

#else

#define lockdep_init_map(map, name, key, kind)	((void)(name), (void)(key))
#define lock_acquire(lock, subclass, how, ip)	((void)(lock), (void)(subclass), (void)(ip), true)
#define lock_acquired(lock)			((void)(lock))
#define lock_release(lock)			((void)(lock), true)
#define lock_irqs_still_off(lock)		((void)(lock))
#define lock_destroy(lock)			((void)(lock))
#define lock_downgrade(lock)			((void)(lock), true)
#define lockdep_pin()				((void)0)
#define lockdep_unpin()				((void)0)
#define lock_hand_over(lock)			((void)(lock))
#define lock_take_over(lock)			((void)(lock))
#define lockdep_set_class(lock, key)		((void)(lock), (void)(key))
#define lockdep_set_class_and_name(lock, key, name) ((void)(lock), (void)(key), (void)(name))
#define lockdep_set_nesting(lock)		((void)(lock))
#define might_lock(lock)			((void)(lock))
#define lockdep_assert(cond, text)		((void)0)
#define lockdep_nesting(map)			0u

static inline unsigned int lockdep_depth(const struct task_struct *p)
{
	(void)p;
	return 0;
}

static inline bool lockdep_in_atomic(void)
{
	return false;
}

static inline void debug_show_held_locks(const struct task_struct *p)
{
	(void)p;
}

static inline void debug_check_no_locks_freed(const void *mem, unsigned long len)
{
	(void)mem;
	(void)len;
}

static inline __printf(2, 3) bool lockdep_check_depth(unsigned int depth, const char *fmt, ...)
{
	(void)depth;
	(void)fmt;
	return false;
}

static inline void lockdep_task_ends(void)
{
}

static inline void lockdep_abandon(struct task_struct *p)
{
	(void)p;
}

static inline void lockdep_unregister_key(struct lock_class_key *key)
{
	(void)key;
}

#endif

/* Reports a caller that does not hold the lock, or does, or has the wrong state of interrupts. */
#define lockdep_assert_held(lock)	lockdep_assert(lock_is_held(lock), #lock " is not held")
#define lockdep_assert_held_write(lock) \
	lockdep_assert(lock_is_held_exclusive(lock), #lock " is not held for writing")
#define lockdep_assert_not_held(lock)	lockdep_assert(!lock_is_held(lock), #lock " is held")
#define lockdep_assert_irqs_disabled()	lockdep_assert(irqs_disabled(), "interrupts are on")
#define lockdep_assert_irqs_enabled()	lockdep_assert(!irqs_disabled(), "interrupts are off")
#define lockdep_assert_in_irq()		lockdep_assert(in_hardirq(), "not in an interrupt")

#endif
