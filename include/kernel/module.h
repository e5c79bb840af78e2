/* SPDX-License-Identifier: MIT */
/*
 * What a driver's source file says of itself as a module.
 *
 * Every module is built in: module_init() is an initcall of the device level,
 * after buses and the devices of the tree exist. module_exit() names the way
 * out, which the compiler checks; nothing unloads code. What a user would
 * unload a module for, taking a driver from its device, is unbinding, and that
 * works for every driver (device_release_driver).
 */
#ifndef KERNEL_MODULE_H
#define KERNEL_MODULE_H

#include <kernel/init.h>
#include <lib/compiler.h>
#include <lib/types.h>

struct module;

#define THIS_MODULE	((struct module *)NULL)

#define module_init(fn)	device_initcall(fn)
#define module_exit(fn)	static void (*const module_exit_##fn)(void) __maybe_unused = fn

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
