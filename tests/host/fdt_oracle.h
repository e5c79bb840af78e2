/* SPDX-License-Identifier: MIT */
/*
 * libfdt as the judge of a device tree blob. It is kept behind this header,
 * since it has names for the same things as <lib/fdt.h>.
 */
#ifndef FDT_ORACLE_H
#define FDT_ORACLE_H

#include <stddef.h>
#include <stdint.h>

/* libfdt's verdict, and why ours must differ where it does. */
enum oracle_verdict {
	ORACLE_GOOD,
	ORACLE_BAD,
	ORACLE_GOOD_NOP,		/* libfdt 1.6.1 refuses FDT_NOP behind the root */
	ORACLE_BAD_VERSION,		/* before 16 */
	ORACLE_BAD_ALIGNMENT,		/* of a block */
	ORACLE_BAD_ROOT,		/* there is none */
	ORACLE_BAD_OUTSIDE,		/* a property outside the root */
	ORACLE_BAD_ORDER,		/* a property behind a subnode */
	ORACLE_BAD_DEPTH,
	ORACLE_BAD_STRING,		/* version 16: a name outside the strings block */
	ORACLE_BAD_LENGTH,		/* of 32 bits: libfdt 1.6.1 takes it for a negative one */
	ORACLE_VERDICTS,
};

extern const char *const oracle_verdict_names[ORACLE_VERDICTS];

/* The blob lies at an address that is a multiple of 8; `size` bytes may be read. */
enum oracle_verdict oracle_judge(const void *blob, size_t size, unsigned int depth_max);

static inline int oracle_accepts(enum oracle_verdict verdict)
{
	return verdict == ORACLE_GOOD || verdict == ORACLE_GOOD_NOP;
}

/* What a walk over an accepted blob meets. */
struct oracle_walk {
	void (*begin_node)(void *arg, const char *name);
	void (*property)(void *arg, const char *name, const void *value, int length);
	void (*end_node)(void *arg);
	void (*reserved)(void *arg, uint64_t address, uint64_t size);
};

void oracle_walk(const void *blob, const struct oracle_walk *walk, void *arg);

/* The offset of the first node with that phandle as libfdt finds it, as its path. 0: found. */
int oracle_phandle_path(const void *blob, uint32_t phandle, char *path, int size);

/* The offset, in the blob, of the tag after the one at `offset`; 0 to begin, 0 at the end. */
uint32_t oracle_next_tag(const void *blob, uint32_t offset);

/* Drops what is not in a block; the blob is writable. Returns the new size, or 0. */
size_t oracle_pack(void *blob);

#endif
