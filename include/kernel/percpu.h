/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU variables: each processor has a copy, at the same distance from the variable for all of
 * them.
 *
 *	static DEFINE_PER_CPU(unsigned int, events);
 *
 *	this_cpu_inc(events);
 *	for_each_online_cpu(cpu)
 *		total += per_cpu(events, cpu);
 *
 * What is written with its name, without one of these, is the copy of the first CPU. A build for
 * one CPU has plain variables. Which CPU this is stays true until the caller yields or sleeps; a
 * copy that an interrupt changes too is changed with interrupts off, or by this_cpu_add().
 */
#ifndef KERNEL_PERCPU_H
#define KERNEL_PERCPU_H

#include <hal/irqflags.h>
#include <kernel/slab.h>
#include <kernel/smp.h>
#include <lib/bitops.h>
#include <lib/compiler.h>
#include <lib/types.h>

#ifdef CONFIG_SMP

extern unsigned long __per_cpu_offset[CONFIG_NR_CPUS];	/* [I] after boot */

#define PER_CPU_SECTION		__section("percpu")

/* From a per-CPU variable to the copy of `cpu`. Context: any. */
static __always_inline unsigned long per_cpu_offset(unsigned int cpu)
{
	return __per_cpu_offset[cpu];
}

/* Copies of the variables for all CPUs, with the values that they begin with. Context: boot. */
void percpu_init(void);

/* How many bytes of each CPU's are allocated. Context: any. */
size_t percpu_bytes_used(void);

#else

#define PER_CPU_SECTION

static __always_inline unsigned long per_cpu_offset(unsigned int cpu)
{
	(void)cpu;
	return 0;
}

static inline void percpu_init(void)
{
}

static inline size_t percpu_bytes_used(void)
{
	return 0;
}

#endif

/* Those that a file defines, and those of another. */
#define DEFINE_PER_CPU(type, name)	PER_CPU_SECTION __typeof__(type) name
#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) name

/*
 * The copy of one CPU, and of this one, of a variable's address or of what alloc_percpu() returned.
 * SAFETY: a number that is the same for all variables takes one copy to another of the same type.
 */
#define per_cpu_ptr(ptr, cpu) \
	((__typeof__(ptr))((unsigned long)(ptr) + per_cpu_offset(cpu)))
#define this_cpu_ptr(ptr)		per_cpu_ptr(ptr, smp_processor_id())
#define per_cpu(var, cpu)		(*per_cpu_ptr(&(var), cpu))

/* Linux's names: nothing preempts a task here. No sleep in between. */
#define get_cpu_var(var)		(*this_cpu_ptr(&(var)))
#define put_cpu_var(var)		((void)&(var))
#define get_cpu_ptr(ptr)		this_cpu_ptr(ptr)
#define put_cpu_ptr(ptr)		((void)(ptr))

/* One access to this CPU's copy; that of add is one for interrupts, too. Context: any. */
#define this_cpu_read(var)		READ_ONCE(*this_cpu_ptr(&(var)))
#define this_cpu_write(var, value)	WRITE_ONCE(*this_cpu_ptr(&(var)), value)
#define this_cpu_add(var, value) do {						\
	unsigned long flags__;							\
										\
	local_irq_save(flags__);						\
	*this_cpu_ptr(&(var)) += (__typeof__(var))(value);			\
	local_irq_restore(flags__);						\
} while (0)
#define this_cpu_inc(var)		this_cpu_add(var, 1)
#define this_cpu_dec(var)		this_cpu_add(var, -1)

/*
 * The same made at run time, zeroed: some hundred bytes in all, `align` 64 at most.
 * Context: task; may sleep. Return: NULL without room; with CONFIG_DEBUG a size of 0 is reported.
 */
#define alloc_percpu(type)	((type __percpu *)__alloc_percpu(sizeof(type), _Alignof(type)))

#ifdef CONFIG_SMP

/* For alloc_percpu(). Context and return: as there. */
void __percpu *__alloc_percpu(size_t size, size_t align) __must_check;

/* NULL: nothing. What was not allocated is reported, and left. Context: task; may sleep. */
void free_percpu(void __percpu *ptr);

#else

/* What is a power of two long is aligned to that. Context: task; may sleep. */
static inline void __percpu *__must_check __alloc_percpu(size_t size, size_t align)
{
	return kzalloc(align > sizeof(u64) ? 1UL << fls((unsigned int)size - 1) : size, GFP_KERNEL);
}

/* Context: task; may sleep. */
static inline void free_percpu(void __percpu *ptr)
{
	kfree(ptr);
}

#endif

#endif
