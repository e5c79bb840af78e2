# SPDX-License-Identifier: MIT
"""What differs from core to core and from tree to tree before the first driver."""

import os
import re
import shutil
import struct
import subprocess

import pytest

import gdb
import harness
from test_tree import ELF_TREE, OFF_STRINGS, SIZE_STRINGS, TOTALSIZE, Tree

TREE_SOURCE = os.path.join(harness.TOP, "tests", "qemu", "vexpress-a9.dts")

# Of its L2 cache controller and its board's registers QEMU has a part.
NOISE = r".*(unimplemented|not implemented|Invalid (read|write)).*"
GDB_READS = r"Invalid read at addr .*"  # what is mapped only later


@pytest.fixture
def vexpress(machine, tmp_path, monkeypatch):
    """vexpress(smp) starts that board, with a Cortex-A9."""
    monkeypatch.setenv("QEMU_AUDIO_DRV", "none")
    dtb = tmp_path / "a9.dtb"
    subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", dtb, TREE_SOURCE], check=True)

    def start(smp=1, *extra):
        description = {"args": ["-M", "vexpress-a9", "-m", "256M", "-smp", str(smp)],
                       "kernel": harness.IMG, "dtb": str(dtb)}
        return machine.start([*harness.machine.command(description), *extra], NOISE)
    return start


def test_a_core_without_the_generic_timer_says_so(vexpress):
    said = vexpress().stopped()
    assert "nocla" in said and " on Cortex-A9\n" in said
    assert "Kernel panic: this Cortex-A9 has no generic timer" in said
    assert said.rstrip().endswith("---[ end of the panic ]---")


@pytest.fixture
def stub(tmp_path):
    """The path of a gdb stub's socket, short enough to be one."""
    path = f"/tmp/nocla-cores-{os.getpid()}.sock"
    yield path
    if os.path.exists(path):
        os.unlink(path)


def held(stub):
    return ["-S", "-gdb", harness.machine.listening(stub)]


@gdb.needed
def test_a_cortex_a9_joins_coherency_with_maintenance_for_all(vexpress, stub):
    """QEMU's ACTLR is a constant, so what would be written is looked at."""
    running = vexpress(2, *held(stub))
    running.judged = True
    assert written_to_actlr(running, stub, 0x60010000) & 0x41 == 0x41


@gdb.needed
def test_on_other_cores_that_bit_is_another(machine, stub):
    running = machine(smp=2, image=harness.IMG, extra=held(stub), noise=GDB_READS)
    assert written_to_actlr(running, stub, 0x40010000) & 0x41 == 0x40


def written_to_actlr(running, stub, load):
    """`load`: where the flat image is."""
    symbols = subprocess.run(["arm-none-eabi-nm", harness.ELF], check=True, capture_output=True,
                             text=True).stdout
    address = {name: int(re.search(rf"^(\w+) . {name}$", symbols, re.M)[1], 16)
               for name in ("write_actlr", "_start")}
    at = load + address["write_actlr"] - address["_start"]
    assert running.qmp  # it listens
    said = gdb.on_machine(stub, f"hbreak *{at:#x}", "continue", "print/x $pc", "print/x $r0")
    assert f"{at:#x}" in said[2]
    return int(re.search(r"= (0x[0-9a-f]+)", said[3])[1], 16)


@pytest.fixture
def with_rate(tmp_path):
    """with_rate(hz): the path of the built machine's tree with that clock-frequency."""
    def write(hz):
        dtb = tmp_path / "rate.dtb"
        shutil.copy(harness.machine.in_tree(harness.built()["dtb"]), dtb)
        subprocess.run(["fdtput", "-t", "u", dtb, "/timer", "clock-frequency", str(hz)], check=True)
        return dtb
    return write


needs_fdtput = pytest.mark.skipif(not shutil.which("fdtput"), reason="no fdtput")


@needs_fdtput
def test_the_trees_clock_frequency_is_the_timers_rate(machine, with_rate):
    log = machine(dtb=with_rate(31250000)).boot()
    assert "arch_timer: 31.25 MHz" in log
    assert "arch_timer: 62.50 MHz" in machine().boot()


# A loader that leaves CNTFRQ at 0: mov r0, #0; mcr p15, 0, r0, c14, c0, 0; mov r2, #0;
# ldr pc, [pc, #-4]; and where to.
KERNEL_AT, LOADER_AT = 0x40200000, 0x48000000
LOADER = struct.pack("<5I", 0xE3A00000, 0xEE0E0F10, 0xE3A02000, 0xE51FF004, KERNEL_AT)


@pytest.fixture
def without_cntfrq(machine, tmp_path):
    """without_cntfrq(**changes): as `machine`, but no firmware has told the timer's rate."""
    loader = tmp_path / "loader.bin"
    loader.write_bytes(LOADER)

    def start(**changes):
        words = harness.at_address(harness.built(**changes), harness.IMG, KERNEL_AT)
        return machine.start(words[:-2] + [
            "-device", f"loader,file={loader},addr={LOADER_AT:#x},force-raw=on",
            "-device", f"loader,addr={LOADER_AT:#x},cpu-num=0"])
    return start


def test_a_timer_whose_rate_nobody_tells_is_named(without_cntfrq):
    said = without_cntfrq(dtb=False).stopped()
    assert "Kernel panic: the generic timer's rate is neither in CNTFRQ nor " \
           "in the device tree" in said


@needs_fdtput
def test_the_trees_clock_frequency_does_without_cntfrq(without_cntfrq, with_rate):
    assert "arch_timer: 31.25 MHz" in without_cntfrq(dtb=with_rate(31250000)).boot()


@harness.needs("KTEST")
@pytest.mark.parametrize("slack", [0, 4096])
def test_what_is_behind_the_tree_is_not_mapped(machine, slack):
    """QEMU's tree fills a MiB; here it says that it is as long as its contents."""
    running = machine(dtb=False, append="ktest=hal", extra=["-S"])
    tree = Tree(running, ELF_TREE)
    end = tree.word(OFF_STRINGS) + tree.word(SIZE_STRINGS)
    tree.set_word(TOTALSIZE, end + slack)
    running.go()
    assert "ok 1 hal" in running.ended(status=0)
