# SPDX-License-Identifier: MIT
"""A fatal fault says what, where and in which task, and stops with a failing status."""

import re

import pytest

from harness import needs

pytestmark = needs("KALLSYMS")


def panics(machine, command, task="shell"):
    """The report. Each line of its backtrace names a function, or counts those left out."""
    return checked(machine().stops_at(command), task)


def checked(said, task="shell"):
    """What was said, if it is a whole report; a warning may have come before."""
    said = said[said.index("Kernel panic: "):]
    assert f"Task: {task} " in said
    assert said.rstrip().endswith("---[ end of the panic ]---")
    backtrace = re.search(r"Backtrace:\n(.*?)\n(Left out|\[.{12}\] (Tasks:|\S+ holds))",
                          said, re.DOTALL)[1]
    for line in backtrace.splitlines():
        assert re.search(r"  (\w+\+0x[0-9a-f]+/0x[0-9a-f]+|the same, \d+ times more)$", line), line
    return said


def broken_off(machine, kind):
    """The end of a machine whose report of a panic could not be made."""
    said = machine().stops_at(f"crash {kind}")
    assert "end of the panic" not in said
    assert said.count("Panic in the report of a panic") == 1
    return said


def test_panic(machine):
    said = panics(machine, "panic")
    assert "Kernel panic: asked for by the shell" in said
    assert "cmd_panic+" in said and "shell_task+" in said


@pytest.mark.parametrize("kind, cause, function", [
    ("null", "translation fault (section): write at address 00000000", "fault_null"),
    ("undef", "undefined instruction", "fault_undef"),
])
def test_fault(machine, kind, cause, function):
    said = panics(machine, f"panic {kind}")
    assert cause in said
    assert re.search(rf"pc : \[<[0-9a-f]{{8}}>\] {function}\+", said)
    assert re.search(r"sp : [0-9a-f]{8}  cpsr: [0-9a-f]{8}", said)
    assert "shell_task+" in said


def test_bug_says_where(machine):
    said = panics(machine, "panic bug")
    assert re.search(r"Kernel panic: BUG\n.*\] at shell/cmd_power\.c:\d+, fault_bug\(\)\n", said)


@needs("KTEST")
def test_bug_on_shows_the_expression_and_what_interrupts_were_like(machine):
    said = panics(machine, "crash irqsoff")
    assert re.search(r"Kernel panic: BUG: irqs_disabled\(\)\n"
                     r".*\] at tests/qemu/panic_probe\.c:\d+, crash_irqsoff\(\)\n"
                     r".*Task: shell \(\d+\), interrupts off\n", said)
    assert "interrupts on" in panics(machine, "panic bug")


def test_a_panic_in_an_interrupt_shows_what_was_interrupted(machine):
    said = panics(machine, "panic irq", task=r"swapper/0")
    assert "in an interrupt" in said
    assert "timer_fault+" in said and "cpu_idle_loop+" in said


def test_stack_overflow_names_the_task(machine):
    """A real one: the guard page below the stack is hit, and the report needs no stack of it."""
    said = panics(machine, "panic stack", task="overflow")
    assert "stack overflow: task overflow ran off the end of its stack" in said
    assert said.count("recurse+") >= 1 and "overflow_task+" in said


@needs("KTEST")
def test_a_table_of_operations_cannot_be_written(machine):
    said = panics(machine, "crash const")
    assert re.search(r"permission fault \(page\): write at address f0", said)
    assert re.search(r"pc : \[<[0-9a-f]{8}>\] crash_const\+", said)


@needs("KTEST")
def test_overflow_of_the_interrupt_stack(machine):
    said = panics(machine, "crash irqstack", task=r"swapper/0")
    assert "ran off the end of the interrupt stack" in said
    assert "overflow_timer_fn+" in said and "cpu_idle_loop+" in said


@needs("KTEST")
def test_overflow_of_the_boot_stack(machine):
    said = checked(machine(append="crash=bootstack").stopped(), task=r"swapper/0")
    assert "ran off the end of the boot stack" in said
    assert "crash_at_boot+" in said


@needs("KTEST")
@pytest.mark.parametrize("function", ["strlen", "memcpy"])
def test_a_fault_in_the_c_librarys_assembly_shows_all_callers(machine, function):
    """It has no unwind tables, and it pushes registers."""
    said = panics(machine, f"crash {function}")
    assert re.search(rf"Backtrace:\n.*\]   {function}\+.*\n.*\]   crash_{function}\+.*\n"
                     r".*\]   cmd_crash\+.*\n(.*\n)?.*\]   run_line\+.*\n"
                     r".*\]   shell_task\+.*\n.*\]   kthread_begin\+", said)


@needs("LOCKDEP")
def test_the_locks_that_the_task_holds_and_where_it_took_them(machine):
    said = panics(machine, "crash holding")
    locks = re.search(r"shell/\d+ holds 2 locks:\n(.*?)\n(Left out|\[.{12}\] Tasks:)",
                      said, re.DOTALL)[1]
    assert re.search(r"\] crash_lock, taken at\n(.*\n)?.*\]   crash_holding\+(.*\n)*"
                     r".*\] crash_mutex, taken at\n.*\]   crash_holding\+", locks)
    assert re.search(r"shell/\d+ holds 0 locks", panics(machine, "panic"))


@needs("KTEST")
@needs("LOCKDEP")
def test_a_panic_shows_how_deep_in_rcu_it_is(machine):
    for command, depth in (("crash rcu", 2), ("crash rcuirq", 3), ("crash holding", 0)):
        assert f"RCU: {depth} read sections are open" in panics(machine, command), command


def test_the_tasks_are_listed_with_where_they_sleep(machine):
    said = panics(machine, "panic")
    tasks = re.search(r"Tasks:\n(.*)\n.*end of the panic", said, re.DOTALL)[1]
    assert re.search(r" 0 I swapper/0 +\w+ < schedule < cpu_idle_loop < main$", tasks, re.M)
    assert re.search(r" [A-Z] kworker\d*/\w+ +\w+ < \w+", tasks)
    assert re.search(r" R shell +runs on CPU 0$", tasks, re.M)


def test_what_a_quiet_console_left_out_comes_in_a_panic(machine):
    """And only that: nothing comes twice."""
    running = machine(append="quiet")
    running.boot()
    running.send("panic\r")
    said = checked(running.stopped())
    left_out = re.search(r"Left out on the console:\n(.*)\n\[.{12}\] Tasks:", said, re.DOTALL)[1]
    assert "button button: press it" in left_out and "Kernel panic" not in left_out
    assert said.count("button button: press it") == 1
    assert "button button: press it" not in panics(machine, "panic")


def test_a_console_that_shows_nothing_shows_a_panic(machine):
    running = machine(append="loglevel=0")
    running.boot()
    running.send("panic\r")
    assert "Kernel panic: asked for by the shell" in checked(running.stopped())


@needs("KTEST")
def test_a_panic_with_the_consoles_lock_held(machine):
    said = panics(machine, "crash locked")
    assert "Kernel panic: in a write to a register" in said
    assert re.search(r"failing_register\+.*\n.*pl011_tx_chars\+", said)


@needs("KTEST")
def test_a_report_that_panics_ends_with_both_messages(machine):
    said = broken_off(machine, "double")
    assert "Kernel panic: the first of two" in said and "crash_double+" in said
    assert said.rstrip().splitlines()[-1].endswith("at address fffffff8")


@needs("KTEST")
def test_a_fault_that_recurs_while_it_is_handled_ends(machine):
    said = broken_off(machine, "current")
    assert re.search(r"Kernel panic: translation fault \(section\) at handle_fault\+.*, "
                     r"in the handling of a fault at crash_current\+", said)


@needs("KTEST")
@pytest.mark.parametrize("kind, first", [("write", "in the console's write of"),
                                         ("output", "the first of two")])
def test_a_console_that_panics_keeps_the_others_from_nothing(machine, kind, first):
    """In its write, or in the output of a panic: it is left out from then on."""
    said = broken_off(machine, kind)
    assert said.index(f"Kernel panic: {first}") < said.index("Panic in the report of a panic")
    assert said.count("Kernel panic: ") >= 2


@needs("KTEST")
def test_a_warning_stops_the_kernel_if_it_is_to(machine):
    running = machine()
    running.boot()
    running.shell("crash warn")
    assert running.shell("param panic_on_warn=1").strip() == ""
    running.send("crash warn\r")
    said = checked(running.stopped())
    assert "Kernel panic: a warning, and panic_on_warn is set" in said and "crash_warn+" in said


@needs("UBSAN")
def test_what_is_never_reached_is_reported_and_the_end(machine):
    said = machine().stops_at("crash unreachable")
    assert re.search(r"WARNING: UBSAN: unreachable at tests/qemu/panic_probe.c:\d+:\d+\n", said)
    assert "Kernel panic: undefined instruction" in said
    assert "crash_unreachable+" in checked(said)
