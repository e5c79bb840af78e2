/* SPDX-License-Identifier: MIT */
/*
 * Maps that own what is in them: a key and a value in a node of a red-black tree. Memory is had
 * before the node is needed, so that nothing fails, and nothing is allocated or freed, where the
 * map's lock is held. Each stage of a node is a type of its own:
 *
 *	reservation	struct ports_reservation *	memory; ports_reserve() may fail
 *	    | ports_into_node(r, key, value)
 *	node		struct ports_node *		its owner's, in no map
 *	    | ports_insert(map, node)		an equal key's node comes back: it was replaced
 *	inserted	the map's; ports_remove() gives the node back
 *
 *	int ports_cmp(const u16 *a, const u16 *b);	below 0 if a is before b
 *	DEFINE_RB_MAP(ports, u16, struct port *, ports_cmp);
 *
 *	struct ports_reservation *r = ports_reserve(GFP_KERNEL);	NULL: no memory
 *	struct ports_node *old;
 *
 *	scoped_guard(spinlock, &lock)
 *		old = ports_insert(&map, ports_into_node(r, 80, port));
 *	ports_free(old);		not under the lock: NULL if there was none
 *
 * With CONFIG_DEBUG_OBJECTS these are reported, and not done: inserting a node twice, freeing one
 * that is in a map. Keys cannot be changed through the map; ports_is_sound() finds one that was
 * changed by force.
 *
 * Locking: the owner's of the map. Context of all: any, but where there is a gfp_t. Values belong
 * to who put them there: freeing a node frees no more than the node.
 */
#ifndef KERNEL_RB_MAP_H
#define KERNEL_RB_MAP_H

#include <kernel/debugobjects.h>
#include <kernel/gfp.h>
#include <kernel/slab.h>
#include <lib/cleanup.h>
#include <lib/compiler.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <lib/rbtree.h>
#include <lib/types.h>

/* [o] all, o: who has the node, or the map's lock. It is at the start of the node. */
struct rb_map_node {
	struct rb_node rb;
	struct debug_obj debug;
};

/* A kind of map: where the key is, and how two are compared. */
struct rb_map_type {
	size_t key_offset;
	int (*cmp)(const void *a, const void *b);
};

/*
 * What the typed functions call. Of what is said there: insert returns the node that was replaced,
 * and `node` itself if it is in a map already (reported); remove takes out one that is in it.
 */
struct rb_map_node *rb_map_insert(struct rb_root *root, struct rb_map_node *node,
				  const struct rb_map_type *type);
struct rb_map_node *rb_map_find(const struct rb_root *root, const void *key,
				const struct rb_map_type *type);
struct rb_map_node *rb_map_first(const struct rb_root *root);
struct rb_map_node *rb_map_next(const struct rb_map_node *node);
void rb_map_erase(struct rb_root *root, struct rb_map_node *node);
bool rb_map_is_sound(const struct rb_root *root, const struct rb_map_type *type);

/* Whether the node is in no map; reports if it is, and what would be done with it. */
#ifdef CONFIG_DEBUG_OBJECTS
bool rb_map_is_out(const struct rb_map_node *node, const char *what);
#else
static inline bool rb_map_is_out(const struct rb_map_node *node, const char *what)
{
	(void)node;
	(void)what;
	return true;
}
#endif

/*
 * struct name, all zero when it is empty, and its functions, `map` being a struct name * and `node`
 * a struct name_node *, which has the members key and value:
 *
 *	name_reserve(gfp)		a reservation, the caller's; NULL without memory
 *	name_into_node(r, key, value)	a node, the caller's, of a reservation that is used up;
 *					NULL of NULL
 *	name_insert(map, node)		gives it to the map; an equal key's node, the caller's from
 *					now on, or NULL. `node` if it is in a map (reported).
 *	name_try_insert(map, key, value, gfp, &old)	all in one: 0; -ENOMEM, no change.
 *					*old is the caller's, or NULL
 *	name_find(map, key)		the value's address, while it is in the map; or NULL
 *	name_remove(map, key)		the node, the caller's; NULL if there is none
 *	name_into_reservation(node)	its memory, for another
 *	name_free(node), name_cancel(r)	give the memory back; NULL is nothing
 *	name_first(map), name_next(node)	the nodes in order, still the map's; NULL at the end
 *	name_clear(map, end)		end(value) of each, unless end is NULL; all are freed
 *	name_is_sound(map)		whether tree and keys are in order; visits all
 *
 * Context: any, or as gfp says.
 */
#define DEFINE_RB_MAP(name, key_type, value_type, compare)			\
struct name {									\
	struct rb_root root;							\
};										\
struct name##_node {								\
	struct rb_map_node in_map;						\
	key_type key;								\
	value_type value;							\
};										\
struct name##_reservation {							\
	struct name##_node node;						\
};										\
static int name##_compare(const void *a, const void *b)				\
{										\
	return compare((const key_type *)a, (const key_type *)b);		\
}										\
static const struct rb_map_type name##_type = {					\
	.key_offset = offsetof(struct name##_node, key),			\
	.cmp = name##_compare,							\
};										\
static inline struct name##_node *name##_of(const struct rb_map_node *in_map)	\
{										\
	return in_map ? container_of(in_map, struct name##_node, in_map) : NULL; \
}										\
static inline __maybe_unused __must_check struct name##_reservation *		\
name##_reserve(gfp_t gfp)							\
{										\
	return kzalloc(sizeof(struct name##_reservation), gfp);			\
}										\
static inline __maybe_unused __must_check struct name##_node *			\
name##_into_node(struct name##_reservation *r, key_type key, value_type value)	\
{										\
	if (!r)									\
		return NULL;							\
	r->node.key = key;							\
	r->node.value = value;							\
	return &r->node;							\
}										\
static inline __maybe_unused __must_check struct name##_node *			\
name##_insert(struct name *map, struct name##_node *node)			\
{										\
	return name##_of(rb_map_insert(&map->root, &node->in_map, &name##_type)); \
}										\
static inline __maybe_unused __must_check int					\
name##_try_insert(struct name *map, key_type key, value_type value, gfp_t gfp,	\
		  struct name##_node **old)					\
{										\
	struct name##_node *node = name##_into_node(name##_reserve(gfp), key, value); \
										\
	*old = NULL;								\
	if (!node)								\
		return -ENOMEM;							\
	*old = name##_insert(map, node);					\
	return 0;								\
}										\
static inline __maybe_unused value_type *name##_find(const struct name *map, key_type key) \
{										\
	struct name##_node *node = name##_of(rb_map_find(&map->root, &key, &name##_type)); \
										\
	return node ? &node->value : NULL;					\
}										\
static inline __maybe_unused __must_check struct name##_node *			\
name##_remove(struct name *map, key_type key)					\
{										\
	struct rb_map_node *node = rb_map_find(&map->root, &key, &name##_type);	\
										\
	if (node)								\
		rb_map_erase(&map->root, node);					\
	return name##_of(node);							\
}										\
static inline __maybe_unused __must_check struct name##_reservation *		\
name##_into_reservation(struct name##_node *node)				\
{										\
	if (!node || !rb_map_is_out(&node->in_map, "taken for memory"))		\
		return NULL;							\
	return container_of(node, struct name##_reservation, node);		\
}										\
static inline __maybe_unused void name##_free(struct name##_node *node)		\
{										\
	if (node && rb_map_is_out(&node->in_map, "freed"))			\
		kfree(node);							\
}										\
static inline __maybe_unused void name##_cancel(struct name##_reservation *r)	\
{										\
	kfree(r);								\
}										\
static inline __maybe_unused const struct name##_node *name##_first(const struct name *map) \
{										\
	return name##_of(rb_map_first(&map->root));				\
}										\
static inline __maybe_unused const struct name##_node *				\
name##_next(const struct name##_node *node)					\
{										\
	return name##_of(rb_map_next(&node->in_map));				\
}										\
static inline __maybe_unused void name##_clear(struct name *map, void (*end)(value_type)) \
{										\
	struct name##_node *node;						\
										\
	while ((node = name##_of(rb_map_first(&map->root))) != NULL) {		\
		rb_map_erase(&map->root, &node->in_map);			\
		if (end)							\
			end(node->value);					\
		name##_free(node);						\
	}									\
}										\
static inline __maybe_unused bool name##_is_sound(const struct name *map)	\
{										\
	return rb_map_is_sound(&map->root, &name##_type);			\
}										\
DEFINE_FREE(name##_free, struct name##_node *, name##_free(_T))			\
DEFINE_FREE(name##_cancel, struct name##_reservation *, name##_cancel(_T))

#endif
