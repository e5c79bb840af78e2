#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes the device trees that host tests read.

QEMU writes its own tree of the virt machine for several sets of options; the sources given are
compiled by dtc, whose warnings are off because some of them are wrong on purpose.

usage: dump_trees.py FOLDER [SOURCE.dts ...]
"""

import os
import subprocess
import sys

# name: CPU, further options of the machine, further arguments
SETS = {
    "virt": ("cortex-a15", "", ""),
    "virt-a7-smp4": ("cortex-a7", "", "-smp 4"),
    "virt-a15-smp8": ("cortex-a15", "", "-smp 8"),
    "virt-gic3": ("cortex-a15", ",gic-version=3", ""),
    "virt-gic3-smp4": ("cortex-a7", ",gic-version=3", "-smp 4"),
    "virt-secure": ("cortex-a15", ",secure=on", ""),
    "virt-hyp": ("cortex-a15", ",virtualization=on", ""),
    "virt-lowmem": ("cortex-a15", ",highmem=off", "-m 3072"),
    "virt-chosen": ("cortex-a7", "", "-kernel /dev/null -append console=ttyAMA0"),
}


def run(command):
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is missing: run `make setup`")
    if result.returncode:
        sys.exit(f"{' '.join(command)}: {result.stderr.strip()}")


def dump(path, cpu, options, arguments):
    machine = f"virt{options},dumpdtb={path},dtb-randomness=off"
    run(["qemu-system-arm", "-M", machine, "-cpu", cpu, "-nic", "none", "-display", "none"]
        + arguments.split())


def main(folder, *sources):
    os.makedirs(folder, exist_ok=True)
    for name, options in SETS.items():
        dump(os.path.join(folder, name + ".dtb"), *options)
    for source in sources:
        name = os.path.splitext(os.path.basename(source))[0]
        run(["dtc", "-q", "-q", "-f", "-I", "dts", "-O", "dtb",
             "-o", os.path.join(folder, name + ".dtb"), source])


if len(sys.argv) < 2:
    sys.exit(__doc__.strip().splitlines()[-1])
main(*sys.argv[1:])
