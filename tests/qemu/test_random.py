# SPDX-License-Identifier: MIT
"""Random numbers with the boot loader's seed, which QEMU plays, and without one."""

import os
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


def seed_file(folder, size):
    """QEMU's words for a file of so many bytes as the seed."""
    file = folder / "seed"
    file.write_bytes(os.urandom(size))
    return ["-fw_cfg", f"name=opt/org.nocla/rng-seed,file={file}"]


@harness.needs("QEMU_FW_CFG")
def test_a_file_of_fw_cfg_is_enough_without_the_trees_seed(machine, tmp_path):
    running = machine(extra=seed_file(tmp_path, 32))
    assert "random: seeded" in running.boot()
    first, second = (running.shell("random") for _ in range(2))
    assert NUMBER.search(first) and NUMBER.search(second) and first != second
    assert UNSEEDED not in first and TOO_EARLY not in first


@harness.needs("QEMU_FW_CFG")
def test_a_file_of_fw_cfg_counts_for_its_size(machine, tmp_path):
    running = machine(extra=seed_file(tmp_path, 16))
    assert "random: seeded" not in running.boot()
    assert UNSEEDED in running.shell("random")


@harness.needs("QEMU_FW_CFG")
def test_a_file_of_fw_cfg_that_is_not_trusted_is_not_enough(machine, tmp_path):
    running = machine(extra=seed_file(tmp_path, 4096), append="random.trust_bootloader=0")
    assert "random: seeded" not in running.boot()
    assert UNSEEDED in running.shell("random")


@harness.needs("QEMU_FW_CFG")
def test_a_file_of_fw_cfg_that_is_empty_is_told_of_and_none_is_not(machine, tmp_path):
    assert "rng-seed is empty" in machine(extra=seed_file(tmp_path, 0)).boot()
    assert "fw_cfg" not in machine().boot()
