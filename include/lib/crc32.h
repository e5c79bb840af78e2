/* SPDX-License-Identifier: MIT */
/*
 * The CRC of Ethernet, zip and zlib: polynomial 0x04c11db7, least significant bit first.
 */
#ifndef LIB_CRC32_H
#define LIB_CRC32_H

#include <lib/types.h>

/*
 * The CRC goes on from `crc` over `len` bytes, without the inversions: what others call the
 * CRC-32 of a text is ~crc32_le(~0u, text, len). Context: any.
 */
u32 crc32_le(u32 crc, const unsigned char *p, size_t len);

#endif
