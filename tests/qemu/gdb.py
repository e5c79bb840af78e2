# SPDX-License-Identifier: MIT
"""gdb without a terminal: on a core, or on a machine through QEMU's stub."""

import os
import shutil
import subprocess

import pytest

from harness import ELF, LIMIT, TOP

SCRIPT = os.path.join(TOP, "tools", "gdb", "nocla.py")

needed = pytest.mark.skipif(not shutil.which("gdb-multiarch"), reason="no gdb-multiarch")


def run(commands, *options):
    """What gdb prints, errors and all, for these commands. An error does not end it."""
    words = ["gdb-multiarch", "-batch", "-nx", "-q", *options]
    for command in commands:
        words += ["-ex", command]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=LIMIT, check=False,
                          cwd=TOP)
    assert "Traceback" not in done.stdout
    return done.stdout


def on_core(core, *commands):
    return run(commands, ELF, "-x", SCRIPT, "-c", str(core))


def on_machine(path, *commands):
    """Each command's own text: [what the first printed, ...]."""
    marked = [word for command in commands for word in (command, r"echo \n<<<>>>\n")]
    said = run(["set confirm off", "set pagination off", f"target remote {path}",
                r"echo \n<<<>>>\n", *marked], ELF, "-x", SCRIPT)
    return said.split("\n<<<>>>\n")[1:-1]
