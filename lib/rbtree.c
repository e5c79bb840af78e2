/* SPDX-License-Identifier: MIT */
/*
 * The balance of <lib/rbtree.h>, after Guibas and Sedgewick (A dichromatic framework for balanced
 * trees, 1978) in the bottom-up form.
 *
 * What is on the left and what is on the right differ by the index of a child: each case is
 * written once, with `side` for where the trouble is.
 *
 * Locking: the callers'.
 */
#include <lib/rbtree.h>

enum { RED, BLACK };

static bool is_black(const struct rb_node *node)
{
	return !node || (node->parent_color & 1) == BLACK;
}

static bool is_red(const struct rb_node *node)
{
	return !is_black(node);
}

static void set_color(struct rb_node *node, unsigned long color)
{
	node->parent_color = (node->parent_color & ~1ul) | color;
}

static void set_parent(struct rb_node *node, const struct rb_node *parent)
{
	node->parent_color = (unsigned long)parent | (node->parent_color & 1);
}

/* On which side of its parent it hangs. */
static unsigned int side_of(const struct rb_node *node, const struct rb_node *parent)
{
	return parent->rb_right == node;
}

/* What pointed at `old` points at `entry`. */
static void change_child(struct rb_root *root, struct rb_node *parent, const struct rb_node *old,
			 struct rb_node *entry)
{
	if (parent)
		parent->child[side_of(old, parent)] = entry;
	else
		root->rb_node = entry;
}

/*
 *	    |               |
 *	   top      -->    up		side 0: top goes down on the left
 *	  /   \           /  \
 *	 a    up        top   c
 *	     /  \      /  \
 *	    b    c    a    b
 */
static void rotate(struct rb_root *root, struct rb_node *top, unsigned int side)
{
	struct rb_node *up = top->child[!side], *between = up->child[side];
	struct rb_node *parent = rb_parent(top);

	top->child[!side] = between;
	if (between)
		set_parent(between, top);
	up->child[side] = top;
	set_parent(up, parent);
	change_child(root, parent, top, up);
	set_parent(top, up);
}

/* The node is red. Its parent may be, too: then that is mended, or moved two levels up. */
void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent;

	/* A black one was in the tree before, which rb_link_node() has reported. */
	if (IS_ENABLED(CONFIG_DEBUG_LIST) &&
	    (!__rb_is_in(node, root, "rb_insert_color") || is_black(node)))
		return;
	while ((parent = rb_parent(node)) && is_red(parent)) {
		struct rb_node *top = rb_parent(parent);
		unsigned int side = side_of(parent, top);
		struct rb_node *uncle = top->child[!side];

		if (is_red(uncle)) {
			set_color(parent, BLACK);
			set_color(uncle, BLACK);
			set_color(top, RED);
			node = top;
			continue;
		}
		/* The inner grandchild is made the outer one. */
		if (node == parent->child[!side]) {
			rotate(root, parent, side);
			parent = node;
		}
		set_color(parent, BLACK);
		set_color(top, RED);
		rotate(root, top, !side);
		break;
	}
	set_color(root->rb_node, BLACK);
}

/* On the ways through `node`, which may be NULL, a black one is missing. */
static void mend_missing_black(struct rb_node *node, struct rb_node *parent, struct rb_root *root)
{
	while (parent && is_black(node)) {
		/* Not of the node, which may be NULL: it has a sibling, or it would miss none. */
		unsigned int side = parent->rb_left != node;
		struct rb_node *sibling = parent->child[!side];

		if (is_red(sibling)) {
			set_color(sibling, BLACK);
			set_color(parent, RED);
			rotate(root, parent, side);
			sibling = parent->child[!side];
		}
		if (is_black(sibling->rb_left) && is_black(sibling->rb_right)) {
			set_color(sibling, RED);
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		if (is_black(sibling->child[!side])) {
			set_color(sibling->child[side], BLACK);
			set_color(sibling, RED);
			rotate(root, sibling, !side);
			sibling = parent->child[!side];
		}
		set_color(sibling, is_black(parent));
		set_color(parent, BLACK);
		set_color(sibling->child[!side], BLACK);
		rotate(root, parent, side);
		return;
	}
	if (node)
		set_color(node, BLACK);
}

/*
 * A node with two children changes places with the one that follows it, which has none on the
 * left. Returns where from then on a node is missing: the parent.
 */
static struct rb_node *put_next_in_place(struct rb_node *node, struct rb_node *next,
					 struct rb_root *root)
{
	struct rb_node *parent = rb_parent(next), *child = next->rb_right;

	if (parent == node) {
		parent = next;
	} else {
		parent->rb_left = child;
		if (child)
			set_parent(child, parent);
		next->rb_right = node->rb_right;
		set_parent(next->rb_right, next);
	}
	next->rb_left = node->rb_left;
	set_parent(next->rb_left, next);
	next->parent_color = node->parent_color;
	change_child(root, rb_parent(node), node, next);
	return parent;
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *child, *parent;
	bool misses_black;

	if (IS_ENABLED(CONFIG_DEBUG_LIST) && !__rb_is_in(node, root, "rb_erase"))
		return;
	if (node->rb_left && node->rb_right) {
		struct rb_node *next = rb_next(node);

		child = next->rb_right;
		misses_black = is_black(next);
		parent = put_next_in_place(node, next, root);
	} else {
		child = node->rb_left ? node->rb_left : node->rb_right;
		misses_black = is_black(node);
		parent = rb_parent(node);
		if (child)
			set_parent(child, parent);
		change_child(root, parent, node, child);
	}
	if (misses_black)
		mend_missing_black(child, parent, root);
}

void rb_replace_node(struct rb_node *old, struct rb_node *entry, struct rb_root *root)
{
	if (IS_ENABLED(CONFIG_DEBUG_LIST) &&
	    (!__rb_is_in(old, root, "rb_replace_node") ||
	     !__rb_is_out(entry, old, "rb_replace_node")))
		return;
	*entry = *old;
	for (unsigned int side = 0; side < 2; side++)
		if (entry->child[side])
			set_parent(entry->child[side], entry);
	change_child(root, rb_parent(old), old, entry);
}

static struct rb_node *outermost(struct rb_node *node, unsigned int side)
{
	while (node && node->child[side])
		node = node->child[side];
	return node;
}

/* The next one towards `side`. */
static struct rb_node *neighbour(const struct rb_node *node, unsigned int side)
{
	const struct rb_node *child = node;
	struct rb_node *parent = rb_parent(node);

	if (node->child[side])
		return outermost(node->child[side], !side);
	while (parent && parent->child[side] == child) {
		child = parent;
		parent = rb_parent(parent);
	}
	return parent;
}

struct rb_node *rb_first(const struct rb_root *root)
{
	return outermost(root->rb_node, 0);
}

struct rb_node *rb_last(const struct rb_root *root)
{
	return outermost(root->rb_node, 1);
}

struct rb_node *rb_next(const struct rb_node *node)
{
	return neighbour(node, 1);
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	return neighbour(node, 0);
}

/* A node without children, as far on the left as there is one. */
static struct rb_node *first_leaf(struct rb_node *node)
{
	while (node && (node->rb_left || node->rb_right))
		node = node->rb_left ? node->rb_left : node->rb_right;
	return node;
}

struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return first_leaf(root->rb_node);
}

struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent = rb_parent(node);

	if (parent && parent->rb_left == node && parent->rb_right)
		return first_leaf(parent->rb_right);
	return parent;
}

/* Whether a node is in order by itself. */
static bool node_is_sound(const struct rb_node *node)
{
	for (unsigned int side = 0; side < 2; side++) {
		const struct rb_node *child = node->child[side];

		if (child && (rb_parent(child) != node || (is_red(node) && is_red(child))))
			return false;
	}
	return true;
}

static unsigned int blacks_above(const struct rb_node *node)
{
	unsigned int n = 0;

	for (; node; node = rb_parent(node))
		n += is_black(node);
	return n;
}

/* Parents are checked before they are followed: a walk in which each is sound comes to an end. */
bool rb_check(const struct rb_root *root,
	      bool (*less)(const struct rb_node *, const struct rb_node *))
{
	const struct rb_node *node = root->rb_node, *previous = NULL;
	unsigned int blacks = 0;

	if (node && (rb_parent(node) || is_red(node)))
		return false;
	for (; node; node = node->rb_left)
		if (!node_is_sound(node))
			return false;
	for (node = rb_first(root); node; node = rb_next(node)) {
		/* All on the way to the next one. */
		for (const struct rb_node *down = node->rb_right; down; down = down->rb_left)
			if (!node_is_sound(down))
				return false;
		if (previous && less && less(node, previous))
			return false;
		previous = node;
		if (node->rb_left && node->rb_right)
			continue;
		if (!blacks)
			blacks = blacks_above(node);
		if (blacks_above(node) != blacks)
			return false;
	}
	return true;
}
