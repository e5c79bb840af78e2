/* SPDX-License-Identifier: MIT */
/*
 * The string functions of Linux that the C library lacks. Written for size:
 * none of them is on a hot path.
 */
#include <lib/string.h>

#include <lib/ctype.h>
#include <lib/errno.h>

ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t len = strnlen(src, size);

	if (size == 0)
		return -E2BIG;
	if (len < size) {
		memcpy(dst, src, len + 1);
		return (ssize_t)len;
	}
	memcpy(dst, src, size - 1);
	dst[size - 1] = '\0';
	return -E2BIG;
}

void *memchr_inv(const void *s, int c, size_t n)
{
	const u8 *p = s;

	for (; n; n--, p++) {
		/* SAFETY: into the caller's memory, as const as that is; Linux's type. */
		if (*p != (u8)c)
			return (void *)(unsigned long)p;
	}
	return NULL;
}

char *skip_spaces(const char *s)
{
	while (isspace(*s))
		s++;
	/* SAFETY: into the caller's string, as const as that is; Linux's type. */
	return (char *)(unsigned long)s;
}

char *strim(char *s)
{
	size_t len = strlen(s);

	while (len && isspace(s[len - 1]))
		len--;
	s[len] = '\0';
	return skip_spaces(s);
}

const char *kbasename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
