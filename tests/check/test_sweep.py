# SPDX-License-Identifier: MIT
"""Each request of each case fails once, in the kernel that runs on the host: the sanitizers look
on. `make test FAULT=sweep` does it in QEMU, in a minute."""

import os
import re

from conftest import BUILD, run

COUNTS = re.compile(r"^# faults: (\d+) cases, (\d+) failures injected: (\d+) came back",
                    re.MULTILINE)


def test_every_failed_request_comes_back():
    done = run([os.path.join(BUILD, "host", "test_kernel"), "-", "ktest.fault=sweep"],
               errors="replace")
    assert done.returncode == 0, "\n".join(
        line for line in done.stdout.splitlines()
        if re.search(r"not ok|# .*(failed at|report:)", line))
    cases, injected, came_back = map(int, COUNTS.search(done.stdout).groups())
    assert cases > 400 and injected > came_back > 2000
