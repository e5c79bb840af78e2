/* SPDX-License-Identifier: MIT */
/*
 * What the lock checker keeps in each lock and in each task: see <kernel/lockdep.h>. Without
 * CONFIG_LOCKDEP none of it takes room.
 */
#ifndef KERNEL_LOCKDEP_TYPES_H
#define KERNEL_LOCKDEP_TYPES_H

#include <lib/types.h>

struct task_struct;

enum lock_kind {
	LOCK_KIND_SPIN,		/* no sleep while it is held */
	LOCK_KIND_RCU,		/* a read section: the same, and no order among locks */
	LOCK_KIND_MUTEX,
	LOCK_KIND_RWSEM,
	LOCK_KIND_ROBUST,	/* its holder may end: that is told to the next one */
};

enum lock_how {
	LOCK_EXCLUSIVE,
	LOCK_TRY,		/* it has been taken; could not have waited */
	LOCK_TRY_SHARED,	/* the same, as one of many */
	LOCK_SHARED,		/* a second time deadlocks behind a writer that waits */
	LOCK_SHARED_NESTED,	/* any number of times */
};

#define LOCKDEP_SUBCLASSES	4

#ifdef CONFIG_LOCKDEP

#define LOCKDEP_TRACE		8
#define LOCKDEP_DEPTH		16

/*
 * The locks that are initialised at one place of the source are one class: they are taken in
 * the same order and from the same contexts. Static storage; 0 is not yet known.
 */
struct lock_class_key {
	u16 class_nr[LOCKDEP_SUBCLASSES];	/* [g] the lock of the checker's graph */
};

/* In each lock. `self` is its own address: what was never initialised, or copied, has another. */
struct lockdep_map {
	const struct lockdep_map *self;		/* [I] */
	struct lock_class_key *key;		/* [I] NULL: `own` */
	const char *name;			/* [I] */
	u8 kind;				/* [I] enum lock_kind */
	bool nests;				/* [I] any order of two of its class is good */
	bool abandoned;				/* [a] its holder died */
	u32 id;					/* [I] the how manyth; 0: initialised statically */
	struct task_struct *holder;		/* [a] exclusive holder; for reports alone */
	struct lock_class_key own;		/* [g] of a lock with a static initialiser */
};

/* [o]: the task, or the interrupt on top of it, that takes the lock. */
struct held_lock {
	struct lockdep_map *map;
	u16 class_nr;				/* 0: none is known */
	u8 how;					/* enum lock_how */
	bool in_irq;
	bool ignored;				/* taking it would never have ended: it was not */
	bool taken;				/* else it is waited for */
	unsigned long ip;			/* where it was taken */
	unsigned long sp;			/* of the function that took it */
};

/*
 * In each task: what it holds, the last taken last; with what interrupted it on top. The
 * checker's lock [s] is for who looks at another task's. `holders` is linked iff depth is not 0.
 */
struct lockdep_task {
	unsigned int depth;			/* [s] */
	unsigned int atomic;			/* [s] how many of them forbid to sleep */
	unsigned int beyond;			/* [o] taken when there was no room for more */
	unsigned int pinned;			/* [o] a spin lock and this stack do not agree */
	bool reporting;				/* [o] what it takes is a report's */
	struct list_head holders;		/* [s] */
	struct held_lock held[LOCKDEP_DEPTH];	/* [s] */
};

#define LOCKDEP_MAP_INIT(lockname, lock_kind)				\
	.dep_map = {							\
		.self = &(lockname).dep_map,				\
		.name = #lockname,					\
		.kind = (lock_kind),					\
	},

#else

struct lock_class_key {
};

struct lockdep_map {
};

#define LOCKDEP_MAP_INIT(lockname, lock_kind)

#endif

#endif
