/* SPDX-License-Identifier: MIT */
/*
 * The bits of a signed number: which those are is a matter of its width.
 *
 * gcc: negative width in bit-field
 * clang: has negative width
 */
#include <lib/bitops.h>

#ifdef TWIN
unsigned int sum(unsigned int word)
#else
unsigned int sum(int word)
#endif
{
	unsigned int bit, n = 0;

	for_each_bit_of(bit, word)
		n += bit;
	return n;
}
