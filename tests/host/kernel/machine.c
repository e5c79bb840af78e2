/* SPDX-License-Identifier: MIT */
/*
 * The kernel's machine, played by a process: tasks are contexts of the C library, time passes
 * when everybody sleeps, and the address sanitizer is told of each change of stack.
 */
#include <hal/context.h>

#include <hal/arch_timer.h>
#include <hal/cpu.h>
#include <hal/io.h>
#include <hal/irqflags.h>
#include <hal/psci.h>
#include <hal/semihost.h>
#include <hal/traps.h>
#include <hal/unwind.h>
#include <kernel/panic.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <kernel/timer.h>
#include <kernel/vmalloc.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <lib/math.h>

#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sys/mman.h>
#include <unistd.h>

#include "machine.h"

u32 arch_timer_rate = 62500000;
u64 machine_count, machine_compare = UINT64_MAX;
bool machine_irqs_off = true, machine_in_irq;
void *machine_current;

/* ---- the end ---- */

static void __noreturn die(int status)
{
	if (status)
		__sanitizer_print_stack_trace();
	_exit(status);
}

void machine_stuck(const char *why)
{
	printf("Bail out! %s: %s\n", current->comm, why);
	die(1);
}

void machine_no_device(const volatile void *addr)
{
	printf("Bail out! %s: no device is at %p\n", current->comm, (const void *)addr);
	die(1);
}

void hal_halt(void)
{
	die(1);
}

void hal_semihost_exit(int status)
{
	die(status);
}

void hal_semihost_putc(char c)
{
	putchar(c);
}

void psci_system_off(void)
{
}

void psci_system_reset(void)
{
}

/* One processor, of a kernel for several. */

unsigned long cpu_online_bits = 1;

void smp_send_reschedule(unsigned int cpu)
{
	(void)cpu;
	machine_stuck("a processor is woken that is not there");
}

void smp_send_timer(unsigned int cpu)
{
	(void)cpu;
	machine_stuck("a timer is for a processor that is not there");
}

void on_each_cpu(void (*func)(void *info), void *info, bool wait)
{
	(void)wait;
	guard(irqsave)();
	func(info);
}

void smp_send_stop(void)
{
}

void smp_show_stopped(const char *level)
{
	(void)level;
}

void print_regs(const char *level, const struct pt_regs *regs)
{
	(void)level;
	(void)regs;
}

/* Memory that the sanitizer has poisoned is there. */
__attribute__((no_sanitize("address")))
int hal_probe_read(const void *addr, unsigned long *value)
{
	unsigned char is_resident;

	if (mincore((void *)ALIGN_DOWN((unsigned long)addr, PAGE_SIZE), 1, &is_resident))
		return -EFAULT;
	/* A register has 32 bits, and no more need follow. */
	*value = IS_ALIGNED((unsigned long)addr, sizeof(*value)) ? *(const unsigned long *)addr :
		 *(const u32 *)addr;
	return 0;
}

/* Reports of the sanitizers have their own. */
void hal_unwind_start(struct hal_unwind *u, const struct pt_regs *regs)
{
	(void)regs;
	*u = (struct hal_unwind){ .in_irq = machine_in_irq };
}

bool hal_unwind_start_context(struct hal_unwind *u, const struct hal_context *c)
{
	(void)u;
	(void)c;
	return false;
}

bool hal_unwind_next(struct hal_unwind *u)
{
	(void)u;
	return false;
}

/* ---- time and interrupts ---- */

/* Sleeps in a row, with no task between them, after which nobody is going to wake anybody. */
#define IDLE_MAX	10000

static unsigned int idle_in_a_row;

void hal_idle(void)
{
	if (++idle_in_a_row > IDLE_MAX)
		machine_stuck("everybody sleeps and nothing is going to wake anybody");
	if (machine_count < machine_compare)
		machine_count = machine_compare;
}

void machine_take_irq(void)
{
	if (machine_in_irq || machine_count < machine_compare)
		return;
	machine_irqs_off = machine_in_irq = true;
	timer_interrupt(0, NULL);
	machine_irqs_off = machine_in_irq = false;
}

#define COUNTS_PER_LOOK	8	/* of 62.5 MHz */

u64 arch_timer_read(void)
{
	u64 count = machine_count += COUNTS_PER_LOOK;

	if (!machine_irqs_off)
		machine_take_irq();
	return count;
}

void machine_relax(void)
{
	arch_timer_read();
}

/* A case whose time is up ends the process. */
bool hal_irq_divert(void (*fn)(void))
{
	(void)fn;
	machine_stuck("a case does not end");
}

void hal_context_divert(struct hal_context *c, hal_context_entry_t *entry, void *arg)
{
	(void)c;
	(void)entry;
	(void)arg;
	machine_stuck("a case sleeps and does not end");
}

/* ---- tasks and their stacks ---- */

static struct machine_context boot_context;
static struct task_struct *left;	/* by the switch that is under way */

static struct machine_context *machine_context_of(const struct task_struct *p)
{
	return p->context.sp ? (struct machine_context *)p->context.sp : &boot_context;
}

/* On the new stack: says where the old one was, which the boot's does not know before. */
static void arrive(struct machine_context *here)
{
	const void *stack;
	size_t size;

	__sanitizer_finish_switch_fiber(here->fake_stack, &stack, &size);
	if (machine_context_of(left) == &boot_context) {
		boot_context.stack = stack;
		boot_context.size = size;
	}
}

static void begin(unsigned int high, unsigned int low)
{
	struct machine_context *self = (void *)((unsigned long)high << 32 | low);

	arrive(self);
	self->entry(self->arg, left);
}

/* What a task that ended had on its stack is nobody's: the next user finds it all writable. */
static void leave(struct task_struct *prev)
{
	if (prev->__state == TASK_DEAD)
		ASAN_UNPOISON_MEMORY_REGION(prev->stack, THREAD_SIZE);
}

struct task_struct *hal_context_switch(struct task_struct *prev, struct task_struct *next)
{
	struct machine_context *from = machine_context_of(prev), *to = machine_context_of(next);
	bool dead = prev->__state == TASK_DEAD;

	idle_in_a_row = 0;
	leave(prev);
	left = prev;
	__sanitizer_start_switch_fiber(dead ? NULL : &from->fake_stack, to->stack, to->size);
	swapcontext(&from->uc, &to->uc);
	arrive(from);
	return left;
}

void hal_context_init(struct hal_context *c, void *stack_top, hal_context_entry_t *entry,
		      void *arg)
{
	struct machine_context *m = stack_top;
	void *stack = (char *)stack_top - THREAD_SIZE;

	*m = (struct machine_context){
		.entry = entry,
		.arg = arg,
		.stack = stack,
		.size = THREAD_SIZE,
	};
	getcontext(&m->uc);
	m->uc.uc_stack.ss_sp = stack;
	m->uc.uc_stack.ss_size = m->size;
	makecontext(&m->uc, (void (*)(void))begin, 2, (unsigned int)((unsigned long)m >> 32),
		    (unsigned int)(unsigned long)m);
	c->sp = (unsigned long)m;
}
