# SPDX-License-Identifier: MIT
"""The runner of the kernel's suites, on suites that go wrong (planted.c).

What does not end the run is done on one machine, one after the other: that it goes on is the
point. Each of those suites has a second case, which passes.
"""

import re

import pytest

import harness
import ktap
from conftest import Starter

pytestmark = [harness.needs("KTEST"), harness.needs("SHELL")]

# Time is instructions: how busy the host is does not matter, and a timer comes at any of them.
INSTRUCTIONS = ("-icount", "shift=0,sleep=off")

MISTAKEN, REFUSED, UNKNOWN = -5, -22, -2


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    starter = Starter(tmp_path_factory.mktemp("planted"))
    board = starter(extra=INSTRUCTIONS)
    board.boot()
    yield board
    starter.judge()


def plant(running, words):
    """(what was said, its Report, what kunit_run() returned)."""
    said = running.shell(f"plant {words}")
    return said, ktap.parse(said), int(re.search(r"^plant: (-?\d+)$", said, re.MULTILINE)[1])


def notes_of(report, suite, case):
    """What the failed case has said; it is the only one that failed."""
    failures = [(each.name, name, notes) for each in report.suites
                for name, notes in each.failures]
    assert [(name, failed) for name, failed, _ in failures] == [(suite, case)]
    return "\n".join(failures[0][2])


@pytest.mark.parametrize("case, why", [
    ("expects_wrongly", r"expected 1 \+ 1 == 3"),
    ("checks_nothing", "the case checked nothing"),
    ("reports_unexpectedly", r"1 unexpected warnings\n.*report: pump 3 is dry"),
    ("expects_a_report_in_vain", 'expected one report of "pump 4" .* there were 0, and 0 others'),
    ("expects_another_report", r'expected one report of "pump 4" .*\n.*report: valve 5 is stuck'),
    ("spins", r"task spins is stopped here\n(.*\n)*.*did not end within 20 ms"),
    ("spins_in_assembly", "did not end within 20 ms"),
    ("yields_for_ever", "did not end within 20 ms"),
    ("sleeps_for_ever", "did not end within 20 ms"),
    ("sleeps_for_long", "did not end within 20 ms"),
    ("waits_for_a_mutex", "did not end within 20 ms"),
    ("waits_for_a_helper_that_spins", "task spinner is stopped here"),
    ("waits_for_a_helper_that_sleeps", "task sleeper, which it had started, is stopped"),
    ("spins_with_interrupts_off_for_a_while", "did not end within 20 ms"),
    ("reads_null", "report: task reads_null: translation fault .*: read at address 00000000"),
    ("jumps_to_null", "execution at address 00000000"),
    ("executes_nonsense", "undefined instruction"),
    ("overflows_its_stack", "ran off the end of its stack"),
    ("leaves_something_to_undo", "a fault ended it"),
    ("faults_in_what_it_left_to_undo", "a fault ended it"),
    ("faults_with_managed_resources", "a fault ended it"),
    ("leaks_bytes", r"\b128 bytes leaked"),
    ("leaks_by_an_assignment", r"\b128 bytes leaked"),
    ("leaks_pages", r"\b2 pages leaked"),
    ("leaks_an_interrupt_descriptor", "1 interrupt descriptors leaked"),
    ("leaks_a_handler", "1 interrupt handlers leaked"),
    ("leaks_a_timer", "1 pending timers leaked"),
    ("leaks_a_task", "1 tasks leaked"),
    ("leaks_a_device", "1 devices leaked"),
    ("leaks_a_thing", "1 things leaked"),
])
def test_a_case_fails_and_the_next_one_runs(running, case, why):
    _, report, status = plant(running, f"suite_{case}")
    assert re.search(why, notes_of(report, f"suite_{case}", case)), report.suites[0].failures
    assert (report.passed, report.failed, status) == (1, 1, MISTAKEN)


def test_reports_in_no_case_fail_the_suite(running):
    _, report, status = plant(running, "reports_outside suite_passes")
    assert report.suites[0].problems == ["reports_outside: 2 reports outside of its cases"]
    assert (report.passed, report.failed, status) == (2, 1, MISTAKEN)


@pytest.mark.parametrize("suite, cases", [("init_leaks", (1, 0)),
                                          ("init_leaks_and_fails", (0, 1))])
def test_what_suite_init_took_and_nobody_gave_back_fails_the_suite(running, suite, cases):
    said, report, status = plant(running, f"{suite} suite_passes")
    assert f"# {suite}: failed at {suite}:0: 128 bytes leaked\n" in said
    assert f"not ok 1 {suite} # suite_exit does not give back what suite_init took" in said
    assert (report.suites[0].passed, len(report.suites[0].failures)) == cases
    assert (report.suites[0].failed, report.suites[1].failed, status) == (1, 0, MISTAKEN)


def test_a_suite_that_gives_back_passes_and_a_cases_leak_is_told_once(running):
    said, report, status = plant(running, "init_is_undone only_a_case_leaks")
    assert [suite.failed for suite in report.suites] == [0, 1]
    assert [name for name, _ in report.suites[1].failures] == ["leaks_pages"]
    assert said.count("leaked") == 1 and status == MISTAKEN


def test_an_assertion_ends_its_case(running):
    said, _, _ = plant(running, "suite_expects_wrongly")
    assert "not reached" not in said


def test_a_fault_shows_registers_and_backtrace(running):
    said, _, _ = plant(running, "suite_reads_null")
    assert re.search(r"pc : \[<[0-9a-f]{8}>\] reads_null\+", said)
    assert re.search(r"Backtrace:\n.*  reads_null\+", said)
    assert "exit was called" in said


def test_a_spinning_task_shows_where(running):
    said, _, _ = plant(running, "suite_spins")
    assert re.search(r"Backtrace:\n(.*  .*\+0x.*\n)+.*  spins\+0x", said)


def test_a_task_is_stopped_anywhere(running):
    """In ten runs it is caught at different instructions."""
    seen = set()
    for _ in range(10):
        said, report, _ = plant(running, "suite_spins_in_assembly")
        assert (report.passed, report.failed) == (1, 1)
        seen.add(re.search(r"spins_in_assembly\+(0x[0-9a-f]+)", said)[1])
    assert len(seen) > 1


def test_what_a_case_left_is_undone_the_youngest_first(running):
    said, _, _ = plant(running, "suite_leaves_something_to_undo")
    assert re.findall("undone: (.*)", said) == ["second", "first"]


def test_what_was_left_is_undone_after_an_action_that_faults(running):
    said, _, _ = plant(running, "suite_faults_in_what_it_left_to_undo")
    assert re.findall("undone: (.*)", said) == ["older"]


def test_a_device_of_the_case_goes_with_its_resources(running):
    said, report, _ = plant(running, "suite_faults_with_managed_resources")
    assert "released: the device's" in said
    assert "devices left behind" not in said


def test_a_mutex_whose_waiter_was_stopped_goes_on(running):
    """Its suite's exit takes the mutex again."""
    said, _, _ = plant(running, "suite_waits_for_a_mutex")
    assert "mutex_lock_slow" in said
    assert plant(running, "suite_passes")[2] == 0


@harness.needs("LOCKDEP")
def test_a_dead_tasks_mutex_is_released_and_marked(running):
    """The cases between take it, and expect the report."""
    _, report, _ = plant(running, "mutex")
    assert [name for name, _ in report.suites[0].failures] == [
        "asserts_with_a_mutex", "faults_with_a_mutex", "faults_in_a_report",
        "overflows_with_a_mutex", "spins_with_a_mutex"]
    assert report.passed == 6
    assert not report.suites[0].problems


@harness.needs("LOCKDEP")
def test_a_task_with_a_spin_lock_is_stopped_when_it_has_given_it_back(running):
    said, report, _ = plant(running, "suite_spins_with_a_spin_lock_for_a_while")
    assert said.count("is stopped here") == 1
    assert (report.passed, report.failed) == (1, 1)


def test_a_skipped_case_says_why_and_is_counted(running):
    said, report, status = plant(running, "suite_is_skipped")
    assert report.suites[0].skips == [("is_skipped", "no such part here")]
    assert "# suite_is_skipped: pass:1 fail:0 skip:1 total:2" in said
    assert (report.passed, report.failed, status) == (1, 0, 0)


def test_an_init_that_fails_fails_its_case(running):
    _, report, _ = plant(running, "init_fails")
    assert "did not start: -19" in notes_of(report, "init_fails", "passes")


def test_a_suite_init_that_fails_fails_all_cases(running):
    _, report, status = plant(running, "suite_init_fails suite_passes")
    assert [name for name, _ in report.suites[0].failures] == ["passes", "spins"]
    assert all(notes[-1] == "# not run" for _, notes in report.suites[0].failures)
    assert (report.passed, status) == (1, MISTAKEN)


def test_parameters_are_results_of_their_own(running):
    said, report, status = plant(running, "params")
    suite = report.suites[0]
    assert [name for name, _ in suite.failures] == ["is_even: odd _ one"]
    assert suite.skips == [("is_even: skipped", "nothing to look at")]
    assert re.findall(r"        ok (\d) (param-\d)", said) == [
        ("1", "param-0"), ("2", "param-1"), ("3", "param-2")]
    assert (report.passed, status) == (4, MISTAKEN)
    assert not suite.problems and not report.problems


def test_a_case_without_parameters_has_failed(running):
    _, report, status = plant(running, "no_params")
    assert "it has no parameters" in notes_of(report, "no_params", "has_no_parameters")
    assert status == MISTAKEN


@pytest.mark.parametrize("suites, reason", [
    ("empty", "suite empty has no cases"),
    ("twice", "suite twice has two cases passes"),
    ("passes", "suite passes has a case of its own name"),
    ("order order", "there are two suites order"),
    ("a.b", '"a.b" is no name for a suite'),
    ("order empty", "suite empty has no cases"),
])
def test_a_run_that_says_too_little_is_refused(running, suites, reason):
    said, _, status = plant(running, suites)
    assert f"ktest: {reason}\n" in said
    assert "KTAP" not in said
    assert status == REFUSED


def order(said):
    return re.findall(r"    ok \d+ (case\d)", said)


def test_a_seed_replays_its_order(running):
    said = plant(running, "-s 7 order")[0]
    assert "# shuffled by ktest.shuffle=7" in said
    assert order(plant(running, "-s 7 order")[0]) == order(said)
    assert sorted(order(said)) == [f"case{n}" for n in range(6)]
    orders = {tuple(order(plant(running, f"-s {seed} order")[0])) for seed in range(1, 9)}
    assert len(orders) > 4


def test_a_suite_alone_has_the_order_that_it_has_among_others(running):
    alone = order(plant(running, "-s 9 order")[0])
    assert order(plant(running, "-s 9 suite_passes order suite_is_skipped")[0]) == alone


def test_suites_are_shuffled_too(running):
    seen = {tuple(suite.name for suite in
                  plant(running, f"-s {seed} suite_passes order suite_is_skipped")[1].suites)
            for seed in range(1, 9)}
    assert len(seen) > 2


def test_without_a_seed_the_order_is_the_sources(running):
    assert order(plant(running, "order")[0]) == [f"case{n}" for n in range(6)]


# ---- what ends the run ----

def ends(machine, suites):
    """(what was said, its Report) of a run that a panic ends."""
    running = machine(extra=INSTRUCTIONS)
    running.boot()
    running.send(f"plant suite_passes {suites} params\r")
    said = running.stopped()
    return said, ktap.parse(said)


@pytest.mark.parametrize("case, cause", [
    ("faults_with_interrupts_off", "read at address 00000000"),
    ("faults_with_a_spin_lock", "read at address 00000000"),
    ("faults_in_an_interrupt", "write at address 00000000"),
    ("faults_in_an_interrupt_that_enables_them", "write at address 00000000"),
    ("gets_an_asynchronous_abort", "asynchronous external abort"),
    pytest.param("exits_in_an_interrupt", r"kthread_exit\(\) in an interrupt's handler, of ",
                 marks=harness.needs("DEBUG")),
    pytest.param("faults_with_a_plain_spin_lock", "read at address 00000000",
                 marks=harness.needs("LOCKDEP")),
    pytest.param("spins_with_a_spin_lock", "its time is up, and spins_with_a_sp cannot be stopped",
                 marks=harness.needs("LOCKDEP")),
])
def test_a_fault_that_others_would_wait_for_ends_the_run(machine, case, cause):
    suite = f"suite_{case}"
    said, report = ends(machine, suite)
    assert re.search(f"Kernel panic: .*{cause}", said)
    assert "Bail out! the kernel panicked" in said
    assert [(each.name, each.passed, len(each.failures)) for each in report.suites] == [
        ("suite_passes", 1, 0), (suite, 0, 2), ("params", 0, 1)]
    assert report.suites[1].failures[1] == ("passes", ["# not run"])
    assert report.suites[2].failures == [("params", ["# not run"])]
    assert not any(each.problems for each in report.suites) and not report.problems


def test_a_panic_in_a_parameter_ends_the_run(machine):
    said, report = ends(machine, "panic")
    failed = [name for name, _ in report.suites[1].failures]
    assert failed == ["panics_in_a_parameter: interrupted", "checks_nothing"]
    assert report.suites[1].passed == 2
    assert not report.suites[1].problems


# ---- the boot arguments ----

@pytest.mark.parametrize("append, text, status", [
    ("ktest=kunit.the_last_titles_are_kept", "    1..1\n", 0),
    ("ktest=kunit ktest.shuffle=5", "# shuffled by ktest.shuffle=5", 0),
    ("ktest=kunit ktest.shuffle=0", "ktest: ktest.shuffle=0 is no seed", 1),
    ("ktest=kunit ktest.shuffle=12x", "ktest: ktest.shuffle=12x is no seed", 1),
    ("ktest=kunit ktest.shuffle=", "ktest: ktest.shuffle= is no seed", 1),
    ("ktest=kunit ktest.shuffle=99999999999", "ktest.shuffle=99999999999 is no seed", 1),
    ("ktest=kunit.zzz", "ktest: no suite named kunit.zzz, or it has no such case", 1),
])
def test_boot_arguments(machine, append, text, status):
    said = machine(append=append).ended(status)
    assert text in said
    assert ("KTAP" in said) == (status == 0)


def test_a_fault_may_be_the_end_of_any_task(machine):
    running = machine(append="panic_on_oops=0")
    running.boot()
    running.send("panic undef\r")
    said = running.expect("end of the warning")
    assert "WARNING: task shell: undefined instruction" in said
    running.qmp.command("system_powerdown")
    running.ended()


def test_a_fault_of_the_idle_task_is_the_end_of_the_machine(machine):
    running = machine(append="panic_on_oops=0")
    running.boot()
    running.send("plant suite_sleeps_while_the_idle_task_faults\r")
    said = running.stopped()
    assert "Kernel panic: " in said and "Task: swapper/0 " in said


def test_a_setting_of_panic_on_oops_that_is_none_is_told(machine):
    running = machine(append="panic_on_oops=maybe")
    assert "parameter panic_on_oops: maybe is not accepted [-EINVAL]" in running.boot()
