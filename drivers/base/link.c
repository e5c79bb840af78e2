/* SPDX-License-Identifier: MIT */
/*
 * Who needs whom: a link from a consumer to each supplier of what it has taken.
 *
 * A supplier has the list of its links. A link is a managed resource of its consumer, so it ends
 * when the consumer is unbound, and no list of suppliers is needed. Links make no circle: one that
 * would is not made.
 *
 * Locking: links_lock, for the lists and the state `unbinding` of all devices. It is the innermost
 * but for dd.c's deferred_lock.
 */
#include <drivers/device.h>

#include <drivers/of.h>
#include <lib/errno.h>

#include "base_priv.h"

/* Longer chains are taken for circles. */
#define CHAIN_MAX	16

static DEFINE_MUTEX(links_lock);

/* ---- links ---- */

static bool is_below(const struct device *dev, const struct device *above)
{
	while (dev && dev != above)
		dev = dev->parent;
	return dev;
}

/* Whether `who`, or one that it is a child of, needs `dev`, itself or through others. */
static bool needs_locked(const struct device *who, const struct device *dev, unsigned int chain)
	__must_hold(&links_lock)
{
	const struct device_link *link;

	if (is_below(who, dev))
		return true;
	if (chain == CHAIN_MAX)
		return !list_empty(&dev->consumers);
	list_for_each_entry(link, &dev->consumers, s_node) {
		if (needs_locked(who, link->consumer, chain + 1))
			return true;
	}
	return false;
}

static struct device_link *find_locked(const struct device *consumer,
				       const struct device *supplier)
	__must_hold(&links_lock)
{
	struct device_link *link;

	list_for_each_entry(link, &supplier->consumers, s_node) {
		if (link->consumer == consumer)
			return link;
	}
	return NULL;
}

static void device_link_release(struct device *consumer, void *res)
{
	struct device_link *link = res;

	(void)consumer;
	scoped_guard(mutex, &links_lock)
		list_del(&link->s_node);
	put_device(link->supplier);
}

/*
 * 0: *link is what there was, or `new`, which is in the list then, or NULL: none shall be. Else
 * -EPROBE_DEFER: the supplier is going.
 */
static int link_locked(struct device_link *new, struct device_link **link)
	__must_hold(&links_lock)
{
	struct device *consumer = new->consumer, *supplier = new->supplier;

	*link = NULL;
	if (supplier->unbinding)
		return -EPROBE_DEFER;
	/* What drives itself is never unbound; what is not driven needs nobody. */
	if (!READ_ONCE(supplier->driver) || !READ_ONCE(consumer->driver))
		return 0;
	*link = find_locked(consumer, supplier);
	if (*link || needs_locked(supplier, consumer, 0))
		return 0;
	list_add_tail(&new->s_node, &supplier->consumers);
	*link = new;
	return 0;
}

static int device_link(struct device *consumer, struct device *supplier,
		       struct device_link **link)
{
	struct device_link *new = devres_alloc(device_link_release, sizeof(*new), GFP_KERNEL);
	int ret;

	*link = NULL;
	if (!new)
		return -ENOMEM;
	new->consumer = consumer;
	new->supplier = get_device(supplier);
	scoped_guard(mutex, &links_lock)
		ret = link_locked(new, link);
	if (*link == new) {
		devres_add(consumer, new);
	} else {
		put_device(supplier);
		devres_free(new);
	}
	return ret;
}

struct device_link *device_link_add(struct device *consumer, struct device *supplier, u32 flags)
{
	struct device_link *link = NULL;

	if (!consumer || !supplier || flags != DL_FLAG_AUTOREMOVE_CONSUMER ||
	    device_link(consumer, supplier, &link))
		return NULL;
	return link;
}

static int is_link(struct device *consumer, void *res, void *link)
{
	(void)consumer;
	return res == link;
}

void device_link_del(struct device_link *link)
{
	if (link)
		devres_release(link->consumer, device_link_release, is_link, link);
}

static int is_link_to(struct device *consumer, void *res, void *supplier)
{
	(void)consumer;
	return ((struct device_link *)res)->supplier == supplier;
}

void device_link_remove(void *consumer, struct device *supplier)
{
	devres_release(consumer, device_link_release, is_link_to, supplier);
}

/* ---- for look-ups ---- */

struct device *device_of_provider(const struct device_node *np)
{
	struct device *dev = NULL;

	for (; np && !dev; np = np->parent)
		dev = device_find_by_of_node(np);
	return dev;
}

int device_link_to_node(struct device *consumer, struct device_node *np)
{
	struct device *supplier __free(put_device) = NULL;
	struct device_link *link;

	if (!consumer || !READ_ONCE(consumer->driver))
		return 0;
	supplier = device_of_provider(np);
	return supplier && supplier != consumer ? device_link(consumer, supplier, &link) : 0;
}

int device_for_each_consumer(struct device *supplier, void *data,
			     int (*fn)(struct device *consumer, void *data))
{
	struct device_link *link;
	int ret;

	guard(mutex)(&links_lock);
	list_for_each_entry(link, &supplier->consumers, s_node) {
		ret = fn(link->consumer, data);
		if (ret)
			return ret;
	}
	return 0;
}

/* ---- for binding ---- */

static struct device *first_consumer_locked(const struct device *dev)
	__must_hold(&links_lock)
{
	const struct device_link *link = list_first_entry_or_null(&dev->consumers,
								  struct device_link, s_node);

	return link ? link->consumer : NULL;
}

struct device *device_links_last_consumer(struct device *dev)
{
	struct device *last = NULL, *next;

	guard(mutex)(&links_lock);
	for (next = first_consumer_locked(dev); next; next = first_consumer_locked(next))
		last = next;
	return get_device(last);
}

bool device_links_begin_unbind(struct device *dev)
{
	guard(mutex)(&links_lock);
	if (!list_empty(&dev->consumers))
		return false;
	dev->unbinding = true;
	return true;
}

void device_links_end_unbind(struct device *dev)
{
	guard(mutex)(&links_lock);
	dev->unbinding = false;
}

void device_links_orphan_consumers(struct device *dev, void (*fn)(struct device *consumer))
{
	struct device_link *link, *next;

	guard(mutex)(&links_lock);
	list_for_each_entry_safe(link, next, &dev->consumers, s_node) {
		list_del_init(&link->s_node);
		fn(link->consumer);
	}
}
