/* SPDX-License-Identifier: MIT */
/*
 * Initialising an object in place, step by step: if a step fails, those before it are undone, the
 * last first, and the object is what it was.
 *
 *	DEFINE_INIT_CHAIN(widget, struct widget,
 *		{ widget_get_clock, widget_put_clock },
 *		{ widget_alloc_ring, widget_free_ring },
 *		{ widget_start, NULL });
 *
 *	err = widget_init(w);		0, or the error of the step that failed
 *	widget_fini(w);			undoes all, the last first
 *
 * A step is `int init(struct widget *)` and `void fini(struct widget *)`, which may be NULL; it
 * may be the init and fini of another chain. The steps are constant, and of that type: others do
 * not compile. Context: that of the steps. What they acquire is the object's.
 */
#ifndef LIB_INIT_CHAIN_H
#define LIB_INIT_CHAIN_H

#include <lib/compiler.h>
#include <lib/math.h>
#include <lib/types.h>

/* Return of name_init(): 0, or the error of a step, with all before it undone. */
#define DEFINE_INIT_CHAIN(name, type, steps...)					\
static const struct name##_step {						\
	int (*init)(type *obj);							\
	void (*fini)(type *obj);						\
} name##_steps[] = { steps };							\
static void name##_undo(type *obj, size_t done)					\
{										\
	while (done-- > 0)							\
		if (name##_steps[done].fini)					\
			name##_steps[done].fini(obj);				\
}										\
static inline __maybe_unused __must_check int name##_init(type *obj)		\
{										\
	for (size_t i = 0; i < ARRAY_SIZE(name##_steps); i++) {			\
		int err = name##_steps[i].init(obj);				\
										\
		if (err) {							\
			name##_undo(obj, i);					\
			return err;						\
		}								\
	}									\
	return 0;								\
}										\
static inline __maybe_unused void name##_fini(type *obj)			\
{										\
	name##_undo(obj, ARRAY_SIZE(name##_steps));				\
}										\
struct name##_is_an_init_chain

#endif
