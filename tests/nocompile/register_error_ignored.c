/* SPDX-License-Identifier: MIT */
/*
 * A register that may be outside of the window is taken to have been written.
 *
 * gcc: ignoring return value of '__io_mem_try_writel'
 * clang: ignoring return value of function declared with 'warn_unused_result'
 */
#include <kernel/io_mem.h>

struct board {
	IO_MEM(0x100) regs;
};

#ifdef TWIN
int put(struct board *board, unsigned int n)
{
	return io_mem_try_writel(&board->regs, 1, 4 * n);
}
#else
int put(struct board *board, unsigned int n)
{
	io_mem_try_writel(&board->regs, 1, 4 * n);
	return 0;
}
#endif
