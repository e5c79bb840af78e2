# SPDX-License-Identifier: MIT
"""The allocators on a machine with so little memory that what lies behind it shows."""

import pytest

import ktap
from harness import needs

pytestmark = [needs("KTEST"), needs("DEBUG_SLAB")]


@pytest.mark.parametrize("suite", ["bad_free", "slab_debug"])
def test_a_suite_with_8_mib(machine, suite):
    """The entries of pages that there are not would be where there is no memory."""
    running = machine(append=f"ktest={suite}", dtb=False, extra=["-m", "8M"])
    report = ktap.parse(running.ended(0))
    assert report.failed == 0 and report.passed > 3
