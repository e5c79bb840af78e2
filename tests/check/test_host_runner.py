# SPDX-License-Identifier: MIT
"""The host's runner of suites refuses a program that would say too little. What it is linked from
is what the build has made of it."""

import os
import shlex
import subprocess
import sys

import pytest

from conftest import BUILD, LIMIT, TOP

sys.path.insert(0, os.path.join(TOP, "tools"))

import ktap  # noqa: E402

RUNNER = [os.path.join(BUILD, "host", name) for name in
          ("tests/host/kunit_host.o", "kernel/kunit_check.o", "kernel/kunit_resource.o")]

BEGIN = """#include <test/kunit.h>

static void passes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1 + 1, 2);
}

static const struct kunit_case one[] __used = { KUNIT_CASE(passes), {} };
static const struct kunit_case none[] __used = { {} };
static const struct kunit_case twice[] __used = { KUNIT_CASE(passes), KUNIT_CASE(passes), {} };
"""


def run_suites(tmp_path, *suites):
    """(status, output) of a program with the suites, (name, array of cases)."""
    source, program = tmp_path / "planted.c", tmp_path / "planted"
    source.write_text(BEGIN + "".join(
        f'static struct kunit_suite suite{n} = {{ .name = "{name}", .test_cases = {cases} }};\n'
        f"kunit_test_suite(suite{n});\n" for n, (name, cases) in enumerate(suites)))
    subprocess.run([*shlex.split(os.environ["HOST_TEST_CC"]), "-o", program, source, *RUNNER,
                    "-T", "tests/host/kunit.lds"], cwd=TOP, check=True, timeout=LIMIT)
    done = subprocess.run([program], capture_output=True, text=True, timeout=LIMIT)
    return done.returncode, done.stdout


def test_the_twin_passes(tmp_path):
    status, said = run_suites(tmp_path, ("a", "one"), ("b", "one"))
    report = ktap.parse(said)
    assert (status, report.passed, report.failed) == (0, 2, 0)


@pytest.mark.parametrize("suites, why", [
    ([], "there is no suite"),
    ([("a", "one"), ("b", "none")], "suite b has no cases"),
    ([("a", "one"), ("b", "NULL")], "suite b has no cases"),
    ([("a", "one"), ("b", "one"), ("a", "one")], "there are two suites a"),
    ([("a", "twice")], "suite a has two cases passes"),
    ([("passes", "one")], "suite passes has a case of its own name"),
    ([("a b", "one")], '"a b" is no name for a suite'),
])
def test_a_run_that_says_too_little_is_refused(tmp_path, suites, why):
    status, said = run_suites(tmp_path, *suites)
    report = ktap.parse(said)
    assert status == 1
    assert (report.passed, report.failed, report.problems) == (0, 1, [why])
