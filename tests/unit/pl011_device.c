/* SPDX-License-Identifier: MIT */
/*
 * The device around a played PL011: see pl011_device.h.
 *
 * The driver is bound to a device of its own at an address where there is nothing; its
 * accesses end in the fake.
 */
#include <drivers/clk-provider.h>
#include <lib/errno.h>
#include <lib/math.h>

#include "fake_tree.h"
#include "pl011_device.h"

#define FAKE_ADDRESS	0x0d000000
#define FAKE_SIZE	0x1000

struct fake_pl011 fake;

static struct clk_hw *clk;
static struct device_node *clk_node, *uart_node;
struct amba_device *adev;
struct uart_port *port;
struct tty_port *tty;

/* The UART's node, with a clock of 24 MHz as on QEMU's virt machine, and an interrupt. */
static struct device_node *fill_tree(struct kunit *test)
{
	struct device_node *root = fake_tree_attach(test), *irq_node;

	clk_node = fake_node(test, root, "clk");
	fake_cells(test, clk_node, "#clock-cells", 0);
	fake_phandle(clk_node, 1);
	irq_node = fake_node(test, root, "intc");
	fake_property(test, irq_node, "interrupt-controller", "", 0);
	fake_cells(test, irq_node, "#interrupt-cells", 1);
	fake_phandle(irq_node, 2);
	uart_node = fake_node(test, root, "uart");
	fake_cells(test, uart_node, "clocks", 1, 1);
	fake_strings(test, uart_node, "clock-names", "uartclk\0apb_pclk");
	fake_cells(test, uart_node, "interrupt-parent", 2);
	fake_cells(test, uart_node, "interrupts", 0);
	return irq_node;
}

static int add_providers(struct device_node *irq_node)
{
	if (!reg_fake_add_irq(&fake.reg, of_node_to_fwnode(irq_node)))
		return -ENOMEM;
	clk = clk_hw_register_fixed_rate(NULL, "fake-clk", NULL, 0, 24000000);
	if (IS_ERR(clk))
		return (int)PTR_ERR(clk);
	return of_clk_add_hw_provider(clk_node, of_clk_hw_simple_get, clk);
}

int pl011_device_init(struct kunit *test)
{
	fake_pl011_init(&fake, 16);
	tty = NULL;
	adev = NULL;
	return add_providers(fill_tree(test));
}

void unbind_pl011(void)
{
	fake.polls_per_char = 4;	/* the driver waits for the last byte */
	if (adev)
		amba_device_unregister(adev);
	adev = NULL;
	if (tty)
		tty_port_put(tty);
	tty = NULL;
}

void pl011_device_exit(struct kunit *test)
{
	unbind_pl011();
	reg_fake_detach(test, &fake.reg);
	of_clk_del_provider(clk_node);
	clk_hw_unregister_fixed_rate(clk);
	fake_tree_detach();
	reg_fake_remove_irq(&fake.reg);
}

void set_clock_rate(struct kunit *test, unsigned long hz)
{
	struct clk_hw *other = clk_hw_register_fixed_rate(NULL, "other", NULL, 0, hz);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, other);
	of_clk_del_provider(clk_node);
	clk_hw_unregister_fixed_rate(clk);
	clk = other;
	KUNIT_ASSERT_EQ(test, of_clk_add_hw_provider(clk_node, of_clk_hw_simple_get, clk), 0);
}

void add_device_of(struct kunit *test, unsigned int periphid, size_t size)
{
	int err;

	KUNIT_ASSERT_EQ(test, reg_fake_attach(&fake.reg, FAKE_ADDRESS), 0);
	adev = amba_device_alloc("fake-pl011", FAKE_ADDRESS, size);
	KUNIT_ASSERT_NOT_NULL(test, adev);
	adev->dev.of_node = uart_node;
	adev->periphid = periphid;
	err = amba_device_add(adev, &iomem_resource);
	if (err) {
		amba_device_put(adev);
		adev = NULL;
	}
	KUNIT_ASSERT_EQ(test, err, 0);
}

void add_device(struct kunit *test, unsigned int periphid)
{
	add_device_of(test, periphid, FAKE_SIZE);
}

void bind_pl011(struct kunit *test, unsigned int periphid)
{
	add_device(test, periphid);
	KUNIT_ASSERT_TRUE(test, device_is_bound(&adev->dev));
	port = amba_get_drvdata(adev);	/* begins with the port */
	KUNIT_ASSERT_PTR_EQ(test, (void *)port->membase, (void *)fake.reg.hook.base);
	tty = tty_port_get(&port->state->port);
}

size_t read_all(char *buf, size_t n)
{
	size_t got = 0;

	while (got < n && (!ring_is_empty(&tty->rx) || READ_ONCE(tty->throttled))) {
		ssize_t len = tty_read(tty, buf + got, n - got);

		if (len < 0)
			break;
		got += (size_t)len;
	}
	return got;
}
