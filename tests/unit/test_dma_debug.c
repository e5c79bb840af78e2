/* SPDX-License-Identifier: MIT */
/*
 * Misuse of mapped buffers: each is one report, and the books are right afterwards.
 */
#include <kernel/fault-inject.h>
#include <kernel/sched.h>
#include <kernel/slab.h>
#include <lib/string.h>

#include "dma_device.h"

#define SIZE	256

/* Half of a misuse is none: no request of a case is made to fail from here on. */
static struct device *new_device(struct kunit *test)
{
	fault_leave(current);
	return dma_device(test);
}

static dma_addr_t map(struct kunit *test, struct device *dev, void *mem, size_t size,
		      enum dma_data_direction dir)
{
	dma_addr_t addr = dma_map_single(dev, mem, size, dir);

	KUNIT_ASSERT_EQ(test, dma_mapping_error(dev, addr), 0);
	return addr;
}

static void a_second_unmap_is_reported(struct kunit *test)
{
	struct device *dev = new_device(test);
	dma_addr_t addr;

	addr = map(test, dev, dma_page(test), SIZE, DMA_TO_DEVICE);
	dma_unmap_single(dev, addr, SIZE, DMA_TO_DEVICE);
	KUNIT_EXPECT_REPORT(test, "is unmapped and is not mapped",
			    dma_unmap_single(dev, addr, SIZE, DMA_TO_DEVICE));
}

static void an_unmap_of_another_device_is_reported(struct kunit *test)
{
	struct device *dev = new_device(test), *other = new_device(test);
	dma_addr_t addr;

	addr = map(test, dev, dma_page(test), SIZE, DMA_TO_DEVICE);
	KUNIT_EXPECT_REPORT(test, "is unmapped and is not mapped",
			    dma_unmap_single(other, addr, SIZE, DMA_TO_DEVICE));
	dma_unmap_single(dev, addr, SIZE, DMA_TO_DEVICE);
}

static void an_unmap_with_another_size_or_direction_is_reported(struct kunit *test)
{
	struct device *dev = new_device(test);
	char *mem = dma_page(test);
	dma_addr_t addr;

	addr = map(test, dev, mem, SIZE, DMA_TO_DEVICE);
	KUNIT_EXPECT_REPORT(test, "is unmapped with 255 bytes",
			    dma_unmap_single(dev, addr, SIZE - 1, DMA_TO_DEVICE));
	addr = map(test, dev, mem, SIZE, DMA_TO_DEVICE);
	KUNIT_EXPECT_REPORT(test, "is unmapped as from the device",
			    dma_unmap_single(dev, addr, SIZE, DMA_FROM_DEVICE));
}

static void a_mapping_that_nobody_asked_about_is_reported(struct kunit *test)
{
	struct device *dev = new_device(test);
	dma_addr_t addr = dma_map_single(dev, dma_page(test), SIZE, DMA_TO_DEVICE);

	if (addr == DMA_MAPPING_ERROR)
		kunit_skip(test, "no mapping");
	KUNIT_EXPECT_REPORT(test, "was used without dma_mapping_error()",
			    dma_unmap_single(dev, addr, SIZE, DMA_TO_DEVICE));
}

static void a_handover_outside_of_the_mapping_is_reported(struct kunit *test)
{
	struct device *dev = new_device(test);
	dma_addr_t addr;

	addr = map(test, dev, dma_page(test), SIZE, DMA_FROM_DEVICE);
	KUNIT_EXPECT_REPORT(test, "is handed over and is not mapped",
			    dma_sync_single_for_cpu(dev, addr, SIZE + 1, DMA_FROM_DEVICE));
	KUNIT_EXPECT_REPORT(test, "is handed over and is not mapped",
			    dma_sync_single_for_cpu(dev, addr + 1, SIZE, DMA_FROM_DEVICE));
	KUNIT_EXPECT_REPORT(test, "is handed over and is not mapped",
			    dma_sync_single_for_device(dev, addr - 1, 2, DMA_FROM_DEVICE));
	KUNIT_EXPECT_REPORT(test, "is handed over as to the device",
			    dma_sync_single_for_cpu(dev, addr, SIZE, DMA_TO_DEVICE));
	dma_unmap_single(dev, addr, SIZE, DMA_FROM_DEVICE);
	KUNIT_EXPECT_REPORT(test, "is handed over and is not mapped",
			    dma_sync_single_for_cpu(dev, addr, SIZE, DMA_FROM_DEVICE));
}

static void a_buffer_that_is_freed_while_mapped_is_reported_and_kept(struct kunit *test)
{
	struct device *dev = new_device(test);
	char *mem = kmalloc(SIZE, GFP_KERNEL);
	unsigned long pages = __get_free_pages(GFP_KERNEL, 1);
	dma_addr_t addr;

	KUNIT_ASSERT_NOT_NULL(test, mem);
	KUNIT_ASSERT_NE(test, pages, 0);
	addr = map(test, dev, mem + 16, 32, DMA_FROM_DEVICE);
	KUNIT_EXPECT_REPORT(test, "is freed while the device has it", kfree(mem));
	dma_unmap_single(dev, addr, 32, DMA_FROM_DEVICE);
	addr = map(test, dev, (char *)pages + PAGE_SIZE, 1, DMA_FROM_DEVICE);
	KUNIT_EXPECT_REPORT(test, "is freed while the device has it", free_pages(pages, 1));
	dma_unmap_single(dev, addr, 1, DMA_FROM_DEVICE);
	kfree(mem);
	free_pages(pages, 1);
}

static void a_buffer_that_is_written_while_mapped_is_reported(struct kunit *test)
{
	static const enum dma_data_direction dirs[] = {
		DMA_TO_DEVICE, DMA_FROM_DEVICE, DMA_BIDIRECTIONAL,
	};
	struct device *dev = new_device(test);
	char *mem = dma_page(test);

	for (size_t i = 0; i < 3; i++) {
		dma_addr_t addr = map(test, dev, mem, SIZE, dirs[i]);

		mem[SIZE] = 1;
		mem[SIZE - 1]++;
		KUNIT_EXPECT_REPORT(test, "was written while the device had it",
				    dma_unmap_single(dev, addr, SIZE, dirs[i]));
		addr = map(test, dev, mem, SIZE, dirs[i]);
		dma_sync_single_for_cpu(dev, addr, SIZE, dirs[i]);
		mem[0]++;
		dma_sync_single_for_device(dev, addr, SIZE, dirs[i]);
		mem[0]++;
		KUNIT_EXPECT_REPORT(test, "was written while the device had it",
				    dma_sync_single_for_cpu(dev, addr, 1, dirs[i]));
		dma_unmap_single(dev, addr, SIZE, dirs[i]);
	}
}

/* As on a machine with caches: what is not handed over is not seen. */
static void who_does_not_hand_over_sees_nothing(struct kunit *test)
{
	struct device *dev = new_device(test);
	char *mem = dma_page(test), *seen;
	dma_addr_t addr;

	mem[0] = 1;
	addr = map(test, dev, mem, SIZE, DMA_BIDIRECTIONAL);
	seen = phys_to_virt(addr);
	KUNIT_ASSERT_TRUE(test, seen != mem);
	KUNIT_EXPECT_EQ(test, offset_in_page(seen), offset_in_page(mem));
	KUNIT_EXPECT_EQ(test, seen[0], 1);
	seen[0] = 2;
	KUNIT_EXPECT_EQ(test, mem[0], 1);
	dma_sync_single_for_cpu(dev, addr, 1, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, mem[0], 2);
	mem[0] = 3;
	KUNIT_EXPECT_EQ(test, seen[0], 2);
	dma_sync_single_for_device(dev, addr, 1, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, seen[0], 3);
	dma_unmap_single(dev, addr, SIZE, DMA_BIDIRECTIONAL);
}

static void a_buffer_that_two_devices_have_is_reported(struct kunit *test)
{
	struct device *dev = new_device(test), *other = new_device(test);
	dma_addr_t addr, second = 0;
	char *mem = dma_page(test);

	addr = map(test, dev, mem, SIZE, DMA_TO_DEVICE);
	KUNIT_EXPECT_REPORT(test, "is mapped while a device has it",
			    second = dma_map_single(other, mem + SIZE - 1, 2, DMA_FROM_DEVICE));
	KUNIT_ASSERT_EQ(test, dma_mapping_error(other, second), 0);
	dma_unmap_single(other, second, 2, DMA_FROM_DEVICE);
	/* Two may read it. */
	second = map(test, other, mem, SIZE, DMA_TO_DEVICE);
	dma_unmap_single(other, second, SIZE, DMA_TO_DEVICE);
	dma_unmap_single(dev, addr, SIZE, DMA_TO_DEVICE);
}

static void coherent_memory_is_freed_as_it_was_allocated(struct kunit *test)
{
	struct device *dev = new_device(test), *other = new_device(test);
	dma_addr_t handle;
	char *mem = dma_alloc_coherent(dev, 64, &handle, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, mem);
	KUNIT_EXPECT_REPORT(test, "was not allocated so",
			    dma_free_coherent(dev, 65, mem, handle));
	KUNIT_EXPECT_REPORT(test, "was not allocated so",
			    dma_free_coherent(dev, 64, mem + 1, handle));
	KUNIT_EXPECT_REPORT(test, "was not allocated so",
			    dma_free_coherent(other, 64, mem, handle));
	KUNIT_EXPECT_REPORT(test, "is unmapped and is not mapped",
			    dma_unmap_single(dev, handle, 64, DMA_BIDIRECTIONAL));
	dma_free_coherent(dev, 64, mem, handle);
	KUNIT_EXPECT_REPORT(test, "was not allocated so",
			    dma_free_coherent(dev, 64, mem, handle));
}

/* ---- a driver that forgets ---- */

static char *forgotten;

static int forgetful_probe(struct platform_device *pdev)
{
	int err = dma_set_mask(&pdev->dev, dma_device_mask());

	return err ? err : dma_mapping_error(&pdev->dev, dma_map_single(&pdev->dev, forgotten, SIZE,
									DMA_FROM_DEVICE));
}

static struct platform_driver forgetful = {
	.probe = forgetful_probe, .driver = { .name = "dma-forgetful" },
};

static void a_mapping_that_outlives_its_driver_is_reported(struct kunit *test)
{
	struct platform_device *pdev;
	int err;

	fault_leave(current);
	forgotten = dma_page(test);
	pdev = platform_device_register_simple("dma-forgetful", PLATFORM_DEVID_NONE, NULL, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, dma_device_unregister, pdev), 0);
	err = platform_driver_register(&forgetful);
	KUNIT_ASSERT_EQ(test, err, 0);
	if (device_is_bound(&pdev->dev))
		KUNIT_EXPECT_REPORT(test, "is left with memory",
				    platform_driver_unregister(&forgetful));
	else
		platform_driver_unregister(&forgetful);
}

static struct kunit_case dma_debug_cases[] = {
	KUNIT_CASE(a_second_unmap_is_reported),
	KUNIT_CASE(an_unmap_of_another_device_is_reported),
	KUNIT_CASE(an_unmap_with_another_size_or_direction_is_reported),
	KUNIT_CASE(a_mapping_that_nobody_asked_about_is_reported),
	KUNIT_CASE(a_handover_outside_of_the_mapping_is_reported),
	KUNIT_CASE(a_buffer_that_is_freed_while_mapped_is_reported_and_kept),
	KUNIT_CASE(a_buffer_that_is_written_while_mapped_is_reported),
	KUNIT_CASE(who_does_not_hand_over_sees_nothing),
	KUNIT_CASE(a_buffer_that_two_devices_have_is_reported),
	KUNIT_CASE(coherent_memory_is_freed_as_it_was_allocated),
	KUNIT_CASE(a_mapping_that_outlives_its_driver_is_reported),
	{}
};

static struct kunit_suite dma_debug_suite = {
	.name = "dma_debug",
	.test_cases = dma_debug_cases,
};
kunit_test_suite(dma_debug_suite);
