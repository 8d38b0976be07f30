"""The first visible page of an XLSX file, cell by cell: nothing is computed, followed or unpacked beyond a limit.

A workbook is a ZIP file of XML. What could grow out of proportion (many parts, parts that unpack to much
or lie over each other, entities of a document type) is refused before or while it is read.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from math import isfinite
from xml.parsers import expat

from domain.errors import InputError
from domain.imports import Cell, FileLimits, Odd

TakeRow = Callable[[int, bool, Sequence[Cell]], None]
"""Gets each row that has something in it: its number, whether it is hidden, its cells."""

Attributes = Mapping[str, str]
_AT_ONCE = 65_536
_BOOK, _TYPES = "xl/workbook.xml", "[Content_Types].xml"
_INNER = (".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".jar", ".7z", ".gz")
_PLAIN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_PLACE = re.compile(r"([A-Z]{1,3})\d{1,7}")
_IN_WORDS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""The number formats that every spreadsheet knows as dates and times."""


def read_workbook(content: bytes, limits: FileLimits, take: TakeRow) -> None:
    """Hand over the rows of the first page that is not hidden.

    Raises InputError("file_kind" | "file_macros" | "file_locked" | "file_heavy" | "file_broken").
    """
    with zipfile.ZipFile(BytesIO(content)) as parts:
        _check(parts, limits)
        pages = _links(parts)
        kind, where = _first_page(parts, pages)
        if kind != "worksheet":
            raise InputError("file_broken")
        texts = _Texts(limits)
        for each, at in pages.values():
            if each == "sharedStrings":
                _parse(parts, at, texts)
        styles = _Styles()
        for each, at in pages.values():
            if each == "styles":
                _parse(parts, at, styles)
        _parse(parts, where, _Page(texts.found, styles.dates, limits, take))


def _check(parts: zipfile.ZipFile, limits: FileLimits) -> None:
    """Look at the list of parts alone: nothing is unpacked."""
    found = parts.infolist()
    names = [each.filename for each in found]
    if len(found) > limits.parts or sum(each.file_size for each in found) > limits.unpacked_bytes:
        raise InputError("file_heavy")
    if any(each.file_size > limits.ratio * max(each.compress_size, 1) for each in found):
        raise InputError("file_heavy")
    if any(each.flag_bits & 1 for each in found):
        raise InputError("file_locked")
    if _BOOK not in names or _TYPES not in names:
        raise InputError("file_kind")
    if len(set(names)) < len(names) or any(each.compress_type not in _PLAIN for each in found):
        raise InputError("file_broken")
    if any(name.lower().endswith("vbaproject.bin") for name in names) or _has_macros(parts):
        raise InputError("file_macros")
    if any(name.lower().endswith(_INNER) for name in names) or _overlap(found):
        raise InputError("file_broken")


def _has_macros(parts: zipfile.ZipFile) -> bool:
    return b"macroenabled" in parts.read(_TYPES).lower()


def _overlap(found: Sequence[zipfile.ZipInfo]) -> bool:
    """Tell whether two parts share their bytes, as where a little is to be unpacked many times."""
    ordered = sorted(found, key=lambda each: each.header_offset)
    return any(
        one.header_offset + one.compress_size > other.header_offset for one, other in pairwise(ordered)
    )


def _links(parts: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """Return what the workbook refers to: id -> (kind, name of the part)."""
    rels = _Elements("Relationship")
    _parse(parts, "xl/_rels/workbook.xml.rels", rels)
    return {
        each.get("Id", ""): (each.get("Type", "").rpartition("/")[2], _resolved(each.get("Target", "")))
        for each in rels.found
        if each.get("TargetMode") != "External"
    }


def _resolved(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _first_page(parts: zipfile.ZipFile, pages: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    sheets = _Elements("sheet")
    _parse(parts, _BOOK, sheets)
    for each in sheets.found:
        if each.get("state", "visible") == "visible" and each.get("id") in pages:
            return pages[each["id"]]
    raise InputError("file_broken")


def _parse(parts: zipfile.ZipFile, name: str, reader: "_Reader") -> None:
    """Read one part piece by piece; a document type, where entities would stand, is refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda tag, attributes: reader.start(_local(tag), attributes)
    parser.EndElementHandler = lambda tag: reader.end(_local(tag))
    parser.CharacterDataHandler = reader.text
    with parts.open(name) as part:
        while piece := part.read(_AT_ONCE):
            parser.Parse(piece, False)
    parser.Parse(b"", True)


def _refuse(*_: object) -> None:
    raise InputError("file_broken")


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2]


class _Reader:
    """Hears what a part of a workbook consists of."""

    def start(self, tag: str, attributes: Attributes) -> None: ...
    def end(self, tag: str) -> None: ...
    def text(self, words: str) -> None: ...


@dataclass(slots=True)
class _Elements(_Reader):
    """All elements of one name, with their attributes."""

    tag: str
    found: list[dict[str, str]] = field(default_factory=list)

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == self.tag:
            self.found.append({_local(name): value for name, value in attributes.items()})


@dataclass(slots=True)
class _Texts(_Reader):
    """The texts that cells refer to by their number; how a text is pronounced is no part of it."""

    limits: FileLimits
    found: list[str] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _is_open: bool = False
    _is_spoken: bool = False

    def start(self, tag: str, attributes: Attributes) -> None:  # noqa: ARG002 - as every reader
        self._is_spoken = self._is_spoken or tag == "rPh"
        self._is_open = tag == "t" and not self._is_spoken

    def end(self, tag: str) -> None:
        self._is_open = False
        if tag == "rPh":
            self._is_spoken = False
        elif tag == "si":
            self.found.append(_joined(self._pieces, self.limits))
            self._pieces = []
            if len(self.found) > self.limits.texts:
                raise InputError("file_heavy")

    def text(self, words: str) -> None:
        if self._is_open:
            self._pieces.append(words)


@dataclass(slots=True)
class _Styles(_Reader):
    """Which looks of a cell make a date of its number."""

    dates: set[int] = field(default_factory=set)
    _own: set[int] = field(default_factory=set)
    _count: int = 0
    _is_open: bool = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "numFmt" and _is_date(attributes.get("formatCode", "")):
            self._own.add(int(attributes.get("numFmtId", "0")))
        elif tag == "cellXfs":
            self._is_open = True
        elif tag == "xf" and self._is_open:
            if int(attributes.get("numFmtId", "0")) in _DATES | self._own:
                self.dates.add(self._count)
            self._count += 1

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._is_open = False


def _is_date(code: str) -> bool:
    return any(letter in "ymdhs" for letter in _IN_WORDS.sub("", code).lower().replace("general", ""))


@dataclass(slots=True)
class _Page(_Reader):
    """The cells of a page, row by row."""

    texts: Sequence[str]
    dates: set[int]
    limits: FileLimits
    take: TakeRow
    _row: int = 0
    _is_hidden: bool = False
    _cells: list[Cell] = field(default_factory=list)
    _at: int = -1
    _cell: Attributes = field(default_factory=dict)
    _value: list[str] = field(default_factory=list)
    _is_formula: bool = False
    _is_open: bool = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._cell, self._value, self._is_formula = attributes, [], False
            self._at = _column(attributes["r"]) if "r" in attributes else self._at + 1
        elif tag in {"v", "t"}:
            self._is_open = True
        elif tag == "f":
            self._is_formula = True
        elif tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._is_hidden = attributes.get("hidden") in {"1", "true"}
            self._cells, self._at = [], -1

    def end(self, tag: str) -> None:
        if tag in {"v", "t"}:
            self._is_open = False
        elif tag == "c":
            cell = self._read()
            if cell is not None:
                self._place(cell)
        elif tag == "row" and self._cells:
            self.take(self._row, self._is_hidden, self._cells)

    def text(self, words: str) -> None:
        if self._is_open:
            self._value.append(words)

    def _place(self, cell: Cell) -> None:
        """Put a cell where it belongs; what is left out before it is empty."""
        if self._at >= self.limits.columns:
            raise InputError("file_heavy")
        self._cells += [None] * (self._at + 1 - len(self._cells))
        self._cells[self._at] = cell

    def _read(self) -> Cell:
        kind, value = self._cell.get("t", "n"), _joined(self._value, self.limits)
        if self._is_formula:
            return Odd.FORMULA
        if kind == "s" and value.isdecimal():
            return self.texts[int(value)] or None
        if kind == "n" and value:
            return Odd.DATE if int(self._cell.get("s", "0")) in self.dates else _number(value)
        odd = {"e": Odd.ERROR, "d": Odd.DATE}.get(kind)
        return odd or value or None


def _joined(pieces: Sequence[str], limits: FileLimits) -> str:
    joined = "".join(pieces)
    if len(joined) > limits.cell:
        raise InputError("file_heavy")
    return joined


def _number(value: str) -> Cell:
    """Return a number as a spreadsheet shows it: of the 17 digits it writes down the last two are noise."""
    if not _NUMBER.fullmatch(value.strip()) or not isfinite(float(value)):
        return Odd.ERROR
    return Decimal(f"{float(value):.15g}")


def _column(place: str) -> int:
    """Return the number of a cell's column: 0 for A1."""
    found = _PLACE.fullmatch(place)
    if not found:
        raise InputError("file_broken")
    at = 0
    for letter in found[1]:
        at = at * 26 + ord(letter) - ord("A") + 1
    return at - 1
