# SPDX-License-Identifier: MIT
"""A machine under test: QEMU with the kernel, its console, its pins and its power button.

Each machine has a folder of its own for its sockets and logs, so tests disturb neither each
other nor a `make run`. A wait here is never a measurement: LIMIT only turns a hang into a
failure.
"""

import contextlib
import os
import re
import sys
import time

import pexpect
import pexpect.popen_spawn
import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("NOCLA_BUILD", os.path.join(TOP, "build"))
sys.path.insert(0, os.path.join(TOP, "tools"))

from boardlib import link, machine  # noqa: E402
from boardlib.runner import die_with_parent  # noqa: E402

ELF = os.path.join(BUILD, "nocla.elf")
IMG = os.path.join(BUILD, "nocla.img")
QEMU_JSON = os.path.join(BUILD, "qemu.json")

LIMIT = 60  # seconds before something is a hang
ANSWER_LIMIT, link.LIMIT = link.LIMIT, LIMIT  # here nobody waits at a terminal

PROMPT = "nocla> "
STOPPED = 1  # the guest's status after a panic

# What a line editor may send besides text.
ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def needs(option):
    """Marks a test that has no sense without an option of the configuration."""
    with open(os.path.join(BUILD, ".config"), encoding="utf-8") as config:
        is_set = f"CONFIG_{option}=y\n" in config.readlines()
    return pytest.mark.skipif(not is_set, reason=f"built without {option}")


def built(cpu=None, smp=None, gic=None, properties="", dtb=None):
    """The build's machine with another core, CPU count, version of the GIC or -M properties.

    The build's device tree is QEMU's own plus the button sample. It fixes what it was dumped
    with, so another machine gets QEMU's own tree. dtb=False: QEMU's own in any case."""
    description = machine.load(QEMU_JSON)
    words = description["args"]
    args = dict(zip(words[::2], words[1::2]))
    args.update({"-cpu": cpu} if cpu else {})
    args.update({"-smp": str(smp)} if smp else {})
    if gic:
        args["-M"] = re.sub("gic-version=[^,]*", f"gic-version={gic}", args["-M"])
    args["-M"] += f",{properties}" if properties else ""
    if cpu or smp or gic or properties or dtb is False:
        description.pop("dtb", None)
    if dtb:
        description["dtb"] = str(dtb)
    description["args"] = [word for pair in args.items() for word in pair]
    return description


def at_address(description, image, address):
    """QEMU's words for a flat image put at an address and entered there, by no boot loader."""
    words = machine.command(description)
    at = words.index("-kernel")
    del words[at:at + 2]
    return words + ["-device", f"loader,file={image},addr={address:#x},force-raw=on",
                    "-device", f"loader,addr={address:#x},cpu-num=0"]


class Machine:
    """One QEMU process. `words` is its command line without what the harness adds; `second` is
    a socket for a second serial port."""

    def __init__(self, run_dir, words, noise=None, second=None):
        self.noise = noise
        self.dir = str(run_dir)
        self.log = os.path.join(self.dir, "qemu.log")
        self.qmp_path, self.qtest_path = (
            os.path.join(self.dir, name) for name in ("qmp.sock", "qtest.sock"))
        words = words + [
            "-qmp", machine.listening(self.qmp_path),
            "-qtest", machine.listening(self.qtest_path), "-qtest-log", "none",
            "-serial", "stdio", "-d", "guest_errors,unimp", "-D", self.log]
        if second:
            words += ["-serial", f"unix:{second},server=on,wait=off"]
        # Its own thread takes in all that is printed: a UART that waits stops all of QEMU.
        self.console = pexpect.popen_spawn.PopenSpawn(
            words, encoding="utf-8", codec_errors="replace", timeout=LIMIT,
            preexec_fn=die_with_parent)
        self.process = self.console.proc
        self.console.logfile_read = open(os.path.join(self.dir, "console.log"), "w",
                                         encoding="utf-8")
        self.judged = False
        self._qmp = self._pins = None

    # The console.

    def expect(self, pattern):
        """Waits for a regular expression, or for pexpect.EOF; returns what came before it."""
        try:
            self.console.expect(pattern)
        except (pexpect.TIMEOUT, pexpect.EOF) as error:
            seen = clean(self.console.before)[-2000:]
            pytest.fail(f"{type(error).__name__} instead of {pattern!r}, after:\n{seen}")
        return clean(self.console.before)

    def boot(self):
        """Waits for the prompt; returns what was printed before it."""
        return self.expect(PROMPT)

    def shell(self, line):
        """Types a line; returns what it printed, without the echo."""
        self.send(line + "\r")
        self.expect("\n")
        return self.expect(PROMPT)

    def send(self, text):
        self.console.send(text)

    # From outside.

    @property
    def qmp(self):
        if not self._qmp:
            self._qmp = self.open(self.qmp_path, link.Qmp)
        return self._qmp

    @property
    def pins(self):
        if not self._pins:
            self._pins = link.Pl061(self.qmp, self.open(self.qtest_path, link.Qtest))
        return self._pins

    def open(self, path, session):
        deadline = time.monotonic() + LIMIT
        while True:
            with contextlib.suppress(link.BoardError):  # QEMU is about to make it
                return session(link.connect(path, deadline), deadline)
            assert self.process.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)

    def go(self):
        """Starts a machine that was started with -S; it may end before it has answered."""
        with contextlib.suppress(EOFError):
            self.qmp.command("cont")

    def next_change(self):
        """(pin, high) of the next change of an output pin; intercept() comes before."""
        qtest = self.pins.qtest
        while not qtest.changes:
            qtest.lines.sock.settimeout(LIMIT)
            qtest.drain()
        change = qtest.changes.popleft()
        return change.pin, change.high

    # The end.

    def ended(self, status=0):
        """Waits for the guest's end and judges its status; returns what it printed last."""
        self.judged = True
        said = self.expect(pexpect.EOF)
        assert self.process.wait(LIMIT) == status
        return said

    def stopped(self):
        """Waits for the end of a guest that could not go on; returns what it printed last."""
        return self.ended(STOPPED)

    def stops_at(self, line):
        """Boots and types a line that the guest cannot go on after; returns as stopped()."""
        self.boot()
        self.send(line + "\r")
        return self.stopped()

    def close(self):
        """Ends the process; the tests' fixture then judges the machine."""
        running = self.process.poll() is None
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.console.logfile_read.close()
        return running

    def complaints(self):
        """What QEMU found wrong with the guest's use of CPU and devices, less the noise."""
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
        return [line for line in lines if not (self.noise and re.fullmatch(self.noise, line))]


def button_counts(running):
    """(irqs, works, toggles) as the button sample has counted."""
    match = re.search(r"irqs (\d+) works (\d+) toggles (\d+)", running.shell("button"))
    return tuple(map(int, match.groups()))


def clean(text):
    return ESCAPES.sub("", text).replace("\r", "")
