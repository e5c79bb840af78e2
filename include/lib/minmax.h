/* SPDX-License-Identifier: MIT */
/*
 * min, max and clamp, each argument evaluated once. The two sides must have
 * one type, so that a signed value is never compared as an unsigned one;
 * min_t, max_t and clamp_t name the type where they do not. Context: any.
 */
#ifndef LIB_MINMAX_H
#define LIB_MINMAX_H

#include <lib/compiler.h>

#define MINMAX_ONCE(a, b, op, ua, ub) ({						\
	__typeof__(a) ua = (a);								\
	__typeof__(b) ub = (b);								\
	_Static_assert(__same_type(ua, ub), "min/max of different types");		\
	ua op ub ? ua : ub; })
#define MINMAX(a, b, op)	MINMAX_ONCE(a, b, op, __unique_id(a__), __unique_id(b__))

#define min(a, b)		MINMAX(a, b, <)
#define max(a, b)		MINMAX(a, b, >)
#define min_t(type, a, b)	MINMAX((type)(a), (type)(b), <)
#define max_t(type, a, b)	MINMAX((type)(a), (type)(b), >)

#define CLAMP_ONCE(val, lo, hi, uv, ul, uh) ({						\
	__typeof__(val) uv = (val);							\
	__typeof__(lo) ul = (lo);							\
	__typeof__(hi) uh = (hi);							\
	_Static_assert(__same_type(uv, ul) && __same_type(uv, uh), "clamp of different types"); \
	uv < ul ? ul : uv > uh ? uh : uv; })

/* `val`, but no less than `lo` and no more than `hi`, which is not below `lo`. */
#define clamp(val, lo, hi) \
	CLAMP_ONCE(val, lo, hi, __unique_id(v__), __unique_id(lo__), __unique_id(hi__))
#define clamp_t(type, val, lo, hi)	clamp((type)(val), (type)(lo), (type)(hi))

/* Exchanges two variables. */
#define swap(a, b) do {								\
	__typeof__(a) swap__ = (a);						\
	(a) = (b);								\
	(b) = swap__;								\
} while (0)

#endif
