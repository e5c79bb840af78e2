/* SPDX-License-Identifier: MIT */
/*
 * The machine's own promises: reads that may fail, what cannot be run, pages that are not there,
 * and an unwinder that damaged tables do not lead in circles.
 */
#include <hal/memory.h>
#include <hal/mmu.h>
#include <hal/traps.h>
#include <hal/unwind.h>
#include <kernel/boot.h>
#include <lib/bits.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <test/kunit.h>

#define SCTLR_WXN	BIT(19)		/* ARM DDI 0406C, B4.1.130 */

extern char _irq_stack_guard[], _abt_stack_guard[], _und_stack_guard[], _boot_stack_guard[];

static void a_read_of_nothing_is_refused(struct kunit *test)
{
	unsigned long value = 0x5a5a;

	KUNIT_EXPECT_EQ(test, hal_probe_read((const void *)0x100, &value), -EFAULT);
	KUNIT_EXPECT_EQ(test, value, 0x5a5aul);
	KUNIT_EXPECT_EQ(test, hal_probe_read(_irq_stack_guard, &value), -EFAULT);
	KUNIT_EXPECT_EQ(test, value, 0x5a5aul);
}

static void a_read_of_something_gives_it(struct kunit *test)
{
	static const unsigned long there = 0x12345678;
	unsigned long value = 0;

	KUNIT_EXPECT_EQ(test, hal_probe_read(&there, &value), 0);
	KUNIT_EXPECT_EQ(test, value, there);
}

/* No mapping is writable and executable; this is for one that a stray write makes. */
static void what_can_be_written_cannot_be_run(struct kunit *test)
{
	u32 sctlr;

	__asm__("mrc p15, 0, %0, c1, c0, 0" : "=r" (sctlr));
	KUNIT_EXPECT_TRUE(test, sctlr & SCTLR_WXN);
}

struct search {
	unsigned long va;
	bool found;
};

static void search_mapping(const struct hal_mapping *m, void *arg)
{
	struct search *search = arg;

	search->found |= search->va - m->va < m->size;
}

static bool is_mapped(const void *p)
{
	struct search search = { .va = (unsigned long)p };

	hal_mmu_walk(search_mapping, &search);
	return search.found;
}

static void below_each_stack_there_is_no_page(struct kunit *test)
{
	static char *const guards[] = {
		_irq_stack_guard, _abt_stack_guard, _und_stack_guard, _boot_stack_guard,
	};

	for (size_t i = 0; i < ARRAY_SIZE(guards); i++) {
		KUNIT_EXPECT_FALSE(test, is_mapped(guards[i]));
		KUNIT_EXPECT_TRUE(test, is_mapped(guards[i] + PAGE_SIZE));
	}
}

struct span {
	unsigned long start, end;
	size_t in, out;		/* bytes mapped in the window, of the tree's pages and others */
};

static void measure(const struct hal_mapping *m, void *arg)
{
	struct span *span = arg;

	if (m->va < TREE_BASE || m->va >= EARLY_IO_BASE)
		return;
	for (size_t at = 0; at < m->size; at += PAGE_SIZE) {
		if (m->va + at >= span->start && m->va + at < span->end)
			span->in += PAGE_SIZE;
		else
			span->out += PAGE_SIZE;
	}
	span->out += m->writable || m->executable;
}

static void of_the_trees_window_the_trees_pages_are_mapped(struct kunit *test)
{
	struct span tree = {
		.start = (unsigned long)device_tree.blob & PAGE_MASK,
		.end = PAGE_ALIGN((unsigned long)device_tree.blob + device_tree.blob_size),
	};

	hal_mmu_walk(measure, &tree);
	KUNIT_EXPECT_EQ(test, tree.in, tree.end - tree.start);
	KUNIT_EXPECT_EQ(test, tree.out, (size_t)0);
}

/*
 * Functions whose tables say (IHI 0038, table 4): 0x40 + n, sp falls by 4n + 4; n, it rises;
 * 0x84 0x00, pop lr. None of them is run.
 */
extern const char _sp_falls[], _sp_stays[], _sp_rises[];
__asm__(".pushsection .text.unwound, \"ax\", %progbits\n"
	".thumb\n"
	".type _sp_falls, %function\n"
	"_sp_falls: .fnstart\n nop\n nop\n .unwind_raw 0, 0x4f\n .fnend\n"
	".type _sp_stays, %function\n"
	"_sp_stays: .fnstart\n nop\n nop\n .fnend\n"
	".type _sp_rises, %function\n"
	"_sp_rises: .fnstart\n nop\n nop\n .unwind_raw 0, 0x0f\n .fnend\n"
	".popsection");

/* The unwinder inside `function`, called from `caller`. */
static bool leaves(const char *function, unsigned long caller, unsigned long *fell)
{
	unsigned long stack[32];
	struct pt_regs regs = {
		.sp = (unsigned long)&stack[16],
		.lr = caller,
		.pc = ((unsigned long)function & ~1UL) + 2,
		.cpsr = 0x13,
	};
	struct hal_unwind u;
	bool more;

	hal_unwind_start(&u, &regs);
	more = hal_unwind_next(&u);
	*fell = regs.sp - u.r[13];
	return more;
}

static void a_frame_above_its_caller_ends_a_backtrace(struct kunit *test)
{
	unsigned long inside_the_test = (unsigned long)_sp_falls + 2, fell;

	KUNIT_EXPECT_TRUE(test, leaves(_sp_rises, inside_the_test, &fell));
	KUNIT_EXPECT_EQ(test, fell, -64ul);
	KUNIT_EXPECT_TRUE(test, leaves(_sp_stays, inside_the_test, &fell));
	KUNIT_EXPECT_EQ(test, fell, 0ul);
	KUNIT_EXPECT_FALSE(test, leaves(_sp_falls, inside_the_test, &fell));
	KUNIT_EXPECT_EQ(test, fell, 64ul);
}

/* It would be its own caller for ever. */
static void a_frame_that_leads_to_itself_ends_a_backtrace(struct kunit *test)
{
	unsigned long here = ((unsigned long)_sp_stays & ~1UL) + 2, fell;

	KUNIT_EXPECT_FALSE(test, leaves(_sp_stays, here, &fell));
	KUNIT_EXPECT_TRUE(test, leaves(_sp_rises, here, &fell));
}

static const struct kunit_case cases[] = {
	KUNIT_CASE(a_read_of_nothing_is_refused),
	KUNIT_CASE(a_read_of_something_gives_it),
	KUNIT_CASE(what_can_be_written_cannot_be_run),
	KUNIT_CASE(of_the_trees_window_the_trees_pages_are_mapped),
	KUNIT_CASE(below_each_stack_there_is_no_page),
	KUNIT_CASE(a_frame_above_its_caller_ends_a_backtrace),
	KUNIT_CASE(a_frame_that_leads_to_itself_ends_a_backtrace),
	{ }
};

static struct kunit_suite hal_suite = {
	.name = "hal",
	.test_cases = cases,
};
kunit_test_suite(hal_suite);
