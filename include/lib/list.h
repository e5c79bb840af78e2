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

#include <lib/atomic.h>
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

/* The same of the first of a list that is not empty. */
static __always_inline bool list_unlink_first(struct list_head *head)
{
	struct list_head *next;

	if (IS_ENABLED(CONFIG_DEBUG_LIST) && unlikely(!__list_del_entry_valid(head->next)))
		return false;
	next = head->next->next;
	head->next = next;
	next->prev = head;
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

/* Moves the entries from `first` to `last`, which follow one another, to the end of `head`. */
static inline void list_bulk_move_tail(struct list_head *head, struct list_head *first,
				       struct list_head *last)
{
	first->prev->next = last->next;
	last->next->prev = first->prev;
	first->prev = head->prev;
	head->prev->next = first;
	last->next = head;
	head->prev = last;
}

/* `entry` takes the place of `old`, whose links stay as they were. */
static inline void list_replace(struct list_head *old, struct list_head *entry)
{
	entry->next = old->next;
	entry->next->prev = entry;
	entry->prev = old->prev;
	entry->prev->next = entry;
}

/* The same; `old` is an empty list then. */
static inline void list_replace_init(struct list_head *old, struct list_head *entry)
{
	list_replace(old, entry);
	INIT_LIST_HEAD(old);
}

/* Each takes the other's place, on one list or on two. */
static inline void list_swap(struct list_head *a, struct list_head *b)
{
	struct list_head *before_b = b->prev;

	list_del(b);
	list_replace(a, b);
	if (before_b == a)
		before_b = b;
	list_add(a, before_b);
}

static inline bool list_empty(const struct list_head *head)
{
	return READ_ONCE(head->next) == head;
}

/*
 * The pair for one that asks without the lock whether the entry was taken out: if
 * list_empty_careful() says so, what the other did before is seen, and it is done with the links.
 */
static inline void list_del_init_careful(struct list_head *entry)
{
	if (!list_unlink(entry))
		return;
	WRITE_ONCE(entry->prev, entry);
	smp_store_release(&entry->next, entry);
}

/* Returns whether the list is empty, and nobody is about to take an entry out of it. */
static inline bool list_empty_careful(const struct list_head *head)
{
	const struct list_head *next = smp_load_acquire(&head->next);

	return next == head && next == READ_ONCE(head->prev);
}

static inline bool list_is_singular(const struct list_head *head)
{
	return !list_empty(head) && head->next == head->prev;
}

static inline bool list_is_first(const struct list_head *entry, const struct list_head *head)
{
	return entry->prev == head;
}

static inline bool list_is_last(const struct list_head *entry, const struct list_head *head)
{
	return entry->next == head;
}

static inline bool list_is_head(const struct list_head *entry, const struct list_head *head)
{
	return entry == head;
}

/* The first entry becomes the last. */
static inline void list_rotate_left(struct list_head *head)
{
	if (!list_empty(head))
		list_move_tail(head->next, head);
}

/* `entry` becomes the first, and those before it the last, in their order. */
static inline void list_rotate_to_front(struct list_head *entry, struct list_head *head)
{
	list_move_tail(head, entry);
}

/* Puts the entries of `list`, which has some, between two neighbours. Its head stays as it was. */
static inline void list_splice_between(const struct list_head *list, struct list_head *prev,
				       struct list_head *next)
{
	list->next->prev = prev;
	prev->next = list->next;
	list->prev->next = next;
	next->prev = list->prev;
}

/*
 * Moves all of `list` to the front, or the end, of `head`. The head of `list` is not to be used
 * again before it is initialised.
 */
static inline void list_splice(const struct list_head *list, struct list_head *head)
{
	if (!list_empty(list))
		list_splice_between(list, head, head->next);
}

static inline void list_splice_tail(const struct list_head *list, struct list_head *head)
{
	if (!list_empty(list))
		list_splice_between(list, head->prev, head);
}

/* The same; `list` is empty then. */
static inline void list_splice_init(struct list_head *list, struct list_head *head)
{
	list_splice(list, head);
	INIT_LIST_HEAD(list);
}

/* The same at the end of `head`. */
static inline void list_splice_tail_init(struct list_head *list, struct list_head *head)
{
	list_splice_tail(list, head);
	INIT_LIST_HEAD(list);
}

/*
 * Moves the first entries of `head` to `list`, whose own are lost: those up to and with `entry`,
 * or with _before those in front of it. `entry` may be the head: it stands for none of them in
 * list_cut_position(), for all in list_cut_before().
 */
static inline void list_cut_position(struct list_head *list, struct list_head *head,
				     struct list_head *entry)
{
	struct list_head *rest = entry->next;

	if (entry == head) {
		INIT_LIST_HEAD(list);
		return;
	}
	list->next = head->next;
	list->next->prev = list;
	list->prev = entry;
	entry->next = list;
	head->next = rest;
	rest->prev = head;
}

static inline void list_cut_before(struct list_head *list, struct list_head *head,
				   struct list_head *entry)
{
	list_cut_position(list, head, entry->prev);
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

/* The one after the last is the first, and before the first comes the last. */
#define list_next_entry_circular(pos, head, member)				\
	(list_is_last(&(pos)->member, head) ?					\
	 list_first_entry(head, __typeof__(*(pos)), member) : list_next_entry(pos, member))
#define list_prev_entry_circular(pos, head, member)				\
	(list_is_first(&(pos)->member, head) ?					\
	 list_last_entry(head, __typeof__(*(pos)), member) : list_prev_entry(pos, member))

/*
 * Walks over the links. In the body of one with _safe `pos` may be removed, for which `n`, a
 * variable of the caller, has the one that follows. _continue begins behind `pos`, _from at it.
 */
#define list_for_each_from(pos, head) \
	for (; pos != (head); pos = pos->next)
#define list_for_each_continue(pos, head) \
	for (pos = pos->next; pos != (head); pos = pos->next)
#define list_for_each(pos, head) \
	for (pos = (head)->next; pos != (head); pos = pos->next)
#define list_for_each_prev(pos, head) \
	for (pos = (head)->prev; pos != (head); pos = pos->prev)
#define list_for_each_safe(pos, n, head) \
	for (pos = (head)->next; pos != (head) && (n = pos->next, true); pos = n)
#define list_for_each_prev_safe(pos, n, head) \
	for (pos = (head)->prev; pos != (head) && (n = pos->prev, true); pos = n)

/* How many entries there are, one by one. */
static inline size_t list_count_nodes(const struct list_head *head)
{
	const struct list_head *pos;
	size_t n = 0;

	list_for_each(pos, head)
		n++;
	return n;
}

/*
 * Whether the walk is over. What is around a head is no entry and need not be aligned as one:
 * none of its members is named.
 */
#define list_entry_is_head(pos, head, member) \
	((unsigned long)(pos) + offsetof(__typeof__(*(pos)), member) == (unsigned long)(head))

/* The same over the objects. */

#define list_for_each_entry_from(pos, head, member)				\
	for (; !list_entry_is_head(pos, head, member);				\
	     pos = list_next_entry(pos, member))

#define list_for_each_entry_from_reverse(pos, head, member)			\
	for (; !list_entry_is_head(pos, head, member);				\
	     pos = list_prev_entry(pos, member))

#define list_for_each_entry(pos, head, member)					\
	for (pos = list_first_entry(head, __typeof__(*pos), member);		\
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_next_entry(pos, member))

#define list_for_each_entry_reverse(pos, head, member)				\
	for (pos = list_last_entry(head, __typeof__(*pos), member);		\
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_prev_entry(pos, member))

/* Where a walk with _continue begins at the first if `pos` is NULL. */
#define list_prepare_entry(pos, head, member) ({				\
	__typeof__(pos) begin__ = (pos);					\
	begin__ ? begin__ : list_entry(head, __typeof__(*(pos)), member); })

/* `pos` may stand for the head: only an address is reckoned from it. */
#define list_links_of(pos, member)						\
	((struct list_head *)(void *)((char *)(pos) + offsetof(__typeof__(*(pos)), member)))

#define list_for_each_entry_continue(pos, head, member)				\
	for (pos = list_entry(list_links_of(pos, member)->next, __typeof__(*pos), member); \
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_next_entry(pos, member))

#define list_for_each_entry_continue_reverse(pos, head, member)			\
	for (pos = list_entry(list_links_of(pos, member)->prev, __typeof__(*pos), member); \
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_prev_entry(pos, member))

/* The body may remove `pos`; `n` is the caller's, of the same type. */
#define list_for_each_entry_safe_from(pos, n, head, member)			\
	for (; !list_entry_is_head(pos, head, member) &&			\
	     (n = list_next_entry(pos, member), true);				\
	     pos = n)

#define list_for_each_entry_safe(pos, n, head, member)				\
	for (pos = list_first_entry(head, __typeof__(*pos), member);		\
	     !list_entry_is_head(pos, head, member) &&				\
	     (n = list_next_entry(pos, member), true);				\
	     pos = n)

#define list_for_each_entry_safe_continue(pos, n, head, member)			\
	for (pos = list_entry(list_links_of(pos, member)->next, __typeof__(*pos), member); \
	     !list_entry_is_head(pos, head, member) &&				\
	     (n = list_next_entry(pos, member), true);				\
	     pos = n)

#define list_for_each_entry_safe_reverse(pos, n, head, member)			\
	for (pos = list_last_entry(head, __typeof__(*pos), member);		\
	     !list_entry_is_head(pos, head, member) &&				\
	     (n = list_prev_entry(pos, member), true);				\
	     pos = n)

/*
 * In a _safe walk whose body gave up the lock: what follows `pos`, which stayed on the list, is
 * looked up again.
 */
#define list_safe_reset_next(pos, n, member)	(n = list_next_entry(pos, member))

#include <lib/hlist.h>

#endif
