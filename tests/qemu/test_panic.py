# SPDX-License-Identifier: MIT
"""A fatal fault says what, where and in which task, and stops with a failing status."""

import re

import pytest

from harness import needs

pytestmark = needs("KALLSYMS")


def panics(machine, command, task="shell"):
    """The report. Each line of its backtrace names a function, or counts those left out."""
    running = machine()
    running.boot()
    running.send(command + "\r")
    said = running.stopped()
    assert f"Task: {task} " in said
    backtrace = re.search(r"Backtrace:\n(.*)\n.*end of the panic", said, re.DOTALL)[1]
    for line in backtrace.splitlines():
        assert re.search(r"  (\w+\+0x[0-9a-f]+/0x[0-9a-f]+|the same, \d+ times more)$", line), line
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


def test_bug(machine):
    assert "BUG" in panics(machine, "panic bug")


def test_a_panic_in_an_interrupt_shows_what_was_interrupted(machine):
    said = panics(machine, "panic irq", task=r"swapper/0")
    assert "in an interrupt" in said
    assert "timer_fault+" in said and "cpu_idle_loop+" in said


def test_stack_overflow_names_the_task(machine):
    """A real one: the guard page below the stack is hit, and the report needs no stack of it."""
    said = panics(machine, "panic stack", task="overflow")
    assert "stack overflow: task overflow ran off the end of its stack" in said
    assert said.count("recurse+") >= 1 and "overflow_task+" in said
