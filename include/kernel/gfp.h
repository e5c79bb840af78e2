/* SPDX-License-Identifier: MIT */
/*
 * How an allocation may go about its work. Every allocation can fail.
 */
#ifndef KERNEL_GFP_H
#define KERNEL_GFP_H

#include <lib/types.h>

#define __GFP_MAY_SLEEP	0x1u	/* the caller is a task that holds nothing */
#define __GFP_ZERO	0x2u	/* the memory comes zeroed */
#define __GFP_NO_FAULT	0x4u	/* never made to fail by <kernel/fault-inject.h> */
#define __GFP_NOWARN	0x8u	/* the caller does without as well: nobody is told of a failure */

#define GFP_KERNEL	__GFP_MAY_SLEEP
#define GFP_ATOMIC	0u
#define GFP_NOWAIT	0u

#endif
