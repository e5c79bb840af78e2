# SPDX-License-Identifier: MIT
"""A fully ordered atomic operation is one on AArch64 too, and costs one CPU no barrier."""

import re

import pytest

from conftest import run

TARGETS = {
    "aarch64": (["clang-22", "--target=aarch64-none-elf"], r"dmb\s+ish$"),
    "armv7a": (["clang-22", "--target=armv7a-none-eabi"], r"dmb\s+ish$"),
}
OPERATIONS = ["xchg(p, v)", "cmpxchg(p, 1, v)",
              "atomic_add_return(v, (atomic_t *)p)", "atomic_fetch_or(v, (atomic_t *)p)"]


def code_of(compiler, operation, smp):
    done = run([*compiler, "-std=gnu17", "-ffreestanding", "-O2", "-S", "-I", "include",
                *(["-DCONFIG_SMP=1"] if smp else []), "-x", "c", "-o", "-", "-"],
               input=f"#include <lib/atomic.h>\nint f(int *p, int v) {{ return {operation}; }}\n")
    assert done.returncode == 0 and done.stderr == "", done.stderr
    return [line.strip() for line in done.stdout.splitlines()
            if re.match(r"\t[a-z]", line)]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("target", TARGETS)
def test_a_barrier_stands_on_both_sides_of_the_access(target, operation):
    compiler, barrier = TARGETS[target]
    code = code_of(compiler, operation, smp=True)
    accesses = [i for i, line in enumerate(code) if re.match(r"(ld|st)\w*x", line)]
    barriers = [i for i, line in enumerate(code) if re.match(barrier, line)]
    assert accesses and barriers
    assert barriers[0] < accesses[0] and barriers[-1] > accesses[-1], code


@pytest.mark.parametrize("target", TARGETS)
def test_one_cpu_needs_no_barrier(target):
    compiler, _ = TARGETS[target]
    code = code_of(compiler, OPERATIONS[0], smp=False)
    assert not [line for line in code if line.startswith("dmb")], code
