/* SPDX-License-Identifier: MIT */
/*
 * A goto jumps over a guard into its scope, which gives back what nobody took.
 *
 * clang: cannot jump from this goto statement to its label
 * clang-context: cannot jump from this goto statement to its label
 */
#include <kernel/mutex.h>

struct dial {
	struct mutex lock;
	int level __guarded_by(&lock);
};

#ifdef TWIN
int turn(struct dial *dial)
{
	if (!dial)
		return 0;
	guard(mutex)(&dial->lock);
	dial->level++;
	return 0;
}
#else
int turn(struct dial *dial)
{
	if (!dial)
		goto out;
	guard(mutex)(&dial->lock);
	dial->level++;
out:
	return 0;
}
#endif
