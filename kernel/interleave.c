/* SPDX-License-Identifier: MIT */
/*
 * One processor at a time: see <kernel/interleave.h>.
 *
 * Who has the turn is a word. Who waits for it says so in a mask and polls the word, giving its
 * time to the emulator's next processor (the yield hint ends a processor's share under one host
 * thread). Who falls asleep leaves the mask; it comes back by itself when it wakes, or is put
 * back by who sends it an interrupt, since it cannot wake while that one keeps the host busy.
 * If all sleep nobody has the turn, and the first to wake takes it.
 *
 * Nothing here may contain a point: the accesses are the compiler's own.
 *
 * Locking: [t] who has the turn, [a] atomic.
 */
#include <kernel/interleave.h>

#include <hal/barrier.h>
#include <hal/cpu.h>
#include <hal/irqflags.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <lib/bits.h>
#include <lib/errno.h>
#include <lib/sched_point.h>
#include <lib/xorshift.h>

#define NOBODY		~0u
#define POINTS_MAX	5000000u	/* more is a test that never ends */
#define SETTLE_POLLS	1000000u
#define SEED_SPREAD	0x9e3779b9u	/* neighbouring seeds lead far apart */
#define CHANCES		4		/* one in 2, 4, 8, 16 points is a switch */

static struct {
	bool on;			/* [a] */
	unsigned int turn;		/* [a] a processor or NOBODY */
	unsigned long ready;		/* [a] who has the turn or wants it */
	unsigned long idle;		/* [a] who waits for an interrupt */
	u32 random;			/* [t] */
	u32 one_in;			/* [t] points that is a switch */
	struct interleave_result result;	/* [t] */
} il = { .turn = NOBODY };

static void mask_set(unsigned long *mask, unsigned int cpu)
{
	__atomic_fetch_or(mask, BIT(cpu), __ATOMIC_SEQ_CST);
}

static void mask_clear(unsigned long *mask, unsigned int cpu)
{
	__atomic_fetch_and(mask, ~BIT(cpu), __ATOMIC_SEQ_CST);
}

static bool is_on(void)
{
	return __atomic_load_n(&il.on, __ATOMIC_ACQUIRE);
}

/* ---- the draw; the caller has the turn ---- */

static unsigned int one_of(unsigned long mask)
{
	u32 skip = xorshift32(&il.random) % hweight_long(mask);

	while (skip--)
		mask &= mask - 1;
	return (unsigned int)__builtin_ctzl(mask);
}

static void note(unsigned int next, unsigned long ip)
{
	il.result.order = ((il.result.order ^ (u32)ip ^ next) * 16777619u) + next;
}

static unsigned int draw(unsigned int self, bool stuck, unsigned long ip)
{
	unsigned long others = __atomic_load_n(&il.ready, __ATOMIC_SEQ_CST) & ~BIT(self);
	unsigned int next = self;

	if (++il.result.points == POINTS_MAX) {
		il.result.cut_short = true;
		interleave_end();
		return self;
	}
	if (others && (stuck || xorshift32(&il.random) % il.one_in == 0))
		next = one_of(others);
	note(next, ip);
	return next;
}

static void pass_turn(unsigned int next)
{
	__atomic_store_n(&il.turn, next, __ATOMIC_SEQ_CST);
}

/* Interrupts are off: a handler would go ahead without having the turn. */
static void wait_for_turn(unsigned int self)
{
	mask_set(&il.ready, self);
	while (is_on()) {
		unsigned int turn = __atomic_load_n(&il.turn, __ATOMIC_SEQ_CST), nobody = NOBODY;

		if (turn == self)
			return;
		if (turn == NOBODY &&
		    __atomic_compare_exchange_n(&il.turn, &nobody, self, false, __ATOMIC_SEQ_CST,
						__ATOMIC_SEQ_CST))
			return;
		hal_relax();
	}
}

static void point(bool stuck, unsigned long ip)
	__no_context_analysis
{
	unsigned long flags = arch_local_irq_save();
	unsigned int self = hal_cpu_index(), next = self;

	if (__atomic_load_n(&il.turn, __ATOMIC_SEQ_CST) == self) {
		next = draw(self, stuck, ip);
		if (next != self)
			pass_turn(next);
	}
	wait_for_turn(self);
	local_irq_restore(flags);
}

void sched_point(void)
{
	if (is_on())
		point(false, _RET_IP_);
}

void sched_point_stuck(void)
{
	if (is_on())
		point(true, _RET_IP_);
}

/* ---- sleep ---- */

void interleave_idle_enter(void)
{
	unsigned int self = hal_cpu_index();
	unsigned long others;

	mask_set(&il.idle, self);
	if (!is_on())
		return;
	mask_clear(&il.ready, self);
	if (__atomic_load_n(&il.turn, __ATOMIC_SEQ_CST) != self)
		return;
	others = __atomic_load_n(&il.ready, __ATOMIC_SEQ_CST);
	pass_turn(others ? one_of(others) : NOBODY);
}

void interleave_idle_exit(void)
{
	unsigned int self = hal_cpu_index();

	mask_clear(&il.idle, self);
	if (is_on())
		wait_for_turn(self);
}

void interleave_kick(unsigned int cpu)
{
	if (is_on())
		mask_set(&il.ready, cpu);
}

/* ---- begin and end ---- */

static bool others_sleep(unsigned int self)
{
	unsigned long others = cpu_online_bits & ~BIT(self);

	for (unsigned int i = 0; i < SETTLE_POLLS; i++) {
		if ((__atomic_load_n(&il.idle, __ATOMIC_SEQ_CST) & others) == others)
			return true;
		hal_relax();
	}
	return false;
}

int interleave_begin(u32 seed)
{
	unsigned int self;

	while (need_resched())
		yield();
	self = smp_processor_id();
	if (is_on() || !others_sleep(self))
		return -EBUSY;
	il.random = seed * SEED_SPREAD;
	if (!il.random)
		il.random = SEED_SPREAD;
	il.one_in = 2u << seed % CHANCES;
	il.result = (struct interleave_result){ .points = 0 };
	il.ready = BIT(self);
	il.turn = self;
	__atomic_store_n(&il.on, true, __ATOMIC_SEQ_CST);
	return 0;
}

void interleave_end(void)
{
	__atomic_store_n(&il.on, false, __ATOMIC_SEQ_CST);
}

struct interleave_result interleave_result(void)
{
	return il.result;
}
