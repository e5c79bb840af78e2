# SPDX-License-Identifier: MIT
"""tools/mksyms: the table of functions from nm's output."""

import os
import re
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("NOCLA_BUILD", os.path.join(TOP, "build"))
LIMIT = 60  # seconds before something is a hang

NM = """\
c0010034 00000010 t late.constprop.0
c0010000 T _start
c0010008 00000028 T main
c0010008 00000028 t alias
c0010030 00000004 W weak
c0020000 00000004 D data
c0020010 R constant
         U undefined
"""


def mksyms(text, *words):
    return subprocess.run([os.path.join(BUILD, "bin", "mksyms"), *map(str, words)],
                          input=text, capture_output=True, text=True, timeout=LIMIT)


NAME_UNIT = 2   # KSYMS_NAME_UNIT


def table(text, tmp_path):
    """(base, [(offset, name)], end) as kernel/ksyms.c would read them."""
    done = mksyms(text, "table", tmp_path / "table.c")
    assert done.returncode == 0, done.stderr
    source = (tmp_path / "table.c").read_text()
    arrays = [re.findall(r"\t(\w+),", body) for body in re.findall(r"\{\n(.*?)\}", source, re.S)]
    strings = "".join(re.findall(r'\t"(.*)"', source)).replace(r"\0", "\0")
    offsets, names = ([int(word, 0) for word in words] for words in arrays)
    base = int(re.search(r"ksyms_base\D*(0x\w+)", source)[1], 0)
    count = int(re.search(r"ksyms_count __ksyms = (\d+)", source)[1])
    assert len(names) == count and len(offsets) == count + 1
    found = [strings[at:strings.index("\0", at)] for at in (NAME_UNIT * n for n in names)]
    return base, list(zip(offsets, found)), offsets[-1]


def test_functions_by_address_with_the_names_of_the_source(tmp_path):
    assert table(NM, tmp_path) == (0xc0010000, [
        (0, "_start"), (8, "main"), (0x30, "weak"), (0x34, "late")], 0x44)


def test_a_name_is_stored_once(tmp_path):
    table(NM + "c0010050 00000002 t late.part.1\n", tmp_path)
    assert (tmp_path / "table.c").read_text().count("late") == 1


def test_no_function_is_an_error(tmp_path):
    done = mksyms("c0020000 00000004 D data\n", "table", tmp_path / "table.c")
    assert done.returncode == 1 and "no function" in done.stderr
    assert not (tmp_path / "table.c").exists()


def test_names_beyond_16_bits_are_refused(tmp_path):
    lines = "".join(f"{n * 4:08x} 00000004 t function_{n:0118d}\n" for n in range(1024))
    done = mksyms(lines + "00010000 00000004 t x\n", "table", tmp_path / "table.c")
    assert done.returncode == 1 and "16 bits" in done.stderr


def test_the_second_link_may_move_data_but_no_function(tmp_path):
    made = tmp_path / "table.c"
    table(NM, tmp_path)
    assert mksyms(NM.replace("c0020000", "c0030000"), "compare", made).returncode == 0
    moved = mksyms(NM.replace("c0010034", "c0010038"), "compare", made)
    assert moved.returncode == 1 and "moved" in moved.stderr


@pytest.mark.parametrize("line", ["", "\n", "c0010050", "c0010050 T", "zzz T main",
                                  "c0010050 TT main", "c0010050 0x T main",
                                  "c0010050 4 T two words", "11112222333344445 T main"])
def test_a_line_that_is_not_nms_is_left_out(tmp_path, line):
    assert table(f"{line}\n{NM}", tmp_path) == table(NM, tmp_path)


def test_the_last_line_may_lack_its_end(tmp_path):
    assert table(NM + "c0010050 T last", tmp_path)[1][-1] == (0x50, "last")


def test_code_beyond_32_bits_is_refused(tmp_path):
    done = mksyms("00000000 T a\n100000000 T b\n", "table", tmp_path / "table.c")
    assert done.returncode == 1 and "32 bits" in done.stderr
    assert not (tmp_path / "table.c").exists()


@pytest.mark.parametrize("words", [(), ("table",), ("print", "table.c"), ("table", "a", "b")])
def test_other_words_are_refused(words):
    done = mksyms(NM, *words)
    assert done.returncode == 1 and "usage:" in done.stderr


@pytest.mark.parametrize("path", ["missing/table.c", "/dev/full"])
def test_a_table_that_cannot_be_written_is_told(tmp_path, path):
    done = mksyms(NM, "table", tmp_path / path)
    assert done.returncode == 1 and path in done.stderr


def test_a_table_that_cannot_be_read_is_told(tmp_path):
    done = mksyms(NM, "compare", tmp_path / "table.c")
    assert done.returncode == 1 and "table.c: No such file" in done.stderr
