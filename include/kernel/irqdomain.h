/* SPDX-License-Identifier: MIT */
/*
 * Domains: the numbers of one interrupt controller, and the descriptors that they
 * stand for.
 *
 * A controller's driver makes a domain for its node; whoever names one of its
 * interrupts (a device tree node, gpiod_to_irq) gets a Linux number, made the first
 * time. A linear domain finds small numbers by one load; greater ones, such as the
 * LPIs from 8192 on, are found in chunks.
 *
 * In a hierarchy a line has an irq_data for each controller on its way: a child
 * domain names its parent, and its alloc() asks the parent for a line of its own.
 *
 * Locking: domain_mutex of irqdomain.c for making, mapping and removing: task
 * context. Look-up (irq_find_mapping, generic_handle_domain_irq) is for any.
 */
#ifndef KERNEL_IRQDOMAIN_H
#define KERNEL_IRQDOMAIN_H

#include <kernel/fwnode.h>
#include <kernel/irq.h>
#include <kernel/irqhandler.h>
#include <lib/compiler.h>
#include <lib/list.h>
#include <lib/types.h>

struct irq_domain;

#define IRQ_DOMAIN_IRQ_SPEC_PARAMS	16
#define NUMA_NO_NODE			(-1)

/* An interrupt as firmware names it: the controller's node and its cells. */
struct irq_fwspec {
	struct fwnode_handle *fwnode;
	int param_count;
	u32 param[IRQ_DOMAIN_IRQ_SPEC_PARAMS];
};

/* Which of several domains of one node is meant. */
enum irq_domain_bus_token {
	DOMAIN_BUS_ANY = 0,
	DOMAIN_BUS_WIRED,
	DOMAIN_BUS_GENERIC_MSI,
	DOMAIN_BUS_PCI_MSI,
	DOMAIN_BUS_PLATFORM_MSI,
	DOMAIN_BUS_NEXUS,
	DOMAIN_BUS_IPI,
};

/*
 * What a domain's driver provides. map or alloc sets the line's chip and flow
 * handler. A domain with alloc is part of a hierarchy and uses alloc, free and
 * translate; one without uses map, unmap and xlate. Without xlate and translate
 * the first cell is the number and the trigger is not said.
 */
struct irq_domain_ops {
	int (*match)(struct irq_domain *d, struct device_node *node,
		     enum irq_domain_bus_token bus_token);
	int (*select)(struct irq_domain *d, struct irq_fwspec *fwspec,
		      enum irq_domain_bus_token bus_token);
	int (*map)(struct irq_domain *d, unsigned int virq, irq_hw_number_t hw);
	void (*unmap)(struct irq_domain *d, unsigned int virq);
	int (*xlate)(struct irq_domain *d, struct device_node *node, const u32 *intspec,
		     unsigned int intsize, unsigned long *out_hwirq, unsigned int *out_type);
	int (*alloc)(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs, void *arg);
	void (*free)(struct irq_domain *d, unsigned int virq, unsigned int nr_irqs);
	int (*activate)(struct irq_domain *d, struct irq_data *irqd, bool reserve);
	void (*deactivate)(struct irq_domain *d, struct irq_data *irq_data);
	int (*translate)(struct irq_domain *d, struct irq_fwspec *fwspec,
			 unsigned long *out_hwirq, unsigned int *out_type);
};

enum {
	IRQ_DOMAIN_FLAG_HIERARCHY = 1 << 0,
	IRQ_DOMAIN_NAME_ALLOCATED = 1 << 1,
};

#define IRQ_REVMAP_CHUNK	32U

/* Descriptors of IRQ_REVMAP_CHUNK numbers in a row, beyond the linear part. */
struct irq_revmap_chunk {
	struct irq_revmap_chunk *next;		/* [I] */
	irq_hw_number_t first;			/* [I] */
	struct irq_desc *descs[IRQ_REVMAP_CHUNK];	/* [d], read without */
};

/* [I] immutable after creation, [d] domain_mutex. */
struct irq_domain {
	unsigned int revmap_size;		/* [I] */
	irq_hw_number_t hwirq_max;		/* [I] numbers are below this */
	struct list_head link;			/* [d] */
	const char *name;			/* [I] */
	const struct irq_domain_ops *ops;	/* [I] */
	void *host_data;			/* [I] the driver's */
	unsigned int flags;			/* [d] IRQ_DOMAIN_* */
	unsigned int mapcount;			/* [d] */
	struct fwnode_handle *fwnode;		/* [I] whose interrupts they are; may be NULL */
	enum irq_domain_bus_token bus_token;	/* [d] */
	struct irq_domain *parent;		/* [I] NULL: not in a hierarchy, or its root */
	struct irq_revmap_chunk *chunks;	/* [d], read without */
	struct irq_desc *revmap[];		/* [d], read without; revmap_size of them */
};

/*
 * Makes a domain. linear: numbers below `size`, found by one load, as is simple,
 * which maps them all at once if `first_irq` is not 0; tree: any number, in chunks;
 * hierarchy: a child of `parent`, linear if size is not 0. `fwnode` may be NULL,
 * then nobody finds it by node.
 *
 * Context: task; may sleep. Return: the domain, until irq_domain_remove(); NULL without
 * memory.
 */
struct irq_domain *__irq_domain_add(struct fwnode_handle *fwnode, unsigned int size,
				    irq_hw_number_t hwirq_max, const struct irq_domain_ops *ops,
				    void *host_data) __must_check;
struct irq_domain *irq_domain_create_simple(struct fwnode_handle *fwnode, unsigned int size,
					    unsigned int first_irq,
					    const struct irq_domain_ops *ops,
					    void *host_data) __must_check;
struct irq_domain *irq_domain_create_hierarchy(struct irq_domain *parent, unsigned int flags,
					       unsigned int size, struct fwnode_handle *fwnode,
					       const struct irq_domain_ops *ops,
					       void *host_data) __must_check;

static inline struct irq_domain *__must_check
irq_domain_create_linear(struct fwnode_handle *fwnode, unsigned int size,
			 const struct irq_domain_ops *ops, void *host_data)
{
	return __irq_domain_add(fwnode, size, size, ops, host_data);
}

static inline struct irq_domain *__must_check
irq_domain_create_tree(struct fwnode_handle *fwnode, const struct irq_domain_ops *ops,
		       void *host_data)
{
	return __irq_domain_add(fwnode, 0, ~0UL, ops, host_data);
}

/* The same, for a driver that has the node. */
static inline struct irq_domain *__must_check
irq_domain_add_linear(struct device_node *of_node, unsigned int size,
		      const struct irq_domain_ops *ops, void *host_data)
{
	return irq_domain_create_linear(of_node_to_fwnode(of_node), size, ops, host_data);
}

static inline struct irq_domain *__must_check
irq_domain_add_tree(struct device_node *of_node, const struct irq_domain_ops *ops,
		    void *host_data)
{
	return irq_domain_create_tree(of_node_to_fwnode(of_node), ops, host_data);
}

static inline struct irq_domain *__must_check
irq_domain_add_hierarchy(struct irq_domain *parent, unsigned int flags, unsigned int size,
			 struct device_node *node, const struct irq_domain_ops *ops,
			 void *host_data)
{
	return irq_domain_create_hierarchy(parent, flags, size, of_node_to_fwnode(node), ops,
					   host_data);
}

/*
 * Takes a domain away: whatever is mapped still is revoked, see
 * irq_dispose_mapping(). Context: task; may sleep.
 */
void irq_domain_remove(struct irq_domain *domain);

/* Says which of its node's domains this one is. Context: task; may sleep. */
void irq_domain_update_bus_token(struct irq_domain *domain, enum irq_domain_bus_token bus_token);

/* The domain of a node, NULL if it has none (yet). Not counted. Context: task. */
struct irq_domain *irq_find_matching_fwspec(struct irq_fwspec *fwspec,
					    enum irq_domain_bus_token bus_token);
struct irq_domain *irq_find_matching_fwnode(struct fwnode_handle *fwnode,
					    enum irq_domain_bus_token bus_token);

/*
 * The Linux number for one of the domain's, made if there is none yet.
 * Context: task; may sleep. Return: 0 on failure, with a message.
 */
unsigned int __must_check irq_create_mapping(struct irq_domain *domain, irq_hw_number_t hwirq);

/*
 * The same for an interrupt as the device tree names it. A trigger type given there
 * is kept with the line, for a request that names none. Return: 0 on failure: no
 * such domain, cells that it refuses, another trigger than an earlier user's.
 */
unsigned int __must_check irq_create_fwspec_mapping(struct irq_fwspec *fwspec);

/*
 * Undoes the mapping. A line that still has users is taken from its controller:
 * their handlers have ended when this returns and are not called again, and the
 * number stays theirs until they free it. A handler's thread is not waited for: free_irq() does.
 * Context: task; may sleep. 0 is ignored.
 */
void irq_dispose_mapping(unsigned int virq);

/*
 * The domain of a device tree node, that of wired lines if it has several; NULL if it has none
 * (yet). Not counted. Context: task.
 */
static inline struct irq_domain *irq_find_host(struct device_node *node)
{
	struct fwnode_handle *fwnode = of_node_to_fwnode(node);

	return irq_find_matching_fwnode(fwnode, DOMAIN_BUS_WIRED) ?:
	       irq_find_matching_fwnode(fwnode, DOMAIN_BUS_ANY);
}

/* Its node, NULL without. Context: any. */
static inline struct device_node *irq_domain_get_of_node(struct irq_domain *d)
{
	return to_of_node(d->fwnode);
}

/* Descriptor or number for one of the domain's; NULL or 0 if it is not mapped. Context: any. */

struct irq_desc *irq_resolve_chunk(const struct irq_domain *domain, irq_hw_number_t hwirq);

static __always_inline struct irq_desc *irq_resolve_desc(const struct irq_domain *domain,
							 irq_hw_number_t hwirq)
{
	if (likely(hwirq < domain->revmap_size))
		return READ_ONCE(domain->revmap[hwirq]);
	return irq_resolve_chunk(domain, hwirq);
}

static inline unsigned int irq_find_mapping(struct irq_domain *domain, irq_hw_number_t hwirq)
{
	struct irq_desc *desc = irq_resolve_desc(domain, hwirq);

	return desc ? desc->irq_data.irq : 0;
}

/*
 * Dispatches a controller's own interrupt.
 * Context: hard irq, interrupts off.
 * Return: 0; -EINVAL if it is not mapped.
 */
static __always_inline int generic_handle_domain_irq(struct irq_domain *domain,
						     irq_hw_number_t hwirq)
{
	struct irq_desc *desc = irq_resolve_desc(domain, hwirq);

	if (unlikely(!desc))
		return -EINVAL;
	generic_handle_irq_desc(desc);
	return 0;
}

/*
 * Cells: the number alone; number and trigger; the one or the other by their count.
 * Context: any. Return: 0; -EINVAL for fewer cells.
 */
int irq_domain_xlate_onecell(struct irq_domain *d, struct device_node *ctrlr,
			     const u32 *intspec, unsigned int intsize,
			     irq_hw_number_t *out_hwirq, unsigned int *out_type);
int irq_domain_xlate_twocell(struct irq_domain *d, struct device_node *ctrlr,
			     const u32 *intspec, unsigned int intsize,
			     irq_hw_number_t *out_hwirq, unsigned int *out_type);
int irq_domain_xlate_onetwocell(struct irq_domain *d, struct device_node *ctrlr,
				const u32 *intspec, unsigned int intsize,
				irq_hw_number_t *out_hwirq, unsigned int *out_type);
int irq_domain_translate_onecell(struct irq_domain *d, struct irq_fwspec *fwspec,
				 unsigned long *out_hwirq, unsigned int *out_type);
int irq_domain_translate_twocell(struct irq_domain *d, struct irq_fwspec *fwspec,
				 unsigned long *out_hwirq, unsigned int *out_type);

/* Hierarchies. Context: task, but for the irq_data of a line that cannot go away: any. */

static inline bool irq_domain_is_hierarchy(const struct irq_domain *domain)
{
	return domain->flags & IRQ_DOMAIN_FLAG_HIERARCHY;
}

/*
 * Allocates `nr_irqs` lines with consecutive numbers; `arg` goes to alloc() (an
 * irq_fwspec if they come from firmware).
 * Context: task; may sleep.
 * Return: the first number; -ENOMEM, -ENOSPC, what alloc() says.
 */
int __must_check irq_domain_alloc_irqs(struct irq_domain *domain, unsigned int nr_irqs, int node,
				       void *arg);
void irq_domain_free_irqs(unsigned int virq, unsigned int nr_irqs);

/* For alloc() and free() of a domain: the same lines in the parent. */
int __must_check irq_domain_alloc_irqs_parent(struct irq_domain *domain, unsigned int irq_base,
					      unsigned int nr_irqs, void *arg);
void irq_domain_free_irqs_parent(struct irq_domain *domain, unsigned int irq_base,
				 unsigned int nr_irqs);
/* Resets the lines' data in the domain, then frees them in the parent. */
void irq_domain_free_irqs_common(struct irq_domain *domain, unsigned int virq,
				 unsigned int nr_irqs);
/* The same, and no flow handler any more: for the root. */
void irq_domain_free_irqs_top(struct irq_domain *domain, unsigned int virq,
			      unsigned int nr_irqs);

/* The line's data at this domain's controller; NULL if it does not go through it. */
struct irq_data *irq_domain_get_irq_data(struct irq_domain *domain, unsigned int virq);
void irq_domain_reset_irq_data(struct irq_data *irq_data);

/*
 * For alloc(): sets the line's data in the domain; set_info also the flow.
 * Return: 0; -ENOENT for a line that does not go through the domain.
 */
int irq_domain_set_hwirq_and_chip(struct irq_domain *domain, unsigned int virq,
				  irq_hw_number_t hwirq, const struct irq_chip *chip,
				  void *chip_data);
void irq_domain_set_info(struct irq_domain *domain, unsigned int virq, irq_hw_number_t hwirq,
			 const struct irq_chip *chip, void *chip_data,
			 irq_flow_handler_t handler, void *handler_data,
			 const char *handler_name);

#endif
