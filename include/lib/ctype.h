/* SPDX-License-Identifier: MIT */
/*
 * Classes of ASCII characters. No locale and no table; any int is allowed, and
 * what is outside ASCII belongs to no class. Each answer is 0 or 1. Context: any.
 */
#ifndef LIB_CTYPE_H
#define LIB_CTYPE_H

/* One comparison: below `lo`, the difference wraps to a large number. */
static inline int ctype_between(int c, int lo, int hi)
{
	return (unsigned int)c - (unsigned int)lo <= (unsigned int)(hi - lo);
}

static inline int isascii(int c)
{
	return ctype_between(c, 0, 0x7f);
}

static inline int isdigit(int c)
{
	return ctype_between(c, '0', '9');
}

static inline int isupper(int c)
{
	return ctype_between(c, 'A', 'Z');
}

static inline int islower(int c)
{
	return ctype_between(c, 'a', 'z');
}

static inline int tolower(int c)
{
	return isupper(c) ? c + ('a' - 'A') : c;
}

static inline int toupper(int c)
{
	return islower(c) ? c - ('a' - 'A') : c;
}

static inline int isalpha(int c)
{
	return ctype_between(c | ('a' - 'A'), 'a', 'z');
}

static inline int isalnum(int c)
{
	return isalpha(c) || isdigit(c);
}

static inline int isxdigit(int c)
{
	return isdigit(c) || ctype_between(c | ('a' - 'A'), 'a', 'f');
}

static inline int isspace(int c)
{
	return c == ' ' || ctype_between(c, '\t', '\r');
}

static inline int isprint(int c)
{
	return ctype_between(c, ' ', '~');
}

static inline int isgraph(int c)
{
	return ctype_between(c, '!', '~');
}

static inline int iscntrl(int c)
{
	return ctype_between(c, 0, 0x1f) || c == 0x7f;
}

static inline int ispunct(int c)
{
	return isgraph(c) && !isalnum(c);
}

#endif
