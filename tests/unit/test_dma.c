/* SPDX-License-Identifier: MIT */
/*
 * Buffers and coherent memory: which lines of the caches are maintained, when, and what a device
 * cannot reach. QEMU has no caches: the operations are those that a hook sees, before they are
 * done. QEMU's fw_cfg device is a real one that reads and writes memory.
 */
#include <drivers/of_address.h>
#include <drivers/of_device.h>
#include <hal/memory.h>
#include <hal/mmu.h>
#include <kernel/dma-map-ops.h>
#include <kernel/io.h>
#include <kernel/slab.h>
#include <lib/byteorder.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#include "dma_device.h"

/* ---- what is maintained ---- */

#ifdef CONFIG_IO_HOOK

static struct {
	struct io_hook hook;
	char text[256];
	size_t len;
} ops;

static u32 registers[4];

static void __printf(1, 2) note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	ops.len += (size_t)vscnprintf(ops.text + ops.len, sizeof(ops.text) - ops.len, fmt, args);
	va_end(args);
}

static void note_cache(struct io_hook *hook, const char *op, const void *start, size_t size)
{
	(void)hook;
	note("%s %lx+%zx ", op, offset_in_page(start), size);
}

static void note_write(struct io_hook *hook, unsigned long offset, u32 value, unsigned int width)
{
	(void)hook;
	(void)value;
	(void)width;
	note("write %lx ", offset);
}

static u32 note_read(struct io_hook *hook, unsigned long offset, unsigned int width)
{
	(void)hook;
	(void)width;
	note("read %lx ", offset);
	return 0;
}

static void watch(void)
{
	ops.len = 0;
	ops.text[0] = '\0';
	ops.hook = (struct io_hook){
		.base = registers, .size = sizeof(registers),
		.read = note_read, .write = note_write, .cache = note_cache,
	};
	io_hook_install(&ops.hook);
}

/* What was done since the last look; numbers are hexadecimal, those of addresses in a page. */
#define EXPECT_OPS(test, fmt, ...) do {						\
	char expected__[sizeof(ops.text)];					\
										\
	snprintf(expected__, sizeof(expected__), fmt, ##__VA_ARGS__);		\
	KUNIT_EXPECT_STREQ(test, ops.text, expected__);				\
	ops.len = 0;								\
	ops.text[0] = '\0';							\
} while (0)

struct way {
	enum dma_data_direction dir;
	const char *map, *unmap;
};

static void hand_over(struct kunit *test, struct device *dev, char *mem, size_t size,
		      const struct way *way)
{
	dma_addr_t addr = dma_map_single(dev, mem, size, way->dir);

	KUNIT_ASSERT_EQ(test, dma_mapping_error(dev, addr), 0);
	EXPECT_OPS(test, "%s", way->map);
	dma_unmap_single(dev, addr, size, way->dir);
	EXPECT_OPS(test, "%s", way->unmap);
}

static void lines_are_maintained_by_direction(struct kunit *test)
{
	unsigned long line = (unsigned long)dma_get_cache_alignment();
	struct device *dev = dma_device(test);
	char *mem = dma_page(test), clean[32], invalidate[32];
	const struct way ways[] = {
		{ DMA_TO_DEVICE, clean, "" },
		{ DMA_FROM_DEVICE, invalidate, invalidate },
		{ DMA_BIDIRECTIONAL, clean, invalidate },
	};

	snprintf(clean, sizeof(clean), "clean %lx+%lx ", line, 3 * line);
	snprintf(invalidate, sizeof(invalidate), "invalidate %lx+%lx ", line, 3 * line);
	watch();
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		hand_over(test, dev, mem + line, 3 * line, &ways[i]);
}

/* What else is in a line is kept: it is written back before it is dropped. */
static void neighbours_of_what_a_device_writes_are_kept(struct kunit *test)
{
	unsigned long line = (unsigned long)dma_get_cache_alignment();
	struct device *dev = dma_device(test);
	char *mem = dma_page(test), expected[128];
	struct way way = { DMA_FROM_DEVICE, expected, expected };

	watch();
	snprintf(expected, sizeof(expected), "clean+invalidate 0+%lx clean+invalidate %lx+%lx "
		 "invalidate %lx+%lx ", line, 3 * line, line, line, 2 * line);
	hand_over(test, dev, mem + 8, 4 * line - 16, &way);
	snprintf(expected, sizeof(expected), "clean+invalidate 0+%lx clean+invalidate %lx+%lx ",
		 line, line, line);
	hand_over(test, dev, mem + line - 4, 8, &way);
	snprintf(expected, sizeof(expected), "clean+invalidate 0+%lx ", line);
	hand_over(test, dev, mem + 8, 8, &way);
	hand_over(test, dev, mem, 8, &way);
	hand_over(test, dev, mem + 8, line - 8, &way);
	snprintf(expected, sizeof(expected), "clean+invalidate %lx+%lx invalidate 0+%lx ", line,
		 line, line);
	hand_over(test, dev, mem, line + 1, &way);
}

static void a_device_that_looks_into_the_caches_needs_none_of_it(struct kunit *test)
{
	static const enum dma_data_direction dirs[] = {
		DMA_TO_DEVICE, DMA_FROM_DEVICE, DMA_BIDIRECTIONAL,
	};
	struct device *dev = dma_device(test);
	char *mem = dma_page(test);

	dev->dma_coherent = true;
	watch();
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		hand_over(test, dev, mem + 4, 200, &(struct way){ dirs[i], "", "" });
}

static void a_part_is_handed_over_and_back(struct kunit *test)
{
	unsigned long line = (unsigned long)dma_get_cache_alignment();
	struct device *dev = dma_device(test);
	char *mem = dma_page(test);
	dma_addr_t addr;

	watch();
	addr = dma_map_single_attrs(dev, mem, 8 * line, DMA_FROM_DEVICE, DMA_ATTR_SKIP_CPU_SYNC);
	KUNIT_ASSERT_EQ(test, dma_mapping_error(dev, addr), 0);
	EXPECT_OPS(test, "%s", "");
	dma_sync_single_for_device(dev, addr, 8 * line, DMA_FROM_DEVICE);
	EXPECT_OPS(test, "invalidate 0+%lx ", 8 * line);
	dma_sync_single_range_for_cpu(dev, addr, 2 * line, line, DMA_FROM_DEVICE);
	EXPECT_OPS(test, "invalidate %lx+%lx ", 2 * line, line);
	dma_sync_single_range_for_device(dev, addr, 2 * line, line, DMA_FROM_DEVICE);
	EXPECT_OPS(test, "invalidate %lx+%lx ", 2 * line, line);
	dma_unmap_single_attrs(dev, addr, 8 * line, DMA_FROM_DEVICE, DMA_ATTR_SKIP_CPU_SYNC);
	EXPECT_OPS(test, "%s", "");

	addr = dma_map_page(dev, virt_to_page(mem), line, line, DMA_TO_DEVICE);
	KUNIT_ASSERT_EQ(test, dma_mapping_error(dev, addr), 0);
	EXPECT_OPS(test, "clean %lx+%lx ", line, line);
	dma_sync_single_for_cpu(dev, addr, line, DMA_TO_DEVICE);
	EXPECT_OPS(test, "%s", "");
	dma_sync_single_for_device(dev, addr, line, DMA_TO_DEVICE);
	EXPECT_OPS(test, "clean %lx+%lx ", line, line);
	dma_unmap_page(dev, addr, line, DMA_TO_DEVICE);
}

/* As a driver does: the data, the doorbell; the status, the data. */
static void maintenance_is_before_the_doorbell_and_after_the_status(struct kunit *test)
{
	unsigned long line = (unsigned long)dma_get_cache_alignment();
	struct device *dev = dma_device(test);
	char *mem = dma_page(test);
	dma_addr_t addr;

	watch();
	addr = dma_map_single(dev, mem, line, DMA_BIDIRECTIONAL);
	KUNIT_ASSERT_EQ(test, dma_mapping_error(dev, addr), 0);
	writel((u32)addr, (void __iomem *)&registers[0]);
	(void)readl((void __iomem *)&registers[1]);
	dma_unmap_single(dev, addr, line, DMA_BIDIRECTIONAL);
	EXPECT_OPS(test, "clean 0+%lx write 0 read 4 invalidate 0+%lx ", line, line);
}

static void unhook(struct kunit *test)
{
	(void)test;
	io_hook_remove();
}

static struct kunit_case cache_cases[] = {
	KUNIT_CASE(lines_are_maintained_by_direction),
	KUNIT_CASE(neighbours_of_what_a_device_writes_are_kept),
	KUNIT_CASE(a_device_that_looks_into_the_caches_needs_none_of_it),
	KUNIT_CASE(a_part_is_handed_over_and_back),
	KUNIT_CASE(maintenance_is_before_the_doorbell_and_after_the_status),
	{}
};

static struct kunit_suite cache_suite = {
	.name = "dma_cache",
	.exit = unhook,
	.test_cases = cache_cases,
};
kunit_test_suite(cache_suite);

#endif

/* ---- reach ---- */

static void a_mask_that_leaves_memory_out_is_refused(struct kunit *test)
{
	struct device *dev = dma_device(test);

	KUNIT_EXPECT_EQ(test, dma_get_mask(dev), DMA_BIT_MASK(32));
	KUNIT_EXPECT_EQ(test, dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)), 0);
	KUNIT_EXPECT_EQ(test, dma_get_mask(dev), ~0ull);
	KUNIT_EXPECT_EQ(test, dma_set_mask(dev, DMA_BIT_MASK(24)), -EIO);
	KUNIT_EXPECT_EQ(test, dma_set_coherent_mask(dev, DMA_BIT_MASK(24)), -EIO);
	KUNIT_EXPECT_EQ(test, dma_set_mask_and_coherent(dev, 0), -EIO);
	KUNIT_EXPECT_EQ(test, dma_get_mask(dev), ~0ull);
	KUNIT_EXPECT_EQ(test, dev->coherent_dma_mask, ~0ull);
	KUNIT_EXPECT_EQ(test, dma_set_mask(dev, mm_last_byte()), 0);
	KUNIT_EXPECT_EQ(test, dma_set_mask(dev, mm_last_byte() - 1), -EIO);
	dev->dma_mask = NULL;
	KUNIT_EXPECT_EQ(test, dma_set_mask(dev, DMA_BIT_MASK(32)), -EIO);
	KUNIT_EXPECT_EQ(test, dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(32)), 0);
	KUNIT_EXPECT_EQ(test, dma_get_mask(dev), DMA_BIT_MASK(32));
}

static void expect_unreachable(struct kunit *test, struct device *dev, char *mem)
{
	dma_addr_t addr, handle;

	addr = dma_map_single_attrs(dev, mem, 64, DMA_TO_DEVICE, DMA_ATTR_NO_WARN);
	KUNIT_EXPECT_EQ(test, addr, DMA_MAPPING_ERROR);
	KUNIT_EXPECT_EQ(test, dma_mapping_error(dev, addr), -ENOMEM);
	KUNIT_EXPECT_NULL(test, dma_alloc_coherent(dev, 64, &handle, GFP_KERNEL));
}

static void what_is_out_of_reach_is_not_mapped(struct kunit *test)
{
	struct device *dev = dma_device(test);
	char *mem = dma_page(test);
	const struct bus_dma_region elsewhere[] = {
		{ .cpu_start = virt_to_phys(mem) + 32, .dma_start = 0, .size = 32 }, {}
	};
	/* Its halves are apart on the bus. */
	const struct bus_dma_region apart[] = {
		{ .cpu_start = virt_to_phys(mem), .dma_start = 0, .size = 32 },
		{ .cpu_start = virt_to_phys(mem) + 32, .dma_start = 0x1000, .size = 32 }, {}
	};

	kunit_tolerates_faults(test);
	for (int coherent = 0; coherent < 2; coherent++) {
		dev->dma_coherent = coherent;
		*dev->dma_mask = dev->coherent_dma_mask = DMA_BIT_MASK(24);
		expect_unreachable(test, dev, mem);
		*dev->dma_mask = dev->coherent_dma_mask = DMA_BIT_MASK(32);
		dev->bus_dma_limit = DMA_BIT_MASK(24);
		expect_unreachable(test, dev, mem);
		dev->bus_dma_limit = 0;
		dev->dma_range_map = elsewhere;
		expect_unreachable(test, dev, mem);
		dev->dma_range_map = apart;
		expect_unreachable(test, dev, mem);
		dev->dma_range_map = NULL;
	}
}

/* The bus sees memory from 0x1000 on. */
static void a_bus_has_its_own_addresses(struct kunit *test)
{
	struct device *dev = dma_device(test);
	const struct bus_dma_region map[] = {
		{ .cpu_start = 0, .dma_start = 0xf0000000, .size = 0x1000 },
		{ .cpu_start = memory_start, .dma_start = 0x1000, .size = 0x40000000 }, {}
	};
	dma_addr_t handle;
	void *mem;

	dev->dma_range_map = map;
	mem = dma_alloc_coherent(dev, 100, &handle, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, mem);
	KUNIT_EXPECT_EQ(test, handle, virt_to_phys(mem) - memory_start + 0x1000);
	dma_free_coherent(dev, 100, mem, handle);
	mem = dma_page(test);
	handle = dma_map_single(dev, mem, 100, DMA_FROM_DEVICE);
	KUNIT_ASSERT_EQ(test, dma_mapping_error(dev, handle), 0);
	KUNIT_EXPECT_LT(test, handle, 0x40001000);
	memset(phys_to_virt(handle - 0x1000 + memory_start), 0x5a, 100);
	dma_unmap_single(dev, handle, 100, DMA_FROM_DEVICE);
	KUNIT_EXPECT_EQ(test, ((char *)mem)[99], 0x5a);
	dev->dma_range_map = NULL;
}

/* What is in the image is memory too. */
static void a_static_buffer_can_be_mapped(struct kunit *test)
{
	static char mem[128] __aligned(64);
	struct device *dev = dma_device(test);
	dma_addr_t addr;

	memset(mem, 0x11, sizeof(mem));
	addr = dma_map_single(dev, mem, sizeof(mem), DMA_BIDIRECTIONAL);
	KUNIT_ASSERT_EQ(test, dma_mapping_error(dev, addr), 0);
	KUNIT_EXPECT_EQ(test, *(char *)phys_to_mem(addr + 127), 0x11);
	*(char *)phys_to_mem(addr + 127) = 0x22;
	dma_unmap_single(dev, addr, sizeof(mem), DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, mem[127], 0x22);
}

#define EXPECT_REFUSED(test, dev, mem, size, dir) do {				\
	dma_addr_t addr__ = 0;							\
										\
	KUNIT_EXPECT_REPORT(test, "dma_map: ",					\
			    addr__ = dma_map_single(dev, mem, size, dir));	\
	KUNIT_EXPECT_EQ(test, dma_mapping_error(dev, addr__), -ENOMEM);		\
} while (0)

static void memory_of_the_wrong_kind_is_refused(struct kunit *test)
{
	struct device *dev = dma_device(test);
	char on_stack[64], *mem = dma_page(test);

	EXPECT_REFUSED(test, dev, on_stack, sizeof(on_stack), DMA_TO_DEVICE);
	EXPECT_REFUSED(test, dev, NULL, 4, DMA_TO_DEVICE);
	EXPECT_REFUSED(test, dev, (void *)VMAP_BASE, 4, DMA_FROM_DEVICE);
	EXPECT_REFUSED(test, dev, mem, 0, DMA_FROM_DEVICE);
	EXPECT_REFUSED(test, dev, mem, SIZE_MAX, DMA_FROM_DEVICE);
	EXPECT_REFUSED(test, dev, mem, 0x7fffffff, DMA_FROM_DEVICE);
	EXPECT_REFUSED(test, dev, mem, 4, DMA_NONE);
	dev->dma_mask = NULL;
	EXPECT_REFUSED(test, dev, mem, 4, DMA_FROM_DEVICE);
}

/* ---- coherent memory ---- */

struct look {
	phys_addr_t start, end;
	unsigned int mappings, cached;
};

static void look_at(const struct hal_mapping *m, void *arg)
{
	struct look *look = arg;

	if (m->pa >= look->end || m->pa + m->size <= look->start)
		return;
	look->mappings++;
	look->cached += m->cached;
}

static void no_cache_holds_coherent_memory(struct kunit *test)
{
	static const size_t sizes[] = { 1, PAGE_SIZE, 3 * PAGE_SIZE, 2 * SECTION_SIZE };
	struct device *dev = dma_device(test);

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		size_t room = (size_t)PAGE_SIZE << get_order(sizes[i]);
		dma_addr_t handle;
		char *mem = dma_alloc_coherent(dev, sizes[i], &handle, GFP_KERNEL);
		struct look look = { handle, handle + sizes[i], 0, 0 };

		KUNIT_ASSERT_NOT_NULL(test, mem);
		hal_mmu_walk(look_at, &look);
		KUNIT_EXPECT_GT(test, look.mappings, 0);
		KUNIT_EXPECT_EQ(test, look.cached, 0);
		KUNIT_EXPECT_EQ(test, handle % room, 0);
		KUNIT_EXPECT_EQ(test, handle, virt_to_phys(mem));
		for (size_t at = 0; at < sizes[i]; at += PAGE_SIZE)
			KUNIT_EXPECT_EQ(test, mem[at], 0);
		memset(mem, 0xa5, sizes[i]);
		dma_free_coherent(dev, sizes[i], mem, handle);
	}
}

static void coherent_memory_is_nobody_elses_and_comes_back(struct kunit *test)
{
	struct device *dev = dma_device(test);
	dma_addr_t handles[16];
	u32 *mems[16];
	unsigned long kept;
	void *first = dma_alloc_coherent(dev, 1, &handles[0], GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, first);
	dma_free_coherent(dev, 1, first, handles[0]);
	kept = uncached_pages_kept();
	for (u32 i = 0; i < ARRAY_SIZE(mems); i++) {
		/* There are pages: nobody has to sleep. */
		mems[i] = dmam_alloc_coherent(dev, 4096u << (i % 3), &handles[i], GFP_ATOMIC);
		KUNIT_ASSERT_NOT_NULL(test, mems[i]);
		KUNIT_EXPECT_EQ(test, *mems[i], 0);
		*mems[i] = i + 1;
	}
	KUNIT_EXPECT_EQ(test, uncached_pages_kept(), kept - 36);
	for (u32 i = 0; i < ARRAY_SIZE(mems); i++) {
		KUNIT_EXPECT_EQ(test, *mems[i], i + 1);
		dmam_free_coherent(dev, 4096u << (i % 3), mems[i], handles[i]);
	}
	KUNIT_EXPECT_EQ(test, uncached_pages_kept(), kept);
	KUNIT_EXPECT_NULL(test, dma_alloc_coherent(dev, 0, &handles[0], GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, dma_alloc_coherent(dev, SIZE_MAX, &handles[0], GFP_KERNEL));
	dma_free_coherent(dev, 1, NULL, 0);
}

static void coherent_memory_of_a_coherent_device_is_like_any(struct kunit *test)
{
	struct device *dev = dma_device(test);
	unsigned long kept = uncached_pages_kept();
	dma_addr_t handle;
	char *mem;

	dev->dma_coherent = true;
	mem = dma_alloc_coherent(dev, 5000, &handle, GFP_ATOMIC);
	KUNIT_ASSERT_NOT_NULL(test, mem);
	KUNIT_EXPECT_EQ(test, handle, virt_to_phys(mem));
	KUNIT_EXPECT_EQ(test, uncached_pages_kept(), kept);
	KUNIT_EXPECT_EQ(test, mem[4999], 0);
	dma_free_coherent(dev, 5000, mem, handle);
}

static void managed_memory_goes_with_the_binding(struct kunit *test)
{
	struct device *dev = dma_device(test);
	dma_addr_t handle, other;
	unsigned long kept;
	void *mem = dmam_alloc_coherent(dev, 64, &handle, GFP_KERNEL), *second;

	KUNIT_ASSERT_NOT_NULL(test, mem);
	kept = uncached_pages_kept();
	second = dmam_alloc_coherent(dev, 64, &other, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, second);
	dmam_free_coherent(dev, 64, second, other);
	KUNIT_EXPECT_EQ(test, uncached_pages_kept(), kept);
	devres_release_all(dev);
	KUNIT_EXPECT_EQ(test, uncached_pages_kept(), kept + 1);
}

/* ---- a real device: QEMU, docs/specs/fw_cfg.rst ---- */

#define FW_CFG_DMA	0x10	/* 64 bits, big-endian: where the request is; its low half */
#define   FW_CFG_DMA_ERROR	BIT(0)
#define   FW_CFG_DMA_READ	BIT(1)
#define   FW_CFG_DMA_SELECT	BIT(3)
#define FW_CFG_SIGNATURE	0x0000
#define FW_CFG_FILE_DIR		0x0019
#define NO_ITEM			0x7fff

struct fw_cfg_dma {
	__be32 control, length;
	__be64 address;
};

static void unmap(void *regs)
{
	iounmap((void __iomem *)regs);
}

struct fw_cfg {
	void __iomem *regs;
	struct fw_cfg_dma *request;
	dma_addr_t handle;
};

/* Played by `dev`; skips the case where there is none. */
static struct fw_cfg fw_cfg(struct kunit *test, struct device *dev)
{
	struct device_node *np = of_find_compatible_node(NULL, NULL, "qemu,fw-cfg-mmio");
	struct fw_cfg part;

	if (!np)
		kunit_skip(test, "no fw_cfg device");
	part.regs = of_iomap(np, 0);
	KUNIT_ASSERT_NOT_NULL(test, part.regs);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, unmap, (void *)part.regs), 0);
	part.request = dmam_alloc_coherent(dev, sizeof(*part.request), &part.handle, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, part.request);
	return part;
}

/* The device reads the request from coherent memory, and writes the item to `addr`. */
static u32 fw_cfg_read(const struct fw_cfg *part, u16 item, dma_addr_t addr, u32 length)
{
	part->request->control = cpu_to_be32((u32)item << 16 | FW_CFG_DMA_SELECT |
					     FW_CFG_DMA_READ);
	part->request->length = cpu_to_be32(length);
	part->request->address = cpu_to_be64(addr);
	writel(cpu_to_be32((u32)(part->handle >> 32)), part->regs + FW_CFG_DMA);
	writel(cpu_to_be32((u32)part->handle), part->regs + FW_CFG_DMA + 4);
	/* QEMU is done when the write is. */
	return be32_to_cpu(READ_ONCE(part->request->control));
}

static void a_device_writes_into_a_mapped_buffer(struct kunit *test)
{
	struct device *dev = dma_device(test);
	char *mem = kunit_kzalloc(test, 64, GFP_KERNEL);
	struct fw_cfg part;
	dma_addr_t addr;

	KUNIT_ASSERT_NOT_NULL(test, mem);
	for (int coherent = 0; coherent < 2; coherent++) {
		part = fw_cfg(test, dev);
		memset(mem, 'x', 64);
		addr = dma_map_single(dev, mem, 64, DMA_FROM_DEVICE);
		KUNIT_ASSERT_EQ(test, dma_mapping_error(dev, addr), 0);
		KUNIT_EXPECT_EQ(test, fw_cfg_read(&part, FW_CFG_SIGNATURE, addr + 1, 4), 0);
		if (IS_ENABLED(CONFIG_DMA_API_DEBUG))
			KUNIT_EXPECT_EQ(test, mem[1], 'x');
		dma_sync_single_for_cpu(dev, addr, 64, DMA_FROM_DEVICE);
		KUNIT_EXPECT_EQ(test, memcmp(mem, "xQEMUx", 6), 0);
		dma_sync_single_for_device(dev, addr, 64, DMA_FROM_DEVICE);
		KUNIT_EXPECT_EQ(test, fw_cfg_read(&part, FW_CFG_FILE_DIR, addr, 60), 0);
		dma_unmap_single(dev, addr, 64, DMA_FROM_DEVICE);
		/* so many files, and the name of the first behind its size and key */
		KUNIT_EXPECT_EQ(test, mem[0], 0);
		KUNIT_EXPECT_NE(test, mem[3], 0);
		KUNIT_EXPECT_TRUE(test, mem[12] >= 'a' && mem[12] <= 'z');
		devres_release_all(dev);
		dev->dma_coherent = true;
	}
}

/* An item that there is not reads as zeros. */
static void a_device_writes_no_more_than_it_is_told(struct kunit *test)
{
	struct device *dev = dma_device(test);
	char *mem = dma_page(test);
	struct fw_cfg part = fw_cfg(test, dev);
	dma_addr_t addr;

	memset(mem, 'x', 16);
	addr = dma_map_single(dev, mem, 16, DMA_FROM_DEVICE);
	KUNIT_ASSERT_EQ(test, dma_mapping_error(dev, addr), 0);
	KUNIT_EXPECT_EQ(test, fw_cfg_read(&part, NO_ITEM, addr + 4, 8), 0);
	dma_unmap_single(dev, addr, 16, DMA_FROM_DEVICE);
	KUNIT_EXPECT_EQ(test, memcmp(mem, "xxxx\0\0\0\0\0\0\0\0xxxx", 16), 0);
}

static void the_machines_device_is_as_its_node_says(struct kunit *test)
{
	struct device_node *np = of_find_compatible_node(NULL, NULL, "qemu,fw-cfg-mmio");
	struct device *dev = np ? bus_find_device_by_of_node(&platform_bus_type, np) : NULL;

	if (!dev)
		kunit_skip(test, "no fw_cfg device");
	KUNIT_EXPECT_TRUE(test, of_dma_is_coherent(np));
	if (device_is_bound(dev))
		KUNIT_EXPECT_TRUE(test, dev->dma_coherent);
	put_device(dev);
}

static struct kunit_case dma_cases[] = {
	KUNIT_CASE(a_mask_that_leaves_memory_out_is_refused),
	KUNIT_CASE(what_is_out_of_reach_is_not_mapped),
	KUNIT_CASE(a_bus_has_its_own_addresses),
	KUNIT_CASE(a_static_buffer_can_be_mapped),
	KUNIT_CASE(memory_of_the_wrong_kind_is_refused),
	KUNIT_CASE(no_cache_holds_coherent_memory),
	KUNIT_CASE(coherent_memory_is_nobody_elses_and_comes_back),
	KUNIT_CASE(coherent_memory_of_a_coherent_device_is_like_any),
	KUNIT_CASE(managed_memory_goes_with_the_binding),
	KUNIT_CASE(a_device_writes_into_a_mapped_buffer),
	KUNIT_CASE(a_device_writes_no_more_than_it_is_told),
	KUNIT_CASE(the_machines_device_is_as_its_node_says),
	{}
};

static struct kunit_suite dma_suite = {
	.name = "dma",
	.test_cases = dma_cases,
};
kunit_test_suite(dma_suite);
