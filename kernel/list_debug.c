/* SPDX-License-Identifier: MIT */
/*
 * The checks of <lib/list.h>, <lib/hlist.h> and <lib/rbtree.h>: in a sound list each neighbour of
 * a link points back at it, and in a sound tree each parent.
 *
 * What is no address (NULL, poison) is told apart first, by comparison: nothing that the
 * checks follow is worse than what the list operation itself would have followed.
 */
#include <lib/rculist.h>

#include <hal/traps.h>
#include <kernel/bug.h>
#include <kernel/rcupdate.h>
#include <lib/bits.h>
#include <lib/math.h>
#include <lib/rbtree.h>

#define RB_DEPTH_MAX	(2 * BITS_PER_LONG)

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
	if (hlist_fake(node) && !next)
		return true;
	return !WARN(*node->pprev != node, "hlist_del corruption: where %p should be is %p", node,
		     *node->pprev) &&
	       !WARN(next && next->pprev != &node->next,
		     "hlist_del corruption: next %p has pprev %p, not %p", next,
		     next ? next->pprev : NULL, &node->next);
}

/* The parent, if it has the node as a child; its memory may be no node, or none. */
static const struct rb_node *parent_of(const struct rb_node *node)
{
	const struct rb_node *parent = rb_parent(node);
	unsigned long left, right;

	if (!IS_ALIGNED((unsigned long)parent, sizeof(long)) ||
	    (unsigned long)parent > ~0ul - sizeof(*parent) ||
	    hal_probe_read(&parent->rb_left, &left) || hal_probe_read(&parent->rb_right, &right))
		return NULL;
	return left == (unsigned long)node || right == (unsigned long)node ? parent : NULL;
}

/*
 * The uppermost one of the tree that the node is in. NULL if it is in none; one that is in none
 * may look like a tree of its own.
 */
static const struct rb_node *top_of(const struct rb_node *node)
{
	for (unsigned int i = 0; node && i < RB_DEPTH_MAX; i++) {
		if (!rb_parent(node))
			return node;
		node = parent_of(node);
	}
	return NULL;
}

bool __rb_is_in(const struct rb_node *node, const struct rb_root *root, const char *what)
{
	const struct rb_node *top = top_of(node);

	return !WARN(!top || top != root->rb_node, "%s: %p is not in the tree", what, node);
}

/* Nothing is known of a node's memory: it is in the tree if its links lead to the top of it. */
bool __rb_is_out(const struct rb_node *node, const struct rb_node *other, const char *what)
{
	const struct rb_node *top = other ? top_of(node) : NULL;

	return !WARN(top && top == top_of(other), "%s: %p is in the tree already", what, node);
}

void __list_check_rcu(void)
{
	WARN(!rcu_read_lock_held(), "a list is walked outside of an RCU read section");
}
