#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What each configuration comes to, as it is recorded: the options, the compiler's and the linker's
flags, the sections' addresses and QEMU's command line. All of it follows from the one .config.

golden/virt has it all; another file has what differs from that, line by line. After a change that
is meant, `tests/check/test_golden.py` writes them anew: the difference is what is to be reviewed.
"""

import difflib
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GOLDEN = os.path.join(TOP, "tests", "check", "golden")
LIMIT = 120  # seconds before something is a hang

# Those of configs/: make's words for each.
CONFIGS = {name: [f"CONFIG={name}"] for name in (
    "virt", "release", "min", "up", "nodebug", "interleave", "bench", "bench-smp")}
CONFIGS["san-undefined"] = ["CONFIG=virt", "SAN=undefined"]


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def flags_in(text):
    """Each once, with its argument if that is a word of its own."""
    return list(dict.fromkeys(re.findall(r"(?<!\S)-(?:(?:I|include|z) )?\S+", text)))


def outcome(name):
    """The lines that are recorded."""
    with tempfile.TemporaryDirectory() as out:
        environment = {key: value for key, value in os.environ.items()
                       if key not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "CONFIG", "SAN", "LLVM",
                                      "O", "SMP", "GIC", "CPU", "MEM")}
        done = subprocess.run(["make", "-C", TOP, f"O={out}", *CONFIGS[name], "machine",
                               f"{out}/linker.lds"], capture_output=True, text=True,
                              timeout=LIMIT, env=environment)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        qemu = json.loads(read(out, "qemu.json"))
        script = re.findall(r"(?m)^.*(?:ASSERT|=).*$", read(out, "linker.lds"))
        lines = ["# config.h", *read(out, "config.h").splitlines()[1:],
                 "# config.mk", *read(out, "config.mk").splitlines()[1:],
                 "# the compiler", *flags_in(read(out, "flags")),
                 "# the linker", *flags_in(read(out, "parts")),
                 "# linker.lds", *(" ".join(line.split()) for line in script),
                 "# QEMU", " ".join([qemu["qemu"], *qemu["args"]]), f"kernel {qemu['kernel']}"]
        return [line.replace(out, "build").replace(TOP, ".") for line in lines]


def recorded_form(name, lines, virt):
    """The text of golden/name."""
    if name == "virt":
        return "".join(f"{line}\n" for line in lines)
    return "".join(f"{line.rstrip()}\n" for line in difflib.ndiff(virt, lines)
                   if line.startswith(("- ", "+ ")))


@pytest.fixture(scope="module")
def virt():
    return outcome("virt")


@pytest.mark.parametrize("name", CONFIGS)
def test_a_configuration_comes_to_what_is_recorded(name, virt):
    lines = virt if name == "virt" else outcome(name)
    assert recorded_form(name, lines, virt).splitlines() == read(GOLDEN, name).splitlines(), \
        "if that is meant: tests/check/test_golden.py writes golden/ anew"


def test_each_configuration_is_recorded():
    files = {re.sub(r"_defconfig$|\.config$", "", os.path.basename(path))
             for path in glob.glob(os.path.join(TOP, "configs", "*"))}
    assert files == set(CONFIGS) == set(os.listdir(GOLDEN))


def main():
    os.makedirs(GOLDEN, exist_ok=True)
    base = outcome("virt")
    for name in CONFIGS:
        with open(os.path.join(GOLDEN, name), "w", encoding="utf-8") as file:
            file.write(recorded_form(name, base if name == "virt" else outcome(name), base))


if __name__ == "__main__":
    sys.exit(main())
