# SPDX-License-Identifier: MIT
"""min, max and clamp refuse to compare what is of two types."""

import os
import shlex

import pytest

from conftest import run


def compiles(expression):
    return run([*shlex.split(os.environ["KERNEL_CC"]), "-fsyntax-only", "-x", "c", "-"], input=f"""
#include <lib/minmax.h>
int f(int i, unsigned int u);
int f(int i, unsigned int u)
{{
	(void)i, (void)u;
	return (int)({expression});
}}
""")


@pytest.mark.parametrize("good, bad", [
    ("min(i, 1)", "min(i, u)"),
    ("max(u, 1u)", "max(u, 1)"),
    ("clamp(i, 0, 2)", "clamp(i, 0u, 2)"),
    ("clamp(u, 0u, 2u)", "clamp(u, 0u, 2)"),
    ("clamp_t(int, u, 0, 2)", "clamp(u, 0, 2)"),
])
def test_two_types_do_not_compile(good, bad):
    done = compiles(good)
    assert done.returncode == 0, done.stderr
    done = compiles(bad)
    assert done.returncode != 0 and "of different types" in done.stderr
