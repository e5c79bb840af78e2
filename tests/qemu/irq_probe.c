/* SPDX-License-Identifier: MIT */
/*
 * The guest's half of test_triggers.py: a device that only counts its interrupts.
 * Lines and trigger types are those of its node, triggers.dtsi.
 *
 *   nocla> irqprobe          0 2 1 0 0
 *   nocla> irqprobe off      disables the lines
 *   nocla> irqprobe on       enables those that are disabled
 *
 * The handler cannot make a level go away, so it disables its line: each time a
 * level line is enabled, it counts at most once.
 */
#include <drivers/platform_device.h>
#include <kernel/interrupt.h>
#include <kernel/irq.h>
#include <kernel/shell.h>
#include <lib/atomic.h>
#include <lib/errno.h>
#include <lib/minmax.h>
#include <lib/string.h>

#define LINES_MAX	8

struct line {
	unsigned int irq;	/* [I] */
	atomic_t count;		/* [a] */
	bool off;		/* [a] xchg; whoever makes it false enables the line */
};

static struct line lines[LINES_MAX];
static int nr_lines;		/* [I] after probe */

static irqreturn_t count_irq(int irq, void *data)
{
	struct line *line = data;

	(void)irq;
	atomic_inc(&line->count);
	if (irq_get_trigger_type(line->irq) & IRQ_TYPE_LEVEL_MASK) {
		disable_irq_nosync(line->irq);
		xchg(&line->off, true);
	}
	return IRQ_HANDLED;
}

static int irq_probe_probe(struct platform_device *pdev)
{
	nr_lines = min(platform_irq_count(pdev), LINES_MAX);
	if (nr_lines <= 0)
		return nr_lines ? nr_lines : -EINVAL;
	for (int i = 0; i < nr_lines; i++) {
		int irq = platform_get_irq(pdev, (unsigned int)i), ret;

		if (irq < 0)
			return irq;
		lines[i].irq = (unsigned int)irq;
		ret = devm_request_irq(&pdev->dev, lines[i].irq, count_irq, 0, "irq-probe",
				       &lines[i]);
		if (ret)
			return ret;
	}
	return 0;
}

static const struct of_device_id irq_probe_of_match[] = {
	{ .compatible = "nocla,irq-probe" },
	{ }
};

static struct platform_driver irq_probe_driver = {
	.probe = irq_probe_probe,
	.driver = { .name = "irq-probe", .of_match_table = irq_probe_of_match },
};
module_platform_driver(irq_probe_driver);

static void switch_line(struct line *line, bool off)
{
	if (xchg(&line->off, off) == off)
		return;
	if (off)
		disable_irq(line->irq);
	else
		enable_irq(line->irq);
}

static int irq_probe_command(int argc, char **argv)
{
	bool on = argc == 2 && strcmp(argv[1], "on") == 0;
	bool off = argc == 2 && strcmp(argv[1], "off") == 0;

	if (argc > 1 && !on && !off)
		return -EINVAL;
	for (int i = 0; i < nr_lines; i++) {
		if (on || off)
			switch_line(&lines[i], off);
		else
			shell_printf("%d ", atomic_read(&lines[i].count));
	}
	shell_puts("\n");
	return 0;
}
SHELL_COMMAND(irqprobe, irq_probe_command, "[on | off]", "counts of the trigger types' test");
