/* SPDX-License-Identifier: MIT */
/*
 * A whole driver, to be copied: a button on one GPIO line toggles a light on another.
 *
 *   pin rises -> button_isr() in hard irq -> queue_work() -> button_work() in a task
 *
 * Its device is the node in button.dtsi. All is taken with devm_ functions, so there is
 * no remove: at unbind the irq is freed, then the work cancelled, then the lines put.
 */
#define DEBUG	/* dev_dbg() goes to the log, where dmesg shows it */

#include <drivers/gpio/consumer.h>
#include <drivers/platform_device.h>
#include <kernel/interrupt.h>
#include <kernel/shell.h>
#include <kernel/workqueue.h>

struct button {
	struct device *dev;
	struct gpio_desc *led;
	struct work_struct work;
	bool lit;
};

/* For the command below. [c] each is written in one place */
static unsigned int irqs, works, toggles;

static void button_work(struct work_struct *work)
{
	struct button *button = container_of(work, struct button, work);

	works++;
	button->lit = !button->lit;
	gpiod_set_value_cansleep(button->led, button->lit);
	toggles++;
	dev_dbg(button->dev, "light %s\n", button->lit ? "on" : "off");
}

static irqreturn_t button_isr(int irq, void *data)
{
	struct button *button = data;

	(void)irq;
	irqs++;
	queue_work(system_wq, &button->work);
	return IRQ_HANDLED;
}

static void button_stop(void *data)
{
	struct button *button = data;

	cancel_work_sync(&button->work);
}

static int button_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct button *button = devm_kzalloc(dev, sizeof(*button), GFP_KERNEL);
	struct gpio_desc *pin;
	int irq, ret;

	if (!button)
		return -ENOMEM;
	button->dev = dev;
	INIT_WORK(&button->work, button_work);
	button->led = devm_gpiod_get(dev, "led", GPIOD_OUT_LOW);
	if (IS_ERR(button->led))
		return PTR_ERR(button->led);
	pin = devm_gpiod_get(dev, "button", GPIOD_IN);
	if (IS_ERR(pin))
		return PTR_ERR(pin);
	ret = devm_add_action(dev, button_stop, button);
	if (ret)
		return ret;
	irq = gpiod_to_irq(pin);
	if (irq < 0)
		return dev_err_probe(dev, irq, "the button's line raises no interrupt\n");
	ret = devm_request_irq(dev, irq, button_isr, IRQF_TRIGGER_RISING, "button", button);
	if (!ret)
		dev_info(dev, "press it: irq %d\n", irq);
	return ret;
}

static const struct of_device_id button_of_match[] = { { .compatible = "nocla,button" }, { } };
static struct platform_driver button_driver = {
	.probe = button_probe,
	.driver = { .name = "button", .of_match_table = button_of_match },
};
module_platform_driver(button_driver);

static int cmd_button(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	shell_printf("irqs %u works %u toggles %u\n", irqs, works, toggles);
	return 0;
}
SHELL_COMMAND(button, cmd_button, "", "the button sample's counts");
