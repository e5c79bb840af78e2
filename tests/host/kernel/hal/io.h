/* SPDX-License-Identifier: MIT */
/*
 * There are no devices but those that a test plays, in memory or by a hook: an access of
 * another ends the program.
 */
#ifndef HAL_IO_H
#define HAL_IO_H

#include <hal/barrier.h>
#include <lib/compiler.h>
#include <lib/types.h>

#define hal_io_rmb()	barrier()
#define hal_io_wmb()	barrier()

/* Whether nothing but a device can be there; ends the program for who gets there all the same. */
bool machine_is_bus(const volatile void *addr);
void machine_no_device(const volatile void *addr) __noreturn;

#define HAL_IO_ACCESSORS(type)								\
static inline type hal_io_read_##type(const volatile void *addr)			\
{											\
	if (machine_is_bus(addr))							\
		machine_no_device(addr);						\
	return *(const volatile type *)addr;						\
}											\
static inline void hal_io_write_##type(type value, volatile void *addr)			\
{											\
	if (machine_is_bus(addr))							\
		machine_no_device(addr);						\
	*(volatile type *)addr = value;							\
}

HAL_IO_ACCESSORS(u8)
HAL_IO_ACCESSORS(u16)
HAL_IO_ACCESSORS(u32)

#endif
