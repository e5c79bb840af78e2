# SPDX-License-Identifier: MIT
"""Every configuration builds in silence, beside the others, and anywhere to the same bytes."""

import os
import shutil
import subprocess

import pytest

from conftest import BUILD, TOP, run


@pytest.mark.parametrize("config", ["virt", "release", "min", "bench", "bench-smp", "up",
                                    "nodebug", "interleave"])
def test_a_configuration_builds_without_a_warning(make, config):
    done = make(config, "all")
    assert done.returncode == 0 and done.stderr == "", done.stderr


@pytest.mark.parametrize("config, words", [
    ("up", "GIC=2"), ("up", "GIC=3"), ("nodebug", "SMP=1 GIC=2"), ("nodebug", "SMP=4 GIC=3")])
def test_the_suites_pass_in_another_kernel(make, config, words):
    """Of one CPU, on both controllers; and without checks of callers, as is shipped."""
    assert make(config, "all", "machine", *words.split()).returncode == 0
    folder = os.path.join(BUILD, config)
    done = run([os.path.join(TOP, "tools", "ktest.py"), "--name", config, "--machine",
                os.path.join(folder, "qemu.json"), "--out", os.path.join(folder, "ktap")])
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert len(lines) > 10 and all(" 0 failed" in line for line in lines), done.stdout


def test_the_same_tree_elsewhere_gives_the_same_bytes(make, tmp_path):
    elsewhere = tmp_path / "a tree".replace(" ", "-")
    shutil.copytree(TOP, elsewhere, ignore=shutil.ignore_patterns("build", ".git"))
    assert make("min", "all").returncode == 0
    assert make("min", "all", top=elsewhere, build="build").returncode == 0
    for name in ("nocla.elf", "nocla.img"):
        with open(os.path.join(BUILD, "min", name), "rb") as here, \
                open(elsewhere / "build" / "min" / name, "rb") as there:
            assert here.read() == there.read(), name


def test_options_changed_in_a_build_give_the_bytes_of_a_fresh_one(make, tmp_path):
    """Not all is compiled anew for them: nothing that they concern is left out."""
    changed, fresh = tmp_path / "changed", tmp_path / "fresh"
    assert make("min", f"O={changed}", "all").returncode == 0
    text = (changed / ".config").read_text()
    for old, new in [("CONFIG_LOG_BUF_SHIFT=12", "CONFIG_LOG_BUF_SHIFT=13"),
                     ("CONFIG_THREAD_SIZE_PAGES=1", "CONFIG_THREAD_SIZE_PAGES=2"),
                     ("# CONFIG_SEMIHOSTING is not set", "CONFIG_SEMIHOSTING=y"),
                     ("# CONFIG_TASK_CPU_TIME is not set", "CONFIG_TASK_CPU_TIME=y")]:
        assert text.count(f"{old}\n") == 1
        text = text.replace(f"{old}\n", f"{new}\n")
        (changed / ".config").write_text(text)
        assert make("min", f"O={changed}", f"{changed}/config.h").returncode == 0
    again = make("min", f"O={changed}", "all")
    fresh.mkdir()
    (fresh / ".config").write_text(text)
    whole = make("min", f"O={fresh}", "all")
    assert again.returncode == whole.returncode == 0, again.stderr + whole.stderr
    assert (changed / "nocla.img").read_bytes() == (fresh / "nocla.img").read_bytes()
    assert 0 < again.stdout.count("CC ") < whole.stdout.count("CC ")


@pytest.mark.parametrize("compiler, words", [
    ("", "SMP=1 GIC=2"), ("LLVM=1", "SMP=1 GIC=2"), ("", "SMP=4 GIC=3")])
def test_nothing_that_c_leaves_undefined_happens_in_the_suites(make, compiler, words):
    folder = os.path.join(BUILD, "llvm" if compiler else "gcc", "undefined")
    done = make("virt", *compiler.split(), "SAN=undefined", f"O={folder}", "all", "machine",
                *words.split())
    assert done.returncode == 0 and done.stderr == "", done.stderr
    done = run([os.path.join(TOP, "tools", "ktest.py"), "--machine",
                os.path.join(folder, "qemu.json"), "--out", os.path.join(folder, "ktap")])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ubsan: " in done.stdout


@pytest.mark.parametrize("config", ["virt", "release"])
def test_locks_are_taken_given_back_and_needed_as_their_annotations_say(make, config):
    done = make(config, "context")
    assert done.returncode == 0 and done.stderr == "", done.stderr


def board(config, run_dir):
    """tools/board for that configuration's machine."""
    return [os.path.join(TOP, "tools", "board"), "--dir", str(run_dir), "--machine",
            os.path.join(BUILD, config, "qemu.json")]


def test_what_ships_boots_to_a_prompt_and_powers_off(make, tmp_path):
    assert make("release", "all", "machine").returncode == 0
    done = run([*board("release", tmp_path), "run"], input="version\npoweroff\n")
    assert done.returncode == 0 and done.stderr == "", done.stdout + done.stderr
    assert "nocla 0" in done.stdout and "reboot: power off" in done.stdout


def test_the_least_kernel_boots(make, tmp_path):
    """It has no shell and nothing that ends it."""
    assert make("min", "all", "machine").returncode == 0
    with subprocess.Popen([*board("min", tmp_path), "run"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as running:
        log = []
        while not log or "ttyAMA0" not in log[-1]:
            log.append(running.stdout.readline())
            assert log[-1], log
        assert run([*board("min", tmp_path), "quit"]).returncode == 0
    assert "nocla 0" in log[0] and any("GICv2" in line for line in log), log


@pytest.mark.parametrize("words", ["SMP=1 GIC=2", "SMP=4 GIC=3"])
def test_the_suites_pass_built_by_clang(make, words):
    folder = os.path.join(BUILD, "llvm", "virt")
    done = make("virt", "LLVM=1", "all", "machine", *words.split(),
                build=os.path.join(BUILD, "llvm"))
    assert done.returncode == 0 and done.stderr == "", done.stderr
    done = run([os.path.join(TOP, "tools", "ktest.py"), "--machine",
                os.path.join(folder, "qemu.json"), "--out", os.path.join(folder, "ktap")])
    assert done.returncode == 0, done.stdout + done.stderr
