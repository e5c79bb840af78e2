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
#include <hal/unwind.h>
#include <kernel/ksyms.h>
#include <kernel/mutex.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/rwsem.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <kernel/stacktrace.h>
#include <lib/atomic.h>
#include <lib/bits.h>
#include <lib/list.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#include "lockdep_priv.h"
#include "sched_priv.h"

static arch_spinlock_t graph, stacks;
static atomic_t reporters;	/* tasks that make a report */
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

static bool only_tries(enum lock_how how)
{
	return how == LOCK_TRY || how == LOCK_TRY_SHARED;
}

static bool is_exclusive(enum lock_how how)
{
	return how == LOCK_EXCLUSIVE || how == LOCK_TRY;
}

/* Interrupts are off. Returns false if who has it may wait for what the caller holds. */
static bool graph_lock(void)
{
	while (!arch_spin_trylock(&graph)) {
		if (atomic_read(&reporters))
			return false;
		cpu_relax();
	}
	return true;
}

/* ---- reports ---- */

static bool in_same_function(unsigned long a, unsigned long b)
{
	const char *name = ksyms_lookup(a, NULL, NULL);

	return name && name == ksyms_lookup(b, NULL, NULL);
}

/*
 * Where a lock was taken, and from where that function was called: those calls are under way
 * still, or have returned and are left out. Only the first costs anything when a lock is taken.
 * What clang takes for the frame's address can be below it: then the taker comes a second time.
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
	else	/* of one that runs on another CPU nobody knows where it is */
		more = !task_has_cpu(p) && hal_unwind_start_context(&u, &p->context);
	while (more && nr < LOCKDEP_TRACE && hal_unwind_next(&u))
		if (u.in_irq == held->in_irq && u.r[13] > held->sp &&
		    !(nr == 1 && in_same_function(held->ip, u.r[15])))
			trace[nr++] = u.r[15];
	if (nr < LOCKDEP_TRACE)
		trace[nr] = 0;
}

static void print_held(const struct task_struct *p, const struct held_lock *held)
{
	unsigned long trace[LOCKDEP_TRACE];

	trace_of(p, held, trace);
	pr_warn("%s%s, %s at\n", held->map->name, held->in_irq ? " (by an interrupt)" : "",
		held->taken ? "taken" : "being taken");
	stack_trace_print(trace, LOCKDEP_TRACE, 2);
}

void debug_show_held_locks(const struct task_struct *p)
{
	const struct lockdep_task *t = &p->lockdep;

	pr_warn("%s/%d holds %u locks%s\n", p->comm, p->pid, t->depth, t->depth ? ":" : "");
	for (unsigned int i = t->depth; i > 0; i--)
		print_held(p, &t->held[i - 1]);
}

/* What is taken from here to lockdep_report_end() is the report's own. */
static void look_away(void)
{
	current->lockdep.reporting = true;
	atomic_inc(&reporters);
}

#define lockdep_report_begin(fmt, ...) \
	(look_away(), report_begin(fmt, ##__VA_ARGS__))

static void lockdep_report_end(void)
{
	report_end();
	atomic_dec(&reporters);
	current->lockdep.reporting = false;
}

void lock_checker_full(const char *what)
{
	static bool said __section(".bss.once");	/* [g] or alone */

	if (said)
		return;
	said = true;
	lockdep_report_begin("the lock checker has no room for more %s", what);
	lockdep_report_end();
}

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
	stack_trace_print(lock_classes[nr].first[usage], LOCKDEP_TRACE, 2);
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
	if (held->map->kind != LOCK_KIND_SPIN || !held->class_nr || held->ignored)
		return;
	if (!held->in_irq && irqs_on)
		note_use(held, USED_IRQS_ON);
	/* A handler that only tries waits for nobody; one that waits for it may come any time. */
	if (held->in_irq && !only_tries(held->how))
		note_use(held, USED_IN_IRQ);
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
		print_held(current, held);
		pr_warn("held already:\n");
		print_held(current, before);
	}
	lockdep_report_end();
	return same;
}

/*
 * After the lock that was taken last in the same context; what was taken before that one comes
 * before by way of it. But nothing comes before what did not wait.
 */
static void add_orders(const struct lockdep_task *t, const struct held_lock *held)
{
	for (unsigned int i = t->depth; i > 0; i--) {
		const struct held_lock *before = &t->held[i - 1];

		if (before->in_irq != held->in_irq)
			return;
		if (before->ignored || !before->class_nr || before->map->kind == LOCK_KIND_RCU)
			continue;
		if (before->class_nr != held->class_nr)
			add_order(before, held);
		if (!only_tries(before->how))
			return;
	}
}

/* The graph is locked. */
static void check(struct lockdep_task *t, struct held_lock *held, bool irqs_on)
{
	held->ignored = check_recursion(t, held);
	if (held->ignored || !held->class_nr || held->map->kind == LOCK_KIND_RCU)
		return;
	note_context(held, irqs_on);
	if (!only_tries(held->how))
		add_orders(t, held);
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

	if (looks_away() || !is_known(map))
		return true;
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
		note_context(held, irqs_on);
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
 * mutex knows: it may have been stopped just before it said so here.
 */
static void abandon(struct task_struct *p, struct held_lock *held)
{
	struct lockdep_map *map = held->map;
	bool exclusive = is_exclusive(held->how);
	bool has_it = held->taken && !held->ignored;

	pop(&p->lockdep, held);
	if (map->kind == LOCK_KIND_MUTEX)
		mutex_abandon(container_of(map, struct mutex, dep_map), p);
	else if (has_it && map->kind == LOCK_KIND_RWSEM)
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

/* Of any task, out of its stack. Returns whether there is one. */
static bool take_inside_locked(const void *mem, unsigned long len, struct held_lock *found,
			       struct task_struct **holder)
{
	struct lockdep_task *t;

	list_for_each_entry(t, &holders, holders) {
		for (unsigned int i = t->depth; i > 0; i--) {
			struct held_lock *held = &t->held[i - 1];

			if ((unsigned long)held->map - (unsigned long)mem >= len)
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
			print_held(p, &held);
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
