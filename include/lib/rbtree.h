/* SPDX-License-Identifier: MIT */
/*
 * Red-black trees, with the links inside the objects: sorted, and at most twice as deep on one
 * side as on the other. Names and use as in Linux; <kernel/rb_map.h> owns what is in it and
 * needs no search of one's own.
 *
 *	struct rb_node **link = &root->rb_node, *parent = NULL;
 *
 *	while (*link) {
 *		parent = *link;
 *		link = key < rb_entry(parent, struct thing, node)->key ? &parent->rb_left :
 *									 &parent->rb_right;
 *	}
 *	rb_link_node(&thing->node, parent, link);
 *	rb_insert_color(&thing->node, root);
 *
 * or rb_add(&thing->node, root, less). A cached root also knows its first node.
 *
 * The rules: the root is black; a red node has no red child; from a node down to the places where
 * there is none, each way has as many black nodes as the others. The tree owns nothing and
 * allocates nothing. Locking: the owner's of the tree. Context: any.
 *
 * With CONFIG_DEBUG_LIST, as in <lib/list.h>: who puts a node into a tree that has it, or takes
 * one out of a tree that does not have it, gets a report, and the tree stays as it is. A node that
 * goes into one tree while it is in another is found when that other one lets it go.
 */
#ifndef LIB_RBTREE_H
#define LIB_RBTREE_H

#include <lib/compiler.h>
#include <lib/container_of.h>
#include <lib/kconfig.h>
#include <lib/types.h>

/* Aligned, for bit 0 of an address is the colour. */
struct rb_node {
	unsigned long parent_color;	/* [o] o: the tree's lock, as all */
	union {
		struct {
			struct rb_node *rb_left;
			struct rb_node *rb_right;
		};
		struct rb_node *child[2];
	};
} __aligned(sizeof(long));

struct rb_root {
	struct rb_node *rb_node;
};

struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;
};

#define RB_ROOT			((struct rb_root){ NULL })
#define RB_ROOT_CACHED		((struct rb_root_cached){ { NULL }, NULL })

#define RB_EMPTY_ROOT(root)	(!READ_ONCE((root)->rb_node))

/* A node that is cleared is in no tree: for who wants to ask. Insertion does not need it. */
#define RB_CLEAR_NODE(node)	((node)->parent_color = (unsigned long)(node))
#define RB_EMPTY_NODE(node)	((node)->parent_color == (unsigned long)(node))

/* SAFETY: an address with the colour taken off is what was put in: NULL or a node's. */
#define rb_parent(node)		((struct rb_node *)((node)->parent_color & ~1ul))

#define rb_entry(ptr, type, member)	container_of(ptr, type, member)
/* NULL of NULL. */
#define rb_entry_safe(ptr, type, member) ({					\
	__typeof__(ptr) node__ = (ptr);						\
	node__ ? rb_entry(node__, type, member) : NULL; })

/*
 * What is not so is reported as `what` that was asked for: that the node is in the tree; that it is
 * in none that has `other`, which may be NULL. Context: any.
 */
bool __rb_is_in(const struct rb_node *node, const struct rb_root *root, const char *what);
bool __rb_is_out(const struct rb_node *node, const struct rb_node *other, const char *what);

/* Hangs a node in where there is none: *link is a child of `parent`, or the root and it is NULL. */
static inline void rb_link_node(struct rb_node *node, struct rb_node *parent,
				struct rb_node **link)
{
	if (IS_ENABLED(CONFIG_DEBUG_LIST) && unlikely(!__rb_is_out(node, parent, "rb_link_node")))
		return;
	node->parent_color = (unsigned long)parent;
	node->rb_left = NULL;
	node->rb_right = NULL;
	*link = node;
}

/* After rb_link_node(): keeps the tree's rules. At most two rotations. */
void rb_insert_color(struct rb_node *node, struct rb_root *root);

/* Takes a node out that is in the tree; its links stay as they were. At most three rotations. */
void rb_erase(struct rb_node *node, struct rb_root *root);

/* `entry` takes the place of `old`, whose key it has. Nothing else moves. */
void rb_replace_node(struct rb_node *old, struct rb_node *entry, struct rb_root *root);

/* In their order. NULL where there is none. */
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);

/* Children before their parent. NULL where there is none. */
struct rb_node *rb_first_postorder(const struct rb_root *root);
struct rb_node *rb_next_postorder(const struct rb_node *node);

/*
 * Visits each object so that it may be freed in the body, which must not rb_erase() it: the tree
 * is not to be used any more. `n` is the caller's, of the type of `pos`.
 */
#define rbtree_postorder_for_each_entry_safe(pos, n, root, member)		\
	for (pos = rb_entry_safe(rb_first_postorder(root), __typeof__(*pos), member); \
	     pos && (n = rb_entry_safe(rb_next_postorder(&pos->member),		\
				       __typeof__(*pos), member), true);	\
	     pos = n)

/*
 * Whether the tree keeps its rules, parents are those whose children they are, and no node is
 * before (`less`, which may be NULL) the one in front of it: a key that was changed in place.
 * For tests and checkers: it visits all nodes.
 */
bool rb_check(const struct rb_root *root,
	      bool (*less)(const struct rb_node *, const struct rb_node *));

/* The same of a root that knows its first node, without a walk. */

#define rb_first_cached(root)	((root)->rb_leftmost)

static inline void rb_insert_color_cached(struct rb_node *node, struct rb_root_cached *root,
					  bool leftmost)
{
	if (leftmost)
		root->rb_leftmost = node;
	rb_insert_color(node, &root->rb_root);
}

/* Returns the new first node if there is another one than before, else NULL. */
static inline struct rb_node *rb_erase_cached(struct rb_node *node, struct rb_root_cached *root)
{
	struct rb_node *leftmost = NULL;

	if (root->rb_leftmost == node)
		root->rb_leftmost = leftmost = rb_next(node);
	rb_erase(node, &root->rb_root);
	return leftmost;
}

static inline void rb_replace_node_cached(struct rb_node *old, struct rb_node *entry,
					  struct rb_root_cached *root)
{
	if (root->rb_leftmost == old)
		root->rb_leftmost = entry;
	rb_replace_node(old, entry, &root->rb_root);
}

/*
 * Searches made from a comparison: inlined with it, so that it costs no call. Equal nodes go
 * behind those that are there.
 */

/* Returns whether the node is the first now. */
static __always_inline bool rb_add_below(struct rb_node *node, struct rb_root *tree,
					 bool (*less)(struct rb_node *, const struct rb_node *))
{
	struct rb_node **link = &tree->rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (less(node, parent)) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(node, parent, link);
	/* One that was in the tree is where it was. */
	leftmost = leftmost && (!IS_ENABLED(CONFIG_DEBUG_LIST) || *link == node);
	rb_insert_color(node, tree);
	return leftmost;
}

static __always_inline void rb_add(struct rb_node *node, struct rb_root *tree,
				   bool (*less)(struct rb_node *, const struct rb_node *))
{
	rb_add_below(node, tree, less);
}

/* Returns the node if it is the first now, else NULL. */
static __always_inline struct rb_node *
rb_add_cached(struct rb_node *node, struct rb_root_cached *tree,
	      bool (*less)(struct rb_node *, const struct rb_node *))
{
	if (!rb_add_below(node, &tree->rb_root, less))
		return NULL;
	tree->rb_leftmost = node;
	return node;
}

/* Adds it unless there is an equal one: returns that, else NULL. */
static __always_inline struct rb_node *
rb_find_add(struct rb_node *node, struct rb_root *tree,
	    int (*cmp)(struct rb_node *, const struct rb_node *))
{
	struct rb_node **link = &tree->rb_node, *parent = NULL;

	while (*link) {
		int order;

		parent = *link;
		order = cmp(node, parent);
		if (order == 0)
			return parent;
		link = &parent->child[order > 0];
	}
	rb_link_node(node, parent, link);
	rb_insert_color(node, tree);
	return NULL;
}

/* `cmp` is negative if the key is before that of the node. Returns one that has it, or NULL. */
static __always_inline struct rb_node *
rb_find(const void *key, const struct rb_root *tree,
	int (*cmp)(const void *key, const struct rb_node *))
{
	struct rb_node *node = tree->rb_node;

	while (node) {
		int order = cmp(key, node);

		if (order == 0)
			return node;
		node = node->child[order > 0];
	}
	return NULL;
}

/* The first of those that have it, or NULL. */
static __always_inline struct rb_node *
rb_find_first(const void *key, const struct rb_root *tree,
	      int (*cmp)(const void *key, const struct rb_node *))
{
	struct rb_node *node = tree->rb_node, *match = NULL;

	while (node) {
		int order = cmp(key, node);

		if (order == 0)
			match = node;
		node = node->child[order > 0];
	}
	return match;
}

/* The one behind `node` if it has the key too, else NULL. */
static __always_inline struct rb_node *
rb_next_match(const void *key, struct rb_node *node,
	      int (*cmp)(const void *key, const struct rb_node *))
{
	node = rb_next(node);
	return node && cmp(key, node) == 0 ? node : NULL;
}

#define rb_for_each(node, key, tree, cmp)					\
	for ((node) = rb_find_first(key, tree, cmp); (node);			\
	     (node) = rb_next_match(key, node, cmp))

#endif
