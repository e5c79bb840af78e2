/* SPDX-License-Identifier: MIT */
/*
 * The free objects that each CPU has at hand: that they are counted as free, that a cache gives
 * all of them back, and that no object has two owners when CPUs and interrupts meet.
 */
#include <kernel/fault-inject.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include <lib/math.h>
#include <test/kunit.h>

/* What fails of a count is the count: no request of a case is made to fail. */
#define GFP		(GFP_KERNEL | __GFP_NO_FAULT)
#define GFP_IRQ		(GFP_ATOMIC | __GFP_NO_FAULT)

#define OBJECT_BYTES	48

static struct kmem_cache *new_cache(struct kunit *test, const char *name)
{
	struct kmem_cache *c = kmem_cache_create(name, OBJECT_BYTES, 0, 0, NULL);

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_NOT_NULL(test, c);
	return c;
}

/* Many times what one CPU keeps: full and empty slabs come and go meanwhile. */
static void each_object_counts_while_somebody_has_it(struct kunit *test)
{
	enum { N = 301 };
	struct kmem_cache *c = new_cache(test, "counted");
	void **p = kmalloc(N * sizeof(*p), GFP);
	size_t before = slab_bytes_used();

	KUNIT_ASSERT_NOT_NULL(test, p);
	for (size_t i = 0; i < N; i++) {
		p[i] = kmem_cache_alloc(c, GFP);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
		KUNIT_ASSERT_EQ(test, slab_bytes_used(), before + (i + 1) * OBJECT_BYTES);
	}
	/* 8 and 301 have no common factor: each once, and none in the slab of the one before */
	for (size_t i = 0; i < N; i++) {
		kmem_cache_free(c, p[i * 8 % N]);
		KUNIT_ASSERT_EQ(test, slab_bytes_used(), before + (N - 1 - i) * OBJECT_BYTES);
	}
	kmem_cache_destroy(c);
	kfree(p);
}

static void a_cache_that_goes_keeps_no_page(struct kunit *test)
{
	struct kmem_cache *c = new_cache(test, "emptied");
	size_t before = slab_pages_used();
	void *p[40];

	for (size_t i = 0; i < ARRAY_SIZE(p); i++)
		p[i] = kmem_cache_alloc(c, GFP);
	for (size_t i = 0; i < ARRAY_SIZE(p); i++)
		kmem_cache_free(c, p[i]);
	KUNIT_EXPECT_GT(test, slab_pages_used(), before);
	kmem_cache_destroy(c);
	KUNIT_EXPECT_LE(test, slab_pages_used(), before);
}

static void what_came_last_goes_first(struct kunit *test)
{
	struct kmem_cache *c = new_cache(test, "last in");
	void *a = kmem_cache_alloc(c, GFP), *b = kmem_cache_alloc(c, GFP);

	kmem_cache_free(c, a);
	kmem_cache_free(c, b);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_alloc(c, GFP), b);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_alloc(c, GFP), a);
	kmem_cache_free(c, b);
	kmem_cache_free(c, a);
	kmem_cache_destroy(c);
}

/* ---- all CPUs at once ---- */

#define SLOTS		61
#define ROUNDS		3000u

/* An owner's number, which nobody else has; 0: none has it. */
struct item {
	unsigned long id;
	unsigned long room[4];
};

/* Whoever puts an item into a slot frees the one that was there, whose CPU was another's. */
struct hammer {
	struct kmem_cache *cache;
	struct item *slot[SLOTS];	/* [a] */
	atomic_t ids;
	atomic_t damaged;		/* items that had two owners */
	atomic_t running;
};

static void give_back(struct hammer *h, struct item *item)
{
	if (!item)
		return;
	if (item->id - 1 >= (unsigned long)atomic_read(&h->ids) || item->room[3] != item->id)
		atomic_inc(&h->damaged);
	item->id = 0;
	kmem_cache_free(h->cache, item);
}

static void exchange_one(struct hammer *h, gfp_t flags)
{
	struct item *item = kmem_cache_alloc(h->cache, flags);
	unsigned long id = (unsigned long)atomic_inc_return(&h->ids);

	if (!item)
		return;
	item->id = id;
	item->room[3] = id;
	give_back(h, xchg(&h->slot[id * 7 % SLOTS], item));
}

static int exchange_many(void *data)
{
	struct hammer *h = data;

	for (unsigned int i = 0; i < ROUNDS; i++)
		exchange_one(h, GFP);
	atomic_dec(&h->running);
	return 0;
}

static void exchange_in_irq(void *info)
{
	exchange_one(info, GFP_IRQ);
	exchange_one(info, GFP_IRQ);
}

static void start_on(struct kunit *test, struct hammer *h, unsigned int cpu)
{
	struct task_struct *t = kthread_create(exchange_many, h, "hammer/%u", cpu);

	KUNIT_ASSERT_FALSE(test, IS_ERR(t));
	atomic_inc(&h->running);
	kthread_bind(t, cpu);
	wake_up_process(t);
}

static void interrupt_all(struct hammer *h)
{
#ifdef CONFIG_SMP
	on_each_cpu(exchange_in_irq, h, true);
#else
	exchange_in_irq(h);
#endif
}

static void no_object_has_two_owners(struct kunit *test)
{
	struct hammer *h = kunit_kzalloc(test, sizeof(*h), GFP);
	size_t before;

	KUNIT_ASSERT_NOT_NULL(test, h);
	h->cache = new_cache(test, "hammer");
	before = slab_bytes_used();
	fault_leave(current);	/* who has been started uses the cache until all have ended */
	for (unsigned int cpu = 0; cpu < num_online_cpus(); cpu++)
		start_on(test, h, cpu);
	while (atomic_read(&h->running)) {
		interrupt_all(h);
		yield();
	}
	for (unsigned int i = 0; i < SLOTS; i++)
		give_back(h, h->slot[i]);
	KUNIT_EXPECT_EQ(test, atomic_read(&h->damaged), 0);
	kthread_free_cache();
	KUNIT_EXPECT_EQ(test, slab_bytes_used(), before);
	kmem_cache_destroy(h->cache);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(each_object_counts_while_somebody_has_it),
	KUNIT_CASE(a_cache_that_goes_keeps_no_page),
	KUNIT_CASE(what_came_last_goes_first),
	KUNIT_CASE(no_object_has_two_owners),
	{ }
};

static struct kunit_suite suite = { .name = "slab", .test_cases = cases };
kunit_test_suite(suite);
