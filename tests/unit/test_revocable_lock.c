/* SPDX-License-Identifier: MIT */
/*
 * Revocable locks: the content is there or NULL, is destroyed once and with nobody inside, and who
 * revokes what he holds himself is told.
 */
#include <kernel/revocable_lock.h>

#include <kernel/bug.h>
#include <lib/errno.h>
#include <test/kunit.h>

#include "lock_threads.h"

struct scene;

struct regs {
	struct scene *scene;
	int level;
	atomic_t inside;
};

struct scene {
	struct revocable_mutex m;
	struct revocable_rwsem s;
	struct regs regs, shared;	/* what the one and the other have in them */
	atomic_t destroyed, destroyed_inside;
	atomic_t winners;
	bool leave;
};

static void destroy(void *content)
{
	struct regs *regs = content;

	atomic_inc(&regs->scene->destroyed);
	if (atomic_read(&regs->inside))
		atomic_inc(&regs->scene->destroyed_inside);
	regs->level = -1;
}

static struct scene *scene_new(struct kunit *test)
{
	struct scene *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->regs.scene = s;
	s->shared.scene = s;
	revocable_mutex_init(&s->m, &s->regs, destroy);
	revocable_rwsem_init(&s->s, &s->shared, destroy);
	return s;
}

/* ---- the mutex ---- */

static void the_content_is_there_until_it_is_revoked(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);

	KUNIT_EXPECT_FALSE(test, revocable_mutex_is_revoked(&s->m));
	KUNIT_EXPECT_PTR_EQ(test, revocable_mutex_lock(&s->m), (void *)&s->regs);
	KUNIT_EXPECT_PTR_EQ(test, revocable_mutex_content(&s->m), (void *)&s->regs);
	KUNIT_EXPECT_NULL(test, revocable_mutex_trylock(&s->m));
	revocable_mutex_unlock(&s->m);
	KUNIT_EXPECT_PTR_EQ(test, revocable_mutex_trylock(&s->m), (void *)&s->regs);
	revocable_mutex_unlock(&s->m);
	KUNIT_EXPECT_TRUE(test, revocable_mutex_revoke(&s->m));
	KUNIT_EXPECT_EQ(test, atomic_read(&s->destroyed), 1);
	KUNIT_EXPECT_TRUE(test, revocable_mutex_is_revoked(&s->m));
	KUNIT_EXPECT_NULL(test, revocable_mutex_lock(&s->m));
	KUNIT_EXPECT_NULL(test, revocable_mutex_trylock(&s->m));
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&s->m.mutex));
}

static void it_is_revoked_once(struct kunit *test)
{
	struct scene *s = scene_new(test);

	KUNIT_EXPECT_TRUE(test, revocable_mutex_revoke(&s->m));
	KUNIT_EXPECT_FALSE(test, revocable_mutex_revoke(&s->m));
	KUNIT_EXPECT_TRUE(test, revocable_rwsem_revoke(&s->s));
	KUNIT_EXPECT_FALSE(test, revocable_rwsem_revoke(&s->s));
	KUNIT_EXPECT_EQ(test, atomic_read(&s->destroyed), 2);
}

static int set_level(struct scene *s, int level)
{
	scoped_cond_guard(revocable_mutex, return -ENXIO, &s->m) {
		struct regs *regs = revocable_mutex_content(&s->m);

		regs->level = level;
	}
	scoped_cond_guard(revocable_rwsem_write, return -ENXIO, &s->s) {
		struct regs *regs = revocable_rwsem_write_content(&s->s);

		regs->level = 2 * level;
	}
	scoped_cond_guard(revocable_rwsem_read, return -ENXIO, &s->s) {
		const struct regs *regs = revocable_rwsem_read_content(&s->s);

		return regs->level;
	}
	return 0;
}

static void guards_are_entered_while_there_is_content(struct kunit *test)
{
	struct scene *s = scene_new(test);

	KUNIT_EXPECT_EQ(test, set_level(s, 3), 6);
	KUNIT_EXPECT_EQ(test, s->regs.level, 3);
	revocable_rwsem_revoke(&s->s);
	KUNIT_EXPECT_EQ(test, s->shared.level, -1);
	KUNIT_EXPECT_EQ(test, set_level(s, 5), -ENXIO);
	KUNIT_EXPECT_EQ(test, s->regs.level, 5);
	revocable_mutex_revoke(&s->m);
	KUNIT_EXPECT_EQ(test, set_level(s, 6), -ENXIO);
	KUNIT_EXPECT_EQ(test, s->regs.level, -1);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&s->m.mutex));
	KUNIT_EXPECT_FALSE(test, rwsem_is_locked(&s->s.sem));
}

static int sleep_inside(void *data)
{
	struct scene *s = data;

	scoped_cond_guard(revocable_mutex, return -ENXIO, &s->m) {
		atomic_inc(&s->regs.inside);
		while (!READ_ONCE(s->leave) && !kthread_should_stop())
			yield();
		atomic_dec(&s->regs.inside);
	}
	return 0;
}

static int read_inside(void *data)
{
	struct scene *s = data;

	scoped_cond_guard(revocable_rwsem_read, return -ENXIO, &s->s) {
		atomic_inc(&s->shared.inside);
		while (!READ_ONCE(s->leave) && !kthread_should_stop())
			yield();
		atomic_dec(&s->shared.inside);
	}
	return 0;
}

static int revoke_mutex(void *data)
{
	struct scene *s = data;

	if (revocable_mutex_revoke(&s->m))
		atomic_inc(&s->winners);
	return atomic_read(&s->destroyed);
}

static int revoke_rwsem(void *data)
{
	struct scene *s = data;

	if (revocable_rwsem_revoke(&s->s))
		atomic_inc(&s->winners);
	return atomic_read(&s->destroyed);
}

/* One inside who sleeps, two who revoke, one who comes after. */
static void revoke_waits(struct kunit *test, int (*inside)(void *), int (*revoke)(void *))
{
	struct scene *s = scene_new(test);
	struct task_struct *holder, *first, *second, *late;

	holder = start_thread(test, inside, s);
	first = start_thread(test, revoke, s);
	second = start_thread(test, revoke, s);
	late = start_thread(test, inside, s);
	KUNIT_EXPECT_EQ(test, atomic_read(&s->regs.inside) + atomic_read(&s->shared.inside), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&s->destroyed), 0);
	WRITE_ONCE(s->leave, true);
	KUNIT_EXPECT_EQ(test, kthread_join(second), 1);
	KUNIT_EXPECT_EQ(test, kthread_join(first), 1);
	KUNIT_EXPECT_EQ(test, kthread_join(holder), 0);
	KUNIT_EXPECT_EQ(test, kthread_join(late), -ENXIO);
	KUNIT_EXPECT_EQ(test, atomic_read(&s->winners), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&s->destroyed_inside), 0);
}

static void revoke_waits_for_a_holder_that_sleeps(struct kunit *test)
{
	revoke_waits(test, sleep_inside, revoke_mutex);
}

static void revoke_waits_for_readers(struct kunit *test)
{
	revoke_waits(test, read_inside, revoke_rwsem);
}

static void revoking_what_one_holds_is_reported(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);
	bool revoked = false;

	KUNIT_ASSERT_NOT_NULL(test, revocable_mutex_lock(&s->m));
	KUNIT_EXPECT_REPORT(test, "revokes what it holds itself",
			    revoked |= revocable_mutex_revoke(&s->m));
	revocable_mutex_unlock(&s->m);
	KUNIT_EXPECT_FALSE(test, revoked);
	KUNIT_EXPECT_EQ(test, atomic_read(&s->destroyed), 0);
	KUNIT_EXPECT_TRUE(test, revocable_mutex_revoke(&s->m));
}

static void revoking_what_one_reads_or_writes_is_reported(struct kunit *test)
	__no_context_analysis
{
	struct scene *s = scene_new(test);
	bool revoked = false;

	NEEDS_LOCKDEP(test);
	KUNIT_ASSERT_NOT_NULL(test, revocable_rwsem_read_lock(&s->s));
	KUNIT_EXPECT_REPORT(test, "revokes what it holds itself",
			    revoked |= revocable_rwsem_revoke(&s->s));
	revocable_rwsem_read_unlock(&s->s);
	KUNIT_ASSERT_NOT_NULL(test, revocable_rwsem_write_lock(&s->s));
	KUNIT_EXPECT_REPORT(test, "revokes what it holds itself",
			    revoked |= revocable_rwsem_revoke(&s->s));
	revocable_rwsem_write_unlock(&s->s);
	KUNIT_EXPECT_FALSE(test, revoked);
	KUNIT_EXPECT_EQ(test, atomic_read(&s->destroyed), 0);
}

static void enters_the_mutex(void *content)
{
	struct regs *regs = content;

	atomic_inc(&regs->scene->destroyed);
	scoped_cond_guard(revocable_mutex, return, &regs->scene->m)
		atomic_inc(&regs->scene->destroyed_inside);
}

static void enters_the_rwsem(void *content)
{
	struct regs *regs = content;

	atomic_inc(&regs->scene->destroyed);
	scoped_cond_guard(revocable_rwsem_write, return, &regs->scene->s)
		atomic_inc(&regs->scene->destroyed_inside);
}

/* It would wait for its own task. */
static void a_destructor_that_takes_its_own_lock_is_reported(struct kunit *test)
{
	struct scene *s = scene_new(test);

	NEEDS_LOCKDEP(test);
	revocable_mutex_init(&s->m, &s->regs, enters_the_mutex);
	revocable_rwsem_init(&s->s, &s->shared, enters_the_rwsem);
	KUNIT_EXPECT_REPORT(test, "possible recursive locking", revocable_mutex_revoke(&s->m));
	KUNIT_EXPECT_REPORT(test, "possible recursive locking", revocable_rwsem_revoke(&s->s));
	KUNIT_EXPECT_EQ(test, atomic_read(&s->destroyed), 2);
	KUNIT_EXPECT_EQ(test, atomic_read(&s->destroyed_inside), 0);
}

/* ---- several CPUs ---- */

static void stay_shortly(const struct regs *content)
{
	atomic_t *inside = content == &content->scene->regs ? &content->scene->regs.inside :
							    &content->scene->shared.inside;

	atomic_inc(inside);
	if (content->level < 0)
		atomic_inc(&content->scene->destroyed_inside);
	atomic_dec(inside);
}

static int use_until_gone(void *data)
{
	struct scene *s = data;

	for (;;) {
		scoped_cond_guard(revocable_mutex, return 0, &s->m)
			stay_shortly(revocable_mutex_content(&s->m));
		scoped_cond_guard(revocable_rwsem_read, return 0, &s->s)
			stay_shortly(revocable_rwsem_read_content(&s->s));
		cond_resched();
	}
}

static void users_on_all_cpus_never_meet_the_destructor(struct kunit *test)
{
	NEEDS_TWO_CPUS(test);
	for (unsigned int round = 0; round < 10; round++) {
		struct scene *s = scene_new(test);
		struct task_struct *t[CONFIG_NR_CPUS];
		unsigned int n = num_online_cpus();

		for (unsigned int i = 0; i < n; i++)
			t[i] = start_thread_on(test, i, use_until_gone, s);
		yield();
		if (round % 2)
			revocable_rwsem_revoke(&s->s);
		revocable_mutex_revoke(&s->m);
		for (unsigned int i = 0; i < n; i++)
			kthread_join(t[i]);
		KUNIT_EXPECT_EQ(test, atomic_read(&s->destroyed), 1 + (int)(round % 2));
		KUNIT_EXPECT_EQ(test, atomic_read(&s->destroyed_inside), 0);
	}
}

static struct kunit_case revocable_cases[] = {
	KUNIT_CASE(the_content_is_there_until_it_is_revoked),
	KUNIT_CASE(it_is_revoked_once),
	KUNIT_CASE(guards_are_entered_while_there_is_content),
	KUNIT_CASE(revoke_waits_for_a_holder_that_sleeps),
	KUNIT_CASE(revoke_waits_for_readers),
	KUNIT_CASE(revoking_what_one_holds_is_reported),
	KUNIT_CASE(revoking_what_one_reads_or_writes_is_reported),
	KUNIT_CASE(a_destructor_that_takes_its_own_lock_is_reported),
	KUNIT_CASE(users_on_all_cpus_never_meet_the_destructor),
	{}
};

static struct kunit_suite revocable_suite = {
	.name = "revocable_lock",
	.exit = free_thread_cache,
	.test_cases = revocable_cases,
};
kunit_test_suite(revocable_suite);
