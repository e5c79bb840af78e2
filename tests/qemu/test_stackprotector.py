# SPDX-License-Identifier: MIT
"""The stack protector: an overrun is caught and named; each boot has a canary of its own."""

import re
import subprocess

import pytest

import harness

pytestmark = harness.needs("STACKPROTECTOR")

# Time is instructions, give or take a tick at the start: what differs from boot to boot is the
# seed in the tree.
SAME_TIME = ["-icount", "shift=0"]


@harness.needs("KTEST")
@harness.needs("KALLSYMS")
def test_an_overrun_is_caught_before_the_function_returns(machine):
    said = machine().stops_at("crash smash")
    assert re.search(r"Kernel panic: stack smashed: crash_smash\+\S+ wrote beyond its frame", said)
    assert "Task: shell " in said
    assert re.search(r"Backtrace:\n.*crash_smash\+", said, re.DOTALL)


def canary(running):
    """Of a machine that is at its prompt."""
    symbols = subprocess.run(["arm-none-eabi-nm", harness.ELF], capture_output=True, text=True,
                             check=True).stdout
    address = re.search(r"^(\w+) \w __stack_chk_guard$", symbols, re.MULTILINE)[1]
    shown = running.qmp.command("human-monitor-command",
                                **{"command-line": f"x/1xw 0x{address}"})
    return int(re.search(r": 0x(\w+)", shown)[1], 16)


def canaries(machine, boots, **options):
    running = [machine(extra=SAME_TIME, **options) for _ in range(boots)]
    for each in running:
        each.boot()
    return [canary(each) for each in running]


def test_the_boot_loader_s_seed_makes_the_canary_differ(machine):
    assert len(set(canaries(machine, 4, properties="dtb-randomness=on"))) == 4


@pytest.mark.parametrize("properties", ["dtb-randomness=on", "dtb-randomness=off"])
def test_a_string_ends_at_the_canary(machine, properties):
    value, = canaries(machine, 1, properties=properties)
    assert value & 0xff == 0 and value > 0xffff
