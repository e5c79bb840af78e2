/* SPDX-License-Identifier: MIT */
/*
 * Data whose lock is elsewhere: in the parent, in the table that it is in.
 *
 * The compiler's analysis knows which field a lock guards, but not which of two locks of one
 * type. So the data says whose it is, and who wants it shows the lock that it holds:
 *
 *	struct file {
 *		LOCKED_BY(struct file_stat) stat;
 *	};
 *
 *	locked_by_init(&file->stat, &dir->lock);
 *
 *	guard(mutex)(&dir->lock);
 *	struct file_stat *stat = locked_by_access(&file->stat, &dir->lock);
 *
 * The lock is a mutex, a spin lock or a rw_semaphore that outlives the data; the data is
 * initialised after the lock. Who holds it as one of the readers has locked_by_read(). With
 * CONFIG_LOCKDEP an access with another lock, without holding it, as a reader, or after the lock
 * was initialised anew in the same place, is reported and gets NULL. Without, LOCKED_BY() takes
 * no room and an access is the data's address.
 *
 * Context of all: any that may hold the lock.
 */
#ifndef KERNEL_LOCKED_BY_H
#define KERNEL_LOCKED_BY_H

#include <kernel/lockdep.h>
#include <lib/compiler.h>
#include <lib/types.h>

struct locked_by {
#ifdef CONFIG_LOCKDEP
	const struct lockdep_map *lock;		/* [I] */
	u32 lock_id;				/* [I] of the one that lay there then */
#endif
};

#define LOCKED_BY(type...) struct {						\
	struct locked_by locked_by;						\
	type data;								\
}

#ifdef CONFIG_LOCKDEP

/*
 * What the macros below call: the others return whether the caller holds that very lock, alone or
 * with readers beside it.
 */
void __locked_by_init(struct locked_by *l, const struct lockdep_map *lock);
bool __locked_by_holds(const struct locked_by *l, const struct lockdep_map *lock);
bool __locked_by_reads(const struct locked_by *l, const struct lockdep_map *lock);

#define locked_by_init(x, owner)	__locked_by_init(&(x)->locked_by, &(owner)->dep_map)
#define LOCKED_BY_HOLDS(x, owner)	__locked_by_holds(&(x)->locked_by, &(owner)->dep_map)
#define LOCKED_BY_READS(x, owner)	__locked_by_reads(&(x)->locked_by, &(owner)->dep_map)

#else

#define locked_by_init(x, owner)	((void)(x), (void)(owner))
#define LOCKED_BY_HOLDS(x, owner)	((void)(owner), true)
#define LOCKED_BY_READS(x, owner)	((void)(owner), true)

#endif

static inline void *__must_check locked_by_data(bool holds, void *data)
{
	return holds ? data : NULL;
}

/*
 * The address of the data, or NULL, after a report, for who does not hold its lock, or holds it
 * as one of the readers.
 */
#define locked_by_access(x, owner)						\
	((__typeof__(&(x)->data))locked_by_data(LOCKED_BY_HOLDS(x, owner), &(x)->data))

/* The same for who only reads: the address is one of const, and a reader's hold is enough. */
#define locked_by_read(x, owner)						\
	((const __typeof__((x)->data) *)locked_by_data(LOCKED_BY_READS(x, owner), &(x)->data))

#endif
