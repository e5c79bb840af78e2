# SPDX-License-Identifier: MIT
"""A compiler or linker that is too old is refused, by name, before anything is made."""

import os
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMIT = 60  # seconds before something is a hang

# What each answers when asked for its macros, as the compiler's own preprocessor would.
COMPILERS = {
    "gcc 12 . 2": None,
    "gcc 13 . 0": None,
    "clang 22 . 1": None,
    "gcc 9 . 5": "gcc 9.5, needed is 12",
    "gcc 11 . 4": "gcc 11.4, needed is 12",
    "clang 14 . 0": "clang 14.0, needed is 22",
    "clang 21 . 9": "clang 21.9, needed is 22",
    "": "neither gcc nor clang",
    "tcc": "neither gcc nor clang",
}
LINKERS = {
    "GNU ld (2.40-2+18+b1) 2.40": None,
    "GNU ld (GNU Binutils) 2.44": None,
    "GNU ld (2.35-1) 2.35.2": "version 2.35.2, needed is 2.40",
    "GNU ld (GNU Binutils) 2.9": "version 2.9, needed is 2.40",
    "": "no linker",
}


@pytest.fixture
def fake(tmp_path):
    """fake(name, output) makes a tool that says so whatever it is asked."""
    def make(name, output):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\ncat >/dev/null\necho '{output}'\n")
        path.chmod(0o755)
        return str(path)
    return make


def refused(compiler, linker):
    done = subprocess.run([os.path.join(TOP, "tools", "min-version"), compiler, linker],
                          capture_output=True, text=True, timeout=LIMIT,
                          stdin=subprocess.DEVNULL)
    assert done.stderr == "" and (done.returncode == 0) == (done.stdout == ""), done
    return done.stdout


@pytest.mark.parametrize("says, refusal", COMPILERS.items())
def test_a_compiler_of_that_version(fake, says, refusal):
    told = refused(fake("cc", says), fake("ld", "GNU ld (x) 2.40"))
    assert refusal in told if refusal else told == ""


@pytest.mark.parametrize("says, refusal", LINKERS.items())
def test_a_linker_of_that_version(fake, says, refusal):
    told = refused(fake("cc", "gcc 12 . 2"), fake("ld", says))
    assert refusal in told if refusal else told == ""


def test_the_real_ones_will_do():
    assert refused("arm-none-eabi-gcc", "arm-none-eabi-ld") == ""


def test_make_refuses_an_old_compiler_and_makes_nothing(fake, tmp_path):
    fake("old-gcc", "gcc 10 . 2")
    environment = dict(os.environ, PATH=f"{tmp_path}:{os.environ['PATH']}")
    done = subprocess.run(["make", "-C", TOP, f"O={tmp_path}/build", "CC=old-gcc"],
                          capture_output=True, text=True, timeout=LIMIT, env=environment,
                          stdin=subprocess.DEVNULL)
    assert done.returncode != 0
    assert "old-gcc is gcc 10.2, needed is 12 or later: run `make setup`" in done.stderr
    assert not os.path.exists(tmp_path / "build" / "obj")
