/* SPDX-License-Identifier: MIT */
/*
 * irq: interrupt lines.
 */
#include <kernel/irqdesc.h>
#include <kernel/seq_file.h>
#include <kernel/shell.h>
#include <lib/errno.h>

static int cmd_irq(int argc, char **argv)
{
	char line[160];

	(void)argv;
	if (argc > 1)
		return -EINVAL;
	for (unsigned int irq = 1; irq < irq_get_nr_irqs(); irq++) {
		struct seq_file seq = { .buf = line, .size = sizeof(line) };

		if (irq_show(&seq, irq))
			shell_puts(line);
	}
	return 0;
}
SHELL_COMMAND(irq, cmd_irq, "", "interrupt lines: number, counts, chip, trigger, users");
