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
 */
#ifndef KERNEL_INTERRUPT_H
#define KERNEL_INTERRUPT_H

#include <kernel/debugobjects.h>
#include <kernel/irqreturn.h>
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
#define IRQF_NO_THREAD		0x00010000	/* never made a thread of */
#define IRQF_NO_AUTOEN		0x00080000	/* off until enable_irq() */
#define IRQF_TIMER		(0x00000200 | IRQF_NO_SUSPEND | IRQF_NO_THREAD)

typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

/*
 * One user of a line. The first three are in the order in which the dispatch
 * loads them.
 */
struct irqaction {
	unsigned int irq;		/* [I] */
	void *dev_id;			/* [I] the handler's argument, names a sharer */
	irq_handler_t handler;		/* [I] */
	void *percpu_dev_id;		/* [I] per-CPU variable instead of dev_id */
	struct irqaction *next;		/* [l] the next sharer; l: the descriptor's lock */
	unsigned long flags;		/* [I] IRQF_* */
	const char *name;		/* [I] the caller's, must outlive the action */
	struct debug_obj debug;		/* [m] live: requested; m: the line's request_mutex */
};

/*
 * Calls `handler` for each interrupt of `irq`, and enables the line unless flags
 * has IRQF_NO_AUTOEN. `name` is kept, not copied. On a line that is shared
 * `dev_id` tells the users apart and may not be NULL; all of them must ask for
 * the same trigger, and none for IRQF_NO_AUTOEN: the line is on for the others.
 * `thread_fn` must be NULL: there are no threaded handlers yet.
 *
 * Context: task; may sleep.
 * Return: 0; -EINVAL for a number that names nothing, a line that may not be
 * requested (a chained one, a per-CPU one) or wrong arguments; -EBUSY when the
 * line has another user; -EOPNOTSUPP with `thread_fn`; -ENOMEM; what the chip
 * says of the trigger (-EINVAL) or of the line (-EIO for a GPIO output).
 */
int __must_check request_threaded_irq(unsigned int irq, irq_handler_t handler,
				      irq_handler_t thread_fn, unsigned long flags,
				      const char *name, void *dev_id) __may_sleep;

static inline int __must_check request_irq(unsigned int irq, irq_handler_t handler,
					   unsigned long flags, const char *name, void *dev_id)
{
	return request_threaded_irq(irq, handler, NULL, flags, name, dev_id);
}

/*
 * Takes the action with `dev_id` off the line, shuts the line down if it was the
 * last, and waits for a handler that runs.
 *
 * Context: task; may sleep. Not from the line's own handler.
 * Return: the name given with the request, NULL if there is no such action.
 */
const void *free_irq(unsigned int irq, void *dev_id) __may_sleep;

/*
 * A line that each CPU has for itself, such as its timer's: one request for all
 * CPUs, each then enables its own. No sharing. The handler gets `percpu_dev_id`,
 * which is not NULL and one object for all CPUs: there are no per-CPU variables yet.
 *
 * Context: task; may sleep. Enable and disable: any, on the CPU concerned.
 * Return: as request_irq().
 */
int __must_check request_percpu_irq(unsigned int irq, irq_handler_t handler,
				    const char *name, void *percpu_dev_id) __may_sleep;
void free_percpu_irq(unsigned int irq, void *percpu_dev_id) __may_sleep;

/*
 * `type` is IRQ_TYPE_*; IRQ_TYPE_NONE keeps what the device tree says. Of a line whose controller
 * is gone enable has no effect. Context: as above.
 */
void enable_percpu_irq(unsigned int irq, unsigned int type);
void disable_percpu_irq(unsigned int irq);

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

/* Before the driver unbinds. Context: task; may sleep. One that is not the device's is reported. */
void devm_free_irq(struct device *dev, unsigned int irq, void *dev_id) __may_sleep;

/*
 * Disabling nests: as many enable_irq() as disable_irq() turn the line on again.
 * The line is masked at its controller at once; an edge that comes meanwhile and
 * that the controller latches is delivered when it is enabled. disable_irq() also
 * waits for a handler that runs.
 *
 * Context: disable_irq: task; may sleep. The others: any.
 */
void disable_irq(unsigned int irq) __may_sleep;
void disable_irq_nosync(unsigned int irq);
void enable_irq(unsigned int irq);

/*
 * Waits until no handler of the line runs on any CPU. Does not keep a next one
 * from running.
 * Context: task; may sleep. Not from the line's own handler.
 */
void synchronize_irq(unsigned int irq) __may_sleep;

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
