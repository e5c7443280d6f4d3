"""Tables whose texts repeat, held as numbers of a dictionary: cheaper to sort, hash, join and write."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

I64 = npt.NDArray[np.int64]
MOST = 1 << 62
"""More different numbers than this do not fit into 64 bits."""


def encoded(table: pa.Table) -> pa.Table:
    """The table with all texts dictionary-encoded, each column in one chunk."""
    columns = [column.dictionary_encode() if pa.types.is_string(column.type) else column for column in table.columns]
    return pa.table(columns, names=table.column_names).combine_chunks()


def codes(column: pa.ChunkedArray) -> tuple[I64, pa.Array]:
    """Each value's number (n,) in the array of different ones, which comes second; a null's is that array's length."""
    found = column.combine_chunks().dictionary_encode()
    return found.indices.fill_null(len(found.dictionary)).to_numpy().astype(np.int64), found.dictionary


def together(*parts: tuple[I64, int]) -> I64:
    """(n,) one number for the numbers of each row: equal where all are, and sorted as they are, the first one first.

    parts: numbers (n,) from 0, and how many different ones there can be.
    """
    whole, count = parts[0]
    for number, more in parts[1:]:
        if count * more > MOST:
            whole = np.unique(whole, return_inverse=True)[1]
            count = len(whole)
        whole, count = whole * more + number, count * more
    return whole
