/* SPDX-License-Identifier: MIT */
/*
 * Circular doubly linked lists, with the links inside the objects.
 *
 * A head is a list_head that no object owns; an empty list is a head linked to
 * itself. Removal poisons the links of the object, so that a second removal
 * faults at an address that says why. Nothing here locks. Context: any; of two that
 * may meet, the caller sees to a lock.
 *
 * With CONFIG_DEBUG_LIST neighbours are compared before a link is changed: who adds an
 * entry twice, removes it twice or walks into a damaged list gets a report, and the list
 * stays as it is.
 *
 *   head <-> a.link <-> b.link <-> head
 */
#ifndef LIB_LIST_H
#define LIB_LIST_H

#include <lib/compiler.h>
#include <lib/container_of.h>
#include <lib/kconfig.h>
#include <lib/poison.h>
#include <lib/types.h>

#define LIST_HEAD_INIT(name)	{ &(name), &(name) }
#define LIST_HEAD(name)		struct list_head name = LIST_HEAD_INIT(name)

/* Makes `head` an empty list. */
static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

/*
 * Whether `entry` can be put between the two, or be taken out; reports if not. The kernel
 * defines them. Context: any.
 */
bool __list_add_valid(const struct list_head *entry, const struct list_head *prev,
		      const struct list_head *next);
bool __list_del_entry_valid(const struct list_head *entry);

/* `prev` and `next` are neighbours; `entry` is in no list. */
static inline void list_link_between(struct list_head *entry, struct list_head *prev,
				     struct list_head *next)
{
	if (IS_ENABLED(CONFIG_DEBUG_LIST) && unlikely(!__list_add_valid(entry, prev, next)))
		return;
	entry->next = next;
	entry->prev = prev;
	next->prev = entry;
	prev->next = entry;
}

/* As the first of the list. */
static inline void list_add(struct list_head *entry, struct list_head *head)
{
	list_link_between(entry, head, head->next);
}

/* As the last of the list; before `head` if that is an entry. */
static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	list_link_between(entry, head->prev, head);
}

/* Leaves the entry's own links as they were. Returns false if it was on no list (reported). */
static __always_inline bool list_unlink(struct list_head *entry)
{
	struct list_head *next, *prev;

	if (IS_ENABLED(CONFIG_DEBUG_LIST) && unlikely(!__list_del_entry_valid(entry)))
		return false;
	next = entry->next;
	prev = entry->prev;
	prev->next = next;
	next->prev = prev;
	return true;
}

/* Takes `entry` out; _init leaves it a list of its own, to be asked list_empty(). */
static inline void list_del(struct list_head *entry)
{
	if (!list_unlink(entry))
		return;
	entry->next = LIST_POISON1;
	entry->prev = LIST_POISON2;
}

static inline void list_del_init(struct list_head *entry)
{
	if (list_unlink(entry))
		INIT_LIST_HEAD(entry);
}

static inline void list_move(struct list_head *entry, struct list_head *head)
{
	if (list_unlink(entry))
		list_add(entry, head);
}

static inline void list_move_tail(struct list_head *entry, struct list_head *head)
{
	if (list_unlink(entry))
		list_add_tail(entry, head);
}

static inline bool list_empty(const struct list_head *head)
{
	return READ_ONCE(head->next) == head;
}

static inline bool list_is_singular(const struct list_head *head)
{
	return head->next != head && head->next == head->prev;
}

static inline bool list_is_last(const struct list_head *entry, const struct list_head *head)
{
	return entry->next == head;
}

/* Moves all of `list` to the front of `head` and leaves `list` empty. */
static inline void list_splice_init(struct list_head *list, struct list_head *head)
{
	if (list_empty(list))
		return;
	list->prev->next = head->next;
	head->next->prev = list->prev;
	head->next = list->next;
	list->next->prev = head;
	INIT_LIST_HEAD(list);
}

static inline void list_splice_tail_init(struct list_head *list, struct list_head *head)
{
	list_splice_init(list, head->prev);
}

/* From links to objects: of a list that is not empty, but for the last. */

#define list_entry(ptr, type, member)		container_of(ptr, type, member)
#define list_first_entry(head, type, member)	list_entry((head)->next, type, member)
#define list_last_entry(head, type, member)	list_entry((head)->prev, type, member)
#define list_next_entry(pos, member) \
	list_entry((pos)->member.next, __typeof__(*(pos)), member)
#define list_prev_entry(pos, member) \
	list_entry((pos)->member.prev, __typeof__(*(pos)), member)
#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_first_entry(head, type, member))

#define list_for_each(pos, head) \
	for (pos = (head)->next; pos != (head); pos = pos->next)

/*
 * Whether the walk is over. What is around a head is no entry and need not be aligned as one:
 * none of its members is named.
 */
#define list_entry_is_head(pos, head, member) \
	((unsigned long)(pos) + offsetof(__typeof__(*(pos)), member) == (unsigned long)(head))

#define list_for_each_entry(pos, head, member)					\
	for (pos = list_first_entry(head, __typeof__(*pos), member);		\
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_next_entry(pos, member))

#define list_for_each_entry_reverse(pos, head, member)				\
	for (pos = list_last_entry(head, __typeof__(*pos), member);		\
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_prev_entry(pos, member))

/* The body may remove `pos`; `next` is the caller's, of the same type. */
#define list_for_each_entry_safe(pos, next, head, member)			\
	for (pos = list_first_entry(head, __typeof__(*pos), member);		\
	     !list_entry_is_head(pos, head, member) &&				\
	     (next = list_next_entry(pos, member), true);			\
	     pos = next)

#define list_for_each_entry_safe_reverse(pos, next, head, member)		\
	for (pos = list_last_entry(head, __typeof__(*pos), member);		\
	     !list_entry_is_head(pos, head, member) &&				\
	     (next = list_prev_entry(pos, member), true);			\
	     pos = next)

#endif
