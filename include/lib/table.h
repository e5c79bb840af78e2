/* SPDX-License-Identifier: MIT */
/*
 * Tables that the linker gathers: each file adds its own entries, the image
 * holds them side by side in the order of the link. Each table has a line in
 * linker.ld and is declared once:
 *
 *   DECLARE_TABLE(shell_commands, struct shell_command);              in its header
 *   TABLE_ENTRY(shell_commands, struct shell_command, cmd) = { ... };  in any file
 *   for_each_table_entry(shell_commands, pos) ...                      pos is declared here
 */
#ifndef LIB_TABLE_H
#define LIB_TABLE_H

#include <lib/compiler.h>

#define DECLARE_TABLE(table, type) \
	extern __typeof__(type) const __table_##table##_start[], __table_##table##_end[]

#define TABLE_ENTRY(table, type, name)						\
	static __typeof__(type) const name __used __no_reorder __section(".table." #table) \
		__aligned(_Alignof(type))

#define for_each_table_entry(table, pos)					\
	for (__typeof__(&__table_##table##_start[0]) pos = __table_##table##_start; \
	     pos < __table_##table##_end; pos++)

#endif
