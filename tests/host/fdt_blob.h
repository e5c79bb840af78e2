/* SPDX-License-Identifier: MIT */
/*
 * Device tree blobs that a test makes itself, word by word.
 */
#ifndef FDT_BLOB_H
#define FDT_BLOB_H

#include <lib/byteorder.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_WORDS	10

enum { MAGIC, TOTALSIZE, OFF_STRUCT, OFF_STRINGS, OFF_RESERVE, VERSION, LAST_COMP, BOOT_CPU,
       SIZE_STRINGS, SIZE_STRUCT };

enum { BEGIN = 1, END_NODE = 2, PROP = 3, NOP = 4, END = 9 };

struct build {
	_Alignas(8) u8 bytes[16384];
	u32 n;
	u32 structs;
};

static inline void put(u8 *at, u32 word)
{
	word = cpu_to_be32(word);
	memcpy(at, &word, sizeof(word));
}

static inline void word(struct build *b, u32 value)
{
	put(b->bytes + b->n, value);
	b->n += 4;
}

static inline void begin_node(struct build *b, const char *name)
{
	size_t size = strlen(name) + 1;

	word(b, BEGIN);
	memset(b->bytes + b->n, 0, ALIGN(size, 4));
	memcpy(b->bytes + b->n, name, size);
	b->n += (u32)ALIGN(size, 4);
}

static const char fdt_strings[] = "phandle\0linux,phandle\0reg\0device_type\0#address-cells\0"
				  "#size-cells\0status\0linux,usable-memory\0no-map";

static inline u32 string_offset(const char *name)
{
	for (const char *s = fdt_strings; s < fdt_strings + sizeof(fdt_strings);
	     s += strlen(s) + 1) {
		if (strcmp(s, name) == 0)
			return (u32)(s - fdt_strings);
	}
	abort();
}

static inline void property(struct build *b, const char *name, const void *value, u32 length)
{
	word(b, PROP);
	word(b, length);
	word(b, string_offset(name));
	memset(b->bytes + b->n, 0, ALIGN(length, 4));
	if (length)
		memcpy(b->bytes + b->n, value, length);
	b->n += ALIGN(length, 4);
}

#define cells(b, name, ...) do {						\
	const u32 list__[] = { __VA_ARGS__ };					\
	word(b, PROP);								\
	word(b, sizeof(list__));						\
	word(b, string_offset(name));						\
	for (size_t i__ = 0; i__ < ARRAY_SIZE(list__); i__++)			\
		word(b, list__[i__]);						\
} while (0)

static inline void text(struct build *b, const char *name, const char *value)
{
	property(b, name, value, (u32)strlen(value) + 1);
}

static inline void end_node(struct build *b)
{
	word(b, END_NODE);
}

/* Header and reservations; `reserved` pairs of 64-bit numbers follow, then the root's words. */
static inline void start(struct build *b, const u64 *reserved, size_t pairs)
{
	b->n = HEAD_WORDS * 4;
	for (size_t i = 0; i < 2 * pairs; i++) {
		word(b, (u32)(reserved[i] >> 32));
		word(b, (u32)reserved[i]);
	}
	for (int i = 0; i < 4; i++)
		word(b, 0);
	b->structs = b->n;
}

static inline void finish(struct build *b)
{
	u32 strings_at = b->n;

	memcpy(b->bytes + b->n, fdt_strings, sizeof(fdt_strings));
	b->n += sizeof(fdt_strings);
	put(b->bytes + 4 * MAGIC, 0xd00dfeed);
	put(b->bytes + 4 * TOTALSIZE, b->n);
	put(b->bytes + 4 * OFF_STRUCT, b->structs);
	put(b->bytes + 4 * OFF_STRINGS, strings_at);
	put(b->bytes + 4 * OFF_RESERVE, HEAD_WORDS * 4);
	put(b->bytes + 4 * VERSION, 17);
	put(b->bytes + 4 * LAST_COMP, 16);
	put(b->bytes + 4 * BOOT_CPU, 0);
	put(b->bytes + 4 * SIZE_STRINGS, sizeof(fdt_strings));
	put(b->bytes + 4 * SIZE_STRUCT, strings_at - b->structs);
}

/* A little of everything. */
static inline struct build *small_tree(void)
{
	static const u64 reserved[] = { 0x80000000, 0x1000, 0x123456789a000, 0x2000 };
	static struct build b;

	start(&b, reserved, 2);
	word(&b, NOP);
	begin_node(&b, "");
	cells(&b, "#address-cells", 2);
	cells(&b, "#size-cells", 1);
	begin_node(&b, "memory@80000000");
	text(&b, "device_type", "memory");
	word(&b, NOP);
	cells(&b, "reg", 0, 0x80000000, 0x1000, 8, 0, 0x2000);
	end_node(&b);
	word(&b, NOP);
	begin_node(&b, "a");
	cells(&b, "phandle", 1);
	property(&b, "no-map", NULL, 0);
	begin_node(&b, "b@1,2");
	property(&b, "status", "xy", 2);
	cells(&b, "linux,phandle", 0x8002);
	end_node(&b);
	begin_node(&b, "abcdefghijk");
	end_node(&b);
	end_node(&b);
	end_node(&b);
	word(&b, END);
	finish(&b);
	return &b;
}

#endif
