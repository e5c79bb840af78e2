/* SPDX-License-Identifier: MIT */
/*
 * Register accesses that a test may answer: see <kernel/io.h>.
 */
#include <kernel/io.h>
#include <kernel/bug.h>

static struct io_hook *active;	/* [o] the test's task */

void io_hook_install(struct io_hook *hook)
{
	if (!WARN(active, "io_hook: one is installed already"))
		active = hook;
}

void io_hook_remove(void)
{
	active = NULL;
}

static bool is_hooked(const volatile void *addr)
{
	return unlikely(active) &&
	       (unsigned long)addr - (unsigned long)active->base < active->size;
}

u32 io_hook_read(const volatile void __iomem *addr, unsigned int width)
{
	if (is_hooked(addr))
		return active->read(active, (unsigned long)addr - (unsigned long)active->base,
				    width);
	switch (width) {
	case 1:
		return hal_io_read_u8(addr);
	case 2:
		return hal_io_read_u16(addr);
	default:
		return hal_io_read_u32(addr);
	}
}

int io_probe_readl(const void __iomem *addr, u32 *value)
{
	unsigned long word;
	int err = 0;

	if (is_hooked(addr))
		word = io_hook_read(addr, sizeof(*value));
	else
		/* SAFETY: read as one word, like a register, and by nothing else. */
		err = hal_probe_read((const void *)addr, &word);
	if (!err)
		*value = (u32)word;
	return err;
}

void io_hook_write(u32 value, volatile void __iomem *addr, unsigned int width)
{
	if (is_hooked(addr)) {
		active->write(active, (unsigned long)addr - (unsigned long)active->base, value,
			      width);
		return;
	}
	switch (width) {
	case 1:
		hal_io_write_u8((u8)value, addr);
		break;
	case 2:
		hal_io_write_u16((u16)value, addr);
		break;
	default:
		hal_io_write_u32(value, addr);
	}
}

void io_hook_cache(const char *op, const void *start, size_t size)
{
	if (unlikely(active) && active->cache)
		active->cache(active, op, start, size);
}
