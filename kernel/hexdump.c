/* SPDX-License-Identifier: MIT */
/*
 * Bytes in the log.
 */
#include <kernel/printk.h>

#include <lib/hexdump.h>
#include <lib/minmax.h>

void print_hex_dump(const char *level, const char *prefix_str, int prefix_type, int rowsize,
		    int groupsize, const void *buf, size_t len, bool ascii)
{
	size_t row = rowsize == 32 ? 32 : 16;
	char line[HEX_DUMP_LINE_MAX];
	const u8 *bytes = buf;

	for (size_t i = 0; i < len; i += row) {
		hex_dump_to_buffer(bytes + i, min(len - i, row), rowsize, groupsize, line,
				   sizeof(line), ascii);
		if (prefix_type == DUMP_PREFIX_ADDRESS)
			printk("%s%s%p: %s\n", level, prefix_str, bytes + i, line);
		else if (prefix_type == DUMP_PREFIX_OFFSET)
			printk("%s%s%.8zx: %s\n", level, prefix_str, i, line);
		else
			printk("%s%s%s\n", level, prefix_str, line);
	}
}
