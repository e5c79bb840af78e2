# SPDX-License-Identifier: MIT
"""The machine stops for a broken invariant only, never for a lack of memory.

Each call of panic() and BUG() has been looked at and has its reason here; a new one has to be,
and one that went leaves the list. There is no allocation that does not fail: no function of the
kind that ends the program instead.
"""

import os
import re
import subprocess

import pytest

from conftest import BUILD, TOP

FOLDERS = ("boot", "hal", "lib", "kernel", "drivers", "shell", "samples")

CALL = re.compile(r"\b(panic|panic_at|BUG|BUG_ON)\((?!\.\.\.)([^;]*);")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

# What defines them.
DEFINES = ("kernel/panic.c",)

# The beginning of the arguments, and why the machine cannot go on.
REVIEWED = {
    ("kernel/main.c", '"memory: no room for the range'): "boot: a tree that nobody could use",
    ("kernel/main.c", '"the device tree names no memory'): "boot: there is none at all",
    ("kernel/main.c", '"device tree: %s"'): "boot: no tree",
    ("kernel/main.c", '"device tree: %s: 0x%x'): "boot: a damaged tree",
    ("kernel/main.c", '"this %s has no generic timer'): "boot: no clock to run by",
    ("kernel/main.c", '"the generic timer\'s rate'): "boot: no clock to run by",
    ("kernel/main.c", '"no memory for the first task'): "boot: there is nobody to tell",
    ("kernel/irq/handle.c", '"interrupt without a controller'): "vector reached before its handler",
    ("kernel/kthread.c", '"kthread_exit() %s'): "nobody is left to go on with",
    ("kernel/percpu.c", '"no memory for per-CPU'): "boot: there is nobody to tell",
    ("kernel/sched.c", ""): "a task that ended is run again",
    ("kernel/ktest_case.c", '"case %s: its time is up'): "a test that nothing else can end",
    ("kernel/stackprotector.c", '"stack smashed'): "the return address is not to be trusted",
    ("kernel/traps.c", 'regs, "%s at %pS, in the handling'): "a fault in a fault",
    ("kernel/traps.c", 'regs, "stack overflow'): "a fault",
    ("kernel/traps.c", 'regs, "%s", hal_fault_name'): "a fault",
    ("kernel/traps.c", 'regs, "%s: %s at address'): "a fault",
    ("shell/cmd_power.c", ""): "asked for: to try the report",
    ("shell/cmd_power.c", '"asked for by the shell'): "asked for: to try the report",
}

# Names of functions that end the program when there is no memory.
ENDS_THE_PROGRAM = re.compile(r"_*(abort|exit|assert|assert_fail|assert_func|"
                              r"x(m|c|re)alloc\w*|xstrdup|\w*oom_panic\w*)")


def calls(text):
    """The arguments of each call in a C text, on one line each."""
    return [" ".join(match[2].rstrip(") ").split())
            for match in CALL.finditer(COMMENT.sub("", text))]


def unlisted(path, text):
    """Calls that REVIEWED does not have."""
    return [(path, call) for call in calls(text) if reviewed(path, call) is None]


def reviewed(path, call):
    for (file, start), reason in REVIEWED.items():
        if file == path and (call.startswith(start) if start else not call):
            return reason
    return None


def sources():
    for folder in FOLDERS:
        for where, _, names in os.walk(os.path.join(TOP, folder)):
            for name in sorted(names):
                path = os.path.relpath(os.path.join(where, name), TOP)
                if name.endswith((".c", ".h", ".S")) and path not in DEFINES:
                    with open(os.path.join(TOP, path), encoding="utf-8") as file:
                        yield path, file.read()


def test_each_panic_has_its_reason():
    assert [found for path, text in sources() for found in unlisted(path, text)] == []


def test_no_reason_is_left_over():
    seen = [(path, call) for path, text in sources() for call in calls(text)]
    unseen = [key for key in REVIEWED
              if not any(path == key[0] and (call.startswith(key[1]) if key[1] else not call)
                         for path, call in seen)]
    assert unseen == []


@pytest.mark.parametrize("text", [
    'p = kmalloc(8, GFP_KERNEL);\nif (!p)\n\tpanic("out of memory");\n',
    "BUG_ON(!kmalloc(8, GFP_KERNEL));\n",
    "if (!p)\n\tBUG();\n",
])
def test_a_planted_panic_is_found(text):
    assert len(unlisted("kernel/slab.c", text)) == 1


def names_in(nm_output):
    return sorted(name for name in (line.split()[-1] for line in nm_output.splitlines() if line)
                  if ENDS_THE_PROGRAM.fullmatch(name))


def test_no_function_ends_the_program_for_want_of_memory():
    nm = subprocess.run(["arm-none-eabi-nm", os.path.join(BUILD, "nocla.elf")],
                        capture_output=True, text=True, check=True)
    assert names_in(nm.stdout) == []
    assert names_in("00 T xmalloc\n         U abort\n00 T kmalloc") == ["abort", "xmalloc"]
