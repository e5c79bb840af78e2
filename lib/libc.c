/* SPDX-License-Identifier: MIT */
/*
 * Functions of the C library, by the byte. Its own compare and search a word at a time and are
 * eight times as large; what the kernel compares are names, most of which differ in the first
 * characters, and there these are faster too. What moves or clears blocks, and strlen, is the
 * machine's. Not on the host, whose library has its own.
 */
#include <lib/string.h>

#undef memchr
#undef memmove
#undef strcmp

static void *found_at(const void *p)
{
	/* SAFETY: into the caller's block or string, as const as that is; C wants it so. */
	return (void *)(unsigned long)p;
}

/* volatile: or the compiler knows what this is, and calls memmove for it. */
void *memmove(void *dst, const void *src, size_t n)
{
	volatile u8 *to = dst;
	const volatile u8 *from = src;

	if ((unsigned long)dst - (unsigned long)src >= n)
		for (size_t i = 0; i < n; i++)
			to[i] = from[i];
	else
		while (n--)
			to[n] = from[n];
	return dst;
}

void *memchr(const void *s, int c, size_t n)
{
	for (const u8 *at = s; n; n--, at++)
		if (*at == (u8)c)
			return found_at(at);
	return NULL;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (*a != *b || !*a)
			return (u8)*a - (u8)*b;
	return 0;
}

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++)
		if (!*s)
			return NULL;
	return found_at(s);
}

size_t strcspn(const char *s, const char *reject)
{
	size_t n = 0;

	while (s[n] && !strchr(reject, s[n]))
		n++;
	return n;
}

size_t strspn(const char *s, const char *accept)
{
	size_t n = 0;

	while (s[n] && strchr(accept, s[n]))
		n++;
	return n;
}
