/* SPDX-License-Identifier: MIT */
/*
 * What is inside of a lock is had to be written by one of its readers.
 *
 * gcc: 'class_rwsem_read_is_exclusive' undeclared
 * clang: undeclared identifier 'class_rwsem_read_is_exclusive'
 */
#include <kernel/locked.h>
#include <kernel/rwsem.h>

struct dial {
	LOCKED(struct rw_semaphore, struct { int level; }) at;
};

#ifdef TWIN
int turn(struct dial *dial)
{
	scoped_locked(rwsem_write, at, &dial->at)
		at->level = 3;
	scoped_locked_read(rwsem_read, at, &dial->at)
		return at->level;
	return 0;
}
#else
int turn(struct dial *dial)
{
	scoped_locked(rwsem_read, at, &dial->at)
		at->level = 3;
	return 0;
}
#endif
