/* SPDX-License-Identifier: MIT */
/*
 * Races: what two or three processors do at once, in a thousand orders.
 *
 *	static void reset(void *ctx)			{ sema_init(&sem, 0); n = 0; }
 *	static void give(void *ctx)			{ n = 1; up(&sem); }
 *	static void take(void *ctx)			{ down(&sem); RACE_CHECK(n == 1); }
 *	KUNIT_RACE(what_is_taken_was_given, .reset = reset, .racers = { give, take })
 *
 * Each racer has a processor and a thread of its own; the case's task waits on CPU 0, where
 * interrupts and work items of its queues come in between as well. For each seed, from 1 to
 * interleave.seeds=N of the command line, all of them start at one line and go on in the order that
 * the seed decides, see <kernel/interleave.h>. The first seed in which a check does not hold, or
 * that does not end, fails the case and is told; interleave.seed=N runs that one alone.
 *
 * A timer's interrupt is no point: it comes when its time has come, in instructions. So a race
 * that is about timers of one jiffy says `around_a_jiffy`: then each seed begins some instructions
 * before the next jiffy, of which the seed says how many, and what ends with that jiffy ends
 * anywhere on the racers' way.
 *
 * A racer does not call KUNIT_*: those print, which is a race of its own.
 */
#ifndef TEST_INTERLEAVE_H
#define TEST_INTERLEAVE_H

#include <lib/compiler.h>
#include <lib/types.h>
#include <test/kunit.h>

#define RACERS_MAX	3

struct race {
	void (*reset)(void *ctx);		/* before each seed, alone */
	void (*racers[RACERS_MAX])(void *ctx);	/* NULL: one less */
	void (*settle)(void *ctx);		/* after each; checks too. NULL: nothing */
	bool around_a_jiffy;			/* one that is about timers */
};

/* Fails the seed that runs, in a racer or settle(); the first one is told. Context: any. */
#define RACE_CHECK(cond) do {							\
	if (unlikely(!(cond)))							\
		race_failed(__FILE__, __LINE__, #cond);				\
} while (0)

/* For RACE_CHECK(). Context: any. */
void race_failed(const char *file, int line, const char *what);

/* What came of some seeds. */
struct race_outcome {
	u32 seed;		/* the first that failed; 0: none */
	u32 runs;		/* seeds that ran */
	u32 points;		/* of the last one, and the order that was drawn */
	u32 order;
	const char *file;	/* of the check that did not hold; NULL: it did not end */
	int line;
	const char *what;
};

/*
 * Runs the race with the seeds from `first` on, `n` at most, until one fails. Skips the case if
 * there are too few processors. Context: the case's task; may sleep.
 * Return: which seed failed, and by what.
 */
struct race_outcome race_run(struct kunit *test, const struct race *race, void *ctx, u32 first,
			     u32 n);

/* The seeds that the command line asks for; one that fails, fails the case. Context: as above. */
void kunit_race(struct kunit *test, const struct race *race, void *ctx);

/* A case that is a race: its name, and what is in its struct race. */
#define KUNIT_RACE(name, fields...)						\
	static void name(struct kunit *test)					\
	{									\
		static const struct race race = { fields };			\
										\
		kunit_race(test, &race, NULL);					\
	}

#endif
