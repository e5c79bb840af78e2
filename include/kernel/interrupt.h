/* SPDX-License-Identifier: MIT */
/*
 * Interrupts as a device driver sees them: ask for one by its number, be called,
 * give it back.
 *
 * An interrupt number is Linux's: it names a descriptor, not a line of some
 * controller, and 0 is none. Numbers come from the device tree (platform_get_irq,
 * irq_of_parse_and_map), from gpiod_to_irq or from a domain.
 *
 * A handler runs in hard irq, on the CPU's interrupt stack with interrupts off; it
 * may be called before request_irq() has returned, so all that it uses is ready
 * before. Nothing of a handler runs after free_irq() has returned.
 *
 * What has to sleep goes into a second function, which a thread of the request calls whenever
 * the handler has answered IRQ_WAKE_THREAD:
 *
 *   ret = devm_request_threaded_irq(dev, irq, NULL, chip_thread, IRQF_ONESHOT, "chip", chip);
 *
 *   static irqreturn_t chip_thread(int irq, void *dev_id)
 *   {
 *           mutex_lock(&chip->lock);
 *           ...
 *           return IRQ_HANDLED;
 *   }
 *
 * With IRQF_ONESHOT the line stays masked until the threads of all its users are done.
 */
#ifndef KERNEL_INTERRUPT_H
#define KERNEL_INTERRUPT_H

#include <kernel/debugobjects.h>
#include <kernel/irqreturn.h>
#include <kernel/sched.h>
#include <lib/cleanup.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/types.h>

struct cpumask;
struct device;

/* The trigger: 0 leaves it as the device tree or an earlier user set it. */
#define IRQF_TRIGGER_NONE	0x00000000
#define IRQF_TRIGGER_RISING	0x00000001
#define IRQF_TRIGGER_FALLING	0x00000002
#define IRQF_TRIGGER_HIGH	0x00000004
#define IRQF_TRIGGER_LOW	0x00000008
#define IRQF_TRIGGER_MASK	0x0000000f
#define IRQF_SHARED		0x00000080	/* others may have the same line */
#define IRQF_PROBE_SHARED	0x00000100	/* -EBUSY is expected: say nothing */
#define IRQF_PERCPU		0x00000400	/* the line is the CPU's own */
#define IRQF_NOBALANCING	0x00000800	/* keep the affinity as it is */
#define IRQF_ONESHOT		0x00002000	/* masked until the thread is done */
#define IRQF_NO_SUSPEND		0x00004000	/* stays on during suspend */
#define IRQF_FORCE_RESUME	0x00008000	/* on after resume, with IRQF_NO_SUSPEND too */
#define IRQF_NO_THREAD		0x00010000	/* never made a thread of */
#define IRQF_EARLY_RESUME	0x00020000	/* on again before devices resume */
#define IRQF_COND_SUSPEND	0x00040000	/* of a sharer: bears one with IRQF_NO_SUSPEND */
#define IRQF_NO_AUTOEN		0x00080000	/* off until enable_irq() */
#define IRQF_TIMER		(0x00000200 | IRQF_NO_SUSPEND | IRQF_NO_THREAD)

/* The number of an interrupt that a device has and that is wired to nothing. */
#define IRQ_NOTCONNECTED	(1U << 31)

typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

/*
 * One user of a line. The first three are in the order in which the dispatch
 * loads them. [l] the descriptor's lock.
 */
struct irqaction {
	unsigned int irq;		/* [I] */
	void *dev_id;			/* [I] the handler's argument, names a sharer */
	irq_handler_t handler;		/* [I] */
	void __percpu *percpu_dev_id;	/* [I] instead of dev_id */
	struct irqaction *next;		/* [l] the next sharer */
	irq_handler_t thread_fn;	/* [I] NULL: no thread */
	struct task_struct *thread;	/* [I] held; NULL on a nested line */
	unsigned long thread_flags;	/* [l] IRQTF_*, kernel/irq/irq_priv.h */
	unsigned long thread_mask;	/* [l] its bit in the line's; 0 without IRQF_ONESHOT */
	struct task_exit_hook thread_exit;	/* [o] the thread's */
	unsigned long flags;		/* [I] IRQF_* */
	const char *name;		/* [I] the caller's, must outlive the action */
	struct debug_obj debug;		/* [m] live: requested; m: the line's request_mutex */
};

/*
 * Calls `handler` for each interrupt of `irq`, and enables the line unless flags
 * has IRQF_NO_AUTOEN. `name` is kept, not copied. On a line that is shared
 * `dev_id` tells the users apart and may not be NULL; all of them must ask for
 * the same trigger and alike for IRQF_ONESHOT, and none for IRQF_NO_AUTOEN: the line is on for
 * the others.
 *
 * With `thread_fn` the request has a thread, "irq/N-name", of the priority of
 * sched_set_fifo(). It calls thread_fn(irq, dev_id) once for each time, or for several that came
 * meanwhile, that `handler` answered IRQ_WAKE_THREAD. Without `handler` that is the answer to
 * each: then the flags have IRQF_ONESHOT, or the line would come again and again until the
 * thread has run. On a nested line (irq_set_nested_thread()) `thread_fn` is called in the thread
 * of the controller, and `handler` is not.
 *
 * A thread that ends before free_irq(), by a fault, is reported and does not keep the line masked.
 * Its interrupts count as unhandled.
 *
 * Context: task; may sleep.
 * Return: 0; -EINVAL for a number that names nothing, a line that may not be
 * requested (a chained one, a per-CPU one) or wrong arguments: neither function, no `thread_fn`
 * on a nested line, IRQF_COND_SUSPEND without IRQF_SHARED or with IRQF_NO_SUSPEND; -EBUSY when the
 * line has another user, or as many with IRQF_ONESHOT as a word has bits; -ENOTCONN for
 * IRQ_NOTCONNECTED; -ENOMEM; what the chip says of the trigger (-EINVAL) or of the line (-EIO for a
 * GPIO output).
 */
int __must_check request_threaded_irq(unsigned int irq, irq_handler_t handler,
				      irq_handler_t thread_fn, unsigned long flags,
				      const char *name, void *dev_id) __may_sleep;

static inline int __must_check request_irq(unsigned int irq, irq_handler_t handler,
					   unsigned long flags, const char *name, void *dev_id)
{
	return request_threaded_irq(irq, handler, NULL, flags, name, dev_id);
}

/* What request_any_context_irq() has made of the handler. */
enum {
	IRQC_IS_HARDIRQ = 0,
	IRQC_IS_NESTED = 1,
};

/*
 * For a handler that may sleep and need not: it runs in the controller's thread if the line is
 * nested, else in hard irq. Context: task; may sleep.
 * Return: IRQC_IS_HARDIRQ, IRQC_IS_NESTED, or the error of request_irq().
 */
int __must_check request_any_context_irq(unsigned int irq, irq_handler_t handler,
					 unsigned long flags, const char *name, void *dev_id)
	__may_sleep;

/*
 * Takes the action with `dev_id` off the line, shuts the line down if it was the
 * last, and waits for a handler that runs. A thread that has been woken runs once more, and
 * ends; one whose first run has not begun ends without it.
 *
 * Context: task; may sleep. Not from the line's own handler or thread, which is reported; the
 * action stays then.
 * Return: the name given with the request, NULL if there is no such action.
 */
const void *free_irq(unsigned int irq, void *dev_id) __may_sleep;

/*
 * A line that each CPU has for itself, such as its timer's: one request for all
 * CPUs, each then enables its own. No sharing. The handler gets its CPU's copy of `percpu_dev_id`,
 * a per-CPU variable's address or what alloc_percpu() returned, not NULL. Freeing a line that is
 * still enabled on a CPU is reported.
 *
 * Context: task; may sleep. Enable and disable: any, on the CPU concerned.
 * Return: as request_irq().
 */
int __must_check request_percpu_irq(unsigned int irq, irq_handler_t handler,
				    const char *name, void __percpu *percpu_dev_id) __may_sleep;
void free_percpu_irq(unsigned int irq, void __percpu *percpu_dev_id) __may_sleep;

/*
 * `type` is IRQ_TYPE_*; IRQ_TYPE_NONE keeps what the device tree says. Of a line whose controller
 * is gone enable has no effect. Context: as above.
 * Return: irq_percpu_is_enabled: whether the line is enabled on this CPU.
 */
void enable_percpu_irq(unsigned int irq, unsigned int type);
void disable_percpu_irq(unsigned int irq);
bool irq_percpu_is_enabled(unsigned int irq);

/*
 * The same as request and free, bound to a device: freed when its driver unbinds,
 * last in, first out. A failure is told in the log with the device's name.
 * Context: task; may sleep. Return: as request_irq(); -ENOMEM.
 */
int __must_check devm_request_threaded_irq(struct device *dev, unsigned int irq,
					   irq_handler_t handler, irq_handler_t thread_fn,
					   unsigned long flags, const char *name, void *dev_id)
	__may_sleep;

static inline int __must_check devm_request_irq(struct device *dev, unsigned int irq,
						irq_handler_t handler, unsigned long flags,
						const char *name, void *dev_id)
{
	return devm_request_threaded_irq(dev, irq, handler, NULL, flags, name, dev_id);
}

/* Context: task; may sleep. Return: as request_any_context_irq(); -ENOMEM. */
int __must_check devm_request_any_context_irq(struct device *dev, unsigned int irq,
					      irq_handler_t handler, unsigned long flags,
					      const char *name, void *dev_id) __may_sleep;

/* Before the driver unbinds. Context: task; may sleep. One that is not the device's is reported. */
void devm_free_irq(struct device *dev, unsigned int irq, void *dev_id) __may_sleep;

/*
 * Disabling nests: as many enable_irq() as disable_irq() turn the line on again.
 * The line is masked at its controller at once; an edge that comes meanwhile and
 * that the controller latches is delivered when it is enabled. disable_irq() also
 * waits for a handler that runs and for the line's threads, disable_hardirq() for a handler alone.
 *
 * Context: disable_irq: task; may sleep; not from the line's own handler or thread (reported, and
 * not waited for). disable_hardirq: not from the line's own handler. The others: any.
 * Return: disable_hardirq: true if the line exists and none of its threads is left to run.
 */
void disable_irq(unsigned int irq) __may_sleep;
void disable_irq_nosync(unsigned int irq);
bool disable_hardirq(unsigned int irq);
void enable_irq(unsigned int irq);

/* guard(disable_irq)(&irq): disabled, and waited for, until the scope ends. */
DEFINE_GUARD(disable_irq, unsigned int *, disable_irq(*_T), enable_irq(*_T))

/*
 * Waits until no handler of the line runs on any CPU and none of its threads runs or was woken.
 * Does not keep a next one from running. synchronize_hardirq() does not wait for the threads.
 * Context: task; may sleep; as disable_irq(). synchronize_hardirq: not from the line's own handler.
 * Return: synchronize_hardirq: true if no thread is left to run either.
 */
void synchronize_irq(unsigned int irq) __may_sleep;
bool synchronize_hardirq(unsigned int irq);

/*
 * Wakes the thread of the request with `dev_id` as its handler would, if there is such a thread.
 * Context: any.
 */
void irq_wake_thread(unsigned int irq, void *dev_id);

/*
 * Where the line is delivered. Context: any.
 * Return: 0; -EINVAL without such a line or online CPU; -EIO if the chip cannot.
 */
int irq_set_affinity(unsigned int irq, const struct cpumask *cpumask);

/*
 * Whether the line wakes the system from suspend; counted, handed on to the
 * controller above.
 * Context: task; any if the chip has no irq_bus_lock.
 * Return: 0; -ENXIO if a controller on the way cannot.
 */
int irq_set_irq_wake(unsigned int irq, unsigned int on);

static inline int enable_irq_wake(unsigned int irq)
{
	return irq_set_irq_wake(irq, 1);
}

static inline int disable_irq_wake(unsigned int irq)
{
	return irq_set_irq_wake(irq, 0);
}

/* State of a line at its controller, for tests, suspend and virtual lines. */
enum irqchip_irq_state {
	IRQCHIP_STATE_PENDING,
	IRQCHIP_STATE_ACTIVE,
	IRQCHIP_STATE_MASKED,
	IRQCHIP_STATE_LINE_LEVEL,
};

/*
 * Reads or writes one such state at the first controller, from the line's own
 * upwards, that can.
 * Context: any.
 * Return: 0; -EINVAL without such a line or controller.
 */
int irq_get_irqchip_state(unsigned int irq, enum irqchip_irq_state which, bool *state);
int irq_set_irqchip_state(unsigned int irq, enum irqchip_irq_state which, bool state);

#endif
