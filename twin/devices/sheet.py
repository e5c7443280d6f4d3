"""Reads lists of devices, CSV and XLSX, of files that nobody vouches for.

Bounds: bytes of the file, bytes it unpacks to, rows, columns, length of a cell. A formula is no value: it is refused in
its row. Entities and document types in a workbook's XML are refused before any parser sees them.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

from twin.devices.device import FIELDS
from twin.errors import Invalid

MAX_BYTES: Final = 32 << 20
MAX_UNPACKED: Final = 512 << 20
MAX_PARTS: Final = 2_000
MAX_ROWS: Final = 100_000
LAST_ROW: Final = 4 * MAX_ROWS  # rows without a value count here
MAX_COLUMNS: Final = 64
MAX_CELL: Final = 8_000
HEADINGS = ("id", *FIELDS)
FORMATS = ("csv", "xlsx")
GUARD: Final = "=+-@\t\r"
"""A text that begins so runs as a formula when a spreadsheet opens the CSV: it is written with `'` before it."""


class Line(NamedTuple):
    """One row of a list: its number as the file counts, its values by heading, and what cannot be read in it."""

    number: int
    values: dict[str, object]
    faults: tuple[str, ...] = ()


def read_sheet(data: bytes, kind: str) -> list[Line]:
    """Rows of a list; the first row names the columns. Raises Invalid where the file as a whole cannot be used."""
    if kind not in FORMATS:
        raise Invalid(f"A list of devices as {kind!r} is not read: expected {' or '.join(FORMATS)}", code="device-list")
    if len(data) > MAX_BYTES:
        raise Invalid(f"The list has {len(data):,} bytes: expected at most {MAX_BYTES:,}", code="device-list")
    rows = _csv_rows(data) if kind == "csv" else _xlsx_rows(data)
    return list(_lines(rows))


def _lines(rows: Iterable[tuple[int, list[object]]]) -> Iterator[Line]:
    names: list[str] | None = None
    count = 0
    for number, cells in rows:
        if number > LAST_ROW:
            raise Invalid(
                f"The list goes beyond row {LAST_ROW:,}: take the empty rows out, or divide it", code="device-list"
            )
        while cells and cells[-1] in (None, ""):
            cells.pop()
        if not cells:
            continue
        if names is None:
            names = _headings(cells)
            continue
        count += 1
        if count > MAX_ROWS:
            raise Invalid(f"The list has more than {MAX_ROWS:,} rows: divide it", code="device-list")
        faults = [cell.text for cell in cells if isinstance(cell, _Refused)]
        if len(cells) > len(names):
            faults.append(f"it has {len(cells)} columns; expected {len(names)}")
        values = {name: value for name, value in zip(names, cells, strict=False) if not isinstance(value, _Refused)}
        faults += [
            f"{name} has {len(value)} characters; expected at most {MAX_CELL}"
            for name, value in values.items()
            if isinstance(value, str) and len(value) > MAX_CELL
        ]
        yield Line(number, values, tuple(faults))
    if names is None:
        raise Invalid("The list is empty: expected a first row that names the columns", code="device-list")


def _headings(cells: list[object]) -> list[str]:
    names = [str(cell or "").strip().lower() for cell in cells]
    unknown = [name for name in names if name not in HEADINGS]
    twice = sorted({name for name in names if names.count(name) > 1})
    if unknown or twice or "id" not in names:
        what = (
            f"unknown column {unknown[0]!r}" if unknown else f"column {twice[0]!r} twice" if twice else "no column id"
        )
        raise Invalid(f"The list has {what}: expected id and some of {', '.join(FIELDS)}", code="device-list")
    return names


class _Refused(NamedTuple):
    text: str


def _csv_rows(data: bytes) -> Iterator[tuple[int, list[object]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            f"The list is not UTF-8 text (byte {error.start}): save it as CSV UTF-8", code="device-list"
        ) from error
    if "\0" in text:
        raise Invalid("The list holds zero bytes: expected CSV text", code="device-list")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise Invalid(
                    f"Row {reader.line_num} has {len(row)} columns: expected at most {MAX_COLUMNS}", code="device-list"
                )
            yield reader.line_num, [_unguarded(cell) for cell in row]
    except csv.Error as error:
        raise Invalid(f"Row {reader.line_num} of the list is no CSV: {error}", code="device-list") from error


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in GUARD else cell


def _xlsx_rows(data: bytes) -> Iterator[tuple[int, list[object]]]:
    import openpyxl  # noqa: PLC0415  a tenth of a second, needed only where a workbook is read

    _check_archive(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a stated size may be anything: rows are counted as they come
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
            yield number, [_cell(one) for one in row]
        book.close()
    except Invalid:
        raise
    except Exception as error:  # whatever a parser says of a broken workbook
        raise Invalid(
            f"The list cannot be read as XLSX: {type(error).__name__}: {error}", code="device-list"
        ) from error


def _cell(cell: object) -> object:
    kind, value = getattr(cell, "data_type", "n"), getattr(cell, "value", None)
    if kind == "f":
        return _Refused(f"cell {getattr(cell, 'coordinate', '')} is a formula; expected its value")
    if kind == "e":
        return _Refused(f"cell {getattr(cell, 'coordinate', '')} is the error {value}; expected a value")
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))  # serial numbers come as numbers
    return value if value is None else str(value)


def _check_archive(data: bytes) -> None:
    """Refuse what unpacks to too much, or would make an XML parser do so."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Invalid(f"The list is no XLSX file: {error}", code="device-list") from error
    size = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or size > MAX_UNPACKED:
        raise Invalid(
            f"The workbook unpacks to {size:,} bytes in {len(parts)} parts: expected at most {MAX_UNPACKED:,} in {MAX_PARTS}",
            code="device-list",
        )
    for part in parts:
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        try:
            with archive.open(part) as stream:
                head = stream.read(4096)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
            raise Invalid(f"The workbook's part {part.filename} cannot be read: {error}", code="device-list") from error
        plain = head.replace(b"\0", b"").upper()  # UTF-16 hides it from nobody
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise Invalid(
                f"The workbook's part {part.filename} declares a document type: no spreadsheet does", code="device-list"
            )
