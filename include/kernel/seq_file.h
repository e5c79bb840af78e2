/* SPDX-License-Identifier: MIT */
/*
 * A text that several functions add to, in a buffer that its owner gave: what a
 * driver's show callback writes to, as in Linux.
 *
 *   char line[120];
 *   struct seq_file seq = { .buf = line, .size = sizeof(line) };
 *   seq_printf(&seq, "%u", irq);
 *
 * What does not fit is cut, and the text is always terminated.
 */
#ifndef KERNEL_SEQ_FILE_H
#define KERNEL_SEQ_FILE_H

#include <lib/compiler.h>
#include <lib/types.h>

struct seq_file {
	char *buf;	/* [I] */
	size_t size;	/* [I] */
	size_t count;	/* [o] characters in buf */
	void *private;	/* [I] the owner's */
};

/* Context: any. */
void seq_printf(struct seq_file *m, const char *fmt, ...) __printf(2, 3);
void seq_puts(struct seq_file *m, const char *s);

/* Whether something may have been cut. Context: any. */
static inline bool seq_has_overflowed(const struct seq_file *m)
{
	return m->count + 1 >= m->size;
}

#endif
