# SPDX-License-Identifier: MIT
"""Each public header compiles alone, twice over, without a warning; lib's and the kernel's for
a 64-bit machine too."""

import os
import shlex

import pytest

from conftest import public_headers, run

HEADERS = public_headers()
FOR_64_BITS = [name for name in HEADERS if name.startswith(("lib/", "kernel/"))]
SHAPED_AS_LINUX = ("drivers/",)


def compiles(words, header):
    done = run([*words, "-fsyntax-only", "-x", "c", "-"],
               input=f"#include <{header}>\n#include <{header}>\n")
    assert done.returncode == 0 and done.stderr == "", done.stderr


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_compiles_alone(header):
    words = shlex.split(os.environ["KERNEL_CC"])
    if not header.startswith(SHAPED_AS_LINUX):
        words += shlex.split(os.environ["STRICT_CFLAGS"])
    compiles(words, header)


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_compiles_alone_with_clang(header):
    compiles(["clang-22", "--target=arm-none-eabi", "-fshort-enums", "-meabi", "gnu",
              *shlex.split(os.environ["KERNEL_CC"])[1:]], header)


@pytest.mark.parametrize("header", FOR_64_BITS)
def test_a_header_compiles_for_aarch64(header):
    compiler = "clang-22"
    words = shlex.split(os.environ["KERNEL_CC"])
    words = [word for word in words[1:] if not word.startswith(("-march", "-mthumb", "-mfloat"))]
    # hal's instructions are those of ARMv7: only the C around them counts here.
    compiles([compiler, "--target=aarch64-none-elf", "-Wno-asm-operand-widths", *words], header)


def test_headers_were_found():
    assert len(HEADERS) > 20 and len(FOR_64_BITS) > 10
