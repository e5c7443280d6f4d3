"""Tables whose texts repeat, held as numbers of a dictionary: cheaper to sort, hash, join and write."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

I64 = npt.NDArray[np.int64]


def encoded(table: pa.Table) -> pa.Table:
    """The table with all texts dictionary-encoded, each column in one chunk."""
    columns = [column.dictionary_encode() if pa.types.is_string(column.type) else column for column in table.columns]
    return pa.table(columns, names=table.column_names).combine_chunks()


def codes(column: pa.ChunkedArray) -> tuple[I64, pa.Array]:
    """Each value's number (n,) in the array of different ones, which comes second; a null's is that array's length."""
    found = column.combine_chunks().dictionary_encode()
    return found.indices.fill_null(len(found.dictionary)).to_numpy().astype(np.int64), found.dictionary
