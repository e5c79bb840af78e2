/* SPDX-License-Identifier: MIT */
/*
 * Text in a caller's buffer, added to piece by piece. scnprintf never writes more
 * than it is given room for, so count stays below size.
 */
#include <kernel/seq_file.h>

#include <lib/sprintf.h>
#include <stdarg.h>

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	m->count += (size_t)vscnprintf(m->buf + m->count, m->size - m->count, fmt, args);
	va_end(args);
}

void seq_puts(struct seq_file *m, const char *s)
{
	seq_printf(m, "%s", s);
}
