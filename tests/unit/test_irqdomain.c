/* SPDX-License-Identifier: MIT */
/*
 * Domains of interrupts: numbers made and found, the device tree's cells,
 * hierarchies, and lines whose controller goes away.
 */
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/irqdomain.h>

#include <hal/irqflags.h>
#include <kernel/delay.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <test/kunit.h>

#define LINES	8

static char log_text[200];
static int map_result;
static unsigned int calls;

static void note(const char *what, unsigned long number)
{
	size_t len = strlen(log_text);

	snprintf(log_text + len, sizeof(log_text) - len, "%s%s%lu", len ? " " : "", what, number);
}

static const char *noted(void)
{
	static char copy[sizeof(log_text)];

	memcpy(copy, log_text, sizeof(copy));
	log_text[0] = '\0';
	return copy;
}

static int domain_case_init(struct kunit *test)
{
	(void)test;
	noted();
	map_result = 0;
	calls = 0;
	return 0;
}

static void chip_mask(struct irq_data *d)
{
	note("mask", d->hwirq);
}

static void chip_unmask(struct irq_data *d)
{
	note("unmask", d->hwirq);
}

static const struct irq_chip chip = {
	.name = "flat",
	.irq_mask = chip_mask,
	.irq_unmask = chip_unmask,
	.flags = IRQCHIP_IMMUTABLE,
};

static int flat_map(struct irq_domain *d, unsigned int virq, irq_hw_number_t hw)
{
	note("map", hw);
	irq_set_chip_and_handler(virq, &chip, handle_level_irq);
	irq_set_chip_data(virq, d->host_data);
	return map_result;
}

/* What map() has left with the line is there. */
static void flat_unmap(struct irq_domain *d, unsigned int virq)
{
	struct irq_data *data = irq_domain_get_irq_data(d, virq);

	note(irq_data_get_irq_chip_data(data) == d->host_data ? "unmap" : "bad", data->hwirq);
}

static const struct irq_domain_ops flat_ops = {
	.map = flat_map,
	.unmap = flat_unmap,
	.xlate = irq_domain_xlate_twocell,
};

static irqreturn_t handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	calls++;
	return IRQ_HANDLED;
}

static int dispatch(struct irq_domain *domain, irq_hw_number_t hwirq)
{
	unsigned long flags;
	int ret;

	local_irq_save(flags);
	ret = generic_handle_domain_irq(domain, hwirq);
	local_irq_restore(flags);
	return ret;
}

/* ---- domains of a case ---- */

static void remove_domain(void *domain)
{
	irq_domain_remove(domain);
}

static struct irq_domain *keep(struct kunit *test, struct irq_domain *domain)
{
	KUNIT_ASSERT_NOT_NULL(test, domain);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, remove_domain, domain), 0);
	return domain;
}

static struct irq_domain *linear(struct kunit *test, struct fwnode_handle *fwnode, void *data)
{
	return keep(test, irq_domain_create_linear(fwnode, LINES, &flat_ops, data));
}

static void drop(struct kunit *test, struct irq_domain *domain)
{
	kunit_release_action(test, remove_domain, domain);
}

static unsigned int map_line(struct kunit *test, struct irq_domain *domain, irq_hw_number_t hwirq)
{
	unsigned int irq = irq_create_mapping(domain, hwirq);

	KUNIT_ASSERT_NE(test, irq, 0);
	return irq;
}

/* ---- numbers ---- */

static void line_is_mapped_once(struct kunit *test)
{
	int data;
	struct irq_domain *domain = linear(test, NULL, &data);
	unsigned int irq;

	KUNIT_EXPECT_EQ(test, irq_find_mapping(domain, 3), 0);
	irq = map_line(test, domain, 3);
	KUNIT_EXPECT_EQ(test, irq_create_mapping(domain, 3), irq);
	KUNIT_EXPECT_EQ(test, irq_find_mapping(domain, 3), irq);
	KUNIT_EXPECT_STREQ(test, noted(), "map3");
	KUNIT_EXPECT_PTR_EQ(test, irq_get_chip(irq), &chip);
	KUNIT_EXPECT_PTR_EQ(test, irq_get_chip_data(irq), &data);
	KUNIT_EXPECT_EQ(test, irqd_to_hwirq(irq_get_irq_data(irq)), 3);
	drop(test, domain);
	KUNIT_EXPECT_STREQ(test, noted(), "unmap3");
	KUNIT_EXPECT_NULL(test, irq_to_desc(irq));
}

static void numbers_are_not_those_of_the_controller(struct kunit *test)
{
	struct irq_domain *a = linear(test, NULL, NULL);
	struct irq_domain *b = linear(test, NULL, NULL);
	unsigned int zero, of_a, of_b;

	zero = map_line(test, a, 0);
	of_a = map_line(test, a, 5);
	of_b = map_line(test, b, 5);
	KUNIT_ASSERT_NE(test, zero, 0);
	KUNIT_EXPECT_NE(test, of_a, of_b);
	drop(test, a);
	KUNIT_EXPECT_EQ(test, irq_find_mapping(b, 5), of_b);
	drop(test, b);
}

static void numbers_beyond_the_domain_are_refused(struct kunit *test)
{
	struct irq_domain *domain = linear(test, NULL, NULL);

	kunit_tolerates_faults(test);
	KUNIT_EXPECT_EQ(test, irq_create_mapping(domain, LINES), 0);
	KUNIT_EXPECT_EQ(test, irq_find_mapping(domain, LINES), 0);
	KUNIT_EXPECT_EQ(test, irq_find_mapping(domain, ~0UL), 0);
	KUNIT_EXPECT_EQ(test, dispatch(domain, LINES), -EINVAL);
	KUNIT_EXPECT_EQ(test, dispatch(domain, 2), -EINVAL);
	KUNIT_EXPECT_STREQ(test, noted(), "");
	drop(test, domain);
}

static void tree_has_any_number(struct kunit *test)
{
	static const irq_hw_number_t numbers[] = { 0, 8192, 8193, 8223, 8224, 0x7fffffff };
	struct irq_domain *domain = keep(test, irq_domain_create_tree(NULL, &flat_ops, NULL));
	unsigned int irqs[ARRAY_SIZE(numbers)];

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		irqs[i] = irq_create_mapping(domain, numbers[i]);
		KUNIT_ASSERT_NE(test, irqs[i], 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		KUNIT_EXPECT_EQ(test, irq_find_mapping(domain, numbers[i]), irqs[i]);
	KUNIT_EXPECT_EQ(test, irq_find_mapping(domain, 8194), 0);
	KUNIT_EXPECT_EQ(test, irq_find_mapping(domain, 1 << 20), 0);
	drop(test, domain);
}

static void failed_map_leaves_nothing(struct kunit *test)
{
	struct irq_domain *domain = linear(test, NULL, NULL);
	unsigned int irq, next;

	kunit_tolerates_faults(test);
	irq = map_line(test, domain, 0);
	map_result = -EIO;
	KUNIT_EXPECT_EQ(test, irq_create_mapping(domain, 1), 0);
	KUNIT_EXPECT_EQ(test, irq_find_mapping(domain, 1), 0);
	map_result = 0;
	next = map_line(test, domain, 2);
	KUNIT_EXPECT_EQ(test, next, irq + 1);
	drop(test, domain);
}

static void disposed_number_is_free_again(struct kunit *test)
{
	struct irq_domain *domain = linear(test, NULL, NULL);
	unsigned int irq;

	irq = map_line(test, domain, 1);
	irq_dispose_mapping(irq);
	KUNIT_EXPECT_NULL(test, irq_to_desc(irq));
	KUNIT_EXPECT_EQ(test, irq_find_mapping(domain, 1), 0);
	KUNIT_EXPECT_EQ(test, irq_create_mapping(domain, 2), irq);
	irq_dispose_mapping(0);
	irq_dispose_mapping(irq);
	drop(test, domain);
}

static void simple_domain_maps_all_at_fixed_numbers(struct kunit *test)
{
	struct irq_domain *domain =
		keep(test, irq_domain_create_simple(NULL, 3, 60, &flat_ops, NULL));

	KUNIT_EXPECT_EQ(test, irq_find_mapping(domain, 0), 60);
	KUNIT_EXPECT_EQ(test, irq_find_mapping(domain, 2), 62);
	KUNIT_EXPECT_STREQ(test, noted(), "map0 map1 map2");
	drop(test, domain);
	KUNIT_EXPECT_NULL(test, irq_to_desc(61));
}

/* ---- a controller that goes ---- */

static void line_of_a_gone_controller_stays_its_users(struct kunit *test)
{
	struct irq_domain *domain = linear(test, NULL, NULL);
	unsigned int irq;

	irq = map_line(test, domain, 4);
	KUNIT_ASSERT_EQ(test, request_irq(irq, handler, 0, "user", &calls), 0);
	dispatch(domain, 4);
	KUNIT_EXPECT_EQ(test, calls, 1);
	disable_irq(irq);
	disable_irq(irq);
	noted();
	drop(test, domain);
	KUNIT_EXPECT_STREQ(test, noted(), "unmap4");

	/* The user does not know yet. */
	enable_irq(irq);
	enable_irq(irq);
	disable_irq(irq);
	enable_irq(irq);
	KUNIT_EXPECT_EQ(test, irq_set_irq_type(irq, IRQ_TYPE_LEVEL_HIGH), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "");
	KUNIT_EXPECT_EQ(test, request_irq(irq, handler, 0, "late", &test), -EINVAL);
	KUNIT_EXPECT_NOT_NULL(test, irq_to_desc(irq));
	KUNIT_EXPECT_STREQ(test, free_irq(irq, &calls), "user");
	KUNIT_EXPECT_NULL(test, irq_to_desc(irq));
	KUNIT_EXPECT_EQ(test, calls, 1);
}

/* ---- the device tree ---- */

static void cells_are_number_and_trigger(struct kunit *test)
{
	static const u32 cells[] = { 5, 0x104 };
	irq_hw_number_t hwirq = 0;
	unsigned int type = 0;

	KUNIT_EXPECT_EQ(test, irq_domain_xlate_onecell(NULL, NULL, cells, 1, &hwirq, &type), 0);
	KUNIT_EXPECT_EQ(test, hwirq, 5);
	KUNIT_EXPECT_EQ(test, type, IRQ_TYPE_NONE);
	KUNIT_EXPECT_EQ(test, irq_domain_xlate_twocell(NULL, NULL, cells, 2, &hwirq, &type), 0);
	KUNIT_EXPECT_EQ(test, type, IRQ_TYPE_LEVEL_HIGH);
	KUNIT_EXPECT_EQ(test, irq_domain_xlate_onetwocell(NULL, NULL, cells, 1, &hwirq, &type), 0);
	KUNIT_EXPECT_EQ(test, type, IRQ_TYPE_NONE);
	KUNIT_EXPECT_EQ(test, irq_domain_xlate_onecell(NULL, NULL, cells, 0, &hwirq, &type),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, irq_domain_xlate_twocell(NULL, NULL, cells, 1, &hwirq, &type),
			-EINVAL);
}

static void users_of_a_line_agree_on_its_trigger(struct kunit *test)
{
	int node;
	struct fwnode_handle *fwnode = (struct fwnode_handle *)&node;
	struct irq_domain *domain = linear(test, fwnode, NULL);
	struct irq_fwspec none = { fwnode, 2, { 6, IRQ_TYPE_NONE } };
	struct irq_fwspec high = { fwnode, 2, { 6, IRQ_TYPE_LEVEL_HIGH } };
	struct irq_fwspec low = { fwnode, 2, { 6, IRQ_TYPE_LEVEL_LOW } };
	struct irq_fwspec wrong = { fwnode, 1, { 6 } };
	struct irq_fwspec stranger = { (struct fwnode_handle *)&fwnode, 2, { 6, 0 } };
	unsigned int irq;

	irq = irq_create_fwspec_mapping(&none);
	KUNIT_ASSERT_NE(test, irq, 0);
	KUNIT_EXPECT_EQ(test, irq_create_fwspec_mapping(&high), irq);
	KUNIT_EXPECT_EQ(test, irq_get_trigger_type(irq), IRQ_TYPE_LEVEL_HIGH);
	KUNIT_EXPECT_EQ(test, irq_create_fwspec_mapping(&low), 0);
	KUNIT_EXPECT_EQ(test, irq_create_fwspec_mapping(&none), irq);
	KUNIT_EXPECT_EQ(test, irq_create_fwspec_mapping(&wrong), 0);
	KUNIT_EXPECT_EQ(test, irq_create_fwspec_mapping(&stranger), 0);
	KUNIT_EXPECT_PTR_EQ(test, irq_find_matching_fwnode(fwnode, DOMAIN_BUS_ANY), domain);
	drop(test, domain);
	KUNIT_EXPECT_NULL(test, irq_find_matching_fwnode(fwnode, DOMAIN_BUS_ANY));
}

static void domains_of_one_node_differ_by_bus(struct kunit *test)
{
	int node;
	struct fwnode_handle *fwnode = (struct fwnode_handle *)&node;
	struct irq_domain *wired = linear(test, fwnode, NULL);
	struct irq_domain *msi = linear(test, fwnode, NULL);

	irq_domain_update_bus_token(wired, DOMAIN_BUS_WIRED);
	irq_domain_update_bus_token(msi, DOMAIN_BUS_GENERIC_MSI);
	KUNIT_EXPECT_PTR_EQ(test, irq_find_matching_fwnode(fwnode, DOMAIN_BUS_WIRED), wired);
	KUNIT_EXPECT_PTR_EQ(test, irq_find_matching_fwnode(fwnode, DOMAIN_BUS_GENERIC_MSI), msi);
	KUNIT_EXPECT_NULL(test, irq_find_matching_fwnode(fwnode, DOMAIN_BUS_IPI));
	drop(test, wired);
	drop(test, msi);
}

/* Be it the first of them or not. */
static void line_of_the_tree_is_one_of_the_wired(struct kunit *test)
{
	struct irq_fwspec spec = { .param_count = 2, .param = { 3, IRQ_TYPE_NONE } };
	struct irq_domain *msi, *wired;
	int node;

	spec.fwnode = (struct fwnode_handle *)&node;
	msi = linear(test, spec.fwnode, NULL);
	wired = linear(test, spec.fwnode, NULL);
	irq_domain_update_bus_token(msi, DOMAIN_BUS_GENERIC_MSI);
	irq_domain_update_bus_token(wired, DOMAIN_BUS_WIRED);
	KUNIT_EXPECT_NE(test, irq_create_fwspec_mapping(&spec), 0);
	KUNIT_EXPECT_NE(test, irq_find_mapping(wired, 3), 0);
	KUNIT_EXPECT_EQ(test, irq_find_mapping(msi, 3), 0);
	drop(test, wired);
	drop(test, msi);
}

/* ---- hierarchies ---- */

/*
 * As an MSI controller at a GIC has it:
 *
 *   outer (child domain)   hwirq 0, 1, ..    mask, unmask: the parent's; composes the message
 *   inner (root)           hwirq 100 + n     mask, unmask, eoi
 */
static int alloc_result;

static void inner_eoi(struct irq_data *d)
{
	note("eoi", d->hwirq);
}

static void inner_compose(struct irq_data *d, struct msi_msg *msg)
{
	msg->data = (u32)d->hwirq;
}

static int inner_retrigger(struct irq_data *d)
{
	note("retrigger", d->hwirq);
	return 1;
}

static const struct irq_chip inner_chip = {
	.name = "inner",
	.irq_mask = chip_mask,
	.irq_unmask = chip_unmask,
	.irq_eoi = inner_eoi,
	.irq_retrigger = inner_retrigger,
	.irq_compose_msi_msg = inner_compose,
	.flags = IRQCHIP_IMMUTABLE,
};

/* It has no trigger that could be chosen. */
static int outer_set_type(struct irq_data *data, unsigned int flow_type)
{
	(void)data;
	(void)flow_type;
	return -EINVAL;
}

static const struct irq_chip outer_chip = {
	.name = "outer",
	.irq_set_type = outer_set_type,
	.irq_mask = irq_chip_mask_parent,
	.irq_unmask = irq_chip_unmask_parent,
	.irq_eoi = irq_chip_eoi_parent,
	.flags = IRQCHIP_IMMUTABLE,
};

static int inner_alloc(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs, void *arg)
{
	note("inner+", *(unsigned int *)arg);
	for (unsigned int i = 0; i < nr_irqs && !alloc_result; i++)
		irq_domain_set_info(d, virq + i, 100 + *(unsigned int *)arg + i, &inner_chip, NULL,
				    handle_fasteoi_irq, NULL, NULL);
	return alloc_result;
}

static void inner_free(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs)
{
	note("inner-", nr_irqs);
	irq_domain_free_irqs_top(d, virq, nr_irqs);
}

static int outer_alloc(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs, void *arg)
{
	int ret = irq_domain_alloc_irqs_parent(d, virq, nr_irqs, arg);

	note("outer+", *(unsigned int *)arg);
	for (unsigned int i = 0; i < nr_irqs && !ret; i++)
		ret = irq_domain_set_hwirq_and_chip(d, virq + i, *(unsigned int *)arg + i,
						    &outer_chip, &alloc_result);
	return ret;
}

static void outer_free(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs)
{
	if (irq_domain_get_irq_data(d, virq)->chip_data == &alloc_result || alloc_result)
		note("outer-", nr_irqs);
	irq_domain_free_irqs_common(d, virq, nr_irqs);
}

static struct irq_domain *inner, *outer;
static struct irq_domain *refuses;	/* the one of them that is not activated */

static int activate(struct irq_domain *d, struct irq_data *data, bool reserve)
{
	(void)reserve;
	note("on", data->hwirq);
	return d == refuses ? -ENOSPC : 0;
}

static void deactivate(struct irq_domain *d, struct irq_data *data)
{
	(void)d;
	note("off", data->hwirq);
}

static const struct irq_domain_ops inner_ops = {
	.alloc = inner_alloc, .free = inner_free, .activate = activate, .deactivate = deactivate,
};
static const struct irq_domain_ops outer_ops = {
	.alloc = outer_alloc, .free = outer_free, .activate = activate, .deactivate = deactivate,
};

static int slow_alloc(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs, void *arg)
{
	struct irq_fwspec *spec = arg;

	(void)nr_irqs;
	msleep(5);
	irq_domain_set_info(d, virq, spec->param[0], &inner_chip, NULL, handle_fasteoi_irq, NULL,
			    NULL);
	return 0;
}

static const struct irq_domain_ops slow_ops = {
	.xlate = irq_domain_xlate_onecell, .alloc = slow_alloc, .free = irq_domain_free_irqs_top,
};

static int map_it(void *spec)
{
	return (int)irq_create_fwspec_mapping(spec);
}

static void end_task(void *task)
{
	kthread_stop(task);
	put_task_struct(task);
}

/*
 * first:   maps line 4 ........ done
 * second:         wants line 3, waits .... maps it
 * third:            wants line 3, waits ............ finds it
 */
static void two_who_map_a_line_at_once_get_one_number(struct kunit *test)
{
	int node;
	struct fwnode_handle *fwnode = (struct fwnode_handle *)&node;
	struct irq_domain *domain =
		keep(test, irq_domain_create_linear(fwnode, LINES, &slow_ops, NULL));
	static struct irq_fwspec specs[2];	/* a thread may outlive the case's stack */
	struct task_struct *tasks[3];
	int irqs[3];

	specs[0] = (struct irq_fwspec){ fwnode, 1, { 4 } };
	specs[1] = (struct irq_fwspec){ fwnode, 1, { 3 } };
	for (int i = 0; i < 3; i++) {
		tasks[i] = kthread_run(map_it, &specs[!!i], "map%d", i);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, tasks[i]);
		get_task_struct(tasks[i]);
		KUNIT_ASSERT_EQ(test, kunit_add_action(test, end_task, tasks[i]), 0);
		msleep(1);
	}
	for (int i = 0; i < 3; i++) {
		irqs[i] = kthread_stop(tasks[i]);
		kunit_release_action(test, end_task, tasks[i]);
	}
	KUNIT_EXPECT_GT(test, irqs[0], 0);
	KUNIT_EXPECT_GT(test, irqs[1], 0);
	KUNIT_EXPECT_NE(test, irqs[0], irqs[1]);
	KUNIT_EXPECT_EQ(test, irqs[1], irqs[2]);
	drop(test, domain);
}

static void make_hierarchy(struct kunit *test)
{
	alloc_result = 0;
	refuses = NULL;
	inner = keep(test, irq_domain_create_tree(NULL, &inner_ops, NULL));
	outer = keep(test, irq_domain_create_hierarchy(inner, 0, LINES, NULL, &outer_ops, NULL));
}

static void remove_hierarchy(struct kunit *test)
{
	drop(test, outer);
	drop(test, inner);
}

static unsigned int alloc_lines(struct kunit *test, unsigned int nr, unsigned int number)
{
	int irq = irq_domain_alloc_irqs(outer, nr, NUMA_NO_NODE, &number);

	KUNIT_ASSERT_GT(test, irq, 0);
	return (unsigned int)irq;
}

static void line_has_data_at_each_controller(struct kunit *test)
{
	unsigned int irq;

	make_hierarchy(test);
	irq = alloc_lines(test, 2, 2);
	KUNIT_EXPECT_STREQ(test, noted(), "inner+2 outer+2");
	KUNIT_EXPECT_EQ(test, irq_find_mapping(outer, 3), irq + 1);
	KUNIT_EXPECT_EQ(test, irq_find_mapping(inner, 103), irq + 1);
	KUNIT_EXPECT_EQ(test, irq_domain_get_irq_data(outer, irq)->hwirq, 2);
	KUNIT_EXPECT_EQ(test, irq_domain_get_irq_data(inner, irq)->hwirq, 102);
	KUNIT_EXPECT_PTR_EQ(test, irq_get_irq_data(irq)->parent_data,
			    irq_domain_get_irq_data(inner, irq));
	irq_domain_free_irqs(irq, 2);
	KUNIT_EXPECT_STREQ(test, noted(), "outer-2 inner-2");
	KUNIT_EXPECT_EQ(test, irq_find_mapping(inner, 102), 0);
	KUNIT_EXPECT_NULL(test, irq_to_desc(irq));
	remove_hierarchy(test);
}

static void calls_go_inwards(struct kunit *test)
{
	struct msi_msg msg = { .data = 0 };
	unsigned int irq;

	make_hierarchy(test);
	irq = alloc_lines(test, 1, 0);
	noted();
	KUNIT_ASSERT_EQ(test, request_irq(irq, handler, 0, "user", &calls), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "on100 on0 unmask100");
	dispatch(inner, 100);
	KUNIT_EXPECT_EQ(test, calls, 1);
	KUNIT_EXPECT_STREQ(test, noted(), "eoi100");
	KUNIT_EXPECT_EQ(test, irq_chip_retrigger_hierarchy(irq_get_irq_data(irq)), 1);
	KUNIT_EXPECT_STREQ(test, noted(), "retrigger100");
	KUNIT_EXPECT_EQ(test, irq_chip_compose_msi_msg(irq_get_irq_data(irq), &msg), 0);
	KUNIT_EXPECT_EQ(test, msg.data, 100);
	KUNIT_EXPECT_EQ(test, irq_chip_set_wake_parent(irq_get_irq_data(irq), 1), -ENOSYS);
	free_irq(irq, &calls);
	KUNIT_EXPECT_STREQ(test, noted(), "mask100 off0 off100");
	irq_dispose_mapping(irq);
	remove_hierarchy(test);
}

/* Those before it are deactivated again, it and those behind it are not: they never were active. */
static void controller_that_refuses_leaves_none_active(struct kunit *test)
{
	unsigned int irq;

	make_hierarchy(test);
	irq = alloc_lines(test, 1, 0);
	noted();
	refuses = outer;
	KUNIT_EXPECT_EQ(test, request_irq(irq, handler, 0, "user", &calls), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, noted(), "on100 on0 off100");
	refuses = inner;
	KUNIT_EXPECT_EQ(test, request_irq(irq, handler, 0, "user", &calls), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, noted(), "on100");
	refuses = NULL;
	KUNIT_EXPECT_EQ(test, request_irq(irq, handler, IRQF_TRIGGER_HIGH, "user", &calls),
			-EINVAL);
	KUNIT_EXPECT_STREQ(test, noted(), "on100 on0 off0 off100");
	KUNIT_ASSERT_EQ(test, request_irq(irq, handler, 0, "user", &calls), 0);
	KUNIT_EXPECT_STREQ(test, noted(), "on100 on0 unmask100");
	free_irq(irq, &calls);
	irq_dispose_mapping(irq);
	remove_hierarchy(test);
}

static void failed_alloc_leaves_nothing(struct kunit *test)
{
	unsigned int number = 0;

	make_hierarchy(test);
	alloc_result = -ENOSPC;
	KUNIT_EXPECT_EQ(test, irq_domain_alloc_irqs(outer, 3, NUMA_NO_NODE, &number), -ENOSPC);
	KUNIT_EXPECT_EQ(test, irq_find_mapping(inner, 100), 0);
	KUNIT_EXPECT_EQ(test, irq_find_mapping(outer, 0), 0);
	remove_hierarchy(test);
}

static int orphan_alloc(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs, void *arg)
{
	return irq_domain_alloc_irqs_parent(d, virq, nr_irqs, arg);
}

static const struct irq_domain_ops orphan_ops = { .alloc = orphan_alloc };

static void parent_that_is_flat_allocates_nothing(struct kunit *test)
{
	struct irq_domain *flat = linear(test, NULL, NULL);
	struct irq_domain *child = irq_domain_create_hierarchy(flat, 0, LINES, NULL, &orphan_ops,
							       NULL);

	keep(test, child);
	KUNIT_EXPECT_EQ(test, irq_domain_alloc_irqs(child, 1, NUMA_NO_NODE, NULL), -ENOSYS);
	drop(test, child);
	drop(test, flat);
}

static void used_line_of_a_hierarchy_is_revoked(struct kunit *test)
{
	unsigned int irq;

	make_hierarchy(test);
	irq = alloc_lines(test, 1, 1);
	KUNIT_ASSERT_EQ(test, request_irq(irq, handler, 0, "user", &calls), 0);
	noted();
	remove_hierarchy(test);
	KUNIT_EXPECT_STREQ(test, noted(), "mask101 off1 off101 outer-1 inner-1");
	disable_irq(irq);
	free_irq(irq, &calls);
	KUNIT_EXPECT_STREQ(test, noted(), "");
	KUNIT_EXPECT_NULL(test, irq_to_desc(irq));
}

static const struct kunit_case irqdomain_cases[] = {
	KUNIT_CASE(line_is_mapped_once),
	KUNIT_CASE(numbers_are_not_those_of_the_controller),
	KUNIT_CASE(numbers_beyond_the_domain_are_refused),
	KUNIT_CASE(tree_has_any_number),
	KUNIT_CASE(failed_map_leaves_nothing),
	KUNIT_CASE(disposed_number_is_free_again),
	KUNIT_CASE(simple_domain_maps_all_at_fixed_numbers),
	KUNIT_CASE(line_of_a_gone_controller_stays_its_users),
	KUNIT_CASE(cells_are_number_and_trigger),
	KUNIT_CASE(users_of_a_line_agree_on_its_trigger),
	KUNIT_CASE(domains_of_one_node_differ_by_bus),
	KUNIT_CASE(line_of_the_tree_is_one_of_the_wired),
	KUNIT_CASE(two_who_map_a_line_at_once_get_one_number),
	KUNIT_CASE(line_has_data_at_each_controller),
	KUNIT_CASE(calls_go_inwards),
	KUNIT_CASE(controller_that_refuses_leaves_none_active),
	KUNIT_CASE(failed_alloc_leaves_nothing),
	KUNIT_CASE(parent_that_is_flat_allocates_nothing),
	KUNIT_CASE(used_line_of_a_hierarchy_is_revoked),
	{}
};

static struct kunit_suite irqdomain_suite = {
	.name = "irqdomain",
	.init = domain_case_init,
	.test_cases = irqdomain_cases,
};
kunit_test_suite(irqdomain_suite);
