/* SPDX-License-Identifier: MIT */
/*
 * Arrays that grow: the room doubles, so that n pushes copy fewer than 2n elements.
 *
 * Locking: the owner's.
 */
#include <kernel/vec.h>

#include <kernel/slab.h>
#include <lib/errno.h>
#include <lib/string.h>

#define ROOM_MIN	4

int vec_push_item(struct vec *v, const void *item, size_t size, gfp_t gfp)
{
	if (v->len == v->room) {
		size_t bytes, room = v->room ? v->room * 2 : ROOM_MIN;
		void *items;

		if (__builtin_mul_overflow(room, size, &bytes))
			return -ENOMEM;
		items = krealloc(v->items, bytes, gfp);
		if (!items)
			return -ENOMEM;
		v->items = items;
		v->room = room;
	}
	memcpy((char *)v->items + v->len * size, item, size);
	v->len++;
	return 0;
}

void vec_free_items(struct vec *v)
{
	kfree(v->items);
	*v = (struct vec){ };
}
