# SPDX-License-Identifier: MIT
"""Devices are unbound and bound again by hand: from the shell, and often, by several CPUs.

`make stress` asks for NOCLA_ROUNDS=10000 rounds.
"""

import os
import re
import signal
import subprocess

import pytest

import harness

PL061, KEYS, FW_CFG = "9030000.pl061", "gpio-keys", "9020000.fw-cfg"
UART, SECOND = "9000000.pl011", "9040000.pl011"
ROUNDS = int(os.environ.get("NOCLA_ROUNDS", "100"))
BATCH = min(ROUNDS, 500)


@pytest.fixture
def running(machine):
    started = machine(dtb=False, append="loglevel=4")
    started.boot()
    return started


def bound(running):
    """{device: its driver}"""
    listed = running.shell("dev").split("not bound:")[0]
    return {row.split()[0]: row.split()[2] for row in listed.splitlines()}


def test_supplier_takes_its_consumers_along_and_brings_them_back(running):
    before = bound(running)
    assert running.shell(f"dev unbind {PL061}") == ""
    assert set(before) - set(bound(running)) == {PL061, KEYS}
    assert "deferred: its supplier is unbound" in running.shell("dev")
    assert running.shell(f"dev bind {PL061}") == ""
    assert bound(running) == before
    # The key works again, with a line and an interrupt of the new binding.
    running.qmp.command("system_powerdown")
    running.ended(0)


def test_a_driver_is_chosen_by_name(running):
    assert running.shell(f"dev unbind {FW_CFG}") == ""
    said = running.shell(f"dev bind {FW_CFG} pl061_gpio")
    assert said == f"dev: the bus of {FW_CFG} has no driver pl061_gpio [-ENOENT]\n"
    said = running.shell(f"dev bind {FW_CFG} gpio-keys")
    assert said == f"dev: gpio-keys does not take {FW_CFG} [-ENODEV]\n"
    assert running.shell(f"dev bind {FW_CFG} qemu_fw_cfg") == ""
    assert bound(running)[FW_CFG] == "qemu_fw_cfg"


@pytest.mark.parametrize("line, said", [
    (f"dev bind {PL061}", rf"dev: {PL061} is bound \[-EBUSY\]"),
    ("dev unbind 9010000.pl031", r"dev: 9010000.pl031 is not bound \[-ENODEV\]"),
    ("dev bind 9010000.pl031", r"dev: no driver takes 9010000.pl031 \[-ENODEV\]"),
    ("dev unbind nobody", r"dev: there is no device nobody \[-ENODEV\]"),
    (f"dev unbind {UART}", rf"dev: {UART} has this console \[-EBUSY\]"),
    ("dev unbind", r"usage: dev .*\[-EINVAL\]"),
    (f"dev unbind {PL061} pl061_gpio", r"usage: dev .*\[-EINVAL\]"),
])
def test_what_cannot_be_is_told_and_changes_nothing(running, line, said):
    before = bound(running)
    assert re.fullmatch(said + "\n", running.shell(line))
    assert bound(running) == before


# ---- often ----


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The tree of four CPUs whose second UART, the secure side's, may be used."""
    folder = tmp_path_factory.mktemp("tree")
    dump, tree = folder / "dump.dtb", folder / "tree.dtb"
    description = harness.built(smp=4, properties=f"secure=on,dumpdtb={dump}")
    description["kernel"] = harness.ELF
    subprocess.run(harness.machine.command(description), check=True, capture_output=True)
    source = subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dts", dump], check=True,
                            capture_output=True, text=True).stdout
    source += '/ { pl011@9040000 { status = "okay"; }; };\n'
    subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", tree, "-"], check=True,
                   input=source, text=True)
    return tree


@harness.needs("KTEST")
@harness.needs("SMP")
def test_nothing_is_left_of_many_rounds_while_pins_move(machine, tree):
    running = machine(smp=4, properties="secure=on", dtb=tree, append="loglevel=4")
    running.boot()
    assert SECOND in bound(running)
    for _ in range(0, ROUNDS, BATCH):
        signal.alarm(2 * harness.LIMIT)  # each batch has its own time
        running.send(f"bindprobe {BATCH} {PL061} {KEYS} {FW_CFG} {SECOND}\r")
        for number in range(2 * BATCH):
            running.pins.set(number % 3, number % 2 == 0)
        said = running.expect(harness.PROMPT)
        assert f"{BATCH} rounds, 0 failed, 0 unbound, 0 bytes left" in said
    assert {PL061, KEYS, FW_CFG, SECOND} <= set(bound(running))
    running.qmp.command("system_powerdown")
    running.ended(0)
