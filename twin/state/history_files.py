"""Files of samples, read some megabytes at a time with the lines that their rows stand in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from twin.errors import Invalid, NotFound, Unavailable

BLOCK_BYTES = 8 << 20
BATCH_ROWS = 250_000


class Source(Protocol):
    """titles: of the columns; broken: (line, reason) of rows that are none; share: how much is read, 0 … 1."""

    path: str
    titles: list[str]
    broken: list[tuple[int, str]]

    @property
    def share(self) -> float:
        """How much was read."""
        ...

    def batches(self) -> Iterator[tuple[int, pa.Table]]:
        """Rows, with the line of the first."""
        ...


@contextmanager
def open_source(path: str) -> Iterator[Source]:
    """Open a file by its ending: .parquet, anything else is CSV. Raises NotFound, Invalid."""
    where = Path(path)
    if not where.exists():
        raise NotFound(f"{path} does not exist: check the path", code="no-file")
    try:
        with where.open("rb") as stream:
            yield (_Parquet if where.suffix.lower() == ".parquet" else _Csv)(path, stream)
    except pa.ArrowException as error:
        first = str(error).split("\n", 1)[0]
        raise Invalid(f"{path} cannot be read: {first}", code="history-file") from error
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error}", code="disk") from error


class _Csv:
    """A CSV file with a line of titles; comma, semicolon or tab, UTF-8 with or without mark."""

    def __init__(self, path: str, stream: IO[bytes]) -> None:
        self.path = path
        self.broken: list[tuple[int, str]] = []
        self.titles: list[str] = []
        self._stream = stream
        head = stream.readline().decode("utf-8-sig", "replace")
        stream.seek(0)
        self._size = max(1, Path(path).stat().st_size)
        delimiter = max(",;\t", key=head.count)
        self._reader = pc.open_csv(
            stream,
            read_options=pc.ReadOptions(block_size=BLOCK_BYTES, use_threads=False),
            parse_options=pc.ParseOptions(delimiter=delimiter, invalid_row_handler=self._odd),
            convert_options=pc.ConvertOptions(column_types=_all_text(head, delimiter), strings_can_be_null=False),
        )
        self.titles = list(self._reader.schema.names)
        if len(set(self.titles)) < len(self.titles):
            raise Invalid(f"{path} has two columns of one name: {', '.join(self.titles)}", code="history-columns")

    def _odd(self, row: pc.InvalidRow) -> str:
        number = -1 if row.number is None else row.number
        self.broken.append((number, f"{row.actual_columns} columns, expected {row.expected_columns}"))
        return "skip"

    @property
    def share(self) -> float:
        """How much was read."""
        return min(1.0, self._stream.tell() / self._size)

    def batches(self) -> Iterator[tuple[int, pa.Table]]:
        """Rows, with the line of the first: lines of broken rows are counted in."""
        line, counted = 2, 0
        for batch in self._reader:
            for part, first in _around(pa.Table.from_batches([batch]), line, [n for n, _ in self.broken[counted:]]):
                yield first, part
                line = first + len(part)
            counted = len(self.broken)


class _Parquet:
    """A Parquet file; a row's number stands for its line."""

    def __init__(self, path: str, stream: IO[bytes]) -> None:
        self.path = path
        self.broken: list[tuple[int, str]] = []
        self._file = pq.ParquetFile(stream)
        self.titles = list(self._file.schema_arrow.names)
        self._rows, self._read = max(1, self._file.metadata.num_rows), 0

    @property
    def share(self) -> float:
        """How much was read."""
        return min(1.0, float(self._read / self._rows))

    def batches(self) -> Iterator[tuple[int, pa.Table]]:
        """Rows, with the number of the first."""
        for batch in self._file.iter_batches(BATCH_ROWS):
            table = pa.Table.from_batches([batch])
            for place, item in enumerate(table.schema):
                if pa.types.is_timestamp(item.type) and item.type.tz:
                    instants = table.column(place).cast(pa.timestamp("ms", item.type.tz)).cast(pa.int64())
                    table = table.set_column(place, item.name, instants)
            yield self._read + 1, table
            self._read += len(table)


def _around(table: pa.Table, line: int, gaps: list[int]) -> Iterator[tuple[pa.Table, int]]:
    """A batch cut where broken lines stood between its rows, with the line of each part's first row."""
    start = 0
    for gap in sorted(gaps):
        size = gap - line
        if 0 <= size <= len(table) - start:
            if size:
                yield table.slice(start, size), line
            start, line = start + size, gap + 1
    if start < len(table):
        yield table.slice(start), line


def _all_text(head: str, delimiter: str) -> dict[str, pa.DataType]:
    """Every column as text: what is no number is for us to tell, with its line."""
    if not head.strip():
        return {}
    options = pc.ParseOptions(delimiter=delimiter)
    names = pc.read_csv(pa.BufferReader(head.rstrip("\r\n").encode() + b"\n"), parse_options=options).schema.names
    return dict.fromkeys(names, pa.string())
