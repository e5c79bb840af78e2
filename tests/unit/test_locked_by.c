/* SPDX-License-Identifier: MIT */
/*
 * Data whose lock is elsewhere is there for who holds that very lock.
 */
#include <kernel/locked_by.h>

#include <kernel/mutex.h>
#include <kernel/rwsem.h>
#include <kernel/spinlock.h>
#include <lib/kconfig.h>
#include <test/kunit.h>

struct directory {
	struct mutex lock;
	spinlock_t spin;
	struct rw_semaphore rwsem;
};

struct file {
	int inode;
	LOCKED_BY(int) size;
	LOCKED_BY(struct { int reads, writes; }) counts;
	LOCKED_BY(int) mode;
};

struct world {
	struct directory a, b;
	struct file file;	/* in a */
};

static struct world *world_new(struct kunit *test)
{
	struct world *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	mutex_init(&w->a.lock);
	mutex_init(&w->b.lock);
	spin_lock_init(&w->a.spin);
	spin_lock_init(&w->b.spin);
	init_rwsem(&w->a.rwsem);
	locked_by_init(&w->file.mode, &w->a.rwsem);
	locked_by_init(&w->file.size, &w->a.lock);
	locked_by_init(&w->file.counts, &w->a.spin);
	return w;
}

static void need_lockdep(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "a check of CONFIG_LOCKDEP");
}

static void who_holds_the_lock_gets_the_data(struct kunit *test)
{
	struct world *w = world_new(test);
	unsigned long flags;
	int *size;

	mutex_lock(&w->a.lock);
	size = locked_by_access(&w->file.size, &w->a.lock);
	KUNIT_EXPECT_PTR_EQ(test, size, &w->file.size.data);
	mutex_unlock(&w->a.lock);
	spin_lock_irqsave(&w->a.spin, flags);
	KUNIT_EXPECT_PTR_EQ(test, locked_by_access(&w->file.counts, &w->a.spin),
			    &w->file.counts.data);
	spin_unlock_irqrestore(&w->a.spin, flags);
}

static void a_reader_reads_and_a_writer_writes(struct kunit *test)
{
	struct world *w = world_new(test);
	const int *read;
	int *written;

	down_write(&w->a.rwsem);
	written = locked_by_access(&w->file.mode, &w->a.rwsem);
	KUNIT_EXPECT_PTR_EQ(test, written, &w->file.mode.data);
	read = locked_by_read(&w->file.mode, &w->a.rwsem);
	KUNIT_EXPECT_PTR_EQ(test, read, written);
	downgrade_write(&w->a.rwsem);
	read = locked_by_read(&w->file.mode, &w->a.rwsem);
	KUNIT_EXPECT_PTR_EQ(test, read, &w->file.mode.data);
	up_read(&w->a.rwsem);
}

static void a_reader_gets_nothing_to_write(struct kunit *test)
{
	struct world *w = world_new(test);
	const int *read = &w->file.inode;
	int *written = &w->file.inode;

	need_lockdep(test);
	down_read(&w->a.rwsem);
	KUNIT_EXPECT_REPORT(test, "to be written by a reader",
			    written = locked_by_access(&w->file.mode, &w->a.rwsem));
	KUNIT_EXPECT_NULL(test, written);
	up_read(&w->a.rwsem);
	KUNIT_EXPECT_REPORT(test, "is accessed without its lock",
			    read = locked_by_read(&w->file.mode, &w->a.rwsem));
	KUNIT_EXPECT_NULL(test, read);
}

static void another_directorys_lock_is_not_enough(struct kunit *test)
{
	struct world *w = world_new(test);
	int *size = NULL;

	need_lockdep(test);
	mutex_lock(&w->b.lock);
	KUNIT_EXPECT_REPORT(test, "not by", size = locked_by_access(&w->file.size, &w->b.lock));
	KUNIT_EXPECT_NULL(test, size);
	/* Showing the right lock does not help who holds the wrong one. */
	size = &w->file.inode;
	KUNIT_EXPECT_REPORT(test, "is accessed without its lock",
			    size = locked_by_access(&w->file.size, &w->a.lock));
	KUNIT_EXPECT_NULL(test, size);
	mutex_unlock(&w->b.lock);
}

static void the_lock_is_held_by_the_caller(struct kunit *test)
{
	struct world *w = world_new(test);
	int *size = &w->file.inode;

	need_lockdep(test);
	KUNIT_EXPECT_REPORT(test, "is accessed without its lock",
			    size = locked_by_access(&w->file.size, &w->a.lock));
	KUNIT_EXPECT_NULL(test, size);
}

/* The directory was freed, and the next one came to lie in the same place. */
static void a_lock_at_the_same_address_is_another_one(struct kunit *test)
{
	struct world *w = world_new(test);
	int *size = &w->file.inode;

	need_lockdep(test);
	mutex_destroy(&w->a.lock);
	mutex_init(&w->a.lock);
	mutex_lock(&w->a.lock);
	KUNIT_EXPECT_REPORT(test, "by a lock that is gone",
			    size = locked_by_access(&w->file.size, &w->a.lock));
	KUNIT_EXPECT_NULL(test, size);
	mutex_unlock(&w->a.lock);
}

static void data_without_a_lock_is_reported(struct kunit *test)
{
	struct world *w = world_new(test);
	struct file *loose = kunit_kzalloc(test, sizeof(*loose), GFP_KERNEL);
	int *size = NULL;

	need_lockdep(test);
	KUNIT_ASSERT_NOT_NULL(test, loose);
	mutex_lock(&w->a.lock);
	KUNIT_EXPECT_REPORT(test, "has no lock",
			    size = locked_by_access(&loose->size, &w->a.lock));
	mutex_unlock(&w->a.lock);
	KUNIT_EXPECT_NULL(test, size);
}

static struct kunit_case locked_by_cases[] = {
	KUNIT_CASE(who_holds_the_lock_gets_the_data),
	KUNIT_CASE(a_reader_reads_and_a_writer_writes),
	KUNIT_CASE(a_reader_gets_nothing_to_write),
	KUNIT_CASE(another_directorys_lock_is_not_enough),
	KUNIT_CASE(the_lock_is_held_by_the_caller),
	KUNIT_CASE(a_lock_at_the_same_address_is_another_one),
	KUNIT_CASE(data_without_a_lock_is_reported),
	{}
};

static struct kunit_suite locked_by_suite = {
	.name = "locked_by",
	.test_cases = locked_by_cases,
};
kunit_test_suite(locked_by_suite);
