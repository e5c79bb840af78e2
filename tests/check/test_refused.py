# SPDX-License-Identifier: MIT
"""Misuse of small macros that does not compile; beside each what does."""

import os
import shlex

import pytest

from conftest import run


def compiles(statement):
    return run([*shlex.split(os.environ["KERNEL_CC"]), "-c", "-o", "/dev/null", "-x", "c", "-"],
               input=f"""
#include <kernel/vec.h>
#include <lib/minmax.h>
int f(int i, unsigned int u);
int f(int i, unsigned int u)
{{
	VEC(int) v = {{ }};
	int *p;

	(void)i, (void)u, (void)v, (void)p;
	{statement}
	return 0;
}}
""")


TYPES = "of different types"
REFUSED = [
    ("return min(i, 1);", "return min(i, u);", TYPES),
    ("u = max(u, 1u);", "u = max(u, 1);", TYPES),
    ("return clamp(i, 0, 2);", "return clamp(i, 0u, 2);", TYPES),
    ("u = clamp(u, 0u, 2u);", "u = clamp(u, 0u, 2);", TYPES),
    ("return clamp_t(int, u, 0, 2);", "return clamp(u, 0, 2);", TYPES),
    ("return vec_push(&v, 1, GFP_KERNEL);", "vec_push(&v, 1, GFP_KERNEL);", "unused-result"),
    ("return vec_push(&v, 1, GFP_KERNEL);", "(void)vec_push(&v, 1, GFP_KERNEL);",
     "unused-result"),
    ("return vec_push(&v, i, GFP_KERNEL);", "return vec_push(&v, p, GFP_KERNEL);",
     "int-conversion"),
    ("p = vec_at(&v, 0);", "unsigned int *q = vec_at(&v, 0); (void)q;", "pointer-sign"),
]


@pytest.mark.parametrize("good, bad, said", REFUSED)
def test_misuse_does_not_compile(good, bad, said):
    done = compiles(good)
    assert done.returncode == 0, done.stderr
    done = compiles(bad)
    assert done.returncode != 0 and said in done.stderr, done.stderr
