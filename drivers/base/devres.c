/* SPDX-License-Identifier: MIT */
/*
 * Managed resources: what a driver takes for a device goes on a list of the
 * device, and whoever unbinds it gives it all back, youngest first.
 *
 *   devres_head: [a] [open G] [b] [c] [close G] [d]
 *
 * A group is a pair of markers on the same list. Releasing a range takes the
 * resources in it, and the groups that lie wholly in it or were never closed; of
 * a group that lies partly in it the markers stay.
 *
 * Locking: the device's devres_lock, for the list. Release functions are called
 * outside of it, when the resource is on no list any more.
 */
#include <drivers/device.h>

#include <kernel/bug.h>
#include <kernel/io.h>
#include <kernel/slab.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <lib/string.h>

/* Where registers begin; the widest access is of that many bytes. */
#define REGISTERS_ALIGN	8

enum devres_kind {
	DEVRES_RESOURCE,
	DEVRES_GROUP_OPEN,
	DEVRES_GROUP_CLOSE,
};

struct devres_node {
	struct list_head entry;		/* [devres_lock] linked to itself: on no list */
	enum devres_kind kind;		/* [I] */
};

struct devres {
	struct devres_node node;
	dr_release_t release;		/* [I] */
	/* Aligned for any type, as what kmalloc gives. */
	u8 data[] __aligned(__BIGGEST_ALIGNMENT__ > 8 ? 16 : 8);
};

struct devres_group {
	struct devres_node open, close;	/* close is on no list until the group is closed */
	const void *id;			/* [I] */
	bool walked;			/* [devres_lock] open was met by the walk that runs */
};

static struct devres_node *to_node(struct list_head *entry)
{
	return list_entry(entry, struct devres_node, entry);
}

static struct devres *to_devres(void *res)
{
	return container_of(res, struct devres, data[0]);
}

static struct devres_group *to_group(struct devres_node *node)
{
	return node->kind == DEVRES_GROUP_OPEN ? container_of(node, struct devres_group, open)
					       : container_of(node, struct devres_group, close);
}

static bool is_closed(const struct devres_group *group)
{
	return !list_empty(&group->close.entry);
}

/* ---- single resources ---- */

void *devres_alloc(dr_release_t release, size_t size, gfp_t gfp)
{
	struct devres *dr;
	size_t bytes;

	if (__builtin_add_overflow(sizeof(*dr), size, &bytes))
		return NULL;
	dr = kzalloc(bytes, gfp);
	if (!dr)
		return NULL;
	INIT_LIST_HEAD(&dr->node.entry);
	dr->node.kind = DEVRES_RESOURCE;
	dr->release = release;
	return dr->data;
}

void devres_free(void *res)
{
	if (!res)
		return;
	if (WARN(!list_empty(&to_devres(res)->node.entry), "devres: freed while a device has it\n"))
		return;
	kfree(to_devres(res));
}

void devres_add(struct device *dev, void *res)
{
	guard(spinlock_irqsave)(&dev->devres_lock);
	list_add_tail(&to_devres(res)->node.entry, &dev->devres_head);
}

static struct devres *devres_find_locked(struct device *dev, dr_release_t release,
					 dr_match_t match, void *match_data)
{
	struct devres_node *node;

	list_for_each_entry_reverse(node, &dev->devres_head, entry) {
		struct devres *dr = container_of(node, struct devres, node);

		if (node->kind != DEVRES_RESOURCE || dr->release != release)
			continue;
		if (!match || match(dev, dr->data, match_data))
			return dr;
	}
	return NULL;
}

void *devres_find(struct device *dev, dr_release_t release, dr_match_t match, void *match_data)
{
	struct devres *dr;

	guard(spinlock_irqsave)(&dev->devres_lock);
	dr = devres_find_locked(dev, release, match, match_data);
	return dr ? dr->data : NULL;
}

void *devres_get(struct device *dev, void *new_res, dr_match_t match, void *match_data)
{
	struct devres *fresh = to_devres(new_res), *dr;

	scoped_guard(spinlock_irqsave, &dev->devres_lock) {
		dr = devres_find_locked(dev, fresh->release, match, match_data);
		if (!dr)
			list_add_tail(&fresh->node.entry, &dev->devres_head);
	}
	if (!dr)
		return new_res;
	devres_free(new_res);
	return dr->data;
}

void *devres_remove(struct device *dev, dr_release_t release, dr_match_t match,
		    void *match_data)
{
	struct devres *dr;

	guard(spinlock_irqsave)(&dev->devres_lock);
	dr = devres_find_locked(dev, release, match, match_data);
	if (!dr)
		return NULL;
	list_del_init(&dr->node.entry);
	return dr->data;
}

int devres_destroy(struct device *dev, dr_release_t release, dr_match_t match,
		   void *match_data)
{
	void *res = devres_remove(dev, release, match, match_data);

	if (!res)
		return -ENOENT;
	devres_free(res);
	return 0;
}

int devres_release(struct device *dev, dr_release_t release, dr_match_t match,
		   void *match_data)
{
	void *res = devres_remove(dev, release, match, match_data);

	if (!res)
		return -ENOENT;
	release(dev, res);
	devres_free(res);
	return 0;
}

/* ---- ranges and groups ---- */

/*
 * Moves what the range [first, end) holds to `todo`: resources in their order,
 * and one marker for each group that goes.
 */
static void devres_take_range_locked(struct list_head *first, struct list_head *end,
				     struct list_head *todo)
{
	struct list_head *entry, *next;

	for (entry = first; entry != end; entry = entry->next) {
		if (to_node(entry)->kind != DEVRES_RESOURCE)
			to_group(to_node(entry))->walked = false;
	}
	for (entry = first; entry != end; entry = next) {
		struct devres_node *node = to_node(entry);

		next = entry->next;
		if (node->kind == DEVRES_RESOURCE) {
			list_move_tail(entry, todo);
		} else if (node->kind == DEVRES_GROUP_OPEN) {
			to_group(node)->walked = true;
			if (!is_closed(to_group(node)))
				list_move_tail(entry, todo);
		} else if (to_group(node)->walked) {
			list_del(entry);
			list_move_tail(&to_group(node)->open.entry, todo);
		}
	}
}

static int devres_release_todo(struct device *dev, struct list_head *todo)
{
	struct devres_node *node, *next;
	int count = 0;

	list_for_each_entry_safe_reverse(node, next, todo, entry) {
		struct devres *dr = container_of(node, struct devres, node);

		if (node->kind != DEVRES_RESOURCE) {
			kfree(to_group(node));
			continue;
		}
		dr->release(dev, dr->data);
		kfree(dr);
		count++;
	}
	return count;
}

int devres_release_all(struct device *dev)
{
	LIST_HEAD(todo);

	if (WARN(!dev->devres_head.next, "devres: device was not initialized\n"))
		return -ENODEV;
	if (list_empty(&dev->devres_head))
		return 0;
	scoped_guard(spinlock_irqsave, &dev->devres_lock)
		devres_take_range_locked(dev->devres_head.next, &dev->devres_head, &todo);
	return devres_release_todo(dev, &todo);
}

void *devres_open_group(struct device *dev, void *id, gfp_t gfp)
{
	struct devres_group *group = kzalloc(sizeof(*group), gfp);

	if (!group)
		return NULL;
	group->open.kind = DEVRES_GROUP_OPEN;
	group->close.kind = DEVRES_GROUP_CLOSE;
	INIT_LIST_HEAD(&group->close.entry);
	group->id = id ? id : group;
	guard(spinlock_irqsave)(&dev->devres_lock);
	list_add_tail(&group->open.entry, &dev->devres_head);
	/* SAFETY: the caller's own, or the group; it names the group and is not followed. */
	return (void *)(unsigned long)group->id;
}

/* The youngest of that id; NULL: the youngest that is not closed. */
static struct devres_group *devres_find_group_locked(struct device *dev, const void *id)
{
	struct devres_node *node;

	list_for_each_entry_reverse(node, &dev->devres_head, entry) {
		struct devres_group *group;

		if (node->kind != DEVRES_GROUP_OPEN)
			continue;
		group = to_group(node);
		if (id ? group->id == id : !is_closed(group))
			return group;
	}
	return NULL;
}

void devres_close_group(struct device *dev, void *id)
{
	struct devres_group *group;
	bool closed = false;

	scoped_guard(spinlock_irqsave, &dev->devres_lock) {
		group = devres_find_group_locked(dev, id);
		if (group && !is_closed(group)) {
			list_add_tail(&group->close.entry, &dev->devres_head);
			closed = true;
		}
	}
	WARN(!closed, "devres: no such open group\n");
}

void devres_remove_group(struct device *dev, void *id)
{
	struct devres_group *group;

	scoped_guard(spinlock_irqsave, &dev->devres_lock) {
		group = devres_find_group_locked(dev, id);
		if (group) {
			list_del(&group->open.entry);
			list_del(&group->close.entry);
		}
	}
	WARN(!group, "devres: no such group\n");
	kfree(group);
}

int devres_release_group(struct device *dev, void *id)
{
	struct devres_group *group;
	LIST_HEAD(todo);

	scoped_guard(spinlock_irqsave, &dev->devres_lock) {
		group = devres_find_group_locked(dev, id);
		if (group)
			devres_take_range_locked(&group->open.entry,
						 is_closed(group) ? group->close.entry.next
								  : &dev->devres_head,
						 &todo);
	}
	WARN(!group, "devres: no such group\n");
	return devres_release_todo(dev, &todo);
}

/* ---- memory ---- */

/* The memory is the resource: nothing to do but to free it. */
static void devm_kmalloc_release(struct device *dev, void *res)
{
	(void)dev;
	(void)res;
}

static int match_address(struct device *dev, void *res, void *match_data)
{
	(void)dev;
	return res == match_data;
}

void *devm_kmalloc(struct device *dev, size_t size, gfp_t gfp)
{
	void *p = devres_alloc(devm_kmalloc_release, size, gfp);

	if (p)
		devres_add(dev, p);
	return p;
}

void devm_kfree(struct device *dev, const void *p)
{
	/* SAFETY: it is compared, no more. */
	if (p)
		WARN(devres_destroy(dev, devm_kmalloc_release, match_address,
				    (void *)(unsigned long)p),
		     "devm_kfree: %s has no such memory\n", dev_name(dev));
}

void *devm_kmemdup(struct device *dev, const void *src, size_t len, gfp_t gfp)
{
	void *p = devm_kmalloc(dev, len, gfp);

	return p ? memcpy(p, src, len) : NULL;
}

char *devm_kstrdup(struct device *dev, const char *s, gfp_t gfp)
{
	return s ? devm_kmemdup(dev, s, strlen(s) + 1, gfp) : NULL;
}

char *devm_kvasprintf(struct device *dev, gfp_t gfp, const char *fmt, va_list args)
{
	va_list again;
	size_t size;
	char *p;

	va_copy(again, args);
	size = (size_t)vsnprintf(NULL, 0, fmt, again) + 1;
	va_end(again);
	p = devm_kmalloc(dev, size, gfp);
	if (p)
		vsnprintf(p, size, fmt, args);
	return p;
}

char *devm_kasprintf(struct device *dev, gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *p;

	va_start(args, fmt);
	p = devm_kvasprintf(dev, gfp, fmt, args);
	va_end(args);
	return p;
}

/* ---- actions ---- */

struct action_devres {
	void (*action)(void *data);
	void *data;
};

static void devm_action_release(struct device *dev, void *res)
{
	struct action_devres *action = res;

	(void)dev;
	action->action(action->data);
}

static int match_action(struct device *dev, void *res, void *match_data)
{
	struct action_devres *action = res, *wanted = match_data;

	(void)dev;
	return action->action == wanted->action && action->data == wanted->data;
}

int devm_add_action(struct device *dev, void (*action)(void *data), void *data)
{
	struct action_devres *dr = devres_alloc(devm_action_release, sizeof(*dr), GFP_KERNEL);

	if (!dr)
		return -ENOMEM;
	dr->action = action;
	dr->data = data;
	devres_add(dev, dr);
	return 0;
}

void devm_remove_action(struct device *dev, void (*action)(void *data), void *data)
{
	struct action_devres wanted = { .action = action, .data = data };

	WARN(devres_destroy(dev, devm_action_release, match_action, &wanted),
	     "devm_remove_action: %s has no such action\n", dev_name(dev));
}

void devm_release_action(struct device *dev, void (*action)(void *data), void *data)
{
	struct action_devres wanted = { .action = action, .data = data };

	WARN(devres_release(dev, devm_action_release, match_action, &wanted),
	     "devm_release_action: %s has no such action\n", dev_name(dev));
}

/* ---- ranges and registers ---- */

struct region_devres {
	struct resource *parent;
	resource_size_t start, n;
};

static void devm_region_release(struct device *dev, void *res)
{
	struct region_devres *region = res;

	(void)dev;
	__release_region(region->parent, region->start, region->n);
}

static int match_region(struct device *dev, void *res, void *match_data)
{
	struct region_devres *region = res, *wanted = match_data;

	(void)dev;
	return region->parent == wanted->parent && region->start == wanted->start &&
	       region->n == wanted->n;
}

struct resource *__devm_request_region(struct device *dev, struct resource *parent,
				       resource_size_t start, resource_size_t n,
				       const char *name)
{
	struct region_devres *dr = devres_alloc(devm_region_release, sizeof(*dr), GFP_KERNEL);
	struct resource *res;

	if (!dr)
		return NULL;
	res = __request_region(parent, start, n, name, 0);
	if (!res) {
		devres_free(dr);
		return NULL;
	}
	*dr = (struct region_devres){ .parent = parent, .start = start, .n = n };
	devres_add(dev, dr);
	return res;
}

void __devm_release_region(struct device *dev, struct resource *parent, resource_size_t start,
			   resource_size_t n)
{
	struct region_devres wanted = { .parent = parent, .start = start, .n = n };

	WARN(devres_release(dev, devm_region_release, match_region, &wanted),
	     "devm_release_region: %s has no such region\n", dev_name(dev));
}

static void devm_resource_release(struct device *dev, void *res)
{
	(void)dev;
	release_resource(*(struct resource **)res);
}

int devm_request_resource(struct device *dev, struct resource *root, struct resource *res)
{
	struct resource **dr = devres_alloc(devm_resource_release, sizeof(*dr), GFP_KERNEL);
	int ret;

	if (!dr)
		return -ENOMEM;
	ret = request_resource(root, res);
	if (ret) {
		dev_err(dev, "%pR is in use\n", res);
		devres_free(dr);
		return ret;
	}
	*dr = res;
	devres_add(dev, dr);
	return 0;
}

static void devm_ioremap_release(struct device *dev, void *res)
{
	(void)dev;
	/* SAFETY: devm_ioremap() stored it, as this type. */
	iounmap(*(void __iomem **)res);
}

static int match_mapping(struct device *dev, void *res, void *match_data)
{
	(void)dev;
	/* SAFETY: as above; the two are compared, no more. */
	return *(void __iomem **)res == (void __iomem *)match_data;
}

void __iomem *devm_ioremap(struct device *dev, resource_size_t offset, resource_size_t size)
{
	void __iomem **dr;
	void __iomem *addr;

	if (size > SIZE_MAX)
		return NULL;
	dr = devres_alloc(devm_ioremap_release, sizeof(*dr), GFP_KERNEL);
	if (!dr)
		return NULL;
	addr = ioremap(offset, (size_t)size);
	if (!addr) {
		devres_free(dr);
		return NULL;
	}
	*dr = addr;
	devres_add(dev, dr);
	return addr;
}

void devm_iounmap(struct device *dev, void __iomem *addr)
{
	WARN(devres_release(dev, devm_ioremap_release, match_mapping, (void *)addr),
	     "devm_iounmap: %s has no such mapping\n", dev_name(dev));
}

void __iomem *devm_ioremap_resource(struct device *dev, const struct resource *res)
{
	resource_size_t size;
	void __iomem *addr;

	if (!res || resource_type(res) != IORESOURCE_MEM || res->end < res->start)
		return IOMEM_ERR_PTR(dev_err_probe(dev, -EINVAL, "no registers\n"));
	size = resource_size(res);
	if (!devm_request_mem_region(dev, res->start, size, dev_name(dev)))
		return IOMEM_ERR_PTR(dev_err_probe(dev, -EBUSY, "registers %pR are in use\n", res));
	addr = devm_ioremap(dev, res->start, size);
	if (!addr) {
		devm_release_mem_region(dev, res->start, size);
		return IOMEM_ERR_PTR(dev_err_probe(dev, -ENOMEM, "%pR cannot be mapped\n", res));
	}
	return addr;
}

void __iomem *devm_ioremap_registers(struct device *dev, const struct resource *res, size_t bytes)
{
	/* What is no memory range at all is refused below. */
	if (res && !IS_ALIGNED(res->start, REGISTERS_ALIGN))
		return IOMEM_ERR_PTR(dev_err_probe(dev, -EDOM, "%pR begins at no multiple of %d\n",
						   res, REGISTERS_ALIGN));
	if (res && resource_size(res) < bytes)
		return IOMEM_ERR_PTR(dev_err_probe(dev, -EINVAL, "%pR is less than 0x%zx bytes\n",
						   res, bytes));
	return devm_ioremap_resource(dev, res);
}
