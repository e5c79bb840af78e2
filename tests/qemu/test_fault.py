# SPDX-License-Identifier: MIT
"""Injected faults: the shell's `fault`."""

import re

import pytest

from harness import needs

pytestmark = [needs("FAULT_INJECTION"), needs("SHELL")]


@pytest.fixture
def shell(machine):
    """The shell of a machine without the button sample."""
    running = machine(dtb=False)
    running.boot()
    return running.shell


def table(text):
    """{(of, point): (fails, requests, failed)}."""
    rows = [re.fullmatch(r"(\S.{14}\S| *\S.*?) +(alloc|register|irq) +(\S+) +(\d+) +(\d+)", row)
            for row in text.splitlines()]
    return {(row[1].strip(), row[2]): (row[3], int(row[4]), int(row[5])) for row in rows if row}


def test_the_nth_allocation_of_the_next_command_fails(shell):
    assert shell("fault") == "nothing is made to fail\n"
    assert shell("fault alloc 1") == ""
    assert table(shell("fault")) == {("next command", "alloc"): ("1", 0, 0)}
    said = shell("mem")
    assert "mem: failed [-ENOMEM]" in said
    assert re.search(r"fault: alloc 1 of shell/\d+ fails: .*cmd_mem", said)
    assert table(shell("fault")) == {("last command", "alloc"): ("-", 1, 1)}
    assert "bytes in objects" in shell("mem")


def test_a_number_that_is_not_reached_fails_nothing(shell):
    shell("fault alloc 100")
    assert "bytes in objects" in shell("mem")
    assert table(shell("fault")) == {("last command", "alloc"): ("-", 1, 0)}


def test_several_points_are_armed_together(shell):
    shell("fault alloc 100")
    shell("fault irq 1")
    assert table(shell("fault")) == {("next command", "alloc"): ("100", 0, 0),
                                     ("next command", "irq"): ("1", 0, 0)}


def test_a_rate_tells_its_seed(shell):
    assert re.fullmatch(r"seed [1-9]\d*\n", shell("fault alloc rate 5%"))
    assert shell("fault alloc rate 100% seed 42") == "seed 42\n"
    assert table(shell("fault")) == {("next command", "alloc"): ("100%", 0, 0)}
    assert "[-ENOMEM]" in shell("mem")


def worker(shell):
    """(name, pid) of a task that does nothing."""
    row = next(row for row in shell("ps").splitlines() if "kworker/events" in row).split()
    return row[-1], row[0]


def test_another_task_is_armed_by_its_pid(shell):
    name, pid = worker(shell)
    assert shell(f"fault alloc 3 pid {pid}") == ""
    assert table(shell("fault")) == {(f"{name}/{pid}", "alloc"): ("3", 0, 0)}
    assert "bytes in objects" in shell("mem")
    # It is in one group at a time.
    assert [shell(f"fault irq {n} pid {pid}") for n in range(1, 21)] == [""] * 20
    assert table(shell("fault")) == {(f"{name}/{pid}", "irq"): ("20", 0, 0)}


def test_off_takes_all_back(shell):
    shell("fault alloc 1")
    assert shell(f"fault irq 2 pid {worker(shell)[1]}") == ""
    shell("fault times 7")
    assert shell("fault").endswith("7 failures more at most\n")
    assert shell("fault off") == ""
    assert shell("fault") == "nothing is made to fail\n"
    assert "bytes in objects" in shell("mem")


def test_times_limits_all(shell):
    shell("fault times 0")
    shell("fault alloc rate 100%")
    assert "bytes in objects" in shell("mem")
    assert shell("fault times off") == ""
    shell("fault alloc rate 100%")
    assert "[-ENOMEM]" in shell("mem")


@pytest.mark.parametrize("line, why", [
    ("fault frob 3", "no point named frob: alloc, register or irq"),
    ("fault alloc 0", "0 is no number of a request: 1 is the next"),
    ("fault alloc three", "three is no number of a request: 1 is the next"),
    ("fault alloc rate 0%", "0% is no rate: 1% to 100%"),
    ("fault alloc rate 101%", "101% is no rate: 1% to 100%"),
    ("fault alloc rate 5", "5 is no rate: 1% to 100%"),
    ("fault alloc rate 5% seed 0", "0 is no seed"),
    ("fault alloc 3 pid x", "x is no pid"),
    ("fault alloc 3 pid 0", "0 is no pid"),
    ("fault times many", "many is no number of failures"),
    ("fault alloc", "usage: fault "),
    ("fault alloc rate", "usage: fault "),
    ("fault alloc 3 pid", "usage: fault "),
    ("fault alloc 3 frob 4", "usage: fault "),
])
def test_bad_input_is_told(shell, line, why):
    said = shell(line)
    assert why in said and said.endswith("[-EINVAL]\n")
    assert shell("fault") == "nothing is made to fail\n"


def test_no_such_task(shell):
    assert shell("fault alloc 3 pid 9999") == "fault: no task 9999 [-ENOENT]\n"
    assert shell("fault") == "nothing is made to fail\n"
