# SPDX-License-Identifier: MIT
"""tools/checksyms.py finds each kind of planted reference, and nothing in good objects."""

import os
import shutil
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMIT = 60  # seconds before something is a hang

GOOD = {
    "include/lib/list.h": "int list_len(void);",
    "include/hal/cpu.h": "int hal_halt(void);",
    "include/kernel/irq.h": "int irq_get(void);\nint __get_free_pages(int n);",
    "include/drivers/gpio/driver.h": "int gpio_get(void);",
    "lib/list.c": "int list_len(void) { return 0; }",
    "hal/armv7a/cpu.c": "int list_len(void);\nint hal_halt(void) { return list_len(); }",
    "kernel/irq.c": "int hal_halt(void);\nint irq_get(void) { return hal_halt(); }\n"
                    "int __get_free_pages(int n) { return n; }\n"
                    "int irq_use(int n);\nint irq_own(void) { return irq_use(1); }",
    "kernel/use.c": "int irq_own(void);\nint irq_use(int n) { return n > 1 ? irq_own() : n; }",
    "drivers/gpio/gpio.c": "int irq_get(void);\nint gpio_get(void) { return irq_get(); }",
    "drivers/pl061/pl061.c": "int gpio_get(void);\nint pl061(void) { return gpio_get(); }",
    "drivers/pl011/pl011.c": "int gpio_get(void);\nint pl011(int n) { return gpio_get() / n; }",
    "shell/shell.c": "int pl061(void);\nint pl011(int n);\nint shell(void);\n"
                     "int __get_free_pages(int n);\n",
    "tests/unit/irq.c": "int pl061(void);\nint pl011(int n);\nint shell(void);\n"
                        "int __get_free_pages(int n);\nint test(void);\n"
                        "int test(void) { return pl061() + pl011(1) + __get_free_pages(1); }",
}

# file, what to plant, what is said of it
VIOLATIONS = [
    ("lib/list.c", "int hal_halt(void);\nint list_len2(void) { return hal_halt(); }", "is hal's"),
    ("hal/armv7a/cpu.c", "int irq_get(void);\nint hal_x(void) { return irq_get(); }",
     "is kernel's"),
    ("drivers/gpio/gpio.c", "int hal_halt(void);\nint gpio_x(void) { return hal_halt(); }",
     "is hal's"),
    ("drivers/gpio/gpio.c", "int irq_own(void);\nint gpio_x(void) { return irq_own(); }",
     "is private to kernel/"),
    ("drivers/gpio/gpio.c", "int pl061(void);\nint gpio_x(void) { return pl061(); }",
     "is the driver pl061's"),
    ("drivers/pl011/pl011.c", "int pl061(void);\nint pl011_x(void) { return pl061(); }",
     "is the driver pl061's"),
    ("drivers/pl011/pl011.c",
     "int __get_free_pages(int n);\nint pl011_x(void) { return __get_free_pages(1); }",
     "is memory below the allocators"),
    ("shell/shell.c", "int hal_halt(void);\nint shell(void) { return hal_halt(); }", "is hal's"),
    ("drivers/pl061/pl061.c", "int abort(void);\nint pl061_x(void) { return abort(); }",
     "is defined nowhere in the tree"),
    ("kernel/irq.c", "int irq_lonely(void) { return 0; }", "is used by no other file"),
    ("kernel/irq.c", "int irq_unused;", "is used by no other file"),
]


def compile_one(tree, name):
    target = tree / "obj" / (name[:-1] + "o")
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["arm-none-eabi-gcc", "-march=armv7-a", "-mthumb", "-ffreestanding", "-Os",
                    "-c", "-o", str(target), str(tree / name)], check=True, timeout=LIMIT)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    tree = tmp_path_factory.mktemp("good")
    for name, text in GOOD.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
        if name.endswith(".c"):
            compile_one(tree, name)
    return tree


@pytest.fixture
def tree(built, tmp_path):
    return shutil.copytree(built, tmp_path, dirs_exist_ok=True)


def checksyms(tree, *words):
    return subprocess.run([os.path.join(TOP, "tools", "checksyms.py"), "--tree", str(tree), *words],
                          capture_output=True, text=True, timeout=LIMIT)


def objects(tree):
    return checksyms(tree, "objects", str(tree / "obj"))


def faults(done):
    """Without the list of what nobody uses, which speaks of the real tree."""
    return [line for line in done.stdout.splitlines()[:-1] if not line.startswith("UNUSED")]


def test_good_objects_pass(tree):
    assert faults(objects(tree)) == []


@pytest.mark.parametrize("name, text, said", VIOLATIONS)
def test_a_planted_reference_is_found(tree, name, text, said):
    path = tree / name
    path.write_text(path.read_text() + text + "\n")
    # What is planted is itself declared and used, so that only the reference is at fault.
    if "used by" not in said:
        new = text.rsplit("int ", 1)[1].split("(")[0]
        for file in ("include/lib/list.h", "tests/unit/irq.c"):
            (tree / file).write_text((tree / file).read_text() + f"int {new}(void);\n")
    compile_one(tree, name)
    done = objects(tree)
    assert done.returncode == 1
    assert len(faults(done)) == 1 and said in faults(done)[0], done.stdout
    assert faults(done)[0].startswith(name[:-2] + ".o: "), done.stdout


def test_an_entry_of_the_list_that_is_no_more_is_reported(tree):
    assert "UNUSED has kernel_halt, which is gone" in objects(tree).stdout


def test_no_objects_are_no_success(tree):
    assert checksyms(tree, "objects", str(tree / "lib")).returncode == 1
