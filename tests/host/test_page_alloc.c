/* SPDX-License-Identifier: MIT */
/*
 * The page allocator's start against a plain array of pages: banks and reservations as no tree
 * has them, and a map whose entries hold the worst that memory can hold at power on.
 */
#include <kernel/mm.h>

#include <hal/cpu.h>
#include <hal/irqflags.h>
#include <hal/mmu.h>
#include <kernel/sched.h>
#include <lib/build_bug.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/minmax.h>

#include "kunit_host.h"

#include <sys/mman.h>

#define RAM		0x40000000ULL	/* the model's first address, 4 MiB aligned */
#define MIB		0x100000ULL
#define MODEL_MIB	48u
#define MODEL_PAGES	(MODEL_MIB * 256)
#define RANGES_MAX	12

/* Of an entry of the map: it lies at an even address and so does its state, before its order. */
#define ENTRY_SIZE_MAX	64
#define ENTRY_FREE	1	/* the state of a free block's first page */

/* ---- the machine ---- */

phys_addr_t memory_start;
unsigned long image_phys;
void *machine_current;
bool machine_in_irq;

/* The image, between two symbols of the linker's: its size is all that is looked at. */
#define IMAGE_BYTES	0x23000
static char image[IMAGE_BYTES] __asm__("page_alloc_image") __attribute__((used));
__asm__(".globl _image_start, _image_end\n"
	".set _image_start, page_alloc_image\n"
	".set _image_end, page_alloc_image + 0x23000\n");

static u8 mapped[MODEL_MIB];		/* how often hal_linear_map() was asked for a MiB */
static bool mapped_elsewhere;

void hal_linear_init(phys_addr_t start)
{
	memory_start = ALIGN_DOWN(start, SECTION_SIZE);
}

void hal_linear_map(phys_addr_t pa, phys_addr_t end)
{
	for (; pa < end; pa += MIB) {
		if (pa - RAM < MODEL_MIB * MIB)
			mapped[(pa - RAM) / MIB]++;
		else
			mapped_elsewhere = true;
	}
}

void slab_init(void);		/* the allocator's own header has it */
void slab_init(void)
{
}

/* ---- the model ---- */

struct machine {
	struct mem_range ram[RANGES_MAX], reserved[RANGES_MAX];
	unsigned int nr_ram, nr_reserved;
};

static bool want[MODEL_PAGES], have[MODEL_PAGES];

static bool in_ranges(const struct mem_range *r, unsigned int nr, phys_addr_t pa)
{
	for (unsigned int i = 0; i < nr; i++)
		if (pa >= r[i].start && pa < r[i].end)
			return true;
	return false;
}

/* By bytes at a page's ends and at each page: no range begins or ends inside one unseen. */
static bool all_ram(const struct machine *m, phys_addr_t start, phys_addr_t end)
{
	for (phys_addr_t pa = start; pa < end; pa += PAGE_SIZE / 2)
		if (!in_ranges(m->ram, m->nr_ram, pa))
			return false;
	return true;
}

static bool overlaps(phys_addr_t a, phys_addr_t a_end, phys_addr_t b, phys_addr_t b_end)
{
	return a < b_end && b < a_end;
}

static bool is_reserved(const struct machine *m, phys_addr_t pa, bool no_map, u64 size)
{
	for (unsigned int i = 0; i < m->nr_reserved; i++)
		if (m->reserved[i].no_map >= no_map &&
		    overlaps(pa, pa + size, m->reserved[i].start, m->reserved[i].end))
			return true;
	return false;
}

static bool want_mib(const struct machine *m, unsigned int mib)
{
	phys_addr_t pa = RAM + mib * MIB;

	return all_ram(m, pa, pa + MIB) && !is_reserved(m, pa, true, MIB);
}

static void make_model(const struct machine *m)
{
	for (unsigned int page = 0; page < MODEL_PAGES; page++) {
		phys_addr_t pa = RAM + page * (u64)PAGE_SIZE;

		want[page] = want_mib(m, page / 256) && !is_reserved(m, pa, false, PAGE_SIZE) &&
			     !overlaps(pa, pa + PAGE_SIZE, image_phys, image_phys + IMAGE_BYTES);
		have[page] = false;
	}
}

/* The linear map's addresses are this process's; each entry could be that of a free block. */
static void power_on(unsigned int order)
{
	static u16 *memory;
	size_t bytes = (MODEL_MIB + 4) * MIB;

	if (!memory) {
		memory = mmap((void *)LINEAR_BASE, bytes, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
		if (memory == MAP_FAILED)
			abort();
	}
	for (size_t i = 0; i < bytes / sizeof(*memory); i++)
		memory[i] = (u16)(ENTRY_FREE | order << 8);
	memset(mapped, 0, sizeof(mapped));
	mapped_elsewhere = false;
}

/* ---- what the allocator gives ---- */

static unsigned int wrong;

static void note_block(unsigned long addr, unsigned int order)
{
	phys_addr_t pa = addr - LINEAR_BASE + memory_start;

	if (pa % ((u64)PAGE_SIZE << order))
		wrong++;
	for (unsigned int i = 0; i < 1u << order; i++, pa += PAGE_SIZE) {
		size_t page = (size_t)((pa - RAM) / PAGE_SIZE);

		if (pa < RAM || page >= MODEL_PAGES || have[page] || !want[page])
			wrong++;
		else
			have[page] = true;
	}
}

static struct {
	unsigned long addr;
	unsigned int order;
} blocks[MODEL_PAGES];

/* All there is, the largest blocks first. Returns the number of pages. */
static unsigned long take_all(unsigned int largest, unsigned int *nr)
{
	unsigned long pages = 0;

	*nr = 0;
	for (int order = (int)largest; order >= 0; order--) {
		unsigned long addr;

		while ((addr = __get_free_pages(GFP_ATOMIC, (unsigned int)order))) {
			note_block(addr, (unsigned int)order);
			blocks[*nr].addr = addr;
			blocks[(*nr)++].order = (unsigned int)order;
			pages += 1ul << order;
		}
	}
	return pages;
}

static void give_all(unsigned int nr, struct random *noise)
{
	for (unsigned int left = nr; left; left--) {
		unsigned int i = random_below(noise, left);

		free_pages(blocks[i].addr, blocks[i].order);
		blocks[i] = blocks[left - 1];
	}
}

/* Two rounds: what was given back in any order is what there was. */
static void check(struct kunit *test, const struct machine *m, unsigned int order)
{
	static struct random noise = { .state = 1 };
	unsigned long wanted = 0, map_pages;
	struct mem_stats before, after;
	unsigned int nr;
	int err;

	power_on(order);
	make_model(m);
	mm_get_stats(&before);
	err = mm_init(m->ram, m->nr_ram, m->reserved, m->nr_reserved);
	for (unsigned int i = 0; i < MODEL_PAGES; i++)
		wanted += want[i];
	if (err) {
		KUNIT_EXPECT_EQ(test, err, -EINVAL);
		KUNIT_EXPECT_LT(test, wanted, 256ul);	/* the map has no room */
		return;
	}
	for (unsigned int i = 0; i < MODEL_MIB; i++)
		KUNIT_EXPECT_EQ(test, mapped[i], want_mib(m, i));
	KUNIT_EXPECT_FALSE(test, mapped_elsewhere);
	wrong = 0;
	for (unsigned int round = 0; round < 2; round++) {
		unsigned long pages = take_all(round ? 0 : MAX_ORDER, &nr);

		/* The map of pages took the rest. */
		map_pages = DIV_ROUND_UP(MODEL_PAGES * ENTRY_SIZE_MAX, PAGE_SIZE);
		KUNIT_EXPECT_LE(test, pages, wanted);
		KUNIT_EXPECT_LE(test, wanted - pages, map_pages);
		KUNIT_EXPECT_LT(test, 0ul, wanted - pages);
		give_all(nr, &noise);
		memset(have, 0, sizeof(have));
	}
	KUNIT_EXPECT_EQ(test, wrong, 0u);
	mm_get_stats(&after);
	take_all(MAX_ORDER, &nr);
	KUNIT_EXPECT_EQ(test, wrong, 0u);
	for (unsigned int i = 0; i < nr; i++)
		free_pages(blocks[i].addr, blocks[i].order);
}

#define MACHINE(...)	((const struct machine){ __VA_ARGS__ })
#define CHECK(test, ...) check(test, &MACHINE(__VA_ARGS__), 0)

static int start(struct kunit_suite *suite)
{
	static struct task_struct task;

	(void)suite;
	machine_current = &task;
	image_phys = RAM + 0x101000;
	return 0;
}

static void whole_mibs_of_a_bank(struct kunit *test)
{
	CHECK(test, .ram = { { RAM, RAM + 8 * MIB } }, .nr_ram = 1);
	CHECK(test, .ram = { { RAM + 0x1234, RAM + 7 * MIB + 0x5678 } }, .nr_ram = 1);
}

static void banks_that_touch_inside_a_mib_lose_nothing(struct kunit *test)
{
	CHECK(test, .ram = { { RAM, RAM + 0x380000 }, { RAM + 0x380000, RAM + 8 * MIB } },
	      .nr_ram = 2);
	CHECK(test, .ram = { { RAM + 0x380000, RAM + 8 * MIB }, { RAM, RAM + 0x380000 } },
	      .nr_ram = 2);
	/* the third joins the other two */
	CHECK(test, .ram = { { RAM, RAM + 0x280000 }, { RAM + 0x480000, RAM + 8 * MIB },
			     { RAM + 0x280000, RAM + 0x480000 } }, .nr_ram = 3);
	KUNIT_EXPECT_EQ(test, mapped[2], 1);
	KUNIT_EXPECT_EQ(test, mapped[4], 1);
	/* four in one MiB, none of which meets all the others */
	CHECK(test, .ram = { { RAM + 0x3c0000, RAM + 8 * MIB }, { RAM, RAM + 0x340000 },
			     { RAM + 0x380000, RAM + 0x3c0000 },
			     { RAM + 0x340000, RAM + 0x380000 } }, .nr_ram = 4);
	KUNIT_EXPECT_EQ(test, mapped[3], 1);
}

static void a_hole_smaller_than_a_mib_costs_its_mib(struct kunit *test)
{
	CHECK(test, .ram = { { RAM, RAM + 0x380000 }, { RAM + 0x381000, RAM + 8 * MIB } },
	      .nr_ram = 2);
	KUNIT_EXPECT_EQ(test, mapped[3], 0);
}

static void banks_that_overlap_are_there_once(struct kunit *test)
{
	CHECK(test, .ram = { { RAM, RAM + 6 * MIB }, { RAM + 2 * MIB, RAM + 8 * MIB },
			     { RAM + 3 * MIB, RAM + 4 * MIB } }, .nr_ram = 3);
}

static void reservations_are_kept_to_the_page(struct kunit *test)
{
	CHECK(test, .ram = { { RAM, RAM + 8 * MIB } }, .nr_ram = 1,
	      .reserved = { { RAM + 0x3fff, RAM + 0x4001 }, { RAM + 0x5ff000, RAM + 0x601000 },
			    { RAM + 0x7ff001, RAM + 9 * MIB }, { RAM - MIB, RAM + 1 } },
	      .nr_reserved = 4);
}

static void what_is_not_to_be_mapped_costs_its_mib(struct kunit *test)
{
	CHECK(test, .ram = { { RAM, RAM + 8 * MIB } }, .nr_ram = 1,
	      .reserved = { { RAM + 0x3ff000, RAM + 0x401000, .no_map = true } },
	      .nr_reserved = 1);
	KUNIT_EXPECT_EQ(test, mapped[3] + mapped[4], 0);
}

static void no_ram_is_an_error(struct kunit *test)
{
	struct mem_range half = { .start = RAM + 0x80000, .end = RAM + 0x180000 };

	KUNIT_EXPECT_EQ(test, mm_init(NULL, 0, NULL, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, mm_init(&half, 1, NULL, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, mm_init(&half, 1, &half, 1), -EINVAL);
}

static struct mem_range random_range(struct random *noise, unsigned int longest_pages)
{
	static const unsigned int steps[] = { 0x800, 0x1000, 0x10000, 0x100000 };
	unsigned int step = steps[random_below(noise, ARRAY_SIZE(steps))];
	u64 start = RAM + (u64)random_below(noise, MODEL_PAGES) * PAGE_SIZE;
	u64 size = (u64)(1 + random_below(noise, longest_pages)) * PAGE_SIZE;

	return (struct mem_range){
		.start = ALIGN_DOWN(start, (u64)step),
		.end = min(ALIGN(start + size, (u64)step), RAM + MODEL_MIB * MIB),
	};
}

/* With each order that an entry of the map may seem to have. */
static void any_banks_and_reservations(struct kunit *test)
{
	struct random noise = { .state = 88172645463325252ULL };

	for (unsigned int round = 0; round < 100; round++) {
		struct machine m = {
			.nr_ram = 1 + random_below(&noise, 5),
			.nr_reserved = random_below(&noise, 8),
		};

		for (unsigned int i = 0; i < m.nr_ram; i++)
			m.ram[i] = random_range(&noise, MODEL_PAGES / 2);
		for (unsigned int i = 0; i < m.nr_reserved; i++) {
			m.reserved[i] = random_range(&noise, 300);
			m.reserved[i].no_map = random_below(&noise, 4) == 0;
		}
		image_phys = (unsigned long)(RAM + random_below(&noise, MODEL_PAGES) *
					     (u64)PAGE_SIZE);
		check(test, &m, round % MAX_ORDER);
	}
}

static const struct kunit_case cases[] = {
	KUNIT_CASE(whole_mibs_of_a_bank),
	KUNIT_CASE(banks_that_touch_inside_a_mib_lose_nothing),
	KUNIT_CASE(a_hole_smaller_than_a_mib_costs_its_mib),
	KUNIT_CASE(banks_that_overlap_are_there_once),
	KUNIT_CASE(reservations_are_kept_to_the_page),
	KUNIT_CASE(what_is_not_to_be_mapped_costs_its_mib),
	KUNIT_CASE(no_ram_is_an_error),
	KUNIT_CASE(any_banks_and_reservations),
	{ }
};

static struct kunit_suite page_alloc_suite = {
	.name = "page_alloc",
	.suite_init = start,
	.test_cases = cases,
};
kunit_test_suite(page_alloc_suite);
