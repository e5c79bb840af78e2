/* SPDX-License-Identifier: MIT */
/*
 * Functions that run once at boot, in the order of their level and, within one,
 * of the link. They run in the first task, may sleep, and return 0 or a
 * negative errno, which is logged with the function's name.
 */
#ifndef KERNEL_INIT_H
#define KERNEL_INIT_H

#include <lib/compiler.h>

typedef int (*initcall_t)(void);

/* Code and data of the boot alone; kept in one place so that it can be dropped. */
#define __init		__section(".init.text") __cold
#define __initdata	__section(".init.data")
#define __exit		__maybe_unused

#define INITCALL(fn, level) \
	static const initcall_t initcall_##fn __used __no_reorder		\
		__section(".initcall." #level) = fn

/* Before there is memory, a second task or an interrupt: for early consoles. */
#define early_initcall(fn)	INITCALL(fn, 0)
#define core_initcall(fn)	INITCALL(fn, 1)
#define postcore_initcall(fn)	INITCALL(fn, 2)
#define arch_initcall(fn)	INITCALL(fn, 3)
#define subsys_initcall(fn)	INITCALL(fn, 4)
#define fs_initcall(fn)		INITCALL(fn, 5)
#define device_initcall(fn)	INITCALL(fn, 6)
#define late_initcall(fn)	INITCALL(fn, 7)

#endif
