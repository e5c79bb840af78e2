/* SPDX-License-Identifier: MIT */
/*
 * Keys on GPIO lines: the nodes below one that is compatible with "gpio-keys".
 *
 * Either edge of a line starts the debounce time anew; when it has passed the key is
 * read. Each press and release is told in the log, and the power key switches the
 * machine off in order. A key whose node is wrong is told and left out: the others work.
 *
 * A key without a line but with an interrupt cannot be read: the interrupt is its press, and it
 * is released when none has come for the debounce time.
 *
 * Document: Linux's binding input/gpio-keys.yaml; of it gpios, interrupts, linux,code,
 * linux,input-type, label and debounce-interval.
 *
 * Locking: what changes belongs to the key's work item.
 */
#include <drivers/device.h>
#include <drivers/gpio/consumer.h>
#include <drivers/of.h>
#include <drivers/of_irq.h>
#include <drivers/platform_device.h>
#include <kernel/fwnode.h>
#include <kernel/interrupt.h>
#include <kernel/jiffies.h>
#include <kernel/moduleparam.h>
#include <kernel/reboot.h>
#include <kernel/workqueue.h>

/* Types of events and codes of keys are those of Linux's input-event-codes.h. */
#define EV_KEY			1
#define KEY_POWER		116

static unsigned int debounce_ms = 5;
module_param(debounce_ms, uint, 0444);
MODULE_PARM_DESC(debounce_ms, "how long a key has to be still, unless its node says so");

struct gpio_key {
	struct device *dev;		/* [I] */
	struct gpio_desc *gpio;		/* [I] NULL: an interrupt alone */
	const char *label;		/* [I] */
	u32 type;			/* [I] EV_KEY, or a switch */
	u32 code;			/* [I] */
	u32 debounce_ms;		/* [I] */
	int is_pressed;			/* [o] the work item; READ_ONCE in the handler */
	struct delayed_work work;
};

static struct gpio_key *to_gpio_key(struct work_struct *work)
{
	return container_of(to_delayed_work(work), struct gpio_key, work);
}

static void gpio_key_report(struct gpio_key *key, int is_pressed)
{
	WRITE_ONCE(key->is_pressed, is_pressed);
	dev_info(key->dev, "%s (code %u) %s\n", key->label, key->code,
		 is_pressed ? "pressed" : "released");
	if (is_pressed && key->type == EV_KEY && key->code == KEY_POWER)
		orderly_poweroff(true);
}

static void gpio_key_work(struct work_struct *work)
{
	struct gpio_key *key = to_gpio_key(work);
	int is_pressed = gpiod_get_value_cansleep(key->gpio);

	if (is_pressed >= 0 && is_pressed != key->is_pressed)
		gpio_key_report(key, is_pressed);
}

/* Of a key without a line: the first is its press, the next its release. */
static void irq_key_work(struct work_struct *work)
{
	struct gpio_key *key = to_gpio_key(work);

	gpio_key_report(key, !key->is_pressed);
	if (key->is_pressed)
		schedule_delayed_work(&key->work, msecs_to_jiffies(key->debounce_ms));
}

static irqreturn_t gpio_key_isr(int irq, void *data)
{
	struct gpio_key *key = data;

	(void)irq;
	mod_delayed_work(system_wq, &key->work, msecs_to_jiffies(key->debounce_ms));
	return IRQ_HANDLED;
}

static irqreturn_t irq_key_isr(int irq, void *data)
{
	struct gpio_key *key = data;
	u32 ms = READ_ONCE(key->is_pressed) ? key->debounce_ms : 0;

	(void)irq;
	mod_delayed_work(system_wq, &key->work, msecs_to_jiffies(ms));
	return IRQ_HANDLED;
}

static void gpio_key_stop(void *data)
{
	struct gpio_key *key = data;

	cancel_delayed_work_sync(&key->work);
}

static int gpio_key_read_node(struct gpio_key *key, struct device_node *np)
{
	int ret = of_property_read_u32(np, "linux,code", &key->code);

	if (ret)
		return dev_err_probe(key->dev, ret, "%pOF has no linux,code\n", np);
	key->label = np->name;
	of_property_read_string(np, "label", &key->label);
	key->type = EV_KEY;
	of_property_read_u32(np, "linux,input-type", &key->type);
	key->debounce_ms = debounce_ms;
	of_property_read_u32(np, "debounce-interval", &key->debounce_ms);
	return 0;
}

/* Undone after the interrupt is: then nobody queues the work again. */
static int gpio_key_init_work(struct gpio_key *key, work_func_t fn)
{
	INIT_DELAYED_WORK(&key->work, fn);
	return devm_add_action(key->dev, gpio_key_stop, key);
}

static int gpio_key_watch_line(struct gpio_key *key, struct device_node *np)
{
	int ret = gpio_key_init_work(key, gpio_key_work);

	if (ret)
		return ret;
	ret = gpiod_to_irq(key->gpio);
	if (ret < 0)
		return dev_err_probe(key->dev, ret, "%pOF: no interrupt\n", np);
	ret = devm_request_irq(key->dev, ret, gpio_key_isr,
			       IRQF_TRIGGER_RISING | IRQF_TRIGGER_FALLING, key->label, key);
	/* A key that is down since before the first edge. */
	if (!ret)
		schedule_delayed_work(&key->work, msecs_to_jiffies(key->debounce_ms));
	return ret;
}

static int gpio_key_watch_irq(struct gpio_key *key, struct device_node *np)
{
	int irq = of_irq_get(np, 0);
	int ret;

	if (irq < 0)
		return dev_err_probe(key->dev, irq, "%pOF: no gpio, and no interrupt\n", np);
	ret = gpio_key_init_work(key, irq_key_work);
	return ret ? ret : devm_request_irq(key->dev, irq, irq_key_isr, 0, key->label, key);
}

static int gpio_key_setup(struct gpio_key *key, struct device_node *np)
{
	struct device *dev = key->dev;
	int ret = gpio_key_read_node(key, np);

	if (ret)
		return ret;
	key->gpio = devm_fwnode_gpiod_get(dev, of_fwnode_handle(np), NULL, GPIOD_IN, key->label);
	if (!IS_ERR(key->gpio))
		return gpio_key_watch_line(key, np);
	if (PTR_ERR(key->gpio) != -ENOENT)
		return dev_err_probe(dev, PTR_ERR(key->gpio), "%pOF: no gpio\n", np);
	key->gpio = NULL;
	return gpio_key_watch_irq(key, np);
}

/* Leaves nothing of a key that cannot be had. */
static int gpio_key_add(struct device *dev, struct device_node *np)
{
	struct gpio_key *key;
	int ret = -ENOMEM;

	if (!devres_open_group(dev, np, GFP_KERNEL))
		return -ENOMEM;
	key = devm_kzalloc(dev, sizeof(*key), GFP_KERNEL);
	if (key) {
		key->dev = dev;
		ret = gpio_key_setup(key, np);
	}
	if (ret)
		devres_release_group(dev, np);
	else
		devres_close_group(dev, np);
	return ret;
}

static int gpio_keys_probe(struct platform_device *pdev)
{
	struct device_node *np;
	int ret, first_error = 0;
	bool has_key = false;

	for_each_available_child_of_node(pdev->dev.of_node, np) {
		ret = gpio_key_add(&pdev->dev, np);
		/* What will be there later is worth another try of all. */
		if (ret == -EPROBE_DEFER || ret == -ENOMEM)
			return ret;
		has_key |= !ret;
		first_error = first_error ?: ret;
	}
	return has_key ? 0 : first_error;
}

static const struct of_device_id gpio_keys_of_match[] = {
	{ .compatible = "gpio-keys" },
	{ }
};

static struct platform_driver gpio_keys_driver = {
	.probe = gpio_keys_probe,
	.driver = {
		.name = "gpio-keys",
		.of_match_table = gpio_keys_of_match,
	},
};
module_platform_driver(gpio_keys_driver);
