# SPDX-License-Identifier: MIT
"""tools/checkdocs.py misses nothing that a public header leaves out, and asks for no more."""

import os
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMIT = 60  # seconds before something is a hang

LICENCE = "/* SPDX-License-Identifier: MIT */\n"
HEADER = LICENCE + "/*\n * Things.\n */\n#ifndef X\n#define X\n\n#include <lib/types.h>\n\n"
FOR_ALL = HEADER.replace("Things.", "Things. Context: any, for all of this header.")
ENOUGH = {
    "one line": "/* Does it. Context: any. */\nvoid f(int a);\n",
    "a block": "/*\n * Does it.\n * Context: task; may sleep.\n * Return: 0, -EINVAL.\n */\n"
               "int f(int a);\n",
    "a word": "/* 0 or -EINVAL. Task. */\nint __must_check f(int a);\n",
    "two prototypes": "/* Task. */\nvoid f(int a);\nvoid g(int a,\n       int b);\n",
    "the same": "/* Any context. Returns whether. */\nbool f(int a);\n\n/* The same, twice. */\n"
                "bool g(int a);\n",
    "as another": "/* As f() of the other kind. */\nint g(int a);\n",
    "a section": "/* Accessors. Context: any. Each returns a number. */\n\n"
                 "static inline int f(int a)\n{\n\ta++;\n\treturn a;\n}\n\n"
                 "static inline int g(int a)\n{\n\ta++;\n\treturn a;\n}\n",
    "one statement": "/* Members. Any context. */\n\n"
                     "static inline int f(struct x *a)\n{\n\t(void)a;\n\treturn 0;\n}\n",
    "a wrapper": "/* Task. Returns 0. */\nint f(int a);\n\n"
                 "static inline int g(void)\n{\n\treturn f(1);\n}\n",
    "ownership": "/* A thing, or NULL; goes back by thing_put(). Task. */\n"
                 "struct thing *thing_alloc(int a);\n",
    "no function": "struct x {\n\tint (*f)(int a);\n};\n#define y(a)\t((a) + 1)\nextern int z;\n"
                   "typedef int (*fn)(int a);\n#define DEFINE_Y(a)\tint a;\\\n\tint b;\\\n\tint c\n"
                   "DEFINE_Y(a)\n",
    "what a macro is made of": "static inline int __f(int a)\n{\n\ta++;\n\treturn a;\n}\n\n"
                               "/* Tells. Context: any. */\n#define f(a)\t__f(a)\n",
    "a macro": "/* Tells. Context: any. */\n#define f(a) do {\t\\\n\tg(a);\t\\\n\th(a);\t\\\n"
               "} while (0)\n",
}

MISSING = [
    ("void f(int a);\n", {"comment", "context"}),
    ("/* Does it. */\nvoid f(int a);\n", {"context"}),
    ("/* Does it. Context: any. */\nint f(int a);\n", {"return"}),
    ("/* Any context. */\nstruct x *f(int a);\n", {"return"}),
    ("/* A thing, or NULL. Task. */\nstruct thing *thing_alloc(int a);\n", {"ownership"}),
    ("/* A counter. Context: any. */\nstruct x {\n\tint a;\n};\n\nvoid f(int a);\n",
     {"comment", "context"}),
    ("/* Any context. */\nvoid g(int a);\n\nvoid f(int a);\n", {"comment", "context"}),
    ("#define __f(a)\t1\n\nvoid f(int a);\n", {"comment", "context"}),
    ("static inline int f(int a)\n{\n\ta++;\n\treturn a;\n}\n", {"comment", "context", "return"}),
    ("static inline int f(int a)\n{\n\treturn a;\n}\n", {"context"}),
    ("#define f(a) do {\t\\\n\tg(a);\t\\\n\th(a);\t\\\n} while (0)\n", {"comment", "context"}),
    ("static inline int __must_check\nf(const char *s /* \"};\" */,\n  int a)\n{\n\tif (a)\n"
     "\t\treturn 1;\n\treturn 0;\n}\n", {"comment", "context", "return"}),
]


@pytest.fixture
def checkdocs(tmp_path):
    def check(text):
        header = tmp_path / "include" / "kernel" / "x.h"
        header.parent.mkdir(parents=True, exist_ok=True)
        header.write_text(text + "\n#endif\n")
        return subprocess.run([os.path.join(TOP, "tools", "checkdocs.py"), str(tmp_path)],
                              capture_output=True, text=True, timeout=LIMIT)
    return check


@pytest.mark.parametrize("text", ENOUGH.values(), ids=ENOUGH)
def test_what_is_said_is_enough(checkdocs, text):
    done = checkdocs(HEADER + text)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("text, what", MISSING)
def test_what_is_left_out_is_missed(checkdocs, text, what):
    done = checkdocs(HEADER + text)
    assert done.returncode == 1
    *faults, _ = done.stdout.splitlines()
    assert {fault.rsplit(": no ", 1)[1] for fault in faults} == what
    name = "thing_alloc" if "thing_alloc" in text else "f"
    assert all(f": {name}: no " in fault for fault in faults), done.stdout


def test_a_header_may_speak_for_all(checkdocs):
    text = "/* Does it. */\nvoid f(int a);\n\nstatic inline int g(int a)\n{\n\treturn a;\n}\n"
    assert checkdocs(HEADER + text).returncode == 1
    assert checkdocs(FOR_ALL + text).returncode == 0


def test_a_context_line_taken_out_of_a_real_header_is_missed(checkdocs):
    with open(os.path.join(TOP, "include", "kernel", "kthread.h"), encoding="utf-8") as file:
        text = file.read()
    assert checkdocs(text).returncode == 0
    less = text.replace(" * Context: task; may sleep. Not from the thread itself", " * Not")
    assert less != text
    assert "kthread_stop: no context" in checkdocs(less).stdout


def test_no_headers_are_no_success(tmp_path):
    done = subprocess.run([os.path.join(TOP, "tools", "checkdocs.py"), str(tmp_path)],
                          capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 1
