#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Adds up test results: KTAP logs (*.log) and pytest's JUnit files (*.xml).

summary.py FILE...
    One line for each file, with its skipped tests and why below it, then the last line: `N
    passed, N failed` and, where there are any, `, N skipped`. A file that is missing or cannot
    be read is a failure, and so is a sum of no tests at all. Status 0 when nothing failed.
"""

import sys
import xml.etree.ElementTree

sys.dont_write_bytecode = True

import ktap  # noqa: E402


def count(path):
    """(passed, failed, skipped) of one file, and for each that was skipped a line with why."""
    try:
        return count_junit(path) if path.endswith(".xml") else count_ktap(path)
    except (OSError, ValueError, xml.etree.ElementTree.ParseError) as error:
        print(f"{path}: cannot be read: {error}")
        return (0, 1, 0), []


def count_ktap(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        report = ktap.parse(file.read())
    reasons = [f"{suite.name}: {case}: {reason or 'no reason given'}"
               for suite in report.suites for case, reason in suite.skips]
    return (report.passed, report.failed, report.skipped), reasons


def count_junit(path):
    root = xml.etree.ElementTree.parse(path).getroot()
    tests = failed = skipped = 0
    for suite in root.iter("testsuite"):
        tests += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    reasons = [f"{test.get('name')}: {skip.get('message') or 'no reason given'}"
               for test in root.iter("testcase") for skip in test.iter("skipped")]
    return (max(tests - failed - skipped, 0), failed, skipped), reasons


def line(passed, failed, skipped):
    return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")


def main():
    counts = []
    for path in sys.argv[1:]:
        result, reasons = count(path)
        counts.append(result)
        print(f"{path}: {line(*result)}", *(f"SKIPPED {reason}" for reason in reasons),
              sep="\n  ")
    passed, failed, skipped = (sum(column) for column in zip(*counts)) if counts else (0, 0, 0)
    if not passed and not failed:
        print("no test ran")
        failed = 1
    print(line(passed, failed, skipped))
    return 1 if failed else 0


sys.exit(main())
