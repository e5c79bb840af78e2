/* SPDX-License-Identifier: MIT */
/*
 * The checks of <lib/list.h> and <lib/hlist.h>: in a sound list each neighbour of a link points
 * back at it.
 *
 * What is no address (NULL, poison) is told apart first, by comparison: nothing that the
 * checks follow is worse than what the list operation itself would have followed.
 */
#include <lib/rculist.h>

#include <kernel/bug.h>
#include <kernel/rcupdate.h>

bool __list_add_valid(const struct list_head *entry, const struct list_head *prev,
		      const struct list_head *next)
{
	if (WARN(!prev || !next, "list_add: %p to a list that was never initialised", entry))
		return false;
	if (WARN(prev == LIST_POISON2 || next == LIST_POISON1,
		 "list_add: %p beside an entry that was removed", entry))
		return false;
	if (WARN(entry == prev || entry == next, "list_add: %p is on the list already", entry))
		return false;
	return !WARN(next->prev != prev, "list_add corruption: next %p has prev %p, not %p", next,
		     next->prev, prev) &&
	       !WARN(prev->next != next, "list_add corruption: prev %p has next %p, not %p", prev,
		     prev->next, next);
}

bool __list_del_entry_valid(const struct list_head *entry)
{
	const struct list_head *next = entry->next, *prev = entry->prev;

	if (WARN(!next || !prev, "list_del: %p was never on a list", entry))
		return false;
	if (WARN(next == LIST_POISON1 || prev == LIST_POISON2,
		 "list_del: %p was removed already", entry))
		return false;
	return !WARN(prev->next != entry, "list_del corruption: prev %p has next %p, not %p", prev,
		     prev->next, entry) &&
	       !WARN(next->prev != entry, "list_del corruption: next %p has prev %p, not %p", next,
		     next->prev, entry);
}

/* `at` is a head's pointer, or one of a node that is to be on a list. */
bool __hlist_add_valid(const struct hlist_node *node, struct hlist_node *const *at)
{
	const struct hlist_node *next;

	if (WARN(!at, "hlist_add: %p before a node that is on no list", node))
		return false;
	if (WARN((const void *)at == LIST_POISON2 || *at == LIST_POISON1,
		 "hlist_add: %p beside a node that was removed", node))
		return false;
	next = *at;
	if (WARN(at == &node->next, "hlist_add: %p behind itself", node))
		return false;
	if (WARN(next && next->pprev != at, "hlist_add corruption: next %p has pprev %p, not %p",
		 next, next ? next->pprev : NULL, at))
		return false;
	for (unsigned int i = 0; next && i < HLIST_LOOK; i++, next = next->next)
		if (WARN(next == node, "hlist_add: %p is on the list already", node))
			return false;
	return true;
}

bool __hlist_del_valid(const struct hlist_node *node)
{
	const struct hlist_node *next = node->next;

	if (WARN(hlist_unhashed(node), "hlist_del: %p is on no list", node))
		return false;
	if (WARN(next == LIST_POISON1 || (const void *)node->pprev == LIST_POISON2,
		 "hlist_del: %p was removed already", node))
		return false;
	return !WARN(*node->pprev != node, "hlist_del corruption: where %p should be is %p", node,
		     *node->pprev) &&
	       !WARN(next && next->pprev != &node->next,
		     "hlist_del corruption: next %p has pprev %p, not %p", next,
		     next ? next->pprev : NULL, &node->next);
}

void __list_check_rcu(void)
{
	WARN(!rcu_read_lock_held(), "a list is walked outside of an RCU read section");
}
