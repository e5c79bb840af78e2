/* SPDX-License-Identifier: MIT */
/*
 * The scheduler: who runs next, and how the processor gets there.
 *
 * All of it is a switch from one task's stack to another's in schedule(): nothing is
 * ever preempted, so what a switch has to save is what a function call has to. Which
 * task is next is a count of leading zeros and a load (see sched_priv.h).
 *
 * The idle task is the context that booted. It is always runnable, at a level of its
 * own; when it blocks, which is all that it does in the end, it waits for interrupts.
 *
 * Locks: [q] cpu->lock, [t] task_list_lock. Neither is taken inside the other.
 */
#include <kernel/sched.h>

#include <hal/arch_timer.h>
#include <hal/barrier.h>
#include <hal/unwind.h>
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <kernel/vmalloc.h>
#include <kernel/watchdog.h>
#include <lib/minmax.h>

#include "sched_priv.h"
#include "time_priv.h"
#include "timer_base_priv.h"

#define STACK_PAINT		0x7374616bUL	/* "stak" */

struct cpu cpus[CONFIG_NR_CPUS] = {
	[0] = { .lock = __RAW_SPIN_LOCK_UNLOCKED(cpus[0].lock) },
};

static struct task_struct boot_task = {
	.prio = TASK_PRIO_IDLE,
	.ring = &boot_cpu.queue[TASK_PRIO_IDLE],
	.cpu = &boot_cpu,
#ifdef CONFIG_SMP
	.on_cpu = 1,
	.cpus_mask = CPU_MASK_CPU0,
#endif
	.usage = REFCOUNT_INIT(1),
	.comm = "swapper/0",
	.tasks = LIST_HEAD_INIT(boot_task.tasks),
	.exited = COMPLETION_INITIALIZER(boot_task.exited),
};

static_assert(offsetof(struct task_struct, context) == HAL_CONTEXT_OFFSET);

static DEFINE_SPINLOCK(task_list_lock);
static LIST_HEAD(task_list);		/* [t] */
static int last_pid __guarded_by(&task_list_lock);	/* [t] */
static bool pids_wrapped __guarded_by(&task_list_lock);	/* [t] */

/* ---- switching ---- */

/* The run queue was locked by the task that left, in whose name nobody can say so. */
static __always_inline void finish_switch(struct task_struct *prev)
	__no_context_analysis
{
	struct cpu *cpu = IS_ENABLED(CONFIG_SMP) ? prev->cpu : &boot_cpu;

	lock_take_over(&cpu->lock);
#ifdef CONFIG_SMP
	if (unlikely(prev->must_leave)) {
		task_leave(prev);
		return;
	}
	WRITE_ONCE(prev->on_cpu, 0);
#endif
	raw_spin_unlock(&cpu->lock);
}

void finish_first_switch(struct task_struct *left)
{
	finish_switch(left);
}

#ifdef CONFIG_TASK_CPU_TIME

static void account_switch(struct cpu *cpu, struct task_struct *prev)
{
	u64 now = arch_timer_read();

	prev->cpu_counts += now - cpu->switched_at;
	cpu->switched_at = now;
}

/* Its CPU begins now; the first one began with the counter. */
static void account_first(struct cpu *cpu)
{
	if (cpu != &boot_cpu)
		cpu->switched_at = arch_timer_read();
}

u64 task_cpu_time(const struct task_struct *p)
{
	unsigned long flags;
	struct cpu *cpu;
	u64 counts;

	local_irq_save(flags);
	cpu = lock_task_cpu(p);
	context_assume_held(&cpu->lock);
	counts = p->cpu_counts;
	if (task_has_cpu(p))
		counts += arch_timer_read() - cpu->switched_at;
	raw_spin_unlock_irqrestore(&cpu->lock, flags);
	return count_to_ns(counts);
}

#else

static inline void account_switch(struct cpu *cpu, struct task_struct *prev)
{
	(void)cpu;
	(void)prev;
}

static inline void account_first(struct cpu *cpu)
{
	(void)cpu;
}

u64 task_cpu_time(const struct task_struct *p)
{
	(void)p;
	return 0;
}

#endif

/* The run queue is locked by the task that leaves and unlocked by the one that goes on. */
static __always_inline void switch_to(struct cpu *cpu, struct task_struct *prev,
				      struct task_struct *next)
	__releases(&cpu->lock, role_spinning) __no_context_analysis
{
	prev->nvcsw++;
	account_switch(cpu, prev);
#ifdef CONFIG_SMP
	next->on_cpu = 1;
#endif
	lock_hand_over(&cpu->lock);
	hal_set_current(next);
	finish_switch(hal_context_switch(prev, next));
}

#ifndef CONFIG_SMP

static void idle_wait(struct cpu *cpu)
	__must_hold(role_irqs_off)
{
	(void)cpu;
	if (unlikely(timer_is_stale()))
		timer_idle_enter();
	hal_idle();
	local_irq_enable();
	isb();
	local_irq_disable();
}

#endif

static __always_inline bool must_leave(const struct task_struct *p)
{
#ifdef CONFIG_SMP
	return p->must_leave;
#else
	(void)p;
	return false;
#endif
}

/*
 * How the idle task blocks: it stays in its queue, runs whoever is runnable, and waits
 * for an interrupt when nobody is. It is masked from the last look at the queue to
 * hal_idle(), which it ends all the same: no wake-up is lost in between.
 */
static noinline void idle_until_woken(struct cpu *cpu, struct task_struct *idle)
	__releases(&cpu->lock, role_spinning) __must_hold(role_irqs_off)
{
	/* Of one CPU, who calls has just looked. */
	bool blocks = !IS_ENABLED(CONFIG_SMP) || READ_ONCE(idle->__state) != TASK_RUNNING;

	while (blocks) {
		struct task_struct *next = first_runnable(cpu);

		if (next == idle) {
			raw_spin_unlock(&cpu->lock);
			watchdog_idle_enter();
			idle_wait(cpu);
			watchdog_idle_exit();
		} else {
			switch_to(cpu, idle, next);
		}
		raw_spin_lock(&cpu->lock);
		blocks = READ_ONCE(idle->__state) != TASK_RUNNING;
	}
	raw_spin_unlock(&cpu->lock);
}

/* The run queue is locked. */
static __always_inline void switch_to_first(struct cpu *cpu, struct task_struct *prev)
	__releases(&cpu->lock, role_spinning)
{
	struct task_struct *next = first_runnable(cpu);

	if (likely(next != prev)) {
		switch_to(cpu, prev, next);
	} else if (unlikely(must_leave(prev))) {
		switch_to(cpu, prev, cpu->idle);
	} else {
		count_stay(cpu);
		raw_spin_unlock(&cpu->lock);
	}
}

static __always_inline void yield_irqs_off(void)
	__must_hold(role_irqs_off)
{
	struct task_struct *prev = current;
	struct cpu *cpu = this_cpu();

	raw_spin_lock(&cpu->lock);
	*prev->ring = prev->run.next;
	switch_to_first(cpu, prev);
}

/* The state is not TASK_RUNNING, or another CPU has just made it so. */
static __always_inline void block_irqs_off(void)
	__must_hold(role_irqs_off)
{
	struct task_struct *prev = current;
	struct cpu *cpu = this_cpu();

	raw_spin_lock(&cpu->lock);
	if (unlikely(prev == cpu->idle)) {
		idle_until_woken(cpu, prev);
		return;
	}
	if (!IS_ENABLED(CONFIG_SMP) || likely(prev->__state != TASK_RUNNING))
		dequeue_task(cpu, prev);
	switch_to_first(cpu, prev);
}

void schedule_irqs_off(void)
{
	if (current->__state == TASK_RUNNING)
		yield_irqs_off();
	else
		block_irqs_off();
}

void schedule_dead(void)
	__must_hold(role_irqs_off) __no_context_analysis
{
	struct task_struct *self = current;
	struct cpu *cpu = this_cpu();

	raw_spin_lock(&cpu->lock);
	dequeue_task(cpu, self);
	switch_to(cpu, self, first_runnable(cpu));
	BUG();
}

void schedule(void)
{
	might_sleep();
	local_irq_disable();
	schedule_irqs_off();
	local_irq_enable();
}

void yield(void)
{
	might_sleep();
	local_irq_disable();
	yield_irqs_off();
	local_irq_enable();
}

int cond_resched(void)
{
	unsigned long before = current->nvcsw;

	yield();
	return current->nvcsw != before;
}

bool need_resched(void)
{
	return others_wait(this_cpu(), current);
}

bool task_has_cpu(const struct task_struct *p)
{
#ifdef CONFIG_SMP
	return READ_ONCE(p->on_cpu);
#else
	return p == current;
#endif
}

void sched_mark_dead(void)
{
	struct cpu *cpu = this_cpu();

	raw_spin_lock(&cpu->lock);
	WRITE_ONCE(current->__state, TASK_DEAD);
	raw_spin_unlock(&cpu->lock);
}

void sched_add_dead(struct task_struct *p)
{
	struct cpu *cpu = this_cpu();

	raw_spin_lock(&cpu->lock);
	p->next_dead = cpu->dead;
	cpu->dead = p;
	raw_spin_unlock(&cpu->lock);
}

static struct task_struct *take_dead_of(struct cpu *cpu)
{
	struct task_struct *dead;

	guard(raw_spinlock_irqsave)(&cpu->lock);
	dead = cpu->dead;
	cpu->dead = NULL;
	return dead;
}

struct task_struct *sched_take_dead(void)
{
	struct task_struct *dead = NULL;

	for (unsigned int i = 0; i < CONFIG_NR_CPUS; i++) {
		struct task_struct *p = READ_ONCE(cpus[i].dead) ? take_dead_of(&cpus[i]) : NULL;

		while (p) {
			struct task_struct *next = p->next_dead;

			wait_until_off_stack(p);
			p->next_dead = dead;
			dead = p;
			p = next;
		}
	}
	return dead;
}

/* ---- waking ---- */

int wake_up_state(struct task_struct *p, unsigned int state)
{
	unsigned long flags;
	bool woken;

	assert_object(p);
	local_irq_save(flags);
	woken = wake_task(p, state);
	local_irq_restore(flags);
	return woken;
}

int wake_up_process(struct task_struct *p)
{
	return wake_up_state(p, TASK_NORMAL);
}

/* ---- waiting in a lock's queue ---- */

void waiter_sleep(struct list_head *queue, raw_spinlock_t *lock, unsigned int state)
{
	waiter_enter(queue, lock, state);
	block_irqs_off();
	raw_spin_lock(lock);
}

void waiter_sleep_and_leave(struct list_head *queue, raw_spinlock_t *lock)
{
	waiter_enter(queue, lock, TASK_WAITS);
	block_irqs_off();
}

void might_sleep_report(const char *file, int line)
{
	const char *where = in_hardirq() ? "in hard irq" :
			    lockdep_in_atomic() ? "with a spin lock or in RCU" : "in a task";

	if (report_begin("sleeping function called %s, interrupts %s, in %s/%d", where,
			 irqs_disabled() ? "off" : "on", current->comm, current->pid)) {
		pr_warn("at %s:%d\n", file, line);
		debug_show_held_locks(current);
	}
	report_end();
}

/* ---- priorities ---- */

static void set_level(struct task_struct *p, unsigned int level)
{
	struct cpu *cpu;
	unsigned long flags;
	bool queued;

	local_irq_save(flags);
	cpu = lock_task_cpu(p);
	context_assume_held(&cpu->lock);
	queued = p->run.next;
	if (queued)
		dequeue_task(cpu, p);
	p->prio = (u8)level;
	p->ring = &cpu->queue[level];
	if (queued)
		enqueue_task(cpu, p);
	/* Of a ring the last is the first if the pointer says so. */
	if (queued && task_has_cpu(p))
		*p->ring = &p->run;
	raw_spin_unlock_irqrestore(&cpu->lock, flags);
}

int sched_set_level(struct task_struct *p, unsigned int level)
{
	if (level > TASK_PRIO_LOWEST || is_idle_task(p))
		return -EINVAL;
	set_level(p, level);
	return 0;
}

static void set_policy_level(struct task_struct *p, unsigned int level)
{
	WARN(sched_set_level(p, level) != 0, "the idle task has no other priority");
}

void sched_set_fifo(struct task_struct *p)
{
	set_policy_level(p, TASK_PRIO_FIFO);
}

void sched_set_fifo_low(struct task_struct *p)
{
	set_policy_level(p, TASK_PRIO_FIFO_LOW);
}

void sched_set_normal(struct task_struct *p, int nice)
{
	int steps = clamp(nice, MIN_NICE, MAX_NICE) - MIN_NICE;

	set_policy_level(p, (unsigned int)(TASK_PRIO_DEFAULT + MIN_NICE / 2 + steps / 2));
}

/* ---- affinity: of one CPU ---- */

#ifndef CONFIG_SMP

int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask)
{
	return is_idle_task(p) || !cpumask_test_cpu(0, new_mask) ? -EINVAL : 0;
}

unsigned int task_cpu_id(const struct task_struct *p)
{
	(void)p;
	return 0;
}

#endif

/* ---- the list of tasks ---- */

static bool pid_in_use_locked(int pid)
	__must_hold(&task_list_lock)
{
	struct task_struct *p;

	list_for_each_entry(p, &task_list, tasks)
		if (p->pid == pid)
			return true;
	return false;
}

static int next_pid_locked(void)
	__must_hold(&task_list_lock)
{
	do {
		if (last_pid == PID_MAX) {
			last_pid = 0;
			pids_wrapped = true;
		}
		last_pid++;
	} while (pids_wrapped && pid_in_use_locked(last_pid));
	return last_pid;
}

#ifdef CONFIG_KTEST

int task_set_last_pid(int pid)
{
	int before;

	guard(spinlock)(&task_list_lock);
	before = last_pid;
	pids_wrapped |= pid < before;
	last_pid = pid;
	return before;
}

#endif

void task_list_add(struct task_struct *p)
{
	guard(spinlock)(&task_list_lock);
	p->pid = next_pid_locked();
	list_add_tail(&p->tasks, &task_list);
}

void task_list_del(struct task_struct *p)
{
	guard(spinlock)(&task_list_lock);
	list_del(&p->tasks);
}

static struct task_struct *get_task_after(int pid)
{
	struct task_struct *p, *best = NULL;

	guard(spinlock)(&task_list_lock);
	list_for_each_entry(p, &task_list, tasks)
		if (p->pid > pid && (!best || p->pid < best->pid))
			best = p;
	return best ? get_task_struct(best) : NULL;
}

struct task_struct *task_next(struct task_struct *p)
{
	struct task_struct *next = get_task_after(p ? p->pid : -1);

	if (p)
		put_task_struct(p);
	return next;
}

unsigned int nr_tasks(void)
{
	guard(spinlock)(&task_list_lock);
	return (unsigned int)list_count_nodes(&task_list);
}

char task_state_to_char(const struct task_struct *p)
{
	unsigned int state = READ_ONCE(p->__state);

	if (state == TASK_RUNNING)
		return 'R';
	if (state & TASK_DEAD)
		return 'Z';
	if (state & TASK_NOLOAD)
		return 'I';
	return state & TASK_INTERRUPTIBLE ? 'S' : 'D';
}

#define SHOWN_TASKS_MAX		48
#define SHOWN_FRAMES_MAX	4

void sched_print_task(const char *level, const struct task_struct *p)
{
	struct hal_unwind u;
	bool more;

	printk("%s%5d %c %-15s", level, p->pid, task_state_to_char(p), p->comm);
	more = !task_has_cpu(p) && hal_unwind_start_context(&u, &p->context);
	for (unsigned int n = 0; n < SHOWN_FRAMES_MAX && more; n++) {
		/* SAFETY: printed, not followed. */
		pr_cont("%s%ps", n ? " < " : " ", (void *)u.r[15]);
		more = hal_unwind_next(&u);
	}
	if (task_has_cpu(p))
		pr_cont(" runs on CPU %u", task_cpu_id(p));
	pr_cont("\n");
}

void sched_show_tasks(const char *level)
{
	const struct task_struct *p;
	unsigned int n = 0;

	printk("%sTasks:\n", level);
	list_for_each_entry(p, &task_list, tasks) {
		if (n++ == SHOWN_TASKS_MAX) {
			printk("%sand more\n", level);
			break;
		}
		sched_print_task(level, p);
	}
}

/* ---- stacks ---- */

void task_paint_stack(void *stack)
{
	unsigned long *word = stack;

	for (size_t i = 0; i < THREAD_SIZE / sizeof(*word); i++)
		word[i] = STACK_PAINT;
}

size_t task_stack_used(const struct task_struct *p)
{
	const unsigned long *word = p->stack;
	size_t untouched = 0;

	if (!word)
		return 0;
	if (!IS_ENABLED(CONFIG_DEBUG)) {
		unsigned long sp = p == current ? (unsigned long)__builtin_frame_address(0) :
						  p->context.sp;

		return (unsigned long)p->stack + THREAD_SIZE - sp;
	}
	while (untouched < THREAD_SIZE && *word++ == STACK_PAINT)
		untouched += sizeof(*word);
	return THREAD_SIZE - untouched;
}

/* ---- boot ---- */

/* The task is in the queue for good. */
void sched_set_idle(struct cpu *cpu, struct task_struct *p)
{
	enqueue_task(cpu, p);
	cpu->idle = p;
	account_first(cpu);
}

#ifdef CONFIG_SMP
void sched_clear_idle(struct cpu *cpu)
{
	dequeue_task(cpu, cpu->idle);
	cpu->idle = NULL;
}
#endif

void sched_init(void)
{
	for (unsigned int i = 1; i < CONFIG_NR_CPUS; i++) {
		raw_spin_lock_init(&cpus[i].lock);
		cpus[i].id = i;
	}
	sched_set_idle(&boot_cpu, &boot_task);
	list_add_tail(&boot_task.tasks, &task_list);
	hal_set_current(&boot_task);
}

void cpu_idle_loop(void)
{
	for (;;) {
		set_current_state(TASK_IDLE);
		schedule();
	}
}
