# SPDX-License-Identifier: MIT
"""Every way into the kernel ends at a prompt that works, and the guest's end is the status."""

import pytest

import harness

# RAM starts at 0x40000000 with QEMU's device tree; 4 KiB aligned and no more.
ADDRESSES = [0x40237000, 0x4F001000]


# Without EL2 the non-secure side may not unmask asynchronous aborts, and cannot find out.
ABORTS_ARE_SECURE = "Ignoring attempt to switch CPSR_A flag from non-secure world .*"


def works(running):
    """The prompt comes, a command is answered, poweroff ends with status 0."""
    log = running.boot()
    assert "nocla" in running.shell("version")
    running.send("poweroff\r")
    running.ended(status=0)
    return log


@pytest.mark.parametrize("image", [harness.ELF, harness.IMG])
@pytest.mark.parametrize("cpu", ["cortex-a7", "cortex-a15"])
def test_core(machine, cpu, image):
    works(machine(cpu=cpu, image=image))


def test_the_built_machine(machine):
    works(machine())


@pytest.mark.parametrize("gic", [2, 3])
@pytest.mark.parametrize("image", [harness.ELF, harness.IMG])
@pytest.mark.parametrize("properties", ["virtualization=on", "secure=on",
                                        "secure=on,virtualization=on", "highmem=off"])
def test_mode_of_entry(machine, image, properties, gic):
    is_non_secure = image == harness.IMG and properties == "secure=on"
    works(machine(image=image, properties=properties, gic=gic,
                  noise=ABORTS_ARE_SECURE if is_non_secure else None))


@pytest.mark.parametrize("address", ADDRESSES)
def test_load_address(machine, address):
    description = harness.built(dtb=False)
    works(machine.start(harness.at_address(description, harness.IMG, address)))


@pytest.mark.parametrize("memory", ["64M", "128M", "1G"])
@pytest.mark.parametrize("image", [harness.ELF, harness.IMG])
def test_memory(machine, image, memory):
    """A flat image finds its device tree at another place for each size."""
    works(machine(image=image, dtb=False, extra=["-m", memory]))


@pytest.mark.parametrize("cpu", ["cortex-a7", "cortex-a15"])
def test_more_cpus_are_said_to_be_idle(machine, cpu):
    log = works(machine(cpu=cpu, smp=4))
    assert [line for line in log.splitlines() if "CPU" in line and "4" in line]


@pytest.mark.parametrize("round", range(3))
def test_cpus_that_enter_together(machine, round):
    """An ELF under secure=on: no firmware holds the others back, whoever is first."""
    works(machine(smp=4, properties="secure=on"))


@harness.needs("KTEST")
def test_boot_arguments_reach_the_kernel(machine):
    running = machine(append="frob=1 ktest=zzz")
    assert "no suite named zzz" in running.ended(status=1)


def test_typed_before_the_prompt_is_kept(machine):
    """Bytes that wait in the UART at boot."""
    running = machine()
    running.send("version\r")
    running.boot()
    running.expect(r"nocla \d")
    running.boot()


def test_reboot(machine):
    running = machine()
    running.boot()
    running.send("reboot\r")
    running.expect("reboot")
    running.boot()
    works_after = running.shell("uptime")
    assert works_after
    running.send("poweroff\r")
    running.ended(status=0)
