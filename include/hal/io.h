/* SPDX-License-Identifier: MIT */
/*
 * One access of a device register of 8, 16 or 32 bits, in one instruction that
 * the compiler neither splits, merges nor forms with write-back (which a
 * hypervisor could not emulate). Use <kernel/io.h>.
 */
#ifndef HAL_IO_H
#define HAL_IO_H

#include <hal/barrier.h>
#include <lib/compiler.h>
#include <lib/types.h>

#define hal_io_rmb()	dsb(sy)
#define hal_io_wmb()	dsb(st)

#define HAL_IO_ACCESSORS(type, suffix)							\
static __always_inline type hal_io_read_##type(const volatile void *addr)		\
{											\
	type value;									\
	__asm__ volatile("ldr" suffix " %0, %1"						\
			 : "=r" (value) : "Qo" (*(const volatile type *)addr));		\
	return value;									\
}											\
static __always_inline void hal_io_write_##type(type value, volatile void *addr)	\
{											\
	__asm__ volatile("str" suffix " %1, %0"						\
			 : "=Qo" (*(volatile type *)addr) : "r" (value));		\
}

HAL_IO_ACCESSORS(u8, "b")
HAL_IO_ACCESSORS(u16, "h")
HAL_IO_ACCESSORS(u32, "")

#endif
