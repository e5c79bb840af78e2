/* SPDX-License-Identifier: MIT */
/*
 * Wait queues. Plain entries are put in front, exclusive ones at the end, so that a
 * wake-up meets all of the former before it has counted off the latter.
 *
 * Locking: everything under the queue's own lock, with interrupts off.
 */
#include <kernel/wait.h>

#include <kernel/bug.h>
#include <kernel/debugobjects.h>
#include <lib/kconfig.h>

#include "sched_priv.h"

static const void *entry_hint(const void *entry)
{
	return (const void *)((const struct wait_queue_entry *)entry)->func;
}

/* A wake-up function may take its entry out without telling. */
static bool entry_is_queued(const void *entry)
{
	return !list_empty(&((const struct wait_queue_entry *)entry)->entry);
}

const struct debug_obj_descr wait_queue_entry_debug_descr __debug_obj_descr = {
	.name = "wait_queue_entry",
	.live = "queued",
	.offset = offsetof(struct wait_queue_entry, debug),
	.hint = entry_hint,
	.is_live = entry_is_queued,
};

static bool is_waited_for(const void *wq_head)
{
	return debug_list_is_used(&context_unsafe(((const struct wait_queue_head *)wq_head)->head));
}

const struct debug_obj_descr wait_queue_head_debug_descr __debug_obj_descr = {
	.name = "wait_queue_head",
	.live = "waited for",
	.offset = offsetof(struct wait_queue_head, debug),
	.is_live = is_waited_for,
	.needs_no_init = true,
};

/*
 * The queue that the entry is in, if it is in one: under the lock of another it would go while its
 * own is walked.
 */
#ifdef CONFIG_DEBUG_OBJECTS
static void note_queue(struct wait_queue_entry *entry, struct wait_queue_head *wq_head)
{
	entry->queue = wq_head;
}

static struct wait_queue_head *queue_of(struct wait_queue_entry *entry,
					struct wait_queue_head *wq_head)
{
	if (!debug_object_is_live(&entry->debug, &wait_queue_entry_debug_descr) ||
	    !WARN(entry->queue != wq_head, "a wait queue's entry %p is in the queue %p, not in %p",
		  entry, entry->queue, wq_head))
		return wq_head;
	return entry->queue;
}
#else
static inline void note_queue(struct wait_queue_entry *entry, struct wait_queue_head *wq_head)
{
	(void)entry;
	(void)wq_head;
}

static inline struct wait_queue_head *queue_of(struct wait_queue_entry *entry,
					       struct wait_queue_head *wq_head)
{
	(void)entry;
	return wq_head;
}
#endif

/* Returns whether the entry may be added. */
static bool mark_queued_locked(struct wait_queue_head *wq_head, struct wait_queue_entry *entry)
	__must_hold(&wq_head->lock)
{
	if (!debug_object_assert_init(&entry->debug, &wait_queue_entry_debug_descr) ||
	    WARN(IS_ENABLED(CONFIG_DEBUG) && !entry->func, "a wait queue's entry has no function"))
		return false;
	if (!debug_object_activate(&entry->debug, &wait_queue_entry_debug_descr))
		return false;
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS) && list_empty(&wq_head->head))
		debug_object_activate(&wq_head->debug, &wait_queue_head_debug_descr);
	note_queue(entry, wq_head);
	return true;
}

/* The links last: finish_wait() does not wait for the lock once it sees them. */
static void take_out_locked(struct wait_queue_entry *entry)
{
	debug_object_deactivate(&entry->debug, &wait_queue_entry_debug_descr);
	list_del_init_careful(&entry->entry);
}

int default_wake_function(struct wait_queue_entry *entry, unsigned int mode, int flags,
			  void *key)
{
	(void)flags;
	(void)key;
	return wake_up_state(entry->private, mode);
}

int autoremove_wake_function(struct wait_queue_entry *entry, unsigned int mode, int flags,
			     void *key)
{
	int woken = default_wake_function(entry, mode, flags, key);

	if (woken)
		take_out_locked(entry);
	return woken;
}

static void wake_up_common(struct wait_queue_head *wq_head, unsigned int mode,
			   int nr_exclusive, void *key)
	__must_hold(&wq_head->lock)
{
	struct wait_queue_entry *entry, *next;

	if (waiters_are_anothers(&wq_head->head))
		return;
	list_for_each_entry_safe(entry, next, &wq_head->head, entry) {
		/* The entry may be gone once its function has run. */
		bool exclusive = entry->flags & WQ_FLAG_EXCLUSIVE;
		int woken = entry->func(entry, mode, 0, key);

		if (woken < 0)
			break;
		if (woken && exclusive && --nr_exclusive == 0)
			break;
	}
}

void __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive, void *key)
{
	guard(spinlock_irqsave)(&wq_head->lock);
	wake_up_common(wq_head, mode, nr_exclusive, key);
}

void __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive)
{
	wake_up_common(wq_head, mode, nr_exclusive, NULL);
}

static void add_locked(struct wait_queue_head *wq_head, struct wait_queue_entry *entry)
	__must_hold(&wq_head->lock)
{
	if (!mark_queued_locked(wq_head, entry))
		return;
	entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	list_add(&entry->entry, &wq_head->head);
}

static void add_exclusive_locked(struct wait_queue_head *wq_head,
				 struct wait_queue_entry *entry)
	__must_hold(&wq_head->lock)
{
	if (!mark_queued_locked(wq_head, entry))
		return;
	entry->flags |= WQ_FLAG_EXCLUSIVE;
	list_add_tail(&entry->entry, &wq_head->head);
}

void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *entry)
{
	assert_object(entry);
	guard(spinlock_irqsave)(&wq_head->lock);
	add_locked(wq_head, entry);
}

void add_wait_queue_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *entry)
{
	assert_object(entry);
	guard(spinlock_irqsave)(&wq_head->lock);
	add_exclusive_locked(wq_head, entry);
}

void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *entry)
{
	if (!debug_object_assert_init(&entry->debug, &wait_queue_entry_debug_descr))
		return;
	wq_head = queue_of(entry, wq_head);
	guard(spinlock_irqsave)(&wq_head->lock);
	take_out_locked(entry);
}

/* An interrupt would put the task to sleep that it came upon. */
static void check_prepare(struct wait_queue_head *wq_head, struct wait_queue_entry *entry)
{
	struct wait_queue_head *is_in;

	WARN(IS_ENABLED(CONFIG_DEBUG) && in_hardirq(), "an interrupt's handler prepares to wait");
	is_in = queue_of(entry, wq_head);
	if (is_in != wq_head)
		remove_wait_queue(is_in, entry);
}

void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *entry,
		     unsigned int state)
{
	check_prepare(wq_head, entry);
	guard(spinlock_irqsave)(&wq_head->lock);
	if (list_empty(&entry->entry))
		add_locked(wq_head, entry);
	set_current_state(state);
}

bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *entry,
			       unsigned int state)
{
	bool was_empty = false;

	check_prepare(wq_head, entry);
	guard(spinlock_irqsave)(&wq_head->lock);
	if (list_empty(&entry->entry)) {
		was_empty = list_empty(&wq_head->head);
		add_exclusive_locked(wq_head, entry);
	}
	set_current_state(state);
	return was_empty;
}

long prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *entry,
			   unsigned int state)
{
	prepare_to_wait(wq_head, entry, state);
	return 0;
}

/*
 * The usual case is that the wake-up has taken the entry out: one look without the lock
 * suffices then, if it shows both links back at the entry, since the waker writes them
 * last and does not touch the entry after.
 */
void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *entry)
{
	__set_current_state(TASK_RUNNING);
	wq_head = queue_of(entry, wq_head);
	debug_object_deactivate(&entry->debug, &wait_queue_entry_debug_descr);
	if (list_empty_careful(&entry->entry))
		return;
	guard(spinlock_irqsave)(&wq_head->lock);
	take_out_locked(entry);
}
