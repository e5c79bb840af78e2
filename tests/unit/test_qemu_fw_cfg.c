/* SPDX-License-Identifier: MIT */
/*
 * QEMU's firmware configuration over a played device: which items the driver reads, and how much
 * of them, whatever the directory says. What the seed is good for: tests/qemu/test_random.py.
 */
#include <drivers/device.h>
#include <drivers/platform_device.h>
#include <kernel/io.h>
#include <lib/byteorder.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <test/kunit.h>
#include <test/reg_fake.h>

#define NOWHERE		0x3f000000	/* no device of the machine is there */
#define SEED_NAME	"opt/org.nocla/rng-seed"
#define SEED_KEY	0x0022
#define NO_KEY		0xffff

enum { DATA = 0x00, SELECTOR = 0x08, SIZE = 0x18, SIGNATURE = 0x0000, FILE_DIR = 0x0019 };

struct entry {
	u32 size;
	const char *name;
	u16 key;
};

/* [o] the test's */
static struct {
	struct reg_fake reg;
	const char *signature;
	u32 files;			/* that it says it has */
	const struct entry *entries;
	u16 key;
	size_t at;
	unsigned int words[3];		/* read of the signature, the directory, the seed */
	unsigned int others;		/* keys that are none of these */
} played;

static u8 big_endian_byte(u32 value, size_t at)
{
	return (u8)(value >> (24 - 8 * at));
}

/* The entry: size, key, reserved, name; each of 64 bytes. Behind the known ones: endless others. */
static u8 directory_byte(size_t at)
{
	static const struct entry other = { 4, "etc/other", 0x20 };
	const struct entry *entry = played.entries;
	size_t skip;

	if (at < 4)
		return big_endian_byte(played.files, at);
	at -= 4;
	for (skip = at / 64; skip && entry->name; skip--)
		entry++;
	if (!entry->name)
		entry = &other;
	at %= 64;
	if (at < 4)
		return big_endian_byte(entry->size, at);
	if (at < 8)
		return big_endian_byte((u32)entry->key << 16, at - 4);
	return at - 8 < strlen(entry->name) ? (u8)entry->name[at - 8] : 0;
}

static u8 next_byte(void)
{
	size_t at = played.at++;

	switch (played.key) {
	case SIGNATURE:
		return at < 4 ? (u8)played.signature[at] : 0;
	case FILE_DIR:
		return directory_byte(at);
	default:
		return 0x5a;
	}
}

static u32 fw_cfg_read(struct reg_fake *reg, unsigned long offset)
{
	u8 bytes[4];

	if (offset != DATA || played.key == NO_KEY) {
		reg_fake_complain(reg, "nothing is selected");
		return 0;
	}
	for (unsigned int i = 0; i < sizeof(bytes); i++)
		bytes[i] = next_byte();
	played.words[played.key == SIGNATURE ? 0 : played.key == FILE_DIR ? 1 : 2]++;
	return (u32)bytes[3] << 24 | (u32)bytes[2] << 16 | (u32)bytes[1] << 8 | bytes[0];
}

/* The selector is big-endian, whatever the processor is. */
static void fw_cfg_write(struct reg_fake *reg, unsigned long offset, u32 value)
{
	(void)reg;
	(void)offset;
	played.key = (u16)((value & 0xff) << 8 | value >> 8);
	played.at = 0;
	played.others += played.key != SIGNATURE && played.key != FILE_DIR &&
			 played.key != SEED_KEY;
}

static const struct reg_fake_reg fw_cfg_regs[] = {
	{ "DATA", DATA, DATA, 'r', ~0U },
	{ "SELECTOR", SELECTOR, SELECTOR, 'w', 0xffff },
	{ }
};

static const struct reg_fake_model fw_cfg_model = {
	.name = "fw_cfg",
	.regs = fw_cfg_regs,
	.read = fw_cfg_read,
	.write = fw_cfg_write,
};

/* Returns whether the driver took the device, of which `mem` are the registers. */
static bool probe_at(struct kunit *test, struct resource mem, const char *signature, u32 files,
		     const struct entry *entries)
{
	struct platform_device *pdev;
	bool bound;

	memset(&played, 0, sizeof(played));
	played.reg.model = &fw_cfg_model;
	played.signature = signature;
	played.files = files;
	played.entries = entries;
	played.key = NO_KEY;
	KUNIT_ASSERT_EQ(test, reg_fake_attach(&played.reg, NOWHERE), 0);
	pdev = platform_device_register_simple("qemu_fw_cfg", PLATFORM_DEVID_NONE, &mem, 1);
	bound = !IS_ERR(pdev) && pdev->dev.driver;
	KUNIT_EXPECT_FALSE(test, IS_ERR(pdev));
	if (!IS_ERR(pdev))
		platform_device_unregister(pdev);
	reg_fake_detach(test, &played.reg);
	return bound;
}

static bool probe(struct kunit *test, const char *signature, u32 files,
		  const struct entry *entries)
{
	return probe_at(test, DEFINE_RES_MEM(NOWHERE, SIZE), signature, files, entries);
}

static const struct entry none[] = { { } };

/* Nothing is written to find out. */
static void registers_that_cannot_be_its_are_not_touched(struct kunit *test)
{
	static const struct resource wrong[] = {
		DEFINE_RES_MEM(NOWHERE, SIZE - 1), DEFINE_RES_MEM(NOWHERE + 4, SIZE),
		DEFINE_RES_MEM(NOWHERE + 1, SIZE),
	};

	kunit_tolerates_faults(test);
	for (unsigned int i = 0; i < ARRAY_SIZE(wrong); i++) {
		KUNIT_EXPECT_FALSE(test, probe_at(test, wrong[i], "QEMU", 5, none));
		KUNIT_EXPECT_STREQ(test, reg_fake_noted(&played.reg), "");
	}
}

/* 16 bits of seed: the pool is not to be full after these cases. */
static void the_seed_is_found_behind_others_and_read(struct kunit *test)
{
	static const struct entry entries[] = {
		{ 4, "bootorder", 0x20 }, { 8, "opt/org.nocla/rng-seed2", 0x21 },
		{ 2, SEED_NAME, SEED_KEY }, { },
	};

	KUNIT_EXPECT_TRUE(test, probe(test, "QEMU", 3, entries));
	KUNIT_EXPECT_EQ(test, played.words[0], 1);
	KUNIT_EXPECT_EQ(test, played.words[1], 1 + 3 * 16);
	KUNIT_EXPECT_EQ(test, played.words[2], 1);
	KUNIT_EXPECT_EQ(test, played.others, 0);
}

/* Quiet: a message at this level would be seen by nobody, a report fails the case. */
static void without_a_seed_no_file_is_read(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, probe(test, "QEMU", 5, none));
	KUNIT_EXPECT_EQ(test, played.words[1], 1 + 5 * 16);
	KUNIT_EXPECT_EQ(test, played.words[2], 0);
	KUNIT_EXPECT_EQ(test, played.others, 0);
	KUNIT_EXPECT_TRUE(test, probe(test, "QEMU", 0, none));
	KUNIT_EXPECT_EQ(test, played.words[1], 1);
}

static void what_is_not_qemus_is_left_alone(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, probe(test, "QEMV", 5, none));
	KUNIT_EXPECT_EQ(test, played.words[0], 1);
	KUNIT_EXPECT_EQ(test, played.words[1], 0);
}

static void an_endless_directory_is_read_to_a_bound(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, probe(test, "QEMU", ~0U, none));
	KUNIT_EXPECT_EQ(test, played.words[1], 1 + 1024 * 16);
}

static void an_empty_seed_is_not_read(struct kunit *test)
{
	static const struct entry entries[] = { { 0, SEED_NAME, SEED_KEY }, { } };

	KUNIT_EXPECT_TRUE(test, probe(test, "QEMU", 1, entries));
	KUNIT_EXPECT_EQ(test, played.words[2], 0);
}

/* The name fills its field, without an end: it is another one, and nothing behind it is read. */
static void a_name_without_an_end_is_compared_to_its_field(struct kunit *test)
{
	static const struct entry entries[] = {
		{ 2, "opt/org.nocla/rng-seedopt/org.nocla/rng-seedopt/org.nocl", SEED_KEY }, { },
	};

	KUNIT_EXPECT_EQ(test, strlen(entries[0].name), 56);
	KUNIT_EXPECT_TRUE(test, probe(test, "QEMU", 1, entries));
	KUNIT_EXPECT_EQ(test, played.words[2], 0);
}

static struct kunit_case qemu_fw_cfg_cases[] = {
	KUNIT_CASE(the_seed_is_found_behind_others_and_read),
	KUNIT_CASE(without_a_seed_no_file_is_read),
	KUNIT_CASE(what_is_not_qemus_is_left_alone),
	KUNIT_CASE(an_endless_directory_is_read_to_a_bound),
	KUNIT_CASE(an_empty_seed_is_not_read),
	KUNIT_CASE(a_name_without_an_end_is_compared_to_its_field),
	KUNIT_CASE(registers_that_cannot_be_its_are_not_touched),
	{}
};

static struct kunit_suite qemu_fw_cfg_suite = {
	.name = "qemu_fw_cfg",
	.test_cases = qemu_fw_cfg_cases,
};
kunit_test_suite(qemu_fw_cfg_suite);
