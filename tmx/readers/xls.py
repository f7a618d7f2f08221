"""Old workbooks of Excel (.xls), record by record.

calamine reads them too, but gives an error cell as an empty one, says nothing of what is struck out, coloured or
hidden, and panics with a page of its own stack on every sixth damaged file; xlrd's licence has an advertising clause.
A workbook is a list of records of at most 8,224 bytes; those that say nothing of what people see are passed over.

References:
    [MS-CFB], 2.2 to 2.6 (the container); [MS-XLS], 2.4 (records), 2.5.240 and 2.5.293 (strings).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from tmx.errors import FormatError, LimitError
from tmx.readers.archive import ENCRYPTED_STREAM
from tmx.readers.sheets import Grid, GridCell, SheetCells, is_colour, value_cell

PASSWORD = "protected by a password; save a copy without it"
NO_SECTOR = 0xFFFFFFFA  # numbers from here on are marks, not sectors
ERRORS = dict(
    zip(
        (0x00, 0x07, 0x0F, 0x17, 0x1D, 0x24, 0x2A, 0x2B),
        ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"),
        strict=True,
    )
)
# Of the 56 colours of a workbook without a palette of its own, those that are none of black, white and grey.
COLOURS = frozenset({*range(10, 22), *range(24, 55)} - {22, 23})
STRUCK = 0x08  # of a font


@dataclass(frozen=True, slots=True)
class _Font:
    struck: bool
    coloured: bool


@dataclass(frozen=True, slots=True)
class _Format:
    """How a cell looks: its font, whether it is filled with a colour, whether its number is a date."""

    font: int
    filled: bool
    date: bool


@dataclass(frozen=True, slots=True)
class _Text:
    """A shared string, with the places from which another font holds."""

    text: str
    runs: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class _Book:
    """What holds for all sheets."""

    sheets: list[tuple[str, int, bool]] = field(default_factory=list)  # name, place of its first record, hidden
    strings: list[_Text] = field(default_factory=list)
    fonts: list[_Font] = field(default_factory=list)
    formats: list[_Format] = field(default_factory=list)
    palette: dict[int, bool] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    epoch: object = CALENDAR_WINDOWS_1900

    def font(self, number: int) -> _Font:
        """Return a font; there is none of the number 4."""
        index = number - (number > 4)
        return self.fonts[index] if index < len(self.fonts) else _Font(False, False)

    def has_colour(self, index: int) -> bool:
        """Tell whether the colour of that number can be told from black, white and grey."""
        return self.palette.get(index, index in COLOURS)

    def cell(self, value: _Text | float | bool, style: int, place: str) -> GridCell:
        """Return a cell of some value, told what is struck out and coloured in it."""
        look = self.formats[style] if style < len(self.formats) else _Format(0, False, False)
        font = self.font(look.font)
        coloured = font.coloured or look.filled
        if isinstance(value, _Text):
            kept, struck, partly = self._parts(value, look.font)
            return GridCell(kept, place, struck=struck, coloured=coloured or partly)
        cell = value_cell(self._moment(value) if look.date and not isinstance(value, bool) else value, place)
        kept, struck = ("", cell.text) if font.struck else (cell.text, "")
        return GridCell(kept, place, cell.kind, struck, coloured=coloured)

    def _moment(self, number: float) -> object:
        """Return the date which a number stands for, the number itself where it is none."""
        try:
            return from_excel(number, self.epoch)
        except (ValueError, OverflowError, TypeError):
            return number

    def _parts(self, text: _Text, font: int) -> tuple[str, str, bool]:
        """Return what of a string is to be read, what is struck out, and whether part of it is coloured."""
        kept = struck = ""
        coloured = False
        starts = [(0, font), *text.runs, (len(text.text), 0)]
        for (start, number), (end, _) in pairwise(starts):
            part, look = text.text[start:end], self.font(number)
            if look.struck:
                struck += part
            else:
                kept += part
            coloured = coloured or bool(part and look.coloured)
        return kept.replace("\r\n", "\n"), struck, coloured


def read_xls(data: bytes, name: str, max_cells: int, *, values: bool = True) -> list[Grid]:
    """Return the sheets of an old workbook in their order.

    Raises:
        FormatError: it is damaged, older than Excel 97, or protected by a password.
        LimitError: it has more than ``max_cells`` cells, or gaps between them.
    """
    if ENCRYPTED_STREAM in data[: 1 << 20]:
        raise FormatError(f"{name}: {PASSWORD}")
    try:
        stream = _workbook_stream(data, name)
        book = _book(stream, name, max_cells)
        grids: list[Grid] = []
        cells = 0
        for title, start, hidden in book.sheets:
            grid = _sheet(stream, start, book, SheetCells(title, name, max_cells - cells), hidden, values)
            cells += grid.filled
            grids.append(grid)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise FormatError(f"{name}: a damaged .xls file; save it again as .xlsx") from error
    return grids


# --- the container --------------------------------------------------------------------------------------------------


def _workbook_stream(data: bytes, name: str) -> bytes:
    """Return the stream of the workbook out of the compound file."""
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise FormatError(f"{name}: a damaged .xls file; save it again as .xlsx")
    size = 1 << shift
    first_directory, _, cutoff, first_mini, _, next_table, _ = struct.unpack_from("<7I", data, 48)
    tables = list(struct.unpack_from("<109I", data, 76))
    seen = set()
    while next_table < NO_SECTOR and next_table not in seen:  # further tables of tables, in files of 7 MB and more
        seen.add(next_table)
        more = struct.unpack_from(f"<{size // 4}I", data, size * (next_table + 1))
        tables += more[:-1]
        next_table = more[-1]
    fat = b"".join(data[size * (sector + 1) : size * (sector + 2)] for sector in tables if sector < NO_SECTOR)
    chain = memoryview(fat[: len(fat) // 4 * 4]).cast("I")
    directory = _chained(data, first_directory, chain, size, offset=size)
    entries = [directory[place : place + 128] for place in range(0, len(directory) - 127, 128)]
    root = next((entry for entry in entries if entry[66] == 5), b"")
    for wanted in ("workbook", "book"):
        for entry in entries:
            length = struct.unpack_from("<H", entry, 64)[0]
            title = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
            if entry[66] != 2 or title != wanted:
                continue
            start, total = struct.unpack_from("<II", entry, 116)
            if total >= cutoff or not root:
                return _chained(data, start, chain, size, offset=size)[:total]
            small = _chained(data, struct.unpack_from("<I", root, 116)[0], chain, size, offset=size)
            table = _chained(data, first_mini, chain, size, offset=size)
            minis = memoryview(table[: len(table) // 4 * 4]).cast("I")
            return _chained(small, start, minis, 1 << mini_shift)[:total]
    raise FormatError(f"{name}: no workbook in it; open it and save it as .xlsx")


def _chained(data: bytes, sector: int, chain: memoryview[int], size: int, offset: int = 0) -> bytes:
    """Return the sectors of a chain one after the other; a chain that bites its tail ends there."""
    parts = []
    left = len(chain)
    while sector < NO_SECTOR and left > 0:
        parts.append(data[offset + size * sector : offset + size * (sector + 1)])
        sector = chain[sector]
        left -= 1
    return b"".join(parts)


# --- records --------------------------------------------------------------------------------------------------------

BOF, EOF, CONTINUE = 0x809, 0x0A, 0x3C


def _records(stream: bytes, place: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a part of the stream (from its BOF to its EOF, without those nested in it)."""
    depth = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        depth += kind == BOF
        if depth == 1:
            yield kind, stream[place + 4 : place + 4 + length]
        depth -= kind == EOF
        if depth == 0:
            return
        place += 4 + length


def _book(stream: bytes, name: str, max_cells: int) -> _Book:
    book = _Book()
    shared: list[bytes] = []  # the record of the shared strings and those that continue it
    raw_fonts: list[tuple[bool, int]] = []
    raw_formats: list[bytes] = []
    last = 0
    for kind, data in _records(stream):
        if kind == BOF and data[:2] != b"\x00\x06":
            raise FormatError(f"{name}: a workbook older than Excel 97; open it and save it as .xlsx")
        if kind == 0x2F:
            raise FormatError(f"{name}: {PASSWORD}")
        if kind == 0x85 and data[5] == 0:  # a sheet, not a chart
            text, _ = _string(data[8:], data[6], data[7])
            book.sheets.append((text, struct.unpack_from("<I", data)[0], data[4] != 0))
        elif kind == 0x31:
            raw_fonts.append((bool(data[2] & STRUCK), struct.unpack_from("<H", data, 4)[0]))
        elif kind == 0xE0:
            raw_formats.append(data)
        elif kind == 0x41E:
            number, length = struct.unpack_from("<HH", data)
            book.numbers[number] = _string(data[5:], length, data[4])[0]
        elif kind == 0x92:
            colours = (data[place : place + 3].hex() for place in range(2, len(data) - 3, 4))
            book.palette = {number: is_colour(colour) for number, colour in enumerate(colours, 8)}
        elif kind == 0x22 and data[:2] == b"\x01\x00":
            book.epoch = CALENDAR_MAC_1904
        elif kind == 0xFC or (kind == CONTINUE and last == 0xFC):
            shared.append(data)
        last = last if kind == CONTINUE else kind
    book.fonts = [_Font(struck, book.has_colour(colour)) for struck, colour in raw_fonts]
    for data in raw_formats:
        font, number = struct.unpack_from("<HH", data)
        filling, colours = struct.unpack_from("<IH", data, 14)
        code = book.numbers.get(number) or BUILTIN_FORMATS.get(number, "General")
        solid = filling >> 26 == 1
        book.formats.append(_Format(font, solid and book.has_colour(colours & 0x7F), is_date_format(code)))
    book.strings = list(_shared_strings(shared, name, max_cells))
    return book


def _string(data: bytes, length: int, flags: int) -> tuple[str, int]:
    """Return the characters of a string, of one or two bytes each, and how many bytes they take."""
    size = length * (2 if flags & 1 else 1)
    return data[:size].decode("utf-16-le" if flags & 1 else "latin-1", "replace"), size


class _Stream:
    """The shared strings, which go on from record to record; characters go on with a new mark of their size."""

    def __init__(self, records: list[bytes]) -> None:
        self._records = records
        self._record = self._place = 0

    def take(self, size: int) -> bytes:
        """Return so many bytes."""
        parts = []
        while size > 0 and self._record < len(self._records):
            part = self._records[self._record][self._place : self._place + size]
            parts.append(part)
            size -= len(part)
            self._place += len(part)
            if size:
                self._record, self._place = self._record + 1, 0
        if size:
            raise IndexError
        return b"".join(parts)

    def characters(self, length: int, flags: int) -> str:
        """Return so many characters."""
        text = ""
        wide = flags & 1
        while length:
            if self._place >= len(self._records[self._record]):
                self._record, self._place = self._record + 1, 0
                wide = self.take(1)[0] & 1
            here = (len(self._records[self._record]) - self._place) // (1 + wide)
            if not here:
                raise IndexError
            part = self.take(min(length, here) * (1 + wide))
            text += part.decode("utf-16-le" if wide else "latin-1", "replace")
            length -= min(length, here)
        return text


def _shared_strings(records: list[bytes], name: str, max_cells: int) -> Iterator[_Text]:
    if not records:
        return
    stream = _Stream(records)
    count = struct.unpack("<II", stream.take(8))[1]
    if count > max_cells:
        raise LimitError(f"{name}: more than {max_cells:,} texts")
    for _ in range(count):
        length, flags = struct.unpack("<HB", stream.take(3))
        runs = struct.unpack("<H", stream.take(2))[0] if flags & 8 else 0
        phonetic = struct.unpack("<I", stream.take(4))[0] if flags & 4 else 0
        text = stream.characters(length, flags)
        fonts = struct.unpack(f"<{2 * runs}H", stream.take(4 * runs))
        stream.take(phonetic)
        yield _Text(text, tuple(zip(fonts[::2], fonts[1::2], strict=True)))


def _sheet(stream: bytes, start: int, book: _Book, cells: SheetCells, hidden: bool, values: bool) -> Grid:
    merged: list[tuple[int, int, int, int]] = []
    rows: set[int] = set()
    columns: list[range] = []
    waiting: tuple[int, int, int] | None = None  # a formula whose text stands in the next record
    remarks = _Remarks()
    for kind, data in _records(stream, start):
        if kind in CELL_RECORDS:
            row, column, style = struct.unpack_from("<HHH", data)
            for offset, value in enumerate(_values(kind, data, book)):
                number = struct.unpack_from("<H", data, 4 + 6 * offset)[0] if kind == MULRK else style
                _put(cells, book, (row + 1, column + 1 + offset, number), value, formula=kind == FORMULA and not values)
            waiting = (row + 1, column + 1, style) if kind == FORMULA and data[6:7] == b"\0" else None
        elif kind == 0x207 and waiting is not None:
            text = _string(data[3:], struct.unpack_from("<H", data)[0], data[2])[0]
            _put(cells, book, waiting, text, formula=not values)
            waiting = None
        elif kind == 0x208:
            if struct.unpack_from("<I", data, 12)[0] & 0x20:
                rows.add(struct.unpack_from("<H", data)[0] + 1)
        elif kind == 0x7D:
            first, last, _, _, options = struct.unpack_from("<HHHHH", data)
            columns += [range(first + 1, last + 2)] if options & 1 else []
        elif kind == 0xE5:
            for number in range(struct.unpack_from("<H", data)[0]):
                top, bottom, left, right = struct.unpack_from("<HHHH", data, 2 + 8 * number)
                merged.append((left + 1, top + 1, right + 1, bottom + 1))
        remarks.take(kind, data)
    return cells.grid(merged, rows, columns, hidden=hidden, comments=remarks.comments(cells))


NUMBER, LABEL, BOOLERR, RSTRING, LABELSST, RK, MULRK, FORMULA = 0x203, 0x204, 0x205, 0xD6, 0xFD, 0x27E, 0xBD, 0x06
CELL_RECORDS = frozenset({NUMBER, LABEL, BOOLERR, RSTRING, LABELSST, RK, MULRK, FORMULA})


@dataclass(frozen=True, slots=True)
class _Error:
    sign: str


def _values(kind: int, data: bytes, book: _Book) -> Iterator[_Text | str | float | bool | _Error]:
    """Yield the values of a record of cells: one, or of several numbers side by side all."""
    if kind == LABELSST:
        yield book.strings[struct.unpack_from("<I", data, 6)[0]]
    elif kind in (LABEL, RSTRING):
        yield _string(data[9:], struct.unpack_from("<H", data, 6)[0], data[8])[0]
    elif kind == NUMBER:
        yield float(struct.unpack_from("<d", data, 6)[0])
    elif kind == RK:
        yield _rk(data[6:10])
    elif kind == MULRK:
        for place in range(6, len(data) - 5, 6):
            yield _rk(data[place : place + 4])
    elif kind == BOOLERR:
        yield _Error(ERRORS.get(data[6], "#N/A")) if data[7] else bool(data[6])
    elif data[12:14] != b"\xff\xff":  # of a formula, what was last computed
        yield float(struct.unpack_from("<d", data, 6)[0])
    elif data[6] in (1, 2):
        yield bool(data[8]) if data[6] == 1 else _Error(ERRORS.get(data[8], "#N/A"))


def _rk(data: bytes) -> float:
    """Return a number in four bytes: a whole one, or half a floating-point one; or a hundredth of either."""
    raw: int = struct.unpack("<i", data)[0]
    value = float(raw >> 2) if raw & 2 else struct.unpack("<d", b"\0\0\0\0" + struct.pack("<i", raw & ~3))[0]
    return float(value / 100 if raw & 1 else value)


def _put(
    cells: SheetCells,
    book: _Book,
    at: tuple[int, int, int],
    value: _Text | str | float | bool | _Error,
    *,
    formula: bool,
) -> None:
    row, column, style = at
    place = cells.place(row, column)
    if isinstance(value, _Error):
        cell = GridCell(value.sign, place, "error")
    else:
        cell = book.cell(_Text(value) if isinstance(value, str) else value, style, place)
        if formula:
            cell = GridCell(cell.text, place, "formula", struck=cell.struck, coloured=cell.coloured)
    cells.put(row, column, cell)


class _Remarks:
    """The comments of a sheet: an object, its text in the records behind it, and the cell it belongs to."""

    def __init__(self) -> None:
        self._object = 0
        self._length = 0  # of a text that stands in the next record
        self._texts: dict[int, str] = {}
        self._cells: list[tuple[int, int, int]] = []

    def take(self, kind: int, data: bytes) -> None:
        """Take a record."""
        if kind == 0x5D and data[:2] == b"\x15\x00":
            self._object = struct.unpack_from("<H", data, 6)[0]
        elif kind == 0x1B6:
            self._length = struct.unpack_from("<H", data, 10)[0]
        elif kind == CONTINUE and self._length and data:
            self._texts[self._object] = _string(data[1:], self._length, data[0])[0]
            self._length = 0
        elif kind == 0x1C:
            row, column, _, number = struct.unpack_from("<HHHH", data)
            self._cells.append((row + 1, column + 1, number))

    def comments(self, cells: SheetCells) -> list[tuple[str, str]]:
        """Return the comments: the place of each, and its text."""
        found = ((cells.place(row, column), self._texts.get(number, "")) for row, column, number in self._cells)
        return [(place, text) for place, text in found if text]
