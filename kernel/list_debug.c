/* SPDX-License-Identifier: MIT */
/*
 * The checks of <lib/list.h>: in a sound list each neighbour of a link points back at it.
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

void __list_check_rcu(void)
{
	WARN(!rcu_read_lock_held(), "a list is walked outside of an RCU read section");
}
