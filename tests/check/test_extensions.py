# SPDX-License-Identifier: MIT
"""What the tree asks of a compiler beyond the C standard: this list, and nothing else.

clang -Wpedantic tells of each extension; what fits nothing in the list fails. Attributes and
built-in functions it does not tell of: the layer check sees to the first (<lib/compiler.h>
names them), the second list here is of the others.
"""

import os
import re
import shlex

import pytest

from conftest import TOP, run

# How clang tells of it, and what it is for.
EXTENSIONS = {
    "statement expression extension from macro": "({ }) in macros that evaluate once",
    "token pasting of ',' and __VA_ARGS__": ", ##__VA_ARGS__ in pr_info() and its like",
    "passing no argument for the '...'": "the same without the ##",
    "named variadic macros": "args... has a name where it is code",
    "struct without named members": "BUILD_BUG_ON_ZERO(): a structure of one bit-field",
    "arithmetic on a pointer to void": "void * and offsets: registers, allocators",
    "GNU ?: conditional expression": "a ?: b",
    "use of an empty initializer": "{ } ends tables and clears objects",
    "'__COUNTER__'": "__unique_id()",
    "format specifies type 'void *'": "%p takes a pointer to anything",
}

BUILTINS = {
    "choose_expr", "constant_p", "types_compatible_p",       # checks that cost nothing
    "expect", "unreachable", "trap", "frame_address", "return_address", "dwarf_cfa",
    "bswap16", "bswap32", "bswap64", "clz", "clzl", "clzll", "ctz", "ctzl", "ctzll", "ffs",
    "popcount", "popcountl", "add_overflow", "mul_overflow", "sub_overflow",
    "memcmp", "memcpy", "memmove", "memset", "strcmp", "strlen",
}

FOLDERS = ("lib", "hal", "kernel", "drivers", "fs", "net", "shell", "samples", "tests/unit",
           "tests/bench")


# Of CONFIG=interleave.
NOT_OF_THIS_BUILD = ("interleave.c", "ktest_interleave.c", "test_interleave.c",
                     "test_races_locks.c", "test_races_rcu.c", "test_races_sync.c",
                     "test_races_tasks.c", "test_races_work.c")


def sources(folder):
    return sorted(os.path.relpath(os.path.join(at, name), TOP)
                  for at, _, names in os.walk(os.path.join(TOP, folder)) for name in names
                  if name.endswith(".c") and name not in NOT_OF_THIS_BUILD)


def extensions(*words, **options):
    """What clang tells of, a line for each."""
    flags = [word for word in shlex.split(os.environ["KERNEL_CC"])[1:]
             if not word.startswith(("-W", "-f", "-g", "-O"))]
    done = run(["clang-22", "--target=arm-none-eabi", "-fshort-enums", "-ffreestanding", *flags,
                '-DKBUILD_MODNAME="x"', "-fsyntax-only", "-Wno-everything", "-Wpedantic",
                "-Wgnu", *words], **options)
    return [line for line in done.stderr.splitlines() if re.search(r": (warning|error): ", line)]


def listed(line):
    return [name for name in EXTENSIONS if name in line]


@pytest.fixture(scope="module")
def told():
    """{folder: what clang tells of it}."""
    return {folder: extensions(*sources(folder)) for folder in FOLDERS if sources(folder)}


def test_no_other_extension_is_used(told):
    assert [line for lines in told.values() for line in lines if not listed(line)] == []


def test_each_of_the_list_is_used(told):
    used = {name for lines in told.values() for line in lines for name in listed(line)}
    assert set(EXTENSIONS) - used == set()


@pytest.mark.parametrize("text", [
    "int f(int x) { switch (x) { case 1 ... 3: return 1; } return 0; }",
    "int f(void) { int x = ({ int y = 1; y; }); return x; }",
    "struct x { int n; int tail[0]; };",
    "static int t[4] = { [0 ... 3] = 1 };",
    "int f(void) { void *p = &&out; goto *p; out: return 0; }",
    "enum e : unsigned char { A };",
    "static const int x = 0b101;",
    "static struct { int a; } s = { a: 1 };",
    "int f(void) { int g(void) { return 1; } return g(); }",
    "int x; typeof(x) y;",
])
def test_another_one_is_refused(text):
    lines = extensions("-x", "c", "-", input=text + "\n")
    assert lines and not any(listed(line) for line in lines)


def test_built_in_functions_are_those_of_the_list():
    other = []
    for folder in (*FOLDERS, "include"):
        for at, _, names in os.walk(os.path.join(TOP, folder)):
            for name in names:
                if name.endswith((".c", ".h")):
                    with open(os.path.join(at, name), encoding="utf-8") as file:
                        used = set(re.findall(r"\b__builtin_(\w+)", file.read()))
                    other += [f"{name}: __builtin_{one}" for one in used - BUILTINS
                              if not one.startswith("va_")]
    assert other == []
