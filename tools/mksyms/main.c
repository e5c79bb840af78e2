/* SPDX-License-Identifier: MIT */
/*
 * The table of functions for backtraces, made from `nm` of a first link.
 *
 *	nm -S first.elf | mksyms table ksyms-table.c
 *	nm -S final.elf | mksyms compare ksyms-table.c
 *
 * The table goes into the second link behind all code (section .ksyms), so it moves no function;
 * compare proves that. Its layout is told in include/kernel/ksyms.h.
 */
#include "mksyms.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void fail(const char *fmt, ...)
{
	va_list args;

	fputs("mksyms: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

void *have(void *p)
{
	if (!p)
		fail("out of memory");
	return p;
}

static FILE *open_file(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	if (!file)
		fail("%s: %s", path, strerror(errno));
	return file;
}

static void write_file(const char *path, const char *text, size_t length)
{
	FILE *file = open_file(path, "w");
	size_t written = fwrite(text, 1, length, file);

	if (fclose(file) || written != length)
		fail("%s: %s", path, strerror(errno));
}

static void compare_file(const char *path, const char *text, size_t length)
{
	char *made = have(malloc(length + 1));
	FILE *file = open_file(path, "r");
	size_t size = fread(made, 1, length + 1, file);

	fclose(file);
	if (size != length || memcmp(made, text, length) != 0)
		fail("functions moved between the links: .ksyms must lie behind all code");
	free(made);
}

int main(int argc, char **argv)
{
	struct symbols symbols;
	size_t length;
	char *text;
	FILE *out;

	if (argc != 3 || (strcmp(argv[1], "table") != 0 && strcmp(argv[1], "compare") != 0))
		fail("usage: nm -S KERNEL | mksyms table|compare FILE");
	symbols_read(&symbols, stdin);
	out = have(open_memstream(&text, &length));
	table_print(out, &symbols);
	if (fclose(out))
		fail("out of memory");
	if (strcmp(argv[1], "table") == 0)
		write_file(argv[2], text, length);
	else
		compare_file(argv[2], text, length);
	free(text);
	symbols_free(&symbols);
	return 0;
}
