#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`make debug`: the machine, stopped before its first instruction, with gdb on it.

gdb has the terminal and the console's output appears in between; to type into the console, run
the two commands in two terminals instead. Without a terminal they are printed, not run.
The control sockets are where `make run` has them, so tools/board moves pins here too.
gdb has tools/gdb/nocla.py loaded: nocla-tasks, nocla-bt, nocla-devices, nocla-work, ...
"""

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys

sys.dont_write_bytecode = True

from boardlib import machine, runner, share  # noqa: E402
from boardlib.link import BoardError  # noqa: E402

PORT = 1234


def gdb_command(kernel):
    return ["gdb-multiarch", kernel, "-x", machine.in_tree("tools/gdb/nocla.py"),
            "-ex", f"target remote localhost:{PORT}"]


def sockets(run_dir):
    return [os.path.join(run_dir, name) for name in ("qmp.sock", "qtest.sock")]


def qemu_command(description, run_dir, console):
    qmp, qtest = map(machine.listening, sockets(run_dir))
    return [*machine.command(description), "-qmp", qmp, "-qtest", qtest, "-qtest-log", "none",
            "-chardev", console, "-serial", "chardev:console", "-s", "-S",
            *runner.extra_options()]


def on_terminal(qemu, gdb, lock, run_dir):
    """Status of gdb, which owns the terminal; QEMU gets no ^C and ends with it."""
    process = subprocess.Popen(qemu, stdin=subprocess.DEVNULL, start_new_session=True,
                               pass_fds=[lock.fileno()])
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return subprocess.run(gdb, check=False, preexec_fn=default_interrupt).returncode
    finally:
        process.kill()
        process.wait()
        for path in sockets(run_dir):
            share.unlink(path)


def default_interrupt():
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--machine", required=True)
    parser.add_argument("--dir", required=True, help="run directory")
    args = parser.parse_args()
    try:
        description = machine.load(args.machine)
        gdb = gdb_command(description["kernel"])
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            print("no terminal here; in one, and in another:")
            print("   ", shlex.join(qemu_command(description, args.dir, "stdio,id=console")))
            print("   ", shlex.join(gdb))
            return 0
        if not shutil.which(gdb[0]):
            raise BoardError(f"{gdb[0]} is missing: run `make setup`")
        os.makedirs(args.dir, exist_ok=True)
        lock = share.try_lock(os.path.join(args.dir, "run.lock"))
        if not lock:
            raise BoardError(f"a machine already runs in {args.dir}")
        terminal = f"file,id=console,path={os.ttyname(1)}"
        return on_terminal(qemu_command(description, args.dir, terminal), gdb, lock,
                           args.dir)
    except BoardError as error:
        print(f"debug: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
