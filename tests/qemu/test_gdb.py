# SPDX-License-Identifier: MIT
"""tools/gdb/nocla.py on a machine through QEMU's gdb stub, also where there is little to see."""

import os
import re

import pytest

import gdb
import harness

pytestmark = gdb.needed

COMMANDS = ["nocla-tasks", "nocla-devices", "nocla-work", "nocla-irqs", "nocla-log"]


@pytest.fixture
def start(machine):
    """start(...) -> (machine, path of its stub)."""
    def start_it(**options):
        extra = options.pop("extra", [])
        socket = os.path.join("/tmp", f"nocla-gdb-{os.getpid()}.sock")
        running = machine(extra=[*extra, "-gdb", harness.machine.listening(socket)], **options)
        return running, socket
    yield start_it
    path = os.path.join("/tmp", f"nocla-gdb-{os.getpid()}.sock")
    if os.path.exists(path):
        os.unlink(path)


def test_a_machine_that_runs(start):
    running, stub = start()
    running.boot()
    tasks, devices, work, irqs, log = gdb.on_machine(stub, *COMMANDS)
    pid = re.search(r"^ +(\d+) [SD] +\d+ shell +tty_read\w* ", tasks, re.M)[1]
    assert re.search(r"^ +0 I   31 swapper/0 +runs$", tasks, re.M)
    assert re.search(r"^ +button \[platform\] driver button$", devices, re.M)
    assert re.search(r"^bus amba, its drivers:\n(  .*\n)*  pl061_gpio$", devices, re.M)
    assert re.search(r"^events_highpri, CPU 0: 1 workers$", work, re.M)
    assert re.search(r"^ *\d+ +5 +0 +0 pl061 +button$", irqs, re.M)
    assert " on Cortex-A15" in log
    lines = gdb.on_machine(stub, f"nocla-bt {pid}", "nocla-bt 0", "nocla-bt 999", "nocla-bt",
                           "nocla-bt x", "nocla-log 2", "nocla-log x", "backtrace")
    assert re.search(r"#\d+ .*shell_task \(", lines[0])
    assert re.search(r"^#0 ", lines[0]) and lines[0].count("\n") < 40
    assert "cpu_idle_loop" in lines[1] and lines[1].strip() == lines[7].strip()
    assert lines[2].strip() == "nocla-bt: there is no task 999"
    assert lines[3].startswith("usage: nocla-bt PID")
    assert lines[4].strip() == "nocla-bt: x is no pid"
    assert lines[5].strip().count("\n") == 1
    assert lines[6].strip() == "nocla-log: x is no number of messages"
    assert running.shell("version")     # nothing was changed


@harness.needs("SAMPLE_BUTTON")
def test_what_a_worker_runs(start, board):
    """Stopped in the button's work, which a pulse from outside has queued."""
    running, stub = start()
    running.boot()
    pulse = " ".join(board(running.dir).words("pin", "5", "pulse"))
    said = gdb.on_machine(stub, "hbreak button_work", f"shell {pulse}", "continue",
                          "nocla-work", "nocla-tasks")
    assert re.search(r"^events, CPU 0: 1 workers\n"
                     r"  runs:    button_work \(0x[0-9a-f]+\) in task \d+$", said[3], re.M)
    assert re.search(r"^ +\d+ R   20 kworker0/events +runs$", said[4], re.M)


@harness.needs("SAMPLE_BUTTON")
def test_what_waits_for_a_worker(start, board):
    """Stopped in the interrupt handler that has queued the work, on the interrupt's stack."""
    running, stub = start()
    running.boot()
    pulse = " ".join(board(running.dir).words("pin", "5", "pulse"))
    said = gdb.on_machine(stub, "hbreak button_isr", f"shell {pulse}", "continue", "finish",
                          "nocla-work", "nocla-tasks", "nocla-bt 0")
    assert re.search(r"^events, CPU 0: 1 workers\n  waits:   button_work \(0x[0-9a-f]+\)$",
                     said[4], re.M)
    assert re.search(r"^ +0 I   31 swapper/0 +runs$", said[5], re.M)
    assert "runs" not in re.search(r"^.* kworker0/events .*$", said[5], re.M)[0]
    assert "#0 " in said[6]


# gdb looks at addresses that are mapped only later.
GDB_READS = r"Invalid read at addr .*"


def test_before_the_first_instruction(start):
    """Nothing is mapped, or nothing is set up: a line that says so, or nothing."""
    _, stub = start(extra=["-S"], noise=GDB_READS)
    for said in gdb.on_machine(stub, *COMMANDS, "nocla-bt 0"):
        assert said.strip().count("\n") <= 1


def test_at_the_first_line_of_main(start):
    _, stub = start(extra=["-S"], noise=GDB_READS)
    said = gdb.on_machine(stub, "hbreak main", "continue", *COMMANDS, "nocla-bt 0")
    for text in said[2:]:
        assert text.strip().count("\n") <= 1


@pytest.mark.parametrize("damage, command, left", [
    ("set var (('kernel/sched.c'::task_list).next)->next = ('kernel/sched.c'::task_list).next",
     "nocla-tasks", "swapper/0"),
    ("set var ((('kernel/sched.c'::task_list).next)->next)->next = (struct list_head *)4",
     "nocla-tasks", "swapper/0"),
    ("set var (('drivers/base/core.c'::all_devices).nodes.next)->next = "
     "('drivers/base/core.c'::all_devices).nodes.next", "nocla-devices", "platform"),
    ("set var (('kernel/workqueue_pool.c'::queues).next)->next = "
     "('kernel/workqueue_pool.c'::queues).next", "nocla-work", "workers"),
    ("set var ('kernel/irq/irqdesc.c'::chunks)[0]->descs[2] = (struct irq_desc *)4",
     "nocla-irqs", "arch_timer"),
    ("set var ('kernel/log.c'::ring).tail = ('kernel/log.c'::ring).tail + 1", "nocla-log", ""),
])
def test_a_damaged_list_is_told_and_the_rest_shown(start, damage, command, left):
    running, stub = start()
    running.boot()
    said = gdb.on_machine(stub, damage, command)[1]
    assert "<damaged: " in said and left in said
    assert said.count("\n") < 200
