/* SPDX-License-Identifier: MIT */
/*
 * Device registers: mapping them, and the only accesses that reach them.
 *
 * readl/writel order the access against the memory that the device reads or
 * writes by itself: a write happens after the stores before it, a read before
 * the loads after it. The _relaxed forms order accesses of one device only.
 *
 * With CONFIG_IO_HOOK a test puts a scripted register block in a device's
 * place: the driver under test runs unchanged.
 */
#ifndef KERNEL_IO_H
#define KERNEL_IO_H

#include <hal/io.h>
#include <hal/traps.h>
#include <lib/byteorder.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/kconfig.h>
#include <lib/types.h>

/*
 * Maps `size` bytes of device memory at the physical address `addr`, as
 * Device, not executable. NULL if there is no room or the address is out of
 * reach: 40 bits where the processor has supersections (then 16 MiB around it come along), else 32.
 * Adjacent bytes of the same page come along. The mapping stays until iounmap().
 * May sleep. Context: task, boot.
 */
void __iomem *ioremap(phys_addr_t addr, size_t size) __must_check __may_sleep;
/* `addr` as ioremap() gave it; NULL does nothing. May sleep. Context: task, boot. */
void iounmap(void __iomem *addr) __may_sleep;

#ifdef CONFIG_IO_HOOK

/*
 * A register block that a test plays. Offsets are from `base`, widths in
 * bytes. Accesses outside [base, base + size) go to the hardware.
 */
struct io_hook {
	void __iomem *base;
	size_t size;
	u32 (*read)(struct io_hook *hook, unsigned long offset, unsigned int width);
	void (*write)(struct io_hook *hook, unsigned long offset, u32 value, unsigned int width);
	/* May be NULL. Each maintenance of the data cache, before it is done: "clean", ... */
	void (*cache)(struct io_hook *hook, const char *op, const void *start, size_t size);
};

/* One at a time. Context: a test's task, while no other user of the block runs. */
void io_hook_install(struct io_hook *hook);
void io_hook_remove(void);

/* What the accessors below call: the hook's answer, or the hardware's. Context: any. */
u32 io_hook_read(const volatile void __iomem *addr, unsigned int width);
void io_hook_write(u32 value, volatile void __iomem *addr, unsigned int width);

/* Reads a register that may not be there. Return: 0; -EFAULT: nothing answers. Context: any. */
int __must_check io_probe_readl(const void __iomem *addr, u32 *value);

/* Called with each maintenance of the data cache. Context: any. */
void io_hook_cache(const char *op, const void *start, size_t size);

#define IO_READ(type, addr)		((type)io_hook_read(addr, sizeof(type)))
#define IO_WRITE(type, value, addr)	io_hook_write(value, addr, sizeof(type))

#else

/* Reads a register that may not be there. Return: 0; -EFAULT: nothing answers. Context: any. */
static inline int __must_check io_probe_readl(const void __iomem *addr, u32 *value)
{
	unsigned long word;
	/* SAFETY: read as one word, like a register, and by nothing else. */
	int err = hal_probe_read((const void *)addr, &word);

	if (!err)
		*value = (u32)word;
	return err;
}

static inline void io_hook_cache(const char *op, const void *start, size_t size)
{
	(void)op;
	(void)start;
	(void)size;
}

#define IO_READ(type, addr)		hal_io_read_##type(addr)
#define IO_WRITE(type, value, addr)	hal_io_write_##type(value, addr)

#endif

#define readb_relaxed(addr)		IO_READ(u8, addr)
#define readw_relaxed(addr)		IO_READ(u16, addr)
#define readl_relaxed(addr)		IO_READ(u32, addr)
#define writeb_relaxed(value, addr)	IO_WRITE(u8, value, addr)
#define writew_relaxed(value, addr)	IO_WRITE(u16, value, addr)
#define writel_relaxed(value, addr)	IO_WRITE(u32, value, addr)

#define IO_READ_ORDERED(type, addr) ({			\
	type io_value__ = IO_READ(type, addr);		\
	hal_io_rmb();					\
	io_value__; })
#define IO_WRITE_ORDERED(type, value, addr) do {	\
	hal_io_wmb();					\
	IO_WRITE(type, value, addr);			\
} while (0)

#define readb(addr)		IO_READ_ORDERED(u8, addr)
#define readw(addr)		IO_READ_ORDERED(u16, addr)
#define readl(addr)		IO_READ_ORDERED(u32, addr)
#define writeb(value, addr)	IO_WRITE_ORDERED(u8, value, addr)
#define writew(value, addr)	IO_WRITE_ORDERED(u16, value, addr)
#define writel(value, addr)	IO_WRITE_ORDERED(u32, value, addr)

/* ---- under the names for what may be a port or a register ---- */

#define ioread8(addr)			readb(addr)
#define ioread16(addr)			readw(addr)
#define ioread32(addr)			readl(addr)
#define iowrite8(value, addr)		writeb(value, addr)
#define iowrite16(value, addr)		writew(value, addr)
#define iowrite32(value, addr)		writel(value, addr)

/* Registers whose bytes are the other way round. */
#define ioread16be(addr)		be16_to_cpu(readw(addr))
#define ioread32be(addr)		be32_to_cpu(readl(addr))
#define iowrite16be(value, addr)	writew(cpu_to_be16(value), addr)
#define iowrite32be(value, addr)	writel(cpu_to_be32(value), addr)

/* ---- one register that is a FIFO: `count` accesses, in memory's order, not ordered ---- */

#define IO_FIFO(name, type, access)						\
static inline void name(volatile void __iomem *addr, type *buf, size_t count)		\
{											\
	for (size_t i = 0; i < count; i++)						\
		access;									\
}
IO_FIFO(readsb, u8, buf[i] = IO_READ(u8, addr))
IO_FIFO(readsw, u16, buf[i] = IO_READ(u16, addr))
IO_FIFO(readsl, u32, buf[i] = IO_READ(u32, addr))
IO_FIFO(writesb, const u8, IO_WRITE(u8, buf[i], addr))
IO_FIFO(writesw, const u16, IO_WRITE(u16, buf[i], addr))
IO_FIFO(writesl, const u32, IO_WRITE(u32, buf[i], addr))

#endif
