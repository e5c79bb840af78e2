# SPDX-License-Identifier: MIT
"""QEMU's gdb stub without gdb: one processor of several is held while the others go on.

The remote serial protocol, as far as that needs it (gdb's manual, appendix E). Thread n + 1 is
processor n."""

import contextlib
import re
import socket
import subprocess
import time

import harness

IMAGE_AT = 0x40100000  # where QEMU's virt has the ELF's first byte


def physical(name):
    """The address of a symbol while the MMU is off."""
    said = subprocess.run(["arm-none-eabi-nm", harness.ELF], check=True, capture_output=True,
                          text=True).stdout
    where = {symbol: int(re.search(rf"^(\w+) . {symbol}$", said, re.M)[1], 16)
             for symbol in (name, "_start")}
    return IMAGE_AT + where[name] - where["_start"]


class Stub:
    """A connection. The machine stands still until go()."""

    def __init__(self, path):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(harness.LIMIT)
        deadline = time.monotonic() + harness.LIMIT
        while True:
            with contextlib.suppress(OSError):  # QEMU is about to make it
                self.sock.connect(path)
                break
            assert time.monotonic() < deadline
            time.sleep(0.01)
        self.seen = b""
        assert "PacketSize" in self.ask("qSupported:multiprocess+;vContSupported+")

    def send(self, words):
        data = words.encode()
        self.sock.sendall(b"$%s#%02x" % (data, sum(data) % 256))

    def answer(self):
        """The next packet's text, which is acknowledged."""
        while not (packet := re.search(rb"\$([^#]*)#..", self.seen, re.S)):
            data = self.sock.recv(4096)
            assert data, "the stub is gone"
            self.seen += data
        self.seen = self.seen[packet.end():]
        self.sock.sendall(b"+")
        return packet[1].decode(errors="replace")

    def ask(self, words):
        self.send(words)
        return self.answer()

    def stop_at(self, address, on=True):
        assert self.ask(f"{'Z' if on else 'z'}1,{address:x},4") == "OK"

    def step(self, cpu, address):
        """Beyond the address at which that one stopped."""
        self.stop_at(address, on=False)
        self.send(f"vCont;s:p1.{cpu + 1:x}")
        assert self.stopped() == cpu
        self.stop_at(address)

    def go(self, *cpus):
        """All, or these alone."""
        self.send("vCont" + ("".join(f";c:p1.{cpu + 1:x}" for cpu in cpus) or ";c"))

    def stopped(self):
        """Waits until the machine stands still; the number of the processor that did that."""
        return int(re.search(r"thread:p0*1\.([0-9a-f]+);", self.answer())[1], 16) - 1

    def stop(self):
        self.sock.sendall(b"\x03")
        return self.stopped()

    def close(self):
        self.sock.close()
