/* SPDX-License-Identifier: MIT */
/*
 * From a member to the structure that holds it. The member's type is checked,
 * and a pointer to const gives a pointer to const only if the caller writes so.
 * Context: any.
 */
#ifndef LIB_CONTAINER_OF_H
#define LIB_CONTAINER_OF_H

#include <lib/compiler.h>
#include <stddef.h>

/* The `type` whose `member` is at `ptr`. SAFETY: a pointer to another type does not compile. */
#define container_of(ptr, type, member) ({						\
	const volatile void *member_ptr__ = (ptr);					\
	_Static_assert(__same_type(*(ptr), ((type *)0)->member) ||			\
		       __same_type(*(ptr), void),					\
		       "container_of: pointer does not point at member " #member);	\
	(type *)((unsigned long)member_ptr__ - offsetof(type, member)); })

#endif
