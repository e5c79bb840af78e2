# SPDX-License-Identifier: MIT
"""A program that the build runs sees nothing of the kernel's: what is planted into one is compiled
with its flags, which are the build's."""

import os
import re
import shlex
import subprocess

import pytest

from conftest import LIMIT, TOP, public_headers

# What compiles anywhere needs no include path; these need others, or the configuration.
KERNEL_ONLY = ["kernel/sched.h", "kernel/spinlock.h", "hal/cpu.h", "drivers/device.h"]

PLANTED = """/* SPDX-License-Identifier: MIT */
#include "mksyms.h"
#include {header}

#include <string.h>

size_t planted(const struct symbol *symbol);

size_t planted(const struct symbol *symbol)
{{
	return strlen(symbol->name);
}}
"""


def compile_planted(tmp_path, header, *flags):
    """The errors of a file of the program's own folder that includes the header."""
    source = tmp_path / "planted.c"
    source.write_text(PLANTED.format(header=header))
    (tmp_path / "mksyms.h").write_bytes(
        open(os.path.join(TOP, "tools", "mksyms", "mksyms.h"), "rb").read())
    done = subprocess.run([*shlex.split(os.environ["HOSTPROG_CC"]), *flags, str(source)], cwd=TOP,
                          capture_output=True, text=True, timeout=LIMIT)
    assert (done.returncode == 0) == ("error: " not in done.stderr), done.stderr
    return done.stderr


@pytest.mark.parametrize("header", ["<stdlib.h>", '"mksyms.h"'])
def test_the_twin_compiles(tmp_path, header):
    assert compile_planted(tmp_path, header) == ""


def test_no_public_header_of_the_kernel_is_found(tmp_path):
    headers = public_headers()
    assert set(KERNEL_ONLY) <= set(headers)
    for header in headers:
        assert f"fatal error: {header}: No such file" in compile_planted(tmp_path, f"<{header}>")


@pytest.mark.parametrize("header", KERNEL_ONLY)
def test_nor_does_one_compile_by_its_path(tmp_path, header):
    path = os.path.join(TOP, "include", header)
    assert re.search(r"fatal error: \w+/[\w-]+\.h: No such file",
                     compile_planted(tmp_path, f'"{path}"'))


@pytest.mark.parametrize("header", KERNEL_ONLY)
def test_a_kernels_include_path_would_be_noticed(tmp_path, header):
    said = compile_planted(tmp_path, f"<{header}>", "-I", "include")
    assert f"{header}: No such file" not in said
