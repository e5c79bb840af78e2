/* SPDX-License-Identifier: MIT */
/*
 * Resources: ranges of physical addresses and irq numbers that a device has,
 * and the tree of the ranges that somebody claimed.
 *
 *   iomem_resource  0 ....................................... ~0
 *     9030000.pl061   09030000 .. 09030fff       the device's own, claimed by its bus
 *       pl061           09030000 .. 09030fff BUSY  the driver's, claimed in probe
 *
 * Siblings are sorted and do not overlap; a child lies inside its parent. A
 * range marked IORESOURCE_BUSY has a user and is not divided further.
 *
 * Locking: one lock for the whole tree, inside the functions. A resource that
 * is not in the tree belongs to its owner alone.
 */
#ifndef KERNEL_IOPORT_H
#define KERNEL_IOPORT_H

#include <lib/compiler.h>
#include <lib/types.h>

struct resource {
	resource_size_t start;		/* [I] */
	resource_size_t end;		/* [I] the last one, not the one behind it */
	const char *name;		/* [I] who has it; not copied */
	unsigned long flags;		/* [I] IORESOURCE_* */
	unsigned long desc;		/* [I] */
	struct resource *parent;	/* [l] NULL: not claimed */
	struct resource *sibling;	/* [l] the next one up */
	struct resource *child;		/* [l] the lowest inside this one */
};

#define IORESOURCE_BITS		0x000000fful	/* of a bus's own */
#define IORESOURCE_TYPE_BITS	0x00001f00ul
#define   IORESOURCE_IO		0x00000100ul
#define   IORESOURCE_MEM	0x00000200ul
#define   IORESOURCE_REG	0x00000300ul
#define   IORESOURCE_IRQ	0x00000400ul
#define   IORESOURCE_DMA	0x00000800ul
#define   IORESOURCE_BUS	0x00001000ul
#define IORESOURCE_PREFETCH	0x00002000ul
#define IORESOURCE_READONLY	0x00004000ul
#define IORESOURCE_MEM_64	0x00100000ul
#define IORESOURCE_EXCLUSIVE	0x08000000ul
#define IORESOURCE_DISABLED	0x10000000ul
#define IORESOURCE_UNSET	0x20000000ul
#define IORESOURCE_AUTO		0x40000000ul
#define IORESOURCE_BUSY		0x80000000ul

/* In the type bits of an irq resource: how it is triggered, IRQF_TRIGGER_*'s values. */
#define IORESOURCE_IRQ_HIGHEDGE		0x01ul
#define IORESOURCE_IRQ_LOWEDGE		0x02ul
#define IORESOURCE_IRQ_HIGHLEVEL	0x04ul
#define IORESOURCE_IRQ_LOWLEVEL		0x08ul

#define DEFINE_RES_NAMED(first, size, label, type) \
	(struct resource){ .start = (first), .end = (first) + (size) - 1, \
			   .name = (label), .flags = (type) }
#define DEFINE_RES_MEM_NAMED(first, size, label) \
	DEFINE_RES_NAMED(first, size, label, IORESOURCE_MEM)
#define DEFINE_RES_MEM(first, size)		DEFINE_RES_MEM_NAMED(first, size, NULL)
#define DEFINE_RES_IRQ_NAMED(irq, label)	DEFINE_RES_NAMED(irq, 1, label, IORESOURCE_IRQ)
#define DEFINE_RES_IRQ(irq)			DEFINE_RES_IRQ_NAMED(irq, NULL)

/* The root of all physical addresses. */
extern struct resource iomem_resource;

/* Of a resource that nobody changes. Context: any. */

static inline resource_size_t resource_size(const struct resource *res)
{
	return res->end - res->start + 1;
}

static inline unsigned long resource_type(const struct resource *res)
{
	return res->flags & IORESOURCE_TYPE_BITS;
}

/* Whether all of `inner` lies in `outer` (of the same type). */
static inline bool resource_contains(const struct resource *outer, const struct resource *inner)
{
	return resource_type(outer) == resource_type(inner) &&
	       outer->start <= inner->start && inner->end <= outer->end;
}

static inline bool resource_overlaps(const struct resource *a, const struct resource *b)
{
	return a->start <= b->end && b->start <= a->end;
}

/*
 * Puts `res` (the caller's, all members but the links set) into the tree
 * directly under `root`. Returns 0, or -EBUSY: it overlaps one that is there,
 * lies not wholly in `root`, is empty the wrong way round (end before start)
 * or is in a tree already. Any context.
 */
int __must_check request_resource(struct resource *root, struct resource *res);

/*
 * Takes `res` out of the tree; what is claimed inside it moves up to its
 * parent. Returns 0, or -EINVAL if it was not in the tree. Any context.
 */
int release_resource(struct resource *res);

/*
 * Claims [start, start + n) for one user, at whatever depth: inside a claimed
 * but not busy range that holds all of it. Returns the new resource, or NULL:
 * part of it is in use, n is 0, the range wraps, or there is no memory. `name`
 * is not copied. Task.
 */
struct resource *__must_check __request_region(struct resource *root, resource_size_t start,
					       resource_size_t n, const char *name, int flags);

/* Gives back exactly what __request_region() gave; anything else is logged. Task. */
void __release_region(struct resource *root, resource_size_t start, resource_size_t n);

#define request_mem_region(start, n, name) \
	__request_region(&iomem_resource, start, n, name, 0)
#define release_mem_region(start, n) \
	__release_region(&iomem_resource, start, n)

/*
 * Calls fn for each claimed range, parents before what is inside them, in the
 * order of addresses; depth 0 is directly under `root`. Stops at the first
 * result that is not 0 and returns it. The tree is locked: fn neither sleeps
 * nor claims. Any context.
 */
int resource_for_each(struct resource *root,
		      int (*fn)(const struct resource *res, unsigned int depth, void *arg),
		      void *arg);

#endif
