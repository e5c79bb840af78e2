#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Turn the configuration into what the build reads.

genconfig.py defconfig --out build/.config configs/x_defconfig [fragment...]
    Writes a complete .config. One that somebody edited is kept unless --force.
genconfig.py generate --config build/.config --out build
    Writes config.h (CONFIG_* macros), config.mk (the same for make, and the
    compiler flags that follow from them) and machine.json (the QEMU machine).

The Kconfig files decide what may be said. A malformed line, an unknown option
or architecture, or two answers that contradict each other end with one line
per fault on stderr, a status of 1 and no output file. Each file is replaced
in one step and only if its content changes; config.mk's time is always
refreshed, so that make knows when the others were last looked at.

Everything is compiled with config.h, and not everything is to be compiled anew for one option.
So when options change, what was made from a file that names one of them is removed, and
config.h keeps its time: to make it is as it was, for all that is left. What was made from
which files the compiler's .d files say; an object of which none does is removed, too. Without
a config.h to compare with all is made anew.
"""

import argparse
import hashlib
import json
import os
import re
import sys

try:
    import kconfiglib
except ImportError:
    sys.exit("python3-kconfiglib is missing: run `make setup`")

# What each architecture under hal/ is compiled for: clang's name of the target, then flags.
ARCHES = {
    "armv7a": ("arm-none-eabi", "-march=armv7-a -mthumb -mfloat-abi=soft"),
}

OPTIMIZE = {
    "OPTIMIZE_SIZE": "-Os",
    "OPTIMIZE_SPEED": "-O2",
    "OPTIMIZE_DEBUG": "-Og",
}

OUTPUTS = ("config.h", "config.mk", "machine.json")

# A comment says nothing to the compiler; a string may have what looks like one.
COMMENT = re.compile(r"""/\*.*?\*/|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)')""", re.DOTALL)
OPTION = re.compile(r"\bCONFIG_(\w+)")
PASTED = re.compile(r"\bCONFIG_\w*\s*##|##\s*CONFIG_")

SET = re.compile(r"CONFIG_(\w+)=(.*)")
UNSET = re.compile(r"# CONFIG_(\w+) is not set")
MARK = re.compile(r"# As (\S+) says: ([0-9a-f]{16})\n")


class ConfigError(Exception):
    """One or more faults in a configuration, a line each."""


def write_if_changed(path, text, time_ns=None):
    """Replace path in one step, unless it holds text already; with that time, if one is given."""
    try:
        with open(path, encoding="utf-8") as old:
            if old.read() == text:
                return
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    temporary = f"{path}.{os.getpid()}"
    try:
        with open(temporary, "w", encoding="utf-8") as new:
            new.write(text)
        if time_ns is not None:
            os.utime(temporary, ns=(time_ns, time_ns))
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def assignments(path, kconf):
    """The options that path sets, as {name: (value, line number)}.

    kconfiglib accepts much that is a slip of the pen (=yes is y, a malformed
    line is a warning), so the form of each line is judged here.
    """
    found, faults = {}, []
    with open(path, encoding="utf-8") as config:
        lines = config.read().splitlines()
    for number, line in enumerate(lines, 1):
        where = f"{path}:{number}"
        match = SET.fullmatch(line.rstrip())
        off = UNSET.fullmatch(line.rstrip())
        if not match and not off:
            if line.strip() and not line.startswith("#"):
                faults.append(f"{where}: malformed line: {line}")
            continue
        name, value = match.groups() if match else (off[1], "n")
        symbol = kconf.syms.get(name)
        if not symbol or not symbol.nodes:
            if off:
                continue    # an option that is no more, and off, is as wanted
            what = "architecture" if name.startswith("ARCH_") else "option"
            faults.append(f"{where}: unknown {what} CONFIG_{name}")
            continue
        if name in found:
            faults.append(f"{where}: CONFIG_{name} is set a second time, "
                          f"first in line {found[name][1]}")
        forms = {
            kconfiglib.BOOL: "[yn]",
            kconfiglib.INT: "-?[0-9]+",
            kconfiglib.HEX: "0[xX][0-9a-fA-F]+",
            kconfiglib.STRING: r'"([^"\\]|\\.)*"',
        }
        if not re.fullmatch(forms[symbol.orig_type], value) and not (
                off and symbol.orig_type != kconfiglib.BOOL):
            kind = kconfiglib.TYPE_TO_STR[symbol.orig_type]
            faults.append(f"{where}: CONFIG_{name}={value}: not a value of type {kind}")
        found[name] = (value, number)
    if faults:
        raise ConfigError("\n".join(faults))
    return found


def rendered(symbol):
    """The symbol's final value as a .config file spells it."""
    if symbol.orig_type == kconfiglib.STRING:
        return f'"{kconfiglib.escape(symbol.str_value)}"'
    return symbol.str_value


def contradiction(symbol):
    """Why symbol does not have the value that was asked for."""
    if symbol.name == "ARCH":
        return f"unknown architecture, known: {', '.join(sorted(ARCHES))}"
    if kconfiglib.expr_value(symbol.direct_dep) == 0:
        return f"needs {kconfiglib.expr_str(symbol.direct_dep)}"
    for low, high, condition in symbol.ranges:
        if kconfiglib.expr_value(condition):
            when = kconfiglib.expr_str(condition)
            when = "" if when == "y" else f" with {when}"
            return f"must be in {low.str_value}..{high.str_value}{when}"
    return f"contradicts the other options, which make it {rendered(symbol)}"


def load(kconfig, paths):
    """Read the Kconfig tree and the files, a later one overriding an earlier."""
    try:
        kconf = kconfiglib.Kconfig(kconfig, warn_to_stderr=False)
    except kconfiglib.KconfigError as error:
        raise ConfigError(str(error).strip()) from error
    asked = {}
    for path in paths:
        for name, (value, number) in assignments(path, kconf).items():
            asked[name] = (value, f"{path}:{number}")
    # Symbols go in by hand: load_config would warn of a fragment's overrides.
    for name, (value, _) in asked.items():
        symbol = kconf.syms[name]
        if symbol.orig_type == kconfiglib.STRING:
            value = kconfiglib.unescape(value[1:-1])
        if symbol.choice and value == "n":
            continue    # which member of a choice is on says it all
        if any(node.prompt for node in symbol.nodes):
            symbol.set_value(value)
    faults = []
    for name, (value, where) in asked.items():
        symbol = kconf.syms[name]
        if symbol.choice and value == "n":
            continue
        if same(symbol, value):
            continue
        faults.append(f"{where}: CONFIG_{name}={value}: {contradiction(symbol)}")
    if kconf.syms["ARCH"].str_value not in ARCHES:
        faults.append(f"{paths[-1]}: unknown architecture '{kconf.syms['ARCH'].str_value}'")
    if kconf.warnings and not faults:
        faults += kconf.warnings
    if faults:
        raise ConfigError("\n".join(faults))
    return kconf


def same(symbol, value):
    """Is value, as written in a file, what symbol came to be?"""
    if symbol.orig_type == kconfiglib.HEX:
        return symbol.str_value != "" and int(symbol.str_value, 16) == int(value, 16)
    return rendered(symbol) == value


def options(kconf):
    """The options that have a value, in the order of the Kconfig files."""
    return [s for s in kconf.unique_defined_syms if s.str_value != "" and
            not (s.orig_type == kconfiglib.BOOL and s.str_value == "n")]


def config_text(kconf):
    """All options as a .config file."""
    lines = []
    for symbol in kconf.unique_defined_syms:
        if symbol.orig_type == kconfiglib.BOOL and symbol.str_value == "n":
            lines.append(f"# CONFIG_{symbol.name} is not set\n")
        elif symbol.str_value != "":
            lines.append(f"CONFIG_{symbol.name}={rendered(symbol)}\n")
    return "".join(lines)


def header_text(kconf):
    lines = ["/* Made by tools/genconfig.py from .config. */\n"]
    for symbol in options(kconf):
        value = "1" if symbol.orig_type == kconfiglib.BOOL else rendered(symbol)
        lines.append(f"#define CONFIG_{symbol.name} {value}\n")
    return "".join(lines)


def make_text(kconf):
    lines = ["# Made by tools/genconfig.py from .config.\n"]
    for symbol in options(kconf):
        value = symbol.str_value.replace("$", "$$").replace("#", "\\#")
        lines.append(f"CONFIG_{symbol.name} := {value}\n")
    target, flags = ARCHES[kconf.syms["ARCH"].str_value]
    optimize = [flag for name, flag in OPTIMIZE.items() if kconf.syms[name].str_value == "y"]
    lines.append(f"ARCH_TARGET := {target}\n")
    lines.append(f"ARCH_CFLAGS := {flags}\n")
    lines.append(f"OPT_CFLAGS := {optimize[0]}\n")
    return "".join(lines)


def machine_text(kconf, out):
    """The QEMU machine before CPU=, SMP= and MEM= of the command line."""
    value = {name: kconf.syms[f"QEMU_{name}"].str_value
             for name in ("MACHINE", "CPU", "SMP", "MEM")}
    machine = {
        "qemu": "qemu-system-arm",
        "machine": value["MACHINE"],
        "cpu": value["CPU"],
        "smp": int(value["SMP"]),
        "mem": value["MEM"],
        "kernel": os.path.join(out, "nocla.elf"),
    }
    return json.dumps(machine, indent=1) + "\n"


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def untouched(path, origin):
    """Was path made from origin, and is it still as it was made?"""
    with open(path, encoding="utf-8") as config:
        mark, body = config.readline(), config.read()
    match = MARK.fullmatch(mark)
    return bool(match) and match[1] == origin and match[2] == digest(body)


def cmd_defconfig(args):
    origin = "+".join(os.path.basename(path) for path in args.files)
    if os.path.exists(args.out) and not args.force and not untouched(args.out, origin):
        os.utime(args.out)
        return
    body = config_text(load(args.kconfig, args.files))
    write_if_changed(args.out, f"# As {origin} says: {digest(body)}\n{body}")
    os.utime(args.out)


def defined(text):
    """The options of a config.h."""
    return {line.split()[1]: line for line in text.splitlines() if line.startswith("#define ")}


def prerequisites(path):
    """(target, [what it was made from]) of a .d file; the rules behind the first are empty."""
    with open(path, encoding="utf-8") as depends:
        rule = depends.read().replace("\\\n", " ").split("\n", 1)[0]
    target, _, words = rule.partition(":")
    return os.path.normpath(target.strip()), [os.path.normpath(word) for word in words.split()]


def files_below(out, ending):
    """The files of this build, not those of another one in a folder below."""
    for folder, folders, names in os.walk(out):
        folders[:] = [name for name in folders
                      if not os.path.exists(os.path.join(folder, name, ".config"))]
        yield from (os.path.join(folder, name) for name in names if name.endswith(ending))


def names_any(path, options, known):
    """Does the file name one of the options? Words that are pasted may be any."""
    if path not in known:
        try:
            with open(path, encoding="utf-8", errors="replace") as source:
                code = COMMENT.sub(lambda match: match[1] or " ", source.read())
        except FileNotFoundError:
            code = ""           # what was made from it is made anew anyhow
        known[path] = None if PASTED.search(code) else set(OPTION.findall(code))
    return known[path] is None or bool(known[path] & options)


def remove_dependents(out, options):
    """Remove what was compiled with config.h from a file that names one of the options."""
    known, told = {}, set()
    header = os.path.normpath(os.path.join(out, "config.h"))
    for path in files_below(out, ".d"):
        target, sources = prerequisites(path)
        told.add(target)
        if header in sources and os.path.exists(target) and \
                any(names_any(source, options, known) for source in sources if source != header):
            os.unlink(target)
    for path in files_below(out, ".o"):
        if os.path.normpath(path) not in told:
            os.unlink(path)


def write_header(out, text):
    """config.h; what its options' changes concern goes first, so that it cannot outlive them."""
    path = os.path.join(out, "config.h")
    try:
        with open(path, encoding="utf-8") as header:
            old = header.read()
        time_ns = os.stat(path).st_mtime_ns
    except FileNotFoundError:
        write_if_changed(path, text)
        return
    was, now = defined(old), defined(text)
    changed = {name[len("CONFIG_"):] for name in was.keys() | now.keys()
               if was.get(name) != now.get(name)}
    remove_dependents(out, changed)
    write_if_changed(path, text, time_ns)


def cmd_generate(args):
    try:
        kconf = load(args.kconfig, [args.config])
        texts = (header_text(kconf), make_text(kconf), machine_text(kconf, args.out))
    except BaseException:
        for name in OUTPUTS:
            path = os.path.join(args.out, name)
            if os.path.exists(path):
                os.unlink(path)
        raise
    write_header(args.out, texts[0])
    for name, text in zip(OUTPUTS[1:], texts[1:]):
        write_if_changed(os.path.join(args.out, name), text)
    os.utime(os.path.join(args.out, "config.mk"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kconfig", default="Kconfig", help="the root Kconfig file")
    commands = parser.add_subparsers(dest="command", required=True)
    defconfig = commands.add_parser("defconfig", help="make a .config")
    defconfig.add_argument("--out", required=True)
    defconfig.add_argument("--force", action="store_true", help="even over an edited one")
    defconfig.add_argument("files", nargs="+")
    generate = commands.add_parser("generate", help="make config.h, config.mk, machine.json")
    generate.add_argument("--config", required=True)
    generate.add_argument("--out", required=True)
    args = parser.parse_args()
    try:
        {"defconfig": cmd_defconfig, "generate": cmd_generate}[args.command](args)
    except (ConfigError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
