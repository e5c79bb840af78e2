/* SPDX-License-Identifier: MIT */
/*
 * Thread-Metric, by its public definition: how often in 1e9 instructions a loop of one
 * service comes round, everything in the loop counted.
 *
 *	cooperative		five threads of one priority, each counts and yields
 *	message			16 bytes are sent to a queue, received from it and compared
 *	synchronization		a semaphore is taken and given
 *	memory			a block of 128 bytes is taken and given back
 *	interrupt		an interrupt is caused; a semaphore is taken that its handler gives
 *
 * The queue is what a driver would make it of: a ring under a spin lock, with a wait queue for
 * who finds it empty or full. The interrupt is a line of the controller that nothing drives, made
 * pending by a write to the distributor, as the peers' ports write to it.
 */
#include <test/bench.h>

#include <drivers/of.h>
#include <drivers/of_address.h>
#include <drivers/of_irq.h>
#include <kernel/completion.h>
#include <kernel/interrupt.h>
#include <kernel/io.h>
#include <kernel/irq.h>
#include <kernel/kthread.h>
#include <kernel/pool.h>
#include <kernel/sched.h>
#include <kernel/semaphore.h>
#include <kernel/slab.h>
#include <kernel/wait.h>
#include <lib/bits.h>
#include <lib/err.h>

#define LOOPS		1000	/* in one run */
#define RUNS		(BENCH_WARMUP + 9)

static void begin(struct bench *b)
{
	b->divisor = LOOPS;
	b->per_billion = true;
}

/* ---- cooperative ---- */

#define THREADS		5

static struct {
	unsigned int counter[THREADS];
	struct task_struct *task[THREADS];
	struct bench *b;
	bool stop;
	struct completion ended;
} coop;

static int counts_and_yields(void *data)
{
	unsigned int *counter = data;

	while (!READ_ONCE(coop.stop)) {
		WRITE_ONCE(*counter, *counter + 1);
		yield();
	}
	return 0;
}

/* The first of them keeps the books: each of its rounds is one of each thread. */
static int counts_yields_and_measures(void *data)
{
	unsigned int *counter = data;

	for (unsigned int run = 0; run < RUNS; run++) {
		unsigned int end = *counter + LOOPS / THREADS;

		bench_begin(coop.b);
		do {
			WRITE_ONCE(*counter, *counter + 1);
			yield();
		} while (*counter != end);
		bench_end(coop.b);
	}
	WRITE_ONCE(coop.stop, true);
	complete(&coop.ended);
	return 0;
}

static void bench_tm_cooperative(struct bench *b)
{
	unsigned int sum = 0;

	begin(b);
	coop.b = b;
	coop.stop = false;
	init_completion(&coop.ended);
	for (unsigned int i = 0; i < THREADS; i++) {
		coop.counter[i] = 0;
		coop.task[i] = kthread_create(i ? counts_and_yields : counts_yields_and_measures,
					      &coop.counter[i], "tm/%u", i);
		if (!bench_check(b, !IS_ERR(coop.task[i])))
			return;
		get_task_struct(coop.task[i]);
	}
	for (unsigned int i = 0; i < THREADS; i++)
		wake_up_process(coop.task[i]);
	wait_for_completion(&coop.ended);
	for (unsigned int i = 0; i < THREADS; i++) {
		sum += coop.counter[i];
		kthread_join(coop.task[i]);
		put_task_struct(coop.task[i]);
	}
	bench_check(b, sum >= RUNS * LOOPS && sum <= RUNS * LOOPS + THREADS);
}
BENCH_CASE("tm_cooperative", bench_tm_cooperative);

/* ---- message ---- */

#define MESSAGE_WORDS	4
#define QUEUE_MESSAGES	10

struct message {
	unsigned long word[MESSAGE_WORDS];
};

static struct {
	spinlock_t lock;
	struct message slots[QUEUE_MESSAGES];
	unsigned int first, used;
	struct wait_queue_head not_empty, not_full;
} queue;

static bool try_put(const struct message *m)
{
	unsigned int at;

	guard(spinlock_irqsave)(&queue.lock);
	if (queue.used == QUEUE_MESSAGES)
		return false;
	at = queue.first + queue.used++;
	queue.slots[at < QUEUE_MESSAGES ? at : at - QUEUE_MESSAGES] = *m;
	return true;
}

static bool try_get(struct message *m)
{
	guard(spinlock_irqsave)(&queue.lock);
	if (!queue.used)
		return false;
	*m = queue.slots[queue.first++];
	if (queue.first == QUEUE_MESSAGES)
		queue.first = 0;
	queue.used--;
	return true;
}

static noinline void queue_send(const struct message *m)
{
	wait_event(queue.not_full, try_put(m));
	if (wq_has_sleeper(&queue.not_empty))
		wake_up(&queue.not_empty);
}

static noinline void queue_receive(struct message *m)
{
	wait_event(queue.not_empty, try_get(m));
	if (wq_has_sleeper(&queue.not_full))
		wake_up(&queue.not_full);
}

static void bench_tm_message(struct bench *b)
{
	struct message sent = { { 0x11112222, 0x33334444, 0x55556666, 0x77778888 } }, got;
	unsigned int equal = 0;

	begin(b);
	spin_lock_init(&queue.lock);
	init_waitqueue_head(&queue.not_empty);
	init_waitqueue_head(&queue.not_full);
	for (unsigned int run = 0; run < RUNS; run++) {
		bench_begin(b);
		for (unsigned int i = 0; i < LOOPS; i++) {
			queue_send(&sent);
			queue_receive(&got);
			equal += got.word[3] == sent.word[3];
			sent.word[3]++;
		}
		bench_end(b);
	}
	bench_check(b, equal == RUNS * LOOPS && !queue.used);
}
BENCH_CASE("tm_message", bench_tm_message);

/* ---- synchronization ---- */

static void bench_tm_synchronization(struct bench *b)
{
	struct semaphore sem;
	unsigned int counter = 0;

	begin(b);
	sema_init(&sem, 1);
	for (unsigned int run = 0; run < RUNS; run++) {
		bench_begin(b);
		for (unsigned int i = 0; i < LOOPS; i++) {
			down(&sem);
			up(&sem);
			WRITE_ONCE(counter, counter + 1);
		}
		bench_end(b);
	}
	bench_check(b, counter == RUNS * LOOPS && !down_trylock(&sem));
}
BENCH_CASE("tm_synchronization", bench_tm_synchronization);

/* ---- memory ---- */

#define BLOCK_BYTES	128
#define BLOCKS		16

static void bench_tm_memory(struct bench *b)
{
	static u64 room[POOL_WORDS(BLOCK_BYTES, BLOCKS)];
	unsigned int counter = 0, missing = 0;
	struct pool pool;

	begin(b);
	bench_check(b, pool_init(&pool, room, sizeof(room), BLOCK_BYTES) == BLOCKS);
	for (unsigned int run = 0; run < RUNS; run++) {
		bench_begin(b);
		for (unsigned int i = 0; i < LOOPS; i++) {
			void *block = pool_alloc(&pool);

			missing += !block;
			pool_free(&pool, block);
			WRITE_ONCE(counter, counter + 1);
		}
		bench_end(b);
	}
	bench_check(b, counter == RUNS * LOOPS && !missing);
}
BENCH_CASE("tm_memory", bench_tm_memory);

/* The same of kmalloc(), for who has no pool. */
static void bench_tm_memory_kmalloc(struct bench *b)
{
	unsigned int counter = 0, missing = 0;

	begin(b);
	for (unsigned int run = 0; run < RUNS; run++) {
		bench_begin(b);
		for (unsigned int i = 0; i < LOOPS; i++) {
			void *block = kmalloc(BLOCK_BYTES, GFP_KERNEL);

			missing += !block;
			kfree(block);
			WRITE_ONCE(counter, counter + 1);
		}
		bench_end(b);
	}
	bench_check(b, counter == RUNS * LOOPS && !missing);
}
BENCH_CASE("tm_memory_kmalloc", bench_tm_memory_kmalloc);

/* ---- interrupt ---- */

#define GICD_ISPENDR	0x200

static struct {
	struct semaphore sem;
	unsigned int handled;
} in_irq;

static irqreturn_t gives(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	in_irq.handled++;
	up(&in_irq.sem);
	return IRQ_HANDLED;
}

static void measure_interrupts(struct bench *b, void __iomem *pending, u32 bit)
{
	unsigned int counter = 0;

	in_irq.handled = 0;
	sema_init(&in_irq.sem, 0);
	for (unsigned int run = 0; run < RUNS; run++) {
		bench_begin(b);
		for (unsigned int i = 0; i < LOOPS; i++) {
			writel_relaxed(bit, pending);
			down(&in_irq.sem);
			counter++;
		}
		bench_end(b);
	}
	bench_check(b, counter == RUNS * LOOPS && in_irq.handled == counter);
}

static void bench_tm_interrupt(struct bench *b)
{
	struct device_node *device = of_find_compatible_node(NULL, NULL, "virtio,mmio");
	struct device_node *gic = of_find_compatible_node(NULL, NULL, "arm,cortex-a15-gic");
	unsigned int irq = device ? irq_of_parse_and_map(device, 0) : 0;
	void __iomem *base = gic ? of_iomap(gic, 0) : NULL;
	irq_hw_number_t line = irq ? irqd_to_hwirq(irq_get_irq_data(irq)) : 0;

	begin(b);
	if (bench_check(b, irq && base) &&
	    bench_check(b, !request_irq(irq, gives, 0, "bench", &in_irq))) {
		measure_interrupts(b, base + GICD_ISPENDR + line / 32 * sizeof(u32),
				   (u32)BIT(line % 32));
		free_irq(irq, &in_irq);
	}
	if (base)
		iounmap(base);
	of_node_put(device);
	of_node_put(gic);
}
BENCH_CASE("tm_interrupt", bench_tm_interrupt);
