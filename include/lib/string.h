/* SPDX-License-Identifier: MIT */
/*
 * Memory and strings: the C library's functions that the kernel uses, and a
 * few of Linux's that it lacks.
 *
 * The library's are declared here, not taken from its <string.h>, because that
 * one brings in <strings.h>, whose ffs() is not ours, and offers functions that
 * allocate or set errno. Its mem* and str* behave as C and POSIX say.
 *
 * Context: any, for all of this header; nothing here allocates.
 */
#ifndef LIB_STRING_H
#define LIB_STRING_H

#include <lib/compiler.h>
#include <lib/types.h>

/* The C library's. Return: as C and POSIX say. */

void *memchr(const void *s, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *s, int c, size_t n);

char *strchr(const char *s, int c);
int strcmp(const char *a, const char *b);
size_t strcspn(const char *s, const char *reject);
size_t strlen(const char *s);
int strncmp(const char *a, const char *b, size_t n);
size_t strnlen(const char *s, size_t n);
char *strpbrk(const char *s, const char *accept);
char *strrchr(const char *s, int c);
char *strsep(char **s, const char *delimiters);
size_t strspn(const char *s, const char *accept);
char *strstr(const char *s, const char *what);

/* -ffreestanding hides that these are known to the compiler, which inlines and folds them. */
#if !__STDC_HOSTED__
#define memcmp(...)	__builtin_memcmp(__VA_ARGS__)
#define memcpy(...)	__builtin_memcpy(__VA_ARGS__)
#define memmove(...)	__builtin_memmove(__VA_ARGS__)
#define memset(...)	__builtin_memset(__VA_ARGS__)
#define strcmp(...)	__builtin_strcmp(__VA_ARGS__)
#define strlen(...)	__builtin_strlen(__VA_ARGS__)
#endif

/*
 * Copies `src`, cut short if it must, and always terminates, unless `size` is 0.
 * Returns the length copied, or -E2BIG if it was cut (or `size` is 0). Reads of
 * `src` no more than `size` bytes; writes nothing behind the terminator.
 */
ssize_t strscpy(char *dst, const char *src, size_t size);

/* Clears what nobody is to find; the compiler does not leave it out for memory that dies. */
static inline void memzero_explicit(void *s, size_t n)
{
	memset(s, 0, n);
	barrier_data(s);	/* the zeroes are looked at */
}

/* The first byte that is not `c`, or NULL if all `n` are. */
void *memchr_inv(const void *s, int c, size_t n);

/* The first character that is not white space. */
char *__must_check skip_spaces(const char *s);

/* Cuts the white space at the end of `s`, in place, and returns what follows that at its start. */
char *__must_check strim(char *s);

/* What follows the last '/' of a path; the whole if there is none. */
const char *kbasename(const char *path);

static inline bool strstarts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

#endif
