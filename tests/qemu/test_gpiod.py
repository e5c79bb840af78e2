# SPDX-License-Identifier: MIT
"""libgpiod's words in the shell, with pins that are read and moved from outside."""

import re
import time

import pytest

import harness

CHIP = "gpiochip0"
GPIOIE = 0x410
EVENT = r"event: ( RISING|FALLING) EDGE offset: (\d) timestamp: \[ *(\d+)\.(\d{9})\]\n"


@pytest.fixture
def booted(machine):
    running = machine(dtb=False)
    running.boot()
    return running


def test_detect_names_the_chips(booted):
    assert booted.shell("gpiodetect") == "gpiochip0 [9030000.pl061] (8 lines)\n"


def test_info_has_a_row_for_each_line(booted):
    booted.shell("gpioset gpiochip0 4=1")
    said = booted.shell("gpioinfo").splitlines()
    assert said[0] == "gpiochip0 - 8 lines:"
    assert len(said) == 1 + 8
    assert said[1 + 0] == "\tline   0:      unnamed       unused   input  active-high "
    assert said[1 + 4] == "\tline   4:      unnamed       unused  output  active-high "
    assert re.fullmatch(r'\tline   3:      unnamed ".*"   input  active-high \[used\]', said[1 + 3])
    assert booted.shell("gpioinfo 9030000.pl061").splitlines() == said
    assert booted.shell("gpioinfo 0").splitlines() == said


def test_get_reads_what_the_host_drives(booted):
    booted.pins.set(6, True)
    assert booted.shell(f"gpioget {CHIP} 6 7 6") == "1 0 1\n"
    assert booted.shell(f"gpioget -l {CHIP} 6 7") == "0 1\n"
    booted.pins.set(6, False)
    assert booted.shell(f"gpioget {CHIP} 6") == "0\n"


def test_set_is_what_the_host_sees_and_stays(booted):
    assert booted.shell(f"gpioset {CHIP} 6=1 7=0") == ""
    outputs = booted.pins.outputs()
    assert (outputs[6], outputs[7]) == (True, False)
    booted.shell(f"gpioset -l {CHIP} 6=1 7=0")
    outputs = booted.pins.outputs()
    assert (outputs[6], outputs[7]) == (False, True)
    booted.shell(f"gpioget {CHIP} 6 7")
    assert not {6, 7} & set(booted.pins.outputs())


def monitor(running, words, *pins):
    """Starts gpiomon and waits until its interrupts are on: the pins may move then."""
    running.send(f"gpiomon {words}\r")
    running.expect("\n")
    deadline = time.monotonic() + harness.LIMIT
    while not all(running.pins.read(GPIOIE) >> pin & 1 for pin in pins):
        assert time.monotonic() < deadline


def events(text):
    """(kind, offset, ns) of each; nothing else is in the text."""
    assert not re.sub(EVENT, "", text)
    return [(kind.strip(), int(offset), int(seconds) * 10**9 + int(ns))
            for kind, offset, seconds, ns in re.findall(EVENT, text)]


def next_event(running):
    return events(running.expect("\n") + "\n")[0]


def test_monitor_tells_each_edge_and_ends_after_n(booted):
    monitor(booted, f"-n 4 {CHIP} 5 6", 5, 6)
    seen = []
    for pin, high in ((5, True), (6, True), (5, False), (6, False)):
        booted.pins.set(pin, high)
        seen.append(next_event(booted))
    booted.expect(harness.PROMPT)
    assert [event[:2] for event in seen] == [
        ("RISING", 5), ("RISING", 6), ("FALLING", 5), ("FALLING", 6)]
    times = [event[2] for event in seen]
    assert times == sorted(times) and times[0] > 0
    assert not booted.pins.read(GPIOIE) & 0x60


@pytest.mark.parametrize("options, kind, edge", [
    ("-r", "RISING", True), ("-f", "FALLING", False),
    ("-l -r", "RISING", False), ("-l -f", "FALLING", True)])
def test_monitor_of_one_edge(booted, options, kind, edge):
    monitor(booted, f"-n 2 {options} {CHIP} 5", 5)
    for _ in range(2):
        booted.pins.set(5, True)
        if edge:
            assert next_event(booted)[:2] == (kind, 5)
        booted.pins.set(5, False)
        if not edge:
            assert next_event(booted)[:2] == (kind, 5)
    booted.expect(harness.PROMPT)


def test_ctrl_c_ends_it(booted):
    monitor(booted, f"{CHIP} 5", 5)
    booted.pins.set(5, True)
    assert next_event(booted)[:2] == ("RISING", 5)
    booted.send("x")  # is dropped
    booted.send("\x03")
    assert booted.expect(harness.PROMPT) == ""
    assert not booted.pins.read(GPIOIE) & 0x20
    assert booted.shell(f"gpioget {CHIP} 5") == "1\n"


@pytest.mark.parametrize("line, answer", [
    ("gpiodetect x", r"usage: gpiodetect\b.*\[-EINVAL\]"),
    ("gpioinfo 9", r"gpioinfo: no chip 9 \[-ENODEV\]"),
    ("gpioinfo gpiochipx", r"gpioinfo: no chip gpiochipx \[-ENODEV\]"),
    ("gpioget", r"usage: gpioget\b.*\[-EINVAL\]"),
    ("gpioget gpiochip0", r"usage: gpioget\b.*\[-EINVAL\]"),
    ("gpioget -r gpiochip0 1", r"usage: gpioget\b.*\[-EINVAL\]"),
    ("gpioget gpiochip0 8", r"gpioget: no line 8 \[-EINVAL\]"),
    ("gpioget gpiochip0 3", r"gpioget: line 3 is used by .* \[-EBUSY\]"),
    ("gpioset gpiochip0 1", r"usage: gpioset\b.*\[-EINVAL\]"),
    ("gpioset gpiochip0 1=2", r"usage: gpioset\b.*\[-EINVAL\]"),
    ("gpioset gpiochip0 1=0 2=x", r"usage: gpioset\b.*\[-EINVAL\]"),
    ("gpioset gpiochip0 3=1", r"gpioset: line 3 is used by .* \[-EBUSY\]"),
    ("gpiomon gpiochip0", r"usage: gpiomon\b.*\[-EINVAL\]"),
    ("gpiomon -n", r"usage: gpiomon\b.*\[-EINVAL\]"),
    ("gpiomon -n x gpiochip0 1", r"usage: gpiomon\b.*\[-EINVAL\]"),
    ("gpiomon gpiochip0 1 1", r"gpiomon: line 1 is used by gpiomon \[-EBUSY\]"),
])
def test_what_is_wrong_is_told_and_changes_nothing(booted, line, answer):
    before = booted.shell("gpioinfo")
    said = booted.shell(line).splitlines()
    assert re.fullmatch(answer, said[-1])
    assert booted.shell("gpioinfo") == before
