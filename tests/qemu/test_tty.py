# SPDX-License-Identifier: MIT
"""Serial lines from outside: nothing is lost at full speed, breaks, flow control, a second port."""

import os
import random
import re
import zlib

MIB = 1 << 20
# QEMU hands a character in for each turn of its loop; the whole MiB is `make stress`'s.
IN = MIB if os.environ.get("NOCLA_STRESS") else MIB // 8


def row(text, line="ttyAMA0"):
    """The numbers of a line that the command `tty` shows."""
    found = next(each for each in text.splitlines() if each.startswith(f"{line}: "))
    return {name: int(value) for name, value in re.findall(r"(\w+):(\d+)", found)}


def lost(counts):
    return {name: counts[name] for name in ("fe", "oe", "pe", "buf")}


NOTHING = {"fe": 0, "oe": 0, "pe": 0, "buf": 0}


def test_what_comes_in_at_full_speed_is_all_there(machine):
    running = machine()
    running.boot()
    before = row(running.shell("tty"))
    data = "".join(random.Random(1).choices("".join(map(chr, range(128))), k=IN))
    running.send(f"tty sink {IN}\r")
    running.expect(f"send {IN} bytes")
    for start in range(0, IN, 4096):
        running.send(data[start:start + 4096])
    running.expect(f"{IN} bytes, crc32 {zlib.crc32(data.encode()):08x}\r")
    running.expect("nocla> ")
    after = row(running.shell("tty"))
    assert IN <= after["rx"] - before["rx"] < IN + 100
    assert lost(after) == NOTHING


def test_a_mib_goes_out_and_nothing_is_lost(machine):
    running = machine()
    running.boot()
    before = row(running.shell("tty"))
    running.send(f"tty source {MIB}\r")
    running.expect("\n")
    running.expect(rf"{MIB} bytes, crc32 ([0-9a-f]+)\r\n")
    data = running.console.before
    assert len(data) == MIB
    assert f"{zlib.crc32(data.encode()):08x}" == running.console.match[1]
    running.expect("nocla> ")
    assert MIB <= row(running.shell("tty"))["tx"] - before["tx"] < MIB + 1000


def test_a_break_is_counted_and_is_no_input(machine):
    running = machine()
    running.boot()
    assert row(running.shell("tty"))["brk"] == 0
    running.qmp.command("chardev-send-break", id="serial0")
    assert "nocla" in running.shell("version")
    assert row(running.shell("tty"))["brk"] == 1


def test_control_s_stops_what_is_sent_and_control_q_lets_it_go_on(machine):
    running = machine()
    running.boot()
    assert "ixon" in running.shell("tty ttyAMA0 ixon") + running.shell("tty")
    sent = row(running.shell("tty"))["tx"]
    running.send("\x13version\r")
    running.send("\x11")
    assert "nocla" in running.expect("nocla> ")
    assert row(running.shell("tty"))["tx"] > sent
    running.shell("tty ttyAMA0 -ixon")
    assert "ixon" not in running.shell("tty").splitlines()[0]


def test_the_speed_changes_while_the_line_is_used(machine):
    running = machine()
    running.boot()
    for speed in ("9600e7", "115200n8r", "300o5", "115200n8"):
        running.shell(f"tty ttyAMA0 {speed}")
        assert running.shell("tty").startswith(f"ttyAMA0: {speed} ")
