/* SPDX-License-Identifier: MIT */
/*
 * What a driver does when the system goes to sleep and comes back.
 *
 * The callbacks are stored with the driver. Nothing suspends the system yet, so
 * nothing calls them.
 */
#ifndef DRIVERS_PM_H
#define DRIVERS_PM_H

struct device;

/* Each returns 0 or a negative errno; NULL stands for "nothing to do". */
struct dev_pm_ops {
	int (*prepare)(struct device *dev);
	void (*complete)(struct device *dev);
	int (*suspend)(struct device *dev);
	int (*resume)(struct device *dev);
	int (*freeze)(struct device *dev);
	int (*thaw)(struct device *dev);
	int (*poweroff)(struct device *dev);
	int (*restore)(struct device *dev);
	int (*suspend_late)(struct device *dev);
	int (*resume_early)(struct device *dev);
	int (*suspend_noirq)(struct device *dev);
	int (*resume_noirq)(struct device *dev);
};

/* One pair for both: sleep, and the image of hibernation. */
#define DEFINE_SIMPLE_DEV_PM_OPS(name, suspend_fn, resume_fn)	\
	const struct dev_pm_ops name = {			\
		.suspend = suspend_fn,				\
		.resume = resume_fn,				\
		.freeze = suspend_fn,				\
		.thaw = resume_fn,				\
		.poweroff = suspend_fn,				\
		.restore = resume_fn,				\
	}

#define pm_ptr(ops)		(ops)
#define pm_sleep_ptr(ops)	(ops)

#endif
