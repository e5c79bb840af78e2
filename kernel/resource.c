/* SPDX-License-Identifier: MIT */
/*
 * The tree of claimed ranges.
 *
 * Every change goes through two functions: one finds the place of a range among
 * the children of another, or the one that is in the way; one takes a range out
 * and lets its children take its place in the list, which keeps it sorted.
 *
 * Locking: resource_lock, a spin lock with interrupts off, for all links. It is
 * never held while memory is allocated, freed or anything is printed.
 */
#include <kernel/ioport.h>

#include <kernel/fault-inject.h>
#include <kernel/printk.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <lib/errno.h>
#include <lib/sprintf.h>

/* Eight digits hold a 32-bit address; a longer one is shown in full. */
#define MEM_HEX_DIGITS	8

struct resource iomem_resource = {
	.name = "iomem",
	.end = ~(resource_size_t)0,
	.flags = IORESOURCE_MEM,
};

static DEFINE_SPINLOCK(resource_lock);

/*
 * Returns NULL, or what is in the way: a child that overlaps, or `parent` itself
 * if `res` does not lie inside it.
 */
static struct resource *resource_insert_locked(struct resource *parent, struct resource *res)
	__must_hold(&resource_lock)
{
	struct resource **place = &parent->child;

	if (res->end < res->start || res->start < parent->start || res->end > parent->end)
		return parent;
	while (*place && (*place)->end < res->start)
		place = &(*place)->sibling;
	if (*place && (*place)->start <= res->end)
		return *place;
	res->parent = parent;
	res->child = NULL;
	res->sibling = *place;
	*place = res;
	return NULL;
}

static int resource_remove_locked(struct resource *res)
	__must_hold(&resource_lock)
{
	struct resource **place;
	struct resource *child;

	if (!res->parent)
		return -EINVAL;
	for (place = &res->parent->child; *place != res; place = &(*place)->sibling) {
		if (!*place)
			return -EINVAL;
	}
	for (child = res->child; child; child = child->sibling) {
		child->parent = res->parent;
		*place = child;
		place = &child->sibling;
	}
	*place = res->sibling;
	res->parent = res->sibling = res->child = NULL;
	return 0;
}

int request_resource(struct resource *root, struct resource *res)
{
	if (should_fail(FAULT_REGISTER))
		return -EBUSY;
	guard(spinlock_irqsave)(&resource_lock);
	return resource_insert_locked(root, res) ? -EBUSY : 0;
}

int release_resource(struct resource *res)
{
	guard(spinlock_irqsave)(&resource_lock);
	return resource_remove_locked(res);
}

/* Goes down through ranges that have no user until the region fits or something is in the way. */
static bool region_insert(struct resource *root, struct resource *region)
{
	struct resource *parent = root, *conflict;

	guard(spinlock_irqsave)(&resource_lock);
	while ((conflict = resource_insert_locked(parent, region)) != NULL) {
		if (conflict == parent || conflict->flags & IORESOURCE_BUSY)
			return false;
		parent = conflict;
	}
	return true;
}

struct resource *__request_region(struct resource *root, resource_size_t start,
				  resource_size_t n, const char *name, int flags)
{
	struct resource *region = kzalloc(sizeof(*region), GFP_KERNEL);

	if (!region)
		return NULL;
	region->start = start;
	region->end = start + n - 1;
	region->name = name;
	region->flags = resource_type(root) | IORESOURCE_BUSY | (unsigned long)(unsigned int)flags;
	if (n == 0 || !region_insert(root, region)) {
		kfree(region);
		return NULL;
	}
	return region;
}

static struct resource *region_remove(struct resource *root, resource_size_t start,
				      resource_size_t end)
{
	struct resource *res;

	guard(spinlock_irqsave)(&resource_lock);
	res = root->child;
	while (res) {
		if (res->flags & IORESOURCE_BUSY && res->start == start && res->end == end)
			return resource_remove_locked(res) ? NULL : res;
		res = res->start <= start && end <= res->end ? res->child : res->sibling;
	}
	return NULL;
}

void __release_region(struct resource *root, resource_size_t start, resource_size_t n)
{
	resource_size_t end = start + n - 1;
	struct resource *region = region_remove(root, start, end);

	if (!region)
		pr_warn("resource: release of [%#llx-%#llx], which nobody claimed\n",
			(unsigned long long)start, (unsigned long long)end);
	kfree(region);
}

int resource_for_each(struct resource *root,
		      int (*fn)(const struct resource *res, unsigned int depth, void *arg),
		      void *arg)
{
	const struct resource *res;
	unsigned int depth = 0;
	int ret = 0;

	guard(spinlock_irqsave)(&resource_lock);
	res = root->child;
	while (res && !ret) {
		ret = fn(res, depth, arg);
		if (res->child) {
			res = res->child;
			depth++;
			continue;
		}
		while (!res->sibling && res->parent != root) {
			res = res->parent;
			depth--;
		}
		res = res->sibling;
	}
	return ret;
}

/* What %pR shows; no lock, for a range does not change while somebody prints it. */
void sprintf_describe_resource(const struct resource *res, struct sprintf_resource *desc)
{
	desc->start = res->start;
	desc->end = res->end;
	desc->flags = res->flags;
	desc->hex_digits = 0;
	switch (resource_type(res)) {
	case IORESOURCE_MEM:
		desc->kind = "mem";
		desc->hex_digits = MEM_HEX_DIGITS;
		break;
	case IORESOURCE_IRQ:
		desc->kind = "irq";
		break;
	default:
		desc->kind = NULL;
		desc->hex_digits = MEM_HEX_DIGITS;
		break;
	}
}
