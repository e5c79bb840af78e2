/* SPDX-License-Identifier: MIT */
/*
 * Bytes as text, a line at a time:
 *
 *	48 65 6c 6c 6f 0a                                Hello.
 *
 * Context: any, for all of this header.
 */
#ifndef LIB_HEXDUMP_H
#define LIB_HEXDUMP_H

#include <lib/types.h>

/* A line of 32 bytes apart, with its characters and terminator. */
#define HEX_DUMP_LINE_MAX	(32 * 3 + 2 + 32 + 1)

/*
 * The first `rowsize` (16 or 32, else 16) of `len` bytes as numbers of `groupsize` (1, 2, 4 or
 * 8, else 1) in this machine's byte order; 1 if they do not come out even. `ascii`: and as
 * characters, in a column. Text that does not fit `linebuflen` is cut.
 * Return: the length of the whole text.
 */
int hex_dump_to_buffer(const void *buf, size_t len, int rowsize, int groupsize, char *linebuf,
		       size_t linebuflen, bool ascii);

#endif
