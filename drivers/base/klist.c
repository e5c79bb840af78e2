/* SPDX-License-Identifier: MIT */
/*
 * Lists that may change while somebody walks them.
 *
 * An entry is linked while anything refers to it: the list itself, until it is
 * deleted, and each walker that stands on it. Whoever drops the last reference
 * unlinks it and then, outside the lock, gives the object back.
 *
 * Locking: klist_lock, for all links and counts. Nothing is called under it.
 */
#include <drivers/klist.h>

#include <kernel/spinlock.h>
#include <kernel/wait.h>

static DEFINE_SPINLOCK(klist_lock);
/* For klist_remove(): woken when a node that was deleted under a walker is unlinked. */
static DECLARE_WAIT_QUEUE_HEAD(klist_unlinked);

void klist_init(struct klist *list, void (*get)(struct klist_node *node),
		void (*put)(struct klist_node *node))
{
	INIT_LIST_HEAD(&list->nodes);
	list->get = get;
	list->put = put;
}

void klist_add_tail(struct klist_node *node, struct klist *list)
{
	if (list->get)
		list->get(node);
	guard(spinlock_irqsave)(&klist_lock);
	node->refs = 1;
	node->dead = false;
	node->list = list;
	list_add_tail(&node->link, &list->nodes);
}

/* Returns whether that was the last reference: then the caller owes klist_unlinked_put(). */
static bool klist_drop_locked(struct klist_node *node)
	__must_hold(&klist_lock)
{
	if (--node->refs)
		return false;
	list_del(&node->link);
	WRITE_ONCE(node->list, NULL);
	return true;
}

static void klist_unlinked_put(struct klist *list, struct klist_node *node)
{
	wake_up_all(&klist_unlinked);
	if (list->put)
		list->put(node);
}

void klist_del(struct klist_node *node)
{
	struct klist *list;
	bool unlinked = false;

	scoped_guard(spinlock_irqsave, &klist_lock) {
		list = node->list;
		if (list && !node->dead) {
			node->dead = true;
			unlinked = klist_drop_locked(node);
		}
	}
	if (unlinked)
		klist_unlinked_put(list, node);
}

void klist_remove(struct klist_node *node)
{
	klist_del(node);
	wait_event(klist_unlinked, !READ_ONCE(node->list));
}

bool klist_node_attached(const struct klist_node *node)
{
	return READ_ONCE(node->list) && !READ_ONCE(node->dead);
}

bool klist_node_get(struct klist_node *node)
{
	guard(spinlock_irqsave)(&klist_lock);
	if (!node->list || node->dead)
		return false;
	node->refs++;
	return true;
}

void klist_node_put(struct klist_node *node)
{
	struct klist *list;
	bool unlinked;

	scoped_guard(spinlock_irqsave, &klist_lock) {
		list = node->list;
		unlinked = klist_drop_locked(node);
	}
	if (unlinked)
		klist_unlinked_put(list, node);
}

void klist_iter_init(struct klist *list, struct klist_iter *iter)
{
	iter->list = list;
	iter->at = NULL;
}

void klist_iter_init_node(struct klist *list, struct klist_iter *iter, struct klist_node *node)
{
	klist_iter_init(list, iter);
	if (!node)
		return;
	guard(spinlock_irqsave)(&klist_lock);
	if (node->list == list) {
		node->refs++;
		iter->at = node;
	}
}

/* The next one that is alive, in that direction from `link`, or NULL. */
static struct klist_node *klist_alive_locked(const struct klist *list,
					     const struct list_head *link, bool forward)
	__must_hold(&klist_lock)
{
	for (;;) {
		struct klist_node *node;

		link = forward ? link->next : link->prev;
		if (link == &list->nodes)
			return NULL;
		node = list_entry(link, struct klist_node, link);
		if (!node->dead)
			return node;
	}
}

static struct klist_node *klist_step(struct klist_iter *iter, bool forward)
{
	struct klist_node *last = iter->at, *next;
	bool unlinked = false;

	scoped_guard(spinlock_irqsave, &klist_lock) {
		next = klist_alive_locked(iter->list, last ? &last->link : &iter->list->nodes,
					  forward);
		if (next)
			next->refs++;
		if (last)
			unlinked = klist_drop_locked(last);
	}
	iter->at = next;
	if (unlinked)
		klist_unlinked_put(iter->list, last);
	return next;
}

struct klist_node *klist_next(struct klist_iter *iter)
{
	return klist_step(iter, true);
}

struct klist_node *klist_prev(struct klist_iter *iter)
{
	return klist_step(iter, false);
}

void klist_iter_exit(struct klist_iter *iter)
{
	struct klist_node *last = iter->at;

	iter->at = NULL;
	if (last)
		klist_node_put(last);
}
