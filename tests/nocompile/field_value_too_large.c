/* SPDX-License-Identifier: MIT */
/*
 * A constant does not fit into its field of a register.
 *
 * gcc: negative width in bit-field
 * clang: negative width|has negative width
 * clang-context: has negative width
 */
#include <lib/bitfield.h>
#include <lib/bits.h>
#include <lib/types.h>

#ifdef TWIN
u32 level(void)
{
	return (u32)FIELD_PREP(GENMASK(5, 4), 3);
}
#else
u32 level(void)
{
	return (u32)FIELD_PREP(GENMASK(5, 4), 4);
}
#endif
