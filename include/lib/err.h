/* SPDX-License-Identifier: MIT */
/*
 * Error numbers in pointers, for the functions whose Linux namesake does so.
 * The last page of the address space is never an object, so the 4095 pointers
 * there stand for -4095 .. -1. Context: any, for all of this header.
 */
#ifndef LIB_ERR_H
#define LIB_ERR_H

#include <lib/compiler.h>
#include <lib/errno.h>
#include <lib/kconfig.h>
#include <lib/types.h>

#define MAX_ERRNO	4095

#define IS_ERR_VALUE(x)	unlikely((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)

/* An upcall: kernel/err.c warns of it, with the number as it was. */
void err_ptr_report(long error);

/* 0 gives NULL, as in Linux; any other number that is no error is reported in debug builds. */
static inline void *__must_check ERR_PTR(long error)
{
	if (IS_ENABLED(CONFIG_DEBUG) && unlikely(error > 0 || error < -MAX_ERRNO))
		err_ptr_report(error);
	/* SAFETY: no object is in the last page of the address space: IS_ERR() tells. */
	return (void *)error;
}

static inline long __must_check PTR_ERR(const void *ptr)
{
	return (long)ptr;
}

static inline bool __must_check IS_ERR(const void *ptr)
{
	return IS_ERR_VALUE(ptr);
}

static inline bool __must_check IS_ERR_OR_NULL(const void *ptr)
{
	return unlikely(!ptr) || IS_ERR_VALUE(ptr);
}

static inline void *__must_check ERR_CAST(const void *ptr)
{
	/* SAFETY: an error: nothing is behind it that const would protect. */
	return (void *)(unsigned long)ptr;
}

static inline int __must_check PTR_ERR_OR_ZERO(const void *ptr)
{
	return IS_ERR(ptr) ? (int)PTR_ERR(ptr) : 0;
}

/*
 * What is negative, or an error pointer, is returned from the function that this stands in,
 * which returns int; else it is the value:
 *
 *	guard(mutex)(&dev->lock);
 *	line = TRY(find_line(dev));
 *	buf = TRY_PTR(map(dev, line));
 *
 * What was taken before is given back by its guard or __free(), so it does not go with goto.
 */
#define TRY(expr)	TRY_INTO(__unique_id(try__), expr)
#define TRY_PTR(expr)	TRY_PTR_INTO(__unique_id(try__), expr)

#define TRY_INTO(value, expr) ({			\
	__typeof__(expr) value = (expr);		\
							\
	if (unlikely(value < 0))			\
		return (int)value;			\
	value; })
#define TRY_PTR_INTO(value, expr) ({			\
	__typeof__(expr) value = (expr);		\
							\
	if (IS_ERR(value))				\
		return (int)PTR_ERR(value);		\
	value; })

#endif
