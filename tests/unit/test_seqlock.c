/* SPDX-License-Identifier: MIT */
/*
 * Sequence locks: what a reader has read belongs together, a writer makes it read again, and what
 * would never end is told.
 */
#include <kernel/seqlock.h>

#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/timer.h>
#include <test/kunit.h>

#include "lock_threads.h"

#define SUM	1000u

struct pair {
	seqlock_t lock;
	unsigned int a, b;			/* SUM together */
	struct timer_list timer;
	atomic_t torn, reads, retries;
	bool stop;
};

static struct lock_class_key keys[2];

static struct pair *pair_new(struct kunit *test)
{
	struct pair *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	seqlock_init(&p->lock);
	lockdep_set_class_and_name(&p->lock.seqcount, &keys[0], "pair");
	lockdep_set_class_and_name(&p->lock.lock, &keys[1], "pair's lock");
	p->a = SUM;
	return p;
}

/* The next case begins with what nobody has used in interrupts, or outside of them. */
static void forget_classes(struct kunit *test)
{
	lockdep_unregister_key(&keys[0]);
	lockdep_unregister_key(&keys[1]);
	free_thread_cache(test);
}

/* With some instructions between the two, in which it could be read. */
static void set_pair(struct pair *p, unsigned int a)
{
	WRITE_ONCE(p->a, a);
	for (unsigned int i = 0; i < 20; i++)
		cpu_relax();
	WRITE_ONCE(p->b, SUM - a);
}

static unsigned int read_pair(struct pair *p)
{
	unsigned int seq, sum;

	for (;;) {
		seq = read_seqbegin(&p->lock);
		sum = READ_ONCE(p->a);
		for (unsigned int i = 0; i < 20; i++)
			cpu_relax();
		sum += READ_ONCE(p->b);
		if (!read_seqretry(&p->lock, seq))
			break;
		atomic_inc(&p->retries);
	}
	atomic_inc(&p->reads);
	return sum;
}

static void an_undisturbed_reader_reads_once(struct kunit *test)
{
	struct pair *p = pair_new(test);

	KUNIT_EXPECT_EQ(test, read_pair(p), SUM);
	scoped_guard(seqlock_write, &p->lock)
		set_pair(p, 3);
	KUNIT_EXPECT_EQ(test, read_pair(p), SUM);
	KUNIT_EXPECT_EQ(test, p->a, 3);
	KUNIT_EXPECT_EQ(test, atomic_read(&p->retries), 0);
}

static void a_writer_in_between_makes_it_read_again(struct kunit *test)
	__no_context_analysis	/* that the reader writes is the trick */
{
	struct pair *p = pair_new(test);
	unsigned int seq, rounds = 0;

	do {
		seq = read_seqbegin(&p->lock);
		if (rounds++ < 3)
			scoped_guard(seqlock_write_irqsave, &p->lock)
				set_pair(p, rounds);
	} while (read_seqretry(&p->lock, seq));
	KUNIT_EXPECT_EQ(test, rounds, 4);
}

static void every_form_of_writer_counts(struct kunit *test)
{
	struct pair *p = pair_new(test);
	unsigned int before = p->lock.seqcount.sequence;
	unsigned long flags;

	write_seqlock(&p->lock);
	KUNIT_EXPECT_TRUE(test, p->lock.seqcount.sequence & 1);
	write_sequnlock(&p->lock);
	write_seqlock_irq(&p->lock);
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	write_sequnlock_irq(&p->lock);
	write_seqlock_irqsave(&p->lock, flags);
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	write_sequnlock_irqrestore(&p->lock, flags);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
	KUNIT_EXPECT_EQ(test, p->lock.seqcount.sequence, before + 6);
}

static void a_sequence_alone_counts(struct kunit *test)
{
	static seqcount_t s = SEQCNT_ZERO(s);
	unsigned int seq;

	seq = read_seqcount_begin(&s);
	KUNIT_EXPECT_FALSE(test, read_seqcount_retry(&s, seq));
	write_seqcount_begin(&s);
	write_seqcount_end(&s);
	KUNIT_EXPECT_EQ(test, read_seqcount_begin(&s), seq + 2);
	KUNIT_EXPECT_TRUE(test, read_seqcount_retry(&s, seq));
}

/* Writes in the first rounds. Returns how many there were. */
#define SCOPED_ROUNDS(p, target, writes) ({					\
	int rounds__ = 0;							\
	scoped_seqlock_read(&(p)->lock, target) {				\
		if (rounds__++ < (writes)) {					\
			write_seqcount_begin(&(p)->lock.seqcount);		\
			write_seqcount_end(&(p)->lock.seqcount);		\
		}								\
	}									\
	rounds__; })

static void a_scope_is_read_until_it_is_one_state(struct kunit *test)
	__no_context_analysis
{
	struct pair *p = pair_new(test);

	KUNIT_EXPECT_EQ(test, SCOPED_ROUNDS(p, ss_lockless, 0), 1);
	KUNIT_EXPECT_EQ(test, SCOPED_ROUNDS(p, ss_lockless, 4), 5);
	KUNIT_EXPECT_EQ(test, SCOPED_ROUNDS(p, ss_lock, 0), 1);
	KUNIT_EXPECT_EQ(test, SCOPED_ROUNDS(p, ss_lock, 1), 2);
	KUNIT_EXPECT_EQ(test, SCOPED_ROUNDS(p, ss_lock_irqsave, 1), 2);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
	KUNIT_EXPECT_EQ(test, lockdep_depth(current), 0);
}

static bool second_round_is_locked(struct pair *p, bool *irqs_off)
	__no_context_analysis
{
	bool locked = false;

	scoped_seqlock_read(&p->lock, ss_lock_irqsave) {
		if (!locked && !irqs_disabled()) {
			write_seqcount_begin(&p->lock.seqcount);
			write_seqcount_end(&p->lock.seqcount);
			locked = true;
			continue;
		}
		*irqs_off = irqs_disabled();
		return lock_is_held(&p->lock.lock);
	}
	return false;
}

static void the_second_round_has_the_lock_and_gives_it_back(struct kunit *test)
{
	struct pair *p = pair_new(test);
	bool irqs_off = false;

	NEEDS_LOCKDEP(test);
	KUNIT_EXPECT_TRUE(test, second_round_is_locked(p, &irqs_off));
	KUNIT_EXPECT_TRUE(test, irqs_off);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
	KUNIT_EXPECT_FALSE(test, lock_is_held(&p->lock.lock));
}

/* ---- what is wrong ---- */

static void sleeping_while_one_writes_is_reported(struct kunit *test)
	__no_context_analysis
{
	struct pair *p = pair_new(test);

	NEEDS_LOCKDEP(test);
	write_seqcount_begin(&p->lock.seqcount);
	KUNIT_EXPECT_REPORT(test, "sleeping function called with a spin lock", might_sleep());
	write_seqcount_end(&p->lock.seqcount);
	write_seqlock(&p->lock);
	KUNIT_EXPECT_REPORT(test, "sleeping function called with a spin lock", might_sleep());
	write_sequnlock(&p->lock);
	KUNIT_EXPECT_WARNINGS(test, 0, might_sleep());
}

static void reading_what_one_writes_is_reported_and_ends(struct kunit *test)
	__no_context_analysis
{
	struct pair *p = pair_new(test);
	unsigned int seq;

	NEEDS_LOCKDEP(test);
	write_seqlock(&p->lock);
	KUNIT_EXPECT_REPORT(test, "possible recursive locking",
			    seq = read_seqbegin(&p->lock));
	KUNIT_EXPECT_FALSE(test, read_seqretry(&p->lock, seq));
	write_sequnlock(&p->lock);
}

/* Readers still tell a writer that is there from one that is not: none waits for ever. */
static void a_section_begun_within_itself_is_reported_and_is_one(struct kunit *test)
	__no_context_analysis
{
	struct pair *p = pair_new(test);
	seqcount_t *s = &p->lock.seqcount;
	unsigned int before = s->sequence;

	NEEDS_LOCKDEP(test);
	write_seqcount_begin(s);
	KUNIT_EXPECT_REPORT(test, "possible recursive locking", write_seqcount_begin(s));
	KUNIT_EXPECT_EQ(test, s->sequence, before + 1);
	write_seqcount_end(s);
	KUNIT_EXPECT_EQ(test, s->sequence, before + 1);
	write_seqcount_end(s);
	KUNIT_EXPECT_EQ(test, s->sequence, before + 2);
	KUNIT_EXPECT_EQ(test, read_pair(p), SUM);
}

static void a_section_ended_without_a_beginning_is_reported_and_is_none(struct kunit *test)
	__no_context_analysis
{
	struct pair *p = pair_new(test);
	unsigned int before = p->lock.seqcount.sequence;

	NEEDS_LOCKDEP(test);
	KUNIT_EXPECT_REPORT(test, "bad unlock balance", write_seqcount_end(&p->lock.seqcount));
	KUNIT_EXPECT_EQ(test, p->lock.seqcount.sequence, before);
	KUNIT_EXPECT_EQ(test, read_pair(p), SUM);
	/* both of a seqlock_t's: its sequence, and its spin lock */
	KUNIT_EXPECT_WARNINGS(test, 2, write_sequnlock(&p->lock));
	KUNIT_EXPECT_EQ(test, p->lock.seqcount.sequence, before);
	scoped_guard(seqlock_write, &p->lock)
		set_pair(p, 3);
	KUNIT_EXPECT_EQ(test, read_pair(p), SUM);
}

static void read_in_irq(struct timer_list *t)
{
	struct pair *p = from_timer(p, t, timer);

	if (read_pair(p) != SUM)
		atomic_inc(&p->torn);
}

static void a_reader_in_irq_of_what_is_written_with_irqs_on_is_reported(struct kunit *test)
{
	struct pair *p = pair_new(test);

	NEEDS_LOCKDEP(test);
	timer_setup(&p->timer, read_in_irq, 0);
	scoped_guard(seqlock_write, &p->lock)
		set_pair(p, 1);
	KUNIT_EXPECT_REPORT(test, "inconsistent lock state",
			    mod_timer(&p->timer, jiffies); msleep(2));
	del_timer_sync(&p->timer);
}

static void write_pair_in_irq(struct timer_list *t)
{
	struct pair *p = from_timer(p, t, timer);

	scoped_guard(seqlock_write, &p->lock)
		set_pair(p, 2);
}

static void a_writer_in_irq_of_what_is_written_with_irqs_on_is_reported(struct kunit *test)
{
	struct pair *p = pair_new(test);

	NEEDS_LOCKDEP(test);
	timer_setup(&p->timer, write_pair_in_irq, 0);
	scoped_guard(seqlock_write, &p->lock)
		set_pair(p, 1);
	/* both of a seqlock_t's: its spin lock, and its sequence */
	KUNIT_EXPECT_WARNINGS(test, 2, mod_timer(&p->timer, jiffies); msleep(2));
	del_timer_sync(&p->timer);
	KUNIT_EXPECT_EQ(test, read_pair(p), SUM);
}

static DEFINE_SPINLOCK(static_lock);
static seqcount_spinlock_t static_count = SEQCNT_SPINLOCK_ZERO(static_count, &static_lock);

static void write_once(seqcount_t *s)
{
	write_seqcount_begin(s);
	write_seqcount_end(s);
}

static void a_writer_without_the_lock_that_was_told_is_reported(struct kunit *test)
{
	static DEFINE_SPINLOCK(spin);
	static DEFINE_RAW_SPINLOCK(raw);
	static DEFINE_MUTEX(mutex);
	seqcount_spinlock_t of_spin;
	seqcount_raw_spinlock_t of_raw;
	seqcount_mutex_t of_mutex;

	NEEDS_LOCKDEP(test);
	seqcount_spinlock_init(&of_spin, &spin);
	seqcount_raw_spinlock_init(&of_raw, &raw);
	seqcount_mutex_init(&of_mutex, &mutex);
	KUNIT_EXPECT_REPORT(test, "&of_spin is written without spin", write_once(&of_spin));
	KUNIT_EXPECT_REPORT(test, "&of_raw is written without raw", write_once(&of_raw));
	KUNIT_EXPECT_REPORT(test, "&of_mutex is written without mutex", write_once(&of_mutex));
	KUNIT_EXPECT_REPORT(test, "static_count is written without static_lock",
			    write_once(&static_count));
	scoped_guard(spinlock, &spin)
		KUNIT_EXPECT_WARNINGS(test, 0, write_once(&of_spin));
	scoped_guard(raw_spinlock, &raw)
		KUNIT_EXPECT_WARNINGS(test, 0, write_once(&of_raw));
	scoped_guard(mutex, &mutex)
		KUNIT_EXPECT_WARNINGS(test, 0, write_once(&of_mutex));
	scoped_guard(spinlock, &static_lock)
		KUNIT_EXPECT_WARNINGS(test, 0, write_once(&static_count));
}

static unsigned int retries_of(const seqcount_t *s)
{
#ifdef CONFIG_LOCKDEP
	return s->retries;
#else
	return s->sequence & 1;
#endif
}

static void a_reader_that_never_gets_through_is_reported(struct kunit *test)
	__no_context_analysis
{
	struct pair *p = pair_new(test);
	unsigned int seq, rounds = 0;

	NEEDS_LOCKDEP(test);
	KUNIT_EXPECT_REPORT(test, "was changed 10000 times during a read", ({
		do {
			seq = read_seqbegin(&p->lock);
			p->lock.seqcount.sequence += 2;
		} while (read_seqretry(&p->lock, seq) && ++rounds < SEQ_RETRIES_MAX + 5);
	}));
	KUNIT_EXPECT_EQ(test, read_pair(p), SUM);
	KUNIT_EXPECT_EQ(test, retries_of(&p->lock.seqcount), 0);
}

/* ---- interrupts, several CPUs ---- */

static void write_in_irq(struct timer_list *t)
{
	struct pair *p = from_timer(p, t, timer);

	scoped_guard(seqlock_write, &p->lock)
		set_pair(p, (p->a + 7) % SUM);
	mod_timer(t, jiffies + 1);
}

static void a_task_never_sees_half_of_what_an_interrupt_writes(struct kunit *test)
{
	struct pair *p = pair_new(test);
	unsigned long end = jiffies + 60;

	timer_setup(&p->timer, write_in_irq, 0);
	mod_timer(&p->timer, jiffies + 1);
	while (time_before(jiffies, end))
		if (read_pair(p) != SUM)
			atomic_inc(&p->torn);
	del_timer_sync(&p->timer);
	KUNIT_EXPECT_EQ(test, atomic_read(&p->torn), 0);
	KUNIT_EXPECT_GT(test, atomic_read(&p->retries), 0);
}

static int read_until_stopped(void *data)
{
	struct pair *p = data;

	while (!READ_ONCE(p->stop))
		if (read_pair(p) != SUM)
			atomic_inc(&p->torn);
	return 0;
}

#define WRITES	2000

static int write_often(void *data)
{
	struct pair *p = data;

	for (unsigned int i = 0; i < WRITES; i++) {
		scoped_guard(seqlock_write_irqsave, &p->lock)
			set_pair(p, (p->a + 13) % SUM);
		for (unsigned int wait = 0; wait < 100; wait++)
			cpu_relax();
	}
	return 0;
}

static void readers_on_other_cpus_never_see_half(struct kunit *test)
{
	struct pair *p = pair_new(test);
	struct task_struct *t[CONFIG_NR_CPUS];
	unsigned int n = num_online_cpus();

	NEEDS_TWO_CPUS(test);
	for (unsigned int i = 1; i < n; i++)
		t[i] = start_thread_on(test, i, i == 1 && n > 2 ? write_often : read_until_stopped,
				       p);
	write_often(p);
	if (n > 2)
		kthread_join(t[1]);
	WRITE_ONCE(p->stop, true);
	for (unsigned int i = n > 2 ? 2 : 1; i < n; i++)
		kthread_join(t[i]);
	KUNIT_EXPECT_EQ(test, atomic_read(&p->torn), 0);
	KUNIT_EXPECT_GT(test, atomic_read(&p->reads), 0);
	KUNIT_EXPECT_EQ(test, p->lock.seqcount.sequence, 2 * WRITES * (n > 2 ? 2 : 1));
}

static struct kunit_case seqlock_cases[] = {
	KUNIT_CASE(an_undisturbed_reader_reads_once),
	KUNIT_CASE(a_writer_in_between_makes_it_read_again),
	KUNIT_CASE(every_form_of_writer_counts),
	KUNIT_CASE(a_sequence_alone_counts),
	KUNIT_CASE(a_scope_is_read_until_it_is_one_state),
	KUNIT_CASE(the_second_round_has_the_lock_and_gives_it_back),
	KUNIT_CASE(sleeping_while_one_writes_is_reported),
	KUNIT_CASE(reading_what_one_writes_is_reported_and_ends),
	KUNIT_CASE(a_section_begun_within_itself_is_reported_and_is_one),
	KUNIT_CASE(a_section_ended_without_a_beginning_is_reported_and_is_none),
	KUNIT_CASE(a_reader_in_irq_of_what_is_written_with_irqs_on_is_reported),
	KUNIT_CASE(a_writer_in_irq_of_what_is_written_with_irqs_on_is_reported),
	KUNIT_CASE(a_writer_without_the_lock_that_was_told_is_reported),
	KUNIT_CASE(a_reader_that_never_gets_through_is_reported),
	KUNIT_CASE(a_task_never_sees_half_of_what_an_interrupt_writes),
	KUNIT_CASE(readers_on_other_cpus_never_see_half),
	{}
};

static struct kunit_suite seqlock_suite = {
	.name = "seqlock",
	.exit = forget_classes,
	.test_cases = seqlock_cases,
};
kunit_test_suite(seqlock_suite);
