/* SPDX-License-Identifier: MIT */
/*
 * Early consoles: a UART that can print before there is memory or a driver.
 *
 *   static int early_foo_setup(void __iomem *base) { ... register_console(&c); return 0; }
 *   EARLYCON_DECLARE(foo, "acme,foo", early_foo_setup);
 */
#ifndef DRIVERS_EARLYCON_H
#define DRIVERS_EARLYCON_H

#include <lib/compiler.h>
#include <lib/table.h>

struct earlycon_id {
	const char *compatible;
	/* The registers are mapped. Returns 0 or a negative errno. Context: boot, polled. */
	int (*setup)(void __iomem *base);
};

DECLARE_TABLE(earlycons, struct earlycon_id);

#define EARLYCON_DECLARE(name, compat, fn)				\
	TABLE_ENTRY(earlycons, struct earlycon_id, earlycon_##name) = {	\
		.compatible = compat, .setup = fn,				\
	}

#endif
