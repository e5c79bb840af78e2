/* SPDX-License-Identifier: MIT */
/*
 * Between the parts of the lock checker: what follows the tasks (lockdep.c), what an acquisition
 * tells the graph (lockdep_order.c), the graph itself (lockdep_graph.c) and what is said
 * (lockdep_report.c).
 */
#ifndef LOCKDEP_PRIV_H
#define LOCKDEP_PRIV_H

#include <kernel/lockdep.h>
#include <lib/atomic.h>

/* ---- the graph. All of it is called with the graph locked. ---- */

#define CLASSES_MAX	512
#define EDGES_MAX	2048

/* How a class has been taken; an index of its `first` traces. */
enum lock_usage {
	USED_IN_IRQ,		/* by an interrupt handler */
	USED_IRQS_ON,		/* with interrupts on, or held with interrupts on */
	USAGES,
};

struct lock_class {
	const struct lock_class_key *key;	/* NULL: the entry is free */
	const char *name;
	u8 subclass;
	u8 kind;
	u8 used;				/* bits of enum lock_usage */
	u8 reported;				/* the same: who would hear of it again and again */
	u16 edges_from, edges_to;		/* lists by next_from, next_to; NO_EDGE ends them */
	unsigned long first[USAGES][LOCKDEP_TRACE];
};

/* `to` was taken while `from` was held; the traces are of the first time. */
struct lock_edge {
	u16 from, to;
	u16 next_from, next_to;
	bool bad;				/* reported: no way leads over it */
	unsigned long from_trace[LOCKDEP_TRACE], to_trace[LOCKDEP_TRACE];
};

#define NO_EDGE		0xffffu

extern struct lock_class lock_classes[CLASSES_MAX];

/* The class of this lock, made at the first time; 0 when there is none, which has been said. */
u16 lock_class_get(struct lockdep_map *map, unsigned int subclass);

/* NULL if `to` has never been taken under `from`. */
struct lock_edge *lock_edge_find(u16 from, u16 to);

/* NULL when there is no room, which has been said. */
struct lock_edge *lock_edge_add(u16 from, u16 to);

/*
 * The shortest way from a class to one that `wanted` says yes to, itself included. `back`: against
 * the edges. Returns that class, or 0; lock_way_print() then tells of the edges on the way.
 */
u16 lock_way_find(u16 from, bool back, bool (*wanted)(u16 nr, u16 arg), u16 arg);
void lock_way_print(u16 to, bool back);

/* Takes a class and its edges out. */
void lock_class_forget(u16 nr);

/* ---- what an acquisition tells it ---- */

static inline bool only_tries(enum lock_how how)
{
	return how == LOCK_TRY || how == LOCK_TRY_SHARED;
}

/* That a handler takes it, or somebody with interrupts on. The graph is locked. */
void lock_use_note(const struct held_lock *held, bool irqs_on);

/*
 * After the lock that was taken last in the same context; what was taken before that one comes
 * before by way of it. But nothing comes before what did not wait. The graph is locked.
 */
void lock_orders_add(const struct lockdep_task *t, const struct held_lock *held);

/* ---- reports ---- */

extern atomic_t lockdep_reporters;	/* tasks that make a report */

/* What is taken from here to lockdep_report_end() is the report's own. */
void lockdep_look_away(void);

#define lockdep_report_begin(fmt, ...) \
	(lockdep_look_away(), report_begin(fmt, ##__VA_ARGS__))
void lockdep_report_end(void);

/* Says so, once. */
void lock_checker_full(const char *what);

/*
 * Where a lock was taken, and from where that function was called: those calls are under way
 * still, or have returned and are left out. Only the first costs anything when a lock is taken.
 */
void lock_held_trace(const struct task_struct *p, const struct held_lock *held,
		     unsigned long trace[LOCKDEP_TRACE]);
void lock_held_print(const struct task_struct *p, const struct held_lock *held);

#endif
