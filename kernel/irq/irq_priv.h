/* SPDX-License-Identifier: MIT */
/*
 * What the files of the irq core share. Functions that take a descriptor expect
 * it locked unless they say otherwise.
 */
#ifndef KERNEL_IRQ_PRIV_H
#define KERNEL_IRQ_PRIV_H

#include <hal/irqflags.h>
#include <kernel/irq.h>
#include <kernel/rcupdate.h>
#include <lib/cleanup.h>

/* irq_desc.istate */
enum {
	IRQS_PENDING = 1 << 0,			/* came while it could not be handled */
	IRQS_GONE = 1 << 1,			/* without a controller for good */
	IRQS_UNMAPPED = 1 << 2,			/* gone; freed with its last action */
	IRQS_ONESHOT = 1 << 3,			/* masked until its threads are done */
	IRQS_EOI_OWED = 1 << 4,			/* by the last of its threads */
	IRQS_SPURIOUS_DISABLED = 1 << 5,	/* nobody handled what came */
	IRQS_DEFERRED = 1 << 6,			/* what a thread makes of the last is not known */
};

/* irqaction.thread_flags; of a thread that is neither woken nor runs neither */
enum {
	IRQTF_RUNTHREAD = 1 << 0,		/* woken, has not begun */
	IRQTF_RUNS = 1 << 1,			/* in thread_fn, or on the way out */
	IRQTF_DEAD = 1 << 2,			/* there is no thread any more */
};

/* As irq_data keeps it. */
static inline struct irq_chip *irq_chip_or_none(const struct irq_chip *chip)
{
	/* SAFETY: Linux's member is not const, nobody writes through it. */
	return (struct irq_chip *)(unsigned long)(chip ? chip : &no_irq_chip);
}

static inline void irqd_set(struct irq_data *d, unsigned int mask)
{
	d->common->state_use_accessors |= mask;
}

static inline void irqd_clear(struct irq_data *d, unsigned int mask)
{
	d->common->state_use_accessors &= ~mask;
}

/* The trigger, and what follows from it. */
static inline void irq_note_trigger(struct irq_data *d, unsigned int type)
{
	irqd_set_trigger_type(d, type);
	irqd_clear(d, IRQD_LEVEL);
	if (type & IRQ_TYPE_LEVEL_MASK)
		irqd_set(d, IRQD_LEVEL);
}

static inline void irq_istate_set(struct irq_desc *desc, unsigned int mask)
	__must_hold(&desc->lock)
{
	desc->istate |= mask;
}

static inline void irq_istate_clear(struct irq_desc *desc, unsigned int mask)
	__must_hold(&desc->lock)
{
	desc->istate &= ~mask;
}

/* Counts an interrupt on this CPU. */
static inline void kstat_incr_irqs_this_cpu(struct irq_desc *desc)
{
	desc->kstat_irqs[smp_processor_id()]++;
}

/* Whether the fast action is in progress, or a flow handler about to see whether there is one. */
static inline bool irq_is_busy(const struct irq_desc *desc)
{
#ifdef CONFIG_SMP
	bool busy = smp_load_acquire(&desc->busy);

	sched_point();	/* what is made of it may come late */
	return busy;
#else
	(void)desc;
	return false;
#endif
}

/* The action of a line that cascades another controller. */
extern struct irqaction chained_action;

/* Whether it is one that was requested and not freed since; else that is reported. */
extern const struct debug_obj_descr irqaction_debug_descr;

static inline bool irq_action_is_good(const struct irqaction *action)
{
	return debug_object_assert_init(&action->debug, &irqaction_debug_descr);
}

/* irqdesc.c */
void irq_free_unmapped(struct irq_desc *desc);		/* unlocked, task */
unsigned int irq_desc_total(const struct irq_desc *desc);

/* chip.c: each line's state against the chip. */
void irq_update_fast(struct irq_desc *desc) __must_hold(&desc->lock);
void irq_disable_line(struct irq_desc *desc);
void irq_mask_line(struct irq_desc *desc);
void irq_mask_ack_line(struct irq_desc *desc);
/* Unless it is disabled. */
void irq_unmask_if_enabled(struct irq_desc *desc);
/* -errno: could not be activated */
int irq_startup_line(struct irq_desc *desc) __must_hold(&desc->lock);
void irq_shutdown_line(struct irq_desc *desc) __must_hold(&desc->lock);
int irq_set_trigger_locked(struct irq_desc *desc, unsigned int type) __must_hold(&desc->lock);

/* handle.c */
/* Returns what they answered, or-ed. The descriptor is unlocked around it. */
unsigned int irq_call_actions(struct irq_desc *desc) __must_hold(&desc->lock, role_spinning);
/* The same, counted, and looked at. */
void handle_irq_event(struct irq_desc *desc) __must_hold(&desc->lock, role_spinning);
/*
 * Behind a handler that returned `ret`: warns of what it may not do, disables
 * interrupts again, wakes the thread. Returns what counts as its answer. Hard irq, not locked.
 */
irqreturn_t irq_take_answer(struct irq_desc *desc, struct irqaction *action, irqreturn_t ret);
/* What the handlers of one interrupt answered, or-ed. */
void note_interrupt(struct irq_desc *desc, unsigned int answers) __must_hold(&desc->lock);
/* The line stays off until it is requested anew, or enabled. */
void irq_turn_off(struct irq_desc *desc) __must_hold(&desc->lock);

/* manage.c */
void irq_revoke(struct irq_desc *desc);			/* unlocked, task */
/*
 * The mapping and the actions have the descriptor together: whichever goes last frees it, and
 * who is last is decided under request_mutex. Who was not does not touch it after. The
 * caller has revoked it. Unlocked, task.
 */
void irq_put_mapping(struct irq_desc *desc);
void irq_wait_for_handlers(struct irq_desc *desc);	/* unlocked, task */

/* thread.c */
irqreturn_t irq_default_primary_handler(int irq, void *dev_id);
irqreturn_t irq_nested_primary_handler(int irq, void *dev_id);
int irq_thread_create(struct irqaction *action) __must_check;	/* task; may sleep */
/* Nobody wakes it any more. Task; may sleep, not the thread itself. */
void irq_thread_stop(struct irqaction *action);
/* Returns whether it is going to run. */
bool irq_thread_wake(struct irq_desc *desc, struct irqaction *action) __must_hold(&desc->lock);
/* The running task is one of the line's threads. Unlocked. */
bool irq_is_in_own_thread(struct irq_desc *desc);
bool irq_threads_are_idle(struct irq_desc *desc);	/* unlocked */
void irq_wait_for_threads(struct irq_desc *desc);	/* unlocked, task; may sleep */

/*
 * Waits for whoever has found the line before now, marked or not. With one CPU nobody has:
 * an interrupt ends before a task goes on. Unlocked, task; may sleep.
 */
static inline void irq_wait_for_lookups(void)
	__may_sleep
{
	if (IS_ENABLED(CONFIG_SMP))
		synchronize_rcu();
}

/* resend.c */
void irq_resend_pending(struct irq_desc *desc) __must_hold(&desc->lock);
/* In a jiffy, from this CPU. */
void irq_resend_later(struct irq_desc *desc) __must_hold(&desc->lock);
void irq_resend_forget(struct irq_desc *desc);		/* locked or not */

/* irqdomain.c */
/* The descriptor is locked. */
int irq_domain_activate_irq(struct irq_data *data, bool reserve);
void irq_domain_deactivate_irq(struct irq_data *data);

/*
 * guard(irq_desc): the descriptor locked, interrupts off. guard(irq_bus), outside
 * of it: a chip on a bus that sleeps takes its bus, and sends what was changed
 * when the guard ends. As long as somebody is there, or waits for the bus, a line that is
 * revoked keeps its chip: what one chip has taken it gives back.
 */
void irq_bus_take(struct irq_desc *desc);		/* unlocked, task */
void irq_bus_give(struct irq_desc *desc);

static inline void irq_bus_lock(struct irq_desc *desc)
{
	if (unlikely(READ_ONCE(desc->irq_data.chip)->irq_bus_sync_unlock))
		irq_bus_take(desc);
}

static inline void irq_bus_sync_unlock(struct irq_desc *desc)
{
	if (unlikely(READ_ONCE(desc->irq_data.chip)->irq_bus_sync_unlock))
		irq_bus_give(desc);
}

/*
 * For the lock checker: how many descriptors the caller has locked already. The chip of a cascaded
 * controller passes some requests on to the line that it is cascaded under.
 */
#ifdef CONFIG_LOCKDEP
unsigned int irq_desc_nesting(void);
#else
static inline unsigned int irq_desc_nesting(void)
{
	return 0;
}
#endif

static __always_inline unsigned long irq_desc_lock(struct irq_desc *desc)
	__acquires(&desc->lock, role_spinning, role_irqs_off)
{
	unsigned long flags;

	local_irq_save(flags);
	raw_spin_lock_nested(&desc->lock, irq_desc_nesting());
	return flags;
}

DEFINE_LOCK_GUARD_1(irq_desc, struct irq_desc,
		    _T->flags = irq_desc_lock(_T->lock),
		    raw_spin_unlock_irqrestore(&_T->lock->lock, _T->flags),
		    unsigned long flags)
GUARD_HOLDS(irq_desc, ->lock)
GUARD_ROLE(irq_desc, role_spinning)
GUARD_ROLE(irq_desc, role_irqs_off)
DEFINE_GUARD(irq_bus, struct irq_desc *, irq_bus_lock(_T), irq_bus_sync_unlock(_T))

#endif
