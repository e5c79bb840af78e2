# SPDX-License-Identifier: MIT
"""`board dump`: an ELF core of a running machine that gdb opens with the kernel's names."""

import json
import os
import re
import subprocess

import pytest

import gdb
import harness

# A core is as large as the memory.
SMALL = {"dtb": False, "extra": ["-m", "64M"]}


@pytest.fixture
def booted(machine):
    running = machine(**SMALL)
    running.boot()
    return running


def refused(result, text):
    """One line that says why, and nothing else came of it."""
    assert (result.returncode, result.stdout) == (1, "")
    assert text in result.stderr and result.stderr.count("\n") == 1


def dumped(board, running, path, *words):
    result = board(running.dir)("dump", str(path), *words)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    return path


@gdb.needed
def test_a_core_has_named_frames_and_variables(booted, board, tmp_path):
    core = dumped(board, booted, tmp_path / "core")
    said = gdb.on_core(core, "backtrace", "print boot_task.comm", "print device_tree.blob_size",
                       "x/1wx 0xf0000024")
    assert re.search(r"#\d+ .*cpu_idle_loop \(\) at kernel/sched\.c:\d+", said)
    assert re.search(r"#\d+ .*main \(.*\) at kernel/main\.c:\d+", said)
    assert '"swapper/0' in said
    assert re.search(r"\$2 = [1-9]\d*\n", said)
    assert "0x016f2818" in said


@gdb.needed
def test_the_scripts_commands_work_on_a_core(booted, board, tmp_path):
    core = dumped(board, booted, tmp_path / "core")
    said = gdb.on_core(core, "nocla-tasks", "nocla-devices", "nocla-work", "nocla-irqs",
                       "nocla-log")
    assert re.search(r"^ +0 I   31 swapper/0 +runs$", said, re.M)
    pid = re.search(r"^ +(\d+) [SD] +\d+ shell +tty_read\w* \(drivers/tty/tty\.c:\d+\)$",
                    said, re.M)[1]
    assert re.search(r"^ +9000000\.pl011 \[amba\] driver uart-pl011$", said, re.M)
    assert re.search(r"^events, CPU 0: 1 workers$", said, re.M)
    assert re.search(r"^ *\d+ +33 .*GICv2 +9000000\.pl011$", said, re.M)
    assert re.search(r"^\[ +\d+\.\d{6}\] nocla \d.* on Cortex-A15$", said, re.M)
    said = gdb.on_core(core, f"nocla-bt {pid}")
    assert re.search(r"^#0 .*\n(#\d+ .*\n)*#\d+ .*shell_task \(.*\n#\d+ .*kthread_begin \(",
                     said, re.M)


@gdb.needed
def test_while_a_watch_owns_the_sockets(booted, board, tmp_path):
    tool = board(booted.dir)
    with subprocess.Popen(tool.words("watch"), stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True) as watch:
        watch.stderr.readline()
        folder = tmp_path / "with a space"
        folder.mkdir()
        core = dumped(board, booted, folder / "core")
        watch.kill()
    assert '"swapper/0' in gdb.on_core(core, "print boot_task.comm")
    assert booted.shell("version")


def test_a_file_that_exists_is_overwritten_by_request_alone(booted, board, tmp_path):
    path = tmp_path / "core"
    path.write_text("mine")
    refused(board(booted.dir)("dump", str(path)), "exists: --force overwrites it")
    assert path.read_text() == "mine"
    dumped(board, booted, path, "--force")
    assert path.read_bytes()[:4] == b"\x7fELF"


def test_a_folder_that_is_not_there(booted, board, tmp_path):
    refused(board(booted.dir)("dump", str(tmp_path / "no" / "core")), "No such file or directory")


def test_nobody_runs(board, tmp_path):
    refused(board(tmp_path)("dump", str(tmp_path / "core")), "no machine runs in")
    assert not (tmp_path / "core").exists()


def test_another_kernel_than_the_built_one(booted, board, tmp_path):
    description = json.loads(open(harness.QEMU_JSON, encoding="utf-8").read())
    with open(harness.ELF, "rb") as elf:
        data = bytearray(elf.read())
    at = data.index(bytes.fromhex("18286f01"))
    data[at + 64] ^= 1
    (tmp_path / "other.elf").write_bytes(data)
    description["kernel"] = str(tmp_path / "other.elf")
    (tmp_path / "qemu.json").write_text(json.dumps(description))
    tool = board(booted.dir)
    result = tool("--machine", str(tmp_path / "qemu.json"), "dump", str(tmp_path / "core"))
    refused(result, "is not the kernel that runs there")
    assert not (tmp_path / "core").exists()


def test_before_the_mmu_is_on_the_addresses_are_physical(machine, board, tmp_path):
    running = machine(dtb=False, extra=["-m", "64M", "-S"])
    result = board(running.dir)("dump", str(tmp_path / "core"))
    assert result.returncode == 0
    assert "the MMU is off" in result.stderr
    assert os.path.getsize(tmp_path / "core") > 64 << 20


@pytest.mark.parametrize("words", [["dump"], ["dump", "a", "b"]])
def test_wrong_use(board, words):
    result = board()(*words)
    assert result.returncode == 2 and "usage: dump FILE" in result.stderr
