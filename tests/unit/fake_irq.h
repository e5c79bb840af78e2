/* SPDX-License-Identifier: MIT */
/*
 * An irq chip that writes down each call as a word, and a handler that does so as "handle":
 *
 *   "mask ack handle unmask"
 *
 * The cases of a suite have a domain of it with LINES lines; line 0 is mapped, as fake.irq.
 */
#ifndef TESTS_UNIT_FAKE_IRQ_H
#define TESTS_UNIT_FAKE_IRQ_H

#include <hal/irqflags.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/irqchip/chained_irq.h>
#include <kernel/irqdomain.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <test/kunit.h>

#define LINES	4

static struct fake {
	struct irq_domain *domain;
	unsigned int irq;	/* line 0 */
	char log[256];
	int set_type_result;
	int resources_result;
	bool can_retrigger;

	unsigned int calls;	/* of the handler */
	irqreturn_t answer;
	void (*body)(void);	/* what the handler does besides */
} fake;

static inline void note(const char *word)
{
	size_t len = strlen(fake.log);

	if (len + 2 >= sizeof(fake.log))
		return;
	if (len)
		fake.log[len++] = ' ';
	strscpy(fake.log + len, word, sizeof(fake.log) - len);
}

/* What was written down since the last time. */
static inline const char *noted(void)
{
	static char copy[sizeof(fake.log)];

	memcpy(copy, fake.log, sizeof(copy));
	fake.log[0] = '\0';
	return copy;
}

#define NOTING(op)					\
	static void fake_##op(struct irq_data *d)	\
	{						\
		(void)d;				\
		note(#op);				\
	}
NOTING(ack)
NOTING(mask)
NOTING(mask_ack)
NOTING(unmask)
NOTING(eoi)
NOTING(bus_lock)
NOTING(bus_sync)

static inline int fake_set_type(struct irq_data *d, unsigned int type)
{
	(void)d;
	(void)type;
	note("type");
	return fake.set_type_result;
}

static inline int fake_set_wake(struct irq_data *d, unsigned int on)
{
	(void)d;
	note(on ? "wake" : "nowake");
	return 0;
}

static inline int fake_request_resources(struct irq_data *d)
{
	(void)d;
	note("take");
	return fake.resources_result;
}

static inline void fake_release_resources(struct irq_data *d)
{
	(void)d;
	note("give");
}

static inline int fake_retrigger(struct irq_data *d)
{
	(void)d;
	note("retrigger");
	return fake.can_retrigger;
}

static const struct irq_chip fake_chip = {
	.name = "fake",
	.irq_ack = fake_ack,
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_set_type = fake_set_type,
	.irq_set_wake = fake_set_wake,
	.flags = IRQCHIP_SET_TYPE_MASKED | IRQCHIP_IMMUTABLE,
};

static const struct irq_chip fake_eoi_chip = {
	.name = "fake-eoi",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_eoi = fake_eoi,
	.flags = IRQCHIP_IMMUTABLE,
};

static const struct irq_chip fake_eoi_if_handled_chip = {
	.name = "fake-eoi-if-handled",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_eoi = fake_eoi,
	.flags = IRQCHIP_IMMUTABLE | IRQCHIP_EOI_IF_HANDLED,
};

static const struct irq_chip fake_eoi_threaded_chip = {
	.name = "fake-eoi-threaded",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_eoi = fake_eoi,
	.flags = IRQCHIP_IMMUTABLE | IRQCHIP_EOI_THREADED,
};

static const struct irq_chip fake_safe_chip = {
	.name = "fake-safe",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_eoi = fake_eoi,
	.flags = IRQCHIP_IMMUTABLE | IRQCHIP_ONESHOT_SAFE,
};

/* Each flow finds what it calls. */
static const struct irq_chip fake_full_chip = {
	.name = "fake-full",
	.irq_ack = fake_ack,
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_eoi = fake_eoi,
	.flags = IRQCHIP_IMMUTABLE,
};

static const struct irq_chip fake_retrigger_chip = {
	.name = "fake-retrigger",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_eoi = fake_eoi,
	.irq_retrigger = fake_retrigger,
	.flags = IRQCHIP_IMMUTABLE,
};

static const struct irq_chip fake_mask_ack_chip = {
	.name = "fake-mask-ack",
	.irq_ack = fake_ack,
	.irq_mask = fake_mask,
	.irq_mask_ack = fake_mask_ack,
	.irq_unmask = fake_unmask,
	.flags = IRQCHIP_IMMUTABLE,
};

static const struct irq_chip fake_careful_chip = {
	.name = "fake-careful",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_retrigger = fake_retrigger,
	.irq_set_type = fake_set_type,
	.irq_bus_lock = fake_bus_lock,
	.irq_bus_sync_unlock = fake_bus_sync,
	.irq_request_resources = fake_request_resources,
	.irq_release_resources = fake_release_resources,
	.flags = IRQCHIP_IMMUTABLE,
};

static inline int fake_map(struct irq_domain *d, unsigned int virq, irq_hw_number_t hw)
{
	(void)d;
	(void)hw;
	irq_set_chip_and_handler(virq, &fake_chip, handle_level_irq);
	return 0;
}

static const struct irq_domain_ops fake_ops = { .map = fake_map };

static inline int irq_case_init(struct kunit *test)
{
	(void)test;
	memset(&fake, 0, sizeof(fake));
	fake.answer = IRQ_HANDLED;
	fake.domain = irq_domain_create_linear(NULL, LINES, &fake_ops, NULL);
	if (!fake.domain)
		return -ENOMEM;
	fake.irq = irq_create_mapping(fake.domain, 0);
	return fake.irq ? 0 : -ENOMEM;
}

/* A case that failed may not have come to freeing its line. */
static inline void free_leftovers(struct kunit *test, unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	while (test->status == KUNIT_FAILURE && desc && desc->action)
		free_irq(irq, desc->action->dev_id);
}

static inline void irq_case_exit(struct kunit *test)
{
	free_leftovers(test, fake.irq);
	irq_domain_remove(fake.domain);
}

static inline irqreturn_t handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	note("handle");
	fake.calls++;
	if (fake.body && fake.calls == 1)
		fake.body();
	return fake.answer;
}

static inline irqreturn_t other_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	note("other");
	return IRQ_HANDLED;
}

static inline void raise(unsigned int irq)
{
	unsigned long flags;

	local_irq_save(flags);
	generic_handle_irq(irq);
	local_irq_restore(flags);
}

static inline void raise_line(void)
{
	raise(fake.irq);
}

/* Line 0 with this chip and flow, requested; what that wrote down is forgotten. */
static inline void take_line(struct kunit *test, const struct irq_chip *chip,
			     irq_flow_handler_t flow)
{
	irq_set_chip_and_handler(fake.irq, chip, flow);
	KUNIT_ASSERT_EQ(test, request_irq(fake.irq, handler, 0, "test", &fake), 0);
	noted();
}

static inline void give_line(void)
{
	fake.body = NULL;
	free_irq(fake.irq, &fake);
}

static inline void cascade(struct irq_desc *desc)
{
	struct irq_chip *chip = irq_desc_get_chip(desc);

	chained_irq_enter(chip, desc);
	note("cascade");
	generic_handle_irq(*(unsigned int *)irq_desc_get_handler_data(desc));
	chained_irq_exit(chip, desc);
}

#endif
