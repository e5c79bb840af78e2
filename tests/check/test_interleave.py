# SPDX-License-Identifier: MIT
"""The races that tests/unit names, each in a thousand orders, and one order again. `make stress`
runs ten thousand."""

import glob
import os
import re

import pytest

from conftest import BUILD, TOP, run

FOLDER = os.path.join(BUILD, "interleave")
SUITES = sorted(re.search(r"test_(\w+)\.c$", path)[1] for path in
                glob.glob(os.path.join(TOP, "tests", "unit", "test_races_*.c")))
SEEDS = 1000


@pytest.fixture(scope="module")
def ktest(make):
    done = make("interleave", "all", "machine")
    assert done.returncode == 0 and done.stderr == "", done.stderr

    def call(suite, *words):
        done = run([os.path.join(TOP, "tools", "ktest.py"), "--name", suite, "--machine",
                    os.path.join(FOLDER, "qemu.json"), "--out", os.path.join(FOLDER, "ktap"),
                    *words, suite])
        with open(os.path.join(FOLDER, "ktap", f"{suite}.log"), encoding="utf-8") as file:
            return done, file.read()
    return call


@pytest.mark.parametrize("suite", SUITES)
def test_races_end_well_in_a_thousand_orders(ktest, suite):
    done, log = ktest(suite, "--seeds", str(SEEDS))
    assert done.returncode == 0, done.stdout + done.stderr
    cases = len(re.findall(r"^\[.*\]     ok \d+ ", log, re.MULTILINE))
    assert cases and log.count(f": {SEEDS} seeds, ") + log.count(": found by seed ") == cases


def test_planted_mistakes_are_found(ktest):
    done, log = ktest("interleave")
    assert done.returncode == 0, done.stdout + done.stderr
    assert log.count(": found by seed ") == 5


def test_a_seed_is_the_same_order_in_every_run(ktest):
    orders = []
    for _ in range(2):
        done, log = ktest("races_locks", "--seed", "7")
        assert done.returncode == 0, done.stdout + done.stderr
        orders.append(re.findall(r"# (\w+: seed 7: .*)", log))
    assert orders[0] == orders[1] and len(orders[0]) >= 20
    assert len({order.split("order ")[1] for order in orders[0]}) > 10


def test_a_kernel_without_races_says_so(make):
    done = run([os.path.join(TOP, "tools", "ktest.py"), "--seed", "7", "--machine",
                os.path.join(BUILD, "qemu.json"), "--out", os.path.join(BUILD, "noseed"),
                "hal"])
    assert done.returncode and "does not know interleave.seed=7" in done.stderr
