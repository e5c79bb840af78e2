/* SPDX-License-Identifier: MIT */
/*
 * Sequence locks: readers take nothing and never keep a writer waiting; they read again if a
 * writer was there meanwhile. For a few words that are read often and written seldom.
 *
 *	do {						scoped_seqlock_read(&t->lock, ss_lockless) {
 *		seq = read_seqbegin(&t->lock);			a = READ_ONCE(t->a);
 *		a = READ_ONCE(t->a);				b = READ_ONCE(t->b);
 *		b = READ_ONCE(t->b);			}
 *	} while (read_seqretry(&t->lock, seq));
 *
 *	scoped_guard(seqlock_write, &t->lock) {
 *		WRITE_ONCE(t->a, ...);
 *		WRITE_ONCE(t->b, ...);
 *	}
 *
 * The sequence is odd while a writer is there. What is read is of no use until the last look at
 * the sequence: a pointer in there is not followed. READ_ONCE and WRITE_ONCE, since both are
 * there at once.
 *
 * seqcount_t is the sequence alone: writers exclude one another by something else, which is told
 * if it is a lock (seqcount_spinlock_t and its like). seqlock_t has a spin lock for that. A writer
 * does not sleep, and where readers are in interrupt handlers it has interrupts off: a handler that
 * reads while it interrupts the writer would wait for ever.
 *
 * With CONFIG_LOCKDEP reported: a writer without the lock that was told, sleeping in a write
 * section, a reader in an interrupt and a writer with interrupts on, reading within one's own write
 * section (which then goes through), a section that is begun within itself or ended without a
 * beginning (which leaves the sequence as it was), and a reader that has tried SEQ_RETRIES_MAX
 * times.
 *
 * Locking: a seqlock's own lock keeps its writers apart, and is taken before the section begins
 * and given back behind its end. What else a writer takes is a spin lock, inside.
 * Context: any, for all of this header, if not said otherwise.
 */
#ifndef KERNEL_SEQLOCK_H
#define KERNEL_SEQLOCK_H

#include <kernel/lockdep.h>
#include <kernel/mutex.h>
#include <kernel/spinlock.h>
#include <lib/atomic.h>
#include <lib/cleanup.h>
#include <lib/compiler.h>

#define SEQ_RETRIES_MAX		10000u
#define SEQ_SPINS_MAX		100000000u	/* some seconds */

/* `sequence` [a] is odd iff a writer is there; changed by the writer. */
context_lock_struct(seqcount) {
	unsigned int sequence;
#ifdef CONFIG_LOCKDEP
	const struct lockdep_map *writers_lock;	/* [I] NULL: not told */
	unsigned int retries;		/* [a] since a reader last succeeded, about */
	struct lockdep_map dep_map;
#endif
};
typedef struct seqcount seqcount_t;

/* By what keeps the writers apart, with Linux's names. All are one type. */
typedef struct seqcount seqcount_raw_spinlock_t, seqcount_spinlock_t, seqcount_mutex_t;

#define SEQCNT_ZERO(name)	{ LOCKDEP_MAP_INIT(name, LOCK_KIND_SPIN) }

#ifdef CONFIG_LOCKDEP
#define SEQCNT_LOCK_ZERO(name, lock)	\
	{ .writers_lock = &(lock)->dep_map, LOCKDEP_MAP_INIT(name, LOCK_KIND_SPIN) }
#else
#define SEQCNT_LOCK_ZERO(name, lock)	SEQCNT_ZERO(name)
#endif

/* `lock`: the address of a static one. */
#define SEQCNT_RAW_SPINLOCK_ZERO(name, lock)	SEQCNT_LOCK_ZERO(name, lock)
#define SEQCNT_SPINLOCK_ZERO(name, lock)	SEQCNT_LOCK_ZERO(name, lock)
#define SEQCNT_MUTEX_ZERO(name, lock)		SEQCNT_LOCK_ZERO(name, lock)

static inline void __seqcount_init(seqcount_t *s, const char *name, struct lock_class_key *key)
{
	s->sequence = 0;
#ifdef CONFIG_LOCKDEP
	s->writers_lock = NULL;
#endif
	lockdep_init_map(&s->dep_map, name, key, LOCK_KIND_SPIN);
}

/* Context: any; nobody else uses it. */
#define seqcount_init(s) do {							\
	static struct lock_class_key key__;					\
	__seqcount_init(s, #s, &key__);						\
} while (0)

#ifdef CONFIG_LOCKDEP
#define __seqcount_set_lock(s, lock)	((void)((s)->writers_lock = &(lock)->dep_map))
#else
#define __seqcount_set_lock(s, lock)	((void)(lock))
#endif

/* For those below: `l` is the lock's address. */
#define __seqcount_init_with(s, type, l) do {					\
	type *lock__ = (l);							\
	seqcount_init(s);							\
	__seqcount_set_lock(s, lock__);						\
} while (0)

/* Writers hold `lock`. Context: any; nobody else uses it. */
#define seqcount_raw_spinlock_init(s, lock)	__seqcount_init_with(s, raw_spinlock_t, lock)
#define seqcount_spinlock_init(s, lock)		__seqcount_init_with(s, spinlock_t, lock)
#define seqcount_mutex_init(s, lock)		__seqcount_init_with(s, struct mutex, lock)

/* ---- what the checker sees ---- */

#ifdef CONFIG_LOCKDEP

/* Reports a writer that does not hold the lock that writers are to hold. Context: any. */
void seqcount_check_writer(const seqcount_t *s);

/* Returns false, after a report, for who would wait for himself. Context: any. */
bool seqcount_may_read(seqcount_t *s);

/* Counts what came of an attempt, and reports one too many. Context: any. */
void seqcount_tried(seqcount_t *s, bool retry);
void seqcount_spun_report(const seqcount_t *s);

#else

static inline void seqcount_check_writer(const seqcount_t *s)
{
	(void)s;
}

static inline bool seqcount_may_read(seqcount_t *s)
{
	(void)s;
	return true;
}

static inline void seqcount_tried(seqcount_t *s, bool retry)
{
	(void)s;
	(void)retry;
}

static inline void seqcount_spun_report(const seqcount_t *s)
{
	(void)s;
}

#endif

/* ---- readers; context: any ---- */

/* Waits until no writer is there. Return: the sequence, for read_seqcount_retry(). */
static inline unsigned int __must_check read_seqcount_begin(seqcount_t *s)
	__acquires_shared(s) __no_context_analysis
{
	unsigned int seq, spins = 0;
	bool may = seqcount_may_read(s);

	while (((seq = smp_load_acquire(&s->sequence)) & 1) && likely(may)) {
		cpu_relax();
		if (IS_ENABLED(CONFIG_LOCKDEP) && ++spins == SEQ_SPINS_MAX)
			seqcount_spun_report(s);
	}
	return seq;
}

/* Whether what was read since is to be read again. */
static inline bool __must_check read_seqcount_retry(seqcount_t *s, unsigned int start)
	__releases_shared(s) __no_context_analysis
{
	bool retry;

	smp_rmb();
	retry = READ_ONCE(s->sequence) != start;
	seqcount_tried(s, retry);
	return retry;
}

/* ---- writers, whom something else keeps apart; no sleep in between ---- */

static inline void write_seqcount_begin(seqcount_t *s)
	__acquires(s, role_spinning) __no_context_analysis
{
	bool may = lock_acquire(s, 0, LOCK_EXCLUSIVE, 0);

	seqcount_check_writer(s);
	lock_acquired(s);
	if (likely(may))
		WRITE_ONCE(s->sequence, s->sequence + 1);
	smp_wmb();
}

static inline void write_seqcount_end(seqcount_t *s)
	__releases(s, role_spinning) __no_context_analysis
{
	smp_wmb();
	lockdep_pin();
	if (likely(lock_release(s)))
		WRITE_ONCE(s->sequence, s->sequence + 1);
	lockdep_unpin();
}

/* ---- with a spin lock ---- */

context_lock_struct(seqlock) {
	seqcount_t seqcount;
	spinlock_t lock;
};
typedef struct seqlock seqlock_t;

#define __SEQLOCK_UNLOCKED(name) {					\
	.seqcount = SEQCNT_ZERO(name.seqcount),				\
	.lock = __SPIN_LOCK_UNLOCKED(name.lock),			\
}
#define DEFINE_SEQLOCK(name)	seqlock_t name = __SEQLOCK_UNLOCKED(name)

static inline void __seqlock_init(seqlock_t *sl, const char *name, struct lock_class_key *count,
				  struct lock_class_key *lock)
{
	__seqcount_init(&sl->seqcount, name, count);
	__raw_spin_lock_init(&sl->lock, name, lock);
}

/* Context: any; nobody else uses it. */
#define seqlock_init(sl) do {							\
	static struct lock_class_key count__, lock__;				\
	__seqlock_init(sl, #sl, &count__, &lock__);				\
} while (0)

/* Readers: as those of a seqcount_t. Context: any. */
static inline unsigned int __must_check read_seqbegin(seqlock_t *sl)
	__acquires_shared(sl) __no_context_analysis
{
	return read_seqcount_begin(&sl->seqcount);
}

static inline bool __must_check read_seqretry(seqlock_t *sl, unsigned int start)
	__releases_shared(sl) __no_context_analysis
{
	return read_seqcount_retry(&sl->seqcount, start);
}

/* Writers. Context: any, with that of spin_lock() and its other forms. */
static inline void write_seqlock(seqlock_t *sl)
	__acquires(sl, role_spinning) __no_context_analysis
{
	spin_lock(&sl->lock);
	write_seqcount_begin(&sl->seqcount);
}

static inline void write_sequnlock(seqlock_t *sl)
	__releases(sl, role_spinning) __no_context_analysis
{
	write_seqcount_end(&sl->seqcount);
	spin_unlock(&sl->lock);
}

static inline void write_seqlock_irq(seqlock_t *sl)
	__acquires(sl, role_spinning, role_irqs_off) __no_context_analysis
{
	local_irq_disable();
	write_seqlock(sl);
}

static inline void write_sequnlock_irq(seqlock_t *sl)
	__releases(sl, role_spinning, role_irqs_off) __no_context_analysis
{
	write_sequnlock(sl);
	local_irq_enable();
}

/* Return: what interrupts were before, for write_sequnlock_irqrestore(). Context: any. */
static inline unsigned long write_seqlock_irqsave_flags(seqlock_t *sl)
	__acquires(sl, role_spinning, role_irqs_off) __no_context_analysis
{
	unsigned long flags = arch_local_irq_save();

	write_seqlock(sl);
	return flags;
}

#define write_seqlock_irqsave(sl, flags) \
	do { (flags) = write_seqlock_irqsave_flags(sl); } while (0)

static inline void write_sequnlock_irqrestore(seqlock_t *sl, unsigned long flags)
	__releases(sl, role_spinning, role_irqs_off) __no_context_analysis
{
	write_sequnlock(sl);
	local_irq_restore(flags);
}

/* A reader that keeps writers, and its like, out; other readers go on. Interrupts as they are. */
static inline void read_seqlock_excl(seqlock_t *sl)
	__acquires_shared(sl, role_spinning) __no_context_analysis
{
	spin_lock(&sl->lock);
}

static inline void read_sequnlock_excl(seqlock_t *sl)
	__releases_shared(sl, role_spinning) __no_context_analysis
{
	spin_unlock(&sl->lock);
}

DEFINE_GUARD(seqlock_write, seqlock_t *, write_seqlock(_T), write_sequnlock(_T))
GUARD_HOLDS(seqlock_write)
GUARD_ROLE(seqlock_write, role_spinning)
DEFINE_LOCK_GUARD_1(seqlock_write_irqsave, seqlock_t, write_seqlock_irqsave(_T->lock, _T->flags),
		    write_sequnlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
GUARD_HOLDS(seqlock_write_irqsave)
GUARD_ROLE(seqlock_write_irqsave, role_spinning)
GUARD_ROLE(seqlock_write_irqsave, role_irqs_off)

/* ---- a block that is run until it has read one state ---- */

/*
 * ss_lockless: as often as it takes. ss_lock, ss_lock_irqsave: once, and if a writer was there
 * a second time with the lock. The block is left by its end, by return or by break: who leaves
 * early does without the last look.
 */
enum ss_target { ss_lockless, ss_lock, ss_lock_irqsave };

struct ss_scope {
	seqlock_t *sl;
	unsigned int seq;
	bool locked, done;
	unsigned long flags;
};

static __always_inline struct ss_scope ss_begin(seqlock_t *sl)
	__no_context_analysis
{
	return (struct ss_scope){ .sl = sl, .seq = read_seqbegin(sl) };
}

/* After a round of the block. */
static __always_inline void ss_next(struct ss_scope *s, enum ss_target target)
	__no_context_analysis
{
	if (s->locked || !read_seqretry(s->sl, s->seq)) {
		s->done = true;
	} else if (target == ss_lockless) {
		s->seq = read_seqbegin(s->sl);
	} else {
		if (target == ss_lock_irqsave)
			s->flags = arch_local_irq_save();
		read_seqlock_excl(s->sl);
		s->locked = true;
	}
}

static __always_inline void ss_end(struct ss_scope *s, enum ss_target target)
	__no_context_analysis
{
	if (!s->locked)
		return;
	read_sequnlock_excl(s->sl);
	if (target == ss_lock_irqsave)
		local_irq_restore(s->flags);
}

#define SS_CLEANUP(target) \
	static __always_inline void target##_end(struct ss_scope *s) { ss_end(s, target); }
SS_CLEANUP(ss_lockless)
SS_CLEANUP(ss_lock)
SS_CLEANUP(ss_lock_irqsave)

/* For the compiler's analysis alone: in the block the caller is a reader. */
DEFINE_GUARD(seqlock_reader, seqlock_t *, (void)_T, (void)_T)
GUARD_HOLDS_SHARED(seqlock_reader)

#define SCOPED_SEQLOCK_READ(sl, target, scope)					\
	scoped_guard(seqlock_reader, sl)					\
	for (struct ss_scope scope __cleanup(target##_end) = ss_begin(sl);	\
	     !scope.done; ss_next(&scope, target))

#define scoped_seqlock_read(sl, target)	SCOPED_SEQLOCK_READ(sl, target, __unique_id(ss__))

#endif
