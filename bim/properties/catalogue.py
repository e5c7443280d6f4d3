"""Sets stored once, assigned many times, unfolded to a table at the end by index arithmetic."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa

from bim.source.lists import I64, Lists
from twin.ranges import ranges

NAME = 0
"""The column of a row that holds its name."""
PIECE = 4_000_000
"""Rows gathered at once: an Arrow text column holds at most 2 GB."""


class Catalogue:
    """Rows, the first column of each its name; a span is a named list of rows.

    A row stands once however many sets hold it, a span once however many owners have it: `table` repeats rows for
    each owner with one gather per column.
    """

    def __init__(self) -> None:
        self._pieces: list[Sequence[Any]] = []  # of the rows: their columns, those of `_content` yet to come
        self._content: list[tuple[Any, ...]] = []
        self._names: list[str] = []
        self._sets: dict[str, int] = {}
        self._rows = array("q")  # of all spans, one after the other
        self._starts = array("q")
        self._counts = array("q")
        self._set = array("q")  # of each span
        self._owner = array("q")
        self._span = array("q")
        self._origin = array("b")

    def row(self, values: tuple[Any, ...]) -> int:
        """Store a row (all columns, the name first); returns its index."""
        self._content.append(values)
        self._names.append(values[NAME])
        return len(self._names) - 1

    def rows(self, columns: Sequence[pa.Array]) -> int:
        """Store many rows by their columns; returns the first one's index."""
        self._close()
        self._pieces.append(columns)
        first = len(self._names)
        self._names += columns[NAME].to_pylist()
        return first

    def span(self, name: str, rows: Sequence[int]) -> int:
        """Store a set: its name and the indices of its rows; returns the span's index."""
        self._set.append(self._sets.setdefault(name, len(self._sets)))
        self._starts.append(len(self._rows))
        self._counts.append(len(rows))
        self._rows.extend(rows)
        return len(self._starts) - 1

    def spans(self, names: Sequence[str], code: I64, rows: Lists) -> I64:
        """Store many sets: of each the number of its name among `names`, and the indices of its rows; -1 for one without."""
        some = np.flatnonzero(rows.counts)
        known = np.array([self._sets.setdefault(name, len(self._sets)) for name in names], np.int64)
        ends = np.cumsum(rows.counts[some])
        found = np.full(len(code), -1, np.int64)
        found[some] = np.arange(len(some)) + len(self._starts)
        _extend(self._set, known[code[some]])
        _extend(self._starts, ends - rows.counts[some] + len(self._rows))
        _extend(self._counts, rows.counts[some])
        _extend(self._rows, rows.take(some))
        return found

    def is_of(self, span: int, other: int) -> bool:
        """Whether two spans are sets of one name."""
        return self._set[span] == self._set[other]

    def names(self, span: int) -> list[str]:
        """The names of a span's rows."""
        start = self._starts[span]
        return [self._names[row] for row in self._rows[start : start + self._counts[span]]]

    def without(self, span: int, names: set[str]) -> int | None:
        """A span without the rows whose name is in `names`: itself where none is, None where all are."""
        own = self.names(span)
        start = self._starts[span]
        kept = [self._rows[start + i] for i, name in enumerate(own) if name not in names]
        if len(kept) == len(own):
            return span
        return self.span(list(self._sets)[self._set[span]], kept) if kept else None

    def assign(self, owners: Sequence[int], span: int, origin: int) -> None:
        """Give a span's rows to owners (their indices); origin: a small code for the table's last column."""
        self._owner.extend(owners)
        self._span.extend(repeat(span, len(owners)))
        self._origin.extend(repeat(origin, len(owners)))

    def assign_each(self, owners: I64, spans: I64, origin: int) -> None:
        """Give each of the owners the span beside it."""
        _extend(self._owner, owners)
        _extend(self._span, spans)
        self._origin.extend(repeat(origin, len(owners)))

    def table(self, owners: Sequence[str], origins: Sequence[str], schema: pa.Schema) -> pa.Table:
        """All assignments unfolded: owner's id, the set's name, the columns, the origin."""
        span = _indices(self._span)
        starts = _indices(self._starts)[span]
        counts = _indices(self._counts)[span]
        total = int(counts.sum())
        assignment = np.repeat(np.arange(len(span)), counts)
        rows = _indices(self._rows)[ranges(starts, counts)]
        origin = np.frombuffer(self._origin, np.int8).astype(np.int64) if len(span) else span
        self._close()
        columns = [  # (the distinct values, which of them stands in each row)
            (pa.array(owners, pa.string()), _indices(self._owner)[assignment]),
            (pa.array(list(self._sets), pa.string()), _indices(self._set)[span][assignment]),
            *((self._column(number, field.type), rows) for number, field in enumerate(list(schema)[2:-1])),
            (pa.array(origins, pa.string()), origin[assignment]),
        ]
        pieces = [
            pa.Table.from_arrays([values.take(pa.array(index[start : start + PIECE])) for values, index in columns], schema=schema)
            for start in range(0, total, PIECE)
        ]  # fmt: skip
        return pa.concat_tables(pieces) if pieces else schema.empty_table()

    def _column(self, number: int, kind: pa.DataType) -> pa.Array:
        columns = [piece[number] for piece in self._pieces]
        arrays = [column if isinstance(column, pa.Array) else pa.array(column, kind) for column in columns]
        return pa.concat_arrays(arrays) if arrays else pa.array([], kind)

    def _close(self) -> None:
        if self._content:
            self._pieces.append(list(zip(*self._content, strict=True)))
            self._content = []


def _indices(values: array[int]) -> I64:
    return np.frombuffer(values, np.int64) if len(values) else np.empty(0, np.int64)


def _extend(values: array[int], by: I64) -> None:
    values.frombytes(np.ascontiguousarray(by, np.int64).tobytes())
