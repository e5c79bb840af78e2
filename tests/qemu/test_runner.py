# SPDX-License-Identifier: MIT
"""`board run`, which is `make run`: pipe, terminal, lock, status."""

import contextlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time

import pexpect
import pytest

import harness
from harness import LIMIT, PROMPT


@pytest.fixture
def tool(board):
    return board()


def last_line(result):
    return result.stderr.splitlines()[-1]


def wait_for(path):
    deadline = time.monotonic() + LIMIT
    while not os.path.exists(path):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def start(tool, **options):
    """`board run` whose guest has shown its prompt."""
    process = subprocess.Popen(tool.words("run"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, **options)
    seen = b""
    while not seen.endswith(PROMPT.encode()):
        data = os.read(process.stdout.fileno(), 4096)
        assert data, seen
        seen += data
    return process


def test_poweroff_ends_with_status_0(tool):
    result = tool("run", input="version\npoweroff\n")
    assert result.returncode == 0
    assert "nocla 0" in result.stdout
    assert result.stderr == ""


def test_a_panic_ends_with_the_guests_status_in_the_last_line(tool):
    result = tool("run", input="panic\n")
    assert result.returncode == 1
    assert last_line(result) == "board: the guest ended with status 1"


@pytest.mark.parametrize("text", ["", "version\n", "version"])
def test_end_of_input_presses_the_power_button(tool, text):
    result = tool("run", input=text)
    assert result.returncode == 0
    assert text.strip() in result.stdout
    assert result.stderr == "board: end of input: pressed the power button\n"


def test_closed_input_is_the_end_of_input(tool):
    result = tool("run")  # /dev/null
    assert result.returncode == 0
    assert PROMPT in result.stdout


def test_64_kib_pasted_lose_nothing(tool):
    """No line is long, and the guest answers each, so nothing but the UART holds them back."""
    lines = [f"x{number}" for number in range(10000)]
    text = "\n".join(lines + [250 * " "] * 31) + "\ntty\npoweroff\n"
    assert len(text) >= 1 << 16
    result = tool("run", input=text)
    assert result.returncode == 0
    answers = [line for line in result.stdout.replace("\r", "").splitlines()
               if "unknown command" in line]
    assert [answer.split(":")[0] for answer in answers] == lines
    counts = re.search("^ttyAMA0: .* rx:(.*) tx:.* oe:(.*) pe:.* buf:(.*?) ", result.stdout, re.M)
    assert int(counts[1]) >= 1 << 16 and counts.groups()[1:] == ("0", "0")


# `board` with its limits for a guest that is silent and does not power off, in seconds.
HASTY = """
import runpy, sys
board, limit, *sys.argv[1:] = sys.argv[1:]
sys.path.insert(0, board.rpartition("/")[0])
from boardlib import runner
runner.QUIET_ELSEWHERE = runner.POWER_OFF_LIMIT = float(limit)
runpy.run_path(board, run_name="__main__")
"""


def test_a_guest_without_power_off_is_killed(tool):
    """A machine that stands still from the start."""
    board_tool, *arguments = tool.words("run")
    process = subprocess.run([sys.executable, "-c", HASTY, board_tool, "1", *arguments],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             timeout=LIMIT, env={**os.environ, "QEMU_EXTRA": "-S"})
    assert process.returncode == 1
    assert process.stderr == "board: end of input: no power-off within 1 s, killed\n"


def test_second_run_is_refused(tool):
    process = start(tool)
    result = tool("run", input="poweroff\n")
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == f"board: a machine already runs in {os.path.relpath(tool.run_dir)}\n"
    assert process.communicate(b"poweroff\n", LIMIT)[0].count(b"poweroff") >= 1
    assert process.returncode == 0
    assert tool("run", input="poweroff\n").returncode == 0


def test_sockets_are_there_while_it_runs_and_gone_after(tool):
    process = start(tool)
    assert tool("pin", "5", "pulse").returncode == 0
    assert tool("quit").returncode == 0
    assert process.wait(LIMIT) == 0
    assert sorted(os.listdir(tool.run_dir)) == ["board.lock", "run.lock"]


def test_a_killed_runner_takes_qemu_with_it(tool):
    process = start(tool)
    process.kill()
    process.communicate(timeout=LIMIT)
    result = tool("run", input="poweroff\n")
    deadline = time.monotonic() + LIMIT
    while result.returncode and time.monotonic() < deadline:  # until QEMU has gone
        result = tool("run", input="poweroff\n")
    assert result.returncode == 0


def test_terminated_runner_takes_qemu_with_it(tool):
    process = start(tool)
    process.terminate()
    assert process.wait(LIMIT) == 128 + signal.SIGTERM
    assert tool("run", input="poweroff\n").returncode == 0


def test_output_that_nobody_reads_ends_the_run(tool):
    process = subprocess.Popen(tool.words("run"), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdout.close()
    assert process.wait(LIMIT) == 1
    process.stdin.close()


def test_qemu_extra(tool):
    environment = {**os.environ, "QEMU_EXTRA": "-name 'two words' -frob"}
    result = tool("run", env=environment)
    assert "-frob" in result.stderr
    assert last_line(result) == "board: QEMU did not start: status 1"
    assert result.returncode == 1


def test_malformed_qemu_extra(tool):
    result = tool("run", env={**os.environ, "QEMU_EXTRA": "'"})
    assert result.returncode == 1
    assert result.stderr == "board: QEMU_EXTRA: No closing quotation\n"


def description(tmp_path, **changes):
    path = tmp_path / "qemu.json"
    path.write_text(json.dumps({**harness.built(), **changes}))
    return str(path)


def test_missing_qemu_says_make_setup(tool, tmp_path):
    result = tool("--machine", description(tmp_path, qemu="qemu-system-none"), "run")
    assert result.returncode == 1
    assert result.stderr == "board: qemu-system-none is missing: run `make setup`\n"


def test_missing_kernel_says_make(tool, tmp_path):
    for path in (description(tmp_path, kernel="none.elf"), str(tmp_path / "none.json")):
        result = tool("--machine", path, "run")
        assert result.returncode == 1
        assert "is missing: run `make` first" in result.stderr


class Terminal:
    """`board run` between two looks at the state of its terminal."""

    def __init__(self, tool):
        script = f"stty -g; {shlex.join(tool.words('run'))}; echo status=$?; stty -g"
        self.spawn = pexpect.spawn("sh", ["-c", script], timeout=LIMIT, encoding="utf-8")
        self.before = self.spawn.readline()
        self.spawn.expect_exact(PROMPT)

    def ended(self):
        """The status, after the terminal was found as it had been."""
        self.spawn.expect(r"status=(\d+)\r\n")
        status = int(self.spawn.match[1])
        assert self.spawn.readline() == self.before
        return status


def test_terminal_control_c_reaches_the_shell(tool):
    terminal = Terminal(tool)
    terminal.spawn.send("frob\x03")
    terminal.spawn.expect_exact(PROMPT)
    terminal.spawn.send("poweroff\r")
    assert terminal.ended() == 0


def test_terminal_control_a_x_quits(tool):
    terminal = Terminal(tool)
    terminal.spawn.send("\x01x")
    assert terminal.ended() == 0


def test_terminal_is_put_back_after_a_panic(tool):
    terminal = Terminal(tool)
    terminal.spawn.send("panic\r")
    terminal.spawn.expect_exact("board: the guest ended with status 1")
    assert terminal.ended() == 1


def qemu_of(tool):
    """The process id of the QEMU that holds the run directory's lock."""
    lock = os.stat(os.path.join(tool.run_dir, "run.lock"))
    holders = [pid for pid in os.listdir("/proc") if pid.isdigit() and holds(pid, lock)]
    return next(int(pid) for pid in holders if "-qtest" in
                open(f"/proc/{pid}/cmdline", encoding="utf-8").read().split("\0"))


def holds(pid, file):
    with contextlib.suppress(OSError):
        return any(os.path.samestat(os.stat(entry.path), file)
                   for entry in os.scandir(f"/proc/{pid}/fd"))
    return False


def test_terminal_is_put_back_after_qemu_was_killed(tool):
    terminal = Terminal(tool)
    os.kill(qemu_of(tool), signal.SIGKILL)
    terminal.spawn.expect_exact("board: QEMU was killed by signal 9")
    assert terminal.ended() == 128 + signal.SIGKILL


def test_a_terminated_qemu_is_no_success(tool):
    process = start(tool)
    os.kill(qemu_of(tool), signal.SIGTERM)
    assert process.wait(LIMIT) == 1
    assert process.stderr.read().endswith(b"board: the machine was ended by a signal\n")
