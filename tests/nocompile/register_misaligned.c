/* SPDX-License-Identifier: MIT */
/*
 * A register is read across two.
 *
 * gcc: register offset not aligned
 * clang: register offset not aligned
 * clang-context: register offset not aligned
 */
#include <kernel/io_mem.h>

struct board {
	IO_MEM(0x100) regs;
};

#ifdef TWIN
u32 get(struct board *board)
{
	return io_mem_readw(&board->regs, 2);
}
#else
u32 get(struct board *board)
{
	return io_mem_readl(&board->regs, 2);
}
#endif
