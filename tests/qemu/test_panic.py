# SPDX-License-Identifier: MIT
"""A fatal fault says what, where and in which task, and stops with a failing status."""

import pytest


def panics(machine, command):
    running = machine()
    running.boot()
    running.send(command + "\r")
    said = running.stopped()
    assert "shell" in said  # the task
    assert "backtrace" in said.lower()
    return said


def test_panic(machine):
    assert "panic" in panics(machine, "panic")


@pytest.mark.parametrize("kind, cause", [
    ("null", "abort"),
    ("undef", "undefined"),
])
def test_fault(machine, kind, cause):
    said = panics(machine, f"panic {kind}")
    assert cause in said.lower()
    assert "pc" in said.lower()  # the registers


def test_stack_overflow_names_the_task(machine):
    """A real one: the guard page below the stack is hit, and the report needs no stack of it."""
    said = panics(machine, "panic stack")
    assert "stack overflow" in said.lower()
