"""Sets stored once, assigned many times, unfolded to a table at the end by index arithmetic."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Indices = npt.NDArray[np.int64]
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
        self._content: list[tuple[Any, ...]] = []
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
        return len(self._content) - 1

    def span(self, name: str, rows: Sequence[int]) -> int:
        """Store a set: its name and the indices of its rows; returns the span's index."""
        self._set.append(self._sets.setdefault(name, len(self._sets)))
        self._starts.append(len(self._rows))
        self._counts.append(len(rows))
        self._rows.extend(rows)
        return len(self._starts) - 1

    def names(self, span: int) -> list[str]:
        """The names of a span's rows."""
        start = self._starts[span]
        return [self._content[row][NAME] for row in self._rows[start : start + self._counts[span]]]

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

    def table(self, owners: Sequence[str], origins: Sequence[str], schema: pa.Schema) -> pa.Table:
        """All assignments unfolded: owner's id, the set's name, the columns, the origin."""
        span = _indices(self._span)
        starts = _indices(self._starts)[span]
        counts = _indices(self._counts)[span]
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        assignment = np.repeat(np.arange(len(span)), counts)
        rows = _indices(self._rows)[np.arange(total) + np.repeat(starts - (ends - counts), counts)]
        origin = np.frombuffer(self._origin, np.int8).astype(np.int64) if len(span) else span
        content = list(zip(*self._content, strict=True)) or [()] * (len(schema) - 3)
        columns = [  # (the distinct values, which of them stands in each row)
            (pa.array(owners, pa.string()), _indices(self._owner)[assignment]),
            (pa.array(list(self._sets), pa.string()), _indices(self._set)[span][assignment]),
            *((pa.array(column, field.type), rows) for field, column in zip(list(schema)[2:-1], content, strict=True)),
            (pa.array(origins, pa.string()), origin[assignment]),
        ]
        pieces = [
            pa.Table.from_arrays([values.take(pa.array(index[start : start + PIECE])) for values, index in columns], schema=schema)
            for start in range(0, total, PIECE)
        ]  # fmt: skip
        return pa.concat_tables(pieces) if pieces else schema.empty_table()


def _indices(values: array[int]) -> Indices:
    return np.frombuffer(values, np.int64) if len(values) else np.empty(0, np.int64)
