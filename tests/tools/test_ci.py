# SPDX-License-Identifier: MIT
""".ci/run adds up what its steps say, and believes nothing else."""

import os
import shutil
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMIT = 60  # seconds before something is a hang

MAKEFILE = """\
setup setup-check: ;
test:
	@echo noise; {test}
check:
	@echo noise; {check}
"""


@pytest.mark.parametrize("test, check, line, status", [
    ("echo 3 passed, 0 failed", "echo 2 passed, 0 failed, 1 skipped",
     "5 passed, 0 failed, 1 skipped", 0),
    ("echo 3 passed, 0 failed", "echo 2 passed, 0 failed", "5 passed, 0 failed", 0),
    ("echo 3 passed, 2 failed; exit 1", "echo 2 passed, 0 failed", "5 passed, 2 failed", 1),
    ("echo 3 passed, 0 failed; exit 1", "echo 2 passed, 0 failed", "5 passed, 1 failed", 1),
    ("exit 1", "echo 2 passed, 0 failed", "2 passed, 1 failed", 1),
    ("true", "echo 2 passed, 0 failed", "2 passed, 1 failed", 1),
    ("echo 0 passed, 0 failed", "echo 0 passed, 0 failed", "0 passed, 0 failed", 1),
    ("echo so 3 passed, 0 failed today", "echo 2 passed, 0 failed", "2 passed, 1 failed", 1),
])
def test_the_last_line_adds_up(tmp_path, test, check, line, status):
    (tmp_path / ".ci").mkdir()
    shutil.copy(os.path.join(TOP, ".ci", "run"), tmp_path / ".ci")
    (tmp_path / "Makefile").write_text(MAKEFILE.format(test=test, check=check))
    done = subprocess.run([tmp_path / ".ci" / "run"], capture_output=True, text=True,
                          timeout=LIMIT)
    assert done.stdout.splitlines()[-1] == line
    assert done.returncode == status
