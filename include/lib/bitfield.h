/* SPDX-License-Identifier: MIT */
/*
 * Fields of a register, named by their mask: FIELD_PREP puts a value into place,
 * FIELD_GET takes it out, FIELD_FIT asks whether it fits. A constant value that
 * does not fit its mask does not compile. Context: any.
 */
#ifndef LIB_BITFIELD_H
#define LIB_BITFIELD_H

#include <lib/build_bug.h>

#define FIELD_SHIFT(mask)	__builtin_ctzll(mask)
#define FIELD_MAX(mask)		((__typeof__(mask))((mask) >> FIELD_SHIFT(mask)))
#define FIELD_FIT(mask, val) \
	(!((unsigned long long)(val) & ~(unsigned long long)FIELD_MAX(mask)))

#define FIELD_PREP(mask, val)								\
	(BUILD_BUG_ON_ZERO(__builtin_choose_expr(__builtin_constant_p(val),		\
						 !FIELD_FIT(mask, val), 0)) +		\
	 (((__typeof__(mask))(val) << FIELD_SHIFT(mask)) & (mask)))

#define FIELD_GET(mask, reg)	((__typeof__(mask))(((reg) & (mask)) >> FIELD_SHIFT(mask)))

#endif
