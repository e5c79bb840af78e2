/* SPDX-License-Identifier: MIT */
/*
 * An entry is put into a list without the lock that guards the list.
 *
 * clang-context: passing pointer to variable 'dials' requires holding raw_spinlock
 */
#include <kernel/spinlock.h>
#include <lib/list.h>

struct panel {
	spinlock_t lock;
	struct list_head dials __guarded_by(&lock);
};

#ifdef TWIN
void add(struct panel *panel, struct list_head *dial)
{
	guard(spinlock)(&panel->lock);
	list_add(dial, &panel->dials);
}
#else
void add(struct panel *panel, struct list_head *dial)
{
	list_add(dial, &panel->dials);
}
#endif
