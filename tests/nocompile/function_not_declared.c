/* SPDX-License-Identifier: MIT */
/*
 * A function is called that nobody has declared.
 *
 * gcc: implicit declaration of function 'turn_on'
 * clang: call to undeclared function 'turn_on'
 * clang-context: call to undeclared function 'turn_on'
 */

#ifdef TWIN
static int turn_on(void)
{
	return 1;
}

int start(void)
{
	return turn_on();
}
#else
int start(void)
{
	return turn_on();
}
#endif
