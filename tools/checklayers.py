#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Check who includes whom: the layers of the tree, a line for each violation.

checklayers.py [ROOT]

    lib <- hal <- kernel <- drivers <- fs, net <- samples     boot -> hal     tests -> all

1. A layer includes only what lies left of it.
2. <layer/...> is public, lives under include/ and needs nothing private; "..." is private to
   its folder and never named by a path.
3. A driver includes nothing of another driver; they meet in the header of their class.
4. fs, net, samples and shell do not see hal.
Only direct includes are judged: what a public header needs itself is its own business.
"""

import argparse
import os
import re
import sys

# What each layer may include, itself included. `test` is what a suite is written with,
# and run with.
SEES = {
    "lib": {"lib"},
    "hal": {"lib", "hal"},
    "boot": {"lib", "hal"},
    "kernel": {"lib", "hal", "kernel", "test"},
    "drivers": {"lib", "hal", "kernel", "drivers"},
    "fs": {"lib", "kernel", "drivers", "fs", "net"},
    "net": {"lib", "kernel", "drivers", "fs", "net"},
    "shell": {"lib", "kernel", "drivers", "fs", "net", "test"},
    "samples": {"lib", "kernel", "drivers", "fs", "net"},
    "test": {"lib", "hal", "kernel", "test"},
    "tests": {"lib", "hal", "kernel", "drivers", "fs", "net", "test"},
}

# Under drivers/ these are classes, with headers for all; every other folder is one part.
CLASSES = {"amba", "base", "block", "gpio", "input", "net", "of", "rng", "tty"}

# The compiler's own headers. <stdatomic.h> is not among them: atomics are <lib/atomic.h>.
COMPILER = {"limits.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h"}

INCLUDE = re.compile(r"[ \t]*#[ \t]*include\b[ \t]*(.*)")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
NAME = re.compile(r'<([^>]+)>|"([^"]+)"')


def includes(path):
    """[(line number, public name or None, private name or None)]."""
    with open(path, encoding="utf-8") as source:
        text = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source.read())
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            name = NAME.match(match[1])
            found.append((number, name and name[1], name and name[2]))
    return found


def place(path):
    """(layer, driver's folder or None, public?) of a file of the tree."""
    parts = path.split(os.sep)
    public = parts[0] == "include"
    parts = parts[1:] if public else parts
    driver = parts[1] if parts[0] == "drivers" and len(parts) > 2 else None
    return parts[0], driver, public


def judge_public(root, path, name):
    layer, driver, _ = place(path)
    if "/" not in name:
        if name not in COMPILER:
            return f"<{name}> is neither of a layer nor one of the compiler's own (rule 2)"
        return None
    parts = name.split("/")
    if ".." in parts or not os.path.exists(os.path.join(root, "include", *parts)):
        return f"<{name}> is not a public header: it is not under include/ (rule 2)"
    target = parts[0]
    if target not in SEES[layer]:
        rule = 4 if target == "hal" and layer in ("fs", "net", "samples", "shell") else 1
        return f"<{name}>: {layer} may not include {target} (rule {rule})"
    if layer == target == "drivers" and len(parts) > 2:
        if parts[1] not in CLASSES and parts[1] != driver and \
                os.path.isdir(os.path.join(root, "drivers", parts[1])):
            return f"<{name}> belongs to the driver {parts[1]} (rule 3)"
    return None


def judge_private(root, path, name):
    _, _, public = place(path)
    if public:
        return f'"{name}": a public header needs nothing private (rule 2)'
    if "/" in name:
        return f'"{name}": a private header is not named by a path (rule 2)'
    if not os.path.exists(os.path.join(root, os.path.dirname(path), name)):
        return f'"{name}" is not in this folder (rule 2)'
    return None


def sources(root):
    """The C and assembler files of all layers, by name."""
    for top in sorted({"include", *SEES} - {"test"}):
        for folder, folders, files in os.walk(os.path.join(root, top)):
            folders.sort()
            for name in sorted(files):
                if name.endswith((".c", ".h", ".S")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def on_host(path):
    """Programs for the host use its C library, and are no part of a kernel."""
    return path.startswith((os.path.join("tests", "host"), os.path.join("tests", "fuzz")))


def check(root):
    """(violations, number of files looked at)."""
    violations, count = [], 0
    for path in sources(root):
        count += 1
        if place(path)[0] not in SEES:
            violations.append(f"{path}:1: include/{place(path)[0]} is not a layer (rule 2)")
            continue
        for number, public, private in includes(os.path.join(root, path)):
            if public and on_host(path) and public.split("/")[0] not in SEES:
                continue
            if public:
                fault = judge_public(root, path, public)
            elif private:
                fault = judge_private(root, path, private)
            else:
                fault = "a computed include cannot be judged (rule 2)"
            if fault:
                violations.append(f"{path}:{number}: {fault}")
    return violations, count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", nargs="?", default=".")
    violations, count = check(parser.parse_args().root)
    print(*violations, sep="\n", end="\n" if violations else "")
    print(f"layers: {count} files, {len(violations)} violations")
    return 1 if violations or not count else 0


if __name__ == "__main__":
    sys.exit(main())
