# SPDX-License-Identifier: MIT
"""tools/checkraw.py finds each kind of raw access, judges its note, and counts it."""

import json
import os
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMIT = 60  # seconds before something is a hang

HEADER = """\
unsigned long first_page(int n);
void *last_page(int n);
struct area {
	unsigned long start, words[4];
	char *name;
	u32 value;
};
struct prop {
	void *value;
};
"""

RAW = [
    ("cast to volatile", "static int x(int *p) { return *(volatile int *)p; }"),
    ("cast to volatile", "#define once(x)	(*(const volatile __typeof__(x) *)&(x))"),
    ("cast to device memory", "static void x(void *p) { readl((void __iomem *)p); }"),
    ("cast to device memory", "static void x(void *p) { readl((__force u8 *)p); }"),
    ("assembly", 'static void x(void) { __asm__ volatile("dsb"); }'),
    ("integer cast to a pointer", "#define POISON	((void *)0x0badb100)"),
    ("integer cast to a pointer", "static void *x = (struct area *)1;"),
    ("integer cast to a pointer", "static int x(unsigned long at) { return *(int *)at; }"),
    ("integer cast to a pointer", "static int x(int n, size_t at) { return *(const int *)(at); }"),
    ("integer cast to a pointer", "static int x(void) { u32 a = 0, at = 1; return *(int *)at; }"),
    ("integer cast to a pointer", "static int x(const int *p) { return f((int *)(uintptr_t)p); }"),
    ("integer cast to a pointer", "static void *x(struct area *a) { return (void *)a->start; }"),
    ("integer cast to a pointer", "static void *x(struct area *a) { return (void *)a->words[1]; }"),
    ("integer cast to a pointer", "static void *x(int n) { return (void *)first_page(n); }"),
    ("integer cast to a pointer", "static void *x(int n) { return (void *)(BASE + n); }"),
    ("integer cast to a pointer", "static void *x(int *p) { return (void *)(f(p) & ~1ul); }"),
    ("integer cast to a pointer", "static int x(u64 *p) { return *(int *)*p; }"),
]

NOT_RAW = [
    "static int x(void *p) { return *(int *)p; }",
    "static int x(unsigned long *p) { return *(int *)p; }",
    "static int x(unsigned long at, void *p) { return at + *(int *)p; }",
    "static char *x(struct area *a) { return (char *)a->name; }",
    "static u8 *x(struct area *a) { return (u8 *)a->words; }",
    "static u8 *x(struct prop *p, int n) { return (u8 *)p->value + n; }",
    "static u8 *x(int n) { return (u8 *)last_page(n); }",
    "static void *x = (void *)0;",
    "static int size = sizeof(int *) * 4;",
    'static const char *x = "(void *)1";',
    "/* (void *)1 */",
]

NOTED = [
    "/* SAFETY: why. */\n{}",
    "{} /* SAFETY: why. */",
    "/*\n * What it is.\n * SAFETY: why, at\n * length.\n */\n{}",
    "/* SAFETY: why. */\nstatic int size,\n	other = f(\n		1 + {}",
    "/* SAFETY: of both. */\n{}\n{}",
    "/* SAFETY: why. */\n#define a(x) do {{	\\\n	b(x);	\\\n	{}	\\\n}} "
    "while (0)",
    "#define a(x) do {{	\\\n	b(x);	\\\n	/* SAFETY: why. */	\\\n"
    "	{}	\\\n}} while (0)",
]

UNNOTED = [
    "/* Why. */\n{}",
    "/* SAFETY: of something else. */\n\n{}",
    "/* SAFETY: of something else. */\nint y;\n{}",
    "/* SAFETY: of something else. */\n#define y 1\n{}",
    "static void y(void)\n{{\n	/* SAFETY: of something else. */\n	y();\n}}\n{}",
    'static const char *y = "SAFETY:";\n{}',
    "{}\n/* SAFETY: too late. */",
]


@pytest.fixture
def tree(tmp_path):
    for name, text in (("include/kernel/area.h", HEADER), ("kernel/area.c", "")):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return tmp_path


def checkraw(tree, *words):
    return subprocess.run([os.path.join(TOP, "tools", "checkraw.py"), "--tree", str(tree),
                           "--record", str(tree / "raw.json"), *words],
                          capture_output=True, text=True, timeout=LIMIT)


def found_in(tree, text):
    """What is said of the file besides the numbers, and these."""
    (tree / "kernel" / "area.c").write_text(text + "\n")
    said = checkraw(tree, "--write").stdout.splitlines()[:-1]
    return said, json.loads((tree / "raw.json").read_text())


@pytest.mark.parametrize("kind, text", RAW)
def test_a_raw_access_without_a_note_is_found(tree, kind, text):
    said, counts = found_in(tree, text)
    assert counts == {"kernel": {kind: 1}}
    assert said == [f"kernel/area.c:1: {kind} without a SAFETY: comment"]


@pytest.mark.parametrize("text", NOT_RAW)
def test_what_is_not_raw_needs_no_note(tree, text):
    assert found_in(tree, text) == ([], {})


ACCESS = "static void *x = (void *)1;"


@pytest.mark.parametrize("frame", NOTED)
def test_a_note_is_on_the_line_or_above_it_or_its_statement(tree, frame):
    said, counts = found_in(tree, frame.format(ACCESS, ACCESS))
    assert said == [] and counts["kernel"]["integer cast to a pointer"] in (1, 2)


@pytest.mark.parametrize("frame", UNNOTED)
def test_another_s_note_is_none(tree, frame):
    said, _ = found_in(tree, frame.format(ACCESS))
    assert len(said) == 1 and said[0].endswith("without a SAFETY: comment")


def test_symbols_of_the_linker_script_are_counted_alone(tree):
    said, counts = found_in(tree, "static char *x(void) { return _image_start; }")
    assert said == [] and counts == {"kernel": {"symbol of the linker script": 1}}


@pytest.mark.parametrize("folder", ["hal/armv7a", "boot/armv7a", "include/hal", "tests/unit"])
def test_hal_boot_and_tests_may(tree, folder):
    (tree / folder).mkdir(parents=True)
    (tree / folder / "x.h").write_text(ACCESS + "\n")
    assert found_in(tree, "") == ([], {})


def test_raw_accesses_may_only_become_fewer(tree):
    assert found_in(tree, "") == ([], {})
    path = tree / "kernel" / "area.c"
    path.write_text(NOTED[0].format(ACCESS) + "\n")
    done = checkraw(tree)
    assert done.returncode == 1 and "kernel: integer cast to a pointer: 1, at most 0" in done.stdout
    assert checkraw(tree, "--write").returncode == 0
    path.write_text("")
    done = checkraw(tree)
    assert done.returncode == 1 and "fewer than the 1 recorded" in done.stdout


def test_a_tree_without_any_is_no_success(tree):
    (tree / "raw.json").write_text("{}")
    assert checkraw(tree).returncode == 1
