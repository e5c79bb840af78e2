#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Check who includes whom: the layers of the tree, a line for each violation.

checklayers.py [ROOT]

    lib <- hal <- kernel <- drivers <- fs, net <- samples     boot -> hal     tests -> all

1. A layer includes only what lies left of it.
2. <layer/...> is public, lives under include/ and needs nothing private; "x_priv.h" and
   "x_regs.h" are private to their folder and never named by a path, and what they declare is
   used there alone.
3. A driver includes nothing of another driver; they meet in the header of their class.
4. fs, net, samples and shell do not see hal. Drivers and they do not use what is raw: hal's
   own names, the interrupt mask, assembly, linear addresses.
5. Only hal/ and boot/ know of an architecture: nowhere else does the preprocessor ask.
6. A .c file includes its own public header first, then <...> sorted, then private headers.
   What is not static is declared in a header, never in a .c file, and in one public header
   alone.
7. An attribute has its name in <lib/compiler.h>; elsewhere it is used by that.
8. A table of operations is const.
9. A line has at most 100 columns, tabs being 8 wide; so have those of scripts and makefiles.
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
CLASSES = {"amba", "base", "block", "gpio", "input", "leds", "net", "of", "rng", "tty"}

# The compiler's own headers. <stdatomic.h> is not among them: atomics are <lib/atomic.h>.
COMPILER = {"limits.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h"}

INCLUDE = re.compile(r"[ \t]*#[ \t]*include\b[ \t]*(.*)")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
NAME = re.compile(r'<([^>]+)>|"([^"]+)"')

# How a compiler or the configuration names a machine.
ARCH = re.compile(r"\b(?:__(?:arm|aarch64|thumb|x86_64|i386|riscv|ARM_)\w*|__LP64__|"
                  r"CONFIG_ARCH_\w+)")
CONDITION = re.compile(r"[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif)\b")

# Raw names, and who may use them all the same: {file: names}, each for the reason beside it.
RAW = re.compile(r"\b(?:hal_\w+|arch_local_irq_\w+|local_irq_\w+|irqs_disabled|virt_to_phys|"
                 r"phys_to_virt|asm|__asm|__asm__|__get_free_pages?|free_pages?|"
                 r"vmap_stack_\w+|isb|dsb|dmb|wfi|wfe|sev)\b(?=\s*(?:volatile\b\s*)?\()")
RAW_FOR = {
    # It prints before there is a map of registers, or a UART at all.
    "drivers/tty/earlycon.c": {"hal_early_io", "hal_semihost_putc"},
    # Its lock can be tried for by who holds it, which no lock of the kernel's can.
    "drivers/tty/serial_core.c": {"local_irq_save", "local_irq_restore"},
    # What a message between CPUs speaks of has to be there before it.
    "drivers/gic/gic_v2.c": {"dmb"},
}

FUNCTION = re.compile(r"^(?!static\b|typedef\b|return\b|else\b)[A-Za-z_][\w\s*]*?\**\b(\w+)\("
                      r"[^;{}#]*\)[^;{}()=#]*?([;{])", re.MULTILINE)
EXTERN = re.compile(r"^extern\b[^;]*?(\w+)(?:\[[^\]]*\])*[^;\w]*;", re.MULTILINE)
STATIC = re.compile(r"^static\b[^;={]*?\b(\w+)\(", re.MULTILINE)
ATTRIBUTE = re.compile(r"\b__attribute(?:__)?\b")
ATTRIBUTES_IN = ("include/lib/compiler.h", "include/lib/compiler-context-analysis.h")
OPS_TABLE = re.compile(r"^(?:static\s+)?struct\s+((?:\w+_)?(?:ops|operations)|irq_chip|"
                       r"of_device_id|amba_id|platform_device_id|clk_init_data)\s+"
                       r"(\w+)(?:\[\w*\])?\s*=", re.MULTILINE)

# Symbols of the linker script and of the compiler's run-time support.
LINKER = re.compile(r"_\w+")


COLUMNS = 100
WRITTEN = (".c", ".h", ".S", ".ld", ".py", ".sh", ".mk", ".dtsi", "Makefile", "Kconfig")
NOT_OURS = re.compile(r"build$|__pycache__$|\..")


def blank(match):
    return "\n" * match[0].count("\n")


def read(path):
    """The text of a file without its comments."""
    with open(path, encoding="utf-8") as source:
        return COMMENT.sub(blank, source.read())


def includes(text):
    """[(line number, public name or None, private name or None)]."""
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
    if not name.endswith(("_priv.h", "_regs.h")) and not path.startswith("tests" + os.sep):
        return f'"{name}": a private header is called x_priv.h or x_regs.h (rule 2)'
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


def judge_width(root):
    """The lines that are too long, of all that is written by hand but prose."""
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not NOT_OURS.match(name)]
        for name in files:
            path = os.path.relpath(os.path.join(folder, name), root)
            if not name.endswith(WRITTEN) and not path.startswith("tools" + os.sep):
                continue
            with open(os.path.join(root, path), encoding="utf-8") as file:
                for number, line in enumerate(file.read().expandtabs(8).split("\n"), 1):
                    if len(line) > COLUMNS:
                        yield path, number, f"{len(line)} columns, at most {COLUMNS} (rule 9)"


def on_host(path):
    """Programs for the host use its C library, and are no part of a kernel."""
    return path.startswith((os.path.join("tests", "host"), os.path.join("tests", "fuzz")))


def judge_order(path, found, text):
    """The first include that is out of its place, as (line number, fault) or None."""
    if not path.endswith(".c"):
        first = re.search(r"^(?!\s*#)\s*\S", text, re.MULTILINE)
        last = text.count("\n", 0, first.start()) + 1 if first else len(text)
        found = [include for include in found if include[0] <= last]
    public = [(number, name) for number, name, _ in found if name]
    private = [(number, name) for number, _, name in found if name]
    if public and private and public[-1][0] > private[0][0]:
        return public[-1][0], f"<{public[-1][1]}> comes before private headers (rule 6)"
    stem = os.path.splitext(os.path.basename(path))[0]
    names = [name for _, name in public]
    if path.endswith(".c"):
        layer = path.split(os.sep)[0]
        for number, name in public[1:]:
            if name.startswith(layer + "/") and name.split("/")[-1] == stem + ".h":
                return number, f"<{name}>: a file's own header comes first (rule 6)"
        if names != sorted(names):
            own = own_headers(path, text, public)
            public = public[own:]
    for before, after in list(zip(public, public[1:])) + list(zip(private, private[1:])):
        if before[1] > after[1]:
            return after[0], f"{after[1]} comes before {before[1]} (rule 6)"
    return None


def own_headers(path, text, public):
    """How many headers of the first paragraph are the file's own: it defines what they declare,
    or tests it."""
    defined, lines, count = {match[1] for match in FUNCTION.finditer(text)}, text.splitlines(), 0
    for number, name in public:
        if not path.startswith("tests" + os.sep) and not HEADERS.get(name, set()) & defined:
            break
        count += 1
        if number < len(lines) and not lines[number].strip():
            break
    return count


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def judge_text(path, text):
    """Faults that a file shows by itself, as (line number, fault)."""
    layer, _, public = place(path)
    for number, line in enumerate(text.splitlines(), 1):
        found = ARCH.search(line)
        if found and layer not in ("hal", "boot") and not on_host(path) and \
                (CONDITION.match(line) or "IS_ENABLED" in line or "defined" in line):
            yield number, f"{found[0]}: an architecture is known to hal and boot alone (rule 5)"
    code = STRING.sub('""', text)
    if path.replace(os.sep, "/") not in ATTRIBUTES_IN and not on_host(path):
        for match in ATTRIBUTE.finditer(code):
            yield line_of(code, match.start()), \
                "an attribute gets its name in <lib/compiler.h> (rule 7)"
    if not path.endswith(".c") or on_host(path):
        return
    if layer in ("drivers", "fs", "net", "shell", "samples"):
        for match in RAW.finditer(code):
            if match[0] not in RAW_FOR.get(path.replace(os.sep, "/"), ()):
                yield line_of(code, match.start()), f"{match[0]} is raw (rule 4)"
    for match in OPS_TABLE.finditer(code):
        yield line_of(code, match.start()), \
            f"struct {match[1]} {match[2]}: such a table is const (rule 8)"
    for match in FUNCTION.finditer(code):
        if match[2] == ";" and match[1].islower() and not LINKER.fullmatch(match[1]):
            yield line_of(code, match.start(1)), \
                f"{match[1]}() is declared in a .c file: that is a header's (rule 6)"
    for match in EXTERN.finditer(code):
        if not LINKER.fullmatch(match[1]):
            yield line_of(code, match.start()), \
                f"{match[1]} is declared in a .c file: that is a header's (rule 6)"


# What each public header declares, by the name it is included by.
HEADERS = {}

LOOKS_PRIVATE = re.compile(r"__\w+|\w+_locked|\w+_priv")


def declared(text):
    """The functions and variables that a header declares or defines."""
    names = {match[1] for match in FUNCTION.finditer(text)}
    names |= {match[1] for match in STATIC.finditer(text)}
    for match in EXTERN.finditer(text):
        names |= {part.split("[")[0].split()[-1].lstrip("*") for part in match[0][:-1].split(",")
                  if re.search(r"\w", part.split("[")[0])}
    return names | set(re.findall(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", text, re.MULTILINE))


def judge_names(texts):
    """Uses of names that are private to another folder, as (path, line number, fault)."""
    public, owners = set().union(*HEADERS.values()) if HEADERS else set(), {}
    for path, text in texts.items():
        if place(path)[2] or on_host(path) or place(path)[0] == "tests":
            continue
        folder = os.path.dirname(path)
        if path.endswith(".h"):
            for match in FUNCTION.finditer(text):
                owners.setdefault(match[1], folder)
            for name in declared(text) - public:
                if name in {match[1] for match in STATIC.finditer(text)} | \
                        {match[1] for match in EXTERN.finditer(text)}:
                    owners.setdefault(name, folder)
        else:
            for match in FUNCTION.finditer(text):
                if LOOKS_PRIVATE.fullmatch(match[1]):
                    owners.setdefault(match[1], folder)
    private = {name: folder for name, folder in owners.items() if name not in public}
    if not private:
        return
    used = re.compile(r"\b(" + "|".join(map(re.escape, sorted(private))) + r")\b(?=\s*\()")
    for path, text in texts.items():
        if on_host(path):
            continue
        own = {match[1] for match in STATIC.finditer(text)}
        for match in used.finditer(STRING.sub('""', text)):
            if os.path.dirname(path) != private[match[1]] and match[1] not in own:
                yield path, line_of(text, match.start()), \
                    f"{match[1]} is private to {private[match[1]]}/ (rule 2)"


def judge_homes(texts):
    """What a second public header declares, as (path, line number, fault)."""
    homes = {}
    for path, text in texts.items():
        if not place(path)[2]:
            continue
        for match in [m for m in FUNCTION.finditer(text) if m[2] == ";"] + \
                list(EXTERN.finditer(text)):
            home = homes.setdefault(match[1], path)
            if home != path:
                yield path, line_of(text, match.start(1)), \
                    f"{match[1]} is declared in {home} already (rule 6)"


def check(root):
    """(violations, number of files looked at)."""
    violations = []
    texts = {path: read(os.path.join(root, path)) for path in sources(root)}
    HEADERS.clear()
    for path, text in texts.items():
        if place(path)[2]:
            HEADERS["/".join(path.split(os.sep)[1:])] = declared(text)
    for path, text in texts.items():
        if place(path)[0] not in SEES:
            violations.append((path, 1, f"include/{place(path)[0]} is not a layer (rule 2)"))
            continue
        found = includes(text)
        for number, public, private in found:
            if public and on_host(path) and public.split("/")[0] not in SEES:
                continue
            if public:
                fault = judge_public(root, path, public)
            elif private:
                fault = judge_private(root, path, private)
            else:
                fault = "a computed include cannot be judged (rule 2)"
            if fault:
                violations.append((path, number, fault))
        if not path.endswith(".S"):
            if not on_host(path):
                order = judge_order(path, found, text)
                if order:
                    violations.append((path, *order))
            violations += [(path, *fault) for fault in judge_text(path, text)]
    violations += judge_names(texts)
    violations += judge_homes(texts)
    violations += judge_width(root)
    return [f"{path}:{number}: {fault}" for path, number, fault in sorted(violations)], len(texts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", nargs="?", default=".")
    violations, count = check(parser.parse_args().root)
    print(*violations, sep="\n", end="\n" if violations else "")
    print(f"layers: {count} files, {len(violations)} violations")
    return 1 if violations or not count else 0


if __name__ == "__main__":
    sys.exit(main())
