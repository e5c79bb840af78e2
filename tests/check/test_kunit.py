# SPDX-License-Identifier: MIT
"""Linux's kunit.py reads our logs, and counts what we count."""

import glob
import os
import re
import subprocess
import sys

import pytest

from conftest import BUILD, TOP, run

sys.path.insert(0, os.path.join(TOP, "tools"))

import ktap  # noqa: E402

KUNIT = os.path.join(BUILD, "linux", "tools", "testing", "kunit", "kunit.py")
LOGS = sorted(glob.glob(os.path.join(BUILD, "ktap", "*.log")))
COUNT = re.compile(r"(passed|failed|crashed|skipped|errors): (\d+)")


@pytest.mark.parametrize("log", LOGS, ids=os.path.basename)
def test_kunit_accepts_the_log(log):
    with open(log, encoding="utf-8", errors="replace") as file:
        judge(file.read())


@pytest.mark.parametrize("suites", [
    "suite_passes suite_is_skipped suite_expects_wrongly", "params suite_passes",
    "suite_is_skipped", "suite_reads_null suite_spins", "no_params", "suite_init_fails",
    "order suite_faults_with_interrupts_off params", "order panic params",
])
def test_kunit_accepts_what_goes_wrong(suites, tmp_path):
    """The suites of tests/qemu/planted.c."""
    board = [os.path.join(TOP, "tools", "board"), "--dir", str(tmp_path), "--machine",
             os.path.join(BUILD, "qemu.json"), "run"]
    done = subprocess.run(board, input=f"plant {suites}\npoweroff\n", capture_output=True,
                          text=True, check=False)
    judge(done.stdout.replace("\r", ""))


def judge(text):
    done = run([sys.executable, KUNIT, "parse"], input=text)
    totals = [line for line in done.stdout.splitlines() if "Testing complete." in line]
    assert len(totals) == 1, done.stdout + done.stderr
    counts = {name: int(count) for name, count in COUNT.findall(totals[0])}
    ours = ktap.parse(text)
    assert counts.pop("errors", 0) == 0, done.stdout
    assert counts.get("passed", 0) == ours.passed
    assert counts.get("failed", 0) + counts.get("crashed", 0) == ours.failed
    assert counts.get("skipped", 0) == ours.skipped
    assert (done.returncode == 0) == (ours.failed == 0)


def test_the_kernels_logs_are_among_them():
    assert glob.glob(os.path.join(BUILD, "ktap", "virt-smp*-gic*.log"))
