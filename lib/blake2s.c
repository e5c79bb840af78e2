/* SPDX-License-Identifier: MIT */
/*
 * BLAKE2s: see <lib/blake2s.h>. RFC 7693, sections 2.6 to 3.3, with its names. The last block
 * is kept back until it is known to be the last.
 */
#include <lib/blake2s.h>

#include <lib/byteorder.h>
#include <lib/minmax.h>
#include <lib/string.h>

#define ROUNDS	10

static const u32 iv[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const u8 sigma[ROUNDS][16] = {
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
	{ 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
	{ 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
	{ 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
	{ 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
	{ 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
	{ 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
	{ 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
	{ 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
};

static inline u32 rotr(u32 x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

static void mix(u32 *a, u32 *b, u32 *c, u32 *d, u32 x, u32 y)
{
	*a += *b + x;
	*d = rotr(*d ^ *a, 16);
	*c += *d;
	*b = rotr(*b ^ *c, 12);
	*a += *b + y;
	*d = rotr(*d ^ *a, 8);
	*c += *d;
	*b = rotr(*b ^ *c, 7);
}

static void compress(struct blake2s_state *state, const u8 *block, bool last)
{
	u32 v[16], m[16];

	for (unsigned int i = 0; i < 16; i++)
		m[i] = get_unaligned_le32(block + 4 * i);
	memcpy(v, state->h, sizeof(state->h));
	memcpy(v + 8, iv, sizeof(iv));
	v[12] ^= (u32)state->count;
	v[13] ^= (u32)(state->count >> 32);
	if (last)
		v[14] = ~v[14];
	for (unsigned int round = 0; round < ROUNDS; round++) {
		const u8 *s = sigma[round];

		for (unsigned int i = 0; i < 4; i++)
			mix(&v[i], &v[4 + i], &v[8 + i], &v[12 + i], m[s[2 * i]], m[s[2 * i + 1]]);
		for (unsigned int i = 0; i < 4; i++)
			mix(&v[i], &v[4 + (i + 1) % 4], &v[8 + (i + 2) % 4], &v[12 + (i + 3) % 4],
			    m[s[8 + 2 * i]], m[s[9 + 2 * i]]);
	}
	for (unsigned int i = 0; i < 8; i++)
		state->h[i] ^= v[i] ^ v[8 + i];
	memzero_explicit(v, sizeof(v));
	memzero_explicit(m, sizeof(m));
}

/* The parameter block: digest and key length, fan-out and depth 1. */
void blake2s_init_key(struct blake2s_state *state, const void *key, size_t keylen)
{
	memset(state, 0, sizeof(*state));
	memcpy(state->h, iv, sizeof(iv));
	state->h[0] ^= 0x01010000 | (u32)keylen << 8 | BLAKE2S_HASH_SIZE;
	if (keylen) {
		memcpy(state->buf, key, keylen);
		state->buflen = BLAKE2S_BLOCK_SIZE;
	}
}

void blake2s_update(struct blake2s_state *state, const void *in, size_t len)
{
	const u8 *bytes = in;

	while (len) {
		size_t n;

		if (state->buflen == BLAKE2S_BLOCK_SIZE) {
			state->count += BLAKE2S_BLOCK_SIZE;
			compress(state, state->buf, false);
			state->buflen = 0;
		}
		n = min(len, (size_t)(BLAKE2S_BLOCK_SIZE - state->buflen));
		memcpy(state->buf + state->buflen, bytes, n);
		state->buflen += (unsigned int)n;
		bytes += n;
		len -= n;
	}
}

void blake2s_final(struct blake2s_state *state, u8 out[static BLAKE2S_HASH_SIZE])
{
	state->count += state->buflen;
	memset(state->buf + state->buflen, 0, BLAKE2S_BLOCK_SIZE - state->buflen);
	compress(state, state->buf, true);
	for (unsigned int i = 0; i < 8; i++)
		put_unaligned_le32(state->h[i], out + 4 * i);
	memzero_explicit(state, sizeof(*state));
}
