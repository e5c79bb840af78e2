/* SPDX-License-Identifier: MIT */
/*
 * What the code asks of the compiler, each under one name: attributes, branch
 * hints, the compiler barrier and the once-only accesses.
 *
 * READ_ONCE and WRITE_ONCE make exactly one access of a scalar that another
 * context may touch; they order nothing but themselves. Ordering is in
 * <lib/atomic.h>.
 */
#ifndef LIB_COMPILER_H
#define LIB_COMPILER_H

#define __must_check		__attribute__((__warn_unused_result__))
#define __packed		__attribute__((__packed__))
#define __aligned(n)		__attribute__((__aligned__(n)))
#define __printf(fmt, args)	__attribute__((__format__(__printf__, fmt, args)))
#define __section(name)		__attribute__((__section__(name)))
#define __used			__attribute__((__used__))
/* In the order of the source, and of the files that are linked. clang knows no other. */
#ifdef __clang__
#define __no_reorder
#else
#define __no_reorder		__attribute__((__no_reorder__))
#endif
#define __maybe_unused		__attribute__((__unused__))
#define __noreturn		__attribute__((__noreturn__))
#define __weak			__attribute__((__weak__))
#define __cold			__attribute__((__cold__))
#define __malloc		__attribute__((__malloc__))
#define __nonnull_args		__attribute__((__nonnull__))
#define __cleanup(fn)		__attribute__((__cleanup__(fn)))
#define __always_inline		inline __attribute__((__always_inline__))

/* It calls functions by pointers of other types, of which each use says why that is sound. */
#ifdef __clang__
#define __no_sanitize_function	__attribute__((__no_sanitize__("function")))
#else
#define __no_sanitize_function
#endif

#define noinline		__attribute__((__noinline__))
/* Runs before all else, those with the lowest priority first; 0 to 100 are not ours. */
#define __constructor(priority)	__attribute__((__constructor__(priority)))
#define fallthrough		__attribute__((__fallthrough__))

/* An address of device memory: only the accessors of <kernel/io.h> take it. */
#define __percpu
#define __iomem

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define unreachable()		__builtin_unreachable()

/* Where the running function was called from. */
#define _RET_IP_		((unsigned long)__builtin_return_address(0))

/* SAFETY: no instruction; the compiler keeps no memory in registers across it. */
#define barrier()		__asm__ volatile("" ::: "memory")
/* SAFETY: the same; and what the pointer leads to is looked at here. */
#define barrier_data(p)		__asm__ volatile("" :: "r" (p) : "memory")

/* SAFETY: the object keeps its type; volatile asks for one access and forbids no other. */
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile __typeof__(x) *)&(x) = (val))

#define __same_type(a, b)	__builtin_types_compatible_p(__typeof__(a), __typeof__(b))

#define __stringify_1(x...)	#x
#define __stringify(x...)	__stringify_1(x)
#define __concat_1(a, b)	a##b
#define __concat(a, b)		__concat_1(a, b)
#define __unique_id(prefix)	__concat(prefix, __COUNTER__)

#endif
