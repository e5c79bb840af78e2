# SPDX-License-Identifier: MIT
"""Keys of a device tree that are not just a line: an interrupt alone, and a switch."""

import json
import os
import re
import subprocess

import pytest

import harness

KNOCK, LID = 6, 7


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The device tree of the built machine with the nodes added."""
    out = tmp_path_factory.mktemp("tree") / "qemu.json"
    overlay = os.path.join(os.path.dirname(__file__), "keys.dtsi")
    subprocess.run([os.path.join(harness.TOP, "tools", "qemuconf.py"), "--machine",
                    os.path.join(harness.BUILD, "machine.json"), "--out", str(out),
                    "--overlay", overlay], check=True)
    return json.loads(out.read_text())["dtb"]


@pytest.fixture
def running(machine, tree):
    running = machine(dtb=tree)
    running.said = running.boot()
    return running


def test_an_interrupt_alone_is_a_press_and_a_release(running):
    for _ in range(3):
        running.pins.set(KNOCK, True)
        running.expect(r"knock \(code 28\) pressed")
        running.expect(r"knock \(code 28\) released")
        running.pins.set(KNOCK, False)


def test_a_switch_is_no_power_key_whatever_its_code(running):
    running.pins.set(LID, True)
    running.expect(r"lid \(code 116\) pressed")
    running.pins.set(LID, False)
    running.expect(r"lid \(code 116\) released")
    running.send("\r")
    running.expect(harness.PROMPT)
    assert running.shell("version")


def test_a_key_of_nothing_is_named(running):
    assert re.search(r"/more-keys/nothing: no gpio, and no interrupt", running.said)
