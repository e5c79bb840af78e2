/* SPDX-License-Identifier: MIT */
/*
 * Lists that need no lock: any number add at the front, one takes all, each by one atomic
 * operation on the head. Names as in Linux.
 *
 *	                 who may at the same time:  llist_add  llist_del_all  llist_del_first
 *	llist_add                                      yes          yes            yes
 *	llist_del_all                                               yes        under a lock
 *	llist_del_first                                                        under a lock
 *
 * llist_del_first() reads the second node of the list before it takes the first: whoever else
 * takes nodes off meanwhile, and puts one of them back, would make it wrong. So of those who
 * take, either all use llist_del_all(), or a lock lets in one at a time.
 *
 * What was written to an object before it was added is seen by whoever takes it off. The order
 * is last in, first out: llist_reverse_order() makes it that of the additions.
 *
 * Context: any, interrupts and CPUs with no lock in common.
 */
#ifndef LIB_LLIST_H
#define LIB_LLIST_H

#include <lib/atomic.h>
#include <lib/container_of.h>
#include <lib/types.h>

struct llist_node {
	struct llist_node *next;	/* [o] o: who takes it off; written before it is seen */
};

struct llist_head {
	struct llist_node *first;	/* [a] */
};

#define LLIST_HEAD_INIT(name)	{ NULL }
#define LLIST_HEAD(name)	struct llist_head name = LLIST_HEAD_INIT(name)

static inline void init_llist_head(struct llist_head *head)
{
	head->first = NULL;
}

static inline bool llist_empty(const struct llist_head *head)
{
	return !READ_ONCE(head->first);
}

static inline struct llist_node *llist_next(struct llist_node *node)
{
	return node->next;
}

/*
 * Adds a chain of nodes, from `first` along the links to `last`, in front. Only the first of
 * those who find the list empty are told so: it is for them to see that somebody takes them off.
 * Returns whether the list was empty.
 */
static inline bool llist_add_batch(struct llist_node *first, struct llist_node *last,
				   struct llist_head *head)
{
	struct llist_node *seen = READ_ONCE(head->first), *next;

	do {
		next = seen;
		last->next = next;
		seen = cmpxchg(&head->first, next, first);
	} while (seen != next);
	return !next;
}

/* The same with one node. Returns whether the list was empty. */
static inline bool llist_add(struct llist_node *node, struct llist_head *head)
{
	return llist_add_batch(node, node, head);
}

/* Takes all nodes off. Returns the first of them, NULL if there is none. */
static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	return xchg(&head->first, NULL);
}

/* Takes the first node off; see the file's header. Returns NULL if there is none. */
static inline struct llist_node *llist_del_first(struct llist_head *head)
{
	struct llist_node *seen = smp_load_acquire(&head->first), *first;

	do {
		first = seen;
		if (!first)
			return NULL;
		seen = cmpxchg(&head->first, first, READ_ONCE(first->next));
	} while (seen != first);
	return first;
}

/* Turns a chain that was taken off around. Returns its first node, which was the last. */
static inline struct llist_node *llist_reverse_order(struct llist_node *node)
{
	struct llist_node *done = NULL;

	while (node) {
		struct llist_node *next = node->next;

		node->next = done;
		done = node;
		node = next;
	}
	return done;
}

/*
 * For one user alone, with a head on its stack: without an atomic operation. Returns whether the
 * list was empty.
 */
static inline bool __llist_add_batch(struct llist_node *first, struct llist_node *last,
				     struct llist_head *head)
{
	last->next = head->first;
	head->first = first;
	return !last->next;
}

static inline bool __llist_add(struct llist_node *node, struct llist_head *head)
{
	return __llist_add_batch(node, node, head);
}

/* The same; returns the first node, NULL if there is none. */
static inline struct llist_node *__llist_del_all(struct llist_head *head)
{
	struct llist_node *first = head->first;

	head->first = NULL;
	return first;
}

#define llist_entry(ptr, type, member)	container_of(ptr, type, member)

/* Whether `pos` was reckoned from a node: what was from NULL is no object, and is not followed. */
#define llist_is_entry(pos, member) \
	((unsigned long)(pos) + offsetof(__typeof__(*(pos)), member) != 0)

/*
 * Walks along a chain that was taken off. In the body of one with _safe the object may be freed
 * or added again; `n` is the caller's.
 */
#define llist_for_each(pos, node) \
	for (pos = (node); pos; pos = pos->next)

#define llist_for_each_safe(pos, n, node) \
	for (pos = (node); pos && (n = pos->next, true); pos = n)

#define llist_for_each_entry(pos, node, member)					\
	for (pos = llist_entry(node, __typeof__(*(pos)), member);		\
	     llist_is_entry(pos, member);					\
	     pos = llist_entry((pos)->member.next, __typeof__(*(pos)), member))

#define llist_for_each_entry_safe(pos, n, node, member)				\
	for (pos = llist_entry(node, __typeof__(*(pos)), member);		\
	     llist_is_entry(pos, member) &&					\
	     (n = llist_entry((pos)->member.next, __typeof__(*(pos)), member), true); \
	     pos = n)

#endif
