/* SPDX-License-Identifier: MIT */
/*
 * Between the driver and the early console.
 */
#ifndef PL011_PRIV_H
#define PL011_PRIV_H

#include <lib/compiler.h>

/*
 * Sends one byte, polled. A part that does not take a byte for a long time is
 * not waited for again until it takes one at once. Any context, no lock.
 */
void pl011_poll_put(void __iomem *base, unsigned char ch);

#endif
