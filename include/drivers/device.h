/* SPDX-License-Identifier: MIT */
/*
 * Devices, the drivers bound to them, and the buses that bring the two together.
 *
 * A device's life:
 *
 *   device_initialize  it is counted; from here put_device() is the way to be rid of it
 *   device_add         it is on its bus; every driver of the bus that matches is tried,
 *                      until one's probe succeeds: then the device is bound
 *     bound <-> unbound, as often as drivers come and go or somebody asks
 *   device_del         unbound for good, off its bus; whoever holds a reference still may
 *                      look at it
 *   release()          after the last put_device(): its memory goes
 *
 * What a driver took for a device with a devm_ function is given back, last in
 * first out, when probe fails and after remove: a probe needs no way out, and
 * most drivers need no remove.
 *
 * A probe that lacks something another driver will provide (an irq, a clock, a
 * GPIO) returns -EPROBE_DEFER and is tried again after each later probe that
 * succeeds. What stays unbound at the end of boot is listed in the log.
 *
 * A device from the tree is its node's (np->dev) while it is registered.
 *
 * Locking: a device's mutex is held over probe and remove of its driver; parents'
 * are not. Lists of devices and drivers are klists: callbacks of the walking
 * functions may sleep, add and remove.
 */
#ifndef DRIVERS_DEVICE_H
#define DRIVERS_DEVICE_H

#include <drivers/klist.h>
#include <drivers/pm.h>
#include <kernel/debugobjects.h>
#include <kernel/gfp.h>
#include <kernel/ioport.h>
#include <kernel/mutex.h>
#include <kernel/printk.h>
#include <kernel/ratelimit.h>
#include <kernel/spinlock.h>
#include <lib/bits.h>
#include <lib/cleanup.h>
#include <lib/compiler.h>
#include <lib/err.h>
#include <lib/hlist.h>
#include <lib/list.h>
#include <lib/refcount.h>
#include <lib/types.h>
#include <stdarg.h>

struct bus_type;
struct device;
struct device_driver;
struct device_node;
struct module;
struct of_device_id;
struct va_format;

/* ---- the three objects ---- */

/*
 *   registered: between device_add and device_del; on `bus` iff it has one.
 *   bound: the driver's probe succeeded; while it runs driver is set and bound is not.
 *   deferred is on a list iff the last try said -EPROBE_DEFER.
 */
struct device {
	struct device *parent;		/* [I] after device_add; counted */
	struct device_node *of_node;	/* [I] whoever sets it gets it, and puts it in release */
	struct bus_type *bus;		/* [I] after device_add */
	const char *init_name;		/* [o] a name for device_add to take, if no other is set */
	void *platform_data;		/* [I] after device_add */
	u32 id;				/* [I] */
	void (*release)(struct device *dev);	/* [I] frees the object that holds this one */

	struct mutex mutex;		/* device_lock(): probe, remove, and this paragraph */
	struct device_driver *driver;	/* [mutex] the one that is bound or tried; READ_ONCE else */
	void *driver_data;		/* [mutex] the driver's, by dev_set_drvdata */
	bool registered;		/* [mutex] READ_ONCE else, as bound */
	bool bound;			/* [mutex] */

#ifdef CONFIG_HAS_DMA
	u64 *dma_mask;			/* [mutex] NULL: it does no DMA */
	u64 coherent_dma_mask;		/* [mutex] */
	u64 bus_dma_limit;		/* [mutex] of the buses above it; 0: none */
	const struct bus_dma_region *dma_range_map;	/* [mutex] NULL: one to one */
	bool dma_coherent;		/* [mutex] it looks into the processors' caches */
#endif

	spinlock_t devres_lock;
	struct list_head devres_head;	/* [devres_lock] what to undo, oldest first */

	/* Of drivers/base alone. */
	refcount_t refs;		/* [a] */
	char *name;			/* [I] after device_add */
	struct klist_node knode_all;	/* in the list of all devices, parents first */
	struct klist_node knode_bus;
	struct hlist_node knode_name;	/* [names_lock of bus.c] */
	struct list_head consumers;	/* [links_lock of link.c] links of those that need it */
	bool unbinding;			/* [links_lock] it takes no more of them */
	bool orphaned;			/* [a] a supplier of it is gone: to be unbound */
	struct device_node *waits_for;	/* [deferred_lock] the node of a missing supplier */
	struct list_head deferred;	/* [deferred_lock of dd.c] */
	char *probe_reason;		/* [deferred_lock] of the last failure, may be NULL */
	int probe_error;		/* [deferred_lock] of the last failed try, or 0 */
	bool name_inside;		/* [I] after device_add; it is freed with the device */
	bool parent_held;		/* [o] */
	bool driverless;		/* [I] after device_add: does its work without a driver */
	bool of_populated;		/* [I] made from a node of the tree */
	struct debug_obj debug;		/* [o] live: registered */
};

/* A stretch of a bus's addresses, and where it is in memory. The last of a map has no size. */
struct bus_dma_region {
	phys_addr_t cpu_start;
	dma_addr_t dma_start;
	u64 size;
};

struct device_driver {
	const char *name;
	struct bus_type *bus;
	struct module *owner;
	bool suppress_bind_attrs;	/* bound once and for all: not to be unbound by hand */
	const struct of_device_id *of_match_table;
	int (*probe)(struct device *dev);	/* if the bus has none */
	int (*remove)(struct device *dev);	/* the result is logged and means nothing */
	void (*shutdown)(struct device *dev);
	const struct dev_pm_ops *pm;

	/* Of drivers/base alone. */
	struct klist_node knode_bus;
	struct debug_obj debug;		/* [o] live: registered */
};

struct bus_type {
	const char *name;
	/*
	 * Whether the driver can drive the device: > 0 or 0. Negative: not known, and
	 * with -EPROBE_DEFER worth another try later. Called without the device's lock
	 * and with it; may sleep.
	 */
	int (*match)(struct device *dev, struct device_driver *drv);
	/* match asks the device itself: only with its lock, and while it is registered. */
	bool match_asks_device;
	int (*probe)(struct device *dev);	/* instead of the driver's; called with the lock */
	void (*remove)(struct device *dev);
	void (*shutdown)(struct device *dev);
	/* Before probe, which fails with its error: how the device reaches memory. */
	int (*dma_configure)(struct device *dev);
	const struct dev_pm_ops *pm;

	/* Of drivers/base alone. */
	struct klist devices;
	struct klist drivers;
	bool registered;
};

/* ---- buses ---- */

/* Task. 0, or -EBUSY if it is registered already. */
int __must_check bus_register(struct bus_type *bus);
/* Task. The bus is empty by now. */
void bus_unregister(struct bus_type *bus);

/*
 * Walks: fn is called for each until it returns non-zero, which is then the
 * result (else 0), beginning behind `start` if that is not NULL. Task; fn may
 * sleep. The find functions return a counted device (put_device()) or NULL.
 */
int bus_for_each_dev(struct bus_type *bus, struct device *start, void *data,
		     int (*fn)(struct device *dev, void *data));
int bus_for_each_drv(struct bus_type *bus, struct device_driver *start, void *data,
		     int (*fn)(struct device_driver *drv, void *data));
int driver_for_each_device(struct device_driver *drv, struct device *start, void *data,
			   int (*fn)(struct device *dev, void *data));
int device_for_each_child(struct device *dev, void *data,
			  int (*fn)(struct device *dev, void *data));
/* The same, youngest first: for taking children away. */
int device_for_each_child_reverse(struct device *dev, void *data,
				  int (*fn)(struct device *dev, void *data));
/* All registered devices, parents before children. Task. */
int devices_for_each(void *data, int (*fn)(struct device *dev, void *data));
/* The first for which match() is not 0, of that name, of that node; counted, or NULL. Task. */
struct device *bus_find_device(struct bus_type *bus, struct device *start, const void *data,
			       int (*match)(struct device *dev, const void *data));
struct device *bus_find_device_by_name(struct bus_type *bus, struct device *start,
				       const char *name);
struct device *bus_find_device_by_of_node(struct bus_type *bus, const struct device_node *np);
/* On any bus or none; counted, or NULL. Task. */
struct device *device_find_by_name(const char *name);
/* The device on a bus whose node that is; counted, or NULL, also for NULL. Task. */
struct device *device_find_by_of_node(const struct device_node *np);
/* The driver of that name, not counted, or NULL. Task. */
struct device_driver *driver_find(const char *name, struct bus_type *bus);
/* The same, counted: driver_unregister() waits for driver_put(), which allows NULL. Task. */
struct device_driver *driver_find_get(const char *name, struct bus_type *bus);
void driver_put(struct device_driver *drv);

/* ---- devices ---- */

/* Zeroed memory becomes a device with one reference, the caller's. Any context. */
void device_initialize(struct device *dev);

/*
 * Puts the device on its bus (if it has one) and tries the drivers there. A
 * failing or missing driver is no error of this function. Task; may sleep.
 * 0; -EINVAL: no name; -EEXIST: the bus has a device of this name; -ENOMEM.
 * After an error the caller still owes a put_device().
 */
int __must_check device_add(struct device *dev);

/* Unbinds the device and takes it off its bus. Task; may sleep. */
void device_del(struct device *dev);

/* device_initialize() and device_add(), whose errors it returns. Task; may sleep. */
int __must_check device_register(struct device *dev);
/* device_del() and put_device(). Task; may sleep. */
void device_unregister(struct device *dev);

/* Any context. Both allow NULL. Returns dev. */
struct device *get_device(struct device *dev);
/* Task: the last one calls release(), which may sleep. */
void put_device(struct device *dev);

DEFINE_FREE(put_device, struct device *, if (!IS_ERR_OR_NULL(_T)) put_device(_T))

/* Before device_add. 0 or -ENOMEM. Task. */
int __must_check dev_set_name(struct device *dev, const char *fmt, ...) __printf(2, 3);
int __must_check dev_set_name_va(struct device *dev, const char *fmt, va_list args) __printf(2, 0);

/* The device's own; it lives as long. Any context. */
static inline const char *dev_name(const struct device *dev)
{
	return dev->name ? dev->name : dev->init_name ? dev->init_name : "(unnamed)";
}

/* The driver's name; unbound, the bus's; else "". Any context. */
const char *dev_driver_string(const struct device *dev);

/* A device that is there for others to be its children. ERR_PTR on failure. Task. */
struct device *root_device_register(const char *name) __must_check;
void root_device_unregister(struct device *dev);

/* Members. Context: any, while the caller has a reference. */

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

static inline void *dev_get_platdata(const struct device *dev)
{
	return dev->platform_data;
}

static inline struct device_node *dev_of_node(const struct device *dev)
{
	return dev->of_node;
}

static inline bool device_is_registered(const struct device *dev)
{
	return READ_ONCE(dev->registered);
}

static inline bool device_is_bound(const struct device *dev)
{
	return READ_ONCE(dev->bound);
}

/* Task; may sleep. Held by the core over probe and remove. trylock: 1 if it took it, else 0. */

static inline void device_lock(struct device *dev)
	__acquires(&dev->mutex)
{
	mutex_lock(&dev->mutex);
}

static inline int __must_check device_trylock(struct device *dev)
	__cond_acquires(1, &dev->mutex)
{
	return mutex_trylock(&dev->mutex);
}

static inline void device_unlock(struct device *dev)
	__releases(&dev->mutex)
{
	mutex_unlock(&dev->mutex);
}

DEFINE_GUARD(device, struct device *, device_lock(_T), device_unlock(_T))
GUARD_HOLDS(device, ->mutex)

/* Calls shutdown of all drivers, children before parents. Task; on the way to power off. */
void device_shutdown(void);

/* ---- drivers ---- */

/*
 * Puts the driver on its bus and tries it on each unbound device there. Task;
 * may sleep. 0 also if no probe succeeded; -EINVAL: the bus is not registered
 * or the driver has no name; -EBUSY: the bus has a driver of this name.
 */
int __must_check driver_register(struct device_driver *drv);
/* Unbinds all its devices, one after another. Not from its own probe or remove. Task. */
void driver_unregister(struct device_driver *drv);

/*
 * Tries the drivers of the device's bus. 1: one is bound (it may have been
 * before); 0: none matched, or the one that did failed; -ENODEV: not registered;
 * -EPROBE_DEFER: will be tried again. Task; may sleep.
 */
int device_attach(struct device *dev);
/* Tries the driver on each unbound device of its bus. 0. Task; may sleep. */
int __must_check driver_attach(struct device_driver *drv);

/*
 * Binds this driver to this device, whatever other drivers would match. 0; -EBUSY:
 * bound already; -ENODEV: one of them is gone, or the two do not match; -EAGAIN: probe was
 * deferred; else probe's error. Task; may sleep.
 */
int __must_check device_driver_attach(struct device_driver *drv, struct device *dev);

/*
 * Unbinds its consumers, then it: the driver's remove, then what it took with devm_
 * functions. The device stays unbound until somebody asks or a driver is registered. Nothing if
 * it is not bound. Task; may sleep. Not from the driver's probe or remove.
 */
void device_release_driver(struct device *dev);

/* Waits until nothing is left that could be tried again now. Task; may sleep. */
void wait_for_device_probe(void);

/*
 * What is not bound, for people: calls emit for each device that comes from the
 * tree and has no driver, and for each other one whose probe failed:
 *   node /gpio-keys: compatible gpio-keys: no driver
 *   node /pl061@9030000: compatible arm,pl061: deferred: no irq domain yet
 *   device fake.0: probe failed: -ENODEV
 * `failed` is false for the first kind. The line, to be printed with %pV, has no line end. Task;
 * may sleep.
 */
typedef void device_report_fn(void *arg, bool failed, struct va_format *line);
void device_report_unbound(device_report_fn *emit, void *arg);

/* ---- suppliers ---- */

/*
 * A consumer needs its supplier for as long as it is bound: when the supplier is to be unbound,
 * its consumers are unbound first, and tried again once it is back. The class cores record a link
 * when a driver looks up a clock, a GPIO or an interrupt; a driver may add others. A link goes when
 * its consumer is unbound.
 */
struct device_link {
	struct device *supplier;	/* [I] counted */
	struct device *consumer;	/* [I] bound or in its probe; its managed resource */
	struct list_head s_node;	/* [links_lock] in supplier->consumers, or to itself */
};

#define DL_FLAG_AUTOREMOVE_CONSUMER	BIT(1)	/* the only kind */

/*
 * From the consumer's probe on. The link, the same for the same two; NULL: the supplier needs the
 * consumer itself, or is its child; it is about to be unbound; the consumer has no driver; other
 * flags; no memory. Task.
 */
struct device_link *device_link_add(struct device *consumer, struct device *supplier, u32 flags);
/* Ends it before the consumer is unbound. Task. */
void device_link_del(struct device_link *link);
void device_link_remove(void *consumer, struct device *supplier);

/*
 * For look-ups, before what `np` provides is taken for the consumer. 0: its device is recorded as
 * supplier, or there is nothing to record; -EPROBE_DEFER: the supplier is going; -ENOMEM. Task.
 */
int __must_check device_link_to_node(struct device *consumer, struct device_node *np);
/*
 * For look-ups that find that `np` provides nothing yet: kept for the report, should the probe be
 * deferred. Returns -EPROBE_DEFER. Task.
 */
int device_waits_for_node(struct device *consumer, struct device_node *np);

/* Calls fn for each consumer until it returns non-zero, which is then the result. Task. */
int device_for_each_consumer(struct device *supplier, void *data,
			     int (*fn)(struct device *consumer, void *data));

/* ---- messages: "driver device: text", with \n at the end of fmt ---- */

/* What the macros below call. Any context, as those; dev may be NULL. */

void _dev_printk(const char *level, const struct device *dev, const char *fmt, ...)
	__printf(3, 4);
void _dev_err(const struct device *dev, const char *fmt, ...) __printf(2, 3) __cold;
void _dev_warn(const struct device *dev, const char *fmt, ...) __printf(2, 3) __cold;
void _dev_info(const struct device *dev, const char *fmt, ...) __printf(2, 3) __cold;

#ifndef dev_fmt
#define dev_fmt(fmt)	fmt
#endif

#define dev_printk(level, dev, fmt, ...)	_dev_printk(level, dev, fmt, ##__VA_ARGS__)
#define dev_emerg(dev, fmt, ...)	_dev_printk(KERN_EMERG, dev, dev_fmt(fmt), ##__VA_ARGS__)
#define dev_alert(dev, fmt, ...)	_dev_printk(KERN_ALERT, dev, dev_fmt(fmt), ##__VA_ARGS__)
#define dev_crit(dev, fmt, ...)		_dev_printk(KERN_CRIT, dev, dev_fmt(fmt), ##__VA_ARGS__)
#define dev_err(dev, fmt, ...)		_dev_err(dev, dev_fmt(fmt), ##__VA_ARGS__)
#define dev_warn(dev, fmt, ...)		_dev_warn(dev, dev_fmt(fmt), ##__VA_ARGS__)
#define dev_notice(dev, fmt, ...)	_dev_printk(KERN_NOTICE, dev, dev_fmt(fmt), ##__VA_ARGS__)
#define dev_info(dev, fmt, ...)		_dev_info(dev, dev_fmt(fmt), ##__VA_ARGS__)

#define dev_no_printk(dev, fmt, ...) ({						\
	if (0)									\
		_dev_printk(KERN_DEBUG, dev, dev_fmt(fmt), ##__VA_ARGS__);	\
})

#ifdef DEBUG
#define dev_dbg(dev, fmt, ...)	_dev_printk(KERN_DEBUG, dev, dev_fmt(fmt), ##__VA_ARGS__)
#else
#define dev_dbg(dev, fmt, ...)	dev_no_printk(dev, fmt, ##__VA_ARGS__)
#endif

/* The first time that this line runs, whatever the device. */
#define dev_level_once(dev_level, dev, fmt, ...) do {	\
	static bool said__ __section(".bss.once");	\
	if (!said__) {					\
		said__ = true;				\
		dev_level(dev, fmt, ##__VA_ARGS__);	\
	}						\
} while (0)
#define dev_emerg_once(dev, fmt, ...) \
	dev_level_once(dev_emerg, dev, fmt, ##__VA_ARGS__)
#define dev_alert_once(dev, fmt, ...) \
	dev_level_once(dev_alert, dev, fmt, ##__VA_ARGS__)
#define dev_crit_once(dev, fmt, ...) \
	dev_level_once(dev_crit, dev, fmt, ##__VA_ARGS__)
#define dev_err_once(dev, fmt, ...) \
	dev_level_once(dev_err, dev, fmt, ##__VA_ARGS__)
#define dev_warn_once(dev, fmt, ...) \
	dev_level_once(dev_warn, dev, fmt, ##__VA_ARGS__)
#define dev_notice_once(dev, fmt, ...) \
	dev_level_once(dev_notice, dev, fmt, ##__VA_ARGS__)
#define dev_info_once(dev, fmt, ...) \
	dev_level_once(dev_info, dev, fmt, ##__VA_ARGS__)
#define dev_dbg_once(dev, fmt, ...) \
	dev_level_once(dev_dbg, dev, fmt, ##__VA_ARGS__)

/* At most DEFAULT_RATELIMIT_BURST in DEFAULT_RATELIMIT_INTERVAL from this line. */
#define dev_level_ratelimited(dev_level, dev, fmt, ...) do {		\
	static DEFINE_RATELIMIT_STATE(ratelimit__, DEFAULT_RATELIMIT_INTERVAL, \
				      DEFAULT_RATELIMIT_BURST);		\
	if (__ratelimit(&ratelimit__))					\
		dev_level(dev, fmt, ##__VA_ARGS__);			\
} while (0)
#define dev_emerg_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_emerg, dev, fmt, ##__VA_ARGS__)
#define dev_alert_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_alert, dev, fmt, ##__VA_ARGS__)
#define dev_crit_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_crit, dev, fmt, ##__VA_ARGS__)
#define dev_err_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_err, dev, fmt, ##__VA_ARGS__)
#define dev_warn_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_warn, dev, fmt, ##__VA_ARGS__)
#define dev_notice_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_notice, dev, fmt, ##__VA_ARGS__)
#define dev_info_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_info, dev, fmt, ##__VA_ARGS__)
/* Nobody is told of debug messages that were held back when there are none. */
#define dev_dbg_ratelimited(dev, fmt, ...) do {				\
	if (PRINTK_DEBUG)						\
		dev_level_ratelimited(dev_dbg, dev, fmt, ##__VA_ARGS__); \
} while (0)

/*
 * For a probe that fails: keeps the text as the reason in the final report, logs
 * it as an error unless err is -EPROBE_DEFER, and returns err:
 *   return dev_err_probe(dev, PTR_ERR(clk), "no clock\n");
 * Task.
 */
int dev_err_probe(const struct device *dev, int err, const char *fmt, ...) __printf(3, 4);

/* ---- managed resources ---- */

/*
 * A devres is memory with a release function, linked to a device by devres_add.
 * `release` is called with the device and the memory, which is freed after it.
 * It may sleep unless the caller of the function that leads to it may not.
 */
typedef void (*dr_release_t)(struct device *dev, void *res);
typedef int (*dr_match_t)(struct device *dev, void *res, void *match_data);

/* Zeroed, aligned for any type. NULL: no memory. Context: as gfp says. */
void *devres_alloc(dr_release_t release, size_t size, gfp_t gfp) __must_check;
/* For one that was not added. NULL does nothing. Any context. */
void devres_free(void *res);
/* Any context. In the following, match == NULL fits all of this release function. */
void devres_add(struct device *dev, void *res);
/* The youngest that fits, still linked, or NULL. Any context. */
void *devres_find(struct device *dev, dr_release_t release, dr_match_t match, void *match_data);
/*
 * The one that fits, if there is, and frees new_res; else adds new_res, which it returns.
 * Any context.
 */
void *devres_get(struct device *dev, void *new_res, dr_match_t match, void *match_data);
/* Unlinks the youngest that fits and returns it for devres_free, or NULL. Any context. */
void *devres_remove(struct device *dev, dr_release_t release, dr_match_t match,
		    void *match_data);
/*
 * Removes it, and frees it without (destroy) or with (release) its function. 0 or -ENOENT.
 * Any context, as far as that function allows.
 */
int devres_destroy(struct device *dev, dr_release_t release, dr_match_t match,
		   void *match_data);
int devres_release(struct device *dev, dr_release_t release, dr_match_t match,
		   void *match_data);

/*
 * Groups: what is added between open and close is released together, youngest
 * first. `id` names the group; NULL: the address of the group is its name, which
 * open returns (NULL: no memory). For the others NULL means the youngest group
 * that is not closed. Groups nest. Context: as gfp says; close: any.
 */
void *devres_open_group(struct device *dev, void *id, gfp_t gfp) __must_check;
void devres_close_group(struct device *dev, void *id);
/* Forgets the group; what is in it stays. Any context. */
void devres_remove_group(struct device *dev, void *id);
/* How many were released. Any context, as far as their functions allow. */
int devres_release_group(struct device *dev, void *id);
/*
 * Releases all that the device has, youngest first; how many, or -ENODEV before
 * device_initialize. Any context, as far as their functions allow.
 */
int devres_release_all(struct device *dev);

/*
 * Memory: NULL when there is none. Freed at unbind, or by devm_kfree before. Context: as gfp
 * says.
 */
void *devm_kmalloc(struct device *dev, size_t size, gfp_t gfp) __must_check;
char *devm_kstrdup(struct device *dev, const char *s, gfp_t gfp) __must_check;
void *devm_kmemdup(struct device *dev, const void *src, size_t len, gfp_t gfp) __must_check;
char *devm_kvasprintf(struct device *dev, gfp_t gfp, const char *fmt, va_list args)
	__printf(3, 0) __must_check;
char *devm_kasprintf(struct device *dev, gfp_t gfp, const char *fmt, ...)
	__printf(3, 4) __must_check;
/* NULL does nothing; memory that is not the device's is reported. Any context. */
void devm_kfree(struct device *dev, const void *p);

static inline void *__must_check devm_kzalloc(struct device *dev, size_t size, gfp_t gfp)
{
	return devm_kmalloc(dev, size, gfp | __GFP_ZERO);
}

/* NULL also if n * size does not fit. */
static inline void *__must_check devm_kmalloc_array(struct device *dev, size_t n, size_t size,
						    gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return devm_kmalloc(dev, bytes, gfp);
}

static inline void *__must_check devm_kcalloc(struct device *dev, size_t n, size_t size,
					      gfp_t gfp)
{
	return devm_kmalloc_array(dev, n, size, gfp | __GFP_ZERO);
}

/* Calls action(data) at unbind. 0 or -ENOMEM. Task. */
int __must_check devm_add_action(struct device *dev, void (*action)(void *data), void *data);
/* Takes it back uncalled; called now. One that was not added is reported. Task. */
void devm_remove_action(struct device *dev, void (*action)(void *data), void *data);
void devm_release_action(struct device *dev, void (*action)(void *data), void *data);

/* As devm_add_action, but action(data) is called at once if it could not be added. */
static inline int __must_check devm_add_action_or_reset(struct device *dev,
							 void (*action)(void *data), void *data)
{
	int ret = devm_add_action(dev, action, data);

	if (ret)
		action(data);
	return ret;
}

/*
 * Ranges and registers, given back at unbind. Task; may sleep. NULL: refused, as
 * by the functions without devm_. `name` is not copied.
 */
struct resource *__devm_request_region(struct device *dev, struct resource *parent,
				       resource_size_t start, resource_size_t n,
				       const char *name) __must_check;
void __devm_release_region(struct device *dev, struct resource *parent, resource_size_t start,
			   resource_size_t n);
#define devm_request_mem_region(dev, start, n, name) \
	__devm_request_region(dev, &iomem_resource, start, n, name)
#define devm_release_mem_region(dev, start, n) \
	__devm_release_region(dev, &iomem_resource, start, n)
/* 0 or -EBUSY, logged; -ENOMEM. `res` is the caller's and outlives the binding. Task. */
int __must_check devm_request_resource(struct device *dev, struct resource *root,
				       struct resource *res);

/* As ioremap(), unmapped at unbind or by devm_iounmap(). Task. */
void __iomem *devm_ioremap(struct device *dev, resource_size_t offset, resource_size_t size)
	__must_check;
void devm_iounmap(struct device *dev, void __iomem *addr);

/* SAFETY: an error; IS_ERR() is asked before it is used. */
#define IOMEM_ERR_PTR(err)	((void __iomem *)ERR_PTR(err))

/*
 * Claims the range and maps it. ERR_PTR, logged: -EINVAL: NULL or no memory
 * range; -EBUSY: in use; -ENOMEM: no memory, or it cannot be mapped. Given back at unbind.
 * Task; may sleep.
 */
void __iomem *devm_ioremap_resource(struct device *dev, const struct resource *res) __must_check;
/*
 * The same for a driver that uses `bytes` of it, whatever a tree says: -EINVAL also if it has
 * fewer, -EDOM if it does not begin at a multiple of 8.
 */
void __iomem *devm_ioremap_registers(struct device *dev, const struct resource *res,
				     size_t bytes) __must_check;

#endif
