# SPDX-License-Identifier: MIT
"""What `make check` looks at: the tree, and what `make` has built of it."""

import os
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("NOCLA_BUILD", os.path.join(TOP, "build"))
LIMIT = 600  # seconds before something is a hang


def public_headers():
    """Every public header, as it is included."""
    include = os.path.join(TOP, "include")
    return sorted(os.path.relpath(os.path.join(folder, name), include)
                  for folder, _, names in os.walk(include) for name in names
                  if name.endswith(".h"))


def run(words, **options):
    return subprocess.run(words, capture_output=True, text=True, timeout=LIMIT, cwd=TOP,
                          **options)


@pytest.fixture(scope="session")
def make():
    """make(CONFIG, targets...) in that configuration's folder below the build's."""
    def call(config, *words, top=TOP, build=BUILD):
        return subprocess.run(
            ["make", "-C", top, "-j2", f"CONFIG={config}", f"O={os.path.join(build, config)}",
             *words], capture_output=True, text=True, timeout=LIMIT)
    return call
