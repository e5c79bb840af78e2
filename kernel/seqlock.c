/* SPDX-License-Identifier: MIT */
/*
 * What the lock checker sees of readers and writers of sequence counts. A reader waits for a
 * writer as for the holder of a spin lock, and for an instant it is recorded as one: so a handler
 * that reads what is written with interrupts on, and who reads what he writes, are found.
 *
 * Locking: the number of retries is a guess: several readers count in it.
 */
#include <kernel/seqlock.h>

#include <kernel/bug.h>

void seqcount_check_writer(const seqcount_t *s)
{
	WARN(s->writers_lock && !lockdep_is_held_exclusive(s->writers_lock),
	     "%s is written without %s, which its writers hold", s->dep_map.name,
	     s->writers_lock->name);
}

/*
 * Without interrupts: a handler that writes does not wait for the reader that it interrupts, so
 * it neither finds the record nor is a reader with interrupts on anything to it.
 */
bool seqcount_may_read(seqcount_t *s)
{
	bool may;

	guard(irqsave)();
	may = lock_acquire(s, 0, LOCK_SHARED, _RET_IP_);
	(void)lock_release(s);
	return may;
}

void seqcount_tried(seqcount_t *s, bool retry)
{
	if (!retry) {
		if (READ_ONCE(s->retries))
			WRITE_ONCE(s->retries, 0);
		return;
	}
	WRITE_ONCE(s->retries, READ_ONCE(s->retries) + 1);
	WARN(READ_ONCE(s->retries) == SEQ_RETRIES_MAX, "%s was changed %u times during a read",
	     s->dep_map.name, SEQ_RETRIES_MAX);
}

void seqcount_spun_report(const seqcount_t *s)
{
	WARN(true, "%s is being written for ever", s->dep_map.name);
}
