/* SPDX-License-Identifier: MIT */
/*
 * ChaCha20: see <lib/chacha.h>. Twenty rounds as ten pairs, columns and then diagonals; the
 * steps are those of RFC 8439, and so are the names.
 */
#include <lib/chacha.h>

#include <lib/byteorder.h>
#include <lib/string.h>

#define ROUND_PAIRS	10

static inline u32 rotl(u32 x, unsigned int n)
{
	return x << n | x >> (32 - n);
}

static void quarter_round(u32 *a, u32 *b, u32 *c, u32 *d)
{
	*a += *b;
	*d = rotl(*d ^ *a, 16);
	*c += *d;
	*b = rotl(*b ^ *c, 12);
	*a += *b;
	*d = rotl(*d ^ *a, 8);
	*c += *d;
	*b = rotl(*b ^ *c, 7);
}

void chacha_init(u32 state[static CHACHA_STATE_WORDS], const u8 key[static CHACHA_KEY_SIZE],
		 const u8 nonce[static CHACHA_NONCE_SIZE], u32 counter)
{
	static const char constants[] = "expand 32-byte k";

	for (unsigned int i = 0; i < 4; i++)
		state[i] = get_unaligned_le32(constants + 4 * i);
	for (unsigned int i = 0; i < 8; i++)
		state[4 + i] = get_unaligned_le32(key + 4 * i);
	state[12] = counter;
	for (unsigned int i = 0; i < 3; i++)
		state[13 + i] = get_unaligned_le32(nonce + 4 * i);
}

void chacha20_block(u32 state[static CHACHA_STATE_WORDS], u8 out[static CHACHA_BLOCK_SIZE])
{
	u32 x[CHACHA_STATE_WORDS];

	memcpy(x, state, sizeof(x));
	for (unsigned int i = 0; i < ROUND_PAIRS; i++) {
		for (unsigned int n = 0; n < 4; n++)
			quarter_round(&x[n], &x[4 + n], &x[8 + n], &x[12 + n]);
		for (unsigned int n = 0; n < 4; n++)
			quarter_round(&x[n], &x[4 + (n + 1) % 4], &x[8 + (n + 2) % 4],
				      &x[12 + (n + 3) % 4]);
	}
	for (unsigned int i = 0; i < CHACHA_STATE_WORDS; i++)
		put_unaligned_le32(x[i] + state[i], out + 4 * i);
	state[12]++;
	memzero_explicit(x, sizeof(x));
}
