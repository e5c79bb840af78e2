/* SPDX-License-Identifier: MIT */
/*
 * An array that grows, and whose elements are reached through a check.
 *
 *	VEC(int) numbers = { };
 *
 *	err = vec_push(&numbers, 72, GFP_KERNEL);	-ENOMEM: as it was before
 *	for (size_t i = 0; i < vec_len(&numbers); i++)
 *		sum += *vec_at(&numbers, i);
 *	vec_free(&numbers);
 *
 * The elements are copied when the array grows: no pointer to one outlives a push.
 *
 * Locking: the owner's. All zero is an empty array.
 */
#ifndef KERNEL_VEC_H
#define KERNEL_VEC_H

#include <kernel/bug.h>
#include <kernel/gfp.h>
#include <lib/compiler.h>
#include <lib/types.h>

/* [o] all. The first `len` of `room` elements are in use. */
struct vec {
	void *items;		/* kmalloc'd; NULL iff room is 0 */
	size_t len;
	size_t room;
};

/* `items` is one pointer in both: an array knows its type and takes no room for it. */
#define VEC(type)	union { struct vec vec; __typeof__(type) *items; }

/*
 * Appends a copy of `value`. Context: as gfp says.
 * Return: 0; -ENOMEM, with nothing changed.
 */
#define vec_push(v, value, gfp) \
	vec_push_item(&(v)->vec, (__typeof__(*(v)->items)[]){ value }, \
		      sizeof(*(v)->items), gfp)

/* How many elements there are. Context: any. */
#define vec_len(v)	((v)->vec.len)

/*
 * The address of an element, which stays the array's. One that is not there is reported,
 * with the file and line of the caller, and gives NULL. Context: any.
 */
#define vec_at(v, index) ({							\
	__typeof__(v) vec__ = (v);						\
	size_t at__ = (index);							\
	bool out__ = WARN(at__ >= vec__->vec.len, "element %zu of an array of %zu", \
			  at__, vec__->vec.len);				\
	out__ ? NULL : &vec__->items[at__]; })

/* Empties the array and gives its memory back. Context: any. */
#define vec_free(v)	vec_free_items(&(v)->vec)

/* What the macros call: `item` is `size` bytes. Context: as gfp says. Return: 0; -ENOMEM. */
int __must_check vec_push_item(struct vec *v, const void *item, size_t size, gfp_t gfp);

/* Context: any. */
void vec_free_items(struct vec *v);

#endif
