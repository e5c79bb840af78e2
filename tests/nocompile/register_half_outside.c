/* SPDX-License-Identifier: MIT */
/*
 * The last byte of a register is outside of the window.
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
	return io_mem_readb(&board->regs, 0xff);
}
#else
u32 get(struct board *board)
{
	return io_mem_readw(&board->regs, 0xff);
}
#endif
