"""Compiled kernels as images: machine code laid out once, so that a process only has to copy it and fill in addresses.

Numba hands over relocatable object files (ELF, x86-64). Of these, numba's code model uses a single kind of
relocation in what is loaded: a 64-bit address. `link` lays the sections out and lists the places of addresses;
`Image.load` does the rest in microseconds. Everything else (other processors, other kinds of relocation, writable
data) is refused with `UnsuitableError`, and the kernel then goes the usual way through numba.

References
----------
Tool Interface Standard, Executable and Linking Format, version 1.2; System V ABI, AMD64 supplement, section 4.4.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

_ADDRESS = 8
_PAGE = mmap.PAGESIZE
_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_RELOCATION = struct.Struct("<QQq")

_MAGIC = b"\x7fELF\x02\x01\x01"
_RELOCATABLE, _X86_64 = 1, 62
_SYMBOLS, _ADDENDS, _NO_BITS, _NO_ADDENDS = 2, 4, 8, 9
_WRITABLE, _LOADED = 0x1, 0x2
_ABSOLUTE_64 = 1
_UNDEFINED, _COMMON, _RESERVED = 0, 0xFFF2, 0xFF00
_UNWINDING = ".eh_frame"


class UnsuitableError(ValueError):
    """An object file holds something that an image cannot express."""


class Image(NamedTuple):
    """A linked kernel.

    Attributes
    ----------
    code : bytes
        All sections, to be put at a page boundary.
    inner : bytes
        int64 offsets of addresses inside the image: the place of the image is to be added.
    outer : bytes
        int64 offsets of addresses of foreign symbols, to be added as well.
    which : bytes
        int64, for each of `outer` the number of the symbol.
    names : tuple of str
        Foreign symbols.
    """

    code: bytes
    inner: bytes
    outer: bytes
    which: bytes
    names: tuple[str, ...]

    def load(
        self, address_of: Callable[[str], int], protect: Callable[[int, int], None], pointers: dict[int, int]
    ) -> tuple[int, Any]:
        """Put the image into memory.

        Parameters
        ----------
        address_of : callable
            Address of a foreign symbol.
        protect : callable
            Makes a range of memory (address, size) executable and read-only.
        pointers : dict of int to int
            Offset -> address to be put there.

        Returns
        -------
        int, object
            Where it lies, and what has to live as long as it is used.
        """
        size = len(self.code)
        memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        memory.write(self.code)
        for offset, address in pointers.items():
            memory[offset : offset + _ADDRESS] = address.to_bytes(_ADDRESS, "little")
        content = np.frombuffer(memory, np.uint8)
        base: int = content.ctypes.data
        _add(content, np.frombuffer(self.inner, np.int64), np.uint64(base))
        foreign = np.array([address_of(name) for name in self.names], np.uint64)
        _add(content, np.frombuffer(self.outer, np.int64), foreign[np.frombuffer(self.which, np.int64)])
        protect(base, size)
        return base, content


def _add(content: Any, offsets: Any, values: Any) -> None:
    """Add to the 64-bit numbers at `offsets` (of any alignment)."""
    if len(offsets):
        where = offsets[:, None] + np.arange(_ADDRESS)
        content[where] = (content[where].view(np.uint64)[:, 0] + values)[:, None].view(np.uint8)


class _Section(NamedTuple):
    name: str
    kind: int
    flags: int
    content: bytes
    link: int
    info: int
    size: int
    alignment: int


class _Symbol(NamedTuple):
    name: str
    section: int
    value: int
    size: int


def link(file: bytes, wanted: tuple[str, ...]) -> tuple[Image, dict[str, int]]:
    """Link an object file.

    Parameters
    ----------
    file : bytes
        ELF object of one kernel.
    wanted : tuple of str
        Symbols whose offsets are needed. Common symbols must be among them.

    Returns
    -------
    Image, dict of str to int
        The image and the offsets of those of `wanted` that the file has.

    Raises
    ------
    UnsuitableError
        It cannot be expressed as an image.
    """
    sections = list(_sections(file))
    code, start = _laid_out(sections)
    symbols = _symbols(sections)
    offsets: dict[int, int] = {}
    for number, symbol in enumerate(symbols):
        if symbol.section == _COMMON:
            if symbol.name not in wanted:
                raise UnsuitableError(f"common symbol {symbol.name}")
            code += bytes(-len(code) % _ADDRESS)
            offsets[number] = len(code)
            code += bytes(max(symbol.size, _ADDRESS))
        elif symbol.section != _UNDEFINED and symbol.section in start:
            offsets[number] = start[symbol.section] + symbol.value
    inner: list[int] = []
    outer: list[tuple[int, str]] = []
    for place, number, addend in _relocations(sections, start):
        if number in offsets:
            inner.append(place)
            addend += offsets[number]
        elif symbols[number].section == _UNDEFINED and symbols[number].name:
            outer.append((place, symbols[number].name))
        else:
            raise UnsuitableError(f"relocation against symbol {number} of section {symbols[number].section}")
        code[place : place + _ADDRESS] = struct.pack("<q", addend)
    names = tuple(sorted({name for _, name in outer}))
    image = Image(
        bytes(code),
        np.array(inner, np.int64).tobytes(),
        np.array([place for place, _ in outer], np.int64).tobytes(),
        np.array([names.index(name) for _, name in outer], np.int64).tobytes(),
        names,
    )
    return image, {symbols[n].name: offset for n, offset in offsets.items() if symbols[n].name in wanted}


def _sections(file: bytes) -> Iterator[_Section]:
    if len(file) < _HEADER.size or not file.startswith(_MAGIC):
        raise UnsuitableError("not a 64-bit little-endian ELF file")
    _, kind, machine, _, _, _, table, _, _, _, _, entry_size, count, names = _HEADER.unpack_from(file)
    if (kind, machine, entry_size) != (_RELOCATABLE, _X86_64, _SECTION.size) or count == 0:
        raise UnsuitableError("not an x86-64 object file")
    rows = [_SECTION.unpack_from(file, table + i * _SECTION.size) for i in range(count)]
    strings = rows[names][4]
    for name, kind, flags, _, offset, size, link_to, info, alignment, _ in rows:
        content = b"" if kind == _NO_BITS else file[offset : offset + size]
        yield _Section(_string(file, strings + name), kind, flags, content, link_to, info, size, max(alignment, 1))


def _string(content: bytes, start: int) -> str:
    return content[start : content.index(b"\0", start)].decode()


def _laid_out(sections: list[_Section]) -> tuple[bytearray, dict[int, int]]:
    """Everything to be loaded, one section after the other, and where each starts."""
    code, start = bytearray(), {}
    for number, section in enumerate(sections):
        if not section.flags & _LOADED or section.size == 0 or section.name == _UNWINDING:
            continue
        if section.flags & _WRITABLE or section.kind == _NO_BITS or section.alignment > _PAGE:
            raise UnsuitableError(f"section {section.name}")
        code += bytes(-len(code) % section.alignment)
        start[number] = len(code)
        code += section.content
    return code, start


def _symbols(sections: list[_Section]) -> list[_Symbol]:
    table = next((section for section in sections if section.kind == _SYMBOLS), None)
    if table is None:
        raise UnsuitableError("no symbols")
    strings = sections[table.link].content
    found = []
    for name, _, _, section, value, size in _SYMBOL.iter_unpack(table.content):
        if section >= _RESERVED and section != _COMMON:
            section = _RESERVED  # absolute values and names of files: nothing may refer to them
        found.append(_Symbol(_string(strings, name), section, value, size))
    return found


def _relocations(sections: list[_Section], start: dict[int, int]) -> Iterator[tuple[int, int, int]]:
    """Place in the image, number of the symbol and addend of every address to be filled in."""
    for section in sections:
        if section.info not in start or section.kind not in (_ADDENDS, _NO_ADDENDS):
            continue
        if section.kind != _ADDENDS:
            raise UnsuitableError("relocations without addends")
        for offset, info, addend in _RELOCATION.iter_unpack(section.content):
            if info & 0xFFFFFFFF != _ABSOLUTE_64:
                raise UnsuitableError(f"relocation of kind {info & 0xFFFFFFFF}")
            yield start[section.info] + offset, info >> 32, addend
