"""Where the rows of objects stand in a table."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from scenes.build.incremental.splice import places_of


def test_places_of_some_objects_and_of_none(tmp_path):
    path = tmp_path / "quantity.parquet"
    pq.write_table(pa.table({"gid": ["a", "a", "b", "c", "c", "c"]}), path)
    found = places_of(path, ["c", "x", "a"])
    assert {gid: rows.tolist() for gid, rows in found.items()} == {"a": [0, 1], "c": [3, 4, 5]}
    assert places_of(path, ["x"]) == {}
    assert places_of(path, []) == {}
