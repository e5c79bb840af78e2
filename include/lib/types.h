/* SPDX-License-Identifier: MIT */
/*
 * The basic types, under the names that Linux drivers use.
 *
 * Addresses on a bus or in physical memory are always 64 bits, whatever the
 * width of a pointer: an ARMv7-A part may have RAM and devices above 4 GiB.
 */
#ifndef LIB_TYPES_H
#define LIB_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int s32;
typedef long long s64;

typedef u64 phys_addr_t;
typedef u64 dma_addr_t;
typedef phys_addr_t resource_size_t;
typedef unsigned long irq_hw_number_t;
typedef unsigned int gfp_t;
typedef unsigned int slab_flags_t;

#ifndef __ssize_t_defined
#define __ssize_t_defined
typedef ptrdiff_t ssize_t;
#endif

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_head {
	struct hlist_node *first;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

#endif
