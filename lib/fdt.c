/* SPDX-License-Identifier: MIT */
/*
 * The device tree's one pass: blob in, nodes out.
 *
 * The structure block is read as whole words up to its last whole one; all
 * that is left behind it cannot hold the closing tag, so nothing valid is cut.
 * Every length is compared with what is left, never added to an offset first.
 * Property names need no search for their end: whatever starts before the
 * strings block's last NUL is terminated inside the block.
 *
 * Most properties have one of a few dozen names, which lie once in the strings
 * block: what kind of name is at an offset is looked up once, then remembered.
 *
 * No recursion and no stack of nodes: the parent's link is the way back, and
 * the place that wants the next node's address moves along. No locking.
 */
#include <lib/fdt.h>

#include <lib/bits.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>
#include <limits.h>

#define MAGIC			0xd00dfeedu
#define VERSION_OLDEST		16	/* names are single components from here on */
#define VERSION_NEWEST		17	/* what we know of; a later one may say it is compatible */
#define BLOB_ALIGN		8
#define RESERVE_ALIGN		8
#define STRUCT_ALIGN		4

/* The header's words. */
enum {
	HEAD_MAGIC,
	HEAD_TOTALSIZE,
	HEAD_OFF_STRUCT,
	HEAD_OFF_STRINGS,
	HEAD_OFF_RESERVE,
	HEAD_VERSION,
	HEAD_LAST_COMP_VERSION,
	HEAD_BOOT_CPU,
	HEAD_SIZE_STRINGS,
	HEAD_SIZE_STRUCT,	/* from version 17 on */
	HEAD_WORDS,
};

#define HEADER_BYTES		(HEAD_WORDS * 4u)
#define HEADER_BYTES_V16	(HEAD_SIZE_STRUCT * 4u)

/* An entry of the memory reservation block: address, size; size 0 ends it. */
#define RESERVE_BYTES		16u
#define RESERVE_SIZE		8u	/* offset of the size */

enum {
	TAG_BEGIN_NODE	= 1,
	TAG_END_NODE	= 2,
	TAG_PROP	= 3,
	TAG_NOP		= 4,
	TAG_END		= 9,
};

#define PHANDLE_NONE	0u	/* these two are no phandles */
#define PHANDLE_BAD	0xffffffffu

/* Where the blocks are, all inside the blob. */
struct layout {
	u32 total;
	u32 structs, structs_size;
	u32 strings, strings_size;
	u32 reserve;
};

/* By the word of the strings block that they begin in: few share one. A power of two. */
#define NAMES_REMEMBERED	128u
#define KIND_BITS		8

struct walk {
	const u8 *blob;
	const __be32 *at;		/* the next word of the structure block */
	const __be32 *end;		/* behind its last whole word */
	const char *strings;
	u32 strings_size;		/* up to the last NUL, which is included */
	u8 *arena, *arena_end;		/* what is free of it */
	struct device_node *node;	/* the open one; NULL: outside the root */
	struct device_node **node_link;	/* gets the next node */
	struct property **prop_link;	/* gets the next property; NULL: none may come */
	unsigned int depth;
	struct fdt_tree *tree;
	struct fdt_error *err;
	u32 names[NAMES_REMEMBERED];	/* offset and 1, then KIND_BITS of what it is; 0: none */
};

static __cold noinline int fail(struct fdt_error *err, int code, const char *reason, u32 offset,
				u32 value)
{
	*err = (struct fdt_error){ .reason = reason, .offset = offset, .value = value };
	return code;
}

/* ---- header ---- */

static bool block_fits(const struct layout *l, u32 header, u32 offset, u32 size)
{
	return offset >= header && offset <= l->total && size <= l->total - offset;
}

static int check_version(const __be32 *head, struct fdt_error *err)
{
	u32 version = be32_to_cpu(head[HEAD_VERSION]);
	u32 compatible = be32_to_cpu(head[HEAD_LAST_COMP_VERSION]);

	if (version < VERSION_OLDEST)
		return fail(err, -EOPNOTSUPP, "version too old", HEAD_VERSION * 4, version);
	if (compatible > VERSION_NEWEST || compatible > version)
		return fail(err, -EOPNOTSUPP, "needs a reader of version",
			    HEAD_LAST_COMP_VERSION * 4, compatible);
	return 0;
}

static int check_blocks(const __be32 *head, struct layout *l, struct fdt_error *err)
{
	bool v16 = be32_to_cpu(head[HEAD_VERSION]) < 17;
	u32 header = v16 ? HEADER_BYTES_V16 : HEADER_BYTES;

	l->reserve = be32_to_cpu(head[HEAD_OFF_RESERVE]);
	if (!block_fits(l, header, l->reserve, 0) || !IS_ALIGNED(l->reserve, RESERVE_ALIGN))
		return fail(err, -EINVAL, "bad memory reservation offset", HEAD_OFF_RESERVE * 4,
			    l->reserve);

	l->structs = be32_to_cpu(head[HEAD_OFF_STRUCT]);
	if (!block_fits(l, header, l->structs, 0) || !IS_ALIGNED(l->structs, STRUCT_ALIGN))
		return fail(err, -EINVAL, "bad structure offset", HEAD_OFF_STRUCT * 4, l->structs);

	l->structs_size = v16 ? l->total - l->structs : be32_to_cpu(head[HEAD_SIZE_STRUCT]);
	if (!block_fits(l, header, l->structs, l->structs_size))
		return fail(err, -EINVAL, "bad structure size", HEAD_SIZE_STRUCT * 4,
			    l->structs_size);

	l->strings = be32_to_cpu(head[HEAD_OFF_STRINGS]);
	if (!block_fits(l, header, l->strings, 0))
		return fail(err, -EINVAL, "bad strings offset", HEAD_OFF_STRINGS * 4, l->strings);

	l->strings_size = be32_to_cpu(head[HEAD_SIZE_STRINGS]);
	if (!block_fits(l, header, l->strings, l->strings_size))
		return fail(err, -EINVAL, "bad strings size", HEAD_SIZE_STRINGS * 4,
			    l->strings_size);
	return 0;
}

static int check_header(const void *blob, size_t limit, struct layout *l, struct fdt_error *err)
{
	const __be32 *head = blob;
	int ret;

	if (!blob || !IS_ALIGNED((uintptr_t)blob, BLOB_ALIGN))
		return fail(err, -EINVAL, "bad address", 0, (u32)(uintptr_t)blob);
	if (limit < HEADER_BYTES)
		return fail(err, -EINVAL, "no room for a header", 0, (u32)limit);
	if (be32_to_cpu(head[HEAD_MAGIC]) != MAGIC)
		return fail(err, -ENOENT, "bad magic number", HEAD_MAGIC * 4,
			    be32_to_cpu(head[HEAD_MAGIC]));

	ret = check_version(head, err);
	if (ret)
		return ret;

	l->total = be32_to_cpu(head[HEAD_TOTALSIZE]);
	if (l->total < HEADER_BYTES || l->total > INT_MAX)
		return fail(err, -EINVAL, "bad total size", HEAD_TOTALSIZE * 4, l->total);
	if (l->total > limit)
		return fail(err, -EFBIG, "cut short, total size", HEAD_TOTALSIZE * 4, l->total);
	return check_blocks(head, l, err);
}

int fdt_totalsize_checked(const void *blob, size_t limit)
{
	struct fdt_error err;
	struct layout l;
	int ret = check_header(blob, limit, &l, &err);

	return ret ? ret : (int)l.total;
}

/*
 * The worst is a node named "@": 12 bytes of tags and name, for which there is
 * a node and, in a word of its own, an empty name. A property's 12 bytes take
 * less. In a tree that is cut short each open node lacks 4 of those bytes.
 */
#define BOUND_WORDS	15u	/* for 12 bytes */
static_assert(sizeof(struct device_node) + sizeof(void *) <= BOUND_WORDS * sizeof(void *));
static_assert(sizeof(struct property) <= BOUND_WORDS * sizeof(void *));

#define BOUND_EXTRA	(4 * FDT_DEPTH_MAX + 1u)	/* one more: arenas need not be aligned */

size_t fdt_arena_bound(const void *blob)
{
	const __be32 *head = blob;
	size_t size = be32_to_cpu(head[HEAD_SIZE_STRUCT]);

	if (be32_to_cpu(head[HEAD_VERSION]) < 17)
		size = be32_to_cpu(head[HEAD_TOTALSIZE]);
	return DIV_ROUND_UP(size + BOUND_EXTRA, 12u) * BOUND_WORDS * sizeof(void *);
}

/* ---- names ---- */

const char *const fdt_names[FDT_NAMES] = {
	[FDT_COMPATIBLE] = "compatible",
	[FDT_REG] = "reg",
	[FDT_REG_NAMES] = "reg-names",
	[FDT_RANGES] = "ranges",
	[FDT_STATUS] = "status",
	[FDT_DEVICE_TYPE] = "device_type",
	[FDT_ADDRESS_CELLS] = "#address-cells",
	[FDT_SIZE_CELLS] = "#size-cells",
	[FDT_INTERRUPTS] = "interrupts",
	[FDT_INTERRUPTS_EXTENDED] = "interrupts-extended",
	[FDT_INTERRUPT_PARENT] = "interrupt-parent",
	[FDT_INTERRUPT_CONTROLLER] = "interrupt-controller",
	[FDT_INTERRUPT_CELLS] = "#interrupt-cells",
	[FDT_INTERRUPT_MAP] = "interrupt-map",
	[FDT_PHANDLE] = "phandle",
	[FDT_LINUX_PHANDLE] = "linux,phandle",
};

/* Most names differ in their first letter already. */
static __always_inline bool is_same(const char *a, const char *b)
{
	return *a == *b && strcmp(a, b) == 0;
}

/* What of a letter names are looked up by; '#' and 'c' have the same. */
#define LETTER(c)	((u8)(c) % 32)

/* FDT_NAMES: it is none of them. Names that begin with the same letter are side by side. */
static noinline u32 find_name(const char *name)
{
	/* The first of them and 1; 0: there are none. */
	static const u8 by_letter[32] = {
		[LETTER('c')] = FDT_COMPATIBLE + 1,
		[LETTER('r')] = FDT_REG + 1,
		[LETTER('s')] = FDT_STATUS + 1,
		[LETTER('d')] = FDT_DEVICE_TYPE + 1,
		[LETTER('i')] = FDT_INTERRUPTS + 1,
		[LETTER('p')] = FDT_PHANDLE + 1,
		[LETTER('l')] = FDT_LINUX_PHANDLE + 1,
	};
	u32 next = by_letter[LETTER(*name)];

	for (; next && next <= FDT_NAMES; next++) {
		const char *known = fdt_names[next - 1];

		if (LETTER(*known) != LETTER(*name))
			break;
		if (strcmp(known, name) == 0)
			return next - 1;
	}
	return FDT_NAMES;
}

/* Non-zero if a byte of the word is zero; the lowest bit set is in the first such byte. */
static inline u32 zero_bytes(u32 word)
{
	return (word - 0x01010101u) & ~word & 0x80808080u;
}

/* Whether a string ends before the value does. Four bytes at a time, those of the value alone. */
static bool has_strings(const struct property *prop)
{
	const u8 *at = prop->value, *last = at + prop->length - 1;

	for (; last - at >= 4; at += 4)
		if (zero_bytes(*(const u32 *)at))
			return true;
	while (at < last && *at)
		at++;
	return at < last;
}

/* Those whose value a node keeps in another form. */
#define NAMES_NOTED	(1u << FDT_COMPATIBLE | 1u << FDT_ADDRESS_CELLS | 1u << FDT_SIZE_CELLS)

/* Most lists are of one string: who compares it need not look for the next. */
static void note_value(struct device_node *node, const struct property *prop, u32 kind)
{
	if (kind == FDT_COMPATIBLE) {
		node->compatible = prop;
		if (prop->length && has_strings(prop))
			node->names |= FDT_HAS_COMPATIBLES;
	} else if (prop->length >= 4) {
		if (kind == FDT_ADDRESS_CELLS)
			node->address_cells = be32_to_cpup(prop->value);
		else
			node->size_cells = be32_to_cpup(prop->value);
	}
}

/* Of several properties of one name the first counts. */
static __always_inline void note_property(struct device_node *node, struct property *prop,
					  u32 kind)
{
	u32 bit = 1u << kind;

	if (node->names & bit)
		return;
	node->names |= bit;
	prop->name = fdt_names[kind];
	if (bit & NAMES_NOTED)
		note_value(node, prop, kind);
}

void fdt_node_note(struct device_node *node, struct property *prop)
{
	u32 kind = find_name(prop->name);

	if (kind < FDT_NAMES)
		note_property(node, prop, kind);
}

/* ---- memory reservation block ---- */

static int count_reserved(const u8 *blob, const struct layout *l, struct fdt_tree *tree,
			  struct fdt_error *err)
{
	u32 offset = l->reserve;

	tree->reserve_offset = offset;
	tree->nr_reserved = 0;
	for (; offset <= l->total - RESERVE_BYTES; offset += RESERVE_BYTES) {
		const __be32 *size = (const __be32 *)(blob + offset + RESERVE_SIZE);

		if (!(size[0] | size[1]))
			return 0;
		tree->nr_reserved++;
	}
	return fail(err, -EINVAL, "memory reservations do not end", offset, tree->nr_reserved);
}

/* ---- structure block ---- */

static __cold noinline int walk_fail(const struct walk *w, const char *reason, const __be32 *at,
				     u32 value)
{
	return fail(w->err, -EINVAL, reason, (u32)((const u8 *)at - w->blob), value);
}

static __cold noinline int walk_full(const struct walk *w)
{
	return fail(w->err, -ENOMEM, "no memory for the nodes", (u32)((const u8 *)w->at - w->blob),
		    w->depth);
}

static inline void *arena_take(struct walk *w, size_t size)
{
	void *p = w->arena;

	if (size > (size_t)(w->arena_end - w->arena))
		return NULL;
	w->arena += size;
	return p;
}

static inline int byte_of_bit(u32 bits)
{
	return __builtin_ctz(bits) / BITS_PER_BYTE;
}

/*
 * Passes over the name at w->at and its padding, and finds where its '@' is, or
 * its end if it has none. Returns how many bytes come before that, or -1 if the
 * name does not end. Four bytes at a time. An '@' in the padding counts too: it takes a
 * copy that was not needed, no more.
 */
static int pass_name(struct walk *w, bool *has_unit)
{
	const __be32 *start = w->at, *end = w->end, *p;
	u32 nul = 0, unit = 0;
	int base;

	for (p = start; p < end && !(nul | unit); p++) {
		nul = zero_bytes(*p);
		unit = zero_bytes(*p ^ ('@' * 0x01010101u));
	}
	if (!(nul | unit))
		return -1;
	base = (int)(p - 1 - start) * 4 + byte_of_bit(unit ? unit : nul);
	for (; p < end && !nul; p++)
		nul = zero_bytes(*p);
	w->at = p;
	*has_unit = unit;
	return nul ? base : -1;
}

/* The part of the name before '@' needs a NUL of its own, hence a copy. */
static int copy_name(struct walk *w, const char *full, int base)
{
	char *copy = arena_take(w, ALIGN((size_t)base + 1, sizeof(void *)));

	if (!copy)
		return walk_full(w);
	/* Aligned like the name, with room for its last word: as many whole words as it takes. */
	memcpy(copy, full, ALIGN((size_t)base, sizeof(u32)));
	copy[base] = '\0';
	w->node->name = copy;
	return 0;
}

/* Member by member: an initialiser of the whole becomes a call of memset(). */
static void init_node(struct device_node *node, struct device_node *parent, const char *full)
{
	node->name = full;
	node->phandle = PHANDLE_NONE;
	node->full_name = full;
	node->properties = NULL;
	node->parent = parent;
	node->child = NULL;
	node->sibling = NULL;
	node->phandle_next = NULL;
	node->compatible = NULL;
	node->names = 0;
	node->address_cells = parent ? parent->address_cells : FDT_CELLS_DEFAULT;
	node->size_cells = parent ? parent->size_cells : FDT_CELLS_DEFAULT;
	node->_flags = 0;
	node->dev = NULL;
}

/* w->at is behind the tag, at the name. */
static int begin_node(struct walk *w)
{
	const __be32 *tag = w->at - 1;
	const char *full = (const char *)w->at;
	struct device_node *node;
	bool has_unit;
	int base;

	if (!w->node && w->tree->root)
		return walk_fail(w, "second root node, tag", tag, TAG_BEGIN_NODE);
	if (w->depth == FDT_DEPTH_MAX)
		return walk_fail(w, "nodes too deep", tag, w->depth + 1);
	base = pass_name(w, &has_unit);
	if (base < 0)
		return walk_fail(w, "node name does not end, tag", tag, TAG_BEGIN_NODE);
	if (!w->node && *full)
		return walk_fail(w, "root node has a name", tag + 1, be32_to_cpu(tag[1]));

	node = arena_take(w, sizeof(*node));
	if (!node)
		return walk_full(w);
	init_node(node, w->node, full);
	*w->node_link = node;
	w->node_link = &node->child;
	w->prop_link = &node->properties;
	w->node = node;
	w->depth++;
	return has_unit ? copy_name(w, full, base) : 0;
}

static int end_node(struct walk *w)
{
	struct device_node *node = w->node;

	if (!node)
		return walk_fail(w, "node ends that did not begin, tag", w->at - 1, TAG_END_NODE);
	w->node_link = &node->sibling;
	w->prop_link = NULL;
	w->node = node->parent;
	w->depth--;
	return 0;
}

/* The first of the two names counts; trees made for old kernels have both, with one value. */
static void set_phandle(struct walk *w, __be32 value)
{
	struct device_node *node = w->node, **bucket;
	phandle handle = be32_to_cpu(value);

	if (node->phandle || handle == PHANDLE_NONE || handle == PHANDLE_BAD)
		return;
	bucket = &w->tree->phandles[handle % FDT_PHANDLE_BUCKETS];
	node->phandle = handle;
	node->phandle_next = *bucket;
	*bucket = node;
}

/* As find_name(), of the name at that offset of the strings. */
static __always_inline u32 find_name_at(struct walk *w, u32 offset)
{
	u32 *seen = &w->names[offset / 4 % NAMES_REMEMBERED], is = *seen;

	if (is >> KIND_BITS != offset + 1)
		*seen = is = (offset + 1) << KIND_BITS | find_name(w->strings + offset);
	return is & ((1u << KIND_BITS) - 1);
}

/*
 * All up to the next other tag, side by side in the arena. w->at is behind the tag of the first:
 * length, offset of the name, value. A function of its own: most of the time is spent here.
 */
static noinline int add_properties(struct walk *w)
{
	struct property *prop = (struct property *)w->arena;
	const __be32 *at = w->at;

	if (!w->prop_link)
		return walk_fail(w, w->node ? "property after a subnode, tag" :
				 "property outside the root, tag", at - 1, TAG_PROP);
	*w->prop_link = prop;
	for (;; at++) {
		size_t left = (size_t)(w->end - at) * 4;
		u32 length, name, kind;

		if (left < 8)
			return walk_fail(w, "property is cut short, tag", at - 1, TAG_PROP);
		length = be32_to_cpu(at[0]);
		name = be32_to_cpu(at[1]);
		if (length > left - 8)
			return walk_fail(w, "bad property length", at, length);
		if (name >= w->strings_size)
			return walk_fail(w, "bad property name offset", at + 1, name);
		if ((size_t)(w->arena_end - (u8 *)prop) < sizeof(*prop)) {
			w->at = at;
			return walk_full(w);
		}
		at += 2;
		prop->name = w->strings + name;
		prop->length = (int)length;
		prop->value = at;
		prop->next = prop + 1;

		kind = find_name_at(w, name);
		if (kind < FDT_NAMES) {
			note_property(w->node, prop, kind);
			if (length == 4 && (kind == FDT_PHANDLE || kind == FDT_LINUX_PHANDLE))
				set_phandle(w, *at);
		}
		at += (length + 3) / 4;
		prop++;
		if (at == w->end || *at != cpu_to_be32(TAG_PROP))
			break;
	}
	w->at = at;
	w->arena = (u8 *)prop;
	w->prop_link = &prop[-1].next;
	*w->prop_link = NULL;
	return 0;
}

static int finish(const struct walk *w)
{
	if (w->node)
		return walk_fail(w, "tree ends inside a node, tag", w->at - 1, TAG_END);
	if (!w->tree->root)
		return walk_fail(w, "no root node, tag", w->at - 1, TAG_END);
	return 0;
}

static int walk_structs(struct walk *w)
{
	int ret = 0;

	while (w->at < w->end) {
		u32 tag = be32_to_cpup(w->at++);

		if (tag == TAG_PROP)
			ret = add_properties(w);
		else if (tag == TAG_BEGIN_NODE)
			ret = begin_node(w);
		else if (tag == TAG_END_NODE)
			ret = end_node(w);
		else if (tag == TAG_END)
			return finish(w);
		else if (tag != TAG_NOP)
			ret = walk_fail(w, "bad tag", w->at - 1, tag);
		if (ret)
			return ret;
	}
	return walk_fail(w, "structure does not end, nodes open", w->at, w->depth);
}

int fdt_unflatten(struct fdt_tree *tree, const void *blob, size_t size, void *arena,
		  size_t arena_size, struct fdt_error *err)
{
	size_t skip = -(uintptr_t)arena % sizeof(void *);
	struct walk w = { .blob = blob, .tree = tree, .err = err, .node_link = &tree->root };
	struct layout l;
	int ret;

	*tree = (struct fdt_tree){ .blob = blob };
	ret = check_header(blob, size, &l, err);
	if (ret)
		return ret;
	tree->blob_size = l.total;
	ret = count_reserved(w.blob, &l, tree, err);
	if (ret)
		return ret;

	w.at = (const __be32 *)(w.blob + l.structs);
	w.end = w.at + l.structs_size / 4;
	w.strings = (const char *)w.blob + l.strings;
	w.strings_size = l.strings_size;
	while (w.strings_size && w.strings[w.strings_size - 1])
		w.strings_size--;
	if (arena_size > skip) {
		w.arena = (u8 *)arena + skip;
		w.arena_end = (u8 *)arena + arena_size;
	}
	ret = walk_structs(&w);
	if (ret)
		*tree = (struct fdt_tree){ .blob = blob };
	else
		tree->arena_used = (size_t)(w.arena - (u8 *)arena);
	if (tree->root)
		tree->chosen = fdt_node_child(tree->root, "chosen");
	return ret;
}

/* ---- reading the tree ---- */

struct device_node *fdt_find_phandle(const struct fdt_tree *tree, phandle handle)
{
	struct device_node *node = tree->phandles[handle % FDT_PHANDLE_BUCKETS], *found = NULL;

	if (handle == PHANDLE_NONE)
		return NULL;
	for (; node; node = node->phandle_next) {
		if (node->phandle == handle)
			found = node;
	}
	return found;
}

const struct property *fdt_node_property(const struct device_node *node, const char *name)
{
	const struct property *prop = node->properties;

	while (prop && !is_same(prop->name, name))
		prop = prop->next;
	return prop;
}

const char *fdt_property_string(const struct property *prop)
{
	const char *value;

	if (!prop || !prop->length)
		return NULL;
	/* Nearly all end where they should. */
	value = prop->value;
	return !value[prop->length - 1] || memchr(value, '\0', (size_t)prop->length) ? value : NULL;
}

const char *fdt_node_string(const struct device_node *node, const char *name)
{
	return fdt_property_string(fdt_node_property(node, name));
}

bool fdt_node_number(const struct device_node *node, enum fdt_name name, u32 *number)
{
	const struct property *prop = fdt_node_named(node, name);

	if (!prop || prop->length < 4)
		return false;
	*number = be32_to_cpup(prop->value);
	return true;
}

struct device_node *fdt_node_child(const struct device_node *node, const char *full_name)
{
	struct device_node *child = node->child;

	while (child && !is_same(child->full_name, full_name))
		child = child->sibling;
	return child;
}

bool fdt_node_is_available(const struct device_node *node)
{
	const char *status;

	if (!fdt_node_has(node, FDT_STATUS))
		return true;
	status = fdt_property_string(fdt_node_named(node, FDT_STATUS));
	return status && (strcmp(status, "okay") == 0 || strcmp(status, "ok") == 0);
}

/* Of any length: what fdt_read_cells() does for 2. */
bool fdt_read_long_cells(const __be32 *p, unsigned int cells, u64 *value)
{
	u64 number = 0;

	for (; cells; cells--, p++) {
		if (number >> 32)
			return false;
		number = number << 32 | be32_to_cpup(p);
	}
	*value = number;
	return true;
}

/* Each (address, size) of a "reg", in the cells of the node's parent. */
static int scan_reg(const struct device_node *node, const struct property *reg, fdt_range_fn *fn,
		    void *arg)
{
	u32 address_cells = node->parent->address_cells, size_cells = node->parent->size_cells;
	u32 cells = address_cells + size_cells;
	const __be32 *p = reg->value, *end = p + reg->length / 4;
	int ret = 0;

	if (address_cells > 4 || size_cells > 4 || cells == 0)
		return 0;
	for (; (size_t)(end - p) >= cells && !ret; p += cells) {
		u64 base, size;

		if (!fdt_read_cells(p, address_cells, &base) ||
		    !fdt_read_cells(p + address_cells, size_cells, &size))
			continue;
		if (size && base + (size - 1) >= base)
			ret = fn(base, size, node, arg);
	}
	return ret;
}

int fdt_scan_memory(const struct fdt_tree *tree, fdt_range_fn *fn, void *arg)
{
	int ret = 0;

	for (struct device_node *node = tree->root->child; node && !ret; node = node->sibling) {
		const char *type = fdt_property_string(fdt_node_named(node, FDT_DEVICE_TYPE));
		const struct property *reg;

		if (!type || strcmp(type, "memory") != 0 || !fdt_node_is_available(node))
			continue;
		reg = fdt_node_property(node, "linux,usable-memory");
		if (!reg)
			reg = fdt_node_named(node, FDT_REG);
		if (reg)
			ret = scan_reg(node, reg, fn, arg);
	}
	return ret;
}

int fdt_scan_reserved(const struct fdt_tree *tree, fdt_range_fn *fn, void *arg)
{
	const __be32 *entry = (const __be32 *)((const u8 *)tree->blob + tree->reserve_offset);
	const struct device_node *area = fdt_node_child(tree->root, "reserved-memory");
	int ret = 0;

	for (unsigned int i = 0; i < tree->nr_reserved && !ret; i++, entry += RESERVE_BYTES / 4) {
		u64 base = get_unaligned_be64(entry), size = get_unaligned_be64(entry + 2);

		if (base + (size - 1) >= base)
			ret = fn(base, size, NULL, arg);
	}
	for (struct device_node *node = area ? area->child : NULL; node && !ret;
	     node = node->sibling) {
		const struct property *reg = fdt_node_named(node, FDT_REG);

		if (reg && fdt_node_is_available(node))
			ret = scan_reg(node, reg, fn, arg);
	}
	return ret;
}
