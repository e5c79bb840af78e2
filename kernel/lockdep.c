/* SPDX-License-Identifier: MIT */
/*
 * The lock checker: see <kernel/lockdep.h> for what it finds.
 *
 * Each task has a stack of the locks that it holds; what an interrupt handler takes on top of a
 * task comes above the task's own and is marked. An acquisition is checked against that stack,
 * and what it tells about classes goes into the graph, where a new edge or a new kind of use
 * is the only time that something is searched.
 *
 * Locking: `graph`, a bare spin lock with interrupts off, inside every other lock. A report
 * takes locks of the log: what is taken while one is made is not looked at. A task's stack
 * belongs to the task and to the interrupts on its CPU, who leave it as they found it.
 */
#include <kernel/lockdep.h>

#include <hal/memory.h>
#include <hal/traps.h>
#include <hal/unwind.h>
#include <kernel/mutex.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <kernel/stacktrace.h>
#include <lib/bits.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#include "lockdep_priv.h"

static arch_spinlock_t graph;
static bool reporting;		/* [graph] or alone: the checker looks away */
static bool gave_up;		/* [graph] no room for all: said once */

struct lockdep_map rcu_lock_map = {
	.self = &rcu_lock_map,
	.name = "rcu_read_lock",
	.kind = LOCK_KIND_RCU,
};

static bool forbids_sleep(const struct lockdep_map *map)
{
	return map->kind == LOCK_KIND_SPIN || map->kind == LOCK_KIND_RCU;
}

/* Before there are tasks, in a panic and in a report nothing is followed. */
static bool looks_away(void)
{
	return unlikely(!current || reporting || panic_on_this_cpu());
}

void lockdep_init_map(struct lockdep_map *map, const char *name, struct lock_class_key *key,
		      enum lock_kind kind)
{
	static atomic_t last_id;

	*map = (struct lockdep_map){
		.self = map,
		.key = key,
		.name = name,
		.kind = (u8)kind,
		.id = (u32)atomic_inc_return(&last_id),
	};
}

/* ---- reports ---- */

/*
 * Where a lock was taken, and from where that function was called: those calls are under way
 * still, or have returned and are left out. Only the first costs anything when a lock is taken.
 */
static void trace_of(const struct task_struct *p, const struct held_lock *held,
		     unsigned long trace[LOCKDEP_TRACE])
{
	unsigned int nr = 0;
	struct hal_unwind u;
	bool more = true;

	trace[nr++] = held->ip;
	if (p == current)
		hal_unwind_start(&u, NULL);
	else
		more = hal_unwind_start_context(&u, &p->context);
	while (more && nr < LOCKDEP_TRACE && hal_unwind_next(&u))
		if (u.in_irq == held->in_irq && u.r[13] > held->sp)
			trace[nr++] = u.r[15];
	if (nr < LOCKDEP_TRACE)
		trace[nr] = 0;
}

static void print_held(const struct task_struct *p, const struct held_lock *held)
{
	unsigned long trace[LOCKDEP_TRACE];

	trace_of(p, held, trace);
	pr_warn("%s%s, taken at\n", held->map->name, held->in_irq ? " (by an interrupt)" : "");
	stack_trace_print(KERN_WARNING, trace, LOCKDEP_TRACE);
}

void debug_show_held_locks(const struct task_struct *p)
{
	const struct lockdep_task *t = &p->lockdep;

	pr_warn("%s/%d holds %u locks%s\n", p->comm, p->pid, t->depth, t->depth ? ":" : "");
	for (unsigned int i = t->depth; i > 0; i--)
		print_held(p, &t->held[i - 1]);
}

/* What is taken from here to lockdep_report_end() is the report's own. */
#define lockdep_report_begin(fmt, ...) \
	(reporting = true, report_begin(fmt, ##__VA_ARGS__))

static void lockdep_report_end(void)
{
	report_end();
	reporting = false;
}

void lock_checker_full(const char *what)
{
	if (gave_up)
		return;
	gave_up = true;
	lockdep_report_begin("the lock checker has no room for more %s", what);
	lockdep_report_end();
}

/* What a lock that is not what it should be is. */
static const char *map_trouble(const struct lockdep_map *map)
{
	unsigned long self;

	if (likely(map->self == map))
		return map->key || is_image_address(map) ? NULL : "is no static object but initialised so";
	if (!map->self)
		return "was never initialised";
	/* Whatever stands there may be no address at all. */
	if (IS_ALIGNED((unsigned long)map->self, sizeof(self)) &&
	    hal_probe_read(&map->self->self, &self) == 0 && self == (unsigned long)map->self)
		return "is a copy of another";
	return "was freed or overwritten";
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

/* ---- the graph ---- */

static bool is_class(u16 nr, u16 wanted)
{
	return nr == wanted;
}

static bool is_used(u16 nr, u16 usage)
{
	return lock_classes[nr].used & BIT(usage);
}


/* `to` is being taken while `from` is held, for the first time: what would close a circle? */
static bool report_circle(const struct held_lock *from, u16 to)
{
	if (!lock_way_find(to, false, is_class, from->class_nr))
		return false;
	if (lockdep_report_begin("possible circular locking: %s is taken with %s held",
		       lock_classes[to].name, from->map->name)) {
		print_held(current, from);
		pr_warn("but the other way round\n");
		lock_way_print(from->class_nr, false);
	}
	lockdep_report_end();
	return true;
}

static void print_use(u16 nr, enum lock_usage usage)
{
	pr_warn("%s was taken %s at\n", lock_classes[nr].name,
		usage == USED_IN_IRQ ? "by an interrupt handler" : "with interrupts on");
	stack_trace_print(KERN_WARNING, lock_classes[nr].first[usage], LOCKDEP_TRACE);
}

/*
 * Whoever holds the class `inner` with interrupts on can be interrupted by a handler that
 * takes `outer`, which another CPU holds that waits for `inner`.
 */
static bool report_irq_order(u16 outer_from, u16 inner_from)
{
	u16 outer = lock_way_find(outer_from, true, is_used, USED_IN_IRQ), inner;

	if (!outer)
		return false;
	inner = lock_way_find(inner_from, false, is_used, USED_IRQS_ON);
	if (!inner || outer == inner)
		return false;
	if (lockdep_report_begin("irq-unsafe lock order: %s, taken with interrupts on, inside %s, "
		       "taken by interrupt handlers", lock_classes[inner].name,
		       lock_classes[outer].name)) {
		print_use(outer, USED_IN_IRQ);
		print_use(inner, USED_IRQS_ON);
		lock_way_print(inner, false);
		lock_way_find(outer_from, true, is_used, USED_IN_IRQ);
		lock_way_print(outer, true);
	}
	lockdep_report_end();
	return true;
}

static void add_order(const struct held_lock *from, const struct held_lock *to)
{
	struct lock_edge *edge = lock_edge_find(from->class_nr, to->class_nr);
	bool bad;

	if (likely(edge))
		return;
	bad = report_circle(from, to->class_nr) || report_irq_order(from->class_nr, to->class_nr);
	edge = lock_edge_add(from->class_nr, to->class_nr);
	if (!edge)
		return;
	edge->bad = bad;
	trace_of(current, from, edge->from_trace);
	trace_of(current, to, edge->to_trace);
}

static void note_use(const struct held_lock *held, enum lock_usage usage)
{
	struct lock_class *class = &lock_classes[held->class_nr];
	enum lock_usage other = usage == USED_IN_IRQ ? USED_IRQS_ON : USED_IN_IRQ;

	if (likely(class->used & BIT(usage)) || class->reported & BIT(usage))
		return;
	if (class->used & BIT(other)) {
		class->reported |= (u8)BIT(usage);
		if (lockdep_report_begin("inconsistent lock state: %s is taken %s", class->name,
			       usage == USED_IN_IRQ ? "by an interrupt handler" :
						      "with interrupts on")) {
			print_held(current, held);
			print_use(held->class_nr, other);
		}
		lockdep_report_end();
		return;
	}
	class->used |= (u8)BIT(usage);
	trace_of(current, held, class->first[usage]);
	if (report_irq_order(held->class_nr, held->class_nr)) {
		class->used &= (u8)~BIT(usage);
		class->reported |= (u8)BIT(usage);
	}
}

static void note_context(const struct held_lock *held, bool irqs_on)
{
	if (held->map->kind != LOCK_KIND_SPIN || held->how == LOCK_TRY)
		return;
	if (held->in_irq)
		note_use(held, USED_IN_IRQ);
	else if (irqs_on)
		note_use(held, USED_IRQS_ON);
}

/* ---- the stack of a task ---- */

/* The lock that was taken last, in the same context and so that another could have waited. */
static const struct held_lock *previous(const struct lockdep_task *t, const struct held_lock *held)
{
	for (unsigned int i = t->depth; i > 0; i--) {
		const struct held_lock *p = &t->held[i - 1];

		if (p->in_irq != held->in_irq)
			return NULL;
		if (!p->ignored && p->map->kind != LOCK_KIND_RCU)
			return p;
	}
	return NULL;
}

static struct held_lock *find_held(struct lockdep_task *t, const struct lockdep_map *map)
{
	for (unsigned int i = t->depth; i > 0; i--)
		if (t->held[i - 1].map == map)
			return &t->held[i - 1];
	return NULL;
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

	if (held->how == LOCK_SHARED_NESTED)
		return false;
	if (!before && held->how != LOCK_TRY && !held->map->nests)
		before = find_class(t, held);
	if (!before)
		return false;
	if (lockdep_report_begin("possible recursive locking: %s is taken, %s held already", held->map->name,
		       same ? "and is" : "another of its class is")) {
		print_held(current, held);
		pr_warn("held already:\n");
		print_held(current, before);
	}
	lockdep_report_end();
	return same;
}

static void check_order(const struct lockdep_task *t, const struct held_lock *held, bool irqs_on)
{
	const struct held_lock *before = previous(t, held);

	if (held->map->kind == LOCK_KIND_RCU)
		return;
	note_context(held, irqs_on);
	if (before && before->class_nr && held->how != LOCK_TRY &&
	    before->class_nr != held->class_nr)
		add_order(before, held);
}

static void push(struct lockdep_task *t, const struct held_lock *new, bool irqs_on)
{
	struct held_lock *held = &t->held[t->depth];

	*held = *new;
	held->ignored = held->class_nr && check_recursion(t, held);
	if (held->class_nr && !held->ignored)
		check_order(t, held, irqs_on);
	t->depth++;
	t->atomic += forbids_sleep(held->map);
}

static void pop(struct lockdep_task *t, struct held_lock *held)
{
	struct held_lock *last = &t->held[t->depth - 1];

	if (held->taken && held->map->holder == current)
		held->map->holder = NULL;
	t->atomic -= forbids_sleep(held->map);
	memmove(held, held + 1, (size_t)(last - held) * sizeof(*held));
	t->depth--;
}

bool lockdep_acquire(struct lockdep_map *map, unsigned int subclass, enum lock_how how,
		     unsigned long ip)
{
	struct lockdep_task *t = &current->lockdep;
	struct held_lock held = {
		.map = map,
		.how = (u8)how,
		.in_irq = in_hardirq(),
		.ip = ip ? ip : _RET_IP_,
		.sp = (unsigned long)__builtin_dwarf_cfa(),
	};
	unsigned long flags;
	bool ignored;

	if (looks_away() || !is_known(map))
		return true;
	flags = arch_local_irq_save();
	if (t->depth == LOCKDEP_DEPTH) {
		lock_checker_full("locks held by one task");
		local_irq_restore(flags);
		return true;
	}
	arch_spin_lock(&graph);
	held.class_nr = lock_class_get(map, subclass);
	push(t, &held, !irqs_disabled_flags(flags));
	ignored = t->held[t->depth - 1].ignored;
	arch_spin_unlock(&graph);
	local_irq_restore(flags);
	return !ignored;
}

void lockdep_acquired(struct lockdep_map *map)
{
	struct held_lock *held = looks_away() ? NULL : find_held(&current->lockdep, map);

	if (!held)
		return;
	held->taken = true;
	if (held->how != LOCK_SHARED && held->how != LOCK_SHARED_NESTED)
		map->holder = current;
	if (unlikely(map->abandoned)) {
		map->abandoned = false;
		if (lockdep_report_begin("%s was abandoned: the task that held it ended", map->name))
			debug_show_held_locks(current);
		lockdep_report_end();
	}
}

static void report_not_held(const struct lockdep_map *map)
{
	const struct task_struct *holder = map->holder;

	if (lockdep_report_begin("bad unlock balance: %s/%d gives %s back, which %s holds", current->comm,
		       current->pid, map->name, holder ? holder->comm : "nobody"))
		debug_show_held_locks(holder ? holder : current);
	lockdep_report_end();
}

bool lockdep_release(struct lockdep_map *map)
{
	struct lockdep_task *t = &current->lockdep;
	struct held_lock *held;
	unsigned long flags;
	bool ignored;

	if (looks_away() || map_trouble(map))
		return true;
	flags = arch_local_irq_save();
	held = find_held(t, map);
	if (held) {
		ignored = held->ignored;
		arch_spin_lock(&graph);
		note_context(held, !irqs_disabled_flags(flags));
		arch_spin_unlock(&graph);
		pop(t, held);
	}
	local_irq_restore(flags);
	if (!held && !gave_up)
		report_not_held(map);
	return held ? !ignored : gave_up;
}

/* ---- questions ---- */

bool lockdep_is_held(const struct lockdep_map *map)
{
	return looks_away() || find_held(&current->lockdep, map);
}

unsigned int lockdep_depth(const struct task_struct *p)
{
	return READ_ONCE(p->lockdep.depth);
}

bool lockdep_in_atomic(void)
{
	return !looks_away() && current->lockdep.atomic;
}

/* ---- the end of a task, of memory, of a class ---- */

/* A dead task's sleeping lock goes to who waits for it. */
static void abandon(struct task_struct *p, struct held_lock *held)
{
	struct lockdep_map *map = held->map;
	bool taken = held->taken && map->kind != LOCK_KIND_SPIN;

	map->abandoned = taken;
	if (map->holder == p)
		map->holder = NULL;
	p->lockdep.atomic -= forbids_sleep(map);
	p->lockdep.depth--;
	if (taken && map->kind == LOCK_KIND_MUTEX)
		mutex_abandon(container_of(map, struct mutex, dep_map), p);
}

void lockdep_abandon(struct task_struct *p)
{
	while (p->lockdep.depth)
		abandon(p, &p->lockdep.held[p->lockdep.depth - 1]);
}

bool lockdep_check_none_held(const char *fmt, ...)
{
	char what[64];
	va_list args;

	if (looks_away() || likely(!current->lockdep.depth))
		return false;
	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	if (lockdep_report_begin("%s with %u locks held", what, current->lockdep.depth))
		debug_show_held_locks(current);
	lockdep_report_end();
	lockdep_abandon(current);
	return true;
}

void debug_check_no_locks_freed(const void *mem, unsigned long len)
{
	struct lockdep_task *t;

	if (looks_away())
		return;
	t = &current->lockdep;
	for (unsigned int i = t->depth; i > 0; i--) {
		struct held_lock *held = &t->held[i - 1];

		if ((unsigned long)held->map - (unsigned long)mem >= len)
			continue;
		if (lockdep_report_begin("memory at %p is freed with the held lock %s in it", mem,
			       held->map->name))
			print_held(current, held);
		lockdep_report_end();
		pop(t, held);
	}
}

void lockdep_unregister_key(struct lock_class_key *key)
{
	unsigned long flags = arch_local_irq_save();

	arch_spin_lock(&graph);
	for (unsigned int i = 0; i < LOCKDEP_SUBCLASSES; i++) {
		if (key->class_nr[i])
			lock_class_forget(key->class_nr[i]);
		key->class_nr[i] = 0;
	}
	arch_spin_unlock(&graph);
	local_irq_restore(flags);
}
