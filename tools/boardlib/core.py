# SPDX-License-Identifier: MIT
"""`board dump`: from QEMU's dump of the memory to an ELF core that gdb opens with the kernel.

QEMU writes an ELF core with the registers of each CPU, but its segments are physical memory: it
does not walk the page tables of an Arm. So here the kernel's first-level table is found (QEMU
says where the image is, the kernel's ELF file where its `kernel_l1` is), walked, and the
program headers are replaced by one per stretch of addresses that the kernel has mapped; the
contents stay where they are in the file. Short descriptors: ARM DDI 0406C, B3.5.1.
"""

import collections
import os
import struct

from .link import BoardError

IMAGE_BASE = 0xF0000000  # include/hal/memory.h

ELF_HEADER = struct.Struct("<16sHHIIIIIHHHHHH")
PROGRAM_HEADER = struct.Struct("<8I")
SECTION_HEADER = struct.Struct("<10I")
SYMBOL = struct.Struct("<IIIBBH")
PT_LOAD, PT_NOTE, SHT_SYMTAB, ET_CORE = 1, 4, 2, 4
PHNUM_MAX = 0xFFFE
R, W, X = 4, 2, 1

SECTION, PAGE, TABLE_SIZE = 1 << 20, 1 << 12, 0x4000

Segment = collections.namedtuple("Segment", "kind offset virtual physical size memory flags align")


class Elf:
    """A 32-bit little-endian ELF file."""

    def __init__(self, path, mode="rb"):
        self.path = path
        self.file = open(path, mode)
        try:
            self.header = ELF_HEADER.unpack(self.read(0, ELF_HEADER.size))
            if self.header[0][:6] != b"\x7fELF\x01\x01":
                raise struct.error
            phoff, phnum = self.header[5], self.header[10]
            data = self.read(phoff, phnum * PROGRAM_HEADER.size)
            self.segments = [Segment(*fields) for fields in PROGRAM_HEADER.iter_unpack(data)]
        except struct.error:
            raise BoardError(f"{path} is no 32-bit ELF file") from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def read(self, offset, size):
        self.file.seek(offset)
        return self.file.read(size)

    def loads(self):
        return [segment for segment in self.segments if segment.kind == PT_LOAD]

    def symbol(self, name):
        """The value of a symbol."""
        shoff, shnum = self.header[6], self.header[12]
        data = self.read(shoff, shnum * SECTION_HEADER.size)
        sections = list(SECTION_HEADER.iter_unpack(data))
        for section in sections:
            if section[1] != SHT_SYMTAB:
                continue
            _, _, _, _, offset, size, strings = section[:7]
            names = self.read(sections[strings][4], sections[strings][5])
            for at, value, *_ in SYMBOL.iter_unpack(self.read(offset, size)):
                if names[at:names.index(b"\0", at)] == name.encode():
                    return value
        raise BoardError(f"{self.path} has no symbol {name}")


class Memory:
    """Physical memory, as it lies in QEMU's dump."""

    def __init__(self, elf):
        self.elf = elf
        self.banks = elf.loads()

    def offset(self, physical, size=1):
        """Where in the file, None if it is no RAM."""
        for bank in self.banks:
            if bank.physical <= physical and physical + size <= bank.physical + bank.size:
                return bank.offset + physical - bank.physical
        return None

    def read(self, physical, size):
        offset = self.offset(physical, size)
        if offset is None:
            raise BoardError(f"no RAM at {physical:#x}: the page tables are damaged")
        return self.elf.read(offset, size)


def translate(path, kernel, image):
    """Makes QEMU's dump a core in virtual addresses. image: the physical address of the kernel's
    image, None while the MMU is off. Returns whether it is one now."""
    with Elf(path, "r+b") as core, Elf(kernel) as elf:
        memory = Memory(core)
        if image is None or memory.offset(image) is None:
            return False
        check_kernel(memory, elf, image)
        table = memory.read(elf.symbol("kernel_l1") - IMAGE_BASE + image, 4)
        table = struct.unpack("<I", table)[0]
        if not table:
            return False
        mapped = merged(mappings(memory, table - IMAGE_BASE + image))
        write_headers(core, memory, mapped)
    return True


def check_kernel(memory, elf, image):
    text = elf.loads()[0]
    if memory.read(image, text.size) != elf.read(text.offset, text.size):
        raise BoardError(f"{os.path.relpath(elf.path)} is not the kernel that runs there")


def mappings(memory, table):
    """(virtual, physical, size, flags) of all RAM that is mapped, in order of address."""
    for index, entry in enumerate(struct.unpack("<4096I", memory.read(table, TABLE_SIZE))):
        virtual = index * SECTION
        if entry & 3 == 1:
            yield from page_mappings(memory, virtual, entry & ~0x3FF)
        elif entry & 3:
            flags = R | (0 if entry & 1 << 15 else W) | (0 if entry & 1 << 4 else X)
            physical = entry & ~(SECTION - 1)
            if memory.offset(physical, SECTION) is not None:
                yield virtual, physical, SECTION, flags


def page_mappings(memory, virtual, table):
    for index, entry in enumerate(struct.unpack("<256I", memory.read(table, 0x400))):
        physical = entry & ~(PAGE - 1)
        if entry & 2 and memory.offset(physical, PAGE) is not None:
            flags = R | (0 if entry & 1 << 9 else W) | (0 if entry & 1 else X)
            yield virtual + index * PAGE, physical, PAGE, flags


def merged(pieces):
    """Pieces that follow each other in both kinds of address become one."""
    result = []
    for virtual, physical, size, flags in pieces:
        if result:
            last = result[-1]
            if (last[0] + last[2], last[1] + last[2], last[3]) == (virtual, physical, flags):
                result[-1] = (last[0], last[1], last[2] + size, flags)
                continue
        result.append((virtual, physical, size, flags))
    return result


def write_headers(core, memory, mapped):
    """The notes and one PT_LOAD per mapping, behind what is in the file."""
    segments = [segment for segment in core.segments if segment.kind == PT_NOTE]
    segments += [Segment(PT_LOAD, memory.offset(physical), virtual, physical, size, size, flags, 1)
                 for virtual, physical, size, flags in mapped]
    if len(segments) > PHNUM_MAX:
        raise BoardError(f"{len(segments)} stretches of memory: more than a core can have")
    core.file.seek(0, os.SEEK_END)
    at = (core.file.tell() + 3) & ~3
    core.file.seek(at)
    for segment in segments:
        core.file.write(PROGRAM_HEADER.pack(*segment))
    ident, _, machine, version = core.header[:4]
    core.file.seek(0)
    core.file.write(ELF_HEADER.pack(ident, ET_CORE, machine, version, 0, at, 0, 0,
                                    ELF_HEADER.size, PROGRAM_HEADER.size, len(segments), 0, 0, 0))
