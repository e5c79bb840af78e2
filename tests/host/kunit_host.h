/* SPDX-License-Identifier: MIT */
/*
 * What a test on the host includes: the kernel's own <test/kunit.h>, which
 * kunit_host.c implements for a process, and reproducible noise.
 */
#ifndef KUNIT_HOST_H
#define KUNIT_HOST_H

#include <lib/types.h>
#include <test/kunit.h>

/* Marsaglia's xorshift (13, 7, 17). Any seed but 0; the same numbers on every host. */
struct random {
	u64 state;
};

static inline u64 random_next(struct random *random)
{
	u64 x = random->state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return random->state = x;
}

/* 0 .. n - 1 */
static inline unsigned int random_below(struct random *random, unsigned int n)
{
	return (unsigned int)(random_next(random) % n);
}

#endif
