/* SPDX-License-Identifier: MIT */
/*
 * A played PL011 with a device around it, for the suites of its driver: a clock of 24 MHz, as
 * on QEMU's virt machine, an interrupt, and an address where there is nothing.
 *
 * Context: the test's task, for all of this header.
 */
#ifndef PL011_DEVICE_H
#define PL011_DEVICE_H

#include <drivers/amba/bus.h>
#include <drivers/serial_core.h>
#include <drivers/tty.h>
#include <test/fake_pl011.h>
#include <test/kunit.h>

#define FE		FAKE_PL011_FE
#define PE		FAKE_PL011_PE
#define BE		FAKE_PL011_BE

/* Bits of the registers, DDI 0183G, chapter 3. */
#define BRK		0x01u
#define FEN		0x10u
#define UARTEN		0x001u
#define TXE		0x100u
#define RXE		0x200u
#define DTR		0x400u
#define RTS		0x800u
#define RTSEN		0x4000u
#define CTSEN		0x8000u
#define RX_INT		0x10u
#define TX_INT		0x20u
#define RT_INT		0x40u
#define MODEM_INT	0x0fu

#define REVISION_1	0x00141011
#define REVISION_3	0x00341011

/* Everything that can be in the FIFO and behind it. */
#define ALL		(2 * FAKE_PL011_DEPTH_MAX)

extern struct fake_pl011 fake;		/* .wire is what has left it */
extern struct amba_device *adev;	/* NULL: not there */
extern struct uart_port *port;		/* the driver's, while it is bound */
extern struct tty_port *tty;		/* counted, NULL: never bound */

/* Of a suite. */
int pl011_device_init(struct kunit *test);
void pl011_device_exit(struct kunit *test);

/* Adds the device; whether the driver is bound then is not said. */
void add_device(struct kunit *test, unsigned int periphid);
void add_device_of(struct kunit *test, unsigned int periphid, size_t size);

/* Adds the device, and the driver has to be bound. */
void bind_pl011(struct kunit *test, unsigned int periphid);

/* Takes it away, if it is there, and gives the terminal back. */
void unbind_pl011(void);

/* Its clock becomes one of that rate, before it is added. */
void set_clock_rate(struct kunit *test, unsigned long hz);

static inline unsigned int deliver(void)
{
	return reg_fake_deliver(&fake.reg);
}

static inline bool receive(u16 data)
{
	return fake_pl011_receive(&fake, data);
}

static inline void be_quiet(void)
{
	fake_pl011_quiet(&fake);
}

static inline unsigned int send(unsigned int n)
{
	return fake_pl011_send(&fake, n);
}

/* What is there, up to `n`. */
size_t read_all(char *buf, size_t n);

#endif
