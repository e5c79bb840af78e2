# SPDX-License-Identifier: MIT
"""Rules that hold for the whole tree."""

import os

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
