/* SPDX-License-Identifier: MIT */
/*
 * The parser's verdict against libfdt's: the same answer and, where that is yes, the same nodes,
 * properties and bytes.
 *
 * A blob ends where a page begins that cannot be touched, and the bytes between
 * are poisoned: reading one byte too many ends the program. So do arenas, which
 * are allocated at the size that is claimed.
 */
#ifndef FDT_JUDGE_H
#define FDT_JUDGE_H

#include <lib/fdt.h>

#include "fdt_oracle.h"
#include "kunit_host.h"

/* Of all that were judged, by kind: to see that a campaign reached them all. */
extern unsigned int verdicts[ORACLE_VERDICTS];

/* What the parser last said. */
extern struct fdt_error said;

/* The suite's init: makes the page. */
int map_guard(struct kunit_suite *suite);

/* Copies the first `size` bytes to the guard page, aligned to 8, nothing readable behind. */
const u8 *place(const u8 *bytes, size_t size);

/* What differs between our tree and the blob, or NULL. */
const char *difference(const struct fdt_tree *tree, const u8 *blob);

/*
 * Judges the first `size` bytes twice. Returns the oracle's verdict if ours is
 * the same and the content too, else fails the test, names the case and
 * returns ORACLE_VERDICTS.
 */
enum oracle_verdict check(struct kunit *test, const u8 *bytes, size_t size, const char *what,
			  u64 number);

/* Whether it was the same. */
bool same(struct kunit *test, const u8 *bytes, size_t size, const char *what, u64 number);

#endif
