/* SPDX-License-Identifier: MIT */
/*
 * A cast drops const as if by the way. By way of an integer it is raw: counted, and to be
 * justified, which tools/checkraw.py sees to.
 *
 * clang-context: cast from 'const int \*' to 'int \*' drops const qualifier
 */
#ifdef TWIN
int *writable(const int *p)
{
	return (int *)(unsigned long)p;
}
#else
int *writable(const int *p)
{
	return (int *)p;
}
#endif
