/* SPDX-License-Identifier: MIT */
/*
 * Between the parts of mksyms: the functions of a kernel, as nm tells of them (symbols.c), and
 * the table that is made from them (table.c).
 */
#ifndef MKSYMS_H
#define MKSYMS_H

#include <stdint.h>
#include <stdio.h>

struct symbol {
	uint64_t address;
	char *name;		/* of the source: without a compiler's suffix */
	unsigned int rank;	/* of several at an address the least one names it */
	size_t first;		/* the first symbol of this name, by index */
	size_t text;		/* where the name begins in the table's names */
};

struct symbols {
	struct symbol *list;	/* by address, one for each */
	size_t count;
	uint64_t end;		/* of the last function */
};

/* Ends the program, with a line that says why. */
void fail(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

/* p, which is not NULL: without memory the program ends. */
void *have(void *p);

/* The functions that nm -S writes. What is no function, or no line of nm's, is left out. */
void symbols_read(struct symbols *symbols, FILE *nm);
void symbols_free(struct symbols *symbols);

/* Writes the table as C. It ends the program if the table's fields are too narrow. */
void table_print(FILE *out, struct symbols *symbols);

#endif
