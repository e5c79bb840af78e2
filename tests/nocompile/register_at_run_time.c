/* SPDX-License-Identifier: MIT */
/*
 * An offset that the compiler does not know is not checked.
 *
 * gcc: expression in static assertion is not constant
 * clang: static assertion expression is not an integral constant expression
 * clang-context: static assertion expression is not an integral constant expression
 */
#include <kernel/io_mem.h>

struct board {
	IO_MEM(0x100) regs;
};

#ifdef TWIN
u32 get(struct board *board, unsigned int n)
{
	u32 value;

	return io_mem_try_readl(&board->regs, 4 * n, &value) ? 0 : value;
}
#else
u32 get(struct board *board, unsigned int n)
{
	return io_mem_readl(&board->regs, 4 * n);
}
#endif
