/* SPDX-License-Identifier: MIT */
/*
 * Spin locks that somebody else has. What their words say: <kernel/spinlock.h>.
 *
 * Nobody sleeps here until an event: that would cost each unlock a barrier and an instruction
 * that sends one, be there anybody who waits or not, and a lock is held for an instant only.
 */
#include <kernel/spinlock.h>

#include <lib/bitfield.h>
#include <lib/bits.h>

/* The lock is free, and it is our turn: from here on no taker comes in between. */
static u32 word_after(u32 word)
{
	u32 turn = (FIELD_GET(SPIN_TURN, word) + 1) % SPIN_TICKETS;
	u32 next = FIELD_GET(SPIN_NEXT, word);

	if (next == turn)
		return HAL_SPIN_TAKEN;		/* nobody else waits: as if nobody ever had */
	return HAL_SPIN_TAKEN | FIELD_PREP(SPIN_TURN, turn) | FIELD_PREP(SPIN_NEXT, next);
}

/* The release by plain store of half the word makes an exchange in between fail. */
void spin_wait(u32 *word)
{
	u32 old = __atomic_fetch_add(word, SPIN_NEXT & -SPIN_NEXT, __ATOMIC_RELAXED);
	u32 ticket = FIELD_GET(SPIN_NEXT, old);

	for (;;) {
		u32 now = READ_ONCE(*word);

		if (FIELD_GET(SPIN_TURN, now) == ticket && !(now & SPIN_HELD) &&
		    cmpxchg_acquire(word, now, word_after(now)) == now)
			return;
		cpu_relax();
	}
}
