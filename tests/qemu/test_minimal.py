# SPDX-License-Identifier: MIT
"""samples/minimal: what it says when it comes and when it goes."""

from harness import needs

pytestmark = needs("SAMPLE_MINIMAL")


def test_the_smallest_module_comes_and_gives_back_what_it_has(machine):
    running = machine()
    assert "minimal: built in" in running.boot() + running.shell("dmesg")
    running.send("poweroff\r")
    said = running.ended()
    assert "minimal: my numbers were 72, 108 and 200" in said
    assert "minimal: 0 numbers left" in said
