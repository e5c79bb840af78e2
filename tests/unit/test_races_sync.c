/* SPDX-License-Identifier: MIT */
/*
 * Races of what is built on locks and waits, and of what needs no lock: condition variables,
 * no-wait locks, lists without locks, sequence locks, robust and revocable locks, references.
 *
 * What a racer writes beside the thing under test is plain, with a point in between: so two who
 * are inside at once lose something.
 */
#include <kernel/completion.h>
#include <kernel/condvar.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/nowait_lock.h>
#include <kernel/olist.h>
#include <kernel/ref.h>
#include <kernel/revocable_lock.h>
#include <kernel/robust_mutex.h>
#include <kernel/sched.h>
#include <kernel/seqlock.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include <lib/errno.h>
#include <lib/llist.h>
#include <test/interleave.h>
#include <test/kunit.h>

#define ROUNDS	3

static atomic_t taken, inside;
static int things;

/* In two steps: who is not alone loses one. */
static void change(int *n, int by)
{
	int before = READ_ONCE(*n);

	sched_point();
	WRITE_ONCE(*n, before + by);
}

/* ---- condition variables ---- */

static DEFINE_MUTEX(mutex);
static DEFINE_CONDVAR(cv);

static void nothing_there(void *ctx)
{
	(void)ctx;
	atomic_set(&taken, 0);
	atomic_set(&inside, 0);
	things = 0;
}

static void take_one(void *ctx)
{
	(void)ctx;
	guard(mutex)(&mutex);
	while (!READ_ONCE(things))
		condvar_wait(&cv, &mutex);
	change(&things, -1);
	atomic_inc(&taken);
}

static void take_one_within_a_jiffy(void *ctx)
{
	long left = 1;

	(void)ctx;
	guard(mutex)(&mutex);
	while (!READ_ONCE(things) && left)
		left = condvar_wait_timeout(&cv, &mutex, left);
	if (!READ_ONCE(things))
		return;
	change(&things, -1);
	atomic_inc(&taken);
}

static void give_one(void)
{
	mutex_lock(&mutex);
	change(&things, 1);
	mutex_unlock(&mutex);
	condvar_notify_one(&cv);
}

static void give_two_one_by_one(void *ctx)
{
	(void)ctx;
	give_one();
	give_one();
}

static void give_two_after_a_jiffy(void *ctx)
{
	schedule_timeout_uninterruptible(1);
	give_two_one_by_one(ctx);
}

static void give_two_and_tell_all(void *ctx)
{
	(void)ctx;
	guard(mutex)(&mutex);
	change(&things, 2);
	condvar_notify_all(&cv);
}

static void both_taken(void *ctx)
{
	(void)ctx;
	RACE_CHECK(atomic_read(&taken) == 2);
	RACE_CHECK(things == 0);
	RACE_CHECK(!mutex_is_locked(&mutex));
}

static void taken_or_there(void *ctx)
{
	(void)ctx;
	RACE_CHECK(atomic_read(&taken) >= 1);
	RACE_CHECK(atomic_read(&taken) + things == 2);
	RACE_CHECK(!mutex_is_locked(&mutex));
}

KUNIT_RACE(no_notification_is_lost,
	   .reset = nothing_there, .settle = both_taken,
	   .racers = { take_one, give_two_one_by_one, take_one })

KUNIT_RACE(a_broadcast_reaches_each_who_waits,
	   .reset = nothing_there, .settle = both_taken,
	   .racers = { take_one, give_two_and_tell_all, take_one })

KUNIT_RACE(one_whose_time_is_up_takes_no_notification_along,
	   .reset = nothing_there, .settle = taken_or_there, .around_a_jiffy = true,
	   .racers = { take_one_within_a_jiffy, give_two_after_a_jiffy, take_one })

static void try_the_mutex(void *ctx)
	__no_context_analysis
{
	(void)ctx;
	for (unsigned int i = 0; i < 2 * ROUNDS; i++) {
		if (mutex_trylock(&mutex)) {
			change(&things, 1);
			change(&things, -1);
			mutex_unlock(&mutex);
		}
		cpu_relax();
	}
}

static void take_two(void *ctx)
{
	take_one(ctx);
	take_one(ctx);
}

KUNIT_RACE(one_that_tries_the_mutex_is_in_nobodys_way,
	   .reset = nothing_there, .settle = both_taken,
	   .racers = { take_two, try_the_mutex, give_two_one_by_one })

/* ---- no-wait locks ---- */

static struct nowait_lock nowait;
static atomic_t asked;

static void nobody_asked(void *ctx)
{
	nothing_there(ctx);
	nowait_lock_init(&nowait);
	atomic_set(&asked, 0);
}

/* Who fails to take it leaves what he asked for to the holder. */
static void ask(void *ctx)
	__no_context_analysis
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		atomic_inc(&asked);
		if (!nowait_trylock(&nowait))
			continue;
		do {
			RACE_CHECK(atomic_inc_return(&inside) == 1);
			change(&things, atomic_xchg(&asked, 0));
			RACE_CHECK(atomic_dec_return(&inside) == 0);
		} while (nowait_unlock(&nowait) && nowait_trylock(&nowait));
	}
}

static void all_was_done(void *ctx)
{
	(void)ctx;
	RACE_CHECK(things == 3 * ROUNDS);
	RACE_CHECK(!nowait_is_locked(&nowait));
}

KUNIT_RACE(what_one_could_not_do_the_holder_does,
	   .reset = nobody_asked, .settle = all_was_done, .racers = { ask, ask, ask })

/* ---- lists without locks ---- */

#define NODES	(2 * ROUNDS)

static struct node {
	struct llist_node link;
	int times;
} nodes[NODES];
static LLIST_HEAD(list);
static DEFINE_SPINLOCK(takers);
static atomic_t first_adds, chains;

static void list_is_empty(void *ctx)
{
	nothing_there(ctx);
	init_llist_head(&list);
	atomic_set(&first_adds, 0);
	atomic_set(&chains, 0);
	for (unsigned int i = 0; i < NODES; i++)
		nodes[i] = (struct node){ .times = 0 };
}

static void add_from(unsigned int first)
{
	for (unsigned int i = first; i < first + ROUNDS; i++)
		if (llist_add(&nodes[i].link, &list))
			atomic_inc(&first_adds);
}

static void add_lower(void *ctx)
{
	(void)ctx;
	add_from(0);
}

static void add_upper(void *ctx)
{
	(void)ctx;
	add_from(ROUNDS);
}

static void take_all_nodes(void *ctx)
{
	struct llist_node *node = llist_del_all(&list);
	struct node *n, *next;

	(void)ctx;
	if (node)
		atomic_inc(&chains);
	llist_for_each_entry_safe(n, next, node, link)
		change(&n->times, 1);
}

static void take_all_nodes_often(void *ctx)
{
	for (unsigned int i = 0; i < ROUNDS; i++)
		take_all_nodes(ctx);
}

static void each_was_taken_once(void *ctx)
{
	take_all_nodes(ctx);
	for (unsigned int i = 0; i < NODES; i++)
		RACE_CHECK(nodes[i].times == 1);
}

/* As many are told that the list was empty as there were lists. */
static void each_list_had_a_first(void *ctx)
{
	each_was_taken_once(ctx);
	RACE_CHECK(atomic_read(&first_adds) == atomic_read(&chains));
}

KUNIT_RACE(each_node_is_taken_once_and_each_list_has_one_first,
	   .reset = list_is_empty, .settle = each_list_had_a_first,
	   .racers = { add_lower, take_all_nodes_often, add_upper })

static struct llist_node *take_first_node(void)
{
	guard(spinlock)(&takers);
	return llist_del_first(&list);
}

/* What was the first may be that again, with another behind it. */
static void take_two_and_add_one_again(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct llist_node *first = take_first_node(), *second = take_first_node();

		if (first)
			llist_add(first, &list);
		if (second)
			change(&llist_entry(second, struct node, link)->times, 1);
	}
}

static void lower_are_there(void *ctx)
{
	list_is_empty(ctx);
	add_lower(ctx);
}

KUNIT_RACE(those_who_take_the_first_under_a_lock_each_have_their_own,
	   .reset = lower_are_there, .settle = each_was_taken_once,
	   .racers = { take_two_and_add_one_again, take_two_and_add_one_again, add_upper })

/* ---- sequence locks ---- */

static DEFINE_SEQLOCK(seqlock);
static int one_half, other_half, writes;

static void both_halves_zero(void *ctx)
{
	(void)ctx;
	one_half = other_half = writes = 0;
}

static void write_both_halves(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		guard(seqlock_write)(&seqlock);
		change(&one_half, 1);
		change(&other_half, 1);
		WRITE_ONCE(writes, writes + 1);
	}
}

static void read_both_halves(void *ctx)
{
	unsigned int seq;
	int a, b;

	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		do {
			seq = read_seqbegin(&seqlock);
			a = READ_ONCE(one_half);
			sched_point();
			b = READ_ONCE(other_half);
		} while (read_seqretry(&seqlock, seq));
		RACE_CHECK(a == b);
	}
}

static void read_both_halves_under_the_lock_at_last(void *ctx)
{
	int a = 0, b = 0;

	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		scoped_seqlock_read(&seqlock, ss_lock) {
			a = READ_ONCE(one_half);
			sched_point();
			b = READ_ONCE(other_half);
		}
		RACE_CHECK(a == b);
	}
}

static void all_writes_are_there(void *ctx)
{
	(void)ctx;
	RACE_CHECK(one_half == writes && other_half == writes);
	RACE_CHECK(!(seqlock.seqcount.sequence & 1));
}

KUNIT_RACE(a_reader_sees_no_half,
	   .reset = both_halves_zero, .settle = all_writes_are_there,
	   .racers = { write_both_halves, read_both_halves, write_both_halves })

KUNIT_RACE(a_reader_that_takes_the_lock_sees_no_half,
	   .reset = both_halves_zero, .settle = all_writes_are_there,
	   .racers = { write_both_halves, read_both_halves_under_the_lock_at_last,
			write_both_halves })

/* ---- robust mutexes ---- */

static struct robust_mutex robust;
static struct task_struct *holder;
static atomic_t deaths, lost;

static int takes_it_and_ends(void *data)
{
	(void)data;
	RACE_CHECK(robust_mutex_lock(&robust) == 0);
	change(&things, 1);
	return 0;
}

/* On CPU 0, whose own task waits: a racer beside the three. */
static void holder_begins(void *ctx)
{
	nothing_there(ctx);
	robust_mutex_init(&robust);
	atomic_set(&deaths, 0);
	atomic_set(&lost, 0);
	holder = kthread_create(takes_it_and_ends, NULL, "holder");
	RACE_CHECK(!IS_ERR(holder));
	get_task_struct(holder);
	kthread_bind(holder, 0);
}

static void wake_holder(void *ctx)
{
	(void)ctx;
	wake_up_process(holder);
}

static void lock_and_repair(void *ctx)
	__no_context_analysis
{
	int err = robust_mutex_lock(&robust);

	(void)ctx;
	RACE_CHECK(err == 0 || err == -EOWNERDEAD);
	change(&things, 1);
	if (err) {
		atomic_inc(&deaths);
		RACE_CHECK(robust_mutex_make_consistent(&robust) == 0);
	}
	robust_mutex_unlock(&robust);
}

static void one_was_told(void *ctx)
{
	kthread_join(holder);
	put_task_struct(holder);
	lock_and_repair(ctx);
	RACE_CHECK(atomic_read(&deaths) == 1);
	RACE_CHECK(things == 4);
	RACE_CHECK(!robust_mutex_is_locked(&robust));
}

KUNIT_RACE(one_is_told_that_the_owner_died,
	   .reset = holder_begins, .settle = one_was_told,
	   .racers = { lock_and_repair, wake_holder, lock_and_repair })

static void lock_and_leave(void *ctx)
	__no_context_analysis
{
	int err = robust_mutex_lock(&robust);

	(void)ctx;
	if (err == -ENOTRECOVERABLE) {
		atomic_inc(&lost);
		return;
	}
	if (err)
		atomic_inc(&deaths);
	robust_mutex_unlock(&robust);
}

static void wake_holder_lock_and_leave(void *ctx)
{
	wake_holder(ctx);
	lock_and_leave(ctx);
}

/* After the one who was told, nobody has it. */
static void it_is_lost(void *ctx)
{
	kthread_join(holder);
	put_task_struct(holder);
	lock_and_leave(ctx);
	RACE_CHECK(atomic_read(&deaths) == 1);
	lock_and_leave(ctx);
	RACE_CHECK(atomic_read(&lost) >= 1);
	RACE_CHECK(!robust_mutex_is_locked(&robust));
}

KUNIT_RACE(one_that_is_not_repaired_keeps_nobody_waiting,
	   .reset = holder_begins, .settle = it_is_lost,
	   .racers = { lock_and_leave, wake_holder_lock_and_leave, lock_and_leave })

/* ---- revocable locks ---- */

static struct revocable_mutex r_mutex;
static struct revocable_rwsem r_rwsem;
static atomic_t alive, first_revokes;

static void destroy(void *content)
{
	(void)content;
	RACE_CHECK(atomic_read(&inside) == 0);
	RACE_CHECK(atomic_xchg(&alive, 0) == 1);
}

static void content_is_there(void *ctx)
{
	nothing_there(ctx);
	atomic_set(&alive, 1);
	atomic_set(&first_revokes, 0);
	revocable_mutex_init(&r_mutex, &alive, destroy);
	revocable_rwsem_init(&r_rwsem, &alive, destroy);
}

/* While it may sleep. */
static void use(const atomic_t *content)
{
	atomic_inc(&inside);
	RACE_CHECK(atomic_read(content) == 1);
	yield();
	RACE_CHECK(atomic_read(content) == 1);
	atomic_dec(&inside);
}

static void use_under_mutex(void *ctx)
	__no_context_analysis
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		const atomic_t *content = revocable_mutex_lock(&r_mutex);

		if (!content)
			return;
		use(content);
		revocable_mutex_unlock(&r_mutex);
	}
}

/* Once it is back nobody is inside, whoever revoked. */
static void revoke_mutex(void *ctx)
{
	(void)ctx;
	if (revocable_mutex_revoke(&r_mutex))
		atomic_inc(&first_revokes);
	RACE_CHECK(atomic_read(&alive) == 0);
	RACE_CHECK(atomic_read(&inside) == 0);
}

static void one_revoked(void *ctx)
{
	(void)ctx;
	RACE_CHECK(atomic_read(&first_revokes) == 1);
	RACE_CHECK(atomic_read(&alive) == 0);
}

KUNIT_RACE(a_revoked_mutex_has_nobody_inside,
	   .reset = content_is_there, .settle = one_revoked,
	   .racers = { use_under_mutex, revoke_mutex, revoke_mutex })

static void read_under_rwsem(void *ctx)
	__no_context_analysis
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		const atomic_t *content = revocable_rwsem_read_lock(&r_rwsem);

		if (!content)
			return;
		use(content);
		revocable_rwsem_read_unlock(&r_rwsem);
	}
}

static void write_under_rwsem(void *ctx)
	__no_context_analysis
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		const atomic_t *content = revocable_rwsem_write_lock(&r_rwsem);

		if (!content)
			return;
		RACE_CHECK(atomic_read(&inside) == 0);
		use(content);
		revocable_rwsem_write_unlock(&r_rwsem);
	}
}

static void revoke_rwsem(void *ctx)
{
	(void)ctx;
	if (revocable_rwsem_revoke(&r_rwsem))
		atomic_inc(&first_revokes);
	RACE_CHECK(atomic_read(&alive) == 0);
	RACE_CHECK(atomic_read(&inside) == 0);
}

KUNIT_RACE(a_revoked_rwsem_has_nobody_inside,
	   .reset = content_is_there, .settle = one_revoked,
	   .racers = { read_under_rwsem, revoke_rwsem, write_under_rwsem })

KUNIT_RACE(of_two_revokes_of_a_rwsem_one_destroys,
	   .reset = content_is_there, .settle = one_revoked,
	   .racers = { read_under_rwsem, revoke_rwsem, revoke_rwsem })

/* ---- references ---- */

struct thing {
	struct kref refs;
	atomic_t released;
};

static struct thing the_thing, *found;
static DEFINE_SPINLOCK(found_lock);

/* It is in the table as long as somebody has it: the table's is no reference. */
static void thing_release(struct thing *t)
{
	scoped_guard(spinlock, &found_lock)
		WRITE_ONCE(found, NULL);
	RACE_CHECK(atomic_inc_return(&t->released) == 1);
}

DEFINE_REF(thing, refs, thing_release);

static void thing_is_found(void *ctx)
{
	nothing_there(ctx);
	atomic_set(&the_thing.released, 0);
	found = thing_share(thing_unique(&the_thing));
}

static void put_the_thing(void *ctx)
{
	(void)ctx;
	thing_put(&the_thing);
}

static struct thing *look_up(void)
{
	guard(spinlock)(&found_lock);
	return thing_get_unless_zero(READ_ONCE(found));
}

static void look_it_up(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct thing *t = look_up();

		if (!t)
			return;
		RACE_CHECK(atomic_read(&t->released) == 0);
		thing_put(t);
	}
}

static void released_once(void *ctx)
{
	(void)ctx;
	RACE_CHECK(!found);
	RACE_CHECK(atomic_read(&the_thing.released) == 1);
}

KUNIT_RACE(what_a_look_up_finds_is_alive,
	   .reset = thing_is_found, .settle = released_once,
	   .racers = { look_it_up, put_the_thing, look_it_up })

/* ---- lists that own ---- */

static struct owned {
	struct olist_links links;
	int times;
} item;
static struct olist lists[2];
static spinlock_t list_locks[2];
static atomic_t pushes;

static void item_is_nobodys(void *ctx)
{
	nothing_there(ctx);
	item = (struct owned){ .times = 0 };
	atomic_set(&pushes, 0);
	for (unsigned int i = 0; i < 2; i++) {
		olist_init(&lists[i]);
		spin_lock_init(&list_locks[i]);
	}
}

static void push_to(unsigned int i)
{
	guard(spinlock)(&list_locks[i]);
	if (olist_push_back(&lists[i], &item.links))
		atomic_inc(&pushes);
}

static bool pop_from(unsigned int i)
{
	struct owned *o;

	scoped_guard(spinlock, &list_locks[i])
		o = olist_pop_front_entry(&lists[i], struct owned, links);
	if (!o)
		return false;
	RACE_CHECK(o == &item);
	atomic_inc(&taken);
	return true;
}

static void push_to_first(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++)
		push_to(0);
}

static void push_to_second(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++)
		push_to(1);
}

static void pop_from_both(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		pop_from(0);
		pop_from(1);
	}
}

static void as_often_popped_as_pushed(void *ctx)
{
	(void)ctx;
	RACE_CHECK(!(pop_from(0) && pop_from(1)));
	pop_from(1);
	RACE_CHECK(olist_is_empty(&lists[0]) && olist_is_empty(&lists[1]));
	RACE_CHECK(!olist_owner(&item.links));
	RACE_CHECK(atomic_read(&taken) == atomic_read(&pushes));
}

KUNIT_RACE(an_object_is_on_one_list,
	   .reset = item_is_nobodys, .settle = as_often_popped_as_pushed,
	   .racers = { push_to_first, push_to_second, pop_from_both })

/* ---- completions ---- */

static struct completion done;

static void not_done(void *ctx)
{
	nothing_there(ctx);
	init_completion(&done);
}

static void wait_for_a_jiffy(void *ctx)
{
	(void)ctx;
	if (wait_for_completion_timeout(&done, 1))
		atomic_inc(&taken);
}

static void complete_after_a_jiffy(void *ctx)
{
	(void)ctx;
	schedule_timeout_uninterruptible(1);
	complete(&done);
	complete(&done);
}

static void completed_twice(void *ctx)
{
	(void)ctx;
	while (try_wait_for_completion(&done))
		atomic_inc(&taken);
	RACE_CHECK(atomic_read(&taken) == 2);
}

KUNIT_RACE(a_complete_at_the_timeout_is_taken_or_counted,
	   .reset = not_done, .settle = completed_twice, .around_a_jiffy = true,
	   .racers = { wait_for_a_jiffy, complete_after_a_jiffy, wait_for_a_jiffy })

static struct kunit_case cases[] = {
	KUNIT_CASE(no_notification_is_lost),
	KUNIT_CASE(a_broadcast_reaches_each_who_waits),
	KUNIT_CASE(one_whose_time_is_up_takes_no_notification_along),
	KUNIT_CASE(one_that_tries_the_mutex_is_in_nobodys_way),
	KUNIT_CASE(what_one_could_not_do_the_holder_does),
	KUNIT_CASE(each_node_is_taken_once_and_each_list_has_one_first),
	KUNIT_CASE(those_who_take_the_first_under_a_lock_each_have_their_own),
	KUNIT_CASE(a_reader_sees_no_half),
	KUNIT_CASE(a_reader_that_takes_the_lock_sees_no_half),
	KUNIT_CASE(one_is_told_that_the_owner_died),
	KUNIT_CASE(one_that_is_not_repaired_keeps_nobody_waiting),
	KUNIT_CASE(a_revoked_mutex_has_nobody_inside),
	KUNIT_CASE(a_revoked_rwsem_has_nobody_inside),
	KUNIT_CASE(of_two_revokes_of_a_rwsem_one_destroys),
	KUNIT_CASE(what_a_look_up_finds_is_alive),
	KUNIT_CASE(an_object_is_on_one_list),
	KUNIT_CASE(a_complete_at_the_timeout_is_taken_or_counted),
	{},
};

static struct kunit_suite suite = {
	.name = "races_sync",
	.test_cases = cases,
	.timeout_ms = 600000,
};
kunit_test_suite(suite);
