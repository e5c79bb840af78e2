# SPDX-License-Identifier: MIT
"""Injected faults: the shell's `fault`, and the sweep on code that is wrong and on some of ours."""

import re

import pytest

import ktap
from conftest import Starter
from harness import needs

pytestmark = [needs("FAULT_INJECTION"), needs("SHELL")]
planted = needs("KTEST")


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


def test_what_interrupts_ask_for_is_armed_on_demand(shell):
    shell("fault alloc 100 hardirq")
    shell("fault irq rate 5% hardirq")
    assert table(shell("fault")) == {("next command", "alloc"): ("100,hardirq", 0, 0),
                                     ("next command", "irq"): ("5%,hardirq", 0, 0)}


def test_several_points_are_armed_together(shell):
    shell("fault alloc 100")
    shell("fault irq 1")
    assert table(shell("fault")) == {("next command", "alloc"): ("100", 0, 0),
                                     ("next command", "irq"): ("1", 0, 0)}


def test_what_is_armed_again_is_said_to_be_dropped(shell):
    shell("fault alloc 100")
    assert shell("fault irq 1") == ""
    assert shell("fault alloc 50") == "dropped: alloc 100\n"
    assert table(shell("fault")) == {("next command", "alloc"): ("50", 0, 0),
                                     ("next command", "irq"): ("1", 0, 0)}
    assert shell("fault register rate 7% seed 9") == ("seed 9\ndropped: alloc 50\n"
                                                     "dropped: irq 1\n")
    assert table(shell("fault")) == {("next command", "register"): ("7%", 0, 0)}


def test_what_has_failed_is_not_said_to_be_dropped(shell):
    pid = worker(shell)[1]
    shell(f"fault alloc 1 pid {pid}")
    shell("fault alloc 1 hardirq")
    assert "mem: failed [-ENOMEM]" in shell("mem")
    assert shell("fault alloc 1") == ""
    assert shell("fault off") == ""
    assert shell(f"fault alloc 1 pid {pid}") == ""


def test_a_rate_tells_its_seed(shell):
    assert re.fullmatch(r"seed [1-9]\d*\n", shell("fault alloc rate 5%"))
    assert shell("fault alloc rate 100% seed 42") == "seed 42\ndropped: alloc 5%\n"
    assert table(shell("fault")) == {("next command", "alloc"): ("100%", 0, 0)}
    assert "[-ENOMEM]" in shell("mem")


def worker(shell):
    """(name, pid) of a task that does nothing."""
    row = next(row for row in shell("ps").splitlines() if "kworker0/events" in row).split()
    return row[-1], row[0]


def test_another_task_is_armed_by_its_pid(shell):
    name, pid = worker(shell)
    assert shell(f"fault alloc 3 pid {pid}") == ""
    assert table(shell("fault")) == {(f"{name}/{pid}", "alloc"): ("3", 0, 0)}
    assert "bytes in objects" in shell("mem")
    # It is in one group at a time.
    dropped = ["dropped: alloc 3\n"] + [f"dropped: irq {n}\n" for n in range(1, 20)]
    assert [shell(f"fault irq {n} pid {pid}") for n in range(1, 21)] == dropped
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
    ("fault alloc rate 50", "50 is no rate: 1% to 100%"),
    ("fault alloc rate 5%%", "5%% is no rate: 1% to 100%"),
    ("fault alloc rate x%", "x% is no rate: 1% to 100%"),
    ("fault alloc rate %", "% is no rate: 1% to 100%"),
    ('fault alloc rate ""', " is no rate: 1% to 100%"),
    ("fault alloc rate 1234567890123456%", "1234567890123456% is no rate: 1% to 100%"),
    ("fault alloc rate 5% seed 0", "0 is no seed"),
    ("fault alloc rate 5% seed x", "x is no seed"),
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


def test_no_more_than_eight_are_armed(shell):
    """Six tasks, as the shell leaves its group with a command, the last command and the next."""
    pids = [row.split()[0] for row in shell("ps").splitlines() if re.match(r" *[1-9]\d* ", row)]
    armed = 0
    for pid in pids:
        armed += armed < 7 and shell(f"fault alloc 1000 pid {pid}") == ""
    assert armed == 7
    shell("fault alloc 1000")
    shell("version")
    assert shell("fault alloc 1") == ""
    assert "as many as there may be are armed [-ENOSPC]" in shell("fault alloc 1 seed 3")
    shell("fault off")
    assert shell("fault alloc 1") == ""


def test_no_such_task(shell):
    assert shell("fault alloc 3 pid 9999") == "fault: no task 9999 [-ENOENT]\n"
    assert shell("fault") == "nothing is made to fail\n"


@needs("SMP")
def test_the_idle_task_has_no_requests(machine):
    """That of the first CPU, 0, is no number of a task."""
    running = machine(smp=2)
    running.boot()
    shell = running.shell
    pid = next(row.split()[0] for row in shell("ps").splitlines() if "swapper/1" in row)
    assert int(pid) > 0
    assert shell(f"fault alloc 3 pid {pid}").endswith("[-EINVAL]\n")
    assert shell("fault") == "nothing is made to fail\n"


# The sweep, on code with wrong error paths (planted_faults.c). One machine for all of them.

@pytest.fixture(scope="module")
def sweeping(tmp_path_factory):
    starter = Starter(tmp_path_factory.mktemp("sweep"))
    running = starter(append="ktest.fault=sweep")
    running.boot()
    yield running
    starter.judge()


def sweep(running, suite):
    """(its Report, what kunit_run() returned, (injected, came back, tolerated))."""
    said = running.shell(f"plant_fault suite_{suite}")
    counts = re.search(r"faults: 1 cases, (\d+) failures injected: (\d+) came back, "
                       r"(\d+) were tolerated", said)
    status = re.search(r"^plant_fault: (-?\d+)$", said, re.MULTILINE)
    return ktap.parse(said), int(status[1]), tuple(map(int, counts.groups()))


@planted
@pytest.mark.parametrize("suite, counts", [
    ("is_sound", (2, 2, 0)),
    ("tolerates", (2, 0, 2)),
    ("does_without", (3, 1, 2)),
])
def test_a_sound_case_passes_the_sweep(sweeping, suite, counts):
    report, status, found = sweep(sweeping, suite)
    assert (report.passed, report.failed, status, found) == (1, 0, 0, counts)


@planted
@pytest.mark.parametrize("suite, why", [
    ("leaks", r"\b16 bytes leaked\n.*ktest.fault=alloc:2, injected"),
    ("does_not_look", r"a fault ended it\n(.*\n)*.*ktest.fault=alloc:1, injected"),
    ("loses_the_error", r"the error got lost.*\n.*ktest.fault=alloc:1, injected"),
    ("stays_busy", r"ktest.fault=alloc:2, in a run that nothing was injected into"),
    ("warns", r"1 unexpected warnings\n.*report: no memory\n.*ktest.fault=alloc:1, injected"),
    ("waits_for_ever", r"did not end within 50 ms\n(.*\n)*.*ktest.fault=alloc:1, injected"),
    ("asks_too_often", r"more than 500 requests of alloc"),
])
def test_a_wrong_error_path_fails_the_sweep(sweeping, suite, why):
    report, status, _ = sweep(sweeping, suite)
    failures = report.suites[0].failures
    assert [name for name, _ in failures] == [suite] and status == -5
    assert re.search(why, "\n".join(failures[0][1]))


@planted
def test_a_killed_task_is_in_no_group_any_more(sweeping):
    """Each run has a group of its own, of which there are eight."""
    report, status, (injected, *_) = sweep(sweeping, "never_looks")
    assert (report.failed, status, injected) == (1, -5, 14)
    text = "\n".join(report.suites[0].failures[0][1])
    assert "ktest.fault=alloc:12, injected" in text and "no fault group" not in text


@planted
def test_without_injection_none_of_them_is_noticed(machine):
    running = machine()
    running.boot()
    for suite in ["leaks", "does_not_look", "never_looks", "loses_the_error", "stays_busy", "warns",
                  "waits_for_ever"]:
        assert running.shell(f"plant_fault suite_{suite}").endswith("plant_fault: 0\n")


@planted
def test_one_failure_by_its_number(machine):
    running = machine(append="ktest.fault=alloc:2")
    running.boot()
    report, status, counts = sweep(running, "leaks")
    assert (report.failed, status, counts) == (1, -5, (1, 1, 0))
    report, status, counts = sweep(running, "is_sound")
    assert (report.failed, status, counts) == (0, 0, (1, 1, 0))


@planted
def test_a_number_that_no_case_comes_to_is_no_green_run(machine):
    running = machine(append="ktest.fault=alloc:100")
    running.boot()
    said = running.shell("plant_fault suite_is_sound")
    assert "0 failures injected" in said and "1 cases untouched" in said
    assert "Bail out! ktest.fault=alloc:100 failed nothing: no case makes so many requests" in said
    assert said.endswith("plant_fault: -5\n")
    assert ktap.parse(said).failed == 1


@planted
def test_a_number_that_one_case_comes_to_is_enough(machine):
    running = machine(append="ktest=mm_util ktest.fault=alloc:2")
    said = running.ended(0)
    assert re.search(r"# faults: 7 cases, [1-6] failures injected: .*; [1-6] cases untouched", said)


@planted
@pytest.mark.parametrize("what", ["sweeps", "alloc", "alloc:", "alloc:0", "alloc:x", "alloc=3",
                                  "frob:1", "frobs:1"])
def test_a_wrong_command_line_is_no_green_run(machine, what):
    running = machine(append=f"ktest ktest.fault={what}")
    said = running.ended(1)
    assert f"ktest.fault={what}: neither sweep nor as in alloc:3 [-EINVAL]" in said
    assert "ok 1" not in said


@planted
@pytest.mark.parametrize("suite", ["devres", "platform", "gpio"])
def test_the_sweep_of_a_suite_is_green(machine, suite):
    """A part of `make test FAULT=sweep`, which takes a minute."""
    running = machine(append=f"ktest={suite} ktest.fault=sweep")
    said = running.ended(0)
    assert ktap.parse(said).failed == 0
    assert int(re.search(r"(\d+) came back", said.split("# faults: ")[1])[1]) > 50
