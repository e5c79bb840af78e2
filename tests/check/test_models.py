# SPDX-License-Identifier: MIT
"""The models of what several CPUs do to one another, tests/models/*.pml, hold in every order.

spin goes through all states of each: its assertions and that nothing hangs, and then each of its
`ltl` properties, for machines on which each CPU goes on at some time (weak fairness). A model says
in its comment, in lines `broken: NAME=VALUE  what is wrong`, how it can be broken: each of these
has to be found, or the model would not see what it is there for. For the properties LTL is
defined: their search takes several times as long, and a model may be smaller then.
"""

import glob
import os
import re
import subprocess

import pytest

from conftest import LIMIT, TOP

MODELS = sorted(glob.glob(os.path.join(TOP, "tests", "models", "*.pml")))
ERRORS = re.compile(r"errors: (\d+)")
DEPTH = 2_000_000  # steps of one run; spin says so when it is not enough


def text(model):
    with open(model, encoding="utf-8") as file:
        return file.read()


def broken(model):
    return re.findall(r"^ \* broken: (\w+=\w+)\s", text(model), re.M)


def properties(model):
    """None is what spin looks for without one."""
    return [None, *re.findall(r"^ltl (\w+)", text(model), re.M)]


def run(words, folder):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=LIMIT,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def errors(model, folder, wanted=None, define=None):
    """How many spin finds, and what it says."""
    defines = [*(["LTL"] if wanted else []), *([define] if define else [])]
    run(["spin", *(f"-D{name}" for name in defines), "-a", model], folder)
    kind = ["-DNFAIR=4"] if wanted else ["-DSAFETY", "-DNOCLAIM"]
    run(["cc", "-O1", "-w", "-DCOLLAPSE", "-DVECTORSZ=2048", *kind, "-o", "pan", "pan.c"], folder)
    how = ["-a", "-f", "-N", wanted] if wanted else []
    said = run(["./pan", f"-m{DEPTH}", *how], folder)
    assert "max search depth too small" not in said, said
    return int(ERRORS.search(said)[1]), said


@pytest.mark.parametrize("model, wanted", [(model, wanted) for model in MODELS
                                           for wanted in properties(model)],
                         ids=lambda value: os.path.basename(value) if value else "safety")
def test_a_model_holds(tmp_path, model, wanted):
    found, said = errors(model, tmp_path, wanted)
    assert not found, said


@pytest.mark.parametrize("model, define", [(model, define) for model in MODELS
                                           for define in broken(model)],
                         ids=os.path.basename)
def test_a_broken_model_does_not(tmp_path, model, define):
    """By one of its properties."""
    assert any(errors(model, tmp_path, wanted, define)[0] for wanted in properties(model))


def test_each_model_can_be_broken():
    assert MODELS and all(broken(model) for model in MODELS)
