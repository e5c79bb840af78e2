# SPDX-License-Identifier: MIT
"""`board run`: starts the machine and ends with its status.

On a terminal QEMU owns it: ^C reaches the guest, ^A x quits, and whatever happens the terminal
is put back. Otherwise the runner stands between: it feeds its input to the guest no faster than
the UART takes it, copies the console out, and after the end of the input lets the guest finish,
then presses the power button, since QEMU would run on for ever.

A lock in the run directory refuses a second machine, which would steal the sockets. QEMU
inherits the lock, so it is held exactly as long as either of the two lives.
"""

import contextlib
import ctypes
import fcntl
import os
import select
import shlex
import signal
import socket
import struct
import subprocess
import sys
import termios
import time

from . import link, machine, share
from .link import BoardError

PROMPT = b"nocla> "
QUIET_AT_PROMPT = 1.0  # seconds of silence after which the guest is taken to be done,
QUIET_ELSEWHERE = 10.0  # when it shows no prompt, or has not read all its input,
SETTLE_LIMIT = 120.0  # and when it is never silent
POWER_OFF_LIMIT = 5.0  # seconds the guest has to power off
START_LIMIT = 10.0  # seconds QEMU has to start
CHUNK = 4096

PR_SET_PDEATHSIG = 1


def run(run_dir, machine_file):
    """Runs the machine; returns the status to end with."""
    words = machine.command(machine.load(machine_file))
    os.makedirs(run_dir, exist_ok=True)
    lock = share.try_lock(os.path.join(run_dir, "run.lock"))
    if not lock:
        raise BoardError(f"a machine already runs in {run_dir}")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    qmp, qtest = sockets = [os.path.join(run_dir, name) for name in ("qmp.sock", "qtest.sock")]
    words += ["-qmp", machine.listening(qmp)]
    words += ["-qtest", machine.listening(qtest), "-qtest-log", "none"]
    words += extra_options()
    try:
        return on_terminal(words, lock) if is_terminal(sys.stdin) else on_pipe(words, lock)
    finally:
        for path in sockets:
            share.unlink(path)


def extra_options():
    try:
        return shlex.split(os.environ.get("QEMU_EXTRA", ""))
    except ValueError as error:
        raise BoardError(f"QEMU_EXTRA: {error}") from None


def is_terminal(stream):
    return stream is not None and stream.isatty()


def on_terminal(words, lock):
    console = "stdio,id=console,mux=on,signal=off"
    with saved_terminal(), Qemu(words, console, [lock.fileno()]) as qemu:
        return qemu.status()


@contextlib.contextmanager
def saved_terminal():
    """Puts the terminal back, even when QEMU was killed and could not."""
    state = termios.tcgetattr(0)
    flags = [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (0, 1, 2)]
    try:
        yield
    finally:
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        for fd, flag in enumerate(flags):
            fcntl.fcntl(fd, fcntl.F_SETFL, flag)
        termios.tcsetattr(0, termios.TCSADRAIN, state)


def on_pipe(words, lock):
    ours, theirs = socket.socketpair()
    console = f"socket,id=console,fd={theirs.fileno()}"
    fds = [lock.fileno(), theirs.fileno()]
    with ours, Qemu(words, console, fds, stdin=subprocess.DEVNULL) as qemu:
        theirs.close()
        pump = Pump(ours, qemu)
        pump.run()
        if pump.gave_up:
            say(f"end of input: no power-off within {POWER_OFF_LIMIT:.0f} s, killed")
            return 1
        if pump.pressed:
            say("end of input: pressed the power button")
        return qemu.status()


def say(text):
    sys.stdout.flush()
    share.say(text)


class Qemu:
    """A QEMU process that dies with us, and a QMP session beside the public one."""

    def __init__(self, words, console, fds, **streams):
        control, theirs = socket.socketpair()
        fd = theirs.fileno()
        words = words + ["-chardev", console, "-serial", "chardev:console"]
        words += ["-chardev", f"socket,id=runner,fd={fd}", "-mon", "chardev=runner,mode=control"]
        self.process = subprocess.Popen(
            words, pass_fds=[fd, *fds], preexec_fn=die_with_parent, **streams)
        theirs.close()
        self.qmp = self.open_qmp(control)

    def open_qmp(self, control):
        """None when QEMU has not come so far: it then ends by itself."""
        try:
            return link.Qmp(control, time.monotonic() + START_LIMIT)
        except EOFError:
            return None
        except BaseException:
            self.kill()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def press_button(self):
        try:
            self.qmp.command("system_powerdown")
        except (AttributeError, TimeoutError, EOFError):
            pass  # it has just ended, or hangs: the limit is next

    def status(self):
        """Waits for the end; says in the last line what a failing status means."""
        status = self.process.wait()
        if status < 0:
            say(f"QEMU was killed by signal {-status}")
            return 128 - status
        if status and not self.qmp:
            say(f"QEMU did not start: status {status}")
        elif status:
            say(f"the guest ended with status {status}")
        elif self.ended_by_signal():
            say("the machine was ended by a signal")
            return 1
        return status

    def ended_by_signal(self):
        """QEMU ends with 0 when it is told to terminate; the guest had no say."""
        with contextlib.suppress(EOFError, AttributeError):
            while True:
                self.qmp.drain()
        events = self.qmp.events if self.qmp else []
        return any(event.get("data", {}).get("reason") == "host-signal" for event in events)


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Pump:
    """Copies our input to the console and the console to our output, until QEMU ends."""

    def __init__(self, console, qemu):
        self.console = console
        self.qemu = qemu
        self.source = sys.stdin and sys.stdin.fileno()  # None after the end of the input
        self.pending = b""
        self.unread = 0
        self.line = b""  # the last one on the console
        self.end_of_input = self.active = time.monotonic()
        self.pressed = None  # the time, once the power button was pressed
        self.gave_up = False

    def run(self):
        with contextlib.suppress(EOFError, ConnectionResetError):  # of the console
            while not self.gave_up:
                self.step()

    def step(self):
        readers, writers = [self.console], []
        if self.pending:
            writers.append(self.console)
        elif self.source is not None:
            readers.append(self.source)
        readable, writable, _ = select.select(readers, writers, [], 0.1)
        if self.console in readable:
            self.copy_out()
        if self.source in readable:
            self.take_input()
        if writable:
            self.feed()
        if self.source is None and not self.pending:
            self.settle()

    def copy_out(self):
        data = self.console.recv(CHUNK)
        if not data:
            raise EOFError
        self.line = (self.line + data).rpartition(b"\n")[2][-CHUNK:]
        self.active = time.monotonic()
        while data:
            data = data[os.write(1, data):]

    def take_input(self):
        self.pending = os.read(self.source, CHUNK)
        if not self.pending:
            self.source = None
            self.end_of_input = self.active = time.monotonic()

    def feed(self):
        try:
            sent = self.console.send(self.pending, socket.MSG_DONTWAIT)
        except BrokenPipeError:  # QEMU is gone, its last output may still be to come
            sent = len(self.pending)
        self.pending = self.pending[sent:]

    def settle(self):
        """After the end of the input: ends a guest that does not end by itself."""
        now = time.monotonic()
        if self.pressed:
            self.gave_up = now - self.pressed > POWER_OFF_LIMIT
        elif now - self.active > self.patience() or now - self.end_of_input > SETTLE_LIMIT:
            self.pressed = now
            self.qemu.press_button()

    def patience(self):
        """How long the guest may be silent. What it takes from the UART counts as a sign."""
        unread = struct.unpack("i", fcntl.ioctl(self.console, termios.TIOCOUTQ, bytes(4)))[0]
        if unread != self.unread:
            self.unread, self.active = unread, time.monotonic()
        return QUIET_AT_PROMPT if self.line.startswith(PROMPT) and not unread else QUIET_ELSEWHERE
