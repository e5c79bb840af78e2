/* SPDX-License-Identifier: MIT */
/*
 * Notifier blocks, as in Linux: a function that wants to be told of an event,
 * linked into the list of its subject. What the lists are, and what `action`
 * and `data` mean, is in the subject's header (<kernel/reboot.h>).
 */
#ifndef KERNEL_NOTIFIER_H
#define KERNEL_NOTIFIER_H

#include <kernel/debugobjects.h>

struct notifier_block;

typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action, void *data);

struct notifier_block {
	notifier_fn_t notifier_call;	/* [I] */
	struct notifier_block *next;	/* [l] the list's lock */
	int priority;			/* [I] the highest is called first */
	struct debug_obj debug;		/* [l] live: registered */
};

#define NOTIFY_DONE		0x0000	/* not for me */
#define NOTIFY_OK		0x0001
#define NOTIFY_STOP_MASK	0x8000	/* the others are not called */
#define NOTIFY_STOP		(NOTIFY_OK | NOTIFY_STOP_MASK)

#endif
