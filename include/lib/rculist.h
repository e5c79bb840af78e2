/* SPDX-License-Identifier: MIT */
/*
 * Lists that are walked under RCU: <lib/list.h>'s, changed so that a reader in the middle of a
 * walk finds its way.
 *
 *	updater, with its lock:	list_del_rcu(&p->link); kfree_rcu(p, rcu);
 *	reader:			guard(rcu)();
 *				list_for_each_entry_rcu(p, &head, link)
 *					...
 *
 * An entry that was taken out still leads on: it is freed, or added again, after a grace period.
 * Readers go forwards only. Updaters walk with list_for_each_entry().
 *
 * Context: any; of two updaters a lock keeps one out.
 */
#ifndef LIB_RCULIST_H
#define LIB_RCULIST_H

#include <lib/atomic.h>
#include <lib/compiler-context-analysis.h>
#include <lib/list.h>

/* Reports a caller that is in no section. The kernel defines it. */
void __list_check_rcu(void);

/* `prev` and `next` are neighbours; a reader finds the entry once it leads on. */
static inline void list_link_between_rcu(struct list_head *entry, struct list_head *prev,
					 struct list_head *next)
{
	if (IS_ENABLED(CONFIG_DEBUG_LIST) && unlikely(!__list_add_valid(entry, prev, next)))
		return;
	entry->next = next;
	entry->prev = prev;
	smp_store_release(&prev->next, entry);
	next->prev = entry;
}

/* As the first of the list, and as the last. The object is complete. */

static inline void list_add_rcu(struct list_head *entry, struct list_head *head)
{
	list_link_between_rcu(entry, head, head->next);
}

static inline void list_add_tail_rcu(struct list_head *entry, struct list_head *head)
{
	list_link_between_rcu(entry, head->prev, head);
}

/* Takes `entry` out; readers who stand on it go on from there. */
static inline void list_del_rcu(struct list_head *entry)
{
	if (IS_ENABLED(CONFIG_DEBUG_LIST) && unlikely(!__list_del_entry_valid(entry)))
		return;
	entry->next->prev = entry->prev;
	WRITE_ONCE(entry->prev->next, entry->next);
	entry->prev = LIST_POISON2;
}

/* For the walk alone. */
static __always_inline void list_needs_rcu(void)
	__must_hold(role_rcu)
{
	if (IS_ENABLED(CONFIG_DEBUG_LIST))
		__list_check_rcu();
}

#define list_entry_rcu(ptr, type, member)	list_entry(READ_ONCE(ptr), type, member)

#define list_for_each_entry_rcu(pos, head, member)				\
	for (list_needs_rcu(),							\
	     pos = list_entry_rcu((head)->next, __typeof__(*pos), member);	\
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_entry_rcu(pos->member.next, __typeof__(*pos), member))

#endif
