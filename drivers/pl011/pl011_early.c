/* SPDX-License-Identifier: MIT */
/*
 * The first console: a PL011 as it was found, polled. Neither the speed nor the
 * FIFOs are touched, so nothing that was received before the driver comes is lost.
 */
#include <drivers/earlycon.h>
#include <kernel/console.h>
#include <kernel/io.h>
#include <lib/errno.h>

#include "pl011_priv.h"
#include "pl011_regs.h"

static void __iomem *early_base;	/* [I] from early_pl011_setup() on */

static void early_pl011_write(struct console *con, const char *text, size_t len)
{
	static bool is_stuck;
	void __iomem *base = early_base;

	(void)con;
	for (; len; len--, text++) {
		if (*text == '\n')
			pl011_poll_put(base, &is_stuck, '\r');
		/* Nearly always there is room. */
		if (likely(!is_stuck && !(readl_relaxed(base + PL011_FR) & FR_TXFF)))
			writel_relaxed((unsigned char)*text, base + PL011_DR);
		else
			pl011_poll_put(base, &is_stuck, (unsigned char)*text);
	}
}

static struct console early_pl011_console = {
	.name = "early_pl011",
	.flags = CON_BOOT,
	.write = early_pl011_write,
};

static int early_pl011_setup(void __iomem *base)
{
	u32 cr;

	if (!base)
		return -ENOMEM;
	if (early_base)
		return -EBUSY;
	early_base = base;
	cr = readl_relaxed(base + PL011_CR);
	if (!(cr & CR_UARTEN) || !(cr & CR_TXE))
		writel_relaxed(cr | CR_UARTEN | CR_TXE, base + PL011_CR);
	register_console(&early_pl011_console);
	return 0;
}

EARLYCON_DECLARE(pl011, "arm,pl011", early_pl011_setup);
