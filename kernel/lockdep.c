/* SPDX-License-Identifier: MIT */
/*
 * The lock checker: see <kernel/lockdep.h> for what it finds.
 *
 * Each task has a stack of the locks that it holds; what an interrupt handler takes on top of a
 * task comes above the task's own and is marked. An acquisition is checked against that stack,
 * and what it tells about classes goes into the graph, where a new edge or a new kind of use
 * is the only time that something is searched.
 *
 * Locking: [g] graph and, inside it, [s] stacks: bare spin locks with interrupts off, inside
 * every other lock. A report takes locks of the log: what its own CPU takes meanwhile is not
 * looked at, and who finds the graph busy with a report does without the graph. A task's stack
 * belongs to the task and to the interrupts on top of it, who leave it as they found it;
 * others take out of it what lies in memory that is freed.
 */
#include <kernel/lockdep.h>

#include <hal/memory.h>
#include <hal/traps.h>
#include <kernel/mutex.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/rwsem.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/atomic.h>
#include <lib/list.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#include "lockdep_priv.h"
#include "sched_priv.h"

static arch_spinlock_t graph, stacks;
static LIST_HEAD(holders);	/* [s] the tasks that hold something, by lockdep.holders */

struct lockdep_map rcu_lock_map = {
	.self = &rcu_lock_map,
	.name = "rcu_read_lock",
	.kind = LOCK_KIND_RCU,
};

/* Of a lock that was destroyed this is `self`. */
static const struct lockdep_map destroyed;

static bool forbids_sleep(const struct lockdep_map *map)
{
	return map->kind == LOCK_KIND_SPIN || map->kind == LOCK_KIND_RCU;
}

/* Before there are tasks, in a panic and in a report nothing is followed. */
static bool looks_away(void)
{
	return unlikely(!current || current->lockdep.reporting || panic_on_this_cpu());
}

static bool is_exclusive(enum lock_how how)
{
	return how == LOCK_EXCLUSIVE || how == LOCK_TRY;
}

/* Interrupts are off. Returns false if who has it may wait for what the caller holds. */
static bool graph_lock(void)
{
	while (!arch_spin_trylock(&graph)) {
		if (atomic_read(&lockdep_reporters))
			return false;
		cpu_relax();
	}
	return true;
}

/* ---- locks that are none ---- */

static const char overwritten[] = "was freed or overwritten";

/* What a lock that is not what it should be is. */
static const char *map_trouble(const struct lockdep_map *map)
{
	unsigned long self;

	if (likely(map->self == map))
		return map->key || is_image_address(map) ? NULL :
			"is no static object but initialised so";
	if (!map->self)
		return "was never initialised";
	if (map->self == &destroyed)
		return "was destroyed";
	/* Whatever stands there may be no address at all. */
	if (IS_ALIGNED((unsigned long)map->self, sizeof(self)) &&
	    hal_probe_read(&map->self->self, &self) == 0 && self == (unsigned long)map->self)
		return "is a copy of another";
	return overwritten;
}

static bool is_known(const struct lockdep_map *map)
{
	const char *trouble = map_trouble(map);

	if (likely(!trouble))
		return true;
	if (lockdep_report_begin("lock at %p %s", map, trouble))
		debug_show_held_locks(current);
	lockdep_report_end();
	return false;
}

/* ---- the stack of a task ---- */

static struct held_lock *find_held(struct lockdep_task *t, const struct lockdep_map *map)
{
	for (unsigned int i = t->depth; i > 0; i--)
		if (t->held[i - 1].map == map)
			return &t->held[i - 1];
	return NULL;
}

/* What the interrupt holds, or the task: not the one what the other does. */
static struct held_lock *find_own(const struct lockdep_map *map)
{
	struct held_lock *held = find_held(&current->lockdep, map);

	return held && held->in_irq == in_hardirq() ? held : NULL;
}

/* Two of a class without a subclass are taken in no order: another may take them the other way. */
static const struct held_lock *find_class(const struct lockdep_task *t,
					  const struct held_lock *held)
{
	for (unsigned int i = t->depth; i > 0 && held->class_nr; i--)
		if (t->held[i - 1].class_nr == held->class_nr &&
		    t->held[i - 1].in_irq == held->in_irq)
			return &t->held[i - 1];
	return NULL;
}

/* Returns whether the running task waits for itself. */
static bool check_recursion(struct lockdep_task *t, const struct held_lock *held)
{
	const struct held_lock *before = find_held(t, held->map);
	bool same = before && !before->ignored;

	if (held->how == LOCK_SHARED_NESTED || held->how == LOCK_TRY_SHARED)
		return false;
	if (!before && held->how != LOCK_TRY && !held->map->nests)
		before = find_class(t, held);
	if (!before)
		return false;
	if (lockdep_report_begin("possible recursive locking: %s is taken, %s held already",
				 held->map->name, same ? "and is" : "another of its class is")) {
		lock_held_print(current, held);
		pr_warn("held already:\n");
		lock_held_print(current, before);
	}
	lockdep_report_end();
	return same;
}

/* The graph is locked. */
static void check(struct lockdep_task *t, struct held_lock *held, bool irqs_on)
{
	held->ignored = check_recursion(t, held);
	if (held->ignored || !held->class_nr || held->map->kind == LOCK_KIND_RCU)
		return;
	lock_use_note(held, irqs_on);
	if (!only_tries(held->how))
		lock_orders_add(t, held);
}

/* Interrupts are off. */
static void push(struct lockdep_task *t, const struct held_lock *held)
{
	arch_spin_lock(&stacks);
	if (!t->depth)
		list_add(&t->holders, &holders);
	t->held[t->depth++] = *held;
	t->atomic += forbids_sleep(held->map);
	arch_spin_unlock(&stacks);
}

static void pop_locked(struct lockdep_task *t, struct held_lock *held)
{
	struct held_lock *last = &t->held[t->depth - 1];

	if (held->taken && held->map->holder == container_of(t, struct task_struct, lockdep))
		held->map->holder = NULL;
	t->atomic -= forbids_sleep(held->map);
	memmove(held, held + 1, (size_t)(last - held) * sizeof(*held));
	if (!--t->depth)
		list_unlink(&t->holders);
}

/* Interrupts are off. */
static void pop(struct lockdep_task *t, struct held_lock *held)
{
	arch_spin_lock(&stacks);
	pop_locked(t, held);
	arch_spin_unlock(&stacks);
}

static unsigned int known_subclass(const struct lockdep_map *map, unsigned int subclass)
{
	if (likely(subclass < LOCKDEP_SUBCLASSES))
		return subclass;
	lockdep_report_begin("%s is taken with subclass %u, of %u", map->name, subclass,
			     LOCKDEP_SUBCLASSES);
	lockdep_report_end();
	return LOCKDEP_SUBCLASSES - 1;
}

bool lockdep_acquire(struct lockdep_map *map, unsigned int subclass, enum lock_how how,
		     unsigned long ip, unsigned long sp)
{
	struct lockdep_task *t = &current->lockdep;
	struct held_lock held = {
		.map = map,
		.how = (u8)how,
		.in_irq = in_hardirq(),
		.ip = ip ? ip : _RET_IP_,
		.sp = ip ? sp : (unsigned long)__builtin_dwarf_cfa(),
	};
	unsigned long flags;

	if (looks_away())
		return true;
	/* Of what stands where a lock was nobody knows whether it will ever look free. */
	if (!is_known(map))
		return map_trouble(map) != overwritten;
	subclass = known_subclass(map, subclass);
	flags = arch_local_irq_save();
	if (t->depth == LOCKDEP_DEPTH) {
		t->beyond++;
		lock_checker_full("locks held by one task");
		local_irq_restore(flags);
		return true;
	}
	if (graph_lock()) {
		held.class_nr = lock_class_get(map, subclass);
		check(t, &held, !irqs_disabled_flags(flags));
		arch_spin_unlock(&graph);
	}
	push(t, &held);
	local_irq_restore(flags);
	return !held.ignored;
}

void lockdep_acquired(struct lockdep_map *map)
{
	struct held_lock *held = looks_away() ? NULL : find_own(map);

	if (!held)
		return;
	held->taken = true;
	if (is_exclusive(held->how))
		map->holder = current;
	if (unlikely(map->abandoned)) {
		map->abandoned = false;
		if (lockdep_report_begin("%s was abandoned: the task that held it ended",
					 map->name))
			debug_show_held_locks(current);
		lockdep_report_end();
	}
}

static void report_not_held(const struct lockdep_map *map)
{
	const struct task_struct *holder = map->holder;

	if (lockdep_report_begin("bad unlock balance: %s%s/%d gives %s back, which %s holds",
				 in_hardirq() ? "an interrupt of " : "", current->comm,
				 current->pid, map->name, holder ? holder->comm : "nobody"))
		debug_show_held_locks(holder ? holder : current);
	lockdep_report_end();
}

/*
 * Nothing kept an interrupt from coming upon the lock's holder: flags of two locks were mixed up,
 * or those of the first were restored before the second was given back.
 */
void lockdep_irqs_came_on(const struct lockdep_map *map)
{
	if (looks_away())
		return;
	if (lockdep_report_begin("interrupts are on before %s is given back, which switched them "
				 "off", map->name))
		debug_show_held_locks(current);
	lockdep_report_end();
}

/* Returns whether one that there was no room for is given back, which one nobody knows. */
static bool release_beyond(struct lockdep_task *t)
{
	if (!t->beyond)
		return false;
	t->beyond--;
	return true;
}

static bool release_held(struct held_lock *held, bool irqs_on)
{
	bool ignored = held->ignored;

	if (graph_lock()) {
		lock_use_note(held, irqs_on);
		arch_spin_unlock(&graph);
	}
	pop(&current->lockdep, held);
	return !ignored;
}

bool lockdep_release(struct lockdep_map *map)
{
	struct held_lock *held;
	unsigned long flags;
	bool taken;

	if (looks_away() || map_trouble(map))
		return true;
	flags = arch_local_irq_save();
	held = find_own(map);
	taken = held ? release_held(held, !irqs_disabled_flags(flags)) :
		       release_beyond(&current->lockdep);
	local_irq_restore(flags);
	if (!held && !taken)
		report_not_held(map);
	return taken;
}

bool lockdep_downgrade(struct lockdep_map *map)
{
	struct held_lock *held;

	if (looks_away())
		return true;
	held = find_own(map);
	if (!held || !is_exclusive(held->how)) {
		report_not_held(map);
		return false;
	}
	held->how = LOCK_SHARED;
	map->holder = NULL;
	return true;
}

/* ---- questions ---- */

bool lockdep_is_held(const struct lockdep_map *map)
{
	return looks_away() || find_own(map);
}

unsigned int lockdep_nesting(const struct lockdep_map *map)
{
	const struct lockdep_task *t = &current->lockdep;
	unsigned int n = 0;

	for (unsigned int i = 0; i < t->depth; i++)
		n += t->held[i].map == map;
	return n;
}

unsigned int lockdep_depth(const struct task_struct *p)
{
	return READ_ONCE(p->lockdep.depth);
}

bool lockdep_in_atomic(void)
{
	return current && (current->lockdep.atomic || current->lockdep.pinned) &&
	       !panic_on_this_cpu();
}

bool lockdep_is_held_exclusive(const struct lockdep_map *map)
{
	const struct held_lock *held = looks_away() ? NULL : find_own(map);

	return looks_away() || (held && is_exclusive(held->how));
}

/* An interrupt leaves the count as it found it. */
void lockdep_pin(void)
{
	if (current)
		current->lockdep.pinned++;
	barrier();
}

void lockdep_unpin(void)
{
	barrier();
	if (current)
		current->lockdep.pinned--;
}

/* ---- the end of a task, of memory, of a class ---- */

/*
 * A dead task's sleeping lock goes to who waits for it. Whether the task had it already, the
 * mutex knows: it may have been stopped just before it said so here, and then it had not begun
 * with what the mutex protects.
 */
static void abandon(struct task_struct *p, struct held_lock *held)
{
	struct lockdep_map *map = held->map;
	bool exclusive = is_exclusive(held->how);
	bool taken = held->taken, ignored = held->ignored;

	pop(&p->lockdep, held);
	if (ignored)
		return;
	if (map->kind == LOCK_KIND_MUTEX)
		mutex_abandon(container_of(map, struct mutex, dep_map), p, taken);
	else if (taken && map->kind == LOCK_KIND_RWSEM)
		rwsem_abandon(container_of(map, struct rw_semaphore, dep_map), exclusive);
}

static void abandon_from(struct task_struct *p, unsigned int depth)
{
	unsigned long flags = arch_local_irq_save();

	while (p->lockdep.depth > depth)
		abandon(p, &p->lockdep.held[p->lockdep.depth - 1]);
	local_irq_restore(flags);
}

void lockdep_abandon(struct task_struct *p)
{
	abandon_from(p, 0);
}

bool lockdep_check_depth(unsigned int depth, const char *fmt, ...)
{
	char what[64];
	va_list args;

	if (looks_away() || likely(current->lockdep.depth <= depth))
		return false;
	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	if (lockdep_report_begin("%s with %u locks held", what, current->lockdep.depth - depth))
		debug_show_held_locks(current);
	lockdep_report_end();
	abandon_from(current, depth);
	return true;
}

void lockdep_task_ends(void)
{
	current->lockdep.reporting = false;
	lockdep_check_depth(0, "%s/%d ends", current->comm, current->pid);
}

/* A robust mutex says so itself, and the memory is not freed then. */
static bool tells_itself(const struct held_lock *held)
{
	return IS_ENABLED(CONFIG_DEBUG_OBJECTS) && held->taken &&
	       held->map->kind == LOCK_KIND_ROBUST;
}

/* Of any task, out of its stack. Returns whether there is one. */
static bool take_inside_locked(const void *mem, unsigned long len, struct held_lock *found,
			       struct task_struct **holder)
{
	struct lockdep_task *t;

	list_for_each_entry(t, &holders, holders) {
		for (unsigned int i = t->depth; i > 0; i--) {
			struct held_lock *held = &t->held[i - 1];

			if ((unsigned long)held->map - (unsigned long)mem >= len ||
			    tells_itself(held))
				continue;
			*found = *held;
			*holder = container_of(t, struct task_struct, lockdep);
			pop_locked(t, held);
			return true;
		}
	}
	return false;
}

static bool take_inside(const void *mem, unsigned long len, struct held_lock *found,
			struct task_struct **holder)
{
	unsigned long flags = arch_local_irq_save();
	bool any;

	arch_spin_lock(&stacks);
	any = take_inside_locked(mem, len, found, holder);
	arch_spin_unlock(&stacks);
	local_irq_restore(flags);
	return any;
}

static void check_no_locks_in(const void *mem, unsigned long len, const char *what)
{
	struct task_struct *p;
	struct held_lock held;

	while (!looks_away() && take_inside(mem, len, &held, &p)) {
		if (lockdep_report_begin("memory at %p is %s with the %s lock %s in it, of %s/%d",
					 mem, what, held.taken ? "held" : "awaited",
					 held.map->name, p->comm, p->pid))
			lock_held_print(p, &held);
		lockdep_report_end();
	}
}

void debug_check_no_locks_freed(const void *mem, unsigned long len)
{
	check_no_locks_in(mem, len, "freed");
}

void lockdep_init_map(struct lockdep_map *map, const char *name, struct lock_class_key *key,
		      enum lock_kind kind)
{
	static atomic_t last_id;

	check_no_locks_in(map, sizeof(*map), "initialised");
	*map = (struct lockdep_map){
		.self = map,
		.key = key,
		.name = name,
		.kind = (u8)kind,
		.id = (u32)atomic_inc_return(&last_id),
	};
}

void lockdep_destroy_map(struct lockdep_map *map)
{
	map->self = &destroyed;
}

/* What is held of the class has none from here on. */
static void forget_held_locked(u16 class_nr)
{
	struct lockdep_task *t;

	list_for_each_entry(t, &holders, holders)
		for (unsigned int i = 0; i < t->depth; i++)
			if (t->held[i].class_nr == class_nr)
				t->held[i].class_nr = 0;
}

void lockdep_unregister_key(struct lock_class_key *key)
{
	unsigned long flags = arch_local_irq_save();

	arch_spin_lock(&graph);
	arch_spin_lock(&stacks);
	for (unsigned int i = 0; i < LOCKDEP_SUBCLASSES; i++) {
		if (!key->class_nr[i])
			continue;
		forget_held_locked(key->class_nr[i]);
		lock_class_forget(key->class_nr[i]);
		key->class_nr[i] = 0;
	}
	arch_spin_unlock(&stacks);
	arch_spin_unlock(&graph);
	local_irq_restore(flags);
}
