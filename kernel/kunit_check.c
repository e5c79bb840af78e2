/* SPDX-License-Identifier: MIT */
/*
 * What the expectations of <test/kunit.h> compare, out of line: a test is a
 * row of them, and each would be a message to format at its place. Shared with the host's tests.
 */
#include <test/kunit.h>

bool kunit_check_integers(struct kunit *test, const struct kunit_site *site, bool ok,
			  long long left, long long right)
{
	test->checks++;
	if (unlikely(!ok))
		kunit_fail(test, site->file, site->line,
			   "expected %s %s %s, but they are %lld (0x%llx) and %lld (0x%llx)",
			   site->left, site->op, site->right, left, (unsigned long long)left,
			   right, (unsigned long long)right);
	return ok;
}

bool kunit_check_pointers(struct kunit *test, const struct kunit_site *site, bool ok,
			  const volatile void *left, const volatile void *right)
{
	test->checks++;
	if (unlikely(!ok))
		kunit_fail(test, site->file, site->line,
			   "expected %s %s %s, but they are 0x%lx and 0x%lx", site->left, site->op,
			   site->right, (unsigned long)left, (unsigned long)right);
	return ok;
}

bool kunit_check_strings(struct kunit *test, const struct kunit_site *site, bool equal,
			 const char *left, const char *right)
{
	bool ok = left && right && (strcmp(left, right) == 0) == equal;

	test->checks++;
	if (unlikely(!ok))
		kunit_fail(test, site->file, site->line,
			   "expected %s %s %s, but they are \"%s\" and \"%s\"", site->left, site->op,
			   site->right, left ? left : "(null)", right ? right : "(null)");
	return ok;
}

bool kunit_check_bool(struct kunit *test, const struct kunit_site *site, bool ok)
{
	test->checks++;
	if (unlikely(!ok))
		kunit_fail(test, site->file, site->line, "expected %s to be %s", site->left,
			   site->right);
	return ok;
}
