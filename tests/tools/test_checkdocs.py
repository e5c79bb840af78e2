# SPDX-License-Identifier: MIT
"""tools/checkdocs.py misses nothing that a file leaves out, and asks for no more."""

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


# What has a lock, in a header or a .c file, and what has none.
LOCKS = {
    "one that is static": "static DEFINE_SPINLOCK(x_lock);\n",
    "a member": "struct x {\n\traw_spinlock_t lock;\n};\n",
    "a mutex as a member": "struct x {\n\tstruct mutex lock;\n};\n",
    "a semaphore as a member": "struct x {\n\tstruct rw_semaphore sem;\n};\n",
    "members": "struct x {\n\tspinlock_t locks[N];\n};\n",
    "a sequence as a member": "struct x {\n\tseqcount_spinlock_t seq;\n};\n",
    "a guard": "static int f(struct x *x)\n{\n\tguard(mutex)(&x->lock);\n\treturn x->a;\n}\n",
    "a guard of a block": "static int f(struct x *x)\n{\n\tscoped_guard(irq_desc, x->desc)\n"
                          "\t\treturn 1;\n\treturn 0;\n}\n",
    "a spin lock that is taken": "static void f(struct x *x)\n{\n\tspin_lock(&x->y->lock);\n}\n",
    "with interrupts": "static void f(struct x *x)\n{\n\traw_spin_lock_irqsave(x->l, x->f);\n}\n",
    "a mutex that is tried": "static int f(struct x *x)\n{\n\treturn mutex_trylock(x->m);\n}\n",
    "a device's": "static void f(struct x *x)\n{\n\tdevice_lock(x->dev);\n}\n",
    "a semaphore's": "static void f(struct x *x)\n{\n\tdown_write(x->sem);\n}\n",
    "a sequence's": "static void f(struct x *x)\n{\n\twrite_seqlock(x->seq);\n}\n",
}
NO_LOCKS = {
    "a pointer to one": "struct x {\n\tstruct mutex *lock;\n};\n",
    "an argument": "struct mutex;\nint f(struct mutex *lock);\n",
    "a guard of RCU": "static int f(struct x *x)\n{\n\tguard(rcu)();\n\treturn x->a;\n}\n",
    "interrupts": "static int f(struct x *x)\n{\n\tguard(irqsave)();\n\treturn x->a;\n}\n",
    "what a comment says": "/* spin_lock(&x) is for others; DEFINE_MUTEX(x), guard(mutex)(x). */\n",
}
FILES = [f"{layer}/x.c" for layer in ("lib", "hal/armv7a", "kernel/mm", "drivers/x")]
SAYS = ["Locking: x_lock, for all of it.", "Locks: [l] x_lock.", "Lock:\n * x_lock, of a user.",
        "Locking: see x_priv.h: x_lock."]


def run_in(root):
    return subprocess.run([os.path.join(TOP, "tools", "checkdocs.py"), str(root)],
                          capture_output=True, text=True, timeout=LIMIT)


@pytest.fixture
def checkdocs(tmp_path):
    def check(text):
        header = tmp_path / "include" / "kernel" / "x.h"
        header.parent.mkdir(parents=True, exist_ok=True)
        header.write_text(text + "\n#endif\n")
        return run_in(tmp_path)
    return check


@pytest.fixture
def faults_of(tmp_path):
    """What is missing in a file of that name, text and header, in a tree without other faults."""
    def check(name, text, header="Things. Context: any. Returns 0."):
        (tmp_path / "include").mkdir(exist_ok=True)
        (tmp_path / "include" / "other.h").write_text(HEADER + "#endif\n")
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{LICENCE}/*\n * {header}\n */\n#include <lib/types.h>\n\n{text}")
        done = run_in(tmp_path)
        *faults, summary = done.stdout.splitlines()
        assert done.returncode == bool(faults) and f" {len(faults)} faults" in summary
        assert all(fault.startswith(f"{name}: no ") for fault in faults), done.stdout
        return [fault.partition(": no ")[2] for fault in faults]
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


@pytest.mark.parametrize("text", LOCKS.values(), ids=LOCKS)
def test_a_file_with_a_lock_says_what_it_guards(faults_of, text):
    for name in ("include/kernel/x.h", "kernel/x.c"):
        assert "locking" in faults_of(name, text)
        assert faults_of(name, text, f"Things. Context: any. Returns 0. {SAYS[0]}") == []


@pytest.mark.parametrize("text", NO_LOCKS.values(), ids=NO_LOCKS)
def test_a_file_without_a_lock_need_not(faults_of, text):
    for name in ("include/kernel/x.h", "kernel/x.c"):
        assert faults_of(name, text) == []


@pytest.mark.parametrize("name", FILES)
def test_it_is_said_in_the_header_of_each_file(faults_of, name):
    text = LOCKS["one that is static"]
    assert faults_of(name, text, "Things, under x_lock.") == ["locking"]
    assert faults_of(name, text + f"/* {SAYS[0]} */\n", "Things, under x_lock.") == ["locking"]
    for said in SAYS:
        assert faults_of(name, text, said) == []


@pytest.mark.parametrize("header", ["Locking:", "Locking:\n *\n * A lock, x_lock.",
                                    "Unlocking: x_lock.", "A block: x_lock. a lock: none."])
def test_a_word_alone_is_not_enough(faults_of, header):
    assert "locking" in faults_of("kernel/x.c", LOCKS["one that is static"], header)


@pytest.mark.parametrize("made", ["DEFINE_SPINLOCK", "DEFINE_RAW_SPINLOCK", "DEFINE_MUTEX",
                                  "DEFINE_ROBUST_MUTEX", "DEFINE_SEMAPHORE", "DEFINE_SEQLOCK",
                                  "DECLARE_RWSEM"])
def test_each_lock_that_a_file_makes_is_named(faults_of, made):
    text = f"static DEFINE_SPINLOCK(x_lock);\n{made}(y_lock);\n"
    assert faults_of("kernel/x.c", text, SAYS[0]) == ["lock y_lock"]
    assert faults_of("kernel/x.c", text, f"{SAYS[0]} y_lock inside it.") == []


@pytest.mark.parametrize("name", ["kernel/mm/slab.c", "drivers/tty/serial_core.c",
                                  "include/kernel/mutex.h"])
def test_a_locking_line_taken_out_of_a_real_file_is_missed(tmp_path, name):
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        text = file.read()
    (tmp_path / "include").mkdir()
    (tmp_path / "include" / "other.h").write_text(HEADER + "#endif\n")
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    assert run_in(tmp_path).returncode == 0
    assert text.count(" * Locking: ") == 1
    path.write_text(text.replace(" * Locking: ", " * "))
    assert f"{name}: no locking\n" in run_in(tmp_path).stdout


def test_no_headers_are_no_success(tmp_path):
    assert run_in(tmp_path).returncode == 1
