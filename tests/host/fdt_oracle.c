/* SPDX-License-Identifier: MIT */
/*
 * What libfdt makes of a blob: fdt_check_full()'s verdict, corrected by rules
 * that our reader adds to it (<lib/fdt.h> lists them). The rules are judged
 * here with libfdt's own walk, so that a test knows of each blob what must come
 * out, and no difference is passed over because one was expected.
 *
 * libfdt 1.6.1 itself fails on two kinds of blob, which are kept from it: it
 * follows a null pointer in trees before version 16, and it takes the length of
 * a property for a signed number: -1 passes, -12 leads it back for ever.
 */
#include "fdt_oracle.h"

#include <libfdt.h>

#define V17_HEADER	40

const char *const oracle_verdict_names[ORACLE_VERDICTS] = {
	[ORACLE_GOOD] = "good",
	[ORACLE_BAD] = "bad",
	[ORACLE_GOOD_NOP] = "good-nop",
	[ORACLE_BAD_VERSION] = "bad-version",
	[ORACLE_BAD_ALIGNMENT] = "bad-alignment",
	[ORACLE_BAD_ROOT] = "bad-root",
	[ORACLE_BAD_OUTSIDE] = "bad-outside",
	[ORACLE_BAD_ORDER] = "bad-order",
	[ORACLE_BAD_DEPTH] = "bad-depth",
	[ORACLE_BAD_STRING] = "bad-string",
	[ORACLE_BAD_LENGTH] = "bad-length",
};

/* What one walk over the tags finds out. */
struct survey {
	int ended;		/* FDT_END was reached */
	int roots;
	int nop_behind_root;	/* its offset, or -1 */
	int outside, order, string, length;
	unsigned int deepest;
};

static int length_is_negative(const void *blob, int offset)
{
	const struct fdt_property *prop = fdt_offset_ptr(blob, offset, sizeof(*prop));

	return prop && (int32_t)fdt32_to_cpu(prop->len) < 0;
}

static int string_is_inside(const void *blob, int offset)
{
	int length;
	const struct fdt_property *prop = fdt_get_property_by_offset(blob, offset, &length);
	uint32_t name, size = fdt_size_dt_strings(blob);

	if (!prop)
		return 1;	/* bad for another reason */
	name = fdt32_to_cpu(prop->nameoff);
	return name < size &&
	       memchr((const char *)blob + fdt_off_dt_strings(blob) + name, 0, size - name);
}

static void survey_tags(const void *blob, struct survey *s)
{
	int offset = 0, next, closed = 0;	/* whether the open node has had a subnode */
	unsigned int depth = 0;

	*s = (struct survey){ .nop_behind_root = -1 };
	for (;; offset = next) {
		uint32_t tag = fdt_next_tag(blob, offset, &next);

		s->length = tag == FDT_PROP && length_is_negative(blob, offset);
		s->ended = tag == FDT_END && next >= 0;
		if (next < 0 || s->length || s->ended)
			return;
		if (tag == FDT_BEGIN_NODE) {
			s->roots += depth == 0;
			if (++depth > s->deepest)
				s->deepest = depth;
			closed = 0;
		} else if (tag == FDT_END_NODE) {
			if (depth == 0)
				return;
			depth--;
			closed = 1;
		} else if (tag == FDT_PROP) {
			s->outside |= depth == 0;
			s->order |= depth && closed;
			s->string |= !string_is_inside(blob, offset);
		} else if (tag == FDT_NOP && depth == 0 && s->roots && s->nop_behind_root < 0) {
			s->nop_behind_root = offset;
		}
	}
}

/* fdt_check_full() of a copy in which the first FDT_NOP behind the root ends the tree. */
static int check_without_nop(const void *blob, size_t size, int nop)
{
	uint64_t *copy = malloc(size + sizeof(*copy));
	uint32_t end = cpu_to_fdt32(FDT_END);
	int ret;

	memcpy(copy, blob, size);
	memcpy((char *)copy + fdt_off_dt_struct(blob) + nop, &end, sizeof(end));
	ret = fdt_check_full(copy, size);
	free(copy);
	return ret;
}

enum oracle_verdict oracle_judge(const void *blob, size_t size, unsigned int depth_max)
{
	enum oracle_verdict good = ORACLE_GOOD;
	struct survey s;

	if (size < V17_HEADER || fdt_check_header(blob) != 0 || fdt_totalsize(blob) > size)
		return ORACLE_BAD;
	if (fdt_version(blob) < 16)
		return ORACLE_BAD_VERSION;
	survey_tags(blob, &s);
	if (s.length)
		return ORACLE_BAD_LENGTH;
	if (fdt_check_full(blob, size) != 0) {
		if (s.nop_behind_root < 0 || !s.ended || s.roots != 1 ||
		    check_without_nop(blob, size, s.nop_behind_root) != 0)
			return ORACLE_BAD;
		good = ORACLE_GOOD_NOP;
	}
	if (fdt_off_mem_rsvmap(blob) % 8 || fdt_off_dt_struct(blob) % 4)
		return ORACLE_BAD_ALIGNMENT;
	if (s.string)
		return ORACLE_BAD_STRING;
	if (s.outside)
		return ORACLE_BAD_OUTSIDE;
	if (s.order)
		return ORACLE_BAD_ORDER;
	if (s.roots == 0)
		return ORACLE_BAD_ROOT;
	return s.deepest > depth_max ? ORACLE_BAD_DEPTH : good;
}

static void walk_reserved(const void *blob, const struct oracle_walk *walk, void *arg)
{
	for (int i = 0; i < fdt_num_mem_rsv(blob); i++) {
		uint64_t address, size;

		fdt_get_mem_rsv(blob, i, &address, &size);
		walk->reserved(arg, address, size);
	}
}

void oracle_walk(const void *blob, const struct oracle_walk *walk, void *arg)
{
	int offset = 0, next, length;
	const char *name;
	const void *value;

	walk_reserved(blob, walk, arg);
	for (;; offset = next) {
		switch (fdt_next_tag(blob, offset, &next)) {
		case FDT_BEGIN_NODE:
			walk->begin_node(arg, fdt_get_name(blob, offset, NULL));
			break;
		case FDT_END_NODE:
			walk->end_node(arg);
			break;
		case FDT_PROP:
			value = fdt_getprop_by_offset(blob, offset, &name, &length);
			walk->property(arg, name, value, length);
			break;
		case FDT_END:
			return;
		default:
			break;
		}
	}
}

int oracle_phandle_path(const void *blob, uint32_t phandle, char *path, int size)
{
	int offset = fdt_node_offset_by_phandle(blob, phandle);

	return offset < 0 ? offset : fdt_get_path(blob, offset, path, size);
}

uint32_t oracle_next_tag(const void *blob, uint32_t offset)
{
	uint32_t structs = fdt_off_dt_struct(blob);
	int next;

	if (offset == 0)
		return structs;
	if (fdt_next_tag(blob, (int)(offset - structs), &next) == FDT_END || next < 0)
		return 0;
	return structs + (uint32_t)next;
}

size_t oracle_pack(void *blob)
{
	return fdt_pack(blob) == 0 ? fdt_totalsize(blob) : 0;
}
