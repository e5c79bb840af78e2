#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Measure the kernel, in instructions and bytes.

bench.py run BUILD --compiler VERSION [--record]
    Boots BUILD/bench under -icount with the argument `bench`, where the kernel counts retired
    instructions and prints `bench: NAME VALUE UNIT` lines, then powers off. Adds the sizes,
    writes BUILD/bench.json as {"NAME": {"value": n, "unit": "instructions"}} and compares with
    the figures of the same compiler in tests/bench/recorded.json: a row that is worse by more
    than 2 % and by more than 1, or that is gone, fails. --record makes these the figures.
bench.py sizes BUILD
    Prints text_min and text_full alone: .text + .rodata + .ARM.ex* of BUILD/min and
    BUILD/release.
"""

import argparse
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True

from boardlib import machine  # noqa: E402
from boardlib.link import BoardError  # noqa: E402
from genconfig import write_if_changed  # noqa: E402

RECORDED = os.path.join("tests", "bench", "recorded.json")
LINE = re.compile(r"bench: (\w+) (\d+) (\w+)\r?$", re.MULTILINE)
SECTION = re.compile(r"\] (\.(?:text|rodata|ARM\.ex)\S*)\s+\w+\s+\w+ \w+ (\w+)")
SIZES = {"text_min": "min", "text_full": "release"}
LIMIT = 300  # seconds before it is a hang
SLACK_PART, SLACK = 0.02, 1


def text_bytes(elf):
    """What of an image is code and constants."""
    table = subprocess.run(["readelf", "-SW", elf], check=True, capture_output=True, text=True)
    return sum(int(size, 16) for _, size in SECTION.findall(table.stdout))


def sizes(build):
    return {name: {"value": text_bytes(os.path.join(build, config, "nocla.elf")), "unit": "bytes"}
            for name, config in SIZES.items()}


def counts(build):
    """The rows that the kernel prints."""
    description = machine.load(os.path.join(build, "bench", "qemu.json"))
    words = machine.command(description, "-serial", "stdio", "-append", "bench",
                            "-icount", "shift=0,sleep=off")
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT,
                          check=False)
    console = done.stdout.decode(errors="replace")
    rows = {name: {"value": int(value), "unit": unit}
            for name, value, unit in LINE.findall(console)}
    if done.returncode or not rows:
        raise BoardError(f"{console}{done.stderr.decode()}the guest ended with status "
                         f"{done.returncode} and {len(rows)} rows")
    return rows


def show(rows, recorded):
    """Prints the rows; returns the names of those that are worse than recorded."""
    worse = [name for name in recorded if name not in rows]
    for name in worse:
        print(f"{name:24} gone, was {recorded[name]}")
    for name, row in rows.items():
        value, old = row["value"], recorded.get(name)
        verdict = "" if old in (None, value) else f"  was {old}"
        if old is not None and value - old > max(SLACK, old * SLACK_PART):
            worse.append(name)
            verdict += ", WORSE"
        print(f"{name:24}{value:10} {row['unit']}{verdict}")
    return worse


def recorded_figures():
    try:
        with open(RECORDED, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def run(args):
    rows = {**counts(args.build), **sizes(args.build)}
    write_if_changed(os.path.join(args.build, "bench.json"), json.dumps(rows, indent=1) + "\n")
    figures = recorded_figures()
    if args.record:
        figures[args.compiler] = {name: row["value"] for name, row in rows.items()}
        write_if_changed(RECORDED, json.dumps(figures, indent=1) + "\n")
    if args.compiler not in figures:
        print(f"no figures recorded for {args.compiler}")
    worse = show(rows, figures.get(args.compiler, {}))
    if worse:
        print(f"worse than recorded: {', '.join(worse)}")
    return 1 if worse else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["run", "sizes"])
    parser.add_argument("build", help="build folder of the virt configuration")
    parser.add_argument("--compiler", help="the version that figures are recorded for")
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    try:
        if args.what == "run":
            return run(args)
        show(sizes(args.build), {})
        return 0
    except (BoardError, OSError, subprocess.SubprocessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
