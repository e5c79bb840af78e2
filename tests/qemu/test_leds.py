# SPDX-License-Identifier: MIT
"""LEDs, names and hogs of a device tree: what the pins do at boot and by `led`."""

import json
import os
import re
import subprocess

import pytest

import harness


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The device tree of the built machine, without the button sample, with the nodes added."""
    out = tmp_path_factory.mktemp("tree") / "qemu.json"
    overlay = os.path.join(os.path.dirname(__file__), "leds.dtsi")
    subprocess.run([os.path.join(harness.TOP, "tools", "qemuconf.py"), "--machine",
                    os.path.join(harness.BUILD, "machine.json"), "--out", str(out),
                    "--overlay", overlay], check=True)
    return json.loads(out.read_text())["dtb"]


@pytest.fixture
def running(machine, tree):
    running = machine(dtb=tree)
    running.said = running.boot()
    return running


def test_leds_and_hogs_are_at_boot_what_the_tree_says(running):
    outputs = running.pins.outputs()
    assert outputs == {0: True, 2: True, 4: True}  # 4 is active low, and dark
    assert running.shell("led list").split() == ["green:lamp", "on", "dark", "off"]


def test_what_is_wrong_is_named_and_leaves_the_others(running):
    for name in ("taken", "strange", "lineless", "twin"):
        assert re.search(rf"/leds/{name}: no ", running.said)
    assert re.search(r"/pl061@9030000/far: line 0 of the hog cannot be had", running.said)
    info = running.shell("gpioinfo").splitlines()
    assert re.search(r'0: +"RELAY" +"relay-on" +output +active-high \[used\]$', info[1])
    assert re.search(r'2: +"LAMP" +"green:lamp" +output +active-high \[used\]$', info[3])
    assert re.search(r'4: +unnamed +"dark" +output +active-low \[used\]$', info[5])
    for line in (5, 6):
        assert re.search(rf"{line}: +unnamed +unused +input ", info[1 + line])


def test_led_moves_its_pin(running):
    for name, word, lamp, dark in (("green:lamp", "off", False, True),
                                   ("dark", "on", False, False),
                                   ("dark", "toggle", False, True),
                                   ("green:lamp", "toggle", True, True)):
        assert running.shell(f"led {name} {word}") == ""
        assert running.pins.outputs() == {0: True, 2: lamp, 4: dark}
    assert running.shell("led dark").split() == ["dark", "off"]


@pytest.mark.parametrize("line, answer", [
    ("led", r"usage: led\b.*\[-EINVAL\]"),
    ("led red on", r"led: no LED red \[-ENODEV\]"),
    ("led dark bright", r"usage: led\b.*\[-EINVAL\]"),
])
def test_what_led_refuses(running, line, answer):
    assert re.fullmatch(answer, running.shell(line).strip())
    assert running.shell("led list").split() == ["green:lamp", "on", "dark", "off"]
