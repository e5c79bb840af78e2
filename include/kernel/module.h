/* SPDX-License-Identifier: MIT */
/*
 * What a driver's source file says of itself as a module.
 *
 * Every module is built in: module_init() is an initcall of the device level,
 * after buses and the devices of the tree exist; one that fails is logged, and
 * is as if it was not there. No code is ever unloaded.
 *
 * With CONFIG_MODULE_UNLOAD a module that has a module_exit() can be ended and
 * begun again, by the shell's rmmod and modprobe or by the functions below. Of
 * several those that began last are ended first. Without, module_exit() is
 * checked by the compiler and called by nobody, as in Linux for what is built
 * in, and costs nothing. At power off and reboot no module is ended, in either
 * case: that is what reboot notifiers and a driver's shutdown() are for. To
 * take one device from its driver, unbind it (device_release_driver).
 *
 * A module's name is that of its source file, without ".c", and '_' for '-'.
 *
 * Locking: one mutex, held while an init or exit function runs.
 */
#ifndef KERNEL_MODULE_H
#define KERNEL_MODULE_H

#include <kernel/init.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/list.h>
#include <lib/table.h>
#include <lib/types.h>

/* One that can be ended. Lock: [m] module_mutex. */
struct module {
	const char *name;		/* [I] */
	initcall_t (*begins_with)(void);	/* [I] tells its init function */
	void (*exit)(void);		/* [I] */
	struct list_head list;		/* [m] linked iff its init function succeeded */
};

#define THIS_MODULE	((struct module *)NULL)

#ifdef CONFIG_MODULE_UNLOAD

DECLARE_TABLE(modules, struct module *);

/* What module_init() and module_exit() of one file make; `id` keeps several in it apart. */
#define MODULE_WITH_EXIT(id, text, begins_with_fn, exit_fn)			\
	static struct module module_##id = {					\
		.name = (text),							\
		.begins_with = (begins_with_fn),				\
		.exit = (exit_fn),						\
		.list = LIST_HEAD_INIT(module_##id.list),			\
	};									\
	TABLE_ENTRY(modules, struct module *, module_entry_##id) = &module_##id

/*
 * The file's module begins with fn() and ends with that of module_exit(), which may stand first.
 * Context of both functions: task; they may sleep. fn() returns 0 or a negative errno.
 */
#define module_init(fn)								\
	static initcall_t __maybe_unused module_begins_with(void)		\
	{									\
		return fn;							\
	}									\
	device_initcall(fn)

/* The way out of a module that began: gives back what it has. Context of fn(): task; may sleep. */
#define module_exit(fn)								\
	static initcall_t module_begins_with(void);				\
	MODULE_WITH_EXIT(of_this_file, KBUILD_MODNAME, module_begins_with, fn)

/* For who runs the initcalls: `init` has returned 0. Context: task; may sleep. */
void module_has_begun(initcall_t init) __may_sleep;

/*
 * Begins one that was ended, or whose init function failed.
 * Context: task; may sleep. Return: 0; -ENOENT: there is none of that name with an exit; -EEXIST:
 * it is there; what its init function returns.
 */
int __must_check module_load(const char *name) __may_sleep;

/*
 * Ends `nr` modules, those that began last first, in whatever order they are named.
 * Context: task; may sleep. Return: 0; -ENOENT: one of them is not there, and none was ended.
 */
int __must_check module_unload(const char *const names[], unsigned int nr) __may_sleep;

/*
 * Calls show(module, arg) for each that can be ended, that which began last first.
 * Context: task; may sleep, and so may show(), which neither loads nor unloads.
 */
void for_each_module(void (*show)(const struct module *mod, void *arg), void *arg) __may_sleep;

#else

#define module_init(fn)	device_initcall(fn)
#define module_exit(fn)	static void (*const module_exit_##fn)(void) __maybe_unused = fn

static inline void module_has_begun(initcall_t init)
{
	(void)init;
}

#endif

/*
 * A module that does nothing but register a driver: `register_fn` and
 * `unregister_fn` take &driver and what else is given. Context of both: task.
 */
#define module_driver(driver, register_fn, unregister_fn, ...)	\
	static int __init driver##_init(void)			\
	{							\
		return register_fn(&(driver), ##__VA_ARGS__);	\
	}							\
	module_init(driver##_init);				\
	static void __exit driver##_exit(void)			\
	{							\
		unregister_fn(&(driver), ##__VA_ARGS__);	\
	}							\
	module_exit(driver##_exit)

/* The same for a driver that has no way out. Context: task. */
#define builtin_driver(driver, register_fn, ...)		\
	static int __init driver##_init(void)			\
	{							\
		return register_fn(&(driver), ##__VA_ARGS__);	\
	}							\
	device_initcall(driver##_init)

/* Facts for tools that Linux has; here they are for the reader alone. */
#define MODULE_INFO_TEXT(text)		_Static_assert(sizeof(text) > 0, "")
#define MODULE_LICENSE(text)		MODULE_INFO_TEXT(text)
#define MODULE_AUTHOR(text)		MODULE_INFO_TEXT(text)
#define MODULE_DESCRIPTION(text)	MODULE_INFO_TEXT(text)
#define MODULE_ALIAS(text)		MODULE_INFO_TEXT(text)
#define MODULE_DEVICE_TABLE(bus, table)	_Static_assert(sizeof(table) > 0, "")
#define EXPORT_SYMBOL(symbol)		_Static_assert(sizeof(&(symbol)) > 0, "")
#define EXPORT_SYMBOL_GPL(symbol)	EXPORT_SYMBOL(symbol)

#endif
