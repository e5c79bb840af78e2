# SPDX-License-Identifier: MIT
"""The QEMU command line of the machine that the build describes.

build/qemu.json holds {"qemu": program, "args": [...], "kernel": file} and, where the build
made one, "dtb": file. Files are relative to the top of the tree. What every run needs is
added here, so that `make run`, the suites and the tests start the same machine.
"""

import json
import os
import shutil

from .link import BoardError, shorter

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# No network card: virt would look for a boot ROM that Debian packs elsewhere.
ALWAYS = [
    "-nic", "none",
    "-display", "none",
    "-monitor", "none",
    "-accel", "tcg",
    "-semihosting-config", "enable=on,target=native",
]


def in_tree(path):
    return os.path.join(TOP, path)


def load(path):
    """The build's description of its machine."""
    try:
        with open(path) as file:
            machine = json.load(file)
        return {"args": [], **machine, "kernel": in_tree(machine["kernel"])}
    except FileNotFoundError:
        raise BoardError(f"{path} is missing: run `make` first") from None
    except (ValueError, KeyError, TypeError) as error:
        raise BoardError(f"{path} does not describe a machine: {error!r}") from None


def command(machine, *options):
    """The words of the QEMU command line."""
    program = machine.get("qemu", "qemu-system-arm")
    if not shutil.which(program):
        raise BoardError(f"{program} is missing: run `make setup`")
    if not os.path.exists(machine["kernel"]):
        raise BoardError(f"{machine['kernel']} is missing: run `make` first")
    words = [program, *machine["args"], *ALWAYS, "-kernel", machine["kernel"]]
    if machine.get("dtb"):
        words += ["-dtb", in_tree(machine["dtb"])]
    return words + list(options)


def listening(path):
    """A listening socket as QEMU's options spell it."""
    return f"unix:{shorter(path).replace(',', ',,')},server=on,wait=off"
