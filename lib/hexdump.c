/* SPDX-License-Identifier: MIT */
/*
 * Bytes as text. A group is read by copying it, so that it need not be aligned.
 */
#include <lib/hexdump.h>

#include <lib/ctype.h>
#include <lib/string.h>

struct line {
	char *buf;
	size_t size;
	size_t len;		/* of the whole text */
};

static void add(struct line *line, char c)
{
	if (line->len + 1 < line->size) {
		line->buf[line->len] = c;
		line->buf[line->len + 1] = '\0';
	}
	line->len++;
}

static u64 read_group(const u8 *bytes, size_t size)
{
	u64 value8;
	u32 value4;
	u16 value2;

	switch (size) {
	case 8:
		memcpy(&value8, bytes, sizeof(value8));
		return value8;
	case 4:
		memcpy(&value4, bytes, sizeof(value4));
		return value4;
	case 2:
		memcpy(&value2, bytes, sizeof(value2));
		return value2;
	default:
		return bytes[0];
	}
}

static void add_group(struct line *line, const u8 *bytes, size_t size)
{
	u64 value = read_group(bytes, size);

	for (size_t digit = 2 * size; digit--; )
		add(line, "0123456789abcdef"[value >> (4 * digit) & 0xf]);
}

int hex_dump_to_buffer(const void *buf, size_t len, int rowsize, int groupsize, char *linebuf,
		       size_t linebuflen, bool ascii)
{
	struct line line = { .buf = linebuf, .size = linebuflen };
	size_t row = rowsize == 32 ? 32 : 16, group = (size_t)groupsize, column;
	const u8 *bytes = buf;

	if (linebuflen)
		linebuf[0] = '\0';
	if (len > row)
		len = row;
	if ((group != 2 && group != 4 && group != 8) || len % group)
		group = 1;
	for (size_t i = 0; i < len; i += group) {
		if (i)
			add(&line, ' ');
		add_group(&line, bytes + i, group);
	}
	if (!ascii || !len)
		return (int)line.len;
	column = row * 2 + row / group + 1;	/* two blanks behind a full row */
	while (line.len < column)
		add(&line, ' ');
	for (size_t i = 0; i < len; i++)
		add(&line, isascii(bytes[i]) && isprint(bytes[i]) ? (char)bytes[i] : '.');
	return (int)line.len;
}
