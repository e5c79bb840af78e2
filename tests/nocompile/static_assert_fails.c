/* SPDX-License-Identifier: MIT */
/*
 * What is asserted of a layout does not hold.
 *
 * gcc: offsetof\(struct record, b\) == 2
 * clang: offsetof\(struct record, b\) == 2
 * clang-context: offsetof\(struct record, b\) == 2
 */
#include <lib/build_bug.h>
#include <lib/types.h>
#include <stddef.h>

struct record {
	u32 a;
	u16 b;
};

#ifdef TWIN
void check(void)
{
	static_assert(offsetof(struct record, b) == 4);
}
#else
void check(void)
{
	static_assert(offsetof(struct record, b) == 2);
}
#endif
