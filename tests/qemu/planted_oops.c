/* SPDX-License-Identifier: MIT */
/*
 * Suites whose cases fault: in a task, with something held or left to undo, in an interrupt.
 */
#include <drivers/device.h>
#include <hal/irqflags.h>
#include <hal/traps.h>
#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <kernel/timer.h>
#include <test/kunit.h>
#include <test/kunit_device.h>

#include "planted.h"

static DEFINE_SPINLOCK(plain_lock);
static DEFINE_SPINLOCK(other_lock);	/* without interrupts off */

static void release_box(struct device *dev, void *box)
{
	(void)dev;
	(void)box;
	pr_info("released: the device's\n");
}

static void faults_with_managed_resources(struct kunit *test)
{
	struct device *dev = kunit_device_register(test, "planted");
	int *volatile nowhere = NULL;
	void *box;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	box = devres_alloc(release_box, 4, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, box);
	devres_add(dev, box);
	*nowhere = 1;
}

static void reads_null(struct kunit *test)
{
	int *volatile nowhere = NULL;

	KUNIT_EXPECT_EQ(test, *nowhere, 0);
}

static void jumps_to_null(struct kunit *test)
{
	void (*volatile nowhere)(struct kunit *test) = NULL;

	nowhere(test);
}

static void executes_nonsense(struct kunit *test)
{
	(void)test;
	__builtin_trap();
}

static void overflows_its_stack(struct kunit *test)
{
	volatile char top = 0;

	KUNIT_EXPECT_EQ(test, recurse(&top), 0);
}

static void tell_undone(void *what)
{
	pr_info("undone: %s\n", (const char *)what);
}

static void leaves_something_to_undo(struct kunit *test)
{
	int *volatile nowhere = NULL;

	KUNIT_ASSERT_EQ(test, kunit_add_action(test, tell_undone, "first"), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, tell_undone, "second"), 0);
	*nowhere = 1;
}

static void fault_in_undoing(void *unused)
{
	int *volatile nowhere = NULL;

	(void)unused;
	*nowhere = 1;
}

static void faults_in_what_it_left_to_undo(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, tell_undone, "older"), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, fault_in_undoing, NULL), 0);
}

static void tell_exit(struct kunit *test)
{
	kunit_log(test, "exit was called");
}

static void faults_with_interrupts_off(struct kunit *test)
	__acquires(role_irqs_off)
{
	int *volatile nowhere = NULL;

	local_irq_disable();
	KUNIT_EXPECT_EQ(test, *nowhere, 0);
}

static void faults_with_a_spin_lock(struct kunit *test)
{
	int *volatile nowhere = NULL;
	unsigned long flags;

	spin_lock_irqsave(&plain_lock, flags);
	KUNIT_EXPECT_EQ(test, *nowhere, 0);
	spin_unlock_irqrestore(&plain_lock, flags);
}

static void faults_with_a_plain_spin_lock(struct kunit *test)
{
	int *volatile nowhere = NULL;

	spin_lock(&other_lock);
	KUNIT_EXPECT_EQ(test, *nowhere, 0);
	spin_unlock(&other_lock);
}

static void fault_in_irq(struct timer_list *timer)
{
	int *volatile nowhere = NULL;

	(void)timer;
	*nowhere = 1;
}

static void faults_in_an_interrupt(struct kunit *test)
{
	static DEFINE_TIMER(timer, fault_in_irq);

	KUNIT_EXPECT_TRUE(test, true);
	mod_timer(&timer, jiffies + 1);
	msleep(5);
}

/* Which no handler is to do; the stack is the interrupt's all the same. */
static void enable_and_fault_in_irq(struct timer_list *timer)
	__no_context_analysis
{
	local_irq_enable();
	fault_in_irq(timer);
}

static void faults_in_an_interrupt_that_enables_them(struct kunit *test)
{
	static DEFINE_TIMER(timer, enable_and_fault_in_irq);

	KUNIT_EXPECT_TRUE(test, true);
	mod_timer(&timer, jiffies + 1);
	msleep(5);
}

static void exit_in_irq(struct timer_list *timer)
{
	(void)timer;
	kthread_exit(0);
}

static void exits_in_an_interrupt(struct kunit *test)
{
	static DEFINE_TIMER(timer, exit_in_irq);

	KUNIT_EXPECT_TRUE(test, true);
	mod_timer(&timer, jiffies + 1);
	msleep(5);
}

/* As one that a write of long ago causes; QEMU has none, and where it came from nobody knows. */
static void gets_an_asynchronous_abort(struct kunit *test)
{
	struct hal_fault fault = { .kind = HAL_FAULT_DATA, .status = 0x406, .depth = 1 };
	struct pt_regs regs = { .pc = _RET_IP_, .sp = (unsigned long)&fault, .cpsr = 0x13 };

	KUNIT_EXPECT_TRUE(test, true);
	handle_fault(&regs, &fault);
}

/* As if what the interrupt has stopped, which is nobody's task, had done it. */
static void fault_of_idle_task(struct timer_list *timer)
{
	struct hal_fault fault = { .kind = HAL_FAULT_DATA, .has_address = true, .depth = 1 };
	struct pt_regs regs = { .pc = _RET_IP_, .sp = (unsigned long)timer, .cpsr = 0x13 };

	/* On a slow machine the case has not yet gone to sleep. */
	if (!is_idle_task(current)) {
		mod_timer(timer, jiffies + 1);
		return;
	}
	handle_fault(&regs, &fault);
}

static void sleeps_while_the_idle_task_faults(struct kunit *test)
{
	static DEFINE_TIMER(timer, fault_of_idle_task);

	KUNIT_EXPECT_TRUE(test, true);
	mod_timer(&timer, jiffies + 1);
	msleep(5);
}

SUITE(reads_null, .exit = tell_exit);
SUITE(jumps_to_null);
SUITE(executes_nonsense);
SUITE(faults_with_managed_resources);
SUITE(overflows_its_stack);
SUITE(leaves_something_to_undo);
SUITE(faults_in_what_it_left_to_undo);
SUITE(faults_with_interrupts_off);
SUITE(faults_with_a_spin_lock);
SUITE(faults_with_a_plain_spin_lock);
SUITE(faults_in_an_interrupt);
SUITE(faults_in_an_interrupt_that_enables_them);
SUITE(exits_in_an_interrupt);
SUITE(gets_an_asynchronous_abort);
SUITE(sleeps_while_the_idle_task_faults);

struct kunit_suite *const planted_oops[] = {
	&suite_reads_null, &suite_jumps_to_null, &suite_executes_nonsense,
	&suite_faults_with_managed_resources, &suite_overflows_its_stack,
	&suite_leaves_something_to_undo, &suite_faults_in_what_it_left_to_undo,
	&suite_faults_with_interrupts_off, &suite_faults_with_a_plain_spin_lock,
	&suite_faults_with_a_spin_lock, &suite_faults_in_an_interrupt,
	&suite_faults_in_an_interrupt_that_enables_them, &suite_gets_an_asynchronous_abort,
	&suite_exits_in_an_interrupt, &suite_sleeps_while_the_idle_task_faults,
	NULL
};
