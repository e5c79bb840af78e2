# SPDX-License-Identifier: MIT
"""samples/minimal and other modules: what they say when they come and when they go."""

from harness import needs

pytestmark = [needs("SAMPLE_MINIMAL"), needs("MODULE_UNLOAD")]


def modules(running):
    """That which began last is the first."""
    return running.shell("lsmod").split()


def test_the_smallest_module_comes_and_gives_back_what_it_has(machine):
    running = machine()
    assert "minimal: built in" in running.boot() + running.shell("dmesg")
    assert "minimal" in modules(running)
    said = running.shell("rmmod minimal")
    assert "minimal: my numbers were 72, 108 and 200" in said
    assert "minimal: 0 numbers left" in said
    assert "minimal" not in modules(running)
    assert "[-ENOENT]" in running.shell("rmmod minimal")
    assert "minimal: built in" in running.shell("modprobe minimal")
    assert modules(running)[0] == "minimal"
    assert "[-EEXIST]" in running.shell("modprobe minimal")


def test_a_drivers_module_takes_it_from_its_device_and_brings_it_back(machine):
    running = machine()
    running.boot()
    bound = running.shell("dev")
    assert "gpio-keys" in bound and "gpio_keys" in modules(running)
    assert running.shell("rmmod gpio_keys") == ""
    unbound = running.shell("dev")
    assert unbound != bound
    running.shell("modprobe gpio_keys")
    assert running.shell("dev") == bound


@needs("KTEST")
def test_a_module_that_failed_at_boot_is_not_there(machine):
    running = machine(append="test_module.fails=1")
    said = running.boot() + running.shell("dmesg")
    assert "initcall c_init failed: -EIO" in said
    assert "test_b" in modules(running) and "test_c" not in modules(running)
    assert "[-ENOENT]" in running.shell("rmmod test_b test_c")
    assert "test_b" in modules(running)
    assert "[-EIO]" in running.shell("modprobe test_c")


def test_a_module_is_not_ended_with_the_machine(machine):
    running = machine()
    running.boot()
    running.send("poweroff\r")
    assert "numbers" not in running.ended()
