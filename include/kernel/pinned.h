/* SPDX-License-Identifier: MIT */
/*
 * Objects that must stay where they were initialised, since something points into them: a driver's
 * own, as the kernel's timers, work and wait queues are.
 *
 *	struct widget {
 *		struct pinned pin;		no bytes in a release build
 *		...
 *	};
 *	DEFINE_PINNED(widget, pin);
 *
 *	widget_pin(w)			0; -EBUSY, reported, if it is already
 *	widget_is_pinned(w)		to be asked by each function that gets one
 *	widget_unpin(w)			at its end
 *
 * Reported: a copy, memory that was moved or never initialised, use after the end, initialising
 * twice, freeing what was not ended. Without CONFIG_DEBUG_OBJECTS none of it costs anything.
 *
 * INIT_CHAIN of <lib/init_chain.h> takes widget_pin and widget_unpin for a step.
 *
 * Context of all: any. The owner of the object serialises.
 */
#ifndef KERNEL_PINNED_H
#define KERNEL_PINNED_H

#include <kernel/debugobjects.h>
#include <lib/compiler.h>
#include <lib/errno.h>
#include <lib/types.h>

struct pinned {
	struct debug_obj debug;
};

/* In one source file for each `struct type`, whose `member` is a struct pinned. Context: any. */
#define DEFINE_PINNED(type, member)						\
static const struct debug_obj_descr type##_pin_descr __debug_obj_descr __maybe_unused = { \
	.name = #type,								\
	.live = "in use",							\
	.offset = offsetof(struct type, member.debug),				\
	.needs_no_init = true,							\
};										\
static inline __maybe_unused __must_check int type##_pin(struct type *obj)	\
{										\
	return debug_object_activate(&obj->member.debug, &type##_pin_descr) ? 0 : -EBUSY; \
}										\
static inline __maybe_unused __must_check bool type##_is_pinned(const struct type *obj) \
{										\
	return debug_object_assert_init(&obj->member.debug, &type##_pin_descr);	\
}										\
static inline __maybe_unused void type##_unpin(struct type *obj)		\
{										\
	if (debug_object_assert_init(&obj->member.debug, &type##_pin_descr)) {	\
		debug_object_deactivate(&obj->member.debug, &type##_pin_descr);	\
		debug_object_destroy(&obj->member.debug, &type##_pin_descr);	\
	}									\
}										\
struct type##_is_a_pinned_type

#endif
