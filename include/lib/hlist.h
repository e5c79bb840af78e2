/* SPDX-License-Identifier: MIT */
/*
 * Lists whose head is one pointer, for tables with many heads; <lib/list.h> has the others and
 * includes this.
 *
 * A node holds the address of the pointer that points at it, so that it can be taken out without
 * its head. There is no way to the end of the list but along it. A node that is on no list has
 * NULL there (hlist_unhashed) once it was initialised. Nothing here locks. Context: any.
 *
 * With CONFIG_DEBUG_LIST, as in <lib/list.h>: who adds a node that is among the HLIST_LOOK that
 * will follow it, takes one out that is on no list, or meets a damaged link gets a report, and
 * the list stays as it is.
 *
 *   head.first -> a.next -> b.next -> NULL
 *        ^-- a.pprev  ^-- b.pprev
 */
#ifndef LIB_HLIST_H
#define LIB_HLIST_H

#include <lib/compiler.h>
#include <lib/container_of.h>
#include <lib/kconfig.h>
#include <lib/poison.h>
#include <lib/types.h>

#define HLIST_LOOK		64

/* What may not be done is reported, with a backtrace. Context: any. */
bool __hlist_add_valid(const struct hlist_node *node, struct hlist_node *const *at);
bool __hlist_del_valid(const struct hlist_node *node);

#define HLIST_HEAD_INIT		{ .first = NULL }
#define HLIST_HEAD(name)	struct hlist_head name = HLIST_HEAD_INIT
#define INIT_HLIST_HEAD(head)	((head)->first = NULL)

/* Makes `node` one that is on no list. */
static inline void INIT_HLIST_NODE(struct hlist_node *node)
{
	node->next = NULL;
	node->pprev = NULL;
}

/* Whether the node is on no list: initialised, or taken out with _init. */
static inline bool hlist_unhashed(const struct hlist_node *node)
{
	return !node->pprev;
}

/* The same without the lock under which the node is added. */
static inline bool hlist_unhashed_lockless(const struct hlist_node *node)
{
	return !READ_ONCE(node->pprev);
}

static inline bool hlist_empty(const struct hlist_head *head)
{
	return !READ_ONCE(head->first);
}

/* Leaves the node's own links as they were. Return: whether it was on a list. */
static inline bool hlist_unlink(struct hlist_node *node)
{
	if (IS_ENABLED(CONFIG_DEBUG_LIST) && unlikely(!__hlist_del_valid(node)))
		return false;
	WRITE_ONCE(*node->pprev, node->next);
	if (node->next)
		WRITE_ONCE(node->next->pprev, node->pprev);
	return true;
}

/* Takes the node out, which is on a list. Its links are poison. */
static inline void hlist_del(struct hlist_node *node)
{
	if (!hlist_unlink(node))
		return;
	node->next = LIST_POISON1;
	node->pprev = LIST_POISON2;
}

/* The same of one that may be on none; it can be asked hlist_unhashed(). */
static inline void hlist_del_init(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	if (hlist_unlink(node))
		INIT_HLIST_NODE(node);
}

/* Where `*at` points from now on: what it pointed at follows. */
static inline void hlist_link_at(struct hlist_node *node, struct hlist_node **at)
{
	struct hlist_node *next;

	if (IS_ENABLED(CONFIG_DEBUG_LIST) && unlikely(!__hlist_add_valid(node, at)))
		return;
	next = *at;
	WRITE_ONCE(node->next, next);
	WRITE_ONCE(node->pprev, at);
	WRITE_ONCE(*at, node);
	if (next)
		WRITE_ONCE(next->pprev, &node->next);
}

static inline void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	hlist_link_at(node, &head->first);
}

static inline void hlist_add_before(struct hlist_node *node, struct hlist_node *next)
{
	hlist_link_at(node, next->pprev);
}

static inline void hlist_add_behind(struct hlist_node *node, struct hlist_node *prev)
{
	hlist_link_at(node, &prev->next);
}

/* A node on a list of its own, without a head: so that hlist_del() may be called on it. */
static inline void hlist_add_fake(struct hlist_node *node)
{
	node->pprev = &node->next;
}

static inline bool hlist_fake(const struct hlist_node *node)
{
	return node->pprev == &node->next;
}

/* Whether `node` is the only one, without a look at another cache line than its own. */
static inline bool hlist_is_singular_node(const struct hlist_node *node,
					  const struct hlist_head *head)
{
	return !node->next && node->pprev == &head->first;
}

/* Moves all of `from` to `to`, whose own are lost. */
static inline void hlist_move_list(struct hlist_head *from, struct hlist_head *to)
{
	to->first = from->first;
	if (to->first)
		to->first->pprev = &to->first;
	from->first = NULL;
}

#define hlist_entry(ptr, type, member)		container_of(ptr, type, member)

/* NULL of NULL. */
#define hlist_entry_safe(ptr, type, member) ({					\
	__typeof__(ptr) node__ = (ptr);						\
	node__ ? hlist_entry(node__, type, member) : NULL; })

/* In the body of one with _safe `pos` may be removed; `n` is the caller's, a node. */

#define hlist_for_each(pos, head) \
	for (pos = (head)->first; pos; pos = pos->next)

#define hlist_for_each_safe(pos, n, head) \
	for (pos = (head)->first; pos && (n = pos->next, true); pos = n)

#define hlist_for_each_entry_from(pos, member) \
	for (; pos; pos = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member))

#define hlist_for_each_entry(pos, head, member)					\
	for (pos = hlist_entry_safe((head)->first, __typeof__(*(pos)), member);	\
	     pos;								\
	     pos = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member))

#define hlist_for_each_entry_continue(pos, member)				\
	for (pos = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member); \
	     pos;								\
	     pos = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member))

#define hlist_for_each_entry_safe(pos, n, head, member)				\
	for (pos = hlist_entry_safe((head)->first, __typeof__(*(pos)), member);	\
	     pos && (n = (pos)->member.next, true);				\
	     pos = hlist_entry_safe(n, __typeof__(*(pos)), member))

#endif
