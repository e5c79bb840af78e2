/* SPDX-License-Identifier: MIT */
/*
 * The blobs that tests read: files in the folder "trees" beside the program,
 * QEMU's own and those compiled from tests/host/trees/.
 */
#ifndef FDT_TREES_H
#define FDT_TREES_H

#include <lib/types.h>

#define TREES_MAX	32

struct tree_file {
	char name[32];		/* "virt.dtb" */
	u8 *bytes;		/* aligned to 8 */
	size_t size;
};

/* All of them, sorted by name; the same at each call. *n is 0 if there are none. */
const struct tree_file *tree_files(size_t *n);

/* The one of that name, or NULL. */
const struct tree_file *tree_file(const char *name);

#endif
