# SPDX-License-Identifier: MIT
"""Instruction counts are counts: a second run gives the same ones, none worse than recorded."""

import json
import os
import shutil

from conftest import BUILD, TOP, run


def compiler():
    """As recorded figures are keyed."""
    return run(["arm-none-eabi-gcc", "--version"]).stdout.splitlines()[0]


def test_two_runs_give_the_same_figures_and_none_is_worse_than_recorded(make):
    for config in ("bench", "bench-smp", "release", "min"):
        assert make(config, "all").returncode == 0
    assert make("bench", "machine").returncode == 0
    for cpus in ("1", "4"):
        assert make("bench-smp", "machine", f"SMP={cpus}").returncode == 0
        shutil.copy(os.path.join(BUILD, "bench-smp", "qemu.json"),
                    os.path.join(BUILD, "bench-smp", f"qemu-{cpus}.json"))
    figures = []
    for _ in range(2):
        done = run([os.path.join(TOP, "tools", "bench.py"), "run", BUILD, "--compiler",
                    compiler()])
        assert done.returncode == 0, done.stdout + done.stderr
        with open(os.path.join(BUILD, "bench.json"), encoding="utf-8") as file:
            figures.append(json.load(file))
    assert figures[0] == figures[1]
    assert any(row["unit"] == "instructions" for row in figures[0].values())
