/* SPDX-License-Identifier: MIT */
/*
 * Data is written whose lock, which is elsewhere, is held by a reader.
 *
 * gcc: assignment of read-only location
 * clang: read-only variable is not assignable
 */
#include <kernel/locked_by.h>
#include <kernel/rwsem.h>

struct file {
	LOCKED_BY(int) mode;
};

#ifdef TWIN
int look(struct file *file, struct rw_semaphore *directory)
{
	guard(rwsem_read)(directory);
	return *locked_by_read(&file->mode, directory);
}
#else
int look(struct file *file, struct rw_semaphore *directory)
{
	guard(rwsem_read)(directory);
	return *locked_by_read(&file->mode, directory) = 3;
}
#endif
