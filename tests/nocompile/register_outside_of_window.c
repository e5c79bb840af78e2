/* SPDX-License-Identifier: MIT */
/*
 * A register is read that the window does not reach.
 *
 * gcc: register offset outside of the window
 * clang: register offset outside of the window
 * clang-context: register offset outside of the window
 */
#include <kernel/io_mem.h>

struct board {
	IO_MEM(0x100) regs;
};

#ifdef TWIN
u32 get(struct board *board)
{
	return io_mem_readl(&board->regs, 0xfc);
}
#else
u32 get(struct board *board)
{
	return io_mem_readl(&board->regs, 0x100);
}
#endif
