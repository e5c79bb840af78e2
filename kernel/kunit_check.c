/* SPDX-License-Identifier: MIT */
/*
 * What the expectations of <test/kunit.h> compare, out of line: a test is a
 * row of them, and each would be a message to format at its place. And what a run of suites must
 * have. Shared with the host's tests.
 */
#include <test/kunit.h>
#include <kernel/bug.h>

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
			   "expected %s %s %s, but they are \"%s\" and \"%s\"",
			   site->left, site->op, site->right,
			   left ? left : "(null)", right ? right : "(null)");
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

/* What came is expected, now, or has been told: the case is not blamed for it a second time. */
void kunit_check_report(struct kunit *test, const struct kunit_site *site, unsigned int before)
{
	unsigned int now = warn_count(), matching = 0;
	char title[REPORT_TITLE_MAX];

	for (unsigned int nr = before + 1; nr <= now; nr++) {
		report_title(nr, title);
		matching += strstr(title, site->right) != NULL;
	}
	test->checks++;
	test->warnings += now - before;
	if (matching == 1 && now - before == 1)
		return;
	kunit_fail(test, site->file, site->line,
		   "expected one report of \"%s\" from %s, but there were %u, and %u others",
		   site->right, site->left, matching, now - before - matching);
	kunit_log_reports(test, before);
}

void kunit_log_reports(struct kunit *test, unsigned int before)
{
	char title[REPORT_TITLE_MAX];

	for (unsigned int nr = before + 1; nr <= warn_count(); nr++) {
		report_title(nr, title);
		kunit_log(test, "report: %s", title[0] ? title : "(too long ago)");
	}
}

/* ---- suites ---- */

static int check_cases(const struct kunit_suite *suite)
{
	const struct kunit_case *cases = suite->test_cases;

	if (!cases || !cases[0].run_case)
		return kunit_refuse("suite %s has no cases", suite->name);
	for (unsigned int i = 0; cases[i].run_case; i++) {
		/* kunit.py takes the one's result for the other's. */
		if (strcmp(cases[i].name, suite->name) == 0)
			return kunit_refuse("suite %s has a case of its own name", suite->name);
		for (unsigned int k = 0; k < i; k++)
			if (strcmp(cases[i].name, cases[k].name) == 0)
				return kunit_refuse("suite %s has two cases %s", suite->name,
						    cases[i].name);
	}
	return 0;
}

/* Its name stands in "suite.case", and in lines in which '#' begins a directive. */
static int check_suite(struct kunit_suite *const *suites, unsigned int at)
{
	const char *name = suites[at]->name;

	if (!name || !name[0] || strpbrk(name, " .#"))
		return kunit_refuse("\"%s\" is no name for a suite", name ? name : "(null)");
	for (unsigned int k = 0; k < at; k++)
		if (strcmp(name, suites[k]->name) == 0)
			return kunit_refuse("there are two suites %s", name);
	return check_cases(suites[at]);
}

int kunit_check_suites(struct kunit_suite *const *suites, unsigned int nr)
{
	int err = 0;

	for (unsigned int i = 0; i < nr && !err; i++)
		err = check_suite(suites, i);
	return err;
}
