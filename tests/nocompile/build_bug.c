/* SPDX-License-Identifier: MIT */
/*
 * A condition that may not be is.
 *
 * gcc: BUILD_BUG_ON: sizeof\(struct record\) != 6
 * clang: BUILD_BUG_ON: sizeof\(struct record\) != 6
 * clang-context: BUILD_BUG_ON: sizeof\(struct record\) != 6
 */
#include <lib/build_bug.h>
#include <lib/types.h>

struct record {
	u32 a;
	u16 b;
};

#ifdef TWIN
void check(void)
{
	BUILD_BUG_ON(sizeof(struct record) < 6);
}
#else
void check(void)
{
	BUILD_BUG_ON(sizeof(struct record) != 6);
}
#endif
