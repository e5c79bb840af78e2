#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Check where the tree reaches past its layers, and that each place says why it is sound.

checkraw.py [--tree TREE] --record FILE [--write]

In folders other than hal and boot these are raw:

    an integer cast to a pointer (by which const and volatile can be dropped, too)
    a cast to volatile or to device memory
    assembly
    a symbol of the linker script

All are counted: FILE holds the numbers of each folder, and they may only shrink. But for the
symbols, which every user means as addresses, each has a comment on its line, or right above it
or its statement, with SAFETY: and what makes it sound. A comment above a macro is for all of
it, and one above several such lines in a row is for each of them.

What is an integer is told from the text: a number, a constant, a cast, or by the declaration of
the name. That no other cast drops const is for clang to see: -Wcast-qual of `make context`.
"""

import argparse
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import checklayers  # noqa: E402

INTEGER = "integer cast to a pointer"
SYMBOL = "symbol of the linker script"
RAW = {
    "cast to volatile": re.compile(r"\(\s*(?:const\s+)?volatile\b[^()]*(?:\([^()]*\))?"
                                   r"[^()]*\*\s*\)"),
    "cast to device memory": re.compile(r"\([\w\s]*__iomem\s*\*+\s*\)|\(\s*__force\b"),
    "assembly": re.compile(r"\b(?:asm|__asm|__asm__)\b\s*(?:volatile\b\s*)?\("),
    SYMBOL: re.compile(
        r"\b_(?:image|text|rodata|data|bss|irq_stack|abt_stack|und_stack|boot_stack|_exidx|"
        r"_initcall)_?\w*\b"),
}

# A cast to a pointer, up to its operand.
CAST = re.compile(r"\(\s*(?!return\b|sizeof\b)[A-Za-z_][\w\s]*\*[\s*]*(?:const\s*)?\)\s*"
                  r"(?=[\w(*-])")
INTEGER_TYPE = (r"(?:(?:unsigned|signed)(?:\s+(?:long\s+long|long|int|short|char))?|long\s+long|"
                r"long|int|size_t|ssize_t|u8|u16|u32|u64|s32|s64|u?intptr_t|phys_addr_t|"
                r"dma_addr_t|resource_size_t)")
INTEGER_CAST = re.compile(rf"\(\s*{INTEGER_TYPE}\s*\)")
NUMBER = re.compile(r"-?(?:0[xX][0-9a-fA-F]+|[1-9]\d*)")
CONSTANT = re.compile(r"(?!NULL\b)[A-Z][A-Z0-9_]+\b(?!\()")
# What no pointer can be part of.
BITS = re.compile(r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))* (?:[&|^%]|<<|>>) ")
BEHIND = re.compile(r"\s*(?:READ_ONCE(?=\())?")
OPERAND = re.compile(r"(\**)\s*(\w+)((?:(?:->|\.)\w+|\[[^\]]*\])*)")
TYPE = rf"\b(?:({INTEGER_TYPE})|(?:struct|union|enum)\s+\w+|void|char|bool|\w+_t)\b"
DECLARED = TYPE + (r"(?:\s+(?:const|__iomem|__must_check))*\s*(?:[^;{}()]*?,\s*)?"
                   r"(\**)\s*%s\b\s*(\[)?")
MEMBERS = re.compile(TYPE + r"(?:\s+(?:const|__iomem))*\s*([\w*][^;(){}]*);")
MEMBER = re.compile(r"(\**)\s*(\w+)\s*(\[)?")
RESULT = re.compile(rf"^(?:\w+\s+)*?({INTEGER_TYPE})\s+(?:__must_check\s+)?(\w+)\(", re.MULTILINE)


class Names:
    """How deep a name is: 0 for an integer, 1 for an array or pointer; None for no integers."""

    def __init__(self, headers):
        self.members, self.results = {}, set()
        for text in headers:
            for integer, members in MEMBERS.findall(text):
                for stars, name, array in MEMBER.findall(re.sub(r"\[[^\]]*\]", "[", members)):
                    self.members.setdefault(name, set()).add(depth(integer, stars, array))
            self.results |= {match[2] for match in RESULT.finditer(text)}

    def of_member(self, name):
        """If all members of the name agree."""
        found = self.members.get(name, {None})
        return min(found) if len(found) == 1 else None

    def of_name(self, name, before):
        """As the declaration says that is nearest before its use."""
        last = None
        for last in re.finditer(DECLARED % re.escape(name), before):
            pass
        if last:
            return depth(last[1], last[2], last[3])
        return 0 if name in self.results or name in RESULT.findall(before) else None


def depth(integer, stars, array):
    return len(stars) + bool(array) if integer else None


def is_integer(text, at, names):
    """Whether the operand that begins there is one, and not 0."""
    at = BEHIND.match(text, at).end()
    while text[at] == "(":
        if BITS.match(text, at):
            return True
        if INTEGER_CAST.match(text, at):
            return True
        if CAST.match(text, at):
            return False
        at = BEHIND.match(text, at + 1).end()
    if NUMBER.match(text, at) or CONSTANT.match(text, at):
        return True
    operand = OPERAND.match(text, at)
    if not operand:
        return False
    chain = re.findall(r"\w+", re.sub(r"\[[^\]]*\]", "", operand[3]))
    found = names.of_member(chain[-1]) if chain else names.of_name(operand[2], text[:at])
    return found is not None and found == len(operand[1]) + operand[3].endswith("]")


def accesses(text, names):
    """[(line number, kind)] of a file's text without comments."""
    text = checklayers.STRING.sub('""', text)
    found = [(checklayers.line_of(text, match.start()), kind)
             for kind, pattern in RAW.items() for match in pattern.finditer(text)]
    found += [(checklayers.line_of(text, match.start()), INTEGER)
              for match in CAST.finditer(text) if is_integer(text, match.end(), names)]
    return sorted(found)


def safe_lines(text):
    """The numbers of the lines that a comment with SAFETY: stands on."""
    lines = set()
    for match in checklayers.COMMENT.finditer(text):
        if "SAFETY:" in match[0]:
            first = checklayers.line_of(text, match.start())
            lines |= set(range(first, first + match[0].count("\n") + 1))
    return lines


def is_justified(number, code, safe, raw):
    """Whether line `number` has a note: its own, its statement's, that of the raw one above."""
    if number in safe:
        return True
    while number > 1:
        above = code[number - 2].rstrip("\\ \t")
        if not above:
            return number - 1 in safe
        if re.search(r"[;{}:]$|^\s*#(?!\s*define\b.*\\$)", above) and number - 1 not in raw and \
                not code[number - 2].endswith("\\"):
            return False
        number -= 1
        if number in safe:
            return True
    return False


def folder_of(path):
    parts = os.path.dirname(path).split(os.sep)
    return "/".join(parts[:2] if parts[0] in ("include", "drivers") else parts[:1])


def look(tree):
    """({folder: {kind: number}} without zeroes, what has no note)."""
    whole = {}
    for path in checklayers.sources(tree):
        with open(os.path.join(tree, path), encoding="utf-8") as file:
            whole[path] = file.read()
    texts = {path: checklayers.COMMENT.sub(checklayers.blank, text)
             for path, text in whole.items()}
    names = Names(text for path, text in texts.items() if path.endswith(".h"))
    counts, faults = {}, []
    for path, text in texts.items():
        # It is hal's and boot's work.
        if checklayers.place(path)[0] in ("tests", "hal", "boot"):
            continue
        found = accesses(text, names)
        for _, kind in found:
            folder = counts.setdefault(folder_of(path), {})
            folder[kind] = folder.get(kind, 0) + 1
        code, safe = text.split("\n"), safe_lines(whole[path])
        raw = {number for number, kind in found if kind != SYMBOL}
        faults += [f"{path}:{number}: {kind} without a SAFETY: comment"
                   for number, kind in found
                   if kind != SYMBOL and not is_justified(number, code, safe, raw)]
    return counts, faults


def compare(counts, limits, record):
    for folder in sorted(counts.keys() | limits.keys()):
        for kind in (*RAW, INTEGER):
            number = counts.get(folder, {}).get(kind, 0)
            limit = limits.get(folder, {}).get(kind, 0)
            if number > limit:
                yield f"{folder}: {kind}: {number}, at most {limit}: use what the layer " \
                      f"below offers"
            elif number < limit:
                yield f"{folder}: {kind}: {number}, fewer than the {limit} recorded: write " \
                      f"{number} into {os.path.basename(record)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tree", default=".")
    parser.add_argument("--record", required=True)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    counts, faults = look(args.tree)
    if args.write:
        with open(args.record, "w", encoding="utf-8") as file:
            json.dump(counts, file, indent=1, sort_keys=True)
            file.write("\n")
    with open(args.record, encoding="utf-8") as file:
        faults += compare(counts, json.load(file), args.record)
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"raw: {len(counts)} folders, {len(faults)} faults")
    return 1 if faults or not counts else 0


if __name__ == "__main__":
    sys.exit(main())
