/* SPDX-License-Identifier: MIT */
/*
 * Lists that may change while somebody walks them, as the lists of devices and
 * drivers do: a probe that is called for one entry may add or remove others.
 *
 * An entry that is deleted while a walker stands on it stays linked, dead, until
 * the walker moves on; walkers pass over dead entries. The list holds a
 * reference on the object of each linked entry: `get` is called when an entry
 * is added, `put` when it is unlinked, never under a lock.
 *
 * Locking: one spin lock for all lists, inside the functions.
 */
#ifndef DRIVERS_KLIST_H
#define DRIVERS_KLIST_H

#include <lib/list.h>

struct klist_node {
	struct list_head link;		/* [l] */
	struct klist *list;		/* [l] NULL: on none */
	unsigned int refs;		/* [l] walkers that stand here, and the list until dead */
	bool dead;			/* [l] deleted, not yet unlinked */
};

struct klist {
	struct list_head nodes;			/* [l] */
	void (*get)(struct klist_node *node);	/* [I] may be NULL, as put */
	void (*put)(struct klist_node *node);	/* [I] */
};

#define KLIST_INIT(name, get_fn, put_fn) \
	{ .nodes = LIST_HEAD_INIT((name).nodes), .get = get_fn, .put = put_fn }

/* A walk; between init and exit it may hold an entry. */
struct klist_iter {
	struct klist *list;
	struct klist_node *at;
};

/* Any context. A node is zeroed memory before it is first added. */
void klist_init(struct klist *list, void (*get)(struct klist_node *node),
		void (*put)(struct klist_node *node));

/* Any context, as far as get() and put() allow. The node is on no list. */
void klist_add_tail(struct klist_node *node, struct klist *list);
/* Does nothing for a node that is on no list or deleted already. Any context put() allows. */
void klist_del(struct klist_node *node);

/* klist_del(), then waits until no walker stands on the node. Task; may sleep. */
void klist_remove(struct klist_node *node);

/*
 * Stands on the node as a walker does, until put. Any context.
 * Return: false: it is on no list, or deleted.
 */
bool __must_check klist_node_get(struct klist_node *node);
/* Any context that put() allows. */
void klist_node_put(struct klist_node *node);

/* Whether the node is on a list and not deleted. Any context. */
bool klist_node_attached(const struct klist_node *node);

/*
 * for (klist_iter_init(list, &i); (node = klist_next(&i)); ) ...; klist_iter_exit(&i);
 * Starts behind `node` with klist_iter_init_node() if it is not NULL and on the
 * list. The entry returned last stays valid until the next call of either; NULL: the end.
 * Any context that put() allows.
 */
void klist_iter_init(struct klist *list, struct klist_iter *iter);
void klist_iter_init_node(struct klist *list, struct klist_iter *iter, struct klist_node *node);
struct klist_node *klist_next(struct klist_iter *iter);
/* The same towards the front; first the last one. */
struct klist_node *klist_prev(struct klist_iter *iter);
void klist_iter_exit(struct klist_iter *iter);

#endif
