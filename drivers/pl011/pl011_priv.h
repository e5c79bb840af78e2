/* SPDX-License-Identifier: MIT */
/*
 * Between the driver and the early console.
 */
#ifndef PL011_PRIV_H
#define PL011_PRIV_H

#include <kernel/io.h>
#include <lib/compiler.h>
#include <lib/types.h>

#include "pl011_regs.h"

/*
 * Sends one byte, polled. A part that does not take one for a long time is not
 * waited for again until it takes one at once: *is_stuck, false at first, remembers.
 * Any context, no lock.
 */
void pl011_poll_put(void __iomem *base, bool *is_stuck, unsigned char ch);

#endif
