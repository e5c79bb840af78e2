# SPDX-License-Identifier: MIT
"""tools/board on a running machine: pins, watch, several at once, nobody there.

The built machine has the button sample: a rise of pin 5 toggles output pin 2, so each rise
that the guest has seen shows on the other side as one change.
"""

import os
import re
import signal
import socket
import subprocess

import pytest

from harness import ANSWER_LIMIT, LIMIT, button_counts as counts, link

LINE = re.compile(r"\d\d:\d\d:\d\d\.\d{6} pin 2 (high|low)\n")


class Watcher:
    """`board watch` in the background. `error` is its first line on stderr."""

    def __init__(self, board):
        self.process = subprocess.Popen(board.words("watch"), text=True, bufsize=1,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.error = self.process.stderr.readline()

    def next(self):
        """`high` or `low`: what pin 2 became."""
        return LINE.fullmatch(self.process.stdout.readline())[1]

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self.process.wait(LIMIT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def booted(machine):
    running = machine()
    running.boot()
    return running


@pytest.fixture
def tool(booted, board):
    return board(booted.dir)


def done(result):
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def refused(result, text, status=1):
    """One line that says why."""
    assert result.returncode == status
    assert result.stdout == ""
    assert text in result.stderr and result.stderr.count("\n") == 1


def test_answers_within_two_seconds():
    assert ANSWER_LIMIT < 2


def test_pulse_is_one_rise(booted, tool):
    done(tool("pin", "5", "pulse"))
    assert counts(booted)[0] == 1


def test_high_and_low_are_kept(booted, tool):
    for level, rises in (("high", 1), ("high", 1), ("low", 1), ("low", 1), ("high", 2)):
        done(tool("pin", "5", level))
        assert counts(booted)[0] == rises


def test_an_output_cannot_be_driven(booted, tool):
    refused(tool("pin", "2", "high"), "pin 2 is an output")


@pytest.mark.parametrize("words", [
    [], ["frob"], ["pin"], ["pin", "5"], ["pin", "8", "high"], ["pin", "-1", "high"],
    ["pin", "5", "up"], ["pin", "5", "high", "now"], ["pin", "five", "high"], ["button", "now"],
    ["pin", "05", "high"], ["run", "fast"], ["--frob"],
])
def test_wrong_use_is_one_line(board, words):
    refused(board()(*words), "board: ", status=2)


@pytest.mark.parametrize("words", [["pin", "5", "high"], ["watch"], ["button"], ["quit"]])
def test_no_machine(board, tmp_path, words):
    refused(board()(*words), "no machine runs in")
    (tmp_path / "run").mkdir()
    refused(board()(*words), "no machine runs in")


def test_sockets_of_a_killed_machine(booted, tool):
    booted.close()
    assert os.path.exists(booted.qmp_path)
    booted.judged = True
    refused(tool("pin", "5", "high"), "no machine runs in")


def test_watch_reports_each_change(booted, tool):
    with Watcher(tool) as watcher:
        assert "watching the PL061 at 0x9030000" in watcher.error
        for expected in ("high", "low", "high"):
            done(tool("pin", "5", "pulse"))
            assert watcher.next() == expected
        assert watcher.end() == 0


def test_watch_reports_the_fall_of_a_pin_that_was_high_before(booted, tool):
    """QEMU itself would not: it reports against what it last told this client."""
    done(tool("pin", "5", "pulse"))
    assert counts(booted) == (1, 1, 1)
    for seen in (["low", "high"], ["low", "high", "low"], ["high"]):
        with Watcher(tool) as watcher:
            for expected in seen:
                done(tool("pin", "5", "pulse"))
                assert watcher.next() == expected
            watcher.end()


def test_two_watches_see_the_same(booted, tool):
    with Watcher(tool) as first, Watcher(tool) as second:
        assert "beside another watch" in second.error
        for expected in ("high", "low"):
            done(tool("pin", "5", "pulse"))
            assert (first.next(), second.next()) == (expected, expected)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_second_watch_takes_over(booted, tool, number):
    with Watcher(tool) as first, Watcher(tool) as second:
        first.end(number)
        assert "watching the PL061" in second.process.stderr.readline()
        done(tool("pin", "5", "pulse"))
        assert second.next() == "high"


def test_commands_after_a_killed_watch(booted, tool):
    with Watcher(tool) as watcher:
        watcher.end(signal.SIGKILL)
    assert os.path.exists(os.path.join(booted.dir, "board.sock"))
    done(tool("pin", "5", "pulse"))
    assert counts(booted)[0] == 1


@pytest.mark.parametrize("watching", [False, True])
def test_many_at_once(booted, tool, watching):
    """None of them is lost between two processes."""
    pins = [0, 1, 4, 5, 6, 7]
    watcher = Watcher(tool) if watching else None
    processes = [subprocess.Popen(tool.words("pin", str(pin), "high")) for pin in pins]
    assert [process.wait(LIMIT) for process in processes] == [0] * len(pins)
    if watcher:
        with watcher:
            assert watcher.next() == "high"
            watcher.end()
    assert counts(booted) == (1, 1, 1)
    assert booted.pins.read(link.GPIODATA_ALL) == sum(1 << pin for pin in (*pins, 2))


def test_a_stopped_owner_is_busy(booted, tool):
    with Watcher(tool) as watcher:
        watcher.process.send_signal(signal.SIGSTOP)
        refused(tool("pin", "5", "high"), "is busy")


def test_a_silent_client_does_not_stop_the_owner(booted, tool):
    with Watcher(tool) as watcher, socket.socket(socket.AF_UNIX) as silent:
        silent.connect(os.path.join(booted.dir, "board.sock"))
        done(tool("pin", "5", "pulse"))
        assert watcher.next() == "high"


@pytest.mark.parametrize("line", [b"\n", b"frob\n", b"pin 9 high\n", b"\xff\n", b"watch 1\n"])
def test_the_owner_refuses_a_wrong_request(booted, tool, line):
    with Watcher(tool) as watcher:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(LIMIT)
            client.connect(os.path.join(booted.dir, "board.sock"))
            client.sendall(line)
            answer = client.makefile().read()
        assert answer.startswith("board\nerror: ") and answer.count("\n") == 2
        done(tool("pin", "5", "pulse"))
        assert watcher.next() == "high"


@pytest.mark.parametrize("waiting", [1, 3])
def test_busy_socket(booted, tool, waiting):
    """Another client holds qtest; more of them wait in the queue of the socket."""
    booted.pins
    others = [socket.socket(socket.AF_UNIX) for _ in range(waiting - 1)]
    for other in others:
        other.connect(booted.qtest_path)
    booted.qmp.lines.close()
    refused(tool("pin", "5", "pulse"), "qtest.sock is busy")
    refused(tool("watch"), "qtest.sock is busy")
    for other in others:
        other.close()
    booted.pins.qtest.lines.close()
    done(tool("pin", "5", "pulse"))
    assert counts(booted)[0] == 1  # the refused pulse was not carried out later


def test_busy_qmp(booted, tool):
    booted.qmp.command("query-status")
    refused(tool("button"), "qmp.sock is busy")


def test_any_client_may_connect_when_no_board_runs(booted, tool):
    done(tool("pin", "5", "pulse"))
    with Watcher(tool) as watcher:
        watcher.end()
    assert counts(booted) == (1, 1, 1)
    assert booted.qmp.command("query-status")["running"]
    assert booted.pins.outputs() == {2: True}


def test_button(booted, tool):
    done(tool("button"))
    booted.ended(status=0)


def test_reset(booted, tool):
    done(tool("reset"))
    booted.boot()


def test_quit_ends_the_watch(booted, tool):
    with Watcher(tool) as watcher:
        done(tool("quit"))
        booted.ended(status=0)
        out, error = watcher.process.communicate(timeout=LIMIT)
        assert (out, error, watcher.process.returncode) == ("", "board: the machine ended\n", 0)
