/* SPDX-License-Identifier: MIT */
/*
 * Domains of interrupt numbers: the reverse map, mapping by number and by device
 * tree, hierarchies.
 *
 * A line is entered in the reverse map last and leaves it first, so whoever finds
 * it there finds it complete. Chunks of the map are only added while the domain
 * lives, so that look-up needs no lock.
 *
 * Locking: domain_mutex around everything that makes, changes or ends a mapping;
 * taken outside of a line's request_mutex and of the descriptors' table.
 */
#include <kernel/irqdomain.h>

#include <kernel/bug.h>
#include <kernel/fault-inject.h>
#include <kernel/mutex.h>
#include <kernel/printk.h>
#include <kernel/slab.h>
#include <lib/errno.h>

#include "irq_priv.h"

static DEFINE_MUTEX(domain_mutex);
static LIST_HEAD(domains);			/* [domain_mutex] */

/* The reverse map. */

static struct irq_revmap_chunk *find_chunk(const struct irq_domain *domain,
					   irq_hw_number_t first)
{
	struct irq_revmap_chunk *chunk = smp_load_acquire(&domain->chunks);

	while (chunk && chunk->first != first)
		chunk = chunk->next;
	return chunk;
}

static irq_hw_number_t chunk_start(irq_hw_number_t hwirq)
{
	return hwirq & ~(irq_hw_number_t)(IRQ_REVMAP_CHUNK - 1);
}

struct irq_desc *irq_resolve_chunk(const struct irq_domain *domain, irq_hw_number_t hwirq)
{
	struct irq_revmap_chunk *chunk = find_chunk(domain, chunk_start(hwirq));

	return chunk ? READ_ONCE(chunk->descs[hwirq % IRQ_REVMAP_CHUNK]) : NULL;
}

static struct irq_revmap_chunk *add_chunk(struct irq_domain *domain, irq_hw_number_t first)
{
	struct irq_revmap_chunk *chunk = kzalloc(sizeof(*chunk), GFP_KERNEL);

	if (!chunk)
		return NULL;
	chunk->first = first;
	chunk->next = domain->chunks;
	smp_store_release(&domain->chunks, chunk);
	return chunk;
}

/* Where the map has `hwirq`; NULL without memory. */
static struct irq_desc **map_slot(struct irq_domain *domain, irq_hw_number_t hwirq)
{
	struct irq_revmap_chunk *chunk;

	if (hwirq < domain->revmap_size)
		return &domain->revmap[hwirq];
	chunk = find_chunk(domain, chunk_start(hwirq)) ?: add_chunk(domain, chunk_start(hwirq));
	return chunk ? &chunk->descs[hwirq % IRQ_REVMAP_CHUNK] : NULL;
}

static int map_enter(struct irq_data *data)
{
	struct irq_desc **slot = map_slot(data->domain, data->hwirq);

	if (!slot)
		return -ENOMEM;
	if (WARN(*slot, "hwirq %lu is mapped to irq %u already", data->hwirq,
		 (*slot)->irq_data.irq))
		return -EBUSY;
	smp_store_release(slot, irq_data_to_desc(data));
	data->domain->mapcount++;
	return 0;
}

/* Not entered, or with another line's number: nothing. */
static void map_leave(struct irq_data *data)
{
	struct irq_desc **slot;

	if (!data->domain ||
	    irq_resolve_desc(data->domain, data->hwirq) != irq_data_to_desc(data))
		return;
	slot = map_slot(data->domain, data->hwirq);
	WRITE_ONCE(*slot, NULL);
	data->domain->mapcount--;
}

/* Domains. */

/* Nobody finds it yet. */
static struct irq_domain *domain_create(struct fwnode_handle *fwnode, unsigned int size,
					irq_hw_number_t hwirq_max,
					const struct irq_domain_ops *ops, void *host_data)
{
	struct irq_domain *domain;

	if (should_fail(FAULT_REGISTER))
		return NULL;
	domain = kzalloc(sizeof(*domain) + size * sizeof(domain->revmap[0]), GFP_KERNEL);
	if (!domain)
		return NULL;
	domain->revmap_size = size;
	domain->hwirq_max = hwirq_max;
	domain->ops = ops;
	domain->host_data = host_data;
	domain->fwnode = fwnode;
	domain->flags = ops->alloc ? IRQ_DOMAIN_FLAG_HIERARCHY : 0;
	return domain;
}

static void domain_publish(struct irq_domain *domain)
{
	guard(mutex)(&domain_mutex);
	list_add_tail(&domain->link, &domains);
}

struct irq_domain *__irq_domain_add(struct fwnode_handle *fwnode, unsigned int size,
				    irq_hw_number_t hwirq_max, const struct irq_domain_ops *ops,
				    void *host_data)
{
	struct irq_domain *domain = domain_create(fwnode, size, hwirq_max, ops, host_data);

	if (domain)
		domain_publish(domain);
	return domain;
}

struct irq_domain *irq_domain_create_hierarchy(struct irq_domain *parent, unsigned int flags,
					       unsigned int size, struct fwnode_handle *fwnode,
					       const struct irq_domain_ops *ops, void *host_data)
{
	struct irq_domain *domain;

	domain = domain_create(fwnode, size, size ? size : ~0UL, ops, host_data);
	if (!domain)
		return NULL;
	domain->parent = parent;
	domain->flags |= flags;
	domain_publish(domain);
	return domain;
}

void irq_domain_update_bus_token(struct irq_domain *domain, enum irq_domain_bus_token bus_token)
{
	guard(mutex)(&domain_mutex);
	domain->bus_token = bus_token;
}

static bool domain_matches(struct irq_domain *domain, struct irq_fwspec *fwspec,
			   enum irq_domain_bus_token bus_token)
{
	if (domain->ops->select && fwspec->param_count)
		return domain->ops->select(domain, fwspec, bus_token);
	if (domain->ops->match)
		return domain->ops->match(domain, to_of_node(fwspec->fwnode), bus_token);
	return fwspec->fwnode && domain->fwnode == fwspec->fwnode &&
	       (bus_token == DOMAIN_BUS_ANY || domain->bus_token == bus_token);
}

static struct irq_domain *find_domain_locked(struct irq_fwspec *fwspec,
					     enum irq_domain_bus_token bus_token)
	__must_hold(&domain_mutex)
{
	struct irq_domain *domain;

	list_for_each_entry(domain, &domains, link)
		if (domain_matches(domain, fwspec, bus_token))
			return domain;
	return NULL;
}

struct irq_domain *irq_find_matching_fwspec(struct irq_fwspec *fwspec,
					    enum irq_domain_bus_token bus_token)
{
	guard(mutex)(&domain_mutex);
	return find_domain_locked(fwspec, bus_token);
}

struct irq_domain *irq_find_matching_fwnode(struct fwnode_handle *fwnode,
					    enum irq_domain_bus_token bus_token)
{
	struct irq_fwspec fwspec = { .fwnode = fwnode };

	return irq_find_matching_fwspec(&fwspec, bus_token);
}

/* One number at a time. */

static int associate_locked(struct irq_domain *domain, unsigned int virq,
			    irq_hw_number_t hwirq)
	__must_hold(&domain_mutex)
{
	struct irq_data *data = irq_get_irq_data(virq);
	int ret;

	if (!data || data->domain || hwirq >= domain->hwirq_max)
		return -EINVAL;
	data->hwirq = hwirq;
	data->domain = domain;
	ret = domain->ops->map ? domain->ops->map(domain, virq, hwirq) : 0;
	if (!ret) {
		ret = map_enter(data);
		if (ret && domain->ops->unmap)
			domain->ops->unmap(domain, virq);
	}
	if (ret) {
		irq_domain_reset_irq_data(data);
		data->domain = NULL;
		return ret;
	}
	irq_clear_status_flags(virq, IRQ_NOREQUEST);
	return 0;
}

static void end_line(struct irq_desc *desc)
{
	struct irq_data *data = &desc->irq_data;
	struct irq_domain *domain = data->domain;

	map_leave(data);
	irq_revoke(desc);
	if (domain->ops->unmap)
		domain->ops->unmap(domain, data->irq);
	data->domain = NULL;
	irq_set_chip_data(data->irq, NULL);
	irq_put_mapping(desc);
}

static unsigned int create_mapping_locked(struct irq_domain *domain, irq_hw_number_t hwirq)
	__must_hold(&domain_mutex)
{
	unsigned int virq = irq_find_mapping(domain, hwirq);
	int ret;

	if (virq)
		return virq;
	ret = irq_alloc_desc(NUMA_NO_NODE);
	if (ret > 0) {
		virq = (unsigned int)ret;
		ret = associate_locked(domain, virq, hwirq);
		if (!ret)
			return virq;
		irq_free_desc(virq);
	}
	pr_err("hwirq %lu cannot be mapped: %pe\n", hwirq, ERR_PTR(ret));
	return 0;
}

unsigned int irq_create_mapping(struct irq_domain *domain, irq_hw_number_t hwirq)
{
	guard(mutex)(&domain_mutex);
	return create_mapping_locked(domain, hwirq);
}

struct irq_domain *irq_domain_create_simple(struct fwnode_handle *fwnode, unsigned int size,
					    unsigned int first_irq,
					    const struct irq_domain_ops *ops, void *host_data)
{
	struct irq_domain *domain = irq_domain_create_linear(fwnode, size, ops, host_data);

	if (!domain || !first_irq)
		return domain;
	guard(mutex)(&domain_mutex);
	for (unsigned int i = 0; i < size; i++) {
		int virq = irq_alloc_descs((int)(first_irq + i), first_irq + i, 1, NUMA_NO_NODE);

		if (virq > 0 && associate_locked(domain, (unsigned int)virq, i))
			irq_free_desc((unsigned int)virq);
	}
	return domain;
}

/* By device tree. */

static int translate(struct irq_domain *domain, struct irq_fwspec *fwspec,
		     irq_hw_number_t *hwirq, unsigned int *type)
{
	if (domain->ops->translate)
		return domain->ops->translate(domain, fwspec, hwirq, type);
	if (domain->ops->xlate)
		return domain->ops->xlate(domain, to_of_node(fwspec->fwnode), fwspec->param,
					  (unsigned int)fwspec->param_count, hwirq, type);
	if (fwspec->param_count < 1)
		return -EINVAL;
	*hwirq = fwspec->param[0];
	return 0;
}

int irq_domain_xlate_onecell(struct irq_domain *d, struct device_node *ctrlr,
			     const u32 *intspec, unsigned int intsize,
			     irq_hw_number_t *out_hwirq, unsigned int *out_type)
{
	(void)d;
	(void)ctrlr;
	if (intsize < 1)
		return -EINVAL;
	*out_hwirq = intspec[0];
	*out_type = IRQ_TYPE_NONE;
	return 0;
}

int irq_domain_xlate_twocell(struct irq_domain *d, struct device_node *ctrlr,
			     const u32 *intspec, unsigned int intsize,
			     irq_hw_number_t *out_hwirq, unsigned int *out_type)
{
	(void)d;
	(void)ctrlr;
	if (intsize < 2)
		return -EINVAL;
	*out_hwirq = intspec[0];
	*out_type = intspec[1] & IRQ_TYPE_SENSE_MASK;
	return 0;
}

int irq_domain_xlate_onetwocell(struct irq_domain *d, struct device_node *ctrlr,
				const u32 *intspec, unsigned int intsize,
				irq_hw_number_t *out_hwirq, unsigned int *out_type)
{
	if (intsize > 1)
		return irq_domain_xlate_twocell(d, ctrlr, intspec, intsize, out_hwirq, out_type);
	return irq_domain_xlate_onecell(d, ctrlr, intspec, intsize, out_hwirq, out_type);
}

int irq_domain_translate_onecell(struct irq_domain *d, struct irq_fwspec *fwspec,
				 unsigned long *out_hwirq, unsigned int *out_type)
{
	return irq_domain_xlate_onecell(d, NULL, fwspec->param,
					(unsigned int)fwspec->param_count, out_hwirq, out_type);
}

int irq_domain_translate_twocell(struct irq_domain *d, struct irq_fwspec *fwspec,
				 unsigned long *out_hwirq, unsigned int *out_type)
{
	return irq_domain_xlate_twocell(d, NULL, fwspec->param,
					(unsigned int)fwspec->param_count, out_hwirq, out_type);
}

/* Hierarchies. */

struct irq_data *irq_domain_get_irq_data(struct irq_domain *domain, unsigned int virq)
{
	struct irq_data *data = irq_get_irq_data(virq);

	while (data && data->domain != domain)
		data = data->parent_data;
	return data;
}

void irq_domain_reset_irq_data(struct irq_data *irq_data)
{
	irq_data->hwirq = 0;
	irq_data->chip = irq_chip_or_none(NULL);
	irq_data->chip_data = NULL;
}

int irq_domain_set_hwirq_and_chip(struct irq_domain *domain, unsigned int virq,
				  irq_hw_number_t hwirq, const struct irq_chip *chip,
				  void *chip_data)
{
	struct irq_data *data = irq_domain_get_irq_data(domain, virq);

	if (!data)
		return -ENOENT;
	data->hwirq = hwirq;
	data->chip = irq_chip_or_none(chip);
	data->chip_data = chip_data;
	return 0;
}

/* The flow is the line's, not one controller's: the innermost names it first. */
void irq_domain_set_info(struct irq_domain *domain, unsigned int virq, irq_hw_number_t hwirq,
			 const struct irq_chip *chip, void *chip_data,
			 irq_flow_handler_t handler, void *handler_data,
			 const char *handler_name)
{
	struct irq_desc *desc = irq_to_desc(virq);

	if (irq_domain_set_hwirq_and_chip(domain, virq, hwirq, chip, chip_data))
		return;
	guard(irq_desc)(desc);
	desc->handle_irq = handler;
	desc->name = handler_name;
	desc->irq_common_data.handler_data = handler_data;
	irq_update_fast(desc);
}

/* Whoever goes along the parents has the descriptor locked. */
static struct irq_data *take_parents(struct irq_desc *desc)
{
	struct irq_data *data;

	guard(irq_desc)(desc);
	data = desc->irq_data.parent_data;
	desc->irq_data.parent_data = NULL;
	desc->irq_data.domain = NULL;
	return data;
}

static void free_irq_data(struct irq_desc *desc)
{
	struct irq_data *data = take_parents(desc);

	while (data) {
		struct irq_data *parent = data->parent_data;

		kfree(data);
		data = parent;
	}
}

/* One irq_data for each domain from `domain` to the root. */
static int alloc_irq_data(struct irq_domain *domain, unsigned int virq)
{
	struct irq_desc *desc = irq_to_desc(virq);
	struct irq_data *data = &desc->irq_data;

	data->domain = domain;
	for (domain = domain->parent; domain; domain = domain->parent) {
		struct irq_data *parent = kzalloc(sizeof(*parent), GFP_KERNEL);

		if (!parent) {
			free_irq_data(desc);
			return -ENOMEM;
		}
		parent->irq = virq;
		parent->common = data->common;
		parent->chip = irq_chip_or_none(NULL);
		parent->domain = domain;
		data->parent_data = parent;
		data = parent;
	}
	return 0;
}

static int enter_hierarchy(unsigned int virq)
{
	for (struct irq_data *data = irq_get_irq_data(virq); data; data = data->parent_data) {
		int ret = map_enter(data);

		if (ret)
			return ret;
	}
	irq_clear_status_flags(virq, IRQ_NOREQUEST);
	return 0;
}

static void leave_hierarchy(unsigned int virq)
{
	for (struct irq_data *data = irq_get_irq_data(virq); data; data = data->parent_data)
		map_leave(data);
}

static int setup_hierarchy(struct irq_domain *domain, unsigned int virq, unsigned int nr_irqs,
			   void *arg)
{
	int ret = 0;

	for (unsigned int i = 0; i < nr_irqs && !ret; i++)
		ret = alloc_irq_data(domain, virq + i);
	if (!ret)
		ret = domain->ops->alloc(domain, virq, nr_irqs, arg);
	if (ret)
		return ret;
	for (unsigned int i = 0; i < nr_irqs && !ret; i++)
		ret = enter_hierarchy(virq + i);
	if (!ret)
		return 0;
	for (unsigned int i = 0; i < nr_irqs; i++)
		leave_hierarchy(virq + i);
	if (domain->ops->free)
		domain->ops->free(domain, virq, nr_irqs);
	return ret;
}

static int alloc_irqs_locked(struct irq_domain *domain, unsigned int nr_irqs, int node, void *arg)
	__must_hold(&domain_mutex)
{
	unsigned int virq;
	int ret;

	if (!domain->ops->alloc)
		return -ENOSYS;
	ret = irq_alloc_descs(-1, 0, nr_irqs, node);
	if (ret < 0)
		return ret;
	virq = (unsigned int)ret;
	ret = setup_hierarchy(domain, virq, nr_irqs, arg);
	if (!ret)
		return (int)virq;
	for (unsigned int i = 0; i < nr_irqs; i++)
		free_irq_data(irq_to_desc(virq + i));
	irq_free_descs(virq, nr_irqs);
	return ret;
}

int irq_domain_alloc_irqs(struct irq_domain *domain, unsigned int nr_irqs, int node, void *arg)
{
	guard(mutex)(&domain_mutex);
	return alloc_irqs_locked(domain, nr_irqs, node, arg);
}

/*
 * The trigger a user's node names; two users must not name different ones. That of the first
 * counts, whatever the controller began with.
 */
static unsigned int settle_type(unsigned int virq, unsigned int type, bool is_first)
{
	struct irq_desc *desc = irq_to_desc(virq);

	guard(irq_desc)(desc);
	if (type && (is_first || !irqd_get_trigger_type(&desc->irq_data)))
		irq_note_trigger(&desc->irq_data, type);
	if (!type || irqd_get_trigger_type(&desc->irq_data) == type)
		return virq;
	pr_err("irq %u (hwirq %lu): trigger type is %u, cannot be %u as well\n", virq,
	       desc->irq_data.hwirq, irqd_get_trigger_type(&desc->irq_data), type);
	return 0;
}

/* A line's own controller goes before what else its node may have domains for. */
static struct irq_domain *find_wired_locked(struct irq_fwspec *fwspec)
	__must_hold(&domain_mutex)
{
	return find_domain_locked(fwspec, DOMAIN_BUS_WIRED) ?:
	       find_domain_locked(fwspec, DOMAIN_BUS_ANY);
}

static unsigned int map_fwspec_locked(struct irq_fwspec *fwspec)
	__must_hold(&domain_mutex)
{
	struct irq_domain *domain = find_wired_locked(fwspec);
	unsigned int type = IRQ_TYPE_NONE, virq;
	irq_hw_number_t hwirq;
	int ret;

	if (!domain || translate(domain, fwspec, &hwirq, &type))
		return 0;
	type &= IRQ_TYPE_SENSE_MASK;
	virq = irq_find_mapping(domain, hwirq);
	if (virq)
		return settle_type(virq, type, false);
	if (!irq_domain_is_hierarchy(domain)) {
		virq = create_mapping_locked(domain, hwirq);
	} else {
		ret = alloc_irqs_locked(domain, 1, NUMA_NO_NODE, fwspec);
		virq = ret > 0 ? (unsigned int)ret : 0;
	}
	return virq ? settle_type(virq, type, true) : 0;
}

/* Looked for and made in one: another user may be about to map it too. */
unsigned int irq_create_fwspec_mapping(struct irq_fwspec *fwspec)
{
	guard(mutex)(&domain_mutex);
	return map_fwspec_locked(fwspec);
}

static void free_irqs_locked(unsigned int virq, unsigned int nr_irqs)
	__must_hold(&domain_mutex)
{
	struct irq_domain *domain = irq_get_irq_data(virq)->domain;

	for (unsigned int i = 0; i < nr_irqs; i++) {
		leave_hierarchy(virq + i);
		irq_revoke(irq_to_desc(virq + i));
	}
	if (domain->ops->free)
		domain->ops->free(domain, virq, nr_irqs);
	for (unsigned int i = 0; i < nr_irqs; i++) {
		free_irq_data(irq_to_desc(virq + i));
		irq_set_chip_data(virq + i, NULL);
		irq_put_mapping(irq_to_desc(virq + i));
	}
}

/* NULL if it is not mapped; what is mapped stays as long as domain_mutex is held. */
static struct irq_desc *mapped_desc_locked(unsigned int virq)
	__must_hold(&domain_mutex)
{
	struct irq_desc *desc;

	guard(rcu)();
	desc = irq_to_desc(virq);
	return desc && desc->irq_data.domain ? desc : NULL;
}

void irq_domain_free_irqs(unsigned int virq, unsigned int nr_irqs)
{
	guard(mutex)(&domain_mutex);
	if (!WARN(!mapped_desc_locked(virq), "irq %u is not mapped", virq))
		free_irqs_locked(virq, nr_irqs);
}

int irq_domain_alloc_irqs_parent(struct irq_domain *domain, unsigned int irq_base,
				 unsigned int nr_irqs, void *arg)
{
	if (!domain->parent || !domain->parent->ops->alloc)
		return -ENOSYS;
	return domain->parent->ops->alloc(domain->parent, irq_base, nr_irqs, arg);
}

void irq_domain_free_irqs_parent(struct irq_domain *domain, unsigned int irq_base,
				 unsigned int nr_irqs)
{
	if (domain->parent && domain->parent->ops->free)
		domain->parent->ops->free(domain->parent, irq_base, nr_irqs);
}

void irq_domain_free_irqs_common(struct irq_domain *domain, unsigned int virq,
				 unsigned int nr_irqs)
{
	for (unsigned int i = 0; i < nr_irqs; i++) {
		struct irq_data *data = irq_domain_get_irq_data(domain, virq + i);

		if (data)
			irq_domain_reset_irq_data(data);
	}
	irq_domain_free_irqs_parent(domain, virq, nr_irqs);
}

void irq_domain_free_irqs_top(struct irq_domain *domain, unsigned int virq,
			      unsigned int nr_irqs)
{
	for (unsigned int i = 0; i < nr_irqs; i++) {
		irq_set_handler_data(virq + i, NULL);
		irq_set_handler(virq + i, NULL, NULL);
	}
	irq_domain_free_irqs_common(domain, virq, nr_irqs);
}

static void dispose_locked(struct irq_desc *desc)
	__must_hold(&domain_mutex)
{
	if (irq_domain_is_hierarchy(desc->irq_data.domain))
		free_irqs_locked(desc->irq_data.irq, 1);
	else
		end_line(desc);
}

void irq_dispose_mapping(unsigned int virq)
{
	struct irq_desc *desc;

	guard(mutex)(&domain_mutex);
	desc = mapped_desc_locked(virq);
	if (desc)
		dispose_locked(desc);
}

void irq_domain_remove(struct irq_domain *domain)
{
	struct irq_desc *desc;
	unsigned int virq;

	guard(mutex)(&domain_mutex);
	for_each_irq_desc(virq, desc)
		if (irq_domain_get_irq_data(domain, virq))
			dispose_locked(desc);
	WARN_ON(domain->mapcount);
	list_del(&domain->link);
	while (domain->chunks) {
		struct irq_revmap_chunk *chunk = domain->chunks;

		domain->chunks = chunk->next;
		kfree(chunk);
	}
	kfree(domain);
}

static void deactivate_to_root(struct irq_data *data)
{
	for (; data; data = data->parent_data)
		if (data->domain && data->domain->ops->deactivate)
			data->domain->ops->deactivate(data->domain, data);
}

/* Those that were activated on the way to one that refuses are deactivated again. */
static int activate_from_root(struct irq_data *data, bool reserve)
{
	struct irq_domain *domain = data->domain;
	int ret = data->parent_data ? activate_from_root(data->parent_data, reserve) : 0;

	if (ret || !domain || !domain->ops->activate)
		return ret;
	ret = domain->ops->activate(domain, data, reserve);
	if (ret)
		deactivate_to_root(data->parent_data);
	return ret;
}

int irq_domain_activate_irq(struct irq_data *data, bool reserve)
{
	int ret;

	lockdep_assert_held(&irq_data_to_desc(data)->lock);
	ret = irqd_is_activated(data) ? 0 : activate_from_root(data, reserve);
	if (!ret)
		irqd_set(data, IRQD_ACTIVATED);
	return ret;
}

void irq_domain_deactivate_irq(struct irq_data *data)
{
	lockdep_assert_held(&irq_data_to_desc(data)->lock);
	if (!irqd_is_activated(data))
		return;
	irqd_clear(data, IRQD_ACTIVATED);
	deactivate_to_root(data);
}
