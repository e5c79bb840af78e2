/* SPDX-License-Identifier: MIT */
/*
 * Assertions that the compiler checks. BUILD_BUG_ON_ZERO is the form for use
 * inside an expression: it is 0, or it does not compile.
 */
#ifndef LIB_BUILD_BUG_H
#define LIB_BUILD_BUG_H

#undef static_assert
#define static_assert(cond, ...)	_Static_assert(cond, #cond __VA_ARGS__)

#define BUILD_BUG_ON(cond)	_Static_assert(!(cond), "BUILD_BUG_ON: " #cond)
#define BUILD_BUG_ON_ZERO(cond)	((int)(sizeof(struct { int : (-!!(cond)); })))

#endif
