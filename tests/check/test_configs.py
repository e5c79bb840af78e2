# SPDX-License-Identifier: MIT
"""Every configuration builds in silence, beside the others, and anywhere to the same bytes."""

import os
import shutil

import pytest

from conftest import BUILD, TOP


@pytest.mark.parametrize("config", ["virt", "release", "min", "bench"])
def test_a_configuration_builds_without_a_warning(make, config):
    done = make(config, "all")
    assert done.returncode == 0 and done.stderr == "", done.stderr


def test_the_same_tree_elsewhere_gives_the_same_bytes(make, tmp_path):
    elsewhere = tmp_path / "a tree".replace(" ", "-")
    shutil.copytree(TOP, elsewhere, ignore=shutil.ignore_patterns("build", ".git"))
    assert make("min", "all").returncode == 0
    assert make("min", "all", top=elsewhere, build="build").returncode == 0
    for name in ("nocla.elf", "nocla.img"):
        with open(os.path.join(BUILD, "min", name), "rb") as here, \
                open(elsewhere / "build" / "min" / name, "rb") as there:
            assert here.read() == there.read(), name


def test_clang_builds_the_same_tree(make):
    done = make("virt", "LLVM=1", "all", build=os.path.join(BUILD, "llvm"))
    assert done.returncode == 0 and done.stderr == "", done.stderr
