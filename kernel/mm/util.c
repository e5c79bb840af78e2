/* SPDX-License-Identifier: MIT */
/*
 * What is made of kmalloc() and kfree(), whoever's they are: copies, text, another size. The
 * kernel that runs on the host has its own allocator and these. No state, no lock.
 */
#include <kernel/slab.h>
#include <kernel/kasan.h>
#include <kernel/sched.h>
#include <lib/sprintf.h>
#include <lib/string.h>

void *krealloc(const void *p, size_t size, gfp_t flags)
{
	void *new;

	might_sleep_if(flags & __GFP_MAY_SLEEP);
	if (p && ksize(p) >= size) {
		kasan_krealloc(p, size, flags);
		/* SAFETY: it came from here without const, and goes back to its owner. */
		return (void *)(unsigned long)p;
	}
	new = kmalloc(size, flags);
	if (new && p) {
		memcpy(new, p, ksize(p));
		kfree(p);
	}
	return new;
}

void *kmemdup(const void *p, size_t len, gfp_t flags)
{
	void *copy = kmalloc(len, flags);

	return copy ? memcpy(copy, p, len) : NULL;
}

char *kstrdup(const char *s, gfp_t flags)
{
	return s ? kmemdup(s, strlen(s) + 1, flags) : NULL;
}

char *kvasprintf(gfp_t flags, const char *fmt, va_list args)
{
	va_list again;
	int len;
	char *s;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	s = kmalloc((size_t)len + 1, flags);
	if (s)
		vsnprintf(s, (size_t)len + 1, fmt, args);
	return s;
}

char *kasprintf(gfp_t flags, const char *fmt, ...)
{
	va_list args;
	char *s;

	va_start(args, fmt);
	s = kvasprintf(flags, fmt, args);
	va_end(args);
	return s;
}
