/* SPDX-License-Identifier: MIT */
/*
 * An entry of a table that the linker gathers is written.
 *
 * gcc: increment of member 'level' in read-only object|of read-only location
 * clang: read-only|with const-qualified type
 * clang-context: read-only|with const-qualified type
 */
#include <lib/table.h>

struct dial {
	int level;
};

DECLARE_TABLE(dials, struct dial);

#ifdef TWIN
int sum(void)
{
	int n = 0;

	for_each_table_entry(dials, dial)
		n += dial->level;
	return n;
}
#else
int sum(void)
{
	int n = 0;

	for_each_table_entry(dials, dial)
		n += dial->level++;
	return n;
}
#endif
