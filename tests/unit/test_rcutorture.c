/* SPDX-License-Identifier: MIT */
/*
 * RCU under load: tasks and interrupts on all CPUs read objects that others replace, each in one
 * of the ways there are. An object is marked as dead when its grace period is over, before it is
 * freed; a reader that finds its object dead, or freed, by the end of its section has found an
 * error.
 *
 * The second case plants the bug that the first one looks for: objects die at once. It is found
 * on one CPU too, where an interrupt replaces what a task reads.
 */
#include <kernel/rcupdate.h>

#include <kernel/cpumask.h>
#include <kernel/delay.h>
#include <kernel/fault-inject.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/smp.h>
#include <kernel/spinlock.h>
#include <kernel/timer.h>
#include <lib/xorshift.h>
#include <test/kunit.h>

#include "threads.h"

#define SLOTS		4
#define UPDATES		400	/* of each updating task */
#define IRQ_UPDATES	40	/* of each CPU */
#define LIVE		0x11febeefu
#define DEAD		0xdeadbeefu
#define SPINS		200	/* of a longer section */
#define LONG_SPINS	20000	/* of one in which an interrupt is to come */

struct elem {
	u32 state;		/* LIVE, DEAD or what freed memory is filled with */
	u32 copy;
	struct rcu_head rcu;
};

static struct elem __rcu *slots[SLOTS];
static DEFINE_SPINLOCK(update_lock);
static struct timer_list irq_timers[CONFIG_NR_CPUS];
static unsigned int irq_updates[CONFIG_NR_CPUS];	/* [c] */
static bool no_grace_period, stop_reading;
static atomic_t errors, reads, frees, allocs, updaters, replaced_inside;

static void check(const struct elem *e)
{
	if (READ_ONCE(e->state) != LIVE || READ_ONCE(e->copy) != ~LIVE)
		atomic_inc(&errors);
}

/* Stays until the object is replaced, sometimes. */
static void read_slot(unsigned int slot, unsigned int spins)
{
	const struct elem *e;

	guard(rcu)();
	e = rcu_dereference(slots[slot]);
	check(e);
	while (spins-- && rcu_access_pointer(slots[slot]) == e)
		cpu_relax();
	check(e);
	atomic_inc(&reads);
}

static bool all_the_same(const struct elem *const e[SLOTS])
{
	for (unsigned int i = 0; i < SLOTS; i++)
		if (rcu_access_pointer(slots[i]) != e[i])
			return false;
	return true;
}

/* Until one is replaced: on one CPU that takes an interrupt. */
static void read_for_long(void)
{
	const struct elem *e[SLOTS];
	unsigned int spins = LONG_SPINS;

	guard(rcu)();
	for (unsigned int i = 0; i < SLOTS; i++)
		e[i] = rcu_dereference(slots[i]);
	while (spins-- && all_the_same(e))
		cpu_relax();
	if (!all_the_same(e))
		atomic_inc(&replaced_inside);
	for (unsigned int i = 0; i < SLOTS; i++)
		check(e[i]);
}

static int read_all(void *number)
{
	u32 random = (u32)(unsigned long)number + 1;

	for (unsigned int n = 0; !READ_ONCE(stop_reading); n++) {
		unsigned int which = xorshift32(&random);

		read_slot(which % SLOTS, which & 0x700 ? 2 : SPINS);
		if (n % 16 == 8)
			read_for_long();
		if (n % 16 == 15)
			msleep(1);
		else
			cond_resched();
	}
	return 0;
}

/* ---- the end of an object ---- */

static void bury(struct elem *e)
{
	WRITE_ONCE(e->state, DEAD);
	atomic_inc(&frees);
	kfree(e);
}

static void bury_later(struct rcu_head *head)
{
	bury(container_of(head, struct elem, rcu));
}

enum way { BY_CALL, BY_KFREE_RCU, BY_SYNCHRONIZE, NR_WAYS };

static void dispose(struct elem *e, enum way way)
{
	if (no_grace_period)
		WRITE_ONCE(e->state, DEAD);
	switch (way) {
	case BY_KFREE_RCU:
		atomic_inc(&frees);
		kfree_rcu(e, rcu);
		break;
	case BY_SYNCHRONIZE:
		synchronize_rcu();
		bury(e);
		break;
	default:
		call_rcu(&e->rcu, bury_later);
	}
}

static struct elem *elem_new(gfp_t gfp)
{
	struct elem *e = kmalloc(sizeof(*e), gfp);

	if (!e)
		return NULL;
	e->state = LIVE;
	e->copy = ~LIVE;
	atomic_inc(&allocs);
	return e;
}

static struct elem *replace(unsigned int slot, struct elem *fresh)
{
	guard(spinlock_irqsave)(&update_lock);
	return rcu_replace_pointer(slots[slot], fresh, lock_is_held(&update_lock));
}

/* Without memory this time it is left out. */
static int update(void *number)
{
	u32 random = (u32)(unsigned long)number + 77;

	for (unsigned int i = 0; i < UPDATES; i++) {
		unsigned int which = xorshift32(&random);
		struct elem *fresh = elem_new(GFP_KERNEL);

		if (fresh)
			dispose(replace(which % SLOTS, fresh), which / SLOTS % NR_WAYS);
		if (which & 0x1000)
			cond_resched();
	}
	atomic_dec(&updaters);
	return 0;
}

static void read_and_update_in_irq(struct timer_list *timer)
{
	unsigned int cpu = smp_processor_id();
	struct elem *fresh = elem_new(GFP_ATOMIC);

	read_slot(cpu % SLOTS, 20);
	if (fresh)
		dispose(replace(irq_updates[cpu] % SLOTS, fresh),
			irq_updates[cpu] % 2 ? BY_CALL : BY_KFREE_RCU);
	if (++irq_updates[cpu] < IRQ_UPDATES)
		mod_timer(timer, jiffies + 1);
	else
		atomic_dec(&updaters);
}

static int start_timer(void *cpu)
{
	mod_timer(&irq_timers[(unsigned long)cpu], jiffies + 1);
	return 0;
}

/* Stopped and joined when the case is over, whether it has begun or not. */
static struct task_struct *thread(struct kunit *test, int (*fn)(void *), unsigned int cpu)
{
	/* SAFETY: a number, and it is read as one. */
	struct task_struct *t = new_thread(test, fn, (void *)(unsigned long)cpu);

	kthread_bind(t, cpu);
	return t;
}

static void fill_slots(struct kunit *test)
{
	for (unsigned int i = 0; i < SLOTS; i++) {
		struct elem *e = elem_new(GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, e);
		rcu_assign_pointer(slots[i], e);
	}
}

/* Nobody reads any more. */
static void end_of_all(void *unused)
{
	(void)unused;
	for (unsigned int i = 0; i < CONFIG_NR_CPUS; i++)
		del_timer_sync(&irq_timers[i]);
	for (unsigned int i = 0; i < SLOTS; i++) {
		struct elem *e = replace(i, NULL);

		if (e)
			call_rcu(&e->rcu, bury_later);
	}
	rcu_barrier();
}

static int begin(struct kunit *test)
{
	(void)test;
	no_grace_period = stop_reading = false;
	atomic_set(&errors, 0);
	atomic_set(&reads, 0);
	atomic_set(&replaced_inside, 0);
	atomic_set(&frees, 0);
	atomic_set(&allocs, 0);
	memset(irq_updates, 0, sizeof(irq_updates));
	for (unsigned int i = 0; i < CONFIG_NR_CPUS; i++)
		timer_setup(&irq_timers[i], read_and_update_in_irq, 0);
	return 0;
}

/* Before the threads are joined. */
static void end(struct kunit *test)
{
	(void)test;
	WRITE_ONCE(stop_reading, true);
}

static void run(struct kunit *test)
{
	struct task_struct *threads[3 * CONFIG_NR_CPUS];
	unsigned int n = num_online_cpus();

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, end_of_all, NULL), 0);
	fill_slots(test);
	fault_leave(current);	/* hundreds of objects, each made at one and the same place */
	atomic_set(&updaters, (int)(2 * n));
	for (unsigned int cpu = 0; cpu < n; cpu++) {
		threads[3 * cpu] = thread(test, read_all, cpu);
		threads[3 * cpu + 1] = thread(test, start_timer, cpu);
		threads[3 * cpu + 2] = thread(test, update, cpu);
	}
	for (unsigned int i = 0; i < 3 * n; i++)
		wake_up_process(threads[i]);
	while (atomic_read(&updaters))
		msleep(1);
	end(test);
	for (unsigned int i = 0; i < 3 * n; i++)
		kthread_join(threads[i]);
	end_of_all(NULL);
	KUNIT_EXPECT_EQ(test, atomic_read(&frees), atomic_read(&allocs));
	kunit_info(test, "%d reads, %d objects, %d errors", atomic_read(&reads),
		   atomic_read(&allocs), atomic_read(&errors));
}

static void no_reader_finds_a_dead_object(struct kunit *test)
{
	run(test);
	KUNIT_EXPECT_EQ(test, atomic_read(&errors), 0);
	KUNIT_EXPECT_GT(test, atomic_read(&reads), 100);
}

static void objects_that_die_at_once_are_found_by_readers(struct kunit *test)
{
	no_grace_period = true;
	run(test);
	if (!atomic_read(&replaced_inside))
		kunit_skip(test, "nothing was replaced while it was read");
	KUNIT_EXPECT_GT(test, atomic_read(&errors), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(no_reader_finds_a_dead_object),
	KUNIT_CASE(objects_that_die_at_once_are_found_by_readers),
	{ }
};

static struct kunit_suite suite = {
	.name = "rcutorture",
	.init = begin,
	.exit = end,
	.test_cases = cases,
	.timeout_ms = 60000,
};

kunit_test_suite(suite);
