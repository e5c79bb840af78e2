# SPDX-License-Identifier: MIT
"""Serial lines from outside: nothing is lost at full speed, breaks, flow control, a second port."""

import os
import random
import re
import shutil
import socket
import subprocess
import zlib

import pytest

import harness

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


@pytest.fixture
def second(machine, tmp_path):
    """A machine with the port that QEMU's virt has for secure software, and its far end.

    It is ttyAMA0: the tree has it in front of the console's."""
    if not shutil.which("fdtput"):
        pytest.skip("no fdtput")
    dtb, path = str(tmp_path / "secure.dtb"), str(tmp_path / "second.sock")
    description = harness.built(properties=f"secure=on,dumpdtb={dtb}")
    subprocess.run(harness.machine.command(description), check=True, capture_output=True)
    subprocess.run(["fdtput", "-t", "s", dtb, "/pl011@9040000", "status", "okay"], check=True)
    running = machine(properties="secure=on", dtb=dtb, second=path)
    running.boot()
    with socket.socket(socket.AF_UNIX) as far_end:
        far_end.settimeout(harness.LIMIT)
        far_end.connect(path)
        yield running, far_end


def test_a_second_port_is_another_line(second):
    running, far_end = second
    running.send("tty sink 20000 ttyAMA0\r")
    running.expect("send 20000 bytes")
    data = random.Random(2).randbytes(20000)
    far_end.sendall(data)
    assert f"20000 bytes, crc32 {zlib.crc32(data):08x}" in running.expect(harness.PROMPT)

    running.send("tty source 20000 ttyAMA0\r")
    got = b""
    while len(got) < 20000:
        got += far_end.recv(4096)
    assert f"20000 bytes, crc32 {zlib.crc32(got):08x}" in running.expect(harness.PROMPT)
    said = running.shell("tty")
    counts = row(said)
    assert (counts["rx"], counts["tx"], lost(counts)) == (20000, 20000, NOTHING)
    assert row(said, "ttyAMA1")["rx"] < 1000


def test_what_does_not_come_is_not_waited_for_for_ever(second):
    running, far_end = second
    running.send("tty sink 5 ttyAMA0\r")
    running.expect("send 5 bytes")
    far_end.sendall(b"12")
    said = running.expect(harness.PROMPT)
    assert f"2 bytes, crc32 {zlib.crc32(b'12'):08x}\n" in said
    assert "tty: 3 bytes have not come [-ETIMEDOUT]" in said
