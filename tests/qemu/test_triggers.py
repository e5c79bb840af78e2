# SPDX-License-Identifier: MIT
"""Each trigger type of a PL061 input, with its pin moved from outside.

The guest's half is irq_probe.c. It has a line for each type, in this order; a level line that
has counted stays disabled until `irqprobe on`, and edge lines are disabled by `irqprobe off`.
"""

import json
import os
import subprocess

import pytest

import harness

pytestmark = harness.needs("KTEST")

PINS = {"rising": 0, "falling": 1, "both": 4, "high": 6, "low": 7}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The device tree of the built machine with the node added."""
    out = tmp_path_factory.mktemp("tree") / "qemu.json"
    overlay = os.path.join(os.path.dirname(__file__), "triggers.dtsi")
    subprocess.run([os.path.join(harness.TOP, "tools", "qemuconf.py"), "--machine",
                    os.path.join(harness.BUILD, "machine.json"), "--out", str(out),
                    "--overlay", overlay], check=True)
    return json.loads(out.read_text())["dtb"]


class Lines:
    def __init__(self, running):
        self.running = running

    def counts(self):
        numbers = self.running.shell("irqprobe").split()
        return dict(zip(PINS, map(int, numbers), strict=True))

    def new(self, name, *steps):
        """How often the line counted in the steps: True and False move its pin, a word is
        irqprobe's."""
        before = self.counts()[name]
        for step in steps:
            if isinstance(step, bool):
                self.running.pins.set(PINS[name], step)
            else:
                self.running.shell(f"irqprobe {step}")
        return self.counts()[name] - before


@pytest.fixture
def lines(machine, tree):
    running = machine(dtb=tree)
    running.boot()
    return Lines(running)


def test_at_boot_only_the_low_level_is_there(lines):
    assert lines.counts() == {"rising": 0, "falling": 0, "both": 0, "high": 0, "low": 1}


def test_rising(lines):
    assert lines.new("rising", True) == 1
    assert lines.new("rising", False) == 0
    assert lines.new("rising", False, True) == 1
    assert lines.counts()["falling"] == lines.counts()["both"] == 0


def test_falling(lines):
    assert lines.new("falling", True) == 0
    assert lines.new("falling", False) == 1
    assert lines.new("falling", False) == 0


def test_both(lines):
    assert lines.new("both", True) == 1
    assert lines.new("both", False) == 1
    assert lines.new("both", False) == 0


def test_a_high_level_interrupts_as_long_as_it_is_there(lines):
    assert lines.new("high", True) == 1
    assert lines.new("high", "on") == 1
    assert lines.new("high", "on") == 1
    assert lines.new("high", False, "on") == 0
    assert lines.new("high", True) == 1


def test_a_low_level_interrupts_as_long_as_it_is_there(lines):
    assert lines.new("low", "on") == 1
    assert lines.new("low", True, "on") == 0
    assert lines.new("low", False) == 1


def test_a_level_that_went_while_disabled_is_forgotten(lines):
    lines.running.shell("irqprobe off")
    assert lines.new("high", True, False, "on") == 0


@pytest.mark.parametrize("name, steps, count", [
    ("rising", [True, False], 1),
    ("rising", [True, False, True, False], 1),
    ("falling", [True, False], 1),
    ("both", [True, False], 1),
    ("rising", [False], 0),
])
def test_edges_while_disabled_are_one_when_enabled(lines, name, steps, count):
    lines.running.shell("irqprobe off")
    assert lines.new(name, *steps) == 0
    assert lines.new(name, "on") == count


def test_pins_do_not_disturb_each_other(lines):
    before = lines.counts()
    for pin in PINS.values():
        lines.running.pins.set(pin, True)
    lines.counts()  # the guest has taken the first edges: later ones are not the same interrupt
    for pin in PINS.values():
        lines.running.pins.set(pin, False)
    after = lines.counts()
    # The low level was disabled by its count at boot; the high one by its count now.
    assert {name: after[name] - before[name] for name in PINS} == {
        "rising": 1, "falling": 1, "both": 2, "high": 1, "low": 0}
