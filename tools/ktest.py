#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Boots the kernel with its test suites and judges what they print.

ktest.py [--machine build/qemu.json] [--out build/ktap] [--name virt] [--fault sweep]
         [--shuffle SEED] [--seeds N] [--seed N] [SUITE[.CASE]]
    --shuffle runs suites and cases in an order that follows from the seed, a number from 1.
    --fault sweep fails each case's first, second, ... request in turn until it passes untouched,
    --fault alloc:3 its third allocation; see kernel/ktest_fault.c.
    --seeds N runs each race in N orders, --seed N in that one alone; see <test/interleave.h>.
    The console goes to OUT/NAME.log as it is. One line for each suite, with the failed cases
    below it. Status 0 when every announced case ran and passed and the guest ended with 0.

What the log cannot show by itself, a guest that hung or ended with a failure, is appended to
it as `Bail out! reason`, so that whoever adds up the logs sees it. A run that the kernel refuses
to begin (an unknown name, a suite without cases, a seed that is none) is an error.
"""

import argparse
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True

import ktap  # noqa: E402
from boardlib import machine  # noqa: E402
from boardlib.link import BoardError  # noqa: E402

REFUSED = re.compile(r"^\[ *\d+\.\d+\] (?:ktest: (.*)|(ktest\.fault=.*\[-EINVAL\]))$", re.MULTILINE)
FAULTS = re.compile(r"# (faults: .*)")
SHUFFLED = re.compile(r"# shuffled by ")


def boot(words, limit):
    """(console text, why it is no good or None). Stdout is the console."""
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        console, _ = process.communicate(timeout=limit)
        trouble = f"the guest ended with status {process.returncode}"
        trouble = trouble if process.returncode else None
    except subprocess.TimeoutExpired:
        process.kill()
        console, _ = process.communicate()
        trouble = f"timed out after {limit} s"
    finally:
        process.kill()
        process.wait()
    return console.decode(errors="replace").replace("\r", ""), trouble


def judge(text, trouble):
    """Prints one line a suite; True when all is well. A failing status that a failed case
    explains is no further failure."""
    report = ktap.parse(text)
    for suite in report.suites:
        skipped = f", {suite.skipped} skipped" if suite.skipped else ""
        print(f"{suite.name}: {suite.passed} passed, {suite.failed} failed{skipped}")
        for case, reason in suite.skips:
            print(f"  SKIPPED {suite.name}: {case}: {reason}")
        for case, notes in suite.failures:
            print(f"  FAILED {suite.name}: {case}", *notes, sep="\n    ")
    for line in FAULTS.findall(text):
        print(line)
    for problem in sum((suite.problems for suite in report.suites), report.problems):
        print(f"  FAILED {problem}")
    return not report.failed and not trouble


def unheard(text, options):
    """What was asked for and the kernel says nothing of: it is built without it. Or None."""
    if options.fault and not FAULTS.search(text):
        return f"the kernel injected no faults: it does not know ktest.fault={options.fault}"
    if options.shuffle and not SHUFFLED.search(text):
        return f"the kernel did not shuffle: it does not know ktest.shuffle={options.shuffle}"
    wanted = (f"seed {options.seed}: ", "interleave.seed=" + options.seed) if options.seed else \
        (f"{options.seeds} seeds", "interleave.seeds=" + options.seeds)
    if (options.seed or options.seeds) and f": {wanted[0]}" not in text:
        return f"the kernel ran no race so: it does not know {wanted[1]}"
    return None


def bootargs(options):
    fault = f" ktest.fault={options.fault}" if options.fault else ""
    shuffle = f" ktest.shuffle={options.shuffle}" if options.shuffle else ""
    seeds = f" interleave.seeds={options.seeds}" if options.seeds else ""
    seed = f" interleave.seed={options.seed}" if options.seed else ""
    return f"ktest={options.suite}{fault}{shuffle}{seeds}{seed}"


def parse_arguments():
    build = os.path.join(machine.TOP, "build")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--machine", default=os.path.join(build, "qemu.json"))
    parser.add_argument("--out", default=os.path.join(build, "ktap"))
    parser.add_argument("--name", default="virt")
    parser.add_argument("--limit", type=float, default=300, help="seconds before it is a hang")
    parser.add_argument("--fault", default="", help="sweep, or as in alloc:3")
    parser.add_argument("--shuffle", default="", metavar="SEED", help="order by a number from 1")
    parser.add_argument("--seeds", default="", metavar="N", help="orders of each race")
    parser.add_argument("--seed", default="", metavar="N", help="the only order of each race")
    parser.add_argument("suite", nargs="?", default="")
    return parser.parse_args()


def main():
    options = parse_arguments()
    try:
        words = machine.command(machine.load(options.machine), "-serial", "stdio",
                                "-icount", "shift=0,sleep=off",  # time is instructions
                                "-append", bootargs(options))
    except BoardError as error:
        sys.exit(f"ktest: {error}")
    text, trouble = boot(words, options.limit)
    trouble = trouble or unheard(text, options)
    if trouble and not ktap.parse(text).failed:
        text += f"\nBail out! {trouble}\n"
    os.makedirs(options.out, exist_ok=True)
    log = os.path.join(options.out, f"{options.name}.log")
    with open(log, "w", encoding="utf-8") as file:
        file.write(text)
    if refused := REFUSED.search(text):
        sys.exit(f"ktest: {refused[1] or refused[2]}")
    if judge(text, trouble):
        return
    sys.exit(f"ktest: {trouble or 'failed'}; the console is in {log}")


main()
