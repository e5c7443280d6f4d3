"""Sets stored once, assigned many times, unfolded to a table at the end by index arithmetic."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Indices = npt.NDArray[np.int64]


class Catalogue:
    """Rows of many sets in columns; a set is a span of rows.

    A span is given to owners as often as wanted; `table` repeats its rows for each owner with one
    gather per column, so that a property set shared by ten thousand objects is read once.
    """

    def __init__(self, columns: int) -> None:
        self._columns: list[list[Any]] = [[] for _ in range(columns)]
        self._starts = array("q")
        self._counts = array("q")
        self._owner = array("q")
        self._span = array("q")
        self._origin = array("b")

    def add(self, rows: Sequence[Sequence[Any]]) -> int:
        """Store a set's rows (each a tuple of all columns); returns the span's index."""
        self._starts.append(len(self._columns[0]))
        self._counts.append(len(rows))
        for row in rows:
            for column, value in zip(self._columns, row, strict=True):
                column.append(value)
        return len(self._starts) - 1

    def column(self, span: int, index: int) -> list[Any]:
        """One column of one span."""
        start = self._starts[span]
        return self._columns[index][start : start + self._counts[span]]

    def without(self, span: int, names: set[str], name_column: int) -> int | None:
        """A span without the rows whose name is in `names`: itself where none is, None where all are."""
        kept = [i for i, name in enumerate(self.column(span, name_column)) if name not in names]
        if len(kept) == self._counts[span]:
            return span
        if not kept:
            return None
        start = self._starts[span]
        return self.add([[column[start + i] for column in self._columns] for i in kept])

    def assign(self, owner: int, span: int, origin: int) -> None:
        """Give a span's rows to an owner (an index); origin: a small code for the table's last column."""
        self._owner.append(owner)
        self._span.append(span)
        self._origin.append(origin)

    def table(self, owners: Sequence[str], origins: Sequence[str], schema: pa.Schema) -> pa.Table:
        """All assignments unfolded: owner id, the columns, the origin."""
        span = np.frombuffer(self._span, np.int64) if self._span else np.empty(0, np.int64)
        starts = np.array(self._starts, np.int64)
        counts = np.array(self._counts, np.int64)[span] if len(span) else np.empty(0, np.int64)
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        rows = np.arange(total) + np.repeat(starts[span] - (ends - counts), counts) if total else np.empty(0, np.int64)
        owner = np.repeat(np.array(self._owner, np.int64), counts)
        origin = np.repeat(np.array(self._origin, np.int64), counts)
        take = pa.array(rows, pa.int64())
        arrays = [pa.array(list(owners), pa.string()).take(pa.array(owner, pa.int64()))]
        for field, column in zip(list(schema)[1:-1], self._columns, strict=True):
            arrays.append(pa.array(column, field.type).take(take))
        arrays.append(pa.array(list(origins), pa.string()).take(pa.array(origin, pa.int64())))
        return pa.Table.from_arrays(arrays, schema=schema)
