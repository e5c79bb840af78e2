# SPDX-License-Identifier: MIT
"""What the tree asks of a compiler beyond the C standard: these two lists, and nothing else.

EXTENSIONS is what clang -Wpedantic tells of. Of words that begin with two underscores it tells
nothing: WORDS has these, and where each is written. What has a name in a header is used by that:
attributes, asm and built-in functions by <lib/compiler.h>, <lib/bitops.h>, <lib/atomic.h>,
<lib/string.h>, <lib/byteorder.h>, what is of the machine by <hal/...>. The files behind those are
the ones that need a word itself.
"""

import os
import re
import shlex

import pytest

from conftest import TOP, run

# How clang tells of it, and what it is for.
EXTENSIONS = {
    "statement expression extension from macro": "({ }) in macros that evaluate once",
    "token pasting of ',' and __VA_ARGS__": ", ##__VA_ARGS__ in pr_info() and its like",
    "passing no argument for the '...'": "the same without the ##",
    "named variadic macros": "args... has a name where it is code",
    "struct without named members": "BUILD_BUG_ON_ZERO(): a structure of one bit-field",
    "arithmetic on a pointer to void": "void * and offsets: registers, allocators",
    "GNU ?: conditional expression": "a ?: b",
    "use of an empty initializer": "{ } ends tables and clears objects",
    "'__COUNTER__'": "__unique_id()",
    "format specifies type 'void *'": "%p takes a pointer to anything",
}

# The files, and folders of them, that write the word.
WORDS = {
    # Each attribute has a name there.
    "__attribute__": "include/lib/compiler.h include/lib/compiler-context-analysis.h",
    "__COUNTER__": "include/lib/compiler.h",
    "__asm__": "hal/ include/hal/ include/lib/compiler.h tests/unit/test_hal.c",
    # Macros that return or keep what they are given; a table's and a section's ends.
    "__typeof__": "include/ hal/armv7a/traps.c tests/unit/bad_input.h tests/unit/test_ubsan.c",
    # A format that the caller's has been checked as.
    "#pragma": "lib/vsprintf.c",
    # Those of <lib/atomic.h> are points of order to CONFIG_INTERLEAVE, and take no bit fields of
    # a lock's word: locks and the interleaver itself go below it.
    "__atomic_": "include/lib/atomic.h include/lib/bitops.h include/lib/refcount.h "
                 "include/hal/spinlock.h include/kernel/nowait_lock.h kernel/interleave.c "
                 "kernel/revocable.c kernel/spinlock.c kernel/workqueue_priv.h",
    # Checks that cost nothing.
    "__builtin_choose_expr": "include/lib/bits.h include/lib/bitfield.h",
    "__builtin_constant_p": "include/lib/bits.h include/lib/bitfield.h include/hal/spinlock.h "
                            "include/kernel/slab.h",
    "__builtin_types_compatible_p": "include/lib/compiler.h",
    "__builtin_expect": "include/lib/compiler.h",
    "__builtin_unreachable": "include/lib/compiler.h",
    # Where one is; a stop that no handler is asked about.
    "__builtin_return_address": "include/lib/compiler.h hal/armv7a/unwind_none.c "
                                "kernel/stackprotector.c",
    "__builtin_frame_address": "kernel/sched.c",
    "__builtin_dwarf_cfa": "include/kernel/lockdep.h kernel/lockdep.c",
    "__builtin_trap": "kernel/ubsan.c shell/cmd_power.c",
    # Bits. Where the argument is not 0, and an instruction counts, without fls() and its like.
    "__builtin_clz": "include/lib/bitops.h kernel/sched_priv.h kernel/sched_smp.c",
    "__builtin_clzl": "include/lib/bitops.h",
    "__builtin_clzll": "kernel/timer_wheel.c",
    "__builtin_ctz": "include/lib/bitops.h kernel/timer_wheel.c lib/fdt.c",
    "__builtin_ctzl": "include/lib/bitops.h kernel/interleave.c",
    "__builtin_ctzll": "include/lib/bitops.h include/lib/bitfield.h",
    "__builtin_ffs": "include/lib/bitops.h",
    "__builtin_popcount": "include/lib/bitops.h",
    "__builtin_popcountl": "include/lib/bitops.h",
    "__builtin_bswap16": "include/lib/byteorder.h",
    "__builtin_bswap32": "include/lib/byteorder.h",
    "__builtin_bswap64": "include/lib/byteorder.h",
    # Any two types, and whether the sum or product fits the third: C23's ckd_add and ckd_mul.
    "__builtin_add_overflow": "lib/kstrtox.c include/kernel/ktime.h drivers/base/devres.c "
                              "tests/unit/test_ubsan.c",
    "__builtin_mul_overflow": "lib/kstrtox.c include/kernel/slab.h kernel/vec.c "
                              "include/drivers/device.h",
    # With a constant they are no call.
    "__builtin_memcmp": "include/lib/string.h",
    "__builtin_memcpy": "include/lib/string.h",
    "__builtin_memmove": "include/lib/string.h",
    "__builtin_memset": "include/lib/string.h",
    "__builtin_strcmp": "include/lib/string.h",
    "__builtin_strlen": "include/lib/string.h",
}

# Every such word that gcc and clang have. __func__ and __VA_ARGS__ are the standard's.
WORD = re.compile(r"""\b__builtin_(?!va_)\w+|\b__(?:atomic|sync|has)_|\#\s*pragma\b|\b_Pragma\b|
    \b__(?:alignof|asm|attribute|auto_type|complex|const|extension|float128|imag|inline|int128|
         label|null|real|restrict|signed|thread|typeof|typeof_unqual|volatile|FUNCTION|
         PRETTY_FUNCTION|COUNTER|BASE_FILE|INCLUDE_LEVEL|TIMESTAMP)(?:__)?\b""", re.VERBOSE)
NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"', re.DOTALL)

FOLDERS = ("lib", "hal", "kernel", "drivers", "fs", "net", "shell", "samples", "tests/unit",
           "tests/bench", "tests/fakes")


# Of CONFIG=interleave.
NOT_OF_THIS_BUILD = ("interleave.c", "ktest_interleave.c", "test_interleave.c",
                     "test_races_locks.c", "test_races_rcu.c", "test_races_sync.c",
                     "test_races_tasks.c", "test_races_work.c")


def sources(folder):
    return sorted(os.path.relpath(os.path.join(at, name), TOP)
                  for at, _, names in os.walk(os.path.join(TOP, folder)) for name in names
                  if name.endswith(".c") and name not in NOT_OF_THIS_BUILD)


def extensions(*words, **options):
    """What clang tells of, a line for each."""
    flags = [word for word in shlex.split(os.environ["KERNEL_CC"])[1:]
             if not word.startswith(("-W", "-f", "-g", "-O"))]
    done = run(["clang-22", "--target=arm-none-eabi", "-fshort-enums", "-ffreestanding", *flags,
                '-DKBUILD_MODNAME="x"', "-fsyntax-only", "-Wno-everything", "-Wpedantic",
                "-Wgnu", *words], **options)
    return [line for line in done.stderr.splitlines() if re.search(r": (warning|error): ", line)]


def listed(line):
    return [name for name in EXTENSIONS if name in line]


@pytest.fixture(scope="module")
def told():
    """{folder: what clang tells of it}."""
    return {folder: extensions(*sources(folder)) for folder in FOLDERS if sources(folder)}


def test_no_other_extension_is_used(told):
    assert [line for lines in told.values() for line in lines if not listed(line)] == []


def test_each_of_the_list_is_used(told):
    used = {name for lines in told.values() for line in lines for name in listed(line)}
    assert set(EXTENSIONS) - used == set()


@pytest.mark.parametrize("text", [
    "int f(int x) { switch (x) { case 1 ... 3: return 1; } return 0; }",
    "int f(void) { int x = ({ int y = 1; y; }); return x; }",
    "struct x { int n; int tail[0]; };",
    "static int t[4] = { [0 ... 3] = 1 };",
    "int f(void) { void *p = &&out; goto *p; out: return 0; }",
    "enum e : unsigned char { A };",
    "static const int x = 0b101;",
    "static struct { int a; } s = { a: 1 };",
    "int f(void) { int g(void) { return 1; } return g(); }",
    "int x; typeof(x) y;",
])
def test_another_one_is_refused(text):
    lines = extensions("-x", "c", "-", input=text + "\n")
    assert lines and not any(listed(line) for line in lines)


def words_of(text):
    """As WORDS has them."""
    return {"#pragma" if "pragma" in word.lower() else word
            for word in WORD.findall(NOT_CODE.sub(" ", text))}


def may_write(word, path):
    return any(path == place or (place.endswith("/") and path.startswith(place))
               for place in WORDS.get(word, "").split())


@pytest.fixture(scope="module")
def written():
    """{file: the words in it}."""
    found = {}
    for folder in (*FOLDERS, "include"):
        for at, _, names in os.walk(os.path.join(TOP, folder)):
            for name in names:
                if name.endswith((".c", ".h")):
                    path = os.path.join(at, name)
                    with open(path, encoding="utf-8") as file:
                        found[os.path.relpath(path, TOP)] = words_of(file.read())
    return found


def test_words_of_the_compiler_are_where_the_list_has_them(written):
    assert [f"{path}: {word}" for path, words in written.items() for word in sorted(words)
            if not may_write(word, path)] == []


def test_each_place_of_the_list_has_its_word(written):
    unused = [f"{place}: {word}" for word, places in WORDS.items() for place in places.split()
              if not any(word in words for path, words in written.items()
                         if path == place or (place.endswith("/") and path.startswith(place)))]
    assert unused == []


@pytest.mark.parametrize("path, text", [
    ("kernel/x.c", "static int x __attribute__((used));"),
    ("kernel/x.c", "static int x __attribute((used));"),
    ("drivers/x/x.c", "void f(void) { __asm__ volatile(\"wfi\"); }"),
    ("kernel/x.c", "void f(int y) { __typeof__(y) x = y; }"),
    ("include/kernel/x.h", "#define f(x) __extension__ ({ (x); })"),
    ("include/kernel/x.h", "#define f(x) ({ __label__ out; out: x; })"),
    ("include/kernel/x.h", "#define f(x) do { __auto_type y = (x); } while (0)"),
    ("kernel/x.c", "static __thread int x;"),
    ("kernel/x.c", "static __int128 x;"),
    ("kernel/x.c", "int f(void) { return __real__ 1.0; }"),
    ("kernel/x.c", "const char *f(void) { return __FUNCTION__; }"),
    ("kernel/x.c", "# pragma GCC optimize(\"O3\")"),
    ("kernel/x.c", "_Pragma(\"pack(1)\") struct x { int y; };"),
    ("drivers/x/x.c", "int f(int *x) { return __atomic_load_n(x, __ATOMIC_ACQUIRE); }"),
    ("include/lib/atomic.h", "int f(int *x) { return __sync_fetch_and_add(x, 1); }"),
    ("kernel/x.c", "int f(int x) { return __builtin_clz(x); }"),
    ("include/lib/bitops.h", "int f(int x) { return __builtin_parity(x); }"),
    ("include/kernel/x.h", "#if __has_attribute(used)\n#endif"),
])
def test_such_a_word_elsewhere_is_refused(path, text):
    words = words_of(text)
    assert words and not any(may_write(word, path) for word in words)


@pytest.mark.parametrize("text", [
    "/* __asm__ and __builtin_clz() */", "f(\"__asm__ __thread\");", "__must_check __printf(1, 2)",
    "va_list x; __builtin_va_end(x);", "warn(__func__, ##__VA_ARGS__);", "_Static_assert(1, \"\");",
])
def test_what_is_no_such_word_is_not_taken_for_one(text):
    assert words_of(text) == set()
