# SPDX-License-Identifier: MIT
"""A device tree that is missing or damaged: a message and a failing stop, never a hang.

QEMU checks the trees it is given, so the damage is done to the copy in the guest's memory,
before the first instruction.
"""

import struct

import pytest

import harness

ELF_TREE = 0x40000000  # where QEMU puts the tree for an ELF
IMG_TREE = 0x48000000  # and for a flat image, with 256 MiB; r2 says so

# Offsets in the header.
MAGIC, TOTALSIZE, OFF_STRUCT, OFF_STRINGS, OFF_RSVMAP, VERSION, LAST_COMPATIBLE = range(0, 28, 4)
SIZE_STRINGS, SIZE_STRUCT = 32, 36


class Tree:
    """The tree in the memory of a machine that has not started yet."""

    def __init__(self, running, base):
        self.qtest = running.pins.qtest
        self.base = base

    def read(self, offset, size):
        words = self.qtest.command(f"read {self.base + offset:#x} {size}")
        return bytes.fromhex(words[0].removeprefix("0x"))

    def write(self, offset, data):
        self.qtest.command(f"write {self.base + offset:#x} {len(data)} 0x{data.hex()}")

    def word(self, offset):
        return struct.unpack(">I", self.read(offset, 4))[0]

    def set_word(self, offset, value):
        self.write(offset, struct.pack(">I", value))

    def find(self, data):
        """Offset of the first place that holds data."""
        size = self.word(OFF_STRUCT) + self.word(SIZE_STRUCT) + self.word(SIZE_STRINGS)
        at = self.read(0, size).find(data)
        assert at >= 0
        return at


def no_magic(tree):
    tree.set_word(MAGIC, 0)


def truncated(tree):
    tree.set_word(TOTALSIZE, tree.word(OFF_STRUCT) + 64)


def header_only(tree):
    tree.set_word(TOTALSIZE, 8)


def huge(tree):
    tree.set_word(TOTALSIZE, 0xFFFFFFFF)


def old_version(tree):
    tree.set_word(VERSION, 1)
    tree.set_word(LAST_COMPATIBLE, 1)


def new_version(tree):
    tree.set_word(LAST_COMPATIBLE, 99)


def struct_outside(tree):
    tree.set_word(OFF_STRUCT, 0x7FFFFFF0)


def struct_unaligned(tree):
    tree.set_word(OFF_STRUCT, tree.word(OFF_STRUCT) + 2)


def strings_outside(tree):
    tree.set_word(OFF_STRINGS, 0xFFFFFFF0)


def unknown_tag(tree):
    tree.set_word(tree.word(OFF_STRUCT), 0x55)


def endless_property(tree):
    """The root's first property claims to be longer than the tree."""
    tree.set_word(tree.word(OFF_STRUCT) + 12, 0xFFFFFFFC)


def property_name_outside(tree):
    tree.set_word(tree.word(OFF_STRUCT) + 16, 0x7FFFFFFF)


def endless_depth(tree):
    """Nodes in nodes, to the end of the block."""
    start, size = tree.word(OFF_STRUCT), tree.word(SIZE_STRUCT)
    tree.write(start, struct.pack(">II", 1, 0) * (size // 8))


def no_end(tree):
    """Nothing but NOPs."""
    start, size = tree.word(OFF_STRUCT), tree.word(SIZE_STRUCT)
    tree.write(start, struct.pack(">I", 4) * (size // 4))


def no_memory(tree):
    tree.write(tree.find(b"memory\0"), b"frobly\0")


DAMAGES = [no_magic, truncated, header_only, huge, old_version, new_version, struct_outside,
           struct_unaligned, strings_outside, unknown_tag, endless_property,
           property_name_outside, endless_depth, no_end, no_memory]


def damaged(machine, image, damage):
    running = machine(image=image, dtb=False, extra=["-S"])
    base = ELF_TREE if image == harness.ELF else IMG_TREE
    tree = Tree(running, base)
    assert tree.word(MAGIC) == 0xD00DFEED
    if damage:
        damage(tree)
    running.go()
    return running


@pytest.mark.parametrize("image", [harness.ELF, harness.IMG])
def test_undamaged(machine, image):
    """What the other tests do is not by itself the end."""
    damaged(machine, image, None).boot()


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damaged_tree_is_named(machine, damage):
    said = damaged(machine, harness.ELF, damage).stopped()
    assert "memory" in said if damage is no_memory else "device tree" in said


def test_damaged_tree_of_a_flat_image(machine):
    """r2 points at no tree and none is at the configured address."""
    assert "device tree" in damaged(machine, harness.IMG, no_magic).stopped()
