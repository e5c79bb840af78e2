/* SPDX-License-Identifier: MIT */
/*
 * nm's lines, "address [size] type name", as a list of functions.
 *
 * Of several names at one address the global one stays, then the first by spelling: the same
 * on each run. A compiler's suffixes (.constprop.0, .part.1) are cut off: the name is that of
 * the source.
 */
#include "mksyms.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX	4	/* in a line */
#define GROW		1024	/* symbols */

static void cut_suffix(char *name)
{
	static const char *const suffixes[] = { "constprop", "part", "isra", "cold", "lto_priv" };

	for (char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.')) {
		size_t length = strcspn(dot + 1, ".");

		for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
			if (strlen(suffixes[i]) == length &&
			    strncmp(dot + 1, suffixes[i], length) == 0) {
				*dot = '\0';
				return;
			}
		}
	}
}

static bool read_number(const char *word, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(word, &end, 16);
	return !errno && end != word && !*end;
}

/* Returns whether the line tells of a function, with where it ends. The name is the line's. */
static bool read_line(char *line, struct symbol *symbol, uint64_t *end)
{
	static const char types[] = "TtWw";
	char *words[WORDS_MAX + 1], *type, *rest = line;
	uint64_t size = 1;
	int n = 0;

	while (n <= WORDS_MAX && (words[n] = strtok_r(rest, " \n", &rest)))
		n++;
	if (n != WORDS_MAX && n != WORDS_MAX - 1)
		return false;
	type = strchr(types, words[n - 2][0]);
	symbol->name = words[n - 1];
	if (words[n - 2][1] || !type || symbol->name[0] == '$' ||
	    strncmp(symbol->name, ".L", 2) == 0)
		return false;
	if (!read_number(words[0], &symbol->address) ||
	    (n == WORDS_MAX && !read_number(words[1], &size)))
		return false;
	symbol->rank = (unsigned int)(type - types);
	*end = symbol->address + size;
	return true;
}

static int by_address(const void *left, const void *right)
{
	const struct symbol *a = left, *b = right;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return strcmp(a->name, b->name);
}

static void keep_one_for_each_address(struct symbols *symbols)
{
	size_t kept = 0;

	for (size_t i = 0; i < symbols->count; i++) {
		if (kept && symbols->list[kept - 1].address == symbols->list[i].address)
			free(symbols->list[i].name);
		else
			symbols->list[kept++] = symbols->list[i];
	}
	symbols->count = kept;
}

static void add(struct symbols *symbols, const struct symbol *symbol)
{
	struct symbol *new;

	if (symbols->count % GROW == 0)
		symbols->list = have(reallocarray(symbols->list, symbols->count + GROW,
						  sizeof(*symbols->list)));
	new = &symbols->list[symbols->count++];
	*new = *symbol;
	new->name = have(strdup(symbol->name));
	cut_suffix(new->name);
}

void symbols_read(struct symbols *symbols, FILE *nm)
{
	char *line = NULL;
	size_t room = 0;

	*symbols = (struct symbols){ .count = 0 };
	while (getline(&line, &room, nm) >= 0) {
		struct symbol symbol = { .first = 0 };
		uint64_t end;

		if (!read_line(line, &symbol, &end))
			continue;
		if (end > symbols->end)
			symbols->end = end;
		add(symbols, &symbol);
	}
	free(line);
	if (ferror(nm))
		fail("cannot read nm's output");
	if (!symbols->count)
		fail("no function in nm's output");
	qsort(symbols->list, symbols->count, sizeof(*symbols->list), by_address);
	keep_one_for_each_address(symbols);
}

void symbols_free(struct symbols *symbols)
{
	for (size_t i = 0; i < symbols->count; i++)
		free(symbols->list[i].name);
	free(symbols->list);
}
