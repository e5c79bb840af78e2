# SPDX-License-Identifier: MIT
"""The parts of tools/board: link (QMP and qtest), share (who owns the sockets), machine (the
QEMU command line), runner (`board run`), core (`board dump`). Python's standard library only."""
