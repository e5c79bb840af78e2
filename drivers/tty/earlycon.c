/* SPDX-License-Identifier: MIT */
/*
 * The first console: the UART that the tree's stdout-path names, else the
 * first one in the tree that can be one, else, with no tree at all, a PL011 at
 * the address that was configured for the board; where none was, the debugger's
 * console, if semihosting is configured.
 */
#include <drivers/earlycon.h>
#include <drivers/of.h>
#include <drivers/of_address.h>
#include <hal/boot.h>
#include <hal/semihost.h>
#include <kernel/boot.h>
#include <kernel/console.h>
#include <kernel/init.h>
#include <kernel/ioport.h>
#include <lib/errno.h>
#include <lib/kconfig.h>
#include <lib/string.h>

static int setup_node(const struct earlycon_id *id, struct device_node *node)
{
	struct resource res;
	int err = of_address_to_resource(node, 0, &res);

	if (err)
		return err;
	return res.start > UINT32_MAX ? -ENXIO : id->setup(hal_early_io(res.start));
}

static int setup_stdout(void)
{
	for_each_table_entry(earlycons, id)
		if (of_stdout && of_device_is_compatible(of_stdout, id->compatible))
			return setup_node(id, of_stdout);
	return -ENODEV;
}

static int setup_any(void)
{
	for_each_table_entry(earlycons, id) {
		struct device_node *node = NULL;

		while ((node = of_find_compatible_node(node, NULL, id->compatible)))
			if (of_device_is_available(node) && !setup_node(id, node))
				return 0;
	}
	return -ENODEV;
}

static void semihost_write(struct console *con, const char *text, size_t len)
{
	(void)con;
	while (len--)
		hal_semihost_putc(*text++);
}

static struct console semihost_console = {
	.name = "semihost",
	.flags = CON_BOOT,
	.write = semihost_write,
};

static int setup_fallback(void)
{
	for_each_table_entry(earlycons, id)
		if (CONFIG_EARLY_UART_FALLBACK_ADDR && strcmp(id->compatible, "arm,pl011") == 0)
			return id->setup(hal_early_io(CONFIG_EARLY_UART_FALLBACK_ADDR));
	if (IS_ENABLED(CONFIG_SEMIHOSTING))
		register_console(&semihost_console);
	return 0;
}

/* A machine whose console cannot be had boots all the same, and silently. */
static int earlycon_setup(void)
{
	if (!device_tree.root)
		return setup_fallback();
	of_attach_tree(&device_tree);
	if (setup_stdout())
		setup_any();
	return 0;
}
early_initcall(earlycon_setup);
