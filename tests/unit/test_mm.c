/* SPDX-License-Identifier: MIT */
/*
 * Memory: pages, objects, pools, mapped areas, and the promise of the page tables.
 */
#include <hal/irqflags.h>
#include <hal/mmu.h>
#include <hal/traps.h>
#include <kernel/io.h>
#include <kernel/mm.h>
#include <kernel/pool.h>
#include <kernel/slab.h>
#include <kernel/vmalloc.h>
#include <lib/bits.h>
#include <lib/errno.h>
#include <lib/kconfig.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <test/kunit.h>

#include "pages.h"

static void expect_two_blocks(struct kunit *test, unsigned long a, unsigned long b,
			      unsigned int order)
{
	size_t size = (size_t)PAGE_SIZE << order;

	KUNIT_EXPECT_EQ(test, virt_to_phys((void *)a) % size, 0);
	KUNIT_EXPECT_TRUE(test, a + size <= b || b + size <= a);
}

static void blocks_are_aligned_and_come_back(struct kunit *test)
{
	unsigned long before = free_pages_now();

	for (unsigned int order = 0; order <= MAX_ORDER; order++) {
		unsigned long a = __get_free_pages(GFP_KERNEL, order);
		unsigned long b = __get_free_pages(GFP_KERNEL, order);

		KUNIT_EXPECT_NE(test, a, 0);
		KUNIT_EXPECT_NE(test, b, 0);
		if (a && b)
			expect_two_blocks(test, a, b, order);
		KUNIT_EXPECT_EQ(test, free_pages_now(),
				before - (a ? BIT(order) : 0) - (b ? BIT(order) : 0));
		free_pages(a, order);
		free_pages(b, order);
	}
	KUNIT_EXPECT_EQ(test, free_pages_now(), before);
}

static void buddies_join_again(struct kunit *test)
{
	enum { N = 256 };
	unsigned long *pages = kunit_kzalloc(test, N * sizeof(*pages), GFP_KERNEL);
	struct mem_stats before, after;

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_NOT_NULL(test, pages);
	mm_get_stats(&before);
	for (unsigned int i = 0; i < N; i++)
		pages[i] = __get_free_page(GFP_KERNEL);
	/* every other one first, so that no two neighbours are free at once */
	for (unsigned int i = 0; i < N; i += 2)
		free_page(pages[i]);
	for (unsigned int i = 1; i < N; i += 2)
		free_page(pages[i]);
	mm_get_stats(&after);
	for (unsigned int o = 0; o <= MAX_ORDER; o++)
		KUNIT_EXPECT_EQ(test, after.free_blocks[o], before.free_blocks[o]);
}

/* All of memory, in the largest blocks there are, down to the last page, and back. */
static void memory_runs_out_politely(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("no page yet", 40, 0, 0, NULL);
	struct mem_stats before, empty, after;
	unsigned long chain = 0, p;
	void *object;

	kunit_tolerates_faults(test);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	mm_get_stats(&before);
	for (int order = MAX_ORDER; order >= 0; order--) {
		while ((p = __get_free_pages(GFP_KERNEL, (unsigned int)order)) != 0) {
			((unsigned long *)p)[0] = chain;
			((unsigned long *)p)[1] = (unsigned long)order;
			chain = p;
		}
	}
	mm_get_stats(&empty);
	p = (unsigned long)kmalloc(4096, GFP_KERNEL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	while (chain) {
		unsigned long next = ((unsigned long *)chain)[0];

		free_pages(chain, (unsigned int)((unsigned long *)chain)[1]);
		chain = next;
	}
	mm_get_stats(&after);
	KUNIT_EXPECT_EQ(test, empty.free_pages, 0);
	KUNIT_EXPECT_EQ(test, p, 0);
	KUNIT_EXPECT_NULL(test, object);
	if (object)
		kmem_cache_free(cache, object);
	kfree((void *)p);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_GT(test, empty.failures, before.failures);
	KUNIT_EXPECT_EQ(test, after.free_pages, before.free_pages);
	KUNIT_EXPECT_EQ(test, after.free_blocks[MAX_ORDER], before.free_blocks[MAX_ORDER]);
}

static void an_absurd_request_is_refused(struct kunit *test)
{
	kunit_tolerates_faults(test);
	KUNIT_EXPECT_EQ(test, __get_free_pages(GFP_KERNEL, MAX_ORDER + 1), 0);
	KUNIT_EXPECT_NULL(test, kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kmalloc_array(0x10000, 0x10001, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kcalloc(~(size_t)0, 2, GFP_KERNEL));
}

static void sizes_get_room_and_alignment(struct kunit *test)
{
	static const size_t sizes[] = { 0, 1, 8, 16, 17, 32, 33, 64, 65, 96, 97, 128, 129, 192, 193,
					256, 257, 512, 1024, 2048, 2049, 4096, 5000, 65536 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		u8 *p = kmalloc(sizes[i], GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_GE(test, ksize(p), sizes[i]);
		KUNIT_EXPECT_EQ(test, (unsigned long)p % 8, 0);
		if (is_power_of_2(sizes[i]) && sizes[i] >= 8)
			KUNIT_EXPECT_EQ(test,
					(unsigned long)p % min_t(size_t, sizes[i], PAGE_SIZE), 0);
		memset(p, 0xa5, sizes[i]);
		kfree(p);
	}
	kfree(NULL);
}

static void zeroed_means_zeroed(struct kunit *test)
{
	u8 *p = kmalloc(64, GFP_KERNEL), *q;
	unsigned int dirty = 0;

	KUNIT_ASSERT_NOT_NULL(test, p);
	memset(p, 0xff, 64);
	kfree(p);
	q = kzalloc(64, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, q);
	for (unsigned int i = 0; i < 64; i++)
		dirty += q[i] != 0;
	kfree(q);
	KUNIT_EXPECT_EQ(test, dirty, 0);
}

/* An array that ends with NULL. */
static void kfree_all(void *objects)
{
	for (void **p = objects; *p; p++)
		kfree(*p);
}

/* 300 objects, each with its own mark, none touched by another. */
static void objects_do_not_overlap(struct kunit *test)
{
	enum { N = 300 };
	u32 **p = kunit_kzalloc(test, (N + 1) * sizeof(*p), GFP_KERNEL);
	unsigned int damaged = 0;

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, kfree_all, p), 0);
	for (u32 i = 0; i < N; i++) {
		p[i] = kmalloc(24 + i % 40, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
		for (u32 w = 0; w < 6; w++)
			p[i][w] = i;
	}
	for (u32 i = 0; i < N; i++)
		for (u32 w = 0; w < 6; w++)
			damaged += p[i][w] != i;
	KUNIT_EXPECT_EQ(test, damaged, 0);
}

static void a_cache_counts_its_objects(struct kunit *test)
{
	struct kmem_cache *c = kmem_cache_create("test", 40, 0, 0, NULL);
	size_t before = slab_bytes_used();
	void *a, *b;

	KUNIT_ASSERT_NOT_NULL(test, c);
	a = kmem_cache_alloc(c, GFP_KERNEL);
	b = kmem_cache_alloc(c, GFP_ATOMIC);
	KUNIT_EXPECT_PTR_NE(test, a, b);
	KUNIT_EXPECT_EQ(test, slab_bytes_used(), before + 80);
	if (a)
		kmem_cache_free(c, a);
	if (b)
		kmem_cache_free(c, b);
	KUNIT_EXPECT_EQ(test, slab_bytes_used(), before);
	kmem_cache_destroy(c);
	KUNIT_EXPECT_NULL(test, kmem_cache_create("large", 4096, 0, 0, NULL));
	KUNIT_EXPECT_NULL(test, kmem_cache_create("odd", 40, 24, 0, NULL));
	KUNIT_EXPECT_NULL(test, kmem_cache_create("far apart", 40, 4096, 0, NULL));
	KUNIT_EXPECT_NULL(test, kmem_cache_create(NULL, 40, 0, 0, NULL));
}

static void a_pool_has_exactly_its_blocks(struct kunit *test)
{
	static u64 room[POOL_WORDS(24, 3)];
	struct pool pool;
	void *a, *b, *c;

	KUNIT_EXPECT_EQ(test, pool_init(&pool, room, sizeof(room), 20), 3);
	a = pool_alloc(&pool);
	b = pool_alloc(&pool);
	c = pool_alloc(&pool);
	KUNIT_EXPECT_NOT_NULL(test, c);
	KUNIT_EXPECT_PTR_NE(test, a, b);
	KUNIT_EXPECT_PTR_NE(test, b, c);
	KUNIT_EXPECT_NULL(test, pool_alloc(&pool));
	pool_free(&pool, b);
	KUNIT_EXPECT_PTR_EQ(test, pool_alloc(&pool), b);
	KUNIT_EXPECT_EQ(test, context_unsafe(pool.used), 3);
}

static char *new_stack(struct kunit *test)
{
	char *stack = vmap_stack_alloc(THREAD_SIZE);

	KUNIT_ASSERT_NOT_NULL(test, stack);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, vmap_stack_free, stack), 0);
	return stack;
}

static void a_stack_lies_between_gaps(struct kunit *test)
{
	unsigned long before = free_pages_now();
	char *stack = new_stack(test), *other = new_stack(test);

	memset(stack, 0x5a, THREAD_SIZE);
	KUNIT_EXPECT_TRUE(test, stack + THREAD_SIZE + PAGE_SIZE <= other ||
			  other + THREAD_SIZE + PAGE_SIZE <= stack);
	kunit_release_action(test, vmap_stack_free, stack);
	kunit_release_action(test, vmap_stack_free, other);
	/* a page of second-level tables may have stayed */
	KUNIT_EXPECT_GE(test, free_pages_now() + 1, before);
}

static void ioremap_keeps_the_offset(struct kunit *test)
{
	void __iomem *p = ioremap(0x09000018, 4);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, (unsigned long)p % PAGE_SIZE, 0x18);
	iounmap(p);
	KUNIT_EXPECT_NULL(test, ioremap(0x1000, 0));
	KUNIT_EXPECT_NULL(test, ioremap((1ull << 40) - 2, 4));
	KUNIT_EXPECT_NULL(test, ioremap(~(phys_addr_t)0, 2));
	KUNIT_EXPECT_NULL(test, ioremap(0, 0));
	KUNIT_EXPECT_NULL(test, ioremap(0, ~(size_t)0));
}

static void only_blocks_are_given_back(struct kunit *test)
{
	unsigned long p = __get_free_pages(GFP_KERNEL, 1), free = free_pages_now();

	KUNIT_ASSERT_NE(test, p, 0);
	KUNIT_EXPECT_REPORT(test, "is no block of order 0", free_pages(p, 0));
	KUNIT_EXPECT_REPORT(test, "is no block of order 1", free_pages(p + 8, 1));
	KUNIT_EXPECT_REPORT(test, "is no block of order 1", free_pages(LINEAR_BASE - PAGE_SIZE, 1));
	KUNIT_EXPECT_REPORT(test, "is no block of order 1", free_pages(LINEAR_END - PAGE_SIZE, 1));
	KUNIT_EXPECT_EQ(test, free_pages_now(), free);
	free_pages(p, 1);
	KUNIT_EXPECT_REPORT(test, "is no block of order 1", free_pages(p, 1));
	KUNIT_EXPECT_EQ(test, free_pages_now(), free + 2);
	free_pages(0, 0);
}

/* Its other half is in use, so that it stays a block of its order. */
static void a_free_page_is_not_given_back_again(struct kunit *test)
{
	unsigned long pages[32], *p = pages;

	for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
		pages[i] = __get_free_page(GFP_KERNEL);
		KUNIT_EXPECT_NE(test, pages[i], 0);
	}
	while (p < pages + ARRAY_SIZE(pages) - 1 && (p[0] ^ p[1]) != PAGE_SIZE)
		p++;
	KUNIT_EXPECT_EQ(test, p[0] ^ p[1], PAGE_SIZE);
	free_page(*p);
	KUNIT_EXPECT_REPORT(test, "is no block of order 0", free_page(*p));
	*p = 0;
	for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
		free_page(pages[i]);
}

static void what_is_unmapped_cannot_be_read(struct kunit *test)
{
	void __iomem *regs = ioremap(0x09000000, 4);
	unsigned long value, at = (unsigned long)regs;

	KUNIT_ASSERT_NOT_NULL(test, regs);
	KUNIT_EXPECT_EQ(test, hal_probe_read((void *)at, &value), 0);
	iounmap(regs);
	KUNIT_EXPECT_EQ(test, hal_probe_read((void *)at, &value), -EFAULT);
}

static void only_what_was_mapped_is_unmapped(struct kunit *test)
{
	static u32 somewhere;
	char *stack = new_stack(test);
	void __iomem *regs = ioremap(0x09000000, 4);

	KUNIT_ASSERT_NOT_NULL(test, regs);
	KUNIT_EXPECT_REPORT(test, "is no stack", vmap_stack_free(&somewhere));
	KUNIT_EXPECT_REPORT(test, "is no stack", vmap_stack_free((void *)8));
	KUNIT_EXPECT_REPORT(test, "is no stack", vmap_stack_free(stack + PAGE_SIZE));
	KUNIT_EXPECT_REPORT(test, "is no stack", vmap_stack_free((void *)regs));
	KUNIT_EXPECT_REPORT(test, "is not mapped", iounmap((void __iomem *)stack));
	KUNIT_EXPECT_REPORT(test, "is not mapped", iounmap((void __iomem *)&somewhere));
	stack[0] = 1;
	iounmap(regs);
	kunit_release_action(test, vmap_stack_free, stack);
	KUNIT_EXPECT_REPORT(test, "is not mapped", iounmap(regs));
	KUNIT_EXPECT_REPORT(test, "is no stack", vmap_stack_free(stack));
	iounmap(NULL);
	vmap_stack_free(NULL);
}

/* Each takes from `flags` whether the caller may sleep, before it looks for memory. */
static void what_may_sleep_is_reported_where_it_must_not(struct kunit *test)
	__no_context_analysis	/* what it is not to do is reported */
{
	unsigned long flags;
	void *p = NULL;

	kunit_tolerates_faults(test);
	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "a check of CONFIG_DEBUG");
	local_irq_save(flags);
	KUNIT_EXPECT_WARNINGS(test, 1, p = kmalloc(8, GFP_KERNEL));
	kfree(p);
	KUNIT_EXPECT_WARNINGS(test, 1, p = kmalloc(8192, GFP_KERNEL));
	kfree(p);
	KUNIT_EXPECT_WARNINGS(test, 1, p = (void *)__get_free_page(GFP_KERNEL));
	free_page((unsigned long)p);
	KUNIT_EXPECT_WARNINGS(test, 0, p = kzalloc(8, GFP_ATOMIC));
	KUNIT_EXPECT_WARNINGS(test, 0, kfree(p));
	KUNIT_EXPECT_WARNINGS(test, 0, p = kmalloc(8192, GFP_NOWAIT));
	KUNIT_EXPECT_WARNINGS(test, 0, kfree(p));
	local_irq_restore(flags);
}

static void maps_are_not_made_where_sleeping_is_forbidden(struct kunit *test)
	__no_context_analysis	/* what it is not to do is reported */
{
	void __iomem *regs;
	unsigned long flags;

	kunit_tolerates_faults(test);
	if (!IS_ENABLED(CONFIG_DEBUG))
		kunit_skip(test, "a check of CONFIG_DEBUG");
	regs = ioremap(0x09000000, 4);
	local_irq_save(flags);
	KUNIT_EXPECT_WARNINGS(test, 1, iounmap(regs));
	KUNIT_EXPECT_WARNINGS(test, 1, vmap_stack_free(NULL));
	KUNIT_EXPECT_WARNINGS(test, 1, regs = ioremap(0x1000, 0));
	local_irq_restore(flags);
}

struct walk {
	phys_addr_t text, text_end;	/* physical range of what can run */
	unsigned int both;		/* writable and executable in one mapping */
	unsigned int aliases;		/* writable mappings of executable memory */
	unsigned int executable, writable;
};

static void look(const struct hal_mapping *m, void *arg)
{
	struct walk *w = arg;

	w->both += m->writable && m->executable;
	w->executable += m->executable;
	w->writable += m->writable;
	w->aliases += m->writable && m->pa < w->text_end && m->pa + m->size > w->text;
}

/* Text runs and is nowhere writable; what is writable does not run. */
static void nothing_is_writable_and_executable(struct kunit *test)
{
	struct walk w = {
		.text = image_phys,
		.text_end = image_phys + (phys_addr_t)(_text_end - _image_start),
	};

	hal_mmu_walk(look, &w);
	KUNIT_EXPECT_EQ(test, w.both, 0);
	KUNIT_EXPECT_EQ(test, w.aliases, 0);
	KUNIT_EXPECT_EQ(test, w.executable, (_text_end - _image_start) / PAGE_SIZE);
	KUNIT_EXPECT_GT(test, w.writable, 0);
}

static struct kunit_case mm_cases[] = {
	KUNIT_CASE(blocks_are_aligned_and_come_back),
	KUNIT_CASE(buddies_join_again),
	KUNIT_CASE(memory_runs_out_politely),
	KUNIT_CASE(an_absurd_request_is_refused),
	KUNIT_CASE(sizes_get_room_and_alignment),
	KUNIT_CASE(zeroed_means_zeroed),
	KUNIT_CASE(objects_do_not_overlap),
	KUNIT_CASE(a_cache_counts_its_objects),
	KUNIT_CASE(a_pool_has_exactly_its_blocks),
	KUNIT_CASE(a_stack_lies_between_gaps),
	KUNIT_CASE(ioremap_keeps_the_offset),
	KUNIT_CASE(only_blocks_are_given_back),
	KUNIT_CASE(a_free_page_is_not_given_back_again),
	KUNIT_CASE(what_is_unmapped_cannot_be_read),
	KUNIT_CASE(only_what_was_mapped_is_unmapped),
	KUNIT_CASE(what_may_sleep_is_reported_where_it_must_not),
	KUNIT_CASE(maps_are_not_made_where_sleeping_is_forbidden),
	KUNIT_CASE(nothing_is_writable_and_executable),
	{}
};

static struct kunit_suite mm_suite = {
	.name = "mm",
	.test_cases = mm_cases,
};
kunit_test_suite(mm_suite);
