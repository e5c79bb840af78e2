# SPDX-License-Identifier: MIT
"""Rules that hold for the whole tree."""

import os
import re

from conftest import BUILD, TOP, run

SOURCES = (".c", ".h", ".S", ".py", ".mk", ".ld", ".sh")


def files():
    """What is in the tree: everything but what the build and git keep."""
    for folder, folders, names in os.walk(TOP):
        folders[:] = [name for name in folders
                      if name not in ("build", "__pycache__") and (not name.startswith(".")
                                                                   or name == ".ci")]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), TOP)


def test_layers():
    done = run([os.path.join(TOP, "tools", "checklayers.py")])
    assert done.returncode == 0, done.stdout


def test_each_source_names_its_licence():
    found = [name for name in files() if name.endswith(SOURCES)]
    assert len(found) > 50
    without = []
    for name in found:
        with open(os.path.join(TOP, name), encoding="utf-8") as source:
            if not any("SPDX-License-Identifier: MIT" in source.readline() for _ in range(2)):
                without.append(name)
    assert without == []


def unlisted(sources, listing):
    """Of the sources of which a build makes objects, those that mk/files.mk does not name."""
    named = set(re.findall(r"[\w/-]+\.o\b", "".join(
        line for line in listing.splitlines(True) if line.startswith("obj-"))))
    return sorted(name for name in sources if re.sub(r"\.[cS]$", ".o", name) not in named)


def test_each_source_is_in_a_build():
    """A suite whose line is forgotten would be a green run. hal/ and boot/ would not link."""
    with open(os.path.join(TOP, "mk", "files.mk"), encoding="utf-8") as text:
        listing = text.read()
    sources = [name for name in files() if re.match(
        r"(lib|kernel|drivers|fs|net|shell|samples|tests/(unit|fakes|bench|qemu))/.*\.[cS]$", name)]
    assert len(sources) > 200
    assert unlisted(sources, listing) == []
    suite = "tests/unit/test_wait"
    assert unlisted(sources, listing.replace(f"{suite}.o", "")) == [f"{suite}.c"]
    assert unlisted(sources, listing.replace("obj-$(CONFIG_KTEST) += " + suite,
                                             "# obj-y += " + suite)) == [f"{suite}.c"]


def test_what_a_build_depends_on_is_an_option():
    """An object with a name that is no option's would never be built."""
    with open(os.path.join(TOP, "mk", "files.mk"), encoding="utf-8") as text:
        asked = set(re.findall(r"CONFIG_(\w+)", re.sub("#.*", "", text.read())))
    options = set()
    for name in files():
        if os.path.basename(name) == "Kconfig":
            with open(os.path.join(TOP, name), encoding="utf-8") as text:
                options |= set(re.findall(r"^config (\w+)", text.read(), re.MULTILINE))
    assert len(options) > 20
    assert sorted(asked - options) == []


def test_objects_use_what_their_layer_may():
    done = run([os.path.join(TOP, "tools", "checksyms.py"), "objects",
                os.path.join(BUILD, "obj")])
    assert done.returncode == 0, done.stdout


def test_raw_accesses_say_why_they_are_sound_and_become_fewer_only():
    done = run([os.path.join(TOP, "tools", "checkraw.py"), "--record",
                os.path.join(TOP, "tests", "check", "raw_accesses.json")])
    assert done.returncode == 0, done.stdout


def test_public_headers_say_what_a_caller_must_know():
    done = run([os.path.join(TOP, "tools", "checkdocs.py")])
    assert done.returncode == 0, done.stdout
