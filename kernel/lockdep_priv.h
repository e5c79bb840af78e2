/* SPDX-License-Identifier: MIT */
/*
 * The graph of lock classes, between what follows the tasks (lockdep.c) and what finds the
 * ways through it (lockdep_graph.c). All of it is called with the graph locked.
 */
#ifndef LOCKDEP_PRIV_H
#define LOCKDEP_PRIV_H

#include <kernel/lockdep.h>

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

/* Says so, once. */
void lock_checker_full(const char *what);

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

#endif
