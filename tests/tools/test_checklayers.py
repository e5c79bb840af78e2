# SPDX-License-Identifier: MIT
"""tools/checklayers.py finds each kind of planted violation, and nothing in a good tree."""

import os
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMIT = 60  # seconds before something is a hang

GOOD = {
    "include/lib/list.h": "#include <stddef.h>",
    "include/hal/cpu.h": "#include <lib/list.h>",
    "include/kernel/irq.h": "#include <hal/cpu.h>",
    "include/drivers/gpio/driver.h": "#include <kernel/irq.h>",
    "include/drivers/pl061/pl061.h": "",
    "include/fs/vfs.h": "",
    "include/test/kunit.h": "#include <kernel/irq.h>",
    "lib/list.c": "#include <lib/list.h>",
    "boot/armv7a/start.S": "#include <hal/cpu.h>",
    "hal/armv7a/cpu.c": '#include <hal/cpu.h>\n#include "vectors_priv.h"',
    "hal/armv7a/vectors_priv.h": "",
    "kernel/irq.c": "#include <hal/cpu.h>\n#include <test/kunit.h>",
    "drivers/gpio/gpio.c": "#include <drivers/gpio/driver.h>",
    "drivers/pl061/pl061.c": '#include <drivers/pl061/pl061.h>\n#include "pl061_regs.h"',
    "drivers/pl061/pl061_regs.h": "",
    "drivers/pl011/pl011.c": "#include <drivers/gpio/driver.h>\n#include <hal/cpu.h>",
    "fs/vfs.c": "#include <fs/vfs.h>\n#include <kernel/irq.h>",
    "samples/button/button.c": "#include <drivers/gpio/driver.h>",
    "shell/shell.c": "#include <kernel/irq.h>\n/* #include <hal/cpu.h>\n#include <hal/cpu.h> */",
    "tests/unit/irq.c": "#include <test/kunit.h>\n#include <hal/cpu.h>",
    "tests/host/test_list.c": "#include <stdio.h>\n#include <lib/list.h>",
}

# file, line to plant, rule
VIOLATIONS = [
    ("lib/list.c", "#include <hal/cpu.h>", 1),
    ("lib/list.c", "#include <kernel/irq.h>", 1),
    ("include/lib/list.h", "#include <kernel/irq.h>", 1),
    ("hal/armv7a/cpu.c", "#include <kernel/irq.h>", 1),
    ("include/hal/cpu.h", " # include <kernel/irq.h>", 1),
    ("boot/armv7a/start.S", "#include <kernel/irq.h>", 1),
    ("kernel/irq.c", "#include <drivers/gpio/driver.h>", 1),
    ("drivers/gpio/gpio.c", "#include <fs/vfs.h>", 1),
    ("drivers/gpio/gpio.c", "#include <test/kunit.h>", 1),
    ("include/test/kunit.h", "#include <drivers/gpio/driver.h>", 1),
    ("kernel/irq.c", '#include "../hal/armv7a/vectors_priv.h"', 2),
    ("kernel/irq.c", '#include "vectors_priv.h"', 2),
    ("kernel/irq.c", "#include <kernel/none.h>", 2),
    ("kernel/irq.c", "#include <hal/../../hal/armv7a/vectors_priv.h>", 2),
    ("kernel/irq.c", "#include <pl061_regs.h>", 2),
    ("kernel/irq.c", "#include <stdatomic.h>", 2),
    ("kernel/irq.c", "#include <linux/irq.h>", 2),
    ("kernel/irq.c", "#include HEADER", 2),
    ("include/kernel/irq.h", '#include "irq_priv.h"', 2),
    ("include/extra/new.h", "", 2),
    ("drivers/pl011/pl011.c", "#include <drivers/pl061/pl061.h>", 3),
    ("drivers/gpio/gpio.c", "#include <drivers/pl061/pl061.h>", 3),
    ("include/drivers/gpio/driver.h", "#include <drivers/pl061/pl061.h>", 3),
    ("samples/button/button.c", "#include <hal/cpu.h>", 4),
    ("shell/shell.c", "#include <hal/cpu.h>", 4),
    ("fs/vfs.c", "#include <hal/cpu.h>", 4),
]


def checklayers(root):
    return subprocess.run([os.path.join(TOP, "tools", "checklayers.py"), str(root)],
                          capture_output=True, text=True, timeout=LIMIT)


@pytest.fixture
def tree(tmp_path):
    for name, text in GOOD.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    return tmp_path


def test_a_good_tree_passes(tree):
    done = checklayers(tree)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name, line, rule", VIOLATIONS)
def test_a_planted_violation_is_found(tree, name, line, rule):
    path = tree / name
    path.parent.mkdir(exist_ok=True)
    text = path.read_text() if path.exists() else ""
    path.write_text(f"{text}{line}\n")
    done = checklayers(tree)
    assert done.returncode == 1
    found, _ = done.stdout.splitlines()
    assert found.startswith(f"{name}:") and found.endswith(f"(rule {rule})"), found


def test_an_empty_tree_is_no_success(tmp_path):
    assert checklayers(tmp_path).returncode == 1
