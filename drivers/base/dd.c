/* SPDX-License-Identifier: MIT */
/*
 * Binding: which driver has which device, and what becomes of those that cannot
 * be bound yet.
 *
 * A probe that says -EPROBE_DEFER puts its device on the pending list. Each
 * probe that succeeds may have brought what the pending ones wait for: it moves
 * them all to the active list, which a work item tries one after another (not
 * the prober itself, which holds a device's lock). Nothing is tried again before
 * the late initcalls, when the drivers that are there have been tried once.
 *
 * Locking: the device's mutex is held over match-and-probe and over remove.
 * deferred_lock, taken inside it, guards the two lists and what is kept of
 * failures.
 */
#include <drivers/device.h>

#include <drivers/of.h>
#include <drivers/of_device.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/slab.h>
#include <kernel/workqueue.h>
#include <lib/atomic.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#include "base_priv.h"
#include "dma_priv.h"

/* A reason in the report; what is longer is cut. */
#define REASON_BYTES	160
/* Longer circles are not looked for. */
#define CIRCLE_MAX	8

static DEFINE_MUTEX(deferred_lock);
static LIST_HEAD(deferred_pending);	/* [deferred_lock] */
static LIST_HEAD(deferred_active);	/* [deferred_lock] */
/* How many probes have succeeded: tells whether one did while another was failing. */
static atomic_t bound_count = ATOMIC_INIT(0);

/* Of its own: a probe may take long, and may wait for an item of system_wq. */
/* [deferred_lock] NULL: no second tries yet */
static struct workqueue_struct *deferred_wq __guarded_by(&deferred_lock);
static void deferred_probe_work_fn(struct work_struct *work);
static void device_unbind(struct device *dev, const struct device_driver *drv, bool again);
static DECLARE_WORK(deferred_probe_work, deferred_probe_work_fn);

/* ---- what is kept of failures ---- */

void device_set_probe_failure(struct device *dev, int err, char *reason)
{
	char *old;

	scoped_guard(mutex, &deferred_lock) {
		old = dev->probe_reason;
		dev->probe_reason = reason;
		dev->probe_error = err;
		if (!err)
			dev->waits_for = NULL;
	}
	kfree(old);
}

static void device_set_probe_error(struct device *dev, int err)
{
	guard(mutex)(&deferred_lock);
	dev->probe_error = err;
}

int device_waits_for_node(struct device *consumer, struct device_node *np)
{
	guard(mutex)(&deferred_lock);
	consumer->waits_for = np;
	return -EPROBE_DEFER;
}

/* ---- deferral ---- */

static void deferred_probe_trigger(void)
{
	guard(mutex)(&deferred_lock);
	if (!deferred_wq || list_empty(&deferred_pending))
		return;
	list_splice_tail_init(&deferred_pending, &deferred_active);
	queue_work(deferred_wq, &deferred_probe_work);
}

/* `seen`: bound_count before the attempt; another success since then counts as one after it. */
static void deferred_probe_add(struct device *dev, int seen)
{
	scoped_guard(mutex, &deferred_lock) {
		if (list_empty(&dev->deferred))
			list_add_tail(&dev->deferred, &deferred_pending);
	}
	if (atomic_read(&bound_count) != seen)
		deferred_probe_trigger();
}

static void deferred_probe_del(struct device *dev)
{
	guard(mutex)(&deferred_lock);
	if (!list_empty(&dev->deferred))
		list_del_init(&dev->deferred);
}

static struct device *deferred_probe_take(void)
{
	struct device *dev;

	guard(mutex)(&deferred_lock);
	dev = list_first_entry_or_null(&deferred_active, struct device, deferred);
	if (dev) {
		list_del_init(&dev->deferred);
		get_device(dev);
	}
	return dev;
}

/* Of what a supplier whose probe failed had given it, nothing is any good. */
static void orphan_consumer(struct device *dev)
{
	WRITE_ONCE(dev->orphaned, true);
	deferred_probe_add(dev, atomic_read(&bound_count));
	deferred_probe_trigger();
}

static void deferred_probe_work_fn(struct work_struct *work)
{
	struct device *dev;

	(void)work;
	while ((dev = deferred_probe_take()) != NULL) {
		if (READ_ONCE(dev->orphaned))
			device_unbind(dev, NULL, true);
		(void)device_attach(dev);
		put_device(dev);
	}
}

void wait_for_device_probe(void)
{
	do {
		flush_work(&deferred_probe_work);
	} while (work_pending(&deferred_probe_work));
}

/* ---- binding and unbinding; all with the device's lock ---- */

static void device_unbind_cleanup(struct device *dev)
{
	devres_release_all(dev);
	if (IS_ENABLED(CONFIG_HAS_DMA)) {
		debug_dma_unbound(dev);
		dma_deconfigure(dev);
	}
	dev->driver_data = NULL;
	WRITE_ONCE(dev->driver, NULL);
}

static int call_driver_probe(struct device *dev, struct device_driver *drv)
{
	int ret = 0;

	if (IS_ENABLED(CONFIG_HAS_DMA) && dev->bus->dma_configure)
		ret = dev->bus->dma_configure(dev);
	if (ret)
		return ret;
	if (dev->bus->probe)
		ret = dev->bus->probe(dev);
	else if (drv->probe)
		ret = drv->probe(dev);
	if (ret > 0) {
		dev_warn(dev, "probe returned %d: neither 0 nor an error\n", ret);
		ret = -EINVAL;
	}
	return ret;
}

static void probe_failed(struct device *dev, struct device_driver *drv, int err, int seen)
{
	device_set_probe_error(dev, err);
	switch (err) {
	case -EPROBE_DEFER:
		deferred_probe_add(dev, seen);
		break;
	case -ENODEV:
	case -ENXIO:
		/* The driver looked, and it is not its device: no fault of anybody. */
		break;
	default:
		/* A reason has been logged by whoever gave it. */
		if (!dev->probe_reason)
			dev_err(dev, "probe by %s failed: %pe\n", drv->name, ERR_PTR(err));
		break;
	}
}

static int really_probe(struct device *dev, struct device_driver *drv)
{
	int seen = atomic_read(&bound_count);
	int ret;

	if (!list_empty(&dev->devres_head)) {
		dev_err(dev, "has managed resources before its probe by %s\n", drv->name);
		return -EBUSY;
	}
	device_set_probe_failure(dev, 0, NULL);
	deferred_probe_del(dev);
	WRITE_ONCE(dev->driver, drv);
	ret = call_driver_probe(dev, drv);
	if (ret) {
		device_links_orphan_consumers(dev, orphan_consumer);
		device_unbind_cleanup(dev);
		probe_failed(dev, drv, ret, seen);
		return ret;
	}
	WRITE_ONCE(dev->bound, true);
	device_set_probe_failure(dev, 0, NULL);
	dev_dbg(dev, "bound\n");
	atomic_inc(&bound_count);
	deferred_probe_trigger();
	return 0;
}

/*
 * Goes on from what match said. 1: bound; 0: no match, or the probe failed in a way
 * that leaves the device to other drivers; -EPROBE_DEFER: it is on the pending list.
 */
static int device_try_matched(struct device *dev, struct device_driver *drv, int match, int seen)
{
	int ret = match;

	if (match == -EPROBE_DEFER)
		deferred_probe_add(dev, seen);
	else if (match > 0)
		ret = really_probe(dev, drv) ? : 1;
	return ret == 1 || ret == -EPROBE_DEFER ? ret : 0;
}

static int device_attach_driver(struct device_driver *drv, void *data)
{
	int seen = atomic_read(&bound_count);

	return device_try_matched(data, drv, driver_match_device(drv, data), seen);
}

int device_attach_locked(struct device *dev)
{
	if (!dev->registered || !dev->bus)
		return -ENODEV;
	if (dev->driver)
		return 1;
	return bus_for_each_drv(dev->bus, NULL, dev, device_attach_driver);
}

int device_attach(struct device *dev)
{
	guard(device)(dev);
	return device_attach_locked(dev);
}

/*
 * Matches without the lock: a device that is none of the driver's may be busy for long. Unless
 * match asks the device, which then must be there.
 */
static int driver_attach_device(struct device *dev, void *data)
{
	bool ask = dev->bus->match_asks_device;
	int seen = atomic_read(&bound_count);
	int match = ask ? 0 : driver_match_device(data, dev);

	if (ask ? device_is_bound(dev) : match == 0)
		return 0;
	guard(device)(dev);
	if (!dev->registered || dev->driver)
		return 0;
	if (ask)
		(void)device_attach_driver(data, dev);
	else
		(void)device_try_matched(dev, data, match, seen);
	return 0;
}

int driver_attach(struct device_driver *drv)
{
	return bus_for_each_dev(drv->bus, NULL, drv, driver_attach_device);
}

static int device_driver_attach_locked(struct device_driver *drv, struct device *dev)
	__must_hold(&dev->mutex)
{
	int ret;

	if (!dev->registered || dev->bus != drv->bus)
		return -ENODEV;
	if (dev->driver)
		return -EBUSY;
	ret = driver_match_device(drv, dev);
	if (ret == 0)
		return -ENODEV;
	return ret > 0 ? really_probe(dev, drv) : ret;
}

int device_driver_attach(struct device_driver *drv, struct device *dev)
{
	int ret;

	/* driver_unregister() waits for this, and then unbinds. */
	if (!klist_node_get(&drv->knode_bus))
		return -ENODEV;
	scoped_guard(device, dev)
		ret = device_driver_attach_locked(drv, dev);
	klist_node_put(&drv->knode_bus);
	return ret == -EPROBE_DEFER ? -EAGAIN : ret;
}

static void device_release_driver_locked(struct device *dev)
	__must_hold(&dev->mutex)
{
	struct device_driver *drv = dev->driver;
	int ret;

	/* What failed before is of no interest any more: nobody drives it because nobody shall. */
	device_set_probe_failure(dev, 0, NULL);
	if (!dev->bound)
		return;
	if (dev->bus->remove) {
		dev->bus->remove(dev);
	} else if (drv->remove) {
		ret = drv->remove(dev);
		if (ret)
			dev_warn(dev, "remove returned %pe, which changes nothing\n", ERR_PTR(ret));
	}
	WRITE_ONCE(dev->bound, false);
	WRITE_ONCE(dev->orphaned, false);
	device_unbind_cleanup(dev);
}

/* A device that lost its supplier is tried again, as one that has found none yet. */
static void defer_for_supplier(struct device *dev)
	__must_hold(&dev->mutex)
{
	if (!dev->registered)
		return;
	device_set_probe_failure(dev, -EPROBE_DEFER,
				 kasprintf(GFP_KERNEL | __GFP_NOWARN, "its supplier is unbound"));
	deferred_probe_add(dev, atomic_read(&bound_count));
}

/* Without the lock: theirs are taken, one after another, from the last of each chain. */
static void unbind_consumers(struct device *dev)
{
	struct device *consumer;

	while ((consumer = device_links_last_consumer(dev)) != NULL) {
		device_unbind(consumer, NULL, true);
		put_device(consumer);
	}
}

/* False: it has got a consumer meanwhile. */
static bool device_try_unbind(struct device *dev, const struct device_driver *drv, bool again)
{
	bool was_bound;

	guard(device)(dev);
	if (drv && dev->driver != drv)
		return true;
	if (!device_links_begin_unbind(dev))
		return false;
	/* Who asks for a device without a driver does not want it tried again by itself either. */
	if (!again)
		deferred_probe_del(dev);
	was_bound = dev->bound;
	device_release_driver_locked(dev);
	device_links_end_unbind(dev);
	if (again && was_bound)
		defer_for_supplier(dev);
	return true;
}

/* From `drv`, or from any for NULL. `again`: it is tried again, like one that was deferred. */
static void device_unbind(struct device *dev, const struct device_driver *drv, bool again)
{
	do {
		unbind_consumers(dev);
	} while (!device_try_unbind(dev, drv, again));
}

void device_release_driver(struct device *dev)
{
	device_unbind(dev, NULL, false);
}

void driver_detach(struct device_driver *drv)
{
	struct klist_iter iter;
	struct klist_node *node;

	klist_iter_init(&drv->bus->devices, &iter);
	while ((node = klist_prev(&iter))) {
		struct device *dev = container_of(node, struct device, knode_bus);

		if (READ_ONCE(dev->driver) == drv)
			device_unbind(dev, drv, false);
	}
	klist_iter_exit(&iter);
}

/* ---- the report ---- */

struct report {
	device_report_fn *emit;
	void *arg;
	bool merge;			/* nodes of one kind that follow each other are counted */
	const char *kind;		/* compatible of the last node without a driver, or NULL */
	unsigned int more;		/* of that kind, not emitted */
};

/* NULL for a device that is not from the tree. */
static const char *device_compatible(const struct device *dev)
{
	if (!dev->of_node)
		return NULL;
	return fdt_property_string(dev->of_node->compatible) ? : "(none)";
}

static void __printf(3, 4) report_line(struct report *report, bool failed, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report->emit(report->arg, failed, &(struct va_format){ .fmt = fmt, .va = &args });
	va_end(args);
}

static void report_merged(struct report *report)
{
	if (report->more)
		report_line(report, false, "%u more nodes: compatible %s: no driver",
			    report->more, report->kind);
	report->more = 0;
}

static void report_unbound_device(struct report *report, const struct device *dev,
				  const char *kind, bool failed, const char *why)
{
	if (kind)
		report_line(report, failed, "node %pOF: compatible %s: %s", dev->of_node, kind,
			    why);
	else
		report_line(report, failed, "device %s: %s", dev_name(dev), why);
}

static void report_without_driver(struct report *report, const struct device *dev,
				  const char *kind)
{
	if (!kind)
		return;
	if (report->merge && report->kind && strcmp(kind, report->kind) == 0) {
		report->more++;
		return;
	}
	report_merged(report);
	report->kind = kind;
	report_unbound_device(report, dev, kind, false, "no driver");
}

/* Who provides what this one waits for, or NULL. It stays: device_del() takes the lock. */
static const struct device *waited_for_locked(const struct device *dev)
	__must_hold(&deferred_lock)
{
	struct device *next = device_of_provider(dev->waits_for);

	put_device(next);
	return next && next->probe_error == -EPROBE_DEFER ? next : NULL;
}

/* Its reason, and if it waits for itself by way of others: for whom each of them does. */
static void tell_deferred_locked(const struct device *dev, char *why, size_t size)
	__must_hold(&deferred_lock)
{
	size_t len = scnprintf(why, size, "deferred: %s", dev->probe_reason ? : "no reason given");
	const struct device *next = dev;
	unsigned int chain = 0;

	do {
		next = waited_for_locked(next);
	} while (next && next != dev && chain++ < CIRCLE_MAX);
	if (next != dev)
		return;
	len += scnprintf(why + len, size - len, "; a circle: %s", dev_name(dev));
	do {
		next = waited_for_locked(next);
		if (next)
			len += scnprintf(why + len, size - len, " waits for %s", dev_name(next));
	} while (next && next != dev);
}

static void report_failed(struct report *report, const struct device *dev, const char *kind)
{
	char why[REASON_BYTES];

	scoped_guard(mutex, &deferred_lock) {
		const char *reason = dev->probe_reason;

		if (dev->probe_error == -EPROBE_DEFER)
			tell_deferred_locked(dev, why, sizeof(why));
		else
			scnprintf(why, sizeof(why), "probe failed: %s%s%pe", reason ? : "",
				  reason ? ": " : "", ERR_PTR(dev->probe_error));
	}
	report_unbound_device(report, dev, kind, true, why);
}

static int report_device(struct device *dev, void *report)
{
	const char *kind = device_compatible(dev);

	if (device_is_bound(dev) || dev->driverless || !dev->bus)
		return 0;
	if (READ_ONCE(dev->probe_error))
		report_failed(report, dev, kind);
	else
		report_without_driver(report, dev, kind);
	return 0;
}

static void report_unbound(struct report *report)
{
	devices_for_each(report, report_device);
	report_merged(report);
}

void device_report_unbound(device_report_fn *emit, void *arg)
{
	struct report report = { .emit = emit, .arg = arg };

	report_unbound(&report);
}

/* What nobody drives is for those who look into the log; what failed is for all. */
static void log_unbound(void *arg, bool failed, struct va_format *line)
{
	(void)arg;
	printk("%s%pV\n", failed ? KERN_WARNING : KERN_DEBUG, line);
}

/* The end of boot, as far as devices go: one more try for all that wait, then the report. */
static int __init deferred_probe_init(void)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("deferred_probe", 0);
	struct report report = { .emit = log_unbound, .merge = true };

	if (!wq)
		return -ENOMEM;
	scoped_guard(mutex, &deferred_lock)
		deferred_wq = wq;
	deferred_probe_trigger();
	wait_for_device_probe();
	report_unbound(&report);
	return 0;
}
late_initcall(deferred_probe_init);
