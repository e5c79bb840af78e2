/* SPDX-License-Identifier: MIT */
/*
 * Register windows with a size, on a block that is played: each access is one, of its width, at
 * its place; a run-time offset that is wrong is none at all. What is wrong when it is compiled
 * is in tests/nocompile/register_*.c.
 */
#include <kernel/io_mem.h>

#include <lib/errno.h>
#include <test/kunit.h>

#define WINDOW	0x20
#define MAPPED	0x30

struct block {
	IO_MEM(WINDOW) regs;
	struct io_hook hook;
	u32 value;		/* of every read */
	unsigned int accesses;
	unsigned long offset;	/* of the last */
	unsigned int width;
	u32 written;
};

static struct block block;
static u8 nowhere[MAPPED] __aligned(8);

static u32 block_read(struct io_hook *hook, unsigned long offset, unsigned int width)
{
	(void)hook;
	block.accesses++;
	block.offset = offset;
	block.width = width;
	return block.value;
}

static void block_write(struct io_hook *hook, unsigned long offset, u32 value,
			unsigned int width)
{
	block_read(hook, offset, width);
	block.written = value;
}

static int io_mem_init_case(struct kunit *test)
{
	block = (struct block){
		.hook = { .base = nowhere, .size = MAPPED, .read = block_read,
			  .write = block_write },
		.value = 0x89abcdef,
	};
	io_hook_install(&block.hook);
	KUNIT_ASSERT_EQ(test, io_mem_init(&block.regs, nowhere, MAPPED), 0);
	return 0;
}

static void io_mem_exit_case(struct kunit *test)
{
	(void)test;
	io_hook_remove();
}

#define EXPECT_ACCESS(test, n, at, bytes) do {				\
	KUNIT_EXPECT_EQ(test, block.accesses, n);			\
	KUNIT_EXPECT_EQ(test, block.offset, at);			\
	KUNIT_EXPECT_EQ(test, block.width, bytes);			\
} while (0)

static void a_read_is_one_access_of_its_width(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, io_mem_readl(&block.regs, 0x1c), 0x89abcdef);
	EXPECT_ACCESS(test, 1, 0x1c, 4);
	KUNIT_EXPECT_EQ(test, io_mem_readw(&block.regs, 0x1e), 0xcdef);
	EXPECT_ACCESS(test, 2, 0x1e, 2);
	KUNIT_EXPECT_EQ(test, io_mem_readb_relaxed(&block.regs, 0x1f), 0xef);
	EXPECT_ACCESS(test, 3, 0x1f, 1);
}

static void a_write_is_one_access_of_its_width(struct kunit *test)
{
	io_mem_writel(&block.regs, 0x12345678, 0);
	EXPECT_ACCESS(test, 1, 0, 4);
	KUNIT_EXPECT_EQ(test, block.written, 0x12345678);
	io_mem_writew(&block.regs, 0x1234, 2);
	EXPECT_ACCESS(test, 2, 2, 2);
	io_mem_writeb_relaxed(&block.regs, 0x12, 3);
	EXPECT_ACCESS(test, 3, 3, 1);
	KUNIT_EXPECT_EQ(test, block.written, 0x12);
}

/* The window that the type promises ends at 0x20, what is mapped at 0x30. */
static void an_offset_of_run_time_reaches_what_is_mapped(struct kunit *test)
{
	u32 value = 0;
	u16 half = 0;
	u8 byte = 0;

	KUNIT_EXPECT_EQ(test, io_mem_try_readl(&block.regs, MAPPED - 4, &value), 0);
	KUNIT_EXPECT_EQ(test, value, 0x89abcdef);
	EXPECT_ACCESS(test, 1, MAPPED - 4, 4);
	KUNIT_EXPECT_EQ(test, io_mem_try_readw(&block.regs, MAPPED - 2, &half), 0);
	KUNIT_EXPECT_EQ(test, half, 0xcdef);
	KUNIT_EXPECT_EQ(test, io_mem_try_readb(&block.regs, MAPPED - 1, &byte), 0);
	KUNIT_EXPECT_EQ(test, byte, 0xef);
	KUNIT_EXPECT_EQ(test, io_mem_try_writel(&block.regs, 7, 0), 0);
	KUNIT_EXPECT_EQ(test, block.written, 7);
	KUNIT_EXPECT_EQ(test, io_mem_try_writew(&block.regs, 8, 2), 0);
	KUNIT_EXPECT_EQ(test, io_mem_try_writeb(&block.regs, 9, 3), 0);
	EXPECT_ACCESS(test, 6, 3, 1);
}

static void a_wrong_offset_of_run_time_is_no_access(struct kunit *test)
{
	u32 value = 5;
	u16 half = 5;

	KUNIT_EXPECT_EQ(test, io_mem_try_readl(&block.regs, 2, &value), -EINVAL);
	KUNIT_EXPECT_EQ(test, io_mem_try_readw(&block.regs, 1, &half), -EINVAL);
	KUNIT_EXPECT_EQ(test, io_mem_try_readl(&block.regs, MAPPED, &value), -ERANGE);
	KUNIT_EXPECT_EQ(test, io_mem_try_readl(&block.regs, (size_t)-4, &value), -ERANGE);
	KUNIT_EXPECT_EQ(test, io_mem_try_writeb(&block.regs, 1, MAPPED), -ERANGE);
	KUNIT_EXPECT_EQ(test, io_mem_try_writel(&block.regs, 1, MAPPED - 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, value, 5);
	KUNIT_EXPECT_EQ(test, half, 5);
	KUNIT_EXPECT_EQ(test, block.accesses, 0);
}

static void what_is_mapped_covers_what_the_type_promises(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, io_mem_init(&block.regs, nowhere, WINDOW - 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, io_mem_init(&block.regs, nowhere, WINDOW), 0);
}

static void a_window_too_small_for_the_access_has_no_offset(struct kunit *test)
{
	u32 value;

	KUNIT_EXPECT_EQ(test, io_mem_init(&block.regs, nowhere, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, io_mem_try_readl(&block.regs, 0, &value), -ERANGE);
	KUNIT_EXPECT_EQ(test, block.accesses, 0);
}

static struct kunit_case io_mem_cases[] = {
	KUNIT_CASE(a_read_is_one_access_of_its_width),
	KUNIT_CASE(a_write_is_one_access_of_its_width),
	KUNIT_CASE(an_offset_of_run_time_reaches_what_is_mapped),
	KUNIT_CASE(a_wrong_offset_of_run_time_is_no_access),
	KUNIT_CASE(what_is_mapped_covers_what_the_type_promises),
	KUNIT_CASE(a_window_too_small_for_the_access_has_no_offset),
	{ }
};

static struct kunit_suite io_mem_suite = {
	.name = "io_mem",
	.init = io_mem_init_case,
	.exit = io_mem_exit_case,
	.test_cases = io_mem_cases,
};
kunit_test_suite(io_mem_suite);
