/* SPDX-License-Identifier: MIT */
/*
 * Suites that go wrong, by subject, and what they share.
 *
 * Every one of them ends with a case that passes: the run has to get there.
 */
#ifndef TESTS_QEMU_PLANTED_H
#define TESTS_QEMU_PLANTED_H

#include <kernel/completion.h>
#include <test/kunit.h>

#define TIMEOUT_MS	20

/* Each ends with NULL; planted.c finds them. */
extern struct kunit_suite *const planted_checks[];
extern struct kunit_suite *const planted_leaks[];
extern struct kunit_suite *const planted_locks[];
extern struct kunit_suite *const planted_oops[];
extern struct kunit_suite *const planted_time[];

static inline void passes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1 + 1, 2);
}

static inline void checks_nothing(struct kunit *test)
{
	(void)test;
}

static inline int sleep(void *unused)
{
	DECLARE_COMPLETION_ONSTACK(never);

	(void)unused;
	wait_for_completion(&never);
	return 0;
}

static noinline __maybe_unused int recurse(volatile char *above)
{
	volatile char frame[64];

	if (!above)
		return 0;	/* never: but the compiler must not know */
	frame[0] = (char)(*above + 1);
	return recurse(frame) + frame[0];
}

/* Of the case of that name, and one that passes. */
#define SUITE(fn, more...)						\
	static struct kunit_suite suite_##fn = {			\
		.name = "suite_" #fn,					\
		.test_cases = (const struct kunit_case[]){		\
			KUNIT_CASE(fn), KUNIT_CASE(passes), {}		\
		},							\
		.timeout_ms = TIMEOUT_MS,				\
		more							\
	}

#endif
