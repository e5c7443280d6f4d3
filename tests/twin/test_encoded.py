"""Dictionary-encoded tables say what the plain ones say."""

from __future__ import annotations

import pyarrow as pa

from twin.encoded import codes, encoded


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
