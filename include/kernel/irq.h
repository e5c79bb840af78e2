/* SPDX-License-Identifier: MIT */
/*
 * Interrupts as the driver of a controller sees them: the chip (how a line is
 * masked, acknowledged, set up), the data of a line at one controller, and the
 * flow handlers that call the one in the right order.
 *
 * A line has one descriptor (<kernel/irqdesc.h>) and, for each controller between
 * device and CPU that knows the line by itself, one irq_data: the outermost lies
 * in the descriptor, parent_data leads inwards. Chips are const: a driver that has
 * several instances keeps what differs behind chip_data.
 *
 * Locking: a chip's callbacks run with the descriptor's lock held and interrupts off. Not locked
 * are irq_bus_lock, irq_bus_sync_unlock and the two of resources, which may sleep, those of
 * messages (ipi_send_*, irq_compose_msi_msg), the ack and eoi of a per-CPU line, and the eoi of a
 * fasteoi line with one user.
 */
#ifndef KERNEL_IRQ_H
#define KERNEL_IRQ_H

#include <kernel/interrupt.h>
#include <kernel/irqhandler.h>
#include <lib/bits.h>
#include <lib/compiler.h>
#include <lib/types.h>

struct cpumask;
struct irq_domain;
struct module;
struct msi_desc;
struct seq_file;

/* How a line triggers; the numbers are those of the device tree. */
enum {
	IRQ_TYPE_NONE = 0x00000000,
	IRQ_TYPE_EDGE_RISING = 0x00000001,
	IRQ_TYPE_EDGE_FALLING = 0x00000002,
	IRQ_TYPE_EDGE_BOTH = IRQ_TYPE_EDGE_FALLING | IRQ_TYPE_EDGE_RISING,
	IRQ_TYPE_LEVEL_HIGH = 0x00000004,
	IRQ_TYPE_LEVEL_LOW = 0x00000008,
	IRQ_TYPE_LEVEL_MASK = IRQ_TYPE_LEVEL_LOW | IRQ_TYPE_LEVEL_HIGH,
	IRQ_TYPE_SENSE_MASK = 0x0000000f,
	IRQ_TYPE_DEFAULT = IRQ_TYPE_SENSE_MASK,
};

/* What may be done with a line: set by its chip's driver, kept over its users. */
enum {
	IRQ_LEVEL = 1 << 8,
	IRQ_PER_CPU = 1 << 9,		/* each CPU has the line for itself */
	IRQ_NOPROBE = 1 << 10,
	IRQ_NOREQUEST = 1 << 11,	/* request_irq() refuses it */
	IRQ_NOAUTOEN = 1 << 12,		/* a request leaves it disabled */
	IRQ_NO_BALANCING = 1 << 13,
	IRQ_NESTED_THREAD = 1 << 15,
	IRQ_NOTHREAD = 1 << 16,
	IRQ_PER_CPU_DEVID = 1 << 17,	/* only request_percpu_irq() takes it */
};

/* State of a line, in irq_common_data; the low four bits are the trigger. */
enum {
	IRQD_TRIGGER_MASK = 0xf,
	IRQD_ACTIVATED = 1 << 9,
	IRQD_PER_CPU = 1 << 11,
	IRQD_LEVEL = 1 << 13,
	IRQD_WAKEUP_STATE = 1 << 14,
	IRQD_IRQ_DISABLED = 1 << 16,
	IRQD_IRQ_MASKED = 1 << 17,
	IRQD_IRQ_INPROGRESS = 1 << 18,
	IRQD_WAKEUP_ARMED = 1 << 19,
	IRQD_IRQ_STARTED = 1 << 22,
	IRQD_RESEND_WHEN_IN_PROGRESS = 1 << 30,
};

/* What all controllers of one line share. */
struct irq_common_data {
	unsigned int state_use_accessors;	/* [l] IRQD_*; l: the descriptor's lock */
	void *handler_data;			/* [l] of a chained handler */
	struct msi_desc *msi_desc;		/* [I] */
};

/* A line at one controller. */
struct irq_data {
	u32 mask;			/* [I] the line's bit in the chip's registers */
	unsigned int irq;		/* [I] Linux's number */
	irq_hw_number_t hwirq;		/* [l] the controller's number */
	struct irq_common_data *common;	/* [I] */
	struct irq_chip *chip;		/* [l] never NULL */
	struct irq_domain *domain;	/* [l] NULL: not mapped */
	struct irq_data *parent_data;	/* [I] at the controller nearer to the CPU */
	void *chip_data;		/* [l] the chip's driver's */
};

/* An interrupt that is a memory write, as compose_msi_msg says it. */
struct msi_msg {
	u32 address_lo;
	u32 address_hi;
	u32 data;
};

/*
 * A controller's operations. NULL: not offered; what happens then is said beside.
 * For set_type and set_affinity a negative errno is a failure, 0 leaves it to the
 * core to record the new value (IRQ_SET_MASK_OK), and the other two say that the
 * chip has done so, or that chips further in have to be left alone.
 */
struct irq_chip {
	const char *name;

	unsigned int (*irq_startup)(struct irq_data *data);	/* else irq_enable */
	void (*irq_shutdown)(struct irq_data *data);		/* else irq_disable */
	void (*irq_enable)(struct irq_data *data);		/* else irq_unmask */
	void (*irq_disable)(struct irq_data *data);		/* else irq_mask */

	void (*irq_ack)(struct irq_data *data);
	void (*irq_mask)(struct irq_data *data);
	void (*irq_mask_ack)(struct irq_data *data);		/* else irq_mask, irq_ack */
	void (*irq_unmask)(struct irq_data *data);
	void (*irq_eoi)(struct irq_data *data);

	int (*irq_set_affinity)(struct irq_data *data, const struct cpumask *dest, bool force);
	int (*irq_retrigger)(struct irq_data *data);		/* 1: done; else by software */
	int (*irq_set_type)(struct irq_data *data, unsigned int flow_type);
	int (*irq_set_wake)(struct irq_data *data, unsigned int on);

	/*
	 * Around slow changes, for a chip behind a bus that sleeps; may sleep. Such a chip
	 * may go away only when nobody changes its lines any more: who waits for the bus
	 * while irq_domain_remove() runs uses the chip afterwards.
	 */
	void (*irq_bus_lock)(struct irq_data *data);
	void (*irq_bus_sync_unlock)(struct irq_data *data);

	void (*irq_suspend)(struct irq_data *data);
	void (*irq_resume)(struct irq_data *data);

	/* The instance's name for `irq`; else `name`. */
	void (*irq_print_chip)(struct irq_data *data, struct seq_file *p);

	/* At the first request and after the last free; may sleep. */
	int (*irq_request_resources)(struct irq_data *data);
	void (*irq_release_resources)(struct irq_data *data);

	void (*irq_compose_msi_msg)(struct irq_data *data, struct msi_msg *msg);
	void (*irq_write_msi_msg)(struct irq_data *data, struct msi_msg *msg);

	int (*irq_get_irqchip_state)(struct irq_data *data, enum irqchip_irq_state which,
				     bool *state);
	int (*irq_set_irqchip_state)(struct irq_data *data, enum irqchip_irq_state which,
				     bool state);

	void (*ipi_send_single)(struct irq_data *data, unsigned int cpu);
	void (*ipi_send_mask)(struct irq_data *data, const struct cpumask *dest);

	unsigned long flags;
};

enum {
	IRQCHIP_SET_TYPE_MASKED = 1 << 0,	/* mask the line around set_type */
	IRQCHIP_EOI_IF_HANDLED = 1 << 1,	/* no eoi for one that was not handled */
	IRQCHIP_MASK_ON_SUSPEND = 1 << 2,
	IRQCHIP_SKIP_SET_WAKE = 1 << 4,		/* irq_set_irq_wake() succeeds untold */
	IRQCHIP_ONESHOT_SAFE = 1 << 5,		/* a message: IRQF_ONESHOT need not mask it */
	IRQCHIP_EOI_THREADED = 1 << 6,		/* the eoi of ONESHOT comes after the threads */
	IRQCHIP_IMMUTABLE = 1 << 11,		/* nobody changes the struct at run time */
};

enum {
	IRQ_SET_MASK_OK = 0,
	IRQ_SET_MASK_OK_NOCOPY = 1,
	IRQ_SET_MASK_OK_DONE = 2,
};

/* Of a line that has no controller: every operation is there and does nothing. */
extern const struct irq_chip no_irq_chip;

/* The same for a controller that really has nothing to do; named "dummy". */
extern const struct irq_chip dummy_irq_chip;

/*
 * Accessors that chips' callbacks use. Context: the descriptor's lock held; any for what
 * does not change.
 */

static inline u32 irqd_get_trigger_type(const struct irq_data *d)
{
	return d->common->state_use_accessors & IRQD_TRIGGER_MASK;
}

/* For a set_type() that answers IRQ_SET_MASK_OK_NOCOPY. Context: the descriptor's lock held. */
static inline void irqd_set_trigger_type(struct irq_data *d, u32 type)
{
	d->common->state_use_accessors &= ~(unsigned int)IRQD_TRIGGER_MASK;
	d->common->state_use_accessors |= type & IRQD_TRIGGER_MASK;
}

static inline bool irqd_is_level_type(const struct irq_data *d)
{
	return d->common->state_use_accessors & IRQD_LEVEL;
}

static inline bool irqd_is_per_cpu(const struct irq_data *d)
{
	return d->common->state_use_accessors & IRQD_PER_CPU;
}

static inline bool irqd_is_wakeup_set(const struct irq_data *d)
{
	return d->common->state_use_accessors & IRQD_WAKEUP_STATE;
}

static inline bool irqd_irq_disabled(const struct irq_data *d)
{
	return d->common->state_use_accessors & IRQD_IRQ_DISABLED;
}

static inline bool irqd_irq_masked(const struct irq_data *d)
{
	return d->common->state_use_accessors & IRQD_IRQ_MASKED;
}

static inline bool irqd_irq_inprogress(const struct irq_data *d)
{
	return d->common->state_use_accessors & IRQD_IRQ_INPROGRESS;
}

static inline bool irqd_is_started(const struct irq_data *d)
{
	return d->common->state_use_accessors & IRQD_IRQ_STARTED;
}

static inline bool irqd_is_activated(const struct irq_data *d)
{
	return d->common->state_use_accessors & IRQD_ACTIVATED;
}

/*
 * A line that comes once and may come while it is handled on another CPU, as a message does: with
 * handle_fasteoi_irq() it is handled again then. A line whose trigger is an edge is so anyway.
 * Set in map() or alloc().
 */
static inline void irqd_set_resend_when_in_progress(struct irq_data *d)
{
	d->common->state_use_accessors |= IRQD_RESEND_WHEN_IN_PROGRESS;
}

static inline bool irqd_needs_resend_when_in_progress(const struct irq_data *d)
{
	return d->common->state_use_accessors & IRQD_RESEND_WHEN_IN_PROGRESS;
}

static inline irq_hw_number_t irqd_to_hwirq(const struct irq_data *d)
{
	return d->hwirq;
}

static inline void *irq_data_get_irq_chip_data(const struct irq_data *d)
{
	return d->chip_data;
}

static inline struct irq_chip *irq_data_get_irq_chip(const struct irq_data *d)
{
	return d->chip;
}

static inline void *irq_data_get_irq_handler_data(const struct irq_data *d)
{
	return d->common->handler_data;
}

/* By number; NULL or 0 for a number that names nothing. Context: any. */
struct irq_data *irq_get_irq_data(unsigned int irq);
struct irq_chip *irq_get_chip(unsigned int irq);
void *irq_get_chip_data(unsigned int irq);
void *irq_get_handler_data(unsigned int irq);
u32 irq_get_trigger_type(unsigned int irq);

/*
 * Sets up a line, by its number, in a domain's map() or alloc().
 * Context: task, or any with the line masked.
 * Return: 0; -EINVAL for a number that names nothing.
 */
int irq_set_chip(unsigned int irq, const struct irq_chip *chip);
int irq_set_chip_data(unsigned int irq, void *data);
int irq_set_handler_data(unsigned int irq, void *data);

/*
 * The flow handler of a line. `name` shows in `irq` ("edge", "level"); NULL keeps
 * it. A NULL handler is handle_bad_irq(), and shuts down a chained one.
 * handle_fasteoi_irq() for a chip without irq_eoi is reported and not set.
 * Context: task; any if the chip has no irq_bus_lock.
 */
void irq_set_handler(unsigned int irq, irq_flow_handler_t handle, const char *name);
void irq_set_chip_and_handler_name(unsigned int irq, const struct irq_chip *chip,
				   irq_flow_handler_t handle, const char *name);
void irq_set_chip_and_handler(unsigned int irq, const struct irq_chip *chip,
			      irq_flow_handler_t handle);

/*
 * Makes a line the cascade of another controller: `handle` is called for it, no
 * action, nobody can request it, and it is enabled. NULL: no longer, and masked;
 * waits for one that runs.
 * Context: task.
 */
void irq_set_chained_handler(unsigned int irq, irq_flow_handler_t handle);
void irq_set_chained_handler_and_data(unsigned int irq, irq_flow_handler_t handle, void *data);

/*
 * The only way to change the flow handler from irq_set_type(): the descriptor is
 * locked already. Context: a chip's callback.
 */
void irq_set_handler_locked(struct irq_data *data, irq_flow_handler_t handler);
void irq_set_chip_handler_name_locked(struct irq_data *data, const struct irq_chip *chip,
				      irq_flow_handler_t handler, const char *name);

/*
 * Sets the trigger of a line and at its controller.
 * Context: task; any if the chip has no irq_bus_lock.
 * Return: 0; -EINVAL without such a line, or if the controller cannot.
 */
int irq_set_irq_type(unsigned int irq, unsigned int type);

/* Clears and sets IRQ_* of a line; nothing for a number that names none. Context: any. */

void irq_modify_status(unsigned int irq, unsigned long clr, unsigned long set);

static inline void irq_set_status_flags(unsigned int irq, unsigned long set)
{
	irq_modify_status(irq, 0, set);
}

static inline void irq_clear_status_flags(unsigned int irq, unsigned long clr)
{
	irq_modify_status(irq, clr, 0);
}

static inline void irq_set_noprobe(unsigned int irq)
{
	irq_modify_status(irq, 0, IRQ_NOPROBE);
}

static inline void irq_set_probe(unsigned int irq)
{
	irq_modify_status(irq, IRQ_NOPROBE, 0);
}

/*
 * Of a line whose controller is behind a bus that sleeps: its users' thread_fn are called by
 * handle_nested_irq(), from the thread in which the controller's driver asks what came.
 * irq_set_parent() says whose thread that is: a replay by software wakes that one.
 * Context: any. Return: irq_set_parent: 0; -EINVAL for a number that names nothing.
 */

static inline void irq_set_nested_thread(unsigned int irq, bool nest)
{
	irq_modify_status(irq, nest ? 0 : IRQ_NESTED_THREAD, nest ? IRQ_NESTED_THREAD : 0);
}

int irq_set_parent(int irq, int parent_irq);

/* Context: task; may sleep. On a line that is disabled it is noted for enable_irq(). */
void handle_nested_irq(unsigned int irq) __may_sleep;

/* Makes the line one that each CPU has for itself. Context: any. Return: 0, -EINVAL. */
int irq_set_percpu_devid(unsigned int irq);

/*
 * Flow handlers. Context: hard irq. For each, what the chip is asked in order:
 *
 *   level      mask, ack, [handle], unmask
 *   edge       ack, [handle], and again for one that came while handled: it was
 *              masked and noted; unmask, [handle]
 *   fasteoi    [handle], eoi; an edge, or message, that came while handled: once more
 *   simple     [handle]; the caller does the rest
 *   untracked  the same, and is not counted
 *   percpu     ack, [handle], eoi; nothing locked, the line is the CPU's own
 *   percpu_devid   the same with the CPU's own dev_id
 *   bad        ack; counts the interrupt as unwanted
 *
 * With IRQF_ONESHOT the unmask comes when the last thread that was woken is done, or at once if
 * none was; fasteoi masks before [handle]. The eoi does not wait for threads, but for a chip with
 * IRQCHIP_EOI_THREADED: there the unmask follows it.
 *
 * A line that is disabled or has no action is masked, acknowledged or ended, and
 * noted as pending; enabling replays it.
 */
void handle_level_irq(struct irq_desc *desc);
void handle_edge_irq(struct irq_desc *desc);
void handle_fasteoi_irq(struct irq_desc *desc);
void handle_simple_irq(struct irq_desc *desc);
void handle_untracked_irq(struct irq_desc *desc);
void handle_percpu_irq(struct irq_desc *desc);
void handle_percpu_devid_irq(struct irq_desc *desc);
void handle_bad_irq(struct irq_desc *desc);

/*
 * The same request at the next controller inwards, for a chip in a hierarchy that
 * adds nothing of its own. Context: that of the chip's callback of the same name.
 * Those that return an int: -ENOSYS if there is none.
 */
int irq_chip_set_parent_state(struct irq_data *data, enum irqchip_irq_state which, bool val);
int irq_chip_get_parent_state(struct irq_data *data, enum irqchip_irq_state which, bool *state);
void irq_chip_enable_parent(struct irq_data *data);
void irq_chip_disable_parent(struct irq_data *data);
void irq_chip_ack_parent(struct irq_data *data);
int irq_chip_retrigger_hierarchy(struct irq_data *data);
void irq_chip_mask_parent(struct irq_data *data);
void irq_chip_mask_ack_parent(struct irq_data *data);
void irq_chip_unmask_parent(struct irq_data *data);
void irq_chip_eoi_parent(struct irq_data *data);
int irq_chip_set_affinity_parent(struct irq_data *data, const struct cpumask *dest, bool force);
int irq_chip_set_wake_parent(struct irq_data *data, unsigned int on);
int irq_chip_set_type_parent(struct irq_data *data, unsigned int type);
int __must_check irq_chip_request_resources_parent(struct irq_data *data);
void irq_chip_release_resources_parent(struct irq_data *data);

/*
 * The message that raises the line, from the innermost chip that composes one.
 * Context: as irq_compose_msi_msg of the chip.
 * Return: 0; -ENOSYS if none does.
 */
int irq_chip_compose_msi_msg(struct irq_data *data, struct msi_msg *msg);

/*
 * Raises a line that is one CPU's message to others.
 * Context: any. Return: 0; -EINVAL without such a line, CPU or ability.
 */
int ipi_send_single(unsigned int virq, unsigned int cpu);

/*
 * Names the function that handle_arch_irq() goes to: the root controller's, which
 * finds out what came and dispatches it.
 * Context: boot. Return: 0; -EBUSY when another controller is the root.
 */
int __must_check set_handle_irq(void (*handle_irq)(void));

/* Whether each interrupt's time goes to add_interrupt_randomness(). Context: any. */
void irq_note_times(bool wanted);

#include <kernel/irqdesc.h>

#endif
