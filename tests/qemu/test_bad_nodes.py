# SPDX-License-Identifier: MIT
"""Nodes of the device tree that are wrong: each is told by its name, and the rest comes up."""

import json
import os
import re
import subprocess

import pytest

import harness

BAD = os.path.join(os.path.dirname(__file__), "hostile.dtsi")

# What is said at boot of each node of the overlay.
SAID = [
    r"node /unaligned@b100001: no device: its reg .*: -EDOM",
    r"node /odd-size@b200000: no device: its reg .*: -EDOM",
    r"node /overlapping@9030800: no device: its reg is another's: -EBUSY",
    r"node /wraps@f+000: no device: its reg ends beyond all addresses: -EOVERFLOW",
    r"node /many-cells/beyond-cells@0: no device: its reg .*: -EDOM",
    r"node /other-bus/one-name@b600000: no device: its name is another's: -EEXIST",
    r"/keys/without-code has no linux,code",
    r"/keys/without-line: no gpio",
    r"node /absent@b000000: .*probe failed: nothing answers at .*: -ENODEV",
    r"node /small@b300000: .*probe failed: .* is less than 0x1000 bytes: -EINVAL",
    r"node /slow@b400000: .*probe failed: its clock of 15 Hz is too slow: -EINVAL",
    r"node /part-of-fw-cfg@b500000: .*probe failed: .* is less than 0x18 bytes: -EINVAL",
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The device tree of the built machine with the bad nodes added."""
    out = tmp_path_factory.mktemp("tree") / "qemu.json"
    subprocess.run([os.path.join(harness.TOP, "tools", "qemuconf.py"), "--machine",
                    os.path.join(harness.BUILD, "machine.json"), "--out", str(out),
                    "--overlay", BAD], check=True)
    return json.loads(out.read_text())["dtb"]


@pytest.fixture
def booted(machine, tree):
    running = machine(dtb=tree, append="loglevel=8")
    running.log = running.boot()
    return running


def test_each_is_told_by_name_with_the_reason(booted):
    missing = [line for line in SAID if not re.search(line, booted.log)]
    assert not missing, booted.log


def test_the_rest_comes_up(booted):
    """The parts of the machine, the one of two equal names that came first, and the good key."""
    listed = booted.shell("dev")
    for name in "9000000.pl011", "9030000.pl061", "9020000.fw-cfg", "keys", "gpio-keys":
        assert re.search(rf"^{name} ", listed, re.MULTILINE), listed
    booted.pins.set(6, True)
    booted.expect(r"key-a \(code 30\) pressed")
    booted.pins.set(6, False)
    booted.expect(r"key-a \(code 30\) released")
