# SPDX-License-Identifier: MIT
"""Results that may not be ignored: what allocates, acquires or tries says so to the compiler.

A function of a public header whose name says that it does is __must_check, unless it is named
below. gcc refuses such a result that is cast to void, clang does not: nobody casts one.
"""

import os
import re

import pytest

from conftest import TOP, public_headers

LAYERS = ("lib", "hal", "kernel", "drivers", "fs", "net")
ACQUIRES = re.compile(r"alloc(?!ated)|_create(?:_|$)|(?<!un)_register(?:_|$)|(?:^|_)request_"
                      r"|(?:^|_)try_|_try(?:_|$)|trylock|_trygrab|(?:^|_)k?(?:mem|str)dup$")
ALLOWED = {
    "should_fail_alloc": "asks whether to fail, allocates nothing",
    "of_platform_device_create": "as in Linux: the device is there whether or not it is looked at",
}

FUNCTION = re.compile(r"^(?!typedef|#|\s)([A-Za-z_][^;{}=#]*?\b([a-z_][a-z0-9_]*)\s*"
                      r"\([^;{}]*?\)[^;{}]*?)(?:;|\n\{)", re.MULTILINE)
NOTHING = re.compile(r"(?:(?:static|inline|__always_inline|extern)\s+)*void\s+[a-z_]")


def functions(text):
    """(name, declaration) of each that returns something, as a header's text has them."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"^#.*$", "", text.replace("\\\n", " "), flags=re.MULTILINE)
    for declaration, name in FUNCTION.findall(text):
        if not NOTHING.match(declaration):
            yield name, declaration


def unchecked(text):
    """Names of functions that acquire something and may be ignored."""
    return [name for name, declaration in functions(text)
            if ACQUIRES.search(name) and name not in ALLOWED
            and "__must_check" not in declaration]


def casts(text, checked):
    """Names of functions whose result is cast to void."""
    return [name for name in re.findall(r"\(void\)\s*([a-z_]\w*)\s*\(", text) if name in checked]


def read(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as file:
        return file.read()


HEADERS = [name for name in public_headers() if name.startswith(tuple(f"{x}/" for x in LAYERS))]


def sources():
    for top in ("kernel", "lib", "hal", "drivers", "shell", "samples", "fs", "net", "include",
                "tests"):
        for folder, _, names in os.walk(os.path.join(TOP, top)):
            if not folder.endswith("nocompile"):
                yield from (os.path.join(folder, name) for name in names
                            if name.endswith((".c", ".h")))


@pytest.mark.parametrize("header", HEADERS)
def test_what_is_acquired_may_not_be_ignored(header):
    assert not unchecked(read("include", header))


def test_no_such_result_is_cast_to_void():
    checked = {name for header in HEADERS for name, declaration in
               functions(read("include", header)) if "__must_check" in declaration}
    assert len(checked) > 100 and {"kmalloc", "request_irq", "mutex_trylock"} <= checked
    found = {path: casts(read(path), checked) for path in sources()}
    assert not {path: names for path, names in found.items() if names}


def test_the_exceptions_are_still_there():
    assert set(ALLOWED) <= {name for header in HEADERS for name, _ in
                            functions(read("include", header))}


@pytest.mark.parametrize("header", ["kernel/slab.h", "kernel/vmalloc.h"])
def test_the_compiler_knows_that_new_memory_is_nobody_elses(header):
    """Not of a copy or of what has grown, in which there may be pointers."""
    new = {name: declaration for name, declaration in functions(read("include", header))
           if re.search(r"alloc(?!ated)|printf|strdup", name) and name != "krealloc"
           and re.search(r"(?:void|char) \*", declaration.split(name)[0])}
    assert len(new) >= {"kernel/slab.h": 9, "kernel/vmalloc.h": 1}[header], set(new)
    assert not {name for name, declaration in new.items() if "__malloc" not in declaration}


# ---- that this would notice ----

@pytest.mark.parametrize("text,names", [
    ("int dial_create(int level);\n", ["dial_create"]),
    ("void *__must_check dial_alloc(int level);\n", []),
    ("struct dial *dial_alloc(int level,\n\t\t\tint other) __must_check;\n", []),
    ("static inline bool dial_trylock(struct dial *d)\n{\n\treturn true;\n}\n",
     ["dial_trylock"]),
    ("void dial_register(struct dial *d);\n", []),
    ("int dial_unregister(struct dial *d);\n", []),
    ("/* int dial_create(void); */\n", []),
])
def test_a_planted_function_is_found(text, names):
    assert unchecked(text) == names


def test_a_planted_cast_is_found():
    assert casts("\t(void)kmalloc(1, 0);\n\t(void) f(x);\n\t(void)x;\n", {"kmalloc"}) == ["kmalloc"]
