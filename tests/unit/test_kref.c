/* SPDX-License-Identifier: MIT */
/*
 * The plain count, and its mark: whatever is no count, or is none where it is, is reported once
 * and left alone. The typed functions look at the same mark.
 */
#include <kernel/kref.h>

#include <kernel/init.h>
#include <kernel/ref.h>
#include <kernel/slab.h>
#include <lib/container_of.h>
#include <lib/kconfig.h>
#include <lib/math.h>
#include <lib/poison.h>
#include <lib/string.h>
#include <test/kunit.h>

struct counted {
	char before;
	struct kref refs;
	char after;
};

static struct kref *released;
static unsigned int releases;

static void note_release(struct kref *kref)
{
	released = kref;
	releases++;
}

static void counted_release(struct counted *c)
{
	note_release(&c->refs);
}
DEFINE_REF(counted, refs, counted_release)

static int none_released(struct kunit *test)
{
	(void)test;
	released = NULL;
	releases = 0;
	return 0;
}

static void skip_without_marks(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		kunit_skip(test, "counts are checked with CONFIG_DEBUG_OBJECTS");
}

/* ---- what is right ---- */

static struct kref early = KREF_INIT(2);
static struct { int n; struct kref refs; } early_member = { .refs = KREF_INIT(1) };
static DEFINE_STATIC_REF(counted, refs, early_always, .before = 1);
static unsigned int early_steps, early_reports;

/* Before there is memory or a second task. */
static int early_use(void)
{
	unsigned int before = warn_count();

	kref_get(&early);
	kref_put(&early, note_release);
	kref_put(&early, note_release);
	early_steps += !releases;
	kref_put(&early, note_release);
	early_steps += releases == 1 && released == &early;
	early_steps += (unsigned int)kref_get_unless_zero(&early_member.refs);
	counted_put(counted_get(&early_always));
	early_steps += counted_get_unless_zero(&early_always) == &early_always;
	early_reports = warn_count() - before;
	return 0;
}
early_initcall(early_use);

static void static_counts_work_from_the_first_initcall_on(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, early_steps, 4);
	KUNIT_EXPECT_EQ(test, early_reports, 0);
	KUNIT_EXPECT_EQ(test, kref_read(&early_member.refs), 2);
	kref_get(&early_member.refs);
	KUNIT_EXPECT_EQ(test, kref_put(&early_member.refs, note_release), 0);
}

static void kref_put_says_whether_it_was_the_last(struct kunit *test)
{
	static struct kref kref;

	kref_init(&kref);
	kref_get(&kref);
	KUNIT_EXPECT_EQ(test, kref_get_unless_zero(&kref), 1);
	KUNIT_EXPECT_EQ(test, kref_read(&kref), 3);
	KUNIT_EXPECT_EQ(test, kref_put(&kref, note_release), 0);
	KUNIT_EXPECT_EQ(test, kref_put(&kref, note_release), 0);
	KUNIT_EXPECT_NULL(test, released);
	KUNIT_EXPECT_EQ(test, kref_put(&kref, note_release), 1);
	KUNIT_EXPECT_PTR_EQ(test, released, &kref);
	KUNIT_EXPECT_EQ(test, kref_get_unless_zero(&kref), 0);
}

static void a_count_may_begin_again_after_its_end(struct kunit *test)
{
	static struct kref kref;

	for (unsigned int i = 1; i < 4; i++) {
		KUNIT_EXPECT_WARNINGS(test, 0, kref_init(&kref));
		KUNIT_EXPECT_EQ(test, kref_put(&kref, note_release), 1);
		KUNIT_EXPECT_EQ(test, releases, i);
	}
}

/* An initialiser that is assigned: the memory is where it was made. */
static void an_assigned_initialiser_is_as_good_as_kref_init(struct kunit *test)
{
	struct counted *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, c);
	*c = (struct counted){ .refs = KREF_INIT(1) };
	KUNIT_EXPECT_WARNINGS(test, 0, kref_get(&c->refs));
	kref_put(&c->refs, note_release);
	KUNIT_EXPECT_EQ(test, kref_put(&c->refs, note_release), 1);
}

/* The way out of who made it and could not finish it. */
static void what_nobody_else_has_may_be_freed(struct kunit *test)
{
	struct counted *c = kzalloc(sizeof(*c), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, c);
	kref_init(&c->refs);
	KUNIT_EXPECT_WARNINGS(test, 0, kfree(c));
}

/* ---- what is reported ---- */

static void use_of_what_was_never_initialised_is_reported(struct kunit *test)
{
	struct counted *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	static const int fills[] = { 0, 1, 0x5a };
	int got = 1;

	skip_without_marks(test);
	KUNIT_ASSERT_NOT_NULL(test, c);
	for (unsigned int i = 0; i < ARRAY_SIZE(fills); i++) {
		memset(c, fills[i], sizeof(*c));
		/* However good the count looks. */
		refcount_set(&c->refs.refcount, 1);
		KUNIT_EXPECT_REPORT(test, "is used before it is initialised", kref_get(&c->refs));
		KUNIT_EXPECT_REPORT(test, "is used before it is initialised",
				    got = kref_get_unless_zero(&c->refs));
		KUNIT_EXPECT_EQ(test, got, 0);
		KUNIT_EXPECT_REPORT(test, "is used before it is initialised",
				    kref_put(&c->refs, note_release));
		KUNIT_EXPECT_EQ(test, kref_read(&c->refs), 1);
	}
	KUNIT_EXPECT_EQ(test, releases, 0);
}

static void use_of_a_copy_is_reported(struct kunit *test)
{
	struct counted *c = kunit_kzalloc(test, 2 * sizeof(*c), GFP_KERNEL);
	int got = 1;

	skip_without_marks(test);
	KUNIT_ASSERT_NOT_NULL(test, c);
	kref_init(&c[0].refs);
	memcpy(&c[1], &c[0], sizeof(*c));
	KUNIT_EXPECT_REPORT(test, "is a copy of", kref_get(&c[1].refs));
	KUNIT_EXPECT_REPORT(test, "is a copy of", got = kref_get_unless_zero(&c[1].refs));
	KUNIT_EXPECT_EQ(test, got, 0);
	KUNIT_EXPECT_REPORT(test, "is a copy of", kref_put(&c[1].refs, note_release));
	KUNIT_EXPECT_EQ(test, kref_read(&c[1].refs), 1);
	KUNIT_EXPECT_EQ(test, releases, 0);
	KUNIT_EXPECT_EQ(test, kref_put(&c[0].refs, note_release), 1);
}

/* It knows its address from its first use on. */
static void a_copy_of_a_static_count_is_reported(struct kunit *test)
{
	static struct kref kref = KREF_INIT(1), copy;

	skip_without_marks(test);
	kref_get(&kref);
	copy = kref;
	KUNIT_EXPECT_REPORT(test, "is a copy of", kref_put(&copy, note_release));
	kref_put(&kref, note_release);
}

static void initialising_what_is_referred_to_is_reported(struct kunit *test)
{
	static struct kref kref = KREF_INIT(1);
	struct counted *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);

	skip_without_marks(test);
	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_EXPECT_REPORT(test, "is initialised while", kref_init(&kref));
	kref_init(&c->refs);
	if (IS_ENABLED(CONFIG_DEBUG_SLAB))
		KUNIT_EXPECT_REPORT(test, "is initialised while", kref_init(&c->refs));
	kref_get(&c->refs);
	if (IS_ENABLED(CONFIG_DEBUG_SLAB))
		KUNIT_EXPECT_REPORT(test, "is initialised while", kref_init(&c->refs));
	KUNIT_EXPECT_EQ(test, kref_read(&c->refs), 2);
	kref_put(&c->refs, note_release);
	KUNIT_EXPECT_EQ(test, kref_put(&c->refs, note_release), 1);
}

static void use_after_the_last_put_is_reported(struct kunit *test)
{
	static struct kref kref;
	int got = 1;

	kref_init(&kref);
	KUNIT_EXPECT_EQ(test, kref_put(&kref, note_release), 1);
	KUNIT_EXPECT_WARNINGS(test, 0, got = kref_get_unless_zero(&kref));
	KUNIT_EXPECT_EQ(test, got, 0);
	KUNIT_EXPECT_REPORT(test, "raised from zero", kref_get(&kref));
	kref_init(&kref);
	KUNIT_EXPECT_EQ(test, kref_put(&kref, note_release), 1);
	KUNIT_EXPECT_REPORT(test, "lowered below zero", kref_put(&kref, note_release));
	KUNIT_EXPECT_EQ(test, releases, 2);
}

/* As kfree() leaves it: a checker of memory would be the first to tell of the real one. */
static void use_of_freed_memory_is_reported(struct kunit *test)
{
	struct counted *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	int got = 1;

	skip_without_marks(test);
	KUNIT_ASSERT_NOT_NULL(test, c);
	kref_init(&c->refs);
	KUNIT_EXPECT_EQ(test, kref_put(&c->refs, note_release), 1);
	memset(c, POISON_FREE, sizeof(*c));
	KUNIT_EXPECT_REPORT(test, "is used after it was freed", kref_get(&c->refs));
	KUNIT_EXPECT_REPORT(test, "is used after it was freed",
			    got = kref_get_unless_zero(&c->refs));
	KUNIT_EXPECT_EQ(test, got, 0);
	KUNIT_EXPECT_REPORT(test, "is used after it was freed", kref_put(&c->refs, note_release));
	KUNIT_EXPECT_EQ(test, releases, 1);
}

static void what_others_have_is_not_freed(struct kunit *test)
{
	struct counted *c = kzalloc(sizeof(*c), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, c);
	kref_init(&c->refs);
	kref_get(&c->refs);
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		KUNIT_EXPECT_REPORT(test, "which is referred to by others", kfree(c));
	kref_put(&c->refs, note_release);
	KUNIT_EXPECT_EQ(test, kref_put(&c->refs, note_release), 1);
	KUNIT_EXPECT_WARNINGS(test, 0, kfree(c));
}

/* ---- the typed functions ---- */

static void a_typed_count_was_made_by_its_functions(struct kunit *test)
{
	struct counted *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL), *got = c;

	skip_without_marks(test);
	KUNIT_ASSERT_NOT_NULL(test, c);
	refcount_set(&c->refs.refcount, 1);
	KUNIT_EXPECT_REPORT(test, "is used before it is initialised", got = counted_get(c));
	KUNIT_EXPECT_NULL(test, got);
	got = c;
	KUNIT_EXPECT_REPORT(test, "is used before it is initialised",
			    got = counted_get_unless_zero(c));
	KUNIT_EXPECT_NULL(test, got);
	KUNIT_EXPECT_REPORT(test, "is used before it is initialised", counted_put(c));
	KUNIT_EXPECT_EQ(test, kref_read(&c->refs), 1);
	KUNIT_EXPECT_EQ(test, releases, 0);
}

static void a_copy_of_a_typed_count_is_none(struct kunit *test)
{
	struct counted *c = kunit_kzalloc(test, 2 * sizeof(*c), GFP_KERNEL), *got = c;
	struct counted_unique *unique = counted_unique(c);

	skip_without_marks(test);
	KUNIT_ASSERT_NOT_NULL(test, c);
	memcpy(&c[1], counted_mut(unique), sizeof(*c));
	/* SAFETY: what is taken for a unique one is what is tested. */
	KUNIT_EXPECT_REPORT(test, "is a copy of", got = counted_share((void *)&c[1]));
	KUNIT_EXPECT_NULL(test, got);
	KUNIT_EXPECT_REPORT(test, "is a copy of", counted_discard((void *)&c[1]));
	KUNIT_EXPECT_EQ(test, releases, 0);
	KUNIT_EXPECT_PTR_EQ(test, counted_share(unique), c);
	memcpy(&c[1], c, sizeof(*c));
	KUNIT_EXPECT_REPORT(test, "is a copy of", counted_put(&c[1]));
	KUNIT_EXPECT_EQ(test, releases, 0);
	counted_put(c);
	KUNIT_EXPECT_EQ(test, releases, 1);
}

static void what_is_referred_to_is_no_memory_for_a_new_one(struct kunit *test)
{
	static struct counted mem;
	struct counted_unique *again = NULL;
	struct counted *c;

	skip_without_marks(test);
	c = counted_share(counted_unique(&mem));
	KUNIT_ASSERT_PTR_EQ(test, c, &mem);
	KUNIT_EXPECT_REPORT(test, "is initialised while", again = counted_unique(c));
	KUNIT_EXPECT_NULL(test, again);
	counted_put(c);
	KUNIT_EXPECT_EQ(test, releases, 1);
}

/* The initialiser knows the address: no first use is needed, as it is by KREF_INIT(). */
static void a_copy_of_a_static_object_is_none(struct kunit *test)
{
	static DEFINE_STATIC_REF(counted, refs, always, .before = 1);
	static struct counted copy;

	skip_without_marks(test);
	copy = always;
	KUNIT_EXPECT_REPORT(test, "is a copy of", counted_put(&copy));
	counted_put(counted_get(&always));
}

static void a_static_object_is_not_discarded(struct kunit *test)
{
	static DEFINE_STATIC_REF(counted, refs, always, .before = 1);

	skip_without_marks(test);
	/* SAFETY: what is taken for a unique one is what is tested. */
	KUNIT_EXPECT_REPORT(test, "was shared already", counted_discard((void *)&always));
	KUNIT_EXPECT_EQ(test, releases, 0);
	KUNIT_EXPECT_EQ(test, kref_read(&always.refs), REF_STATIC_BIAS);
}

static struct kunit_case kref_cases[] = {
	KUNIT_CASE(static_counts_work_from_the_first_initcall_on),
	KUNIT_CASE(kref_put_says_whether_it_was_the_last),
	KUNIT_CASE(a_count_may_begin_again_after_its_end),
	KUNIT_CASE(an_assigned_initialiser_is_as_good_as_kref_init),
	KUNIT_CASE(what_nobody_else_has_may_be_freed),
	KUNIT_CASE(use_of_what_was_never_initialised_is_reported),
	KUNIT_CASE(use_of_a_copy_is_reported),
	KUNIT_CASE(a_copy_of_a_static_count_is_reported),
	KUNIT_CASE(initialising_what_is_referred_to_is_reported),
	KUNIT_CASE(use_after_the_last_put_is_reported),
	KUNIT_CASE(use_of_freed_memory_is_reported),
	KUNIT_CASE(what_others_have_is_not_freed),
	KUNIT_CASE(a_typed_count_was_made_by_its_functions),
	KUNIT_CASE(a_copy_of_a_typed_count_is_none),
	KUNIT_CASE(what_is_referred_to_is_no_memory_for_a_new_one),
	KUNIT_CASE(a_copy_of_a_static_object_is_none),
	KUNIT_CASE(a_static_object_is_not_discarded),
	{}
};

static struct kunit_suite kref_suite = {
	.name = "kref",
	.init = none_released,
	.test_cases = kref_cases,
};
kunit_test_suite(kref_suite);
