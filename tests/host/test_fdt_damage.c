/* SPDX-License-Identifier: MIT */
/*
 * The tree parser against libfdt over trees that are damaged: in every single place, and at
 * random.
 *
 * FDT_SEED and FDT_CASES in the environment change the random part.
 */
#include <lib/fdt.h>

#include <lib/minmax.h>

#include "fdt_blob.h"
#include "fdt_judge.h"
#include "fdt_trees.h"

/* ---- every place ---- */

/* Values that counts, lengths, offsets and tags are likely to trip over. */
static u32 tricky(unsigned int i, u32 size)
{
	static const u32 values[] = {
		0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 18, 19, 20, 28, 36, 39, 40, 41, 44, 56,
		64, 0xff, 0x100, 0xffff, 0x10000, 0x01000000, 0x09000000, 0x7ffffff0, 0x7fffffff,
		0x80000000, 0x80000004, 0xfffffff0, 0xfffffff4, 0xfffffff8, 0xfffffffc, 0xffffffff,
		0x40404040, 0x61626364, 0x61000000,
	};

	if (i < ARRAY_SIZE(values))
		return values[i];
	i -= (unsigned int)ARRAY_SIZE(values);
	return i < 24 ? size + 8 - i : 0u;
}

#define TRICKY	66	/* of them */

static void every_word_of_a_tree_with_every_tricky_value(struct kunit *test)
{
	static const u32 versions[] = { 16, 17 };

	for (size_t v = 0; v < ARRAY_SIZE(versions); v++) {
		struct build *b = small_tree(), damaged;

		put(b->bytes + 4 * VERSION, versions[v]);
		for (u32 at = 0; at + 4 <= b->n; at += 4) {
			for (unsigned int i = 0; i < TRICKY; i++) {
				damaged = *b;
				put(damaged.bytes + at, tricky(i, b->n));
				if (!same(test, damaged.bytes, b->n, "word", at * 1000 + i))
					return;
			}
		}
	}
}

static void every_bit_of_a_tree_flipped(struct kunit *test)
{
	struct build *b = small_tree();

	for (u32 bit = 0; bit < b->n * 8; bit++) {
		b->bytes[bit / 8] ^= (u8)(1 << bit % 8);
		if (!same(test, b->bytes, b->n, "bit", bit))
			return;
		b->bytes[bit / 8] ^= (u8)(1 << bit % 8);
	}
}

/* Cut at every byte: the blob, what it says of its size, and each block's size. */
static void every_truncation_of_a_tree(struct kunit *test)
{
	static const u32 fields[] = { TOTALSIZE, SIZE_STRUCT, SIZE_STRINGS };
	const struct build *b = small_tree();

	for (u32 size = 0; size < b->n; size++) {
		struct build cut = *b;

		if (!same(test, b->bytes, size, "cut", size))
			return;
		for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
			cut = *b;
			put(cut.bytes + 4 * fields[i], size);
			if (!same(test, cut.bytes, b->n, "field", fields[i] * 10000 + size))
				return;
		}
		put(cut.bytes + 4 * TOTALSIZE, size);
		if (!same(test, cut.bytes, size, "cut with its size", size))
			return;
	}
}

/* ---- random damage ---- */

struct patient {
	u8 *bytes;
	size_t size;		/* how much of it is given to the parser */
	size_t whole;
	struct random *random;
};

/* Where to hurt, found while the blob was whole. */
struct place {
	size_t word;		/* any word, or one at or near the tag */
	size_t tag, end;	/* a tag with what belongs to it */
	size_t other;		/* another tag */
};

static u32 pick(struct patient *p, size_t n)
{
	return random_below(p->random, (unsigned int)n);
}

static u32 be_word(const u8 *at)
{
	return get_unaligned_be32(at);
}

static u32 pick_tag(struct patient *p, u32 tags)
{
	u32 offset = oracle_next_tag(p->bytes, 0);

	for (u32 steps = pick(p, tags); steps; steps--)
		offset = oracle_next_tag(p->bytes, offset);
	return offset;
}

static struct place pick_place(struct patient *p, u32 tags)
{
	struct place place = { .tag = pick_tag(p, tags), .other = pick_tag(p, tags) };
	u32 end = oracle_next_tag(p->bytes, (u32)place.tag);

	place.end = end ? end : place.tag + 4;
	switch (pick(p, 4)) {
	case 0:
		place.word = pick(p, HEAD_WORDS) * 4;
		break;
	case 1:
		place.word = pick(p, p->whole / 4) * 4;
		break;
	default:
		place.word = min(place.tag + 4u * pick(p, 4), p->whole - 4) & ~3ul;
		break;
	}
	return place;
}

static void damage_bit(struct patient *p, const struct place *at)
{
	p->bytes[at->word + pick(p, 4)] ^= (u8)(1 << pick(p, 8));
}

static void damage_tricky(struct patient *p, const struct place *at)
{
	put(p->bytes + at->word, tricky(pick(p, TRICKY), (u32)p->whole));
}

static void damage_nudge(struct patient *p, const struct place *at)
{
	put(p->bytes + at->word, be_word(p->bytes + at->word) + pick(p, 33) - 16);
}

static void damage_random(struct patient *p, const struct place *at)
{
	put(p->bytes + at->word, (u32)random_next(p->random));
}

static void damage_tag(struct patient *p, const struct place *at)
{
	static const u32 tags[] = { BEGIN, END_NODE, PROP, NOP, END };

	put(p->bytes + at->tag, tags[pick(p, ARRAY_SIZE(tags))]);
}

/* The way libfdt deletes. */
static void damage_blank(struct patient *p, const struct place *at)
{
	for (size_t word_at = at->tag; word_at < at->end; word_at += 4)
		put(p->bytes + word_at, NOP);
}

/* A tag and its contents, in front of another. */
static void damage_carry(struct patient *p, const struct place *at)
{
	size_t length = at->end - at->tag;
	u8 *bytes = p->bytes, *carried = malloc(length);

	memcpy(carried, bytes + at->tag, length);
	if (at->other < at->tag) {
		memmove(bytes + at->other + length, bytes + at->other, at->tag - at->other);
		memcpy(bytes + at->other, carried, length);
	} else if (at->other >= at->end) {
		memmove(bytes + at->tag, bytes + at->end, at->other - at->end);
		memcpy(bytes + at->other - length, carried, length);
	}
	free(carried);
}

/* A block of words copied over another place. */
static void damage_copy(struct patient *p, const struct place *at)
{
	size_t to = pick(p, p->whole / 4) * 4;
	size_t length = min(4 * (1 + (size_t)pick(p, 32)), p->whole - max(to, at->word));

	memmove(p->bytes + to, p->bytes + at->word, length);
}

/* A word taken out of the structure or put in, the rest of it moved. */
static void damage_shift(struct patient *p, const struct place *at)
{
	size_t end = be_word(p->bytes + 4 * OFF_STRUCT);

	end += be_word(p->bytes + 4 * SIZE_STRUCT);
	if (end > p->whole || at->word + 8 > end)
		return;
	if (pick(p, 2))
		memmove(p->bytes + at->word, p->bytes + at->word + 4, end - at->word - 4);
	else
		memmove(p->bytes + at->word + 4, p->bytes + at->word, end - at->word - 4);
}

static void damage_cut(struct patient *p, const struct place *at)
{
	p->size = pick(p, 2) ? at->word : p->whole - pick(p, 64);
	if (pick(p, 2))
		put(p->bytes + 4 * TOTALSIZE, (u32)p->size);
}

static void damage_version(struct patient *p, const struct place *at)
{
	u32 strings_size = be_word(p->bytes + 4 * SIZE_STRINGS);

	put(p->bytes + 4 * VERSION, 14 + pick(p, 3));
	if (pick(p, 2))
		put(p->bytes + 4 * LAST_COMP, 14 + pick(p, 3));
	if (pick(p, 2))
		put(p->bytes + 4 * SIZE_STRUCT, (u32)at->word);
	if (pick(p, 2))
		put(p->bytes + 4 * SIZE_STRINGS, strings_size - pick(p, 99));
}

static void (*const damages[])(struct patient *p, const struct place *at) = {
	damage_bit, damage_tricky, damage_tricky, damage_tricky, damage_nudge, damage_nudge,
	damage_random, damage_tag, damage_blank, damage_carry, damage_carry, damage_copy,
	damage_shift, damage_cut, damage_version,
};

#define DEFAULT_CASES	3000	/* of each tree of a machine's */

static u64 setting(const char *name, u64 otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

/* One to four injuries; all places are chosen before the first of them. */
static bool damaged_case(struct kunit *test, const struct tree_file *tree, u8 *bytes, u32 tags,
			 u64 seed)
{
	struct random random = { .state = seed * 0x9e3779b97f4a7c15ull | 1 };
	struct patient p = { .bytes = bytes, .size = tree->size, .whole = tree->size,
			     .random = &random };
	struct place places[4];
	unsigned int n;

	memcpy(bytes, tree->bytes, tree->size);
	n = 1 + (pick(&p, 2) ? pick(&p, 4) : 0);
	for (unsigned int i = 0; i < n; i++)
		places[i] = pick_place(&p, tags);
	for (unsigned int i = 0; i < n; i++)
		damages[pick(&p, ARRAY_SIZE(damages))](&p, &places[i]);
	return same(test, bytes, p.size, tree->name, seed);
}

static void damage(struct kunit *test, const struct tree_file *tree, u64 cases, u64 seed)
{
	u8 *bytes = malloc(tree->size);
	u32 offset = 0, tags = 0;

	while ((offset = oracle_next_tag(tree->bytes, offset)))
		tags++;
	for (u64 i = 0; i < cases; i++) {
		if (!damaged_case(test, tree, bytes, tags, seed + i))
			break;
	}
	free(bytes);
}

/* Without the free room of a megabyte that QEMU leaves: damage must hit something. */
static struct tree_file packed(const struct tree_file *file)
{
	struct tree_file copy = *file;

	copy.bytes = malloc(file->size);
	memcpy(copy.bytes, file->bytes, file->size);
	copy.size = oracle_pack(copy.bytes);
	return copy;
}

static void damaged_trees_are_judged_alike(struct kunit *test)
{
	u64 seed = setting("FDT_SEED", 20240611), cases = setting("FDT_CASES", DEFAULT_CASES);
	struct build *b = small_tree();
	struct tree_file small = { .name = "small", .bytes = b->bytes, .size = b->n };
	size_t n;
	const struct tree_file *files = tree_files(&n);

	KUNIT_ASSERT_GE(test, n, 9);
	memset(verdicts, 0, sizeof(verdicts));
	for (size_t i = 0; i < n; i++) {
		struct tree_file file = packed(&files[i]);

		KUNIT_EXPECT_GT(test, file.size, 0);
		damage(test, &file, cases, seed + i * cases);
		free(file.bytes);
	}
	damage(test, &small, 10 * cases, seed + n * cases);

	kunit_info(test, "FDT_SEED=%llu FDT_CASES=%llu", seed, cases);
	for (size_t i = 0; i < ORACLE_VERDICTS; i++)
		kunit_info(test, "%s: %u", oracle_verdict_names[i], verdicts[i]);
	/* Both answers in quantity and every kind, or the campaign shows little. */
	KUNIT_EXPECT_GT(test, verdicts[ORACLE_GOOD], cases);
	KUNIT_EXPECT_GT(test, verdicts[ORACLE_BAD], cases);
	for (size_t i = 0; i < ORACLE_VERDICTS && cases >= DEFAULT_CASES; i++)
		KUNIT_EXPECT_TRUE(test, verdicts[i] > 0 || i == ORACLE_BAD_DEPTH);
}

static struct kunit_case fdt_damage_cases[] = {
	KUNIT_CASE(every_word_of_a_tree_with_every_tricky_value),
	KUNIT_CASE(every_bit_of_a_tree_flipped),
	KUNIT_CASE(every_truncation_of_a_tree),
	KUNIT_CASE(damaged_trees_are_judged_alike),
	{}
};

static struct kunit_suite fdt_damage_suite = {
	.name = "fdt_damage",
	.test_cases = fdt_damage_cases,
	.suite_init = map_guard,
};
kunit_test_suite(fdt_damage_suite);
