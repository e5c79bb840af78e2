/* SPDX-License-Identifier: MIT */
/*
 * Parameters: variables that the boot command line and the shell's `param` set.
 *
 *	static unsigned int debounce_ms = 5;
 *	module_param(debounce_ms, uint, 0444);
 *	MODULE_PARM_DESC(debounce_ms, "how long a key has to be still, unless its node says so");
 *
 * in gpio_keys.c makes gpio_keys.debounce_ms: KBUILD_MODNAME, the name of the file, comes
 * first. On the command line a dash is as good as an underscore in a name, quotes keep spaces
 * in a value, `--` ends the parameters, and of two settings the last one wins:
 *
 *	gpio-keys.debounce_ms=20 quiet "sample.text=two words"
 *
 * What a parameter does not accept is told and leaves it as it was. Types: bool byte short
 * ushort int uint long ulong charp; numbers as kstrtoint() with base 0 reads them. A bool
 * without a value is true.
 *
 * `perm` is that of a file in Linux's sysfs: 0 is set at boot and not shown, 0444 is shown,
 * 0644 can be set at any time.
 *
 * Context: none for what declares a parameter, at file scope; what is called says its own.
 *
 * Locking: param_lock, over each set and get. What reads a parameter that can be written and
 * is more than one word, such as the text of a charp, holds it:
 *
 *	static char *name __guarded_by(&param_lock) = "none";
 *	module_param(name, charp, 0644);
 *
 *	guard(mutex)(&param_lock);
 *
 * __guarded_by has clang's analysis refuse what reads it without.
 */
#ifndef KERNEL_MODULEPARAM_H
#define KERNEL_MODULEPARAM_H

#include <kernel/mutex.h>
#include <lib/build_bug.h>
#include <lib/compiler.h>
#include <lib/math.h>
#include <lib/table.h>
#include <lib/types.h>

struct kernel_param;
struct module;

/* What get() has room for, with the terminator. */
#define PARAM_TEXT_MAX	4096

enum {
	KERNEL_PARAM_OPS_FL_NOARG = 1,	/* set() is called without a value, with NULL, too */
};

/*
 * `val` is there for the call alone; only that of a parameter which is set at boot stays. set()
 * returns 0 or a negative errno, and then has changed nothing (an array of charp without
 * memory: its last elements). get() writes a line with its '\n' and returns its length; of an
 * array no more elements than there is room for. Task, with param_lock; may sleep. But the set()
 * of a core parameter also runs early in boot, where it can neither sleep nor allocate.
 */
struct kernel_param_ops {
	unsigned int flags;
	int (*set)(const char *val, const struct kernel_param *kp);
	int (*get)(char *buffer, const struct kernel_param *kp);
};

/* [I] */
struct kparam_string {
	unsigned int maxlen;		/* with the terminator */
	char *string;
};

/* [I] but for *num */
struct kparam_array {
	unsigned int max;
	unsigned int elemsize;
	unsigned int *num;		/* [param_lock] how many were set; NULL: always max */
	const struct kernel_param_ops *ops;
	void *elem;
};

/* [I] */
struct kernel_param {
	const char *name;		/* with the module's */
	const struct kernel_param_ops *ops;
	u16 perm;
	bool early;			/* set before there is memory */
	union {
		void *arg;
		const struct kparam_string *str;
		const struct kparam_array *arr;
	};
};

struct kernel_param_desc {
	const struct kernel_param *param;
	const char *text;
};

DECLARE_TABLE(kernel_params, struct kernel_param);
DECLARE_TABLE(kernel_param_descs, struct kernel_param_desc);

extern struct mutex param_lock;

/* Task; may sleep. One lock for all modules. */
static inline void kernel_param_lock(struct module *mod) __acquires(&param_lock)
{
	(void)mod;
	mutex_lock(&param_lock);
}

static inline void kernel_param_unlock(struct module *mod) __releases(&param_lock)
{
	(void)mod;
	mutex_unlock(&param_lock);
}

/* ---- declaring ---- */

#ifndef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX	KBUILD_MODNAME "."
#endif

#define PARAM_ENTRY(prefix, param, param_ops, param_arg, mode, is_early)		\
	static_assert(!((mode) & ~0644), "a parameter's mode is within 0644");		\
	TABLE_ENTRY(kernel_params, struct kernel_param, __concat(param__, param)) = {	\
		.name = prefix #param, .ops = param_ops, .perm = mode, .early = is_early, \
		.arg = (void *)(param_arg),						\
	}

/* Types are pasted where they come in: further down bool would have become _Bool. */
#define PARAM_VARIABLE(prefix, name, value, type, ops, mode, is_early)			\
	static_assert(__same_type(value, type),						\
		      "a parameter has a variable of another type than its own");	\
	PARAM_ENTRY(prefix, name, &(ops), &(value), mode, is_early)

/* These stand outside of functions: nothing runs. Context: any. */

/* With functions of its own, and `arg` for them. */
#define module_param_cb(name, ops, arg, perm) \
	PARAM_ENTRY(MODULE_PARAM_PREFIX, name, ops, arg, perm, false)

#define module_param(name, type, perm)							\
	PARAM_VARIABLE(MODULE_PARAM_PREFIX, name, name, param_type_##type,		\
		       param_ops_##type, perm, false)

/* `name` and the variable need not be called the same. */
#define module_param_named(name, value, type, perm)					\
	PARAM_VARIABLE(MODULE_PARAM_PREFIX, name, value, param_type_##type,		\
		       param_ops_##type, perm, false)

/* `string` is an array of `len` characters. */
#define module_param_string(name, text, len, perm)					\
	static_assert((len) <= sizeof(text), "the text is shorter than its parameter");	\
	static const struct kparam_string __concat(param_string__, name) = {		\
		.maxlen = len, .string = text,						\
	};										\
	module_param_cb(name, &param_ops_string, &__concat(param_string__, name), perm)

#define PARAM_ARRAY(name, array, type, element_ops, nump, perm)				\
	static_assert(__same_type((array)[0], type),					\
		      "a parameter has an array of another type than its own");		\
	static const struct kparam_array __concat(param_array__, name) = {		\
		.max = ARRAY_SIZE(array), .elemsize = sizeof((array)[0]), .num = nump,	\
		.ops = &(element_ops), .elem = array,					\
	};										\
	module_param_cb(name, &param_ops_array, &__concat(param_array__, name), perm)

/* Elements apart by commas; `nump` may be NULL, else *nump says how many were given. */
#define module_param_array(name, type, nump, perm) \
	PARAM_ARRAY(name, name, param_type_##type, param_ops_##type, nump, perm)
#define module_param_array_named(name, array, type, nump, perm) \
	PARAM_ARRAY(name, array, param_type_##type, param_ops_##type, nump, perm)

/* Without a module's name, and set early: before the initcalls of level 0. */
#define core_param_cb(name, ops, arg, perm)	PARAM_ENTRY("", name, ops, arg, perm, true)
#define core_param(name, value, type, perm)						\
	PARAM_VARIABLE("", name, value, param_type_##type, param_ops_##type, perm, true)

/* For people; behind the parameter, in the same file. */
#if IS_ENABLED(CONFIG_SHELL)
#define MODULE_PARM_DESC(param_name, desc)						\
	TABLE_ENTRY(kernel_param_descs, struct kernel_param_desc,			\
		    __concat(param_desc__, param_name)) = {				\
		.param = &__concat(param__, param_name), .text = desc,			\
	}
#else
#define MODULE_PARM_DESC(param_name, desc)	static_assert(sizeof(desc) > 0, "")
#endif

typedef bool param_type_bool;
typedef unsigned char param_type_byte;
typedef short param_type_short;
typedef unsigned short param_type_ushort;
typedef int param_type_int;
typedef unsigned int param_type_uint;
typedef long param_type_long;
typedef unsigned long param_type_ulong;
typedef char *param_type_charp;

/*
 * set() returns -EINVAL: no value of the type; -ERANGE: too large for it; a charp also
 * -ENOSPC: too long, -ENOMEM; a string -ENOSPC; an array -EINVAL: too many elements.
 */
extern const struct kernel_param_ops param_ops_bool, param_ops_byte, param_ops_short,
	param_ops_ushort, param_ops_int, param_ops_uint, param_ops_long, param_ops_ulong,
	param_ops_charp, param_ops_string, param_ops_array;

/*
 * For a parameter's own ops that do something besides. Context: that of the ops. Return: as
 * those; get: the length of the text.
 */
int param_set_bool(const char *val, const struct kernel_param *kp);
int param_get_bool(char *buffer, const struct kernel_param *kp);
int param_set_int(const char *val, const struct kernel_param *kp);
int param_get_int(char *buffer, const struct kernel_param *kp);
int param_set_uint(const char *val, const struct kernel_param *kp);
int param_get_uint(char *buffer, const struct kernel_param *kp);
int param_set_charp(const char *val, const struct kernel_param *kp);
int param_get_charp(char *buffer, const struct kernel_param *kp);

/* ---- for the boot and the shell ---- */

/* Learns the command line and sets the core parameters. Context: early boot. */
void params_setup(void);
/*
 * Sets the others and tells of those that do not exist. Context: task, before the initcalls;
 * may sleep.
 */
void params_init(void);

/* NULL: none. Dashes and underscores are the same. Any context. */
const struct kernel_param *kernel_param_find(const char *name);

/* What MODULE_PARM_DESC said, "" without. Any context. */
const char *kernel_param_description(const struct kernel_param *kp);

/*
 * Sets it to `val`, NULL for none. Task; may sleep.
 * Return: 0; -EPERM: it cannot be written; -ENOMEM; as its set().
 */
int kernel_param_set(const struct kernel_param *kp, const char *val);

/*
 * Its value as text into `buf`, cut to fit. Task; may sleep.
 * Return: the length; -EPERM: it cannot be read; -ENOMEM.
 */
int kernel_param_get(const struct kernel_param *kp, char *buf, size_t size);

#endif
