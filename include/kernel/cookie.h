/* SPDX-License-Identifier: MIT */
/*
 * Handing an object to who keeps a `void *` and gives it back: the argument of a thread, the
 * data of a handler or of a device.
 *
 *	struct job {
 *		...
 *		struct cookie cookie;		no bytes in a release build
 *	};
 *	DECLARE_COOKIE(job, cookie);		in a header, or before
 *	DEFINE_COOKIE(job, cookie);		in one source file
 *
 *	kthread_run(run_job, job_into_cookie(job), "job");	the job is no longer ours
 *	int run_job(void *cookie)
 *		struct job *job = job_from_cookie(cookie);	it is the thread's
 *
 * In between job_borrow_cookie() is for a look at it. With CONFIG_DEBUG_OBJECTS the cookie says of
 * what it is, and whether it is out: one of another type, one that is handed over or taken back
 * twice, a borrow after it was taken back, and freeing what is handed over are reported.
 *
 * NULL stands for "there is none" both ways. What is there and has no data is COOKIE_EMPTY: to be
 * compared, never followed.
 *
 * Context of all: any. Whoever serialises the hand-over serialises the cookie.
 */
#ifndef KERNEL_COOKIE_H
#define KERNEL_COOKIE_H

#include <kernel/debugobjects.h>
#include <lib/compiler.h>
#include <lib/container_of.h>
#include <lib/kconfig.h>
#include <lib/types.h>

struct cookie {
	struct debug_obj debug;
};

extern char cookie_empty;

/* An address that nobody reads or writes through. */
#define COOKIE_EMPTY	((void *)&cookie_empty)

/* Whether `cookie` is of that kind, and out; `take` ends that. Reports if not. */
bool cookie_check(struct cookie *cookie, const struct debug_obj_descr *descr, bool take);

/*
 * For `struct type`, whose `member` is a struct cookie:
 *
 *	type_into_cookie(obj)		the cookie; it has the object from now on
 *	type_borrow_cookie(cookie)	the object, which stays the cookie's
 *	type_from_cookie(cookie)	the object, which is the caller's again
 *
 * Return: NULL for NULL; of the last two also after a report.
 */
#define DECLARE_COOKIE(type, member)						\
extern const struct debug_obj_descr type##_cookie_descr;			\
static inline __maybe_unused __must_check void *type##_into_cookie(struct type *obj) \
{										\
	if (!obj)								\
		return NULL;							\
	if (IS_ENABLED(CONFIG_DEBUG_OBJECTS))					\
		debug_object_activate(&obj->member.debug, &type##_cookie_descr); \
	return &obj->member;							\
}										\
static inline __maybe_unused struct type *type##_of_cookie(void *at, bool take)	\
{										\
	struct cookie *cookie = at;						\
										\
	if (!cookie || (IS_ENABLED(CONFIG_DEBUG_OBJECTS) &&			\
			!cookie_check(cookie, &type##_cookie_descr, take)))	\
		return NULL;							\
	return container_of(cookie, struct type, member);			\
}										\
static inline __maybe_unused __must_check struct type *type##_borrow_cookie(void *cookie) \
{										\
	return type##_of_cookie(cookie, false);					\
}										\
static inline __maybe_unused __must_check struct type *type##_from_cookie(void *cookie) \
{										\
	return type##_of_cookie(cookie, true);					\
}										\
struct type##_cookie_is_declared

/* What the reports say of the type. */
#define DEFINE_COOKIE(type, member)						\
const struct debug_obj_descr type##_cookie_descr __debug_obj_descr = {		\
	.name = #type,								\
	.live = "handed over",							\
	.offset = offsetof(struct type, member.debug),				\
	.needs_no_init = true,							\
}

#endif
