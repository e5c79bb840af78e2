/* SPDX-License-Identifier: MIT */
/*
 * Accesses of a register under all their names, and waiting for one, on a block that is played:
 * how many there are, of which width, with what.
 */
#include <kernel/iopoll.h>

#include <lib/errno.h>
#include <lib/math.h>
#include <test/kunit.h>

static struct {
	struct io_hook hook;
	unsigned int reads, writes, width;
	u32 value;		/* of a read: it counts up */
	u32 written[8];
} block;

#define NEVER	1000000

static u32 nowhere;

static u32 block_read(struct io_hook *hook, unsigned long offset, unsigned int width)
{
	(void)hook;
	(void)offset;
	block.reads++;
	block.width = width;
	return block.value++;
}

static void block_write(struct io_hook *hook, unsigned long offset, u32 value,
			unsigned int width)
{
	(void)hook;
	(void)offset;
	block.written[block.writes++ % ARRAY_SIZE(block.written)] = value;
	block.width = width;
}

static int io_init(struct kunit *test)
{
	(void)test;
	block.reads = block.writes = block.value = 0;
	block.hook = (struct io_hook){
		.base = &nowhere, .size = sizeof(nowhere),
		.read = block_read, .write = block_write,
	};
	io_hook_install(&block.hook);
	return 0;
}

static void io_exit(struct kunit *test)
{
	(void)test;
	io_hook_remove();
}

static void bytes_the_other_way_round_are_turned(struct kunit *test)
{
	block.value = 0x1234;
	KUNIT_EXPECT_EQ(test, ioread16be(&nowhere), 0x3412);
	KUNIT_EXPECT_EQ(test, block.width, 2);
	block.value = 0x12345678;
	KUNIT_EXPECT_EQ(test, ioread32be(&nowhere), 0x78563412);
	KUNIT_EXPECT_EQ(test, block.width, 4);
	KUNIT_EXPECT_EQ(test, block.reads, 2);
	iowrite16be(0x1234, &nowhere);
	iowrite32be(0x12345678, &nowhere);
	iowrite8(0x12, &nowhere);
	KUNIT_EXPECT_EQ(test, block.written[0], 0x3412);
	KUNIT_EXPECT_EQ(test, block.written[1], 0x78563412);
	KUNIT_EXPECT_EQ(test, block.written[2], 0x12);
	KUNIT_EXPECT_EQ(test, block.width, 1);
}

static void a_fifo_is_accessed_as_often_as_there_are_items(struct kunit *test)
{
	u32 words[3] = { 0 }, more[2] = { 0xaabbccdd, 1 };
	u8 bytes[4];

	readsl(&nowhere, words, 3);
	KUNIT_EXPECT_EQ(test, block.reads, 3);
	KUNIT_EXPECT_EQ(test, block.width, 4);
	KUNIT_EXPECT_EQ(test, words[2], 2);
	readsb(&nowhere, bytes, 4);
	KUNIT_EXPECT_EQ(test, block.reads, 7);
	KUNIT_EXPECT_EQ(test, block.width, 1);
	KUNIT_EXPECT_EQ(test, bytes[3], 6);
	writesl(&nowhere, more, 2);
	KUNIT_EXPECT_EQ(test, block.writes, 2);
	KUNIT_EXPECT_EQ(test, block.written[0], 0xaabbccdd);
	readsw(&nowhere, (u16 *)words, 0);
	KUNIT_EXPECT_EQ(test, block.reads, 7);
}

static void waiting_ends_with_the_condition(struct kunit *test)
{
	u32 value;

	KUNIT_EXPECT_EQ(test, readl_poll_timeout(&nowhere, value, value == 5, 1, 1000000), 0);
	KUNIT_EXPECT_EQ(test, value, 5);
	KUNIT_EXPECT_EQ(test, block.reads, 6);
	KUNIT_EXPECT_EQ(test, readl_relaxed_poll_timeout_atomic(&nowhere, value, value == 9, 0, 0),
			0);
	KUNIT_EXPECT_EQ(test, block.reads, 10);
	KUNIT_EXPECT_EQ(test, readb_poll_timeout_atomic(&nowhere, value, true, 5, 5), 0);
	KUNIT_EXPECT_EQ(test, block.reads, 11);
}

/* The last look is after the time is over. */
static void waiting_has_a_bound(struct kunit *test)
{
	u32 value;

	KUNIT_EXPECT_EQ(test, readl_poll_timeout(&nowhere, value, value == NEVER, 100, 300),
			-ETIMEDOUT);
	KUNIT_EXPECT_GE(test, block.reads, 2);
	KUNIT_EXPECT_LE(test, block.reads, 20);
	block.reads = 0;
	KUNIT_EXPECT_EQ(test, readl_poll_timeout_atomic(&nowhere, value, value == NEVER,
							10, 1), -ETIMEDOUT);
	KUNIT_EXPECT_GE(test, block.reads, 2);
	KUNIT_EXPECT_LE(test, block.reads, 3);
}

static struct kunit_case io_cases[] = {
	KUNIT_CASE(bytes_the_other_way_round_are_turned),
	KUNIT_CASE(a_fifo_is_accessed_as_often_as_there_are_items),
	KUNIT_CASE(waiting_ends_with_the_condition),
	KUNIT_CASE(waiting_has_a_bound),
	{}
};

static struct kunit_suite io_suite = {
	.name = "io",
	.init = io_init,
	.exit = io_exit,
	.test_cases = io_cases,
};
kunit_test_suite(io_suite);
