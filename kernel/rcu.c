/* SPDX-License-Identifier: MIT */
/*
 * RCU for tasks that are never preempted: see <kernel/rcupdate.h>.
 *
 * One task ends the grace periods. That it runs on a CPU says that whatever ran there before has
 * yielded, handlers of interrupts on top included: so it goes to each CPU in turn, at the highest
 * priority, but leaves alone those that wait for interrupts. Readers and the switch of tasks have
 * nothing to do for it. With one CPU, that it runs at all is the grace period.
 *
 * What orders readers before and after against the updater: the locks of the run queues that the
 * task goes through; for a CPU that waits, cpu_waits(). Callbacks that come in the meantime are
 * the next batch, for one more round.
 *
 * Locking: none. `pending` is pushed to by compare-and-exchange and taken as a whole.
 */
#include <kernel/rcupdate.h>

#include <kernel/bug.h>
#include <kernel/completion.h>
#include <kernel/cpumask.h>
#include <kernel/init.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/moduleparam.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/timer.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/xorshift.h>

#include "sched_priv.h"

static struct rcu_head *pending;	/* [a] the last that was queued */
static bool busy;			/* [a] with a batch */
static struct task_struct *gp_task;	/* [I] after boot; NULL: one task runs, on one CPU */

static const void *head_hint(const void *head)
{
	rcu_callback_t func = ((const struct rcu_head *)head)->func;

	return (unsigned long)func < KFREE_RCU_MAX ? NULL : (const void *)func;
}

static const struct debug_obj_descr rcu_head_debug_descr __debug_obj_descr = {
	.name = "rcu_head",
	.live = "queued",
	.offset = offsetof(struct rcu_head, debug),
	.hint = head_hint,
	.needs_no_init = true,
};

/* ---- checks ---- */

#ifdef CONFIG_RCU_DEBUG

static unsigned int delay_ms = 1;
module_param(delay_ms, uint, 0644);
MODULE_PARM_DESC(delay_ms, "grace periods take up to so much longer, at random");

static unsigned int seed = 1;
module_param(seed, uint, 0644);
MODULE_PARM_DESC(seed, "of the random delays; is the generator's state");

static unsigned int stall_ms = 5000;
module_param(stall_ms, uint, 0644);
MODULE_PARM_DESC(stall_ms, "a grace period that takes longer is reported; 0: none is");

/*
 * The grace-period task belongs to the CPU that it waits for, and is not there yet; if it is,
 * a callback takes its time. One that sleeps is no CPU's fault.
 */
static void report_stall(struct timer_list *timer)
{
	unsigned int cpu = task_cpu_id(gp_task);
	struct task_struct *p = get_running_task(cpu);

	if (task_is_running(gp_task))
		WARN(true, "RCU: no grace period for %u ms, CPU %u runs %s/%d", READ_ONCE(stall_ms),
		     cpu, p->comm, p->pid);
	put_task_struct(p);
	mod_timer(timer, jiffies + msecs_to_jiffies(max(READ_ONCE(stall_ms), 1u)));
}

static DEFINE_TIMER(stall_timer, report_stall);

static void watch_for_stall(void)
{
	if (READ_ONCE(stall_ms) && !timer_pending(&stall_timer))
		mod_timer(&stall_timer, jiffies + msecs_to_jiffies(READ_ONCE(stall_ms)));
}

static void delay_at_random(void)
{
	u32 most = READ_ONCE(delay_ms);

	if (!seed)
		seed = 1;
	if (most)
		schedule_timeout_idle((long)(xorshift32(&seed) % (most + 1)));
}

static void batch_is_done(void)
{
	del_timer(&stall_timer);
	if (READ_ONCE(pending))
		watch_for_stall();
}

#else

static inline void watch_for_stall(void)
{
}

static inline void delay_at_random(void)
{
}

static inline void batch_is_done(void)
{
}

#endif

#ifdef CONFIG_LOCKDEP
/* Held while a callback runs, which forbids it to sleep. */
static struct lockdep_map callback_map = {
	.self = &callback_map,
	.name = "rcu_callback",
	.kind = LOCK_KIND_RCU,
};
#endif

/* ---- the grace period ---- */

#ifdef CONFIG_SMP

static void visit_cpus(void)
{
	unsigned int first = smp_processor_id(), cpu;

	for_each_online_cpu(cpu)
		if (cpu != first && !cpu_waits(cpu))
			WARN_ON(set_cpus_allowed_ptr(current, cpumask_of(cpu)) != 0);
	WARN_ON(set_cpus_allowed_ptr(current, &CPU_MASK_ALL) != 0);
}

#else

static inline void visit_cpus(void)
{
}

#endif

static void call(struct rcu_head *head)
{
	rcu_callback_t func = head->func;
	unsigned long offset = (unsigned long)func;

	debug_object_deactivate(&head->debug, &rcu_head_debug_descr);
	/* SAFETY: __kfree_rcu() was told where in the object the head is. */
	if (offset < KFREE_RCU_MAX)
		kfree((char *)head - offset);
	else
		func(head);
}

static void call_checked(struct rcu_head *head)
{
	unsigned int held = lockdep_depth(current);
	const void *func __maybe_unused = head_hint(head);

	rcu_lock_acquire(&callback_map);
	call(head);
	rcu_lock_release(&callback_map);
	lockdep_check_depth(held, "RCU: %ps returns", func);
}

/* The last that was queued comes first in `pending`. */
static struct rcu_head *in_order(struct rcu_head *last)
{
	struct rcu_head *first = NULL;

	while (last) {
		struct rcu_head *before = last->next;

		last->next = first;
		first = last;
		last = before;
	}
	return first;
}

static void run_batch(void)
{
	struct rcu_head *head;

	smp_store_mb(busy, true);
	head = in_order(xchg(&pending, NULL));
	delay_at_random();
	visit_cpus();
	delay_at_random();
	while (head) {
		struct rcu_head *next = head->next;

		call_checked(head);
		head = next;
	}
	smp_store_release(&busy, false);
	batch_is_done();
}

static int gp_thread(void *unused)
{
	(void)unused;
	for (;;) {
		set_current_state(TASK_IDLE);
		if (!READ_ONCE(pending)) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		run_batch();
	}
	return 0;
}

/* ---- who waits for one ---- */

static void queue_head(struct rcu_head *head, rcu_callback_t func)
{
	struct rcu_head *before;

	if (!debug_object_activate(&head->debug, &rcu_head_debug_descr))
		return;
	head->func = func;
	do {
		before = READ_ONCE(pending);
		head->next = before;
	} while (cmpxchg(&pending, before, head) != before);
	if (before || !gp_task)
		return;
	watch_for_stall();
	wake_up_process(gp_task);
}

/* What is no function would be an offset. */
void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	if (WARN(IS_ENABLED(CONFIG_DEBUG) && (unsigned long)func < KFREE_RCU_MAX,
		 "call_rcu() of no function"))
		return;
	queue_head(head, func);
}

void __kfree_rcu(struct rcu_head *head, size_t offset)
{
	/* SAFETY: no function: call() knows it by being below KFREE_RCU_MAX. */
	queue_head(head, (rcu_callback_t)offset);
}

struct waiter {
	struct rcu_head head;
	struct completion done;
};

static void complete_waiter(struct rcu_head *head)
{
	complete(&container_of(head, struct waiter, head)->done);
}

static void wait_for_batch(void)
{
	struct waiter waiter;

	init_completion(&waiter.done);
	call_rcu(&waiter.head, complete_waiter);
	wait_for_completion(&waiter.done);
}

/* Whether the wait would be for the caller itself; it is reported. */
static bool waits_for_itself(const char *what)
{
	if (IS_ENABLED(CONFIG_LOCKDEP) &&
	    WARN(lockdep_depth(current) && rcu_read_lock_held(), "%s in an RCU read section", what))
		return true;
	return WARN(current == gp_task, "%s in an RCU callback", what);
}

void synchronize_rcu(void)
{
	if (waits_for_itself("synchronize_rcu()"))
		return;
	might_sleep();
	if (gp_task)
		wait_for_batch();
}

void rcu_barrier(void)
{
	if (waits_for_itself("rcu_barrier()"))
		return;
	might_sleep();
	if (gp_task && (smp_load_acquire(&pending) || smp_load_acquire(&busy)))
		wait_for_batch();
}

static int rcu_init(void)
{
	struct task_struct *p = kthread_create(gp_thread, NULL, "rcu_gp");
	int err;

	if (IS_ERR(p))
		return (int)PTR_ERR(p);
	err = sched_set_level(p, 0);
	gp_task = p;
	wake_up_process(p);
	return err;
}
core_initcall(rcu_init);
