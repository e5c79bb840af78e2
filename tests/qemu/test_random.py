# SPDX-License-Identifier: MIT
"""Random numbers with the boot loader's seed, which QEMU plays, and without one."""

import re

import harness

NUMBER = re.compile(r"^[0-9a-f]{16}$", re.M)
UNSEEDED = ", and it is not seeded"
TOO_EARLY = "random: numbers are asked for before there is a seed"

pytestmark = harness.needs("RANDOM")


def test_the_trees_seed_is_enough(machine):
    running = machine(properties="dtb-randomness=on")
    assert "random: seeded" in running.boot()
    first, second = (running.shell("random") for _ in range(2))
    assert NUMBER.search(first) and NUMBER.search(second) and first != second
    assert UNSEEDED not in first


@harness.needs("KTEST")
def test_the_trees_seed_is_wiped(machine):
    running = machine(properties="dtb-randomness=on")
    running.boot()
    said = running.shell("test random.the_trees_seed_is_wiped")
    assert "ok 1 the_trees_seed_is_wiped" in said and "SKIP" not in said


def test_a_seed_that_is_not_trusted_is_not_enough(machine):
    running = machine(properties="dtb-randomness=on", append="random.trust_bootloader=0")
    assert "random: seeded" not in running.boot()
    assert UNSEEDED in running.shell("random")


def test_without_a_seed_it_is_said_once_and_time_makes_one(machine):
    running = machine()
    assert "random: seeded" not in running.boot()
    said = running.shell("random")
    assert UNSEEDED in said and TOO_EARLY in said
    said = running.shell("random")
    assert UNSEEDED in said and TOO_EARLY not in said
    said = running.shell("random wait")
    assert "random: seeded" in said and NUMBER.search(said)
    assert UNSEEDED not in running.shell("random")
