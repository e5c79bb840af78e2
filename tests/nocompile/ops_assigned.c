/* SPDX-License-Identifier: MIT */
/*
 * A table of operations that is const is changed.
 *
 * gcc: assignment of member 'get' in read-only object
 * clang: cannot assign to variable 'ops' with const-qualified type
 * clang-context: cannot assign to variable 'ops' with const-qualified type
 */

struct dial_ops {
	int (*get)(void);
	int (*peek)(void);
};

static int level(void)
{
	return 3;
}

#ifdef TWIN
static const struct dial_ops ops = {
	.get = level,
};

int set_up(void)
{
	return ops.peek ? ops.peek() : ops.get();
}
#else
static const struct dial_ops ops;

int set_up(void)
{
	ops.get = level;
	return ops.get();
}
#endif
