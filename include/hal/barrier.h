/* SPDX-License-Identifier: MIT */
/*
 * Barriers against devices and the machine itself (ARM DDI 0406C, A3.8.3).
 * Ordering between processors is in <lib/atomic.h>.
 */
#ifndef HAL_BARRIER_H
#define HAL_BARRIER_H

#include <lib/sched_point.h>

#define isb()		__asm__ volatile("isb" ::: "memory")
#define dsb(scope)	__asm__ volatile("dsb " #scope ::: "memory")
#define dmb(scope)	__asm__ volatile("dmb " #scope ::: "memory")

/* The compiler knows nothing of the variable's value from here on. */
#define OPTIMIZER_HIDE_VAR(var)	__asm__("" : "+r" (var))

/* All accesses, normal and device memory. */
#define mb()		dsb(sy)
#define rmb()		dsb(sy)
#define wmb()		dsb(st)

/* Between normal memory that a device reads or writes by itself. */
#define dma_mb()	dmb(osh)
#define dma_rmb()	dmb(osh)
#define dma_wmb()	dmb(oshst)

/* Readies this processor to be woken by an interrupt, masked or not. */
#define wfi()		__asm__ volatile("wfi" ::: "memory")

/* In a loop that waits for another processor: that one may have the time. Context: any. */
#define hal_relax()	__asm__ volatile("yield" ::: "memory")
#define cpu_relax() do {							\
	sched_point_stuck();							\
	hal_relax();								\
} while (0)

#endif
