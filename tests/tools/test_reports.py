# SPDX-License-Identifier: MIT
"""The judges themselves: tools/ktest.py and tools/summary.py on results that are made up."""

import json
import os
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMIT = 60  # seconds before something is a hang

GOOD = """\
[    0.000001] nocla starts
KTAP version 1
1..2
    KTAP version 1
    # Subtest: list
    1..2
    ok 1 add_tail_keeps_order
[    0.000002] a log line between
    ok 2 - del_poisons # SKIP no poison here
# list: pass:1 fail:0 skip:1 total:2
ok 1 list
    KTAP version 1
    # Subtest: ring
    1..1
    ok 1 wraps
ok 2 ring
"""


def tool(name, *words):
    return subprocess.run([os.path.join(TOP, "tools", name), *words],
                          capture_output=True, text=True, timeout=LIMIT)


def ktest(tmp_path, console, status=0, *words, ends=True):
    """ktest.py on a machine that prints the text and ends so, or never."""
    program = tmp_path / "qemu"
    end = f"exit {status}" if ends else "exec sleep 1000"
    program.write_text(f"#!/bin/sh\ncat '{tmp_path}/console'\n{end}\n")
    program.chmod(0o755)
    (tmp_path / "console").write_text(console)
    (tmp_path / "kernel").write_text("")
    machine = tmp_path / "qemu.json"
    machine.write_text(json.dumps({"qemu": str(program), "kernel": str(tmp_path / "kernel")}))
    return tool("ktest.py", "--machine", str(machine), "--out", str(tmp_path), "--name", "x",
                *words)


def total(tmp_path):
    """The last line of summary.py on ktest.py's log."""
    result = tool("summary.py", str(tmp_path / "x.log"))
    last = result.stdout.splitlines()[-1]
    assert (result.returncode == 0) == (" 0 failed" in last)
    return last


def test_all_is_well(tmp_path):
    result = ktest(tmp_path, GOOD)
    assert result.returncode == 0, result.stderr
    assert result.stdout == ("list: 1 passed, 0 failed, 1 skipped\n"
                             "  SKIPPED list: del_poisons: no poison here\n"
                             "ring: 1 passed, 0 failed\n")
    assert (tmp_path / "x.log").read_text() == GOOD
    assert total(tmp_path) == "2 passed, 0 failed, 1 skipped"


def test_time_stamps_are_no_matter(tmp_path):
    console = "".join(f"[{number:5}.000100] {line}\n"
                      for number, line in enumerate(GOOD.splitlines(), 99990))
    assert ktest(tmp_path, console).returncode == 0
    assert total(tmp_path) == "2 passed, 0 failed, 1 skipped"


def test_a_failed_case_is_named_with_its_reason(tmp_path):
    console = GOOD.replace("    ok 1 wraps", "    # wraps: EXPECTED 1 == 2\n    not ok 1 wraps")
    console = console.replace("ok 2 ring", "not ok 2 ring")
    result = ktest(tmp_path, console, 1)
    assert result.returncode == 1
    assert "FAILED ring: wraps\n    # wraps: EXPECTED 1 == 2\n" in result.stdout
    assert total(tmp_path) == "1 passed, 1 failed, 1 skipped"


@pytest.mark.parametrize("old, new, text", [
    ("1..2\n    KTAP", "1..3\n    KTAP", "no result for number 3"),
    ("    1..1\n", "    1..2\n", "ring: no result for number 2"),
    ("    1..1\n", "    1..0\n", "1 results, 0 announced"),
    ("    1..1\n", "", "ring: no plan"),
    ("1..2\n    KTAP", "    KTAP", "no plan"),
    ("    ok 1 wraps", "    ok 2 wraps", "result 2 comes as number 1"),
    ("ok 2 ring", "ok 3 ring", "suite ring has number 3, is 2"),
    ("ok 2 ring\n", "", "ring: did not end"),
    ("ok 2 ring", "not ok 2 ring", "its cases did not"),
    ("    ok 1 wraps", "    not ok 1 wraps", "its cases did not"),
    ("KTAP version 1\n1..2", "1..2", "no line `KTAP version 1`"),
    ("ok 2 ring\n", "ok 2 ring\nBail out! stack\n", "stack"),
])
def test_wrong_counts_are_failures(tmp_path, old, new, text):
    assert old in GOOD
    result = ktest(tmp_path, GOOD.replace(old, new, 1))
    assert result.returncode == 1
    assert text in result.stdout
    assert " 0 failed" not in total(tmp_path)


def test_a_failing_status_is_a_failure(tmp_path):
    result = ktest(tmp_path, GOOD, 3)
    assert result.returncode == 1
    assert "the guest ended with status 3" in result.stderr
    assert total(tmp_path) == "2 passed, 1 failed, 1 skipped"


def test_a_hang_is_a_failure(tmp_path):
    result = ktest(tmp_path, GOOD, 0, "--limit", "1", ends=False)
    assert result.returncode == 1
    assert "timed out" in result.stderr
    assert total(tmp_path) == "2 passed, 1 failed, 1 skipped"


def test_an_unknown_suite_is_an_error(tmp_path):
    result = ktest(tmp_path, "[ 0.1] ktest: no suite named zzz\n", 1, "zzz")
    assert result.returncode == 1
    assert "no suite named zzz" in result.stderr


@pytest.mark.parametrize("reason", [
    "suite list has no cases", "there are two suites list", "suite list has two cases x",
    "ktest.shuffle=zz is no seed: a number from 1 to 4294967295",
])
def test_a_run_that_is_refused_is_an_error(tmp_path, reason):
    result = ktest(tmp_path, f"[ 0.1] ktest: {reason}\n", 1)
    assert result.returncode == 1
    assert result.stderr == f"ktest: {reason}\n"
    assert " 0 failed" not in total(tmp_path)


@pytest.mark.parametrize("option, value, what", [
    ("--fault", "sweep", "the kernel injected no faults"),
    ("--shuffle", "7", "the kernel did not shuffle"),
])
def test_what_the_kernel_does_not_know_is_no_green_run(tmp_path, option, value, what):
    result = ktest(tmp_path, GOOD, 0, option, value)
    assert result.returncode == 1
    assert what in result.stderr
    assert total(tmp_path) == "2 passed, 1 failed, 1 skipped"


def test_what_was_asked_for_and_done_is_well(tmp_path):
    console = "# shuffled by ktest.shuffle=7\n" + GOOD + "# faults: 3 cases, 1 failures injected\n"
    assert ktest(tmp_path, console, 0, "--shuffle", "7", "--fault", "sweep").returncode == 0
    assert total(tmp_path) == "2 passed, 0 failed, 1 skipped"


PARAMS = """\
KTAP version 1
1..1
    KTAP version 1
    # Subtest: list
    1..2
        KTAP version 1
        # Subtest: sorts
        ok 1 up
    # sorts[1]: failed at x.c:1: wrong
        not ok 2 down
        ok 3 flat # SKIP no slope
    not ok 1 sorts
    ok 2 copies
not ok 1 list
"""


def test_the_runs_of_a_case_with_parameters_count(tmp_path):
    result = ktest(tmp_path, PARAMS, 1)
    assert result.returncode == 1
    assert "FAILED list: sorts: down\n    # sorts[1]: failed at x.c:1: wrong\n" in result.stdout
    assert "SKIPPED list: sorts: flat: no slope\n" in result.stdout
    assert total(tmp_path) == "2 passed, 1 failed, 1 skipped"


@pytest.mark.parametrize("old, new, text", [
    ("    not ok 1 sorts", "    ok 1 sorts", "do not agree"),
    ("        not ok 2 down", "        ok 2 down", "do not agree"),
    ("        ok 1 up\n", "", "parameter 2 comes as number 1"),
])
def test_wrong_counts_of_parameters_are_failures(tmp_path, old, new, text):
    assert old in PARAMS
    result = ktest(tmp_path, PARAMS.replace(old, new, 1), 1)
    assert result.returncode == 1
    assert text in result.stdout


def test_cases_that_were_not_run_are_failures(tmp_path):
    console = GOOD.replace("    ok 1 wraps", "    not ok 1 wraps # not run")
    console = console.replace("ok 2 ring", "not ok 2 ring") + "Bail out! the kernel panicked\n"
    result = ktest(tmp_path, console, 1)
    assert "FAILED ring: wraps\n    # not run\n" in result.stdout
    assert total(tmp_path) == "1 passed, 1 failed, 1 skipped"


def test_the_suites_name_reaches_the_kernel(tmp_path):
    ktest(tmp_path, GOOD)
    (tmp_path / "qemu").write_text('#!/bin/sh\necho "$@"\n')
    tool("ktest.py", "--machine", str(tmp_path / "qemu.json"), "--out", str(tmp_path),
         "--shuffle", "7", "ring.wraps")
    assert "-append ktest=ring.wraps ktest.shuffle=7" in (tmp_path / "virt.log").read_text()


def test_summary_adds_up(tmp_path):
    (tmp_path / "x.log").write_text(GOOD)
    (tmp_path / "y.xml").write_text(
        '<testsuites><testsuite tests="9" failures="1" errors="2" skipped="3"/></testsuites>')
    files = [str(tmp_path / name) for name in ("x.log", "y.xml")]
    result = tool("summary.py", *files)
    assert result.stdout.splitlines()[-1] == "5 passed, 3 failed, 4 skipped"
    assert result.returncode == 1


def test_summary_says_why_a_test_was_skipped(tmp_path):
    (tmp_path / "x.log").write_text(GOOD)
    (tmp_path / "y.xml").write_text(
        '<testsuites><testsuite tests="2" skipped="2"><testcase name="boots"><skipped/></testcase>'
        '<testcase name="opens"><skipped message="no gdb"/></testcase></testsuite></testsuites>')
    result = tool("summary.py", str(tmp_path / "x.log"), str(tmp_path / "y.xml"))
    assert [line for line in result.stdout.splitlines() if line.startswith("  ")] == [
        "  SKIPPED list: del_poisons: no poison here", "  SKIPPED boots: no reason given",
        "  SKIPPED opens: no gdb"]


@pytest.mark.parametrize("content", [None, "", "<frob"])
def test_summary_counts_what_it_cannot_read(tmp_path, content):
    path = tmp_path / "y.xml"
    if content is not None:
        path.write_text(content)
    result = tool("summary.py", str(path))
    assert result.stdout.splitlines()[-1] == "0 passed, 1 failed"
    assert result.returncode == 1


def test_no_tests_are_a_failure():
    assert tool("summary.py").stdout.splitlines()[-1] == "0 passed, 1 failed"
