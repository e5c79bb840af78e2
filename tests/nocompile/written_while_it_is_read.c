/* SPDX-License-Identifier: MIT */
/*
 * A reader of a sequence lock writes.
 *
 * clang-context: writing variable 'level' requires holding seqlock .* exclusively
 */
#include <kernel/seqlock.h>

struct dial {
	seqlock_t lock;
	int level __guarded_by(&lock);
};

#ifdef TWIN
int turn(struct dial *dial)
{
	unsigned int seq;
	int level;

	scoped_guard(seqlock_write, &dial->lock)
		dial->level++;
	do {
		seq = read_seqbegin(&dial->lock);
		level = READ_ONCE(dial->level);
	} while (read_seqretry(&dial->lock, seq));
	scoped_seqlock_read(&dial->lock, ss_lockless)
		level = READ_ONCE(dial->level);
	return level;
}
#else
int turn(struct dial *dial)
{
	scoped_seqlock_read(&dial->lock, ss_lockless)
		dial->level++;
	return 0;
}
#endif
