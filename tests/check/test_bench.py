# SPDX-License-Identifier: MIT
"""Instruction counts are counts: a second run gives the same ones."""

import json
import os
import shutil

from conftest import BUILD, TOP, run


def test_two_runs_give_the_same_figures(make):
    for config in ("bench", "bench-smp", "release", "min"):
        assert make(config, "all").returncode == 0
    assert make("bench", "machine").returncode == 0
    for cpus in ("1", "4"):
        assert make("bench-smp", "machine", f"SMP={cpus}").returncode == 0
        shutil.copy(os.path.join(BUILD, "bench-smp", "qemu.json"),
                    os.path.join(BUILD, "bench-smp", f"qemu-{cpus}.json"))
    figures = []
    for _ in range(2):
        done = run([os.path.join(TOP, "tools", "bench.py"), "run", BUILD, "--compiler", "none"])
        assert done.returncode == 0, done.stdout + done.stderr
        with open(os.path.join(BUILD, "bench.json"), encoding="utf-8") as file:
            figures.append(json.load(file))
    assert figures[0] == figures[1]
    assert any(row["unit"] == "instructions" for row in figures[0].values())
