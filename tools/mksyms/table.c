/* SPDX-License-Identifier: MIT */
/*
 * The table as include/kernel/ksyms.h has it: offsets of 32 bits, names by 16 bits that count
 * units of two bytes, each name stored once, where the first function of that name stands.
 */
#include "mksyms.h"

#include <stdlib.h>
#include <string.h>

#define NAME_UNIT	2UL		/* KSYMS_NAME_UNIT */
#define NAMES_LIMIT	(NAME_UNIT << 16)	/* ksyms_name[] is 16 bits wide */
#define CODE_LIMIT	(1ULL << 32)	/* ksyms_offset[] is 32 bits wide */

static int by_name(const void *left, const void *right)
{
	const struct symbol *a = *(struct symbol *const *)left, *b = *(struct symbol *const *)right;
	int order = strcmp(a->name, b->name);

	if (order)
		return order;
	return a < b ? -1 : a > b;
}

static void find_first_of_each_name(struct symbols *symbols)
{
	struct symbol **sorted = have(calloc(symbols->count, sizeof(struct symbol *)));

	for (size_t i = 0; i < symbols->count; i++)
		sorted[i] = &symbols->list[i];
	qsort(sorted, symbols->count, sizeof(struct symbol *), by_name);
	for (size_t i = 0; i < symbols->count; i++) {
		if (i && strcmp(sorted[i]->name, sorted[i - 1]->name) == 0)
			sorted[i]->first = sorted[i - 1]->first;
		else
			sorted[i]->first = (size_t)(sorted[i] - symbols->list);
	}
	free(sorted);
}

/* With its end, up to where the next one may begin. */
static size_t room_of(const char *name)
{
	return (strlen(name) + 1 + NAME_UNIT - 1) / NAME_UNIT * NAME_UNIT;
}

static void place_names(struct symbols *symbols)
{
	size_t length = 0;

	for (size_t i = 0; i < symbols->count; i++) {
		struct symbol *symbol = &symbols->list[i];

		if (symbol->first != i) {
			symbol->text = symbols->list[symbol->first].text;
			continue;
		}
		symbol->text = length;
		length += room_of(symbol->name);
	}
	if (length > NAMES_LIMIT)
		fail("%zu bytes of names, more than the table's 16 bits reach", length);
}

void table_print(FILE *out, struct symbols *symbols)
{
	uint64_t base = symbols->list[0].address;

	find_first_of_each_name(symbols);
	place_names(symbols);
	if (symbols->end - base >= CODE_LIMIT)
		fail("code spans more than 32 bits");
	fprintf(out,
		"/* Made by tools/mksyms. */\n"
		"#include <kernel/ksyms.h>\n\n"
		"#define __ksyms __attribute__((section(\".ksyms\")))\n\n"
		"const u32 ksyms_count __ksyms = %zu;\n"
		"const uintptr_t ksyms_base __ksyms = 0x%llx;\n"
		"const u32 ksyms_offset[] __ksyms = {\n",
		symbols->count, (unsigned long long)base);
	for (size_t i = 0; i < symbols->count; i++)
		fprintf(out, "\t0x%llx,\n", (unsigned long long)(symbols->list[i].address - base));
	fprintf(out, "\t0x%llx,\n};\nconst u16 ksyms_name[] __ksyms = {\n",
		(unsigned long long)(symbols->end - base));
	for (size_t i = 0; i < symbols->count; i++)
		fprintf(out, "\t%zu,\n", symbols->list[i].text / NAME_UNIT);
	fputs("};\nconst char ksyms_strings[] __ksyms =", out);
	for (size_t i = 0; i < symbols->count; i++)
		if (symbols->list[i].first == i)
			fprintf(out, "\n\t\"%s%s\"", symbols->list[i].name,
				strlen(symbols->list[i].name) % NAME_UNIT ? "\\0" : "\\0\\0");
	fputs(";\n", out);
}
