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
    "include/lib/compiler.h": "#define __packed __attribute__((__packed__))",
    "include/kernel/irq.h": "#include <hal/cpu.h>\n\nint irq_free(int irq);\nint irq_line(void);\n"
                            "static inline int __irq_number(int irq)\n{\n\treturn irq;\n}",
    "include/drivers/gpio/driver.h": "#include <kernel/irq.h>\n\n"
                                     "extern unsigned int gpio_lines[4];",
    "include/drivers/pl061/pl061.h": "",
    "include/fs/vfs.h": "",
    "include/test/kunit.h": "#include <kernel/irq.h>",
    "lib/list.c": "#include <lib/list.h>",
    "boot/armv7a/start.S": "#include <hal/cpu.h>",
    "hal/armv7a/cpu.c": '#include <hal/cpu.h>\n#include "vectors_priv.h"',
    "hal/armv7a/vectors_priv.h": "#ifdef __ARM_ARCH_7A__\n#endif",
    "kernel/irq.c": "#include <kernel/irq.h>\n\n#include <hal/cpu.h>\n#include <lib/list.h>\n"
                    "#include <test/kunit.h>\n\n#include \"irq_priv.h\"\n\n"
                    "int irq_free(int irq)\n{\n\treturn irq_take(irq);\n}",
    "kernel/irq_priv.h": "#if IS_ENABLED(CONFIG_SMP)\n#endif\nint irq_take(int irq);\n"
                         "static inline void irq_mark(int irq)\n{\n}\nextern int irq_count;",
    "kernel/handle.c": "#include <kernel/irq.h>\n\n#include <hal/cpu.h>\n\n"
                       '#include "irq_priv.h"\n\n'
                       "int irq_take(int irq)\n{\n\treturn __irq_number(irq);\n}\n\n"
                       "int irq_line(void)\n{\n\treturn 0;\n}",
    "drivers/gpio/gpio.c": "#include <drivers/gpio/driver.h>\n\nstatic int irq_take(int irq)\n{\n"
                           "\treturn irq_take(irq); /* local_irq_disable(); */\n}\n"
                           "static const struct gpio_ops ops = { 0 };\n",
    "drivers/pl061/pl061.c": '#include <drivers/pl061/pl061.h>\n#include "pl061_regs.h"',
    "drivers/pl061/pl061_regs.h": "",
    "drivers/pl011/pl011.c": "#include <drivers/gpio/driver.h>\n#include <hal/cpu.h>",
    "fs/vfs.c": "#include <fs/vfs.h>\n#include <kernel/irq.h>",
    "samples/button/button.c": "#include <drivers/gpio/driver.h>",
    "shell/shell.c": "#include <kernel/irq.h>\n/* #include <hal/cpu.h>\n#include <hal/cpu.h> */",
    "tests/unit/irq.c": "#include <test/kunit.h>\n#include <hal/cpu.h>",
    "tests/host/test_list.c": "#include <stdio.h>\n#include <lib/list.h>\n/* "
                              + 94 * "x" + " */\n\t\t\t\t/* " + 62 * "x" + " */",
    "README.md": 101 * "x",
    "build/x.c": 101 * "x",
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
    ("kernel/irq.c", '#include "irq.h"', 2),
    ("drivers/gpio/gpio.c", "static int x(void) { return irq_mark(1); }", 2),
    ("tests/unit/irq.c", "static int x(void) { return irq_mark(1); }", 2),
    ("drivers/pl011/pl011.c", "#include <drivers/pl061/pl061.h>", 3),
    ("drivers/gpio/gpio.c", "#include <drivers/pl061/pl061.h>", 3),
    ("include/drivers/gpio/driver.h", "#include <drivers/pl061/pl061.h>", 3),
    ("samples/button/button.c", "#include <hal/cpu.h>", 4),
    ("shell/shell.c", "#include <hal/cpu.h>", 4),
    ("fs/vfs.c", "#include <hal/cpu.h>", 4),
    ("drivers/pl061/pl061.c", "static void x(void) { local_irq_disable(); }", 4),
    ("drivers/pl061/pl061.c", "static int x(void) { return hal_io_read_u32(p); }", 4),
    ("drivers/pl061/pl061.c", '\t__asm__ volatile("dsb");', 4),
    ("drivers/pl061/pl061.c", "static void *x(void) { return phys_to_virt(1); }", 4),
    ("shell/shell.c", "static void x(void) { hal_halt(); }", 4),
    ("kernel/irq.c", "#ifdef __arm__\n#endif", 5),
    ("kernel/irq.c", "#if defined(__aarch64__) && 1\n#endif", 5),
    ("include/kernel/irq.h", "static int x = IS_ENABLED(CONFIG_ARCH_ARMV7A);", 5),
    ("tests/unit/irq.c", "#if !CONFIG_ARCH_ARMV7A\n#endif", 5),
    ("kernel/late.c", "#include <kernel/irq.h>\n#include <hal/cpu.h>", 6),
    ("kernel/late.c", "#include <lib/list.h>\n\n#include <kernel/irq.h>", 6),
    ("kernel/late.c", '#include "irq_priv.h"\n#include <hal/cpu.h>', 6),
    ("drivers/pl061/pl061.c", "#include <drivers/gpio/driver.h>", 6),
    ("include/fs/late.h", "#include <lib/list.h>\n#include <kernel/irq.h>", 6),
    ("lib/late.c", "#include <stddef.h>\n#include <lib/list.h>", 6),
    ("include/lib/late.h", "#include <stddef.h>\n#include <lib/list.h>", 6),
    ("kernel/irq.c", "int irq_take(int irq);", 6),
    ("kernel/irq.c", "extern unsigned long irq_count[4];", 6),
    ("include/test/kunit.h", "int __must_check irq_free(int irq);", 6),
    ("include/drivers/pl061/pl061.h", "extern unsigned int gpio_lines[4];", 6),
    ("kernel/irq.c", "static int x __attribute__((used));", 7),
    ("include/kernel/irq.h", "struct x { int y; } __attribute__((packed));", 7),
    ("drivers/gpio/gpio.c", "static struct uart_ops x = { 0 };", 8),
    ("drivers/gpio/gpio.c", "struct irq_chip x = { 0 };", 8),
    ("tests/unit/irq.c", "static struct irq_domain_ops x = { 0 };", 8),
    ("kernel/irq.c", "/* " + 95 * "x" + " */", 9),
    ("include/kernel/irq.h", "\t\t\t\t/* " + 63 * "x" + " */", 9),
    ("boot/armv7a/start.S", "/* " + 95 * "x" + " */", 9),
    ("tests/host/test_list.c", "/* " + 95 * "x" + " */", 9),
    ("tests/qemu/test_x.py", "# " + 99 * "x", 9),
    ("tools/board", "# " + 99 * "x", 9),
    ("mk/build.mk", "# " + 99 * "x", 9),
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
    path.parent.mkdir(parents=True, exist_ok=True)
    text = path.read_text() if path.exists() else ""
    path.write_text(f"{text}{line}\n")
    done = checklayers(tree)
    assert done.returncode == 1
    # An include at the end of a file may be out of order as well.
    found = [fault for fault in done.stdout.splitlines()[:-1]
             if "include" not in line or rule == 6 or not fault.endswith("(rule 6)")]
    assert len(found) == 1, done.stdout
    assert found[0].startswith(f"{name}:") and found[0].endswith(f"(rule {rule})"), found


def test_an_empty_tree_is_no_success(tmp_path):
    assert checklayers(tmp_path).returncode == 1
