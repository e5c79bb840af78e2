/* SPDX-License-Identifier: MIT */
/*
 * A list that changes under RCU is walked outside of a read section.
 *
 * clang-context: calling function 'list_needs_rcu' requires holding context_role 'role_rcu'
 */
#include <kernel/rcupdate.h>
#include <lib/rculist.h>

struct entry {
	struct list_head link;
	int value;
};

#ifdef TWIN
int sum(struct list_head *head)
{
	struct entry *e;
	int n = 0;

	guard(rcu)();
	list_for_each_entry_rcu(e, head, link)
		n += e->value;
	return n;
}
#else
int sum(struct list_head *head)
{
	struct entry *e;
	int n = 0;

	list_for_each_entry_rcu(e, head, link)
		n += e->value;
	return n;
}
#endif
