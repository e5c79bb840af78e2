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
#define RANGES_MAX	40

/* Of an entry of the map: it lies at an even address and so does its state, before its order. */
#define ENTRY_SIZE_MAX	64
#define ENTRY_FREE	1	/* the state of a free block's first page */

/* ---- the machine ---- */

phys_addr_t memory_start;
unsigned long image_phys;
void *machine_current;
bool machine_in_irq;

/* The image, between two symbols of the linker's: its size is all that is looked at. */
#define IMAGE_BYTES	0x22f40
static char image[IMAGE_BYTES] __asm__("page_alloc_image") __attribute__((used));
__asm__(".globl _image_start, _image_end\n"
	".set _image_start, page_alloc_image\n"
	".set _image_end, page_alloc_image + 0x22f40\n");

static u8 mapped[MODEL_MIB];		/* how often hal_linear_map() was asked for a MiB */
static bool mapped_elsewhere;
static phys_addr_t mapped_end;		/* the highest that was asked for */

void hal_linear_init(phys_addr_t start)
{
	memory_start = ALIGN_DOWN(start, SECTION_SIZE);
}

void hal_linear_map(phys_addr_t pa, phys_addr_t end)
{
	if (pa < end)
		mapped_end = max(mapped_end, end);
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

static u16 fill;			/* what memory holds at power on */

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
	mapped_end = 0;
	fill = (u16)(ENTRY_FREE | order << 8);
}

/* ---- what the allocator gives ---- */

static unsigned int wrong;

static void note_block(unsigned long addr, unsigned int order)
{
	phys_addr_t pa = addr - LINEAR_BASE + memory_start;

	/* Where the map is the entries would be no more. */
	for (unsigned int i = 0; i < 1u << order; i++)
		memset((void *)(addr + i * PAGE_SIZE), 0x5a, ENTRY_SIZE_MAX);
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

/* What is reserved, or no memory, is as it was. Returns the number of pages that are not. */
static unsigned int others_written(void)
{
	static u16 as_it_was[PAGE_SIZE / sizeof(u16)];
	unsigned int written = 0;

	for (size_t i = 0; i < ARRAY_SIZE(as_it_was); i++)
		as_it_was[i] = fill;
	for (unsigned int page = 0; page < MODEL_PAGES; page++) {
		phys_addr_t pa = RAM + page * (u64)PAGE_SIZE;

		if (!want[page] && pa >= memory_start)
			written += memcmp((void *)(unsigned long)(pa - memory_start + LINEAR_BASE),
					  as_it_was, PAGE_SIZE) != 0;
	}
	return written;
}

/* The linear map begins where the first memory is, as far down as the largest block asks for. */
static phys_addr_t first_memory(void)
{
	unsigned int mib = 0;

	while (mib < MODEL_MIB && !mapped[mib])
		mib++;
	return ALIGN_DOWN(RAM + mib * MIB, (phys_addr_t)PAGE_SIZE << MAX_ORDER);
}

/* Two rounds: what was given back in any order is what there was. */
static void check(struct kunit *test, const struct machine *m, unsigned int order)
{
	static struct random noise = { .state = 1 };
	unsigned long wanted = 0, map_pages;
	unsigned int nr, reports = warn_count();
	struct mem_stats before, after;
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
	KUNIT_EXPECT_EQ(test, memory_start, first_memory());
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
	KUNIT_EXPECT_EQ(test, others_written(), 0u);
	KUNIT_EXPECT_EQ(test, warn_count(), reports);
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

/* The map has room in none of what is left. */
static void no_room_for_the_map_is_an_error(struct kunit *test)
{
	struct mem_range ram = { .start = RAM, .end = RAM + MIB };
	struct mem_range reserved = { .start = RAM + PAGE_SIZE, .end = RAM + MIB };

	power_on(0);
	KUNIT_EXPECT_EQ(test, mm_init(&ram, 1, &reserved, 1), -EINVAL);
}

static void a_reservation_that_ends_before_it_begins_is_none(struct kunit *test)
{
	CHECK(test, .ram = { { RAM, RAM + 8 * MIB } }, .nr_ram = 1,
	      .reserved = { { RAM + 5 * MIB, RAM + 3 * MIB },
			    { RAM + 6 * MIB, RAM + 2 * MIB, .no_map = true } },
	      .nr_reserved = 2);
}

/* With the end of the last page, of the last section and of all there is. */
static void a_reservation_up_to_the_last_address_is_one(struct kunit *test)
{
	static const phys_addr_t ends[] = { ~0ull - 0xff, ~0ull - 0xfffff, ~0ull };

	for (unsigned int i = 0; i < ARRAY_SIZE(ends); i++) {
		CHECK(test, .ram = { { RAM, RAM + 8 * MIB } }, .nr_ram = 1,
		      .reserved = { { RAM + 5 * MIB + PAGE_SIZE, ends[i] } }, .nr_reserved = 1);
		CHECK(test, .ram = { { RAM, RAM + 8 * MIB } }, .nr_ram = 1,
		      .reserved = { { RAM + 5 * MIB, ends[i], .no_map = true } },
		      .nr_reserved = 1);
		KUNIT_EXPECT_EQ(test, mapped[5], 0);
	}
}

static void memory_in_the_last_section_of_all_is_none(struct kunit *test)
{
	CHECK(test, .ram = { { RAM, RAM + 8 * MIB }, { ~0ull - 0xffff, ~0ull } }, .nr_ram = 2);
}

static void a_range_ends_with_the_last_address_at_most(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, mem_range_of(RAM, MIB, false).end, RAM + MIB);
	KUNIT_EXPECT_EQ(test, mem_range_of(RAM, 0, false).end, RAM);
	KUNIT_EXPECT_EQ(test, mem_range_of(0, 0, false).end, 0u);
	KUNIT_EXPECT_EQ(test, mem_range_of(RAM, 0ull - RAM - 1, false).end, ~0ull);
	KUNIT_EXPECT_EQ(test, mem_range_of(RAM, 0ull - RAM, false).end, ~0ull);
	KUNIT_EXPECT_EQ(test, mem_range_of(0ull - PAGE_SIZE, PAGE_SIZE, true).end, ~0ull);
	KUNIT_EXPECT_TRUE(test, mem_range_of(RAM, MIB, true).no_map);
}

/* The first memory, and with it the first page of a block, is behind what was taken away. */
static void a_bank_that_is_taken_away_is_not_the_first(struct kunit *test)
{
	CHECK(test, .ram = { { RAM, RAM + 4 * MIB }, { RAM + 12 * MIB, RAM + 20 * MIB } },
	      .nr_ram = 2,
	      .reserved = { { RAM, RAM + 4 * MIB, .no_map = true } }, .nr_reserved = 1);
	KUNIT_EXPECT_EQ(test, memory_start, RAM + 12 * MIB);
}

/* Banks of less than a MiB give nothing, and take no place from those that do. */
static void any_number_of_small_banks_is_no_matter(struct kunit *test)
{
	struct machine m = { .nr_ram = RANGES_MAX };

	for (unsigned int i = 0; i + 1 < RANGES_MAX; i++)
		m.ram[i] = (struct mem_range){ .start = RAM + i * MIB,
					       .end = RAM + i * MIB + MIB / 2 };
	m.ram[RANGES_MAX - 1] = (struct mem_range){ .start = RAM + 40 * MIB,
						    .end = RAM + 44 * MIB };
	check(test, &m, 0);
	KUNIT_EXPECT_EQ(test, mapped[41], 1);
}

/* Memory is lost then, and nothing is given out that is not there. */
static void more_pieces_than_are_kept_are_left_out(struct kunit *test)
{
	struct machine m = {
		.ram = { { RAM, RAM + 16 * MIB } }, .nr_ram = 1, .nr_reserved = RANGES_MAX,
	};
	unsigned int nr;

	for (unsigned int i = 0; i < RANGES_MAX; i++)
		m.reserved[i] = (struct mem_range){ .start = RAM + (2 * i + 64) * PAGE_SIZE,
						    .end = RAM + (2 * i + 65) * PAGE_SIZE };
	image_phys = RAM + 47 * MIB;
	power_on(0);
	make_model(&m);
	wrong = 0;
	KUNIT_EXPECT_EQ(test, mm_init(m.ram, m.nr_ram, m.reserved, m.nr_reserved), 0);
	take_all(MAX_ORDER, &nr);
	KUNIT_EXPECT_EQ(test, wrong, 0u);
	image_phys = RAM + 0x101000;
}

/* Neither behind the linear map, which is of 2 GiB, nor behind 4 GiB, which pages cannot reach. */
static void memory_that_cannot_be_mapped_is_left_out(struct kunit *test)
{
	static const struct mem_range high[] = {
		{ .start = 0xffe00000, .end = 0x100200000 },
		{ .start = 0x140000000, .end = 0x150000000 },
	};

	CHECK(test, .ram = { { RAM, RAM + 8 * MIB }, { 0xc0000000, 0xc0200000 },
			     { 0x140000000, 0x140200000 } }, .nr_ram = 3);
	power_on(0);
	KUNIT_EXPECT_EQ(test, mm_init(high, 2, NULL, 0), 0);
	KUNIT_EXPECT_EQ(test, mapped_end, 0x100000000u);
}

/* One of them is where the entry behind the map's last would be: 2048 take 16 or 20 pages. */
static void what_is_behind_the_map_is_not_written(struct kunit *test)
{
	for (unsigned int page = 16; page < 24; page++)
		CHECK(test, .ram = { { RAM, RAM + 8 * MIB } }, .nr_ram = 1,
		      .reserved = { { RAM + page * PAGE_SIZE, RAM + (page + 1) * PAGE_SIZE } },
		      .nr_reserved = 1);
}

/* The first piece has no room for the map, which so comes after it. */
static void what_is_before_the_map_is_not_written(struct kunit *test)
{
	CHECK(test, .ram = { { RAM, RAM + 8 * MIB } }, .nr_ram = 1,
	      .reserved = { { RAM + 3 * PAGE_SIZE, RAM + 64 * PAGE_SIZE } }, .nr_reserved = 1);
}

/* ---- what is given back ---- */

static void start_with(struct kunit *test, unsigned int fill_byte)
{
	struct mem_range ram = { .start = RAM, .end = RAM + 8 * MIB };

	power_on(0);
	memset((void *)LINEAR_BASE, (int)fill_byte, MODEL_MIB * MIB);
	KUNIT_ASSERT_EQ(test, mm_init(&ram, 1, NULL, 0), 0);
}

/* With what is behind the map as good as the entries of blocks that somebody has. */
static void a_block_behind_the_map_is_none(struct kunit *test)
{
	start_with(test, 0);
	for (unsigned long mib = 8; mib < 32; mib += 8)
		KUNIT_EXPECT_REPORT(test, "is no block of order 0",
				    free_pages(LINEAR_BASE + mib * MIB, 0));
	KUNIT_EXPECT_REPORT(test, "is no block of order 0", free_pages(LINEAR_BASE - PAGE_SIZE, 0));
}

/* Two pages that are halves of one block; the others are somebody's. */
static void take_halves(struct kunit *test, unsigned long half[2])
{
	unsigned long page[16];

	for (unsigned int i = 0; i < ARRAY_SIZE(page); i++)
		page[i] = __get_free_page(GFP_ATOMIC);
	half[0] = 0;
	for (unsigned int i = 1; i < ARRAY_SIZE(page); i++)
		if ((page[i - 1] ^ page[i]) == PAGE_SIZE) {
			half[0] = page[i - 1];
			half[1] = page[i];
		}
	KUNIT_ASSERT_NE(test, half[0], 0ul);
}

/* Whichever of the two came back last. */
static void a_page_that_has_joined_its_buddy_is_none(struct kunit *test)
{
	for (unsigned int last = 0; last < 2; last++) {
		unsigned long half[2];

		start_with(test, 0xff);
		take_halves(test, half);
		free_page(half[!last]);
		free_page(half[last]);
		for (unsigned int i = 0; i < 2; i++)
			KUNIT_EXPECT_REPORT(test, "is no block of order 0", free_page(half[i]));
	}
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
	KUNIT_CASE(no_room_for_the_map_is_an_error),
	KUNIT_CASE(a_reservation_that_ends_before_it_begins_is_none),
	KUNIT_CASE(a_reservation_up_to_the_last_address_is_one),
	KUNIT_CASE(memory_in_the_last_section_of_all_is_none),
	KUNIT_CASE(a_range_ends_with_the_last_address_at_most),
	KUNIT_CASE(a_bank_that_is_taken_away_is_not_the_first),
	KUNIT_CASE(any_number_of_small_banks_is_no_matter),
	KUNIT_CASE(more_pieces_than_are_kept_are_left_out),
	KUNIT_CASE(memory_that_cannot_be_mapped_is_left_out),
	KUNIT_CASE(what_is_behind_the_map_is_not_written),
	KUNIT_CASE(what_is_before_the_map_is_not_written),
	KUNIT_CASE(a_block_behind_the_map_is_none),
	KUNIT_CASE(a_page_that_has_joined_its_buddy_is_none),
	KUNIT_CASE(any_banks_and_reservations),
	{ }
};

static struct kunit_suite page_alloc_suite = {
	.name = "page_alloc",
	.suite_init = start,
	.test_cases = cases,
};
kunit_test_suite(page_alloc_suite);
