/* SPDX-License-Identifier: MIT */
/*
 * ChaCha20: a stream of bytes out of a key (RFC 8439, section 2.3 and 2.4).
 * Context: any, for all of this header.
 */
#ifndef LIB_CHACHA_H
#define LIB_CHACHA_H

#include <lib/types.h>

#define CHACHA_KEY_SIZE		32
#define CHACHA_NONCE_SIZE	12
#define CHACHA_BLOCK_SIZE	64
#define CHACHA_STATE_WORDS	16

/* The state: four constants, the key, the number of the next block, the nonce. */
void chacha_init(u32 state[static CHACHA_STATE_WORDS], const u8 key[static CHACHA_KEY_SIZE],
		 const u8 nonce[static CHACHA_NONCE_SIZE], u32 counter);

/* One block of the stream; the state then is the next one's. */
void chacha20_block(u32 state[static CHACHA_STATE_WORDS], u8 out[static CHACHA_BLOCK_SIZE]);

#endif
