# SPDX-License-Identifier: MIT
"""Fixtures: `machine` boots the built kernel, `board` calls tools/board."""

import os
import signal
import subprocess

import pytest

import harness


def pytest_configure(config):
    config.addinivalue_line("filterwarnings", "ignore:setDaemon")  # pexpect's


def pytest_sessionstart():
    # In the background of a shell it is ignored, and would be by all that the tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for path in (harness.ELF, harness.IMG, harness.QEMU_JSON):
        if not os.path.exists(path):
            pytest.exit(f"{path} is missing: run `make` first", returncode=2)


@pytest.fixture(autouse=True)
def hang_guard():
    """A test that waits for ever fails."""
    def expired(*_):
        pytest.fail("hangs")
    signal.signal(signal.SIGALRM, expired)
    signal.alarm(2 * harness.LIMIT)
    yield
    signal.alarm(0)


class Starter:
    """Starts machines, each in a folder of its own, and judges them when the test is over."""

    def __init__(self, folder):
        self.folder = folder
        self.machines = []

    def __call__(self, *, append="", image=None, extra=(), noise=None, second=None,
                 **changes):
        """Starts the built machine. changes: see harness.built. noise: all that QEMU may say
        against the guest, a regular expression for a line."""
        description = harness.built(**changes)
        description["kernel"] = image or harness.ELF
        options = ["-append", append] if append else []
        return self.start([*harness.machine.command(description, *options), *extra], noise,
                          second)

    def start(self, words, noise=None, second=None):
        run_dir = self.folder / f"machine{len(self.machines)}"
        run_dir.mkdir()
        started = harness.Machine(run_dir, words, noise, second)
        self.machines.append(started)
        return started

    def judge(self):
        ended = [(each, not each.close()) for each in self.machines]
        for each, is_ended in ended:
            assert each.judged or not is_ended, \
                f"the guest ended by itself with status {each.process.returncode}"
            assert each.complaints() == [], "QEMU complains of the guest"


@pytest.fixture
def machine(tmp_path):
    starter = Starter(tmp_path)
    yield starter
    starter.judge()


class BoardTool:
    """Calls tools/board on one run directory."""

    def __init__(self, run_dir):
        self.run_dir = str(run_dir)

    def words(self, *words):
        tool = os.path.join(harness.TOP, "tools", "board")
        return [tool, "--dir", self.run_dir, "--machine", harness.QEMU_JSON, *words]

    def __call__(self, *words, **options):
        """Runs one command to its end."""
        options = {"stdin": subprocess.DEVNULL, **options} if "input" not in options else options
        return subprocess.run(self.words(*words), capture_output=True, text=True,
                              timeout=harness.LIMIT, **options)


@pytest.fixture
def board(tmp_path):
    """board(run_dir) is a callable tools/board."""
    return lambda run_dir=tmp_path / "run": BoardTool(run_dir)
