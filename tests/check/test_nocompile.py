# SPDX-License-Identifier: MIT
"""Misuse that must not compile: tests/nocompile.

The comment at the top of each file says in a sentence what is misused, then for each compiler
that must refuse it a line "COMPILER: regular expression" of its error. With -DTWIN the file is
the same without the misuse, and compiles with every compiler: a header that is broken cannot
pass for a refusal. `clang-context` is clang with the analysis of <lib/cleanup.h>.
"""

import os
import re
import shlex
import subprocess

import pytest

from conftest import LIMIT, TOP

FOLDER = os.path.join(TOP, "tests", "nocompile")
COMPILERS = ("gcc", "clang", "clang-context")
LEAST_FILES = 40  # there are not fewer by mistake

COMMENT = re.compile(r"/\* SPDX[^\n]*\n/\*\n(.*?)\*/", re.DOTALL)
EXPECTED = re.compile(r" \* ([a-z-]+): (.+)")


def expected(path):
    """{compiler: regular expression}, or a ValueError."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    comment = COMMENT.match(text)
    if not comment or "#ifdef TWIN" not in text:
        raise ValueError("no comment at the top, or no twin")
    found = dict(EXPECTED.findall(comment.group(1)))
    if not found or set(found) - set(COMPILERS):
        raise ValueError(f"no such compilers: {sorted(found)}")
    return {compiler: re.compile(what) for compiler, what in found.items()}


def compile_with(compiler, path, *flags):
    """The errors of a compilation, as a list; the exit status."""
    words = shlex.split(os.environ["NOCOMPILE_" + compiler.upper().replace("-", "_")])
    done = subprocess.run([*words, '-DKBUILD_MODNAME="nocompile"', *flags, path], cwd=TOP,
                          capture_output=True, text=True, timeout=LIMIT)
    errors = [line.split("error: ", 1)[1] for line in done.stderr.splitlines()
              if "error: " in line]
    return errors, done.returncode


def refused(compiler, path):
    """None if the compiler refuses the file as it says, else what happened."""
    errors, status = compile_with(compiler, path)
    if status == 0:
        return "it compiles"
    if not any(expected(path)[compiler].search(error) for error in errors):
        return f"refused for another reason: {errors}"
    return None


def twin_compiles(compiler, path):
    errors, status = compile_with(compiler, path, "-DTWIN")
    return None if status == 0 else f"the twin does not compile: {errors}"


FILES = sorted(name for name in os.listdir(FOLDER) if name.endswith(".c"))
CASES = [(name, compiler) for name in FILES for compiler in expected(os.path.join(FOLDER, name))]


def test_the_files_are_all_there():
    assert len(FILES) >= LEAST_FILES and len(os.listdir(FOLDER)) == len(FILES)


@pytest.mark.parametrize("name", FILES)
def test_the_twin_compiles(name):
    for compiler in COMPILERS:
        assert twin_compiles(compiler, os.path.join(FOLDER, name)) is None, compiler


@pytest.mark.parametrize("name,compiler", CASES)
def test_misuse_is_refused(name, compiler):
    assert refused(compiler, os.path.join(FOLDER, name)) is None


@pytest.mark.parametrize("level", ["-O0", "-O2"])
@pytest.mark.parametrize("name", ["register_outside_of_window.c", "register_misaligned.c"])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_registers_are_checked_at_any_level_of_optimisation(compiler, name, level):
    path = os.path.join(FOLDER, name)
    errors, status = compile_with(compiler, path, level)
    assert status != 0 and any("register offset" in error for error in errors)
    assert compile_with(compiler, path, level, "-DTWIN") == ([], 0)


# ---- that this would notice ----

PLANTED = """/* SPDX-License-Identifier: MIT */
/*
 * Planted.
 *
 * {what}
 */
#include <lib/{header}.h>

int planted(void);

#ifdef TWIN
int planted(void)
{{
	return {twin};
}}
#else
int planted(void)
{{
	return {misuse};
}}
#endif
"""


@pytest.fixture
def planted(tmp_path):
    def plant(what="gcc: 'nothing' undeclared", header="types", twin="0", misuse="nothing"):
        path = tmp_path / "planted.c"
        path.write_text(PLANTED.format(what=what, header=header, twin=twin, misuse=misuse))
        return str(path)
    return plant


def test_a_planted_file_is_refused_as_it_says(planted):
    path = planted()
    assert refused("gcc", path) is None and twin_compiles("gcc", path) is None


def test_misuse_that_compiles_is_noticed(planted):
    assert refused("gcc", planted(misuse="1")) == "it compiles"


def test_another_error_than_the_expected_one_is_noticed(planted):
    assert "another reason" in refused("gcc", planted(misuse="other"))


@pytest.mark.parametrize("compiler", COMPILERS)
def test_a_twin_that_does_not_compile_is_noticed(planted, compiler):
    assert "the twin does not compile" in twin_compiles(compiler, planted(twin="nothing"))


def test_a_broken_include_is_noticed(planted):
    path = planted(what="gcc: No such file", header="no_such_header")
    assert "No such file" in twin_compiles("gcc", path)


@pytest.mark.parametrize("what", ["expects nothing", "gc: typing error"])
def test_a_file_that_expects_nothing_is_noticed(planted, what):
    with pytest.raises(ValueError):
        expected(planted(what=what))
