/* SPDX-License-Identifier: MIT */
/*
 * What a read-write semaphore guards is written by who has it with others.
 *
 * clang-context: writing variable 'level' requires holding rw_semaphore .* exclusively
 */
#include <kernel/rwsem.h>

struct dial {
	struct rw_semaphore lock;
	int level __guarded_by(&lock);
};

#ifdef TWIN
int turn(struct dial *dial)
{
	guard(rwsem_write)(&dial->lock);
	return ++dial->level;
}

int look(struct dial *dial)
{
	scoped_cond_guard(rwsem_read_try, return -1, &dial->lock)
		return dial->level;
	return 0;
}
#else
int turn(struct dial *dial)
{
	guard(rwsem_read)(&dial->lock);
	return ++dial->level;
}
#endif
