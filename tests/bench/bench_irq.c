/* SPDX-License-Identifier: MIT */
/*
 * What an interrupt costs, from the interrupted code to its handler, to work that the
 * handler queues, and back.
 *
 * The line is a real one of the machine that nothing drives: QEMU's virt has 32
 * virtio-mmio slots, each with an SPI, and none is taken. It is made pending at
 * its controller with interrupts off; the run begins where they are turned on.
 */
#include <test/bench.h>

#include <drivers/of.h>
#include <drivers/of_irq.h>
#include <hal/irqflags.h>
#include <kernel/interrupt.h>
#include <kernel/sched.h>
#include <kernel/workqueue.h>
#include <lib/container_of.h>

struct measured_irq {
	struct bench *b;
	struct work_struct work;
	unsigned int irq;
	unsigned int handled;	/* by the handler */
	unsigned int worked;	/* by the work */
};

static void work_begins(struct work_struct *work)
{
	struct measured_irq *m = container_of(work, struct measured_irq, work);

	bench_end(m->b);
	m->worked++;
}

/* Puts `handler` on the line. Returns whether it could be had. */
static bool take_line(struct measured_irq *m, irq_handler_t handler)
{
	struct device_node *node = of_find_compatible_node(NULL, NULL, "virtio,mmio");

	INIT_WORK_ONSTACK(&m->work, work_begins);
	m->irq = node ? irq_of_parse_and_map(node, 0) : 0;
	of_node_put(node);
	return bench_check(m->b, m->irq) &&
	       bench_check(m->b, !request_irq(m->irq, handler, 0, "bench", m));
}

static void give_line_back(struct measured_irq *m)
{
	free_irq(m->irq, m);
	cancel_work_sync(&m->work);
}

/* Interrupts are off from here on, and the line waits for them. */
static void raise(struct measured_irq *m)
{
	unsigned int before = m->handled;

	local_irq_disable();
	bench_check(m->b, !irq_set_irqchip_state(m->irq, IRQCHIP_STATE_PENDING, true));
	bench_check(m->b, m->handled == before);
}

/* ---- irq_to_handler: to its first line ---- */

static irqreturn_t handler_ends_run(int irq, void *dev_id)
{
	struct measured_irq *m = dev_id;

	(void)irq;
	bench_end(m->b);
	m->handled++;
	return IRQ_HANDLED;
}

static void bench_irq_to_handler(struct bench *b)
{
	struct measured_irq m = { .b = b };

	if (!take_line(&m, handler_ends_run))
		return;
	for_each_bench_run(i) {
		raise(&m);
		bench_begin(b);
		local_irq_enable();
		bench_check(b, READ_ONCE(m.handled) == i + 1);
	}
	give_line_back(&m);
}
BENCH_CASE("irq_to_handler", bench_irq_to_handler);

/* ---- irq_round_trip: and back, with a handler that counts ---- */

static irqreturn_t handler_counts(int irq, void *dev_id)
{
	struct measured_irq *m = dev_id;

	(void)irq;
	m->handled++;
	return IRQ_HANDLED;
}

static void bench_irq_round_trip(struct bench *b)
{
	struct measured_irq m = { .b = b };

	if (!take_line(&m, handler_counts))
		return;
	for_each_bench_run(i) {
		raise(&m);
		bench_begin(b);
		local_irq_enable();
		bench_end(b);
		bench_check(b, READ_ONCE(m.handled) == i + 1);
	}
	give_line_back(&m);
}
BENCH_CASE("irq_round_trip", bench_irq_round_trip);

/* ---- irq_to_work: to the first line of the work that the handler queues ---- */

static irqreturn_t handler_queues_work(int irq, void *dev_id)
{
	struct measured_irq *m = dev_id;

	(void)irq;
	m->handled++;
	schedule_work(&m->work);
	return IRQ_HANDLED;
}

static void bench_irq_to_work(struct bench *b)
{
	struct measured_irq m = { .b = b };

	if (!take_line(&m, handler_queues_work))
		return;
	for_each_bench_run(i) {
		bench_settle();
		raise(&m);
		bench_begin(b);
		local_irq_enable();
		yield();
		bench_check(b, READ_ONCE(m.handled) == i + 1 && m.worked == i + 1);
	}
	give_line_back(&m);
}
BENCH_CASE("irq_to_work", bench_irq_to_work);
