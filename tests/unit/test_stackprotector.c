/* SPDX-License-Identifier: MIT */
/*
 * The stack protector, where its end is that of a task of a case. That of the machine, and the
 * canaries of several boots, are in tests/qemu.
 */
#include <kernel/stackprotector.h>

#include <kernel/completion.h>
#include <kernel/kthread.h>
#include <lib/err.h>
#include <lib/string.h>
#include <test/kunit.h>

/* Writes `length` bytes from the start of 16. */
static noinline char write_bytes(volatile size_t length)
{
	char array[16];

	memset(array, 0x5a, length);
	return array[1];
}

static int smash_task(void *length)
{
	return write_bytes((size_t)(unsigned long)length);
}

static int result_of_writing(struct kunit *test, unsigned long length)
{
	struct task_struct *task = kthread_create(smash_task, (void *)length, "smash");
	int result;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	get_task_struct(task);
	wake_up_process(task);
	wait_for_completion(&task->exited);
	result = kthread_stop(task);
	put_task_struct(task);
	return result;
}

static void an_overrun_is_the_end_of_its_task(struct kunit *test)
{
	int result = 0;

	KUNIT_EXPECT_EQ(test, result_of_writing(test, 16), 0x5a);
	KUNIT_EXPECT_REPORT(test, "stack smashed: write_bytes+",
			    result = result_of_writing(test, 16 + sizeof(long)));
	KUNIT_EXPECT_EQ(test, result, -EFAULT);
}

static void the_canary_ends_a_string(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, __stack_chk_guard & 0xff, 0);
	KUNIT_EXPECT_NE(test, __stack_chk_guard, 0);
}

static struct kunit_case stackprotector_cases[] = {
	KUNIT_CASE(an_overrun_is_the_end_of_its_task),
	KUNIT_CASE(the_canary_ends_a_string),
	{},
};

static struct kunit_suite stackprotector_suite = {
	.name = "stackprotector",
	.test_cases = stackprotector_cases,
};

kunit_test_suite(stackprotector_suite);
