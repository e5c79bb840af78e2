# SPDX-License-Identifier: MIT
"""Talks to a running QEMU: QMP for the machine, qtest for the pins of its PL061.

Each of QEMU's sockets serves one client; a second one connects and is never answered. So every
wait here is bounded, and nothing that changes the machine is sent before QEMU has answered
something harmless: a refused command must not be carried out later, when the first client goes.

On the qtest socket an answer starts with OK or FAIL. Between answers come the lines
`IRQ raise N` and `IRQ lower N`, one for each change of an output pin.
"""

import collections
import json
import os
import socket
import time

LIMIT = 1.5  # seconds QEMU may take to answer; it needs milliseconds

PIN_COUNT = 8
PL061_VIRT = 0x09030000  # the PL061 a guest sees on QEMU's virt, secure world or not
GPIODATA_ALL = 0x3FC  # GPIODATA under the mask that shows all eight pins
GPIODIR = 0x400

UNATTACHED = "/machine/unattached"

Change = collections.namedtuple("Change", "stamp pin high")


class BoardError(Exception):
    """What the user is told, in one line."""


def shorter(path):
    """The shorter spelling of a path: a socket's may have 107 bytes."""
    return min(os.path.abspath(path), os.path.relpath(path), key=len)


def connect(path, deadline):
    """A connected stream socket, or BoardError."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(remaining(deadline))
    try:
        sock.connect(shorter(path))
    except (FileNotFoundError, ConnectionRefusedError):
        raise BoardError(f"no machine runs in {os.path.dirname(path)}") from None
    except (BlockingIOError, TimeoutError):  # others already wait in the queue
        raise BoardError(f"{path} is busy: another client holds it") from None
    except OSError as error:
        raise BoardError(f"{path}: {error}") from None
    return sock


def remaining(deadline):
    return max(deadline - time.monotonic(), 0.001)


class Lines:
    """A stream socket read by lines under a deadline."""

    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""

    def readline(self, deadline):
        """The next line. TimeoutError, or EOFError when the peer is gone."""
        while b"\n" not in self.buffer:
            self.sock.settimeout(remaining(deadline))
            self.receive()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode(errors="replace").strip()

    def receive(self):
        try:
            data = self.sock.recv(65536)
        except ConnectionError:
            data = b""
        if not data:
            raise EOFError
        self.buffer += data

    def pending(self):
        """Takes the whole lines that have been received."""
        *lines, self.buffer = self.buffer.split(b"\n")
        return [line.decode(errors="replace").strip() for line in lines]

    def writeline(self, text, deadline):
        self.sock.settimeout(remaining(deadline))
        try:
            self.sock.sendall(text.encode() + b"\n")
        except ConnectionError:
            raise EOFError from None

    def fileno(self):
        return self.sock.fileno()

    def close(self):
        self.sock.close()


class Qmp:
    """A QMP session. Events are dropped unless somebody reads them from `events`."""

    def __init__(self, sock, deadline):
        self.lines = Lines(sock)
        self.events = collections.deque(maxlen=100)
        self.lines.readline(deadline)  # the greeting
        self.command("qmp_capabilities")

    def command(self, name, limit=None, **arguments):
        """limit: seconds for what takes QEMU longer than usual."""
        deadline = time.monotonic() + (limit or LIMIT)
        self.lines.writeline(json.dumps({"execute": name, "arguments": arguments}), deadline)
        while True:
            message = json.loads(self.lines.readline(deadline))
            if "event" in message:
                self.events.append(message)
            elif "error" in message:
                raise BoardError(f"QMP {name}: {message['error']['desc']}")
            else:
                return message["return"]

    def drain(self):
        """Waits for events and takes them. EOFError when QEMU is gone."""
        try:
            self.lines.receive()
        finally:
            self.events.extend(json.loads(line) for line in self.lines.pending())

    def fileno(self):
        return self.lines.fileno()


class Qtest:
    """A qtest session. Changes of output pins wait in `changes`, in order."""

    def __init__(self, sock, deadline):
        self.lines = Lines(sock)
        self.changes = collections.deque()
        self.command("endianness", deadline)  # harmless: is anybody there?

    def command(self, text, deadline=None):
        """Sends one command, returns the words after OK."""
        deadline = deadline or time.monotonic() + LIMIT
        self.lines.writeline(text, deadline)
        while True:
            answer = self.lines.readline(deadline)
            if answer.startswith("OK"):
                self.note_pending()  # nobody may wait for what is here already
                return answer.split()[1:]
            if answer.startswith("FAIL") or not self.note(answer):
                raise BoardError(f"qtest {text}: {answer}")

    def note(self, line):
        words = line.split()
        if len(words) != 3 or words[0] != "IRQ":
            return False
        self.changes.append(Change(time.time(), int(words[2]), words[1] == "raise"))
        return True

    def note_pending(self):
        for line in self.lines.pending():
            self.note(line)

    def drain(self):
        """Waits for changes and takes them. EOFError when QEMU is gone."""
        self.lines.receive()
        self.note_pending()

    def fileno(self):
        return self.lines.fileno()


class Pl061:
    """The pins of one PL061, seen from outside the guest."""

    def __init__(self, qmp, qtest):
        self.path, self.base = find_pl061(qmp)
        self.qtest = qtest

    def outputs(self):
        """{pin: high} of the pins that the guest has made outputs."""
        direction, data = self.read(GPIODIR), self.read(GPIODATA_ALL)
        return {pin: bool(data >> pin & 1) for pin in range(PIN_COUNT) if direction >> pin & 1}

    def read(self, offset):
        return int(self.qtest.command(f"readl {self.base + offset:#x}")[0], 16)

    def drive(self, pin, high):
        """Drives an input pin. On an output QEMU would ignore and forget it."""
        if pin in self.outputs():
            raise BoardError(f"pin {pin} is an output of the guest: only inputs can be driven")
        self.set(pin, high)

    def set(self, pin, high):
        self.qtest.command(f"set_irq_in {self.path} unnamed-gpio-in {pin} {int(high)}")

    def intercept(self):
        """From now on every change of an output arrives. Harmless when done again."""
        self.qtest.command(f"irq_intercept_out {self.path}")


def find_pl061(qmp):
    """(QOM path, base address): the one at virt's usual place, else the first. The path moves
    with the machine's options, so it is found by type."""
    found = []
    for child in qmp.command("qom-list", path=UNATTACHED):
        if child["type"] == "child<pl061>":
            path = f"{UNATTACHED}/{child['name']}"
            base = qmp.command("qom-get", path=f"{path}/pl061[0]", property="addr")
            found.append((path, base))
    if not found:
        raise BoardError("this machine has no PL061")
    return next((pair for pair in found if pair[1] == PL061_VIRT), found[0])
