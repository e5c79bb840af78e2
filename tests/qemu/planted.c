/* SPDX-License-Identifier: MIT */
/*
 * The guest's half of test_ktest.py: runs suites that go wrong, each in one way. They are not in
 * the kernel's table of suites.
 *
 *   nocla> plant suite_spins order	runs these two
 *   nocla> plant -s 7 order		shuffled by seed 7
 */
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/kstrtox.h>
#include <lib/math.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "planted.h"

static struct kunit_suite *const *const planted[] = {
	planted_checks, planted_time, planted_oops, planted_leaks, planted_locks,
};

static struct kunit_suite *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(planted); i++)
		for (struct kunit_suite *const *suite = planted[i]; *suite; suite++)
			if (strcmp((*suite)->name, name) == 0)
				return *suite;
	return NULL;
}

static int plant_command(int argc, char **argv)
{
	struct kunit_suite *suites[8];
	unsigned int nr = 0;
	u32 seed = 0;
	int at = 1;

	if (argc > 2 && strcmp(argv[1], "-s") == 0) {
		if (kstrtou32(argv[2], 10, &seed))
			return -EINVAL;
		at = 3;
	}
	for (; at < argc && nr < ARRAY_SIZE(suites); at++) {
		suites[nr] = find(argv[at]);
		if (!suites[nr++])
			return -ENOENT;
	}
	shell_printf("plant: %d\n", kunit_run(suites, nr, NULL, seed));
	return 0;
}
SHELL_COMMAND(plant, plant_command, "[-s seed] suite...", "suites that go wrong, for their test");
