/* SPDX-License-Identifier: MIT */
/*
 * A register is read that is wider than the window.
 *
 * gcc: register offset outside of the window
 * clang: register offset outside of the window
 * clang-context: register offset outside of the window
 */
#include <kernel/io_mem.h>

struct board {
	IO_MEM(2) regs;
};

#ifdef TWIN
u32 get(struct board *board)
{
	return io_mem_readw(&board->regs, 0);
}
#else
u32 get(struct board *board)
{
	return io_mem_readl(&board->regs, 0);
}
#endif
