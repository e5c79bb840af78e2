/* SPDX-License-Identifier: MIT */
/*
 * A register window whose type says how large it is: an access outside of it, or one that is
 * not aligned, does not compile. Beside <kernel/io.h>, whose accesses these are.
 *
 *	struct board {
 *		IO_MEM(0x100) regs;			what the driver uses of it
 *	};
 *
 *	err = io_mem_init(&board->regs, base, resource_size(res));
 *	io_mem_writel(&board->regs, CTRL_ON, CTRL);
 *	err = io_mem_try_readl(&board->regs, FILTER(n), &value);
 *
 * The plain forms take an offset that is a constant and check it when they are compiled, with
 * any compiler and without optimisation, so they cost what readl() and writel() do. The try
 * forms take any and check it against what is mapped.
 *
 * Context: any, for all of this header.
 */
#ifndef KERNEL_IO_MEM_H
#define KERNEL_IO_MEM_H

#include <kernel/io.h>
#include <lib/compiler.h>
#include <lib/errno.h>
#include <lib/types.h>

/* The size of what is pointed at is the size that the type promises. */
#define IO_MEM(bytes)								\
	struct {								\
		char __iomem (*window)[bytes];					\
		size_t size;							\
	}

#define io_mem_extent(mem)	sizeof(*(mem)->window)
/* SAFETY: io_mem_init() put it there. */
#define io_mem_base(mem)	((void __iomem *)(mem)->window)

static inline int __must_check __io_mem_init(size_t *size, size_t extent, size_t bytes)
{
	*size = bytes;
	return bytes < extent ? -EINVAL : 0;
}

/*
 * `bytes` are mapped at `from`; the caller unmaps them after the last access.
 * Return: 0; -EINVAL if the type promises more than that.
 */
#define io_mem_init(mem, from, bytes) \
	/* SAFETY: the type of the window is checked against its size, below. */ \
	((mem)->window = (void __iomem *)(from),				\
	 __io_mem_init(&(mem)->size, io_mem_extent(mem), bytes))

#define IO_MEM_CHECK(mem, offset, width)					\
	_Static_assert((width) <= io_mem_extent(mem) &&				\
		       (size_t)(offset) <= io_mem_extent(mem) - (width),	\
		       "register offset outside of the window");		\
	_Static_assert((size_t)(offset) % (width) == 0, "register offset not aligned")

#define IO_MEM_READ(mem, offset, type, read) ({					\
	IO_MEM_CHECK(mem, offset, sizeof(type));				\
	read(io_mem_base(mem) + (offset)); })
#define IO_MEM_WRITE(mem, value, offset, type, write) do {			\
	IO_MEM_CHECK(mem, offset, sizeof(type));				\
	write(value, io_mem_base(mem) + (offset));					\
} while (0)

#define io_mem_readb(mem, offset)		IO_MEM_READ(mem, offset, u8, readb)
#define io_mem_readw(mem, offset)		IO_MEM_READ(mem, offset, u16, readw)
#define io_mem_readl(mem, offset)		IO_MEM_READ(mem, offset, u32, readl)
#define io_mem_writeb(mem, value, offset)	IO_MEM_WRITE(mem, value, offset, u8, writeb)
#define io_mem_writew(mem, value, offset)	IO_MEM_WRITE(mem, value, offset, u16, writew)
#define io_mem_writel(mem, value, offset)	IO_MEM_WRITE(mem, value, offset, u32, writel)

#define io_mem_readb_relaxed(mem, offset)	IO_MEM_READ(mem, offset, u8, readb_relaxed)
#define io_mem_readw_relaxed(mem, offset)	IO_MEM_READ(mem, offset, u16, readw_relaxed)
#define io_mem_readl_relaxed(mem, offset)	IO_MEM_READ(mem, offset, u32, readl_relaxed)
#define io_mem_writeb_relaxed(mem, value, offset) \
	IO_MEM_WRITE(mem, value, offset, u8, writeb_relaxed)
#define io_mem_writew_relaxed(mem, value, offset) \
	IO_MEM_WRITE(mem, value, offset, u16, writew_relaxed)
#define io_mem_writel_relaxed(mem, value, offset) \
	IO_MEM_WRITE(mem, value, offset, u32, writel_relaxed)

/* Return: 0; -EINVAL, the offset is not aligned; -ERANGE, not in what is mapped. */
static inline int __must_check io_mem_check(size_t size, size_t offset, size_t width)
{
	if (offset % width)
		return -EINVAL;
	return size < width || offset > size - width ? -ERANGE : 0;
}

#define IO_MEM_TRY(type, read, write)						\
	static inline int __must_check __io_mem_try_##read(void __iomem *base, size_t size, \
							   size_t offset, type *result) \
	{									\
		int err = io_mem_check(size, offset, sizeof(type));		\
		if (!err)							\
			*result = read(base + offset);				\
		return err;							\
	}									\
	static inline int __must_check __io_mem_try_##write(void __iomem *base, size_t size, \
							    type value, size_t offset) \
	{									\
		int err = io_mem_check(size, offset, sizeof(type));		\
		if (!err)							\
			write(value, base + offset);				\
		return err;							\
	}
IO_MEM_TRY(u8, readb, writeb)
IO_MEM_TRY(u16, readw, writew)
IO_MEM_TRY(u32, readl, writel)

/* Return: 0, and a read has set *result; -EINVAL and -ERANGE as above, and nothing was done. */
#define IO_MEM_CALL(function, mem, a, b)	function(io_mem_base(mem), (mem)->size, a, b)
#define io_mem_try_readb(mem, offset, result)	IO_MEM_CALL(__io_mem_try_readb, mem, offset, result)
#define io_mem_try_readw(mem, offset, result)	IO_MEM_CALL(__io_mem_try_readw, mem, offset, result)
#define io_mem_try_readl(mem, offset, result)	IO_MEM_CALL(__io_mem_try_readl, mem, offset, result)
#define io_mem_try_writeb(mem, value, offset)	IO_MEM_CALL(__io_mem_try_writeb, mem, value, offset)
#define io_mem_try_writew(mem, value, offset)	IO_MEM_CALL(__io_mem_try_writew, mem, value, offset)
#define io_mem_try_writel(mem, value, offset)	IO_MEM_CALL(__io_mem_try_writel, mem, value, offset)

#endif
