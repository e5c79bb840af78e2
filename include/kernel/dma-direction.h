/* SPDX-License-Identifier: MIT */
/*
 * Which way data goes between memory and a device, as the device's driver says it.
 */
#ifndef KERNEL_DMA_DIRECTION_H
#define KERNEL_DMA_DIRECTION_H

enum dma_data_direction {
	DMA_BIDIRECTIONAL = 0,
	DMA_TO_DEVICE = 1,
	DMA_FROM_DEVICE = 2,
	DMA_NONE = 3,		/* no mapping has it */
};

/* Context: any. */
static inline int valid_dma_direction(enum dma_data_direction dir)
{
	return dir <= DMA_FROM_DEVICE;
}

#endif
