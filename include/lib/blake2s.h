/* SPDX-License-Identifier: MIT */
/*
 * BLAKE2s: a hash of 32 bytes (RFC 7693), with a key or without.
 * Context: any, for all of this header.
 */
#ifndef LIB_BLAKE2S_H
#define LIB_BLAKE2S_H

#include <lib/types.h>

#define BLAKE2S_BLOCK_SIZE	64
#define BLAKE2S_HASH_SIZE	32

struct blake2s_state {
	u32 h[8];
	u64 count;			/* of bytes that have gone through the function */
	u8 buf[BLAKE2S_BLOCK_SIZE];
	unsigned int buflen;
};

/* Begins a hash of 32 bytes. `keylen` up to 32; 0: without a key. */
void blake2s_init_key(struct blake2s_state *state, const void *key, size_t keylen);
void blake2s_update(struct blake2s_state *state, const void *in, size_t len);

/* The state is cleared. */
void blake2s_final(struct blake2s_state *state, u8 out[static BLAKE2S_HASH_SIZE]);

#endif
