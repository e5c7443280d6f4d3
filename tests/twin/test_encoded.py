"""Dictionary-encoded tables say what the plain ones say."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from twin import encoded as encoded_module
from twin.encoded import codes, encoded, together


def test_chunks_with_nulls_become_one_dictionary():
    words = pa.chunked_array([["b", None], ["a", "b"], []], pa.string())
    table = encoded(pa.table({"word": words, "number": pa.array([1.0, 2.0, None, 4.0])}))
    column = table.column("word")
    assert (column.num_chunks, column.cast(pa.string()).to_pylist()) == (1, ["b", None, "a", "b"])
    assert table.column("number").to_pylist() == [1.0, 2.0, None, 4.0]
    assert encoded(table).equals(table)
    for one in (words, column):
        number, found = codes(one)
        assert [[*found.to_pylist(), None][n] for n in number] == words.to_pylist()


def test_an_empty_column_has_no_words():
    number, found = codes(encoded(pa.table({"word": pa.array([], pa.string())})).column("word"))
    assert (len(number), len(found)) == (0, 0)


def test_rows_of_numbers_are_told_apart_and_sorted_by_one_number(monkeypatch):
    rng = np.random.default_rng(1)
    columns = [rng.integers(0, most, 500) for most in (7, 3, 50)]
    order = np.lexsort(columns[::-1])
    for most in (encoded_module.MOST, 60):  # so small that what does not fit is numbered anew
        monkeypatch.setattr(encoded_module, "MOST", most)
        whole = together(*zip(columns, (7, 3, 50), strict=True))
        assert np.array_equal(np.argsort(whole, kind="stable"), order)
        assert len(np.unique(whole)) == len(set(zip(*(column.tolist() for column in columns), strict=True)))
