#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Describe the QEMU machine to run: build/machine.json + CPU=, SMP=, ... -> qemu.json.

qemuconf.py --machine build/machine.json --out build/qemu.json [--overlay x.dtsi] [NAME=VALUE]
    CPU=cortex-a7, SMP=4, MEM=512M, GIC=3 replace what the configuration says;
    an empty value says nothing.

qemu.json holds {"qemu": program, "args": [...], "kernel": file, "dtb": file}. The device tree
is QEMU's own for exactly these arguments (a dump fixes the number of CPUs and the interrupt
controller, so it may not be used for others) with each overlay's text appended, and is kept in
a dtb folder beside qemu.json under a name that says what it was made of.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile

from genconfig import write_if_changed


class MachineError(Exception):
    """What was asked for cannot be; the text is for the user."""


def with_gic(machine, version):
    """-M's word with another version of the GIC."""
    if not version:
        return machine
    kind, *properties = machine.split(",")
    others = [word for word in properties if not word.startswith("gic-version=")]
    return ",".join([kind, f"gic-version={version}", *others])


def described(base, settings):
    """The QEMU program and arguments for base with the settings on top."""
    known = {"CPU", "SMP", "MEM", "GIC"}
    for name in settings.keys() - known:
        raise MachineError(f"{name}: unknown setting, known: {', '.join(sorted(known))}")
    gic = settings.get("GIC")
    if gic and gic not in ("2", "3"):
        raise MachineError(f"GIC={gic}: no version that there is a driver for, which are 2, 3")
    smp = settings.get("SMP") or str(base["smp"])
    if not smp.isdigit() or int(smp) < 1:
        raise MachineError(f"SMP={smp}: not a number of CPUs")
    return base["qemu"], ["-M", with_gic(base["machine"], gic),
                          "-cpu", settings.get("CPU") or base["cpu"],
                          "-smp", smp, "-m", settings.get("MEM") or base["mem"]]


def checked(command, text=""):
    """Run command on text; its own complaint is the error."""
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, input=text)
    except FileNotFoundError:
        raise MachineError(f"{command[0]} is missing: run `make setup`") from None
    except subprocess.CalledProcessError as error:
        raise MachineError(f"{command[0]}: {error.stderr.strip()}") from None


def device_tree(qemu, args, overlays, folder):
    """QEMU's tree with the overlays, made unless folder has it; returns its path."""
    texts = []
    for path in overlays:
        with open(path, encoding="utf-8") as overlay:
            texts.append(overlay.read())
    machine = dict(zip(args[::2], args[1::2]))
    key = hashlib.sha256(json.dumps([qemu, args, texts]).encode()).hexdigest()[:8]
    name = "-".join([machine["-M"].split(",")[0], machine["-cpu"], f"smp{machine['-smp']}",
                     machine["-m"], key])
    path = os.path.join(folder, f"{name}.dtb")
    if os.path.exists(path):
        return path
    os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        dump, tree = os.path.join(scratch, "dump"), os.path.join(scratch, "tree")
        comma = dump.replace(",", ",,")
        dumping = ["-M", f"{machine['-M']},dumpdtb={comma}", *args[2:]]
        checked([qemu, *dumping, "-nic", "none", "-display", "none"])
        source = checked(["dtc", "-q", "-I", "dtb", "-O", "dts", dump]).stdout
        checked(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", tree, "-"],
                "\n".join([source, *texts]))
        os.replace(tree, path)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--machine", required=True, help="what genconfig.py wrote")
    parser.add_argument("--out", required=True)
    parser.add_argument("--overlay", action="append", default=[],
                        help="device tree source to append to QEMU's own tree")
    parser.add_argument("settings", nargs="*", metavar="NAME=VALUE")
    args = parser.parse_args()
    try:
        with open(args.machine, encoding="utf-8") as machine:
            base = json.load(machine)
        settings = dict(setting.split("=", 1) for setting in args.settings)
        qemu, words = described(base, settings)
        folder = os.path.join(os.path.dirname(args.out), "dtb")
        description = {
            "qemu": qemu,
            "args": words,
            "kernel": base["kernel"],
            "dtb": device_tree(qemu, words, args.overlay, folder),
        }
        write_if_changed(args.out, json.dumps(description, indent=1) + "\n")
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    except (MachineError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
