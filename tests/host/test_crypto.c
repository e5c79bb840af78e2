/* SPDX-License-Identifier: MIT */
/*
 * The stream and the hash that random numbers are made with, against their documents:
 * RFC 8439 (2.3.2, A.1) and RFC 7693 (appendices B and E).
 */
#include <lib/blake2s.h>
#include <lib/chacha.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/string.h>

#include "kunit_host.h"

static void block_is_the_one_of_rfc_8439(struct kunit *test)
{
	/* section 2.3.2: counter 1 */
	static const u8 expected[CHACHA_BLOCK_SIZE] = {
		0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15, 0x50, 0x0f, 0xdd, 0x1f, 0xa3, 0x20,
		0x71, 0xc4, 0xc7, 0xd1, 0xf4, 0xc7, 0x33, 0xc0, 0x68, 0x03, 0x04, 0x22, 0xaa, 0x9a,
		0xc3, 0xd4, 0x6c, 0x4e, 0xd2, 0x82, 0x64, 0x46, 0x07, 0x9f, 0xaa, 0x09, 0x14, 0xc2,
		0xd7, 0x05, 0xd9, 0x8b, 0x02, 0xa2, 0xb5, 0x12, 0x9c, 0xd1, 0xde, 0x16, 0x4e, 0xb9,
		0xcb, 0xd0, 0x83, 0xe8, 0xa2, 0x50, 0x3c, 0x4e,
	};
	static const u8 nonce[CHACHA_NONCE_SIZE] = { 0, 0, 0, 9, 0, 0, 0, 0x4a };
	u8 key[CHACHA_KEY_SIZE], out[CHACHA_BLOCK_SIZE];
	u32 state[CHACHA_STATE_WORDS];

	for (unsigned int i = 0; i < sizeof(key); i++)
		key[i] = (u8)i;
	chacha_init(state, key, nonce, 1);
	chacha20_block(state, out);
	KUNIT_EXPECT_EQ(test, memcmp(out, expected, sizeof(out)), 0);
	KUNIT_EXPECT_EQ(test, state[12], 2);
}

/* Appendix A.1, test vectors 1 and 2: the second block follows the first. */
static void blocks_follow_one_another(struct kunit *test)
{
	static const u8 first[16] = { 0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90,
				      0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd, 0x28 };
	static const u8 second[16] = { 0x9f, 0x07, 0xe7, 0xbe, 0x55, 0x51, 0x38, 0x7a,
				       0x98, 0xba, 0x97, 0x7c, 0x73, 0x2d, 0x08, 0x0d };
	static const u8 zero[CHACHA_KEY_SIZE];
	u32 state[CHACHA_STATE_WORDS];
	u8 out[CHACHA_BLOCK_SIZE];

	chacha_init(state, zero, zero, 0);
	chacha20_block(state, out);
	KUNIT_EXPECT_EQ(test, memcmp(out, first, sizeof(first)), 0);
	chacha20_block(state, out);
	KUNIT_EXPECT_EQ(test, memcmp(out, second, sizeof(second)), 0);
}

static void hash_of_abc_is_the_one_of_rfc_7693(struct kunit *test)
{
	static const u8 expected[BLAKE2S_HASH_SIZE] = {
		0x50, 0x8c, 0x5e, 0x8c, 0x32, 0x7c, 0x14, 0xe2, 0xe1, 0xa7, 0x2b, 0xa3, 0x4e, 0xeb,
		0x45, 0x2f, 0x37, 0x45, 0x8b, 0x20, 0x9e, 0xd6, 0x3a, 0x29, 0x4d, 0x99, 0x9b, 0x4c,
		0x86, 0x67, 0x59, 0x82,
	};
	struct blake2s_state state;
	u8 out[BLAKE2S_HASH_SIZE];

	blake2s_init_key(&state, NULL, 0);
	blake2s_update(&state, "abc", 3);
	blake2s_final(&state, out);
	KUNIT_EXPECT_EQ(test, memcmp(out, expected, sizeof(out)), 0);
}

static const size_t lengths[] = { 0, 3, 64, 65, 255, 1024 };

/* Appendix E: the input of a length is a Fibonacci generator's. */
static void fill(u8 *out, size_t len)
{
	u32 a = 0xdead4badu * (u32)len, b = 1;

	for (size_t i = 0; i < len; i++) {
		u32 t = a + b;

		a = b;
		b = t;
		out[i] = (u8)(t >> 24);
	}
}

/* Appendix E's own lengths of hashes are four, of which 32 is the one that there is here. */
static void hash_is_the_same_however_it_is_fed(struct kunit *test)
{
	for (unsigned int n = 0; n < ARRAY_SIZE(lengths); n++) {
		struct blake2s_state whole, parts;
		u8 in[1024], one[BLAKE2S_HASH_SIZE], other[BLAKE2S_HASH_SIZE];

		fill(in, lengths[n]);
		blake2s_init_key(&whole, "key", 3);
		blake2s_update(&whole, in, lengths[n]);
		blake2s_final(&whole, one);
		blake2s_init_key(&parts, "key", 3);
		for (size_t at = 0; at < lengths[n]; at += 7)
			blake2s_update(&parts, in + at, min(lengths[n] - at, (size_t)7));
		blake2s_final(&parts, other);
		KUNIT_EXPECT_EQ(test, memcmp(one, other, sizeof(one)), 0);
	}
}

/* What Python's hashlib.blake2s(bytes(range(200)), key=bytes(range(32))) says. */
static void hash_with_a_key_is_another_implementations(struct kunit *test)
{
	static const u8 expected[BLAKE2S_HASH_SIZE] = {
		0x13, 0xc8, 0x84, 0x80, 0xa5, 0xd0, 0x0d, 0x6c, 0x8c, 0x7a, 0xd2, 0x11, 0x0d, 0x76,
		0xa8, 0x2d, 0x9b, 0x70, 0xf4, 0xfa, 0x66, 0x96, 0xd4, 0xe5, 0xdd, 0x42, 0xa0, 0x66,
		0xdc, 0xaf, 0x99, 0x20,
	};
	u8 in[200], out[BLAKE2S_HASH_SIZE];
	struct blake2s_state state;

	for (unsigned int i = 0; i < sizeof(in); i++)
		in[i] = (u8)i;
	blake2s_init_key(&state, in, 32);
	blake2s_update(&state, in, sizeof(in));
	blake2s_final(&state, out);
	KUNIT_EXPECT_EQ(test, memcmp(out, expected, sizeof(out)), 0);
}

/* One bit in the key, and half of the stream's bits are others: of a fixed key, 4096 bits. */
static void stream_is_balanced_and_depends_on_each_bit(struct kunit *test)
{
	static const u8 zero[CHACHA_NONCE_SIZE];
	unsigned int off = 0;

	for (unsigned int bit = 0; bit < 256; bit++) {
		u8 key[CHACHA_KEY_SIZE] = { 0 }, out[CHACHA_BLOCK_SIZE], base[CHACHA_BLOCK_SIZE];
		unsigned int ones = 0, differ = 0;
		u32 state[CHACHA_STATE_WORDS];

		chacha_init(state, key, zero, 0);
		chacha20_block(state, base);
		key[bit / 8] = (u8)(1 << bit % 8);
		chacha_init(state, key, zero, 0);
		chacha20_block(state, out);
		for (unsigned int i = 0; i < sizeof(out); i++) {
			ones += (unsigned int)__builtin_popcount(out[i]);
			differ += (unsigned int)__builtin_popcount(out[i] ^ base[i]);
		}
		/* 256 of 512 are expected, with a deviation of 11 */
		off += ones < 200 || ones > 312 || differ < 200 || differ > 312;
	}
	KUNIT_EXPECT_EQ(test, off, 0);
}

static const struct kunit_case crypto_cases[] = {
	KUNIT_CASE(block_is_the_one_of_rfc_8439),
	KUNIT_CASE(blocks_follow_one_another),
	KUNIT_CASE(hash_of_abc_is_the_one_of_rfc_7693),
	KUNIT_CASE(hash_is_the_same_however_it_is_fed),
	KUNIT_CASE(hash_with_a_key_is_another_implementations),
	KUNIT_CASE(stream_is_balanced_and_depends_on_each_bit),
	{}
};

static struct kunit_suite crypto_suite = {
	.name = "crypto",
	.test_cases = crypto_cases,
};
kunit_test_suite(crypto_suite);
