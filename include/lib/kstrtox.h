/* SPDX-License-Identifier: MIT */
/*
 * Numbers from whole strings, strictly, as in Linux.
 *
 * Base 16 allows a leading 0x; base 0 tells by it: 0x for 16, 0 for 8, else 10.
 * One '+' may come first, or for signed types one '-'; one newline may come
 * last. Anything else around the number, white space too, is an error.
 *
 * Each returns 0, -ERANGE if the number does not fit the type, or -EINVAL;
 * on an error *res keeps its value. Any context.
 */
#ifndef LIB_KSTRTOX_H
#define LIB_KSTRTOX_H

#include <lib/compiler.h>
#include <lib/types.h>

int __must_check kstrtoull(const char *s, unsigned int base, unsigned long long *res);
int __must_check kstrtoll(const char *s, unsigned int base, long long *res);
int __must_check kstrtoul(const char *s, unsigned int base, unsigned long *res);
int __must_check kstrtol(const char *s, unsigned int base, long *res);
int __must_check kstrtouint(const char *s, unsigned int base, unsigned int *res);
int __must_check kstrtoint(const char *s, unsigned int base, int *res);
int __must_check kstrtou32(const char *s, unsigned int base, u32 *res);
int __must_check kstrtos32(const char *s, unsigned int base, s32 *res);
int __must_check kstrtou16(const char *s, unsigned int base, u16 *res);
int __must_check kstrtos16(const char *s, unsigned int base, s16 *res);
int __must_check kstrtou8(const char *s, unsigned int base, u8 *res);
int __must_check kstrtos8(const char *s, unsigned int base, s8 *res);

/* By the first character: 1 y Y t T, 0 n N f F; by the second too: on, off in any case. */
int __must_check kstrtobool(const char *s, bool *res);

static inline int __must_check kstrtou64(const char *s, unsigned int base, u64 *res)
{
	return kstrtoull(s, base, res);
}

static inline int __must_check kstrtos64(const char *s, unsigned int base, s64 *res)
{
	return kstrtoll(s, base, res);
}

#endif
