/* SPDX-License-Identifier: MIT */
/*
 * The words of libgpiod: gpiodetect, gpioinfo, gpioget, gpioset, gpiomon.
 *
 *   nocla> gpiodetect
 *   gpiochip0 [9030000.pl061] (8 lines)
 *   nocla> gpioset gpiochip0 2=1
 *   nocla> gpiomon -n 1 gpiochip0 5
 *   event:  RISING EDGE offset: 5 timestamp: [      12.345678901]
 *
 * Options and output are those of libgpiod 1.6, as far as they are here. A chip is named by
 * gpiochip<n>, by n, or by its label. Values are logical: -l makes the lines active low. What
 * gpioset sets stays.
 *
 * Locking: the events of gpiomon have its monitor's lock.
 */
#include <drivers/gpio.h>
#include <kernel/interrupt.h>
#include <kernel/shell.h>
#include <kernel/slab.h>
#include <kernel/spinlock.h>
#include <kernel/timekeeping.h>
#include <lib/cleanup.h>
#include <lib/errno.h>
#include <lib/kstrtox.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#define EVENTS_MAX	64u

struct options {
	bool active_low, rising, falling;
	unsigned int count;	/* of events; 0: no end */
};

/*
 * Takes the options that `allowed` has letters for. Returns the first word behind them, or
 * -EINVAL.
 */
static int take_options(int argc, char **argv, const char *allowed, struct options *options)
{
	int i;

	*options = (struct options){ 0 };
	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (strlen(argv[i]) != 2 || !strchr(allowed, argv[i][1]))
			return -EINVAL;
		options->active_low |= argv[i][1] == 'l';
		options->rising |= argv[i][1] == 'r';
		options->falling |= argv[i][1] == 'f';
		if (argv[i][1] == 'n' && (++i == argc || kstrtouint(argv[i], 10, &options->count)))
			return -EINVAL;
	}
	return i;
}

static int find_bank(const char *name, struct gpio_bank *bank)
{
	unsigned int wanted, n;
	bool by_number = strstarts(name, "gpiochip") ?
			 !kstrtouint(name + strlen("gpiochip"), 10, &wanted) :
			 !kstrtouint(name, 10, &wanted);

	for (n = 0; gpio_describe_bank(n, bank) == 0; n++)
		if (by_number ? n == wanted : strcmp(name, bank->chip) == 0)
			return 0;
	return shell_fail(-ENODEV, "no chip %s", name);
}

static int take_line(const struct gpio_bank *bank, const char *word, const char *label,
		     bool active_low, struct gpio_desc **desc)
{
	struct gpio_line line;
	unsigned int offset;

	if (kstrtouint(word, 10, &offset) || offset >= bank->ngpio ||
	    gpio_describe(bank->base + offset, &line))
		return shell_fail(-EINVAL, "no line %s", word);
	*desc = gpio_request_desc(bank->base + offset, label);
	if (IS_ERR(*desc) && PTR_ERR(*desc) == -EBUSY)
		return shell_fail(-EBUSY, "line %s is used by %s", word, line.consumer);
	if (IS_ERR(*desc))
		return (int)PTR_ERR(*desc);
	if (active_low)
		gpiod_toggle_active_low(*desc);
	return 0;
}

/* ---- gpiodetect, gpioinfo ---- */

static int cmd_gpiodetect(int argc, char **argv)
{
	struct gpio_bank bank;

	(void)argv;
	if (argc > 1)
		return -EINVAL;
	for (unsigned int n = 0; gpio_describe_bank(n, &bank) == 0; n++)
		shell_printf("gpiochip%u [%s] (%u lines)\n", n, bank.chip, bank.ngpio);
	return 0;
}
SHELL_COMMAND(gpiodetect, cmd_gpiodetect, "", "GPIO chips");

/* The text in quotes, or what stands for none. */
static void print_quoted(const char *text, const char *none)
{
	char quoted[sizeof(((struct gpio_line *)NULL)->consumer) + 2];

	if (text[0])
		snprintf(quoted, sizeof(quoted), "\"%s\"", text);
	shell_printf("%12s ", text[0] ? quoted : none);
}

static void print_flags(const struct gpio_line *line)
{
	static const char *const pulls[] = { "", " pull-up", " pull-down", " bias-disabled" };
	char flags[64];

	snprintf(flags, sizeof(flags), "%s%s%s%s",
		 line->is_requested || line->is_irq ? " used" : "",
		 line->is_open_drain ? " open-drain" : "",
		 line->is_open_source ? " open-source" : "", pulls[line->pull]);
	if (flags[0])
		shell_printf("[%s]", flags + 1);
	shell_puts("\n");
}

static void print_bank(unsigned int n, const struct gpio_bank *bank)
{
	struct gpio_line line;

	shell_printf("gpiochip%u - %u lines:\n", n, bank->ngpio);
	for (unsigned int i = 0; i < bank->ngpio; i++) {
		if (gpio_describe(bank->base + i, &line))
			return;
		shell_printf("\tline %3u: ", i);
		print_quoted(line.name, "unnamed");
		print_quoted(line.consumer, line.is_requested ? "kernel" : "unused");
		shell_printf("%8s%13s", line.is_out ? "output " : "input ",
			     line.is_active_low ? "active-low " : "active-high ");
		print_flags(&line);
	}
}

static int cmd_gpioinfo(int argc, char **argv)
{
	struct gpio_bank bank, wanted;
	int ret = argc > 2 ? -EINVAL : argc == 2 ? find_bank(argv[1], &wanted) : 0;

	if (ret)
		return ret;
	for (unsigned int n = 0; gpio_describe_bank(n, &bank) == 0; n++)
		if (argc == 1 || bank.base == wanted.base)
			print_bank(n, &bank);
	return 0;
}
SHELL_COMMAND(gpioinfo, cmd_gpioinfo, "[<chip>]", "GPIO lines: name, user, direction, flags");

/* ---- gpioget, gpioset ---- */

static int get_line(const struct gpio_bank *bank, const char *word, bool active_low)
{
	struct gpio_desc *desc;
	int ret = take_line(bank, word, "gpioget", active_low, &desc);

	if (ret)
		return ret;
	ret = gpiod_direction_input(desc);
	if (!ret)
		ret = gpiod_get_value_cansleep(desc);
	gpio_free_desc(desc);
	return ret < 0 ? shell_fail(ret, "line %s cannot be read", word) : ret;
}

static int cmd_gpioget(int argc, char **argv)
{
	struct options options;
	struct gpio_bank bank;
	int values[SHELL_ARGS_MAX];
	int i = take_options(argc, argv, "l", &options), first = i + 1, ret;

	if (i < 0 || argc < first + 1)
		return -EINVAL;
	ret = find_bank(argv[i], &bank);
	if (ret)
		return ret;
	for (i = first; i < argc; i++) {
		values[i - first] = get_line(&bank, argv[i], options.active_low);
		if (values[i - first] < 0)
			return values[i - first];
	}
	for (i = first; i < argc; i++)
		shell_printf("%d%s", values[i - first], i + 1 < argc ? " " : "\n");
	return 0;
}
SHELL_COMMAND(gpioget, cmd_gpioget, "[-l] <chip> <line>...", "values of GPIO lines, as inputs");

/* "3=1": cuts the number off. */
static int take_value(char *word, int *value)
{
	char *equals = strchr(word, '=');

	if (!equals || (strcmp(equals, "=0") != 0 && strcmp(equals, "=1") != 0))
		return -EINVAL;
	*value = equals[1] - '0';
	*equals = '\0';
	return 0;
}

static int set_line(const struct gpio_bank *bank, const char *word, int value, bool active_low)
{
	struct gpio_desc *desc;
	int ret = take_line(bank, word, "gpioset", active_low, &desc);

	if (ret)
		return ret;
	ret = gpiod_direction_output(desc, value);
	gpio_free_desc(desc);
	return ret ? shell_fail(ret, "line %s cannot be set", word) : 0;
}

static int cmd_gpioset(int argc, char **argv)
{
	struct options options;
	struct gpio_bank bank;
	int values[SHELL_ARGS_MAX];
	int i = take_options(argc, argv, "l", &options), first = i + 1, ret;

	if (i < 0 || argc < first + 1)
		return -EINVAL;
	/* All is looked at before the first line is set. */
	for (int j = first; j < argc; j++)
		if (take_value(argv[j], &values[j - first]))
			return -EINVAL;
	ret = find_bank(argv[i], &bank);
	for (i = first; !ret && i < argc; i++)
		ret = set_line(&bank, argv[i], values[i - first], options.active_low);
	return ret;
}
SHELL_COMMAND(gpioset, cmd_gpioset, "[-l] <chip> <line>=<0|1>...", "sets GPIO lines, as outputs");

/* ---- gpiomon ---- */

struct event {
	u64 ns;
	unsigned int offset;
	bool rising;
};

struct monitor;

struct watched {
	struct monitor *monitor;	/* [I] */
	struct gpio_desc *desc;		/* [I] */
	unsigned int offset;		/* [I] */
	int irq;			/* [I] 0: not requested */
};

/* `[l]` lock; events[first ... first + nr) wait to be printed, the places being a ring. */
struct monitor {
	struct options options;		/* [I] */
	unsigned int nr_lines;		/* [o] the command's task */
	struct watched lines[SHELL_ARGS_MAX];	/* [o] */
	spinlock_t lock;
	unsigned int first, nr, lost;	/* [l] */
	struct event events[EVENTS_MAX];	/* [l] */
};

static void note_event(struct monitor *monitor, const struct event *event)
{
	guard(spinlock_irqsave)(&monitor->lock);
	if (monitor->nr == EVENTS_MAX)
		monitor->lost++;
	else
		monitor->events[(monitor->first + monitor->nr++) % EVENTS_MAX] = *event;
}

/* In a thread if the chip sleeps. With one edge asked for, it is that one that came. */
static irqreturn_t gpiomon_irq(int irq, void *data)
{
	struct watched *line = data;
	const struct options *options = &line->monitor->options;
	struct event event = { .ns = ktime_get_ns(), .offset = line->offset };

	(void)irq;
	if (options->rising != options->falling)
		event.rising = options->rising;
	else if (gpiod_cansleep(line->desc))
		event.rising = gpiod_get_value_cansleep(line->desc) > 0;
	else
		event.rising = gpiod_get_value(line->desc) > 0;
	note_event(line->monitor, &event);
	shell_wake();
	return IRQ_HANDLED;
}

static bool has_event(void *data)
{
	struct monitor *monitor = data;

	guard(spinlock_irqsave)(&monitor->lock);
	return monitor->nr;
}

/* Returns whether there was one. */
static bool take_event(struct monitor *monitor, struct event *event)
{
	guard(spinlock_irqsave)(&monitor->lock);
	if (!monitor->nr)
		return false;
	*event = monitor->events[monitor->first];
	monitor->first = (monitor->first + 1) % EVENTS_MAX;
	monitor->nr--;
	return true;
}

/* The wire's edges that the line's are, by its polarity. */
static unsigned long trigger_of(const struct options *options)
{
	bool rising = options->active_low ? options->falling : options->rising;
	bool falling = options->active_low ? options->rising : options->falling;

	if (rising == falling)
		return IRQF_TRIGGER_RISING | IRQF_TRIGGER_FALLING;
	return rising ? IRQF_TRIGGER_RISING : IRQF_TRIGGER_FALLING;
}

static int watch_line(struct monitor *monitor, const struct gpio_bank *bank, const char *word)
{
	struct watched *line = &monitor->lines[monitor->nr_lines];
	unsigned long flags = trigger_of(&monitor->options);
	int ret = take_line(bank, word, "gpiomon", monitor->options.active_low, &line->desc);

	if (ret)
		return ret;
	monitor->nr_lines++;
	line->monitor = monitor;
	line->offset = (unsigned int)desc_to_gpio(line->desc) - bank->base;
	ret = gpiod_direction_input(line->desc);
	if (!ret)
		ret = gpiod_to_irq(line->desc);
	if (ret < 0)
		return shell_fail(ret, "line %s has no events", word);
	line->irq = ret;
	if (gpiod_cansleep(line->desc))
		ret = request_threaded_irq((unsigned int)line->irq, NULL, gpiomon_irq,
					   flags | IRQF_ONESHOT, "gpiomon", line);
	else
		ret = request_irq((unsigned int)line->irq, gpiomon_irq, flags, "gpiomon", line);
	if (ret) {
		line->irq = 0;
		return shell_fail(ret, "events of line %s cannot be had", word);
	}
	return 0;
}

static void unwatch_lines(struct monitor *monitor)
{
	for (unsigned int i = 0; i < monitor->nr_lines; i++) {
		if (monitor->lines[i].irq)
			free_irq((unsigned int)monitor->lines[i].irq, &monitor->lines[i]);
		gpio_free_desc(monitor->lines[i].desc);
	}
}

static void print_event(const struct event *event)
{
	u32 ns;
	u64 seconds = div_u64_rem(event->ns, NSEC_PER_SEC, &ns);

	shell_printf("event: %s offset: %u timestamp: [%8llu.%09u]\n",
		     event->rising ? " RISING EDGE" : "FALLING EDGE", event->offset, seconds, ns);
}

/* Until as many as were asked for have come, or Ctrl-C. */
static int print_events(struct monitor *monitor)
{
	unsigned int left = monitor->options.count;
	struct event event;
	int ret;

	while (!(ret = shell_wait(has_event, monitor)))
		while (take_event(monitor, &event)) {
			print_event(&event);
			if (left && !--left)
				return 0;
		}
	return ret == -EINTR ? 0 : ret;
}

static int cmd_gpiomon(int argc, char **argv)
{
	struct monitor *monitor __free(kfree) = NULL;
	struct options options;
	int i = take_options(argc, argv, "lrfn", &options), ret;
	struct gpio_bank bank;

	if (i < 0 || argc < i + 2)
		return -EINVAL;
	ret = find_bank(argv[i], &bank);
	if (ret)
		return ret;
	monitor = kzalloc(sizeof(*monitor), GFP_KERNEL);
	if (!monitor)
		return -ENOMEM;
	monitor->options = options;
	spin_lock_init(&monitor->lock);
	while (!ret && ++i < argc)
		ret = watch_line(monitor, &bank, argv[i]);
	if (!ret)
		ret = print_events(monitor);
	unwatch_lines(monitor);
	if (!ret && monitor->lost)
		shell_printf("%u events lost\n", monitor->lost);
	return ret;
}
SHELL_COMMAND(gpiomon, cmd_gpiomon, "[-l] [-r] [-f] [-n <count>] <chip> <line>...",
	      "tells each edge of GPIO lines, until count or Ctrl-C");
