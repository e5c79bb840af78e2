#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Measure the kernel, in instructions and bytes.

bench.py run BUILD --compiler VERSION [--record] [--plot]
    Boots BUILD/bench under -icount with the argument `bench`, where the kernel counts retired
    instructions and prints `bench: NAME VALUE UNIT` lines, then powers off. Adds the sizes,
    writes BUILD/bench.json as {"NAME": {"value": n, "unit": "instructions"}} and compares with
    the figures of the same compiler in tests/bench/recorded.json: a row that is worse by more
    than 2 % and by more than 1, or that is gone, fails. Of iterations more are better, of
    anything else less. --record makes these the figures.
    The kernel for several CPUs, BUILD/bench-smp, does the same with one CPU (rows smp_NAME),
    and its work with four (smp4_NAME), which may take a tenth more instructions in all.
    Rows flat_SERVICE_N are of one service with N objects about: they differ by at most 2 % or 2.
    --plot draws them, in BUILD/bench.svg.
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

import benchplot  # noqa: E402
from boardlib import machine  # noqa: E402
from boardlib.link import BoardError  # noqa: E402
from genconfig import write_if_changed  # noqa: E402

RECORDED = os.path.join("tests", "bench", "recorded.json")
LINE = re.compile(r"bench: (\w+) (\d+) (\w+)\r?$", re.MULTILINE)
SECTION = re.compile(r"\] (\.(?:text|rodata|ARM\.ex)\S*)\s+\w+\s+\w+ \w+ (\w+)")
SIZES = {"text_min": "min", "text_full": "release"}
LIMIT = 300  # seconds before it is a hang
SLACK_PART, SLACK = 0.02, 1
FLAT_PART, FLAT = 0.02, 2
SCALED_PART = 0.1
# Of the kernel for several CPUs: what a task does by itself on one.
SMP_NOT = re.compile(r"reset_|flat_|tm_|idle_")


def text_bytes(elf):
    """What of an image is code and constants."""
    table = subprocess.run(["readelf", "-SW", elf], check=True, capture_output=True, text=True)
    return sum(int(size, 16) for _, size in SECTION.findall(table.stdout))


def sizes(build):
    return {name: {"value": text_bytes(os.path.join(build, config, "nocla.elf")), "unit": "bytes"}
            for name, config in SIZES.items()}


def counts(qemu, case=""):
    """The rows that the kernel prints."""
    words = machine.command(machine.load(qemu), "-serial", "stdio", "-append", "bench" + case,
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


def smp_counts(build):
    """The rows of the kernel for several CPUs."""
    folder = os.path.join(build, "bench-smp")
    one = counts(os.path.join(folder, "qemu-1.json"))
    four = counts(os.path.join(folder, "qemu-4.json"), "=work_total")
    return {**{f"smp_{name}": row for name, row in one.items() if not SMP_NOT.match(name)},
            **{f"smp4_{name}": row for name, row in four.items()}}


def broken_promises(rows):
    """What of the rows must hold among them and does not."""
    broken = []
    for service, points in benchplot.flat_rows(rows).items():
        values = [value for _, value in points]
        if max(values) - min(values) > max(FLAT, FLAT_PART * min(values)):
            broken.append(f"flat_{service}: from {min(values)} to {max(values)}")
    one, four = (rows.get(name, {}).get("value") for name in ("smp_work_total", "smp4_work_total"))
    if one and four and four > one * (1 + SCALED_PART):
        broken.append(f"work_total: {one} with one CPU, {four} with four")
    return broken


def is_worse(row, old):
    more = row["value"] - old
    if row["unit"] == "iterations":
        return -more > max(SLACK, old * SLACK_PART)
    return more > max(SLACK, old * SLACK_PART)


def show(rows, recorded):
    """Prints the rows; returns the names of those that are worse than recorded."""
    worse = [name for name in recorded if name not in rows]
    for name in worse:
        print(f"{name:24} gone, was {recorded[name]}")
    for name, row in rows.items():
        value, old = row["value"], recorded.get(name)
        verdict = "" if old in (None, value) else f"  was {old}"
        if old is not None and is_worse(row, old):
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
    rows = {**counts(os.path.join(args.build, "bench", "qemu.json")), **smp_counts(args.build),
            **sizes(args.build)}
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
    broken = broken_promises(rows)
    for promise in broken:
        print(f"does not hold: {promise}")
    if args.plot:
        path = os.path.join(args.build, "bench.svg")
        write_if_changed(path, benchplot.svg(benchplot.flat_rows(rows)))
        print(f"drawn in {path}")
    return 1 if worse or broken else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["run", "sizes"])
    parser.add_argument("build", help="build folder of the virt configuration")
    parser.add_argument("--compiler", help="the version that figures are recorded for")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--plot", action="store_true")
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
