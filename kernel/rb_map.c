/* SPDX-License-Identifier: MIT */
/*
 * The half of <kernel/rb_map.h> that is the same for each type: a node is found by the key that
 * lies so many bytes behind its start. Nothing here allocates or frees.
 *
 * Locking: the map's owner's.
 */
#include <kernel/rb_map.h>

#include <kernel/bug.h>

static const struct debug_obj_descr rb_map_node_debug_descr __debug_obj_descr __maybe_unused = {
	.name = "rb_map_node",
	.live = "in a map",
	.offset = offsetof(struct rb_map_node, debug),
	.needs_no_init = true,
};

static const void *key_of(const struct rb_node *rb, const struct rb_map_type *type)
{
	return (const char *)rb_entry(rb, const struct rb_map_node, rb) + type->key_offset;
}

struct rb_map_node *rb_map_insert(struct rb_root *root, struct rb_map_node *node,
				  const struct rb_map_type *type)
{
	struct rb_node **link = &root->rb_node, *parent = NULL;
	struct rb_map_node *old;

	if (!debug_object_activate(&node->debug, &rb_map_node_debug_descr))
		return node;
	while (*link) {
		int order;

		parent = *link;
		order = type->cmp(key_of(&node->rb, type), key_of(parent, type));
		if (order == 0) {
			old = rb_entry(parent, struct rb_map_node, rb);
			rb_replace_node(parent, &node->rb, root);
			debug_object_deactivate(&old->debug, &rb_map_node_debug_descr);
			return old;
		}
		link = &parent->child[order > 0];
	}
	rb_link_node(&node->rb, parent, link);
	rb_insert_color(&node->rb, root);
	return NULL;
}

struct rb_map_node *rb_map_find(const struct rb_root *root, const void *key,
				const struct rb_map_type *type)
{
	struct rb_node *node = root->rb_node;

	while (node) {
		int order = type->cmp(key, key_of(node, type));

		if (order == 0)
			return rb_entry(node, struct rb_map_node, rb);
		node = node->child[order > 0];
	}
	return NULL;
}

struct rb_map_node *rb_map_first(const struct rb_root *root)
{
	return rb_entry_safe(rb_first(root), struct rb_map_node, rb);
}

struct rb_map_node *rb_map_next(const struct rb_map_node *node)
{
	return rb_entry_safe(rb_next(&node->rb), struct rb_map_node, rb);
}

void rb_map_erase(struct rb_root *root, struct rb_map_node *node)
{
	rb_erase(&node->rb, root);
	debug_object_deactivate(&node->debug, &rb_map_node_debug_descr);
}

bool rb_map_is_sound(const struct rb_root *root, const struct rb_map_type *type)
{
	const struct rb_node *node, *next;

	if (!rb_check(root, NULL))
		return false;
	for (node = rb_first(root); node; node = next) {
		next = rb_next(node);
		if (next && type->cmp(key_of(node, type), key_of(next, type)) >= 0)
			return false;
	}
	return true;
}

#ifdef CONFIG_DEBUG_OBJECTS
bool rb_map_is_out(const struct rb_map_node *node, const char *what)
{
	return !WARN(debug_object_is_live(&node->debug, &rb_map_node_debug_descr),
		     "a node %p that is in a map is %s", node, what);
}
#endif
