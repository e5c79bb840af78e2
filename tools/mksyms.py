#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The table of functions for backtraces, made from `nm` of a first link.

nm -S first.elf | mksyms.py table --out ksyms-table.c
nm -S final.elf | mksyms.py compare --table ksyms-table.c

The table goes into the second link behind all code (section .ksyms), so it moves no function;
compare proves that. Its layout is told in include/kernel/ksyms.h. A compiler's suffixes
(.constprop.0, .part.1) are cut off: the name is that of the source.
"""

import argparse
import os
import re
import sys

from genconfig import write_if_changed

LINE = re.compile(r"([0-9a-fA-F]+)(?: ([0-9a-fA-F]+))? ([tTwW]) (\S+)")
SUFFIX = re.compile(r"\.(constprop|part|isra|cold|lto_priv)(\.|$).*")
NAME_LIMIT = 1 << 16    # ksyms_name[] is 16 bits wide


def functions(lines):
    """[(address, name)] by address, one name for each, and where the last function ends."""
    best, end = {}, 0
    for line in lines:
        match = LINE.match(line)
        if not match or match[4].startswith(("$", ".L")):
            continue
        name = SUFFIX.sub("", match[4])
        # Of several names the global one, then the first by spelling.
        rank = ("TtWw".index(match[3]), name)
        address = int(match[1], 16)
        end = max(end, address + int(match[2] or "1", 16))
        best[address] = min(best.get(address, rank), rank)
    return [(address, best[address][1]) for address in sorted(best)], end


def table(symbols, end):
    """The C source of the table."""
    if not symbols:
        raise ValueError("no function in nm's output")
    base = symbols[0][0]
    offsets, names, strings, at = [], [], [], {}
    length = 0
    for address, name in symbols:
        if name not in at:
            at[name] = length
            strings.append(name)
            length += len(name) + 1
        offsets.append(f"\t0x{address - base:x},\n")
        names.append(f"\t{at[name]},\n")
    if length > NAME_LIMIT:
        raise ValueError(f"{length} bytes of names, more than the table's 16 bits reach")
    offsets.append(f"\t0x{end - base:x},\n")
    if end - base >= 1 << 32:
        raise ValueError("code spans more than 32 bits")
    text = "".join(f'\t"{name}\\0"\n' for name in strings)
    return f"""/* Made by tools/mksyms.py. */
#include <kernel/ksyms.h>

#define __ksyms __attribute__((section(".ksyms")))

const u32 ksyms_count __ksyms = {len(symbols)};
const uintptr_t ksyms_base __ksyms = 0x{base:x};
const u32 ksyms_offset[] __ksyms = {{
{"".join(offsets)}}};
const u16 ksyms_name[] __ksyms = {{
{"".join(names)}}};
const char ksyms_strings[] __ksyms =
{text.rstrip()};
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("table").add_argument("--out", required=True)
    commands.add_parser("compare").add_argument("--table", required=True)
    args = parser.parse_args()
    try:
        text = table(*functions(sys.stdin))
        if args.command == "table":
            write_if_changed(args.out, text)
            os.utime(args.out)      # or make would ask again each time
            return 0
        with open(args.table, encoding="utf-8") as made:
            if made.read() == text:
                return 0
    except ValueError as error:
        print(f"mksyms: {error}", file=sys.stderr)
        return 1
    print("mksyms: functions moved between the links: .ksyms must lie behind all code",
          file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
