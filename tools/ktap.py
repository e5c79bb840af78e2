# SPDX-License-Identifier: MIT
"""Reads KTAP version 1, the results that the kernel's suites print.

    KTAP version 1
    1..2
        KTAP version 1
        # Subtest: list
        1..2
        ok 1 add_tail_keeps_order
        not ok 2 del_poisons # SKIP no poison here
    not ok 1 list
    ...

The kernel's time stamp in front of a line is taken off. Four spaces deepen a level. A suite's
cases are what is counted, or, of one that has parameters, its runs: the results a level below,
before its own. Every other line is the kernel's log and is ignored. A result that was announced
and never came is a failure; so is `Bail out! reason` when nothing else is.
"""

import re

STAMP = re.compile(r"^\[ *\d+\.\d+\] ")
RESULT = re.compile(r"( *)(ok|not ok) (\d+)(?: -)?(?: ([^#]*?))? *(?:# *(.*))?")
PLAN = re.compile(r"( *)1\.\.(\d+)(?: *#.*)?")
VERSION = re.compile(r"( *)KTAP version 1")
SUBTEST = re.compile(r" {4}# Subtest: (\S+)")


class Suite:
    """One suite's results. `problems` are failures beside those of the cases."""

    def __init__(self, name):
        self.name = name
        self.plan = None
        self.passed = 0
        self.skips = []  # (case, why)
        self.failures = []  # (case, what it printed)
        self.cases = 0
        self.params = []  # of the case that is next: (verdict, name, directive, what it printed)
        self.notes = []
        self.problems = []
        self.verdict = None
        self.directive = ""

    @property
    def skipped(self):
        return len(self.skips)

    @property
    def failed(self):
        return len(self.failures) + len(self.problems)

    def add(self, verdict, number, name, directive):
        self.cases += 1
        if number != self.cases:
            self.problems.append(f"{self.name}: result {number} comes as number {self.cases}")
        if not self.params:
            self.count(verdict, name, directive, self.notes)
        elif ("not ok" in (param[0] for param in self.params)) != (verdict == "not ok"):
            self.problems.append(f"{self.name}: {name} and its parameters do not agree")
        for param, *rest in self.params:
            self.count(param, f"{name}: {rest[0]}", *rest[1:])
        self.params, self.notes = [], []

    def add_param(self, verdict, number, name, directive):
        if number != len(self.params) + 1:
            self.problems.append(f"{self.name}: parameter {number} comes as number "
                                 f"{len(self.params) + 1}")
        self.params.append((verdict, name, directive, self.notes))
        self.notes = []

    def count(self, verdict, name, directive, notes):
        if directive.upper().startswith("SKIP"):
            self.skips.append((name, directive[len("SKIP"):].strip()))
        elif verdict == "ok":
            self.passed += 1
        else:
            self.failures.append((name, notes + [f"# {directive}"] if directive else notes))

    def close(self):
        if self.plan is None:
            self.problems.append(f"{self.name}: no plan")
        else:
            check_plan(self.name, self.plan, self.cases, self.problems)
        if self.verdict is None:
            self.problems.append(f"{self.name}: did not end")
        elif self.verdict == "not ok" and not self.failed:
            self.problems.append(f"{self.name}: {self.directive or 'failed, its cases did not'}")
        elif self.verdict == "ok" and self.failures:
            self.problems.append(f"{self.name}: passed, its cases did not")


class Report:
    """A whole log's results."""

    def __init__(self):
        self.plan = None
        self.suites = []
        self.problems = []
        self.bail_out = None

    @property
    def passed(self):
        return sum(suite.passed for suite in self.suites)

    @property
    def skipped(self):
        return sum(suite.skipped for suite in self.suites)

    @property
    def failed(self):
        return sum(suite.failed for suite in self.suites) + len(self.problems)


def check_plan(name, plan, results, problems):
    """Each result that is missing is a problem; one more than announced is one."""
    problems += [f"{name}: no result for number {n}" for n in range(results + 1, plan + 1)]
    if results > plan:
        problems.append(f"{name}: {results} results, {plan} announced")


def parse(text):
    """The Report of a log."""
    report, suite, started = Report(), None, False
    for line in text.splitlines():
        line = STAMP.sub("", line).rstrip()
        if line.startswith("Bail out!"):
            report.bail_out = line.removeprefix("Bail out!").strip() or "bailed out"
        if not started:
            started = line == "KTAP version 1"
            continue
        if match := SUBTEST.fullmatch(line):
            suite = Suite(match[1])
            report.suites.append(suite)
        elif suite and line.startswith("    #"):
            suite.notes.append(line.strip())
        elif match := PLAN.fullmatch(line):
            set_plan(report, suite, len(match[1]), int(match[2]))
        elif match := RESULT.fullmatch(line):
            indent, verdict, number, name, directive = match.groups(default="")
            if len(indent) in (4, 8) and suite and suite.verdict is None:
                add = suite.add if len(indent) == 4 else suite.add_param
                add(verdict, int(number), name, directive)
            elif not indent:
                end_suite(report, suite, verdict, int(number), name, directive)
    finish(report, started)
    return report


def set_plan(report, suite, indent, count):
    if indent == 0:
        report.plan = count
    elif indent == 4 and suite:
        suite.plan = count


def end_suite(report, suite, verdict, number, name, directive):
    """A result at the top. A suite that printed no subtest counts as one case."""
    if not suite or suite.verdict is not None or suite.name != name:
        suite = Suite(name)
        suite.plan = 1
        suite.add(verdict, 1, name, directive)
        report.suites.append(suite)
    suite.verdict, suite.directive = verdict, directive
    if number != len(report.suites):
        report.problems.append(f"suite {name} has number {number}, is {len(report.suites)}")


def finish(report, started):
    for suite in report.suites:
        suite.close()
    if not started:
        report.problems.append("no line `KTAP version 1`")
    elif report.plan is None:
        report.problems.append("no plan")
    else:
        check_plan("suites", report.plan, len(report.suites), report.problems)
    if report.bail_out and not report.failed:
        report.problems.append(report.bail_out)
