# SPDX-License-Identifier: MIT
"""Who owns QEMU's sockets, and how several tools/board processes use them at once.

Whoever holds the lock on board.lock owns the sockets. A short command owns them for some
milliseconds; `watch` owns them for long and meanwhile serves the others over board.sock, one
request per connection:

    owner:  board
    client: pin 5 high
    owner:  ok   or   error: what is wrong

A client that has not seen the greeting has asked nothing, so it may try again: that covers an
owner that ends, or dies, at any moment. After `watch` the connection stays and carries the
lines; when it closes, the client tries to become the owner itself. `dump` has a quoted path and
is answered with `ok` and what QEMU said of the image's address.
"""

import contextlib
import datetime
import fcntl
import os
import select
import socket
import sys
import time
import urllib.parse

from . import core, link, machine
from .link import BoardError

PULSE = 0.010  # seconds a pulse stays high: a guest that polls can see it
REQUEST_LIMIT = 0.5  # seconds a client may take; the owner waits for it
STALE_POLL = 0.020  # seconds between two looks at a pin whose next fall QEMU would not report

DUMP_LIMIT = 120.0  # seconds QEMU may take to write the memory to a file

PLAIN = {"button": "system_powerdown", "reset": "system_reset", "quit": "quit"}


def check(words):
    """BoardError unless the words are a command that a board can do."""
    if words and words[0] == "pin":
        check_pin(words[1:])
    elif words and words[0] == "dump":
        if len(words) != 2:
            raise BoardError("usage: dump FILE")
    elif len(words) != 1 or words[0] not in (*PLAIN, "watch"):
        raise BoardError(f"unknown command: {' '.join(words) or '(none)'}; see --help")


def check_pin(words):
    if len(words) != 2:
        raise BoardError("usage: pin N high|low|pulse")
    pin, level = words
    if pin not in map(str, range(link.PIN_COUNT)):
        raise BoardError(f"pin {pin}: the PL061 has pins 0 to {link.PIN_COUNT - 1}")
    if level not in ("high", "low", "pulse"):
        raise BoardError(f"pin {pin} {level}: say high, low or pulse")


class Board:
    """The machine of one run directory. Each socket is opened when it is first needed."""

    def __init__(self, run_dir):
        self.run_dir = run_dir
        self.deadline = time.monotonic() + link.LIMIT
        self.qmp = self.open("qmp.sock", link.Qmp)
        self.pins = None

    def open(self, name, session):
        path = os.path.join(self.run_dir, name)
        try:
            return session(link.connect(path, self.deadline), self.deadline)
        except TimeoutError:
            raise BoardError(f"{path} is busy: another client holds it") from None
        except EOFError:
            raise BoardError(f"no machine runs in {self.run_dir}") from None

    def open_pins(self):
        if not self.pins:
            self.pins = link.Pl061(self.qmp, self.open("qtest.sock", link.Qtest))
        return self.pins

    def do(self, words):
        """Carries out one command, returns what it answers; BoardError says why not."""
        check(words)
        try:
            if words[0] == "pin":
                self.pin(int(words[1]), words[2])
            elif words[0] == "dump":
                return self.dump(urllib.parse.unquote(words[1]))
            else:
                self.qmp.command(PLAIN[words[0]])
        except TimeoutError:
            raise BoardError("the machine does not answer") from None
        except EOFError:
            if words != ["quit"]:  # it may be gone before it has answered
                raise BoardError("the machine ended") from None
        return ""

    def dump(self, path):
        """Has QEMU write the physical memory; returns the physical address of the image."""
        self.qmp.command("dump-guest-memory", limit=DUMP_LIMIT, paging=False,
                         protocol=f"file:{path}")
        answer = self.qmp.command("human-monitor-command",
                                  **{"command-line": f"gva2gpa {core.IMAGE_BASE:#x}"})
        return answer.strip().removeprefix("gpa: ")

    def pin(self, number, level):
        pins = self.open_pins()
        pins.drive(number, level != "low")
        if level == "pulse":
            time.sleep(PULSE)
            pins.set(number, False)


def own_or_join(run_dir):
    """(lock, None) for the owner, (None, Lines to the owner) for everybody else."""
    deadline = time.monotonic() + link.LIMIT
    while True:
        lock = try_lock(os.path.join(run_dir, "board.lock"))
        if lock:
            return lock, None
        peer = greet(run_dir, deadline)
        if peer:
            return None, peer
        if time.monotonic() > deadline:
            raise BoardError(f"{run_dir} is busy: another tools/board process holds it")
        time.sleep(0.01)


def try_lock(path):
    """The open file that holds the lock, None when another process holds it."""
    try:
        lock = open(path, "w")
    except OSError:
        raise BoardError(f"no machine runs in {os.path.dirname(path)}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def greet(run_dir, deadline):
    """A connection to the owner that has greeted, else None."""
    try:
        peer = link.Lines(link.connect(os.path.join(run_dir, "board.sock"), deadline))
    except BoardError:
        return None
    try:
        if peer.readline(deadline) == "board":
            return peer
    except (TimeoutError, EOFError):
        pass
    peer.close()
    return None


def execute(run_dir, words):
    """Does one command, as the owner or through it; returns what it answers."""
    lock, peer = own_or_join(run_dir)
    if lock:
        with lock:
            return Board(run_dir).do(words)
    return ask(peer, words)


def dump(run_dir, machine_file, path, force=False):
    """Writes a core of the machine to a file, which stays only if it is whole."""
    kernel = machine.load(machine_file)["kernel"]
    if not os.path.exists(kernel):
        raise BoardError(f"{kernel} is missing: run `make` first")
    try:
        open(path, "wb" if force else "xb").close()
    except FileExistsError:
        raise BoardError(f"{path} exists: --force overwrites it") from None
    except OSError as error:
        raise BoardError(f"{path}: {error.strerror}") from None
    try:
        image = execute(run_dir, ["dump", urllib.parse.quote(os.path.abspath(path))])
        if not core.translate(path, kernel, int(image, 16) if image.startswith("0x") else None):
            say(f"the MMU is off: the addresses in {path} are physical")
    except BaseException:
        unlink(path)
        raise


def ask(peer, words):
    limit = DUMP_LIMIT if words[0] == "dump" else 0
    deadline = time.monotonic() + 2 * link.LIMIT + limit
    try:
        peer.writeline(" ".join(words), deadline)
        answer = peer.readline(deadline)
    except (TimeoutError, EOFError):
        raise BoardError("the tools/board process that owns the sockets did not answer") from None
    status, _, result = answer.partition(" ")
    if status != "ok":
        raise BoardError(result)
    return result


def watch(run_dir):
    """Prints the changes of the output pins until the machine ends."""
    followed = False
    while True:
        lock, peer = own_or_join(run_dir)
        if peer:
            follow(peer)
            followed = True
            continue
        with lock:
            try:
                Watch(Board(run_dir)).run()
            except BoardError:
                if not followed:
                    raise
            return say("the machine ended")


def follow(peer):
    """Prints what the owner reports, until it ends."""
    ask(peer, ["watch"])
    say("watching, beside another watch")
    peer.sock.settimeout(None)
    with contextlib.suppress(EOFError):
        while True:
            for line in peer.pending():
                print(line, flush=True)
            peer.receive()


def say(text):
    print(f"board: {text}", file=sys.stderr, flush=True)


class Watch:
    """Owns the sockets, prints the changes and serves other tools/board processes.

    QEMU reports a change only against what it last told this client, and a new client starts
    at "all low". So the first fall of a pin that is high now would be lost: such a pin is
    `stale` and is looked at until it falls or something is heard of it.
    """

    def __init__(self, board):
        self.board = board
        self.followers = []
        self.pins = board.open_pins()
        self.qtest = self.pins.qtest
        self.pins.intercept()
        high = {pin for pin, is_high in self.pins.outputs().items() if is_high}
        self.stale = high - {change.pin for change in self.qtest.changes}

    def run(self):
        path = link.shorter(os.path.join(self.board.run_dir, "board.sock"))
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            unlink(path)  # of an owner that was killed: the lock is ours
            listener.bind(path)
            listener.listen(16)
            say(f"watching the PL061 at {self.pins.base:#x}")
            try:
                with contextlib.suppress(EOFError):
                    self.loop(listener)
            finally:
                unlink(path)

    def loop(self, listener):
        while True:
            self.publish()
            wait = STALE_POLL if self.stale else None
            ready, _, _ = select.select([listener, self.qtest, self.board.qmp], [], [], wait)
            if self.qtest in ready:
                self.qtest.drain()
            if self.board.qmp in ready:
                self.board.qmp.drain()
            if listener in ready:
                self.serve(link.Lines(listener.accept()[0]))
            if self.stale:
                self.look_at_stale()

    def publish(self):
        while self.qtest.changes:
            change = self.qtest.changes.popleft()
            if change.pin in self.stale:
                self.stale.discard(change.pin)
                self.emit(change._replace(high=False))
            self.emit(change)

    def emit(self, change):
        stamp = datetime.datetime.fromtimestamp(change.stamp).strftime("%H:%M:%S.%f")
        line = f"{stamp} pin {change.pin} {'high' if change.high else 'low'}"
        print(line, flush=True)
        self.followers = [peer for peer in self.followers if forward(peer, line)]

    def look_at_stale(self):
        outputs = self.pins.outputs()
        self.publish()  # what arrived meanwhile comes first
        for pin in [pin for pin in self.stale if not outputs.get(pin)]:
            self.stale.discard(pin)
            self.emit(link.Change(time.time(), pin, False))

    def serve(self, peer):
        """One request. A client that is slow or gone is dropped."""
        deadline = time.monotonic() + REQUEST_LIMIT
        try:
            peer.writeline("board", deadline)
            words = peer.readline(deadline).split()
            if words == ["watch"]:
                self.followers.append(peer)
                return peer.writeline("ok", deadline)
            peer.writeline(self.answer(words), deadline)
        except (TimeoutError, EOFError):
            pass
        return peer.close()

    def answer(self, words):
        try:
            return f"ok {self.board.do(words)}".strip()
        except BoardError as error:
            return f"error: {error}"


def forward(peer, line):
    """Sends without waiting; False when the follower is gone or does not read."""
    data = line.encode() + b"\n"
    try:
        if peer.sock.send(data, socket.MSG_DONTWAIT) == len(data):
            return True
    except OSError:
        pass
    peer.close()
    return False


def unlink(path):
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
