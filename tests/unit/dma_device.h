/* SPDX-License-Identifier: MIT */
/*
 * A device for cases about DMA: on the platform bus, without a driver, with a mask that reaches all
 * memory. It does not look into the caches. It goes with the case.
 */
#ifndef TESTS_UNIT_DMA_DEVICE_H
#define TESTS_UNIT_DMA_DEVICE_H

#include <drivers/platform_device.h>
#include <kernel/dma-mapping.h>
#include <kernel/mm.h>
#include <test/kunit.h>

static inline u64 dma_device_mask(void)
{
	return mm_last_byte() > DMA_BIT_MASK(32) ? DMA_BIT_MASK(64) : DMA_BIT_MASK(32);
}

static inline void dma_device_unregister(void *pdev)
{
	platform_device_unregister(pdev);
}

static inline struct device *dma_device(struct kunit *test)
{
	struct platform_device *pdev;

	pdev = platform_device_register_simple("dma-test", PLATFORM_DEVID_AUTO, NULL, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, dma_device_unregister, pdev), 0);
	KUNIT_ASSERT_EQ(test, dma_set_mask_and_coherent(&pdev->dev, dma_device_mask()), 0);
	return &pdev->dev;
}

static inline void dma_page_free(void *page)
{
	free_page((unsigned long)page);
}

/* A page of zeros, which begins a line whatever the lines are. */
static inline char *dma_page(struct kunit *test)
{
	void *page = (void *)__get_free_page(GFP_KERNEL | __GFP_ZERO);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, dma_page_free, page), 0);
	return page;
}

#endif
