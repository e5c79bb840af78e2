/* SPDX-License-Identifier: MIT */
/*
 * mem: pages and objects.
 */
#include <kernel/mm.h>
#include <kernel/seq_file.h>
#include <kernel/shell.h>
#include <kernel/slab.h>
#include <lib/cleanup.h>
#include <lib/errno.h>

#define CACHES_TEXT_MAX	2048

static unsigned long to_kib(unsigned long pages)
{
	return pages << (PAGE_SHIFT - 10);
}

static void print_pages(void)
{
	struct mem_stats stats;

	mm_get_stats(&stats);
	shell_printf("%lu KiB, %lu KiB free, %lu requests failed\nfree blocks:",
		     to_kib(stats.total_pages), to_kib(stats.free_pages), stats.failures);
	for (unsigned int order = 0; order <= MAX_ORDER; order++)
		if (stats.free_blocks[order])
			shell_printf(" %lu x %lu KiB", stats.free_blocks[order],
				     to_kib(1ul << order));
	shell_puts("\n");
}

/* Called with the list of caches locked: may not wait for the terminal. */
static void add_cache(const char *name, size_t size, size_t used, size_t total, void *arg)
{
	if (total)
		seq_printf(arg, "%-16s %6zu %8zu %8zu\n", name, size, used, total);
}

static int print_caches(void)
{
	char *text __free(kfree) = kmalloc(CACHES_TEXT_MAX, GFP_KERNEL);
	struct seq_file seq = { .buf = text, .size = CACHES_TEXT_MAX };

	if (!text)
		return -ENOMEM;
	seq_puts(&seq, "cache              size     used    total\n");
	slab_for_each(add_cache, &seq);
	shell_puts(text);
	shell_printf("%zu bytes in objects\n", slab_bytes_used());
	return 0;
}

static int cmd_mem(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return -EINVAL;
	print_pages();
	return print_caches();
}
SHELL_COMMAND(mem, cmd_mem, "", "memory: pages, and objects by cache");
