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
#include <lib/types.h>

#define MAX_ERRNO	4095

#define IS_ERR_VALUE(x)	unlikely((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)

static inline void *__must_check ERR_PTR(long error)
{
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
	return (void *)(unsigned long)ptr;
}

static inline int __must_check PTR_ERR_OR_ZERO(const void *ptr)
{
	return IS_ERR(ptr) ? (int)PTR_ERR(ptr) : 0;
}

#endif
