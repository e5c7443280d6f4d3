"""Hashes of rows: the same as DuckDB's own functions give, which made those of earlier versions."""

from __future__ import annotations

import random

import duckdb
import pyarrow as pa

from scenes.diff.hashes import hashes
from tests.support.layers import table
from twin.layer import PROPERTIES, QUANTITIES

QUERY = """
    SELECT (sum(md5_number_lower(concat_ws(chr(31), "set", name, coalesce(value::VARCHAR, ''), coalesce(unit, '')))
        ::HUGEINT) % 9223372036854775807)::BIGINT FROM rows WHERE id = $id
"""


def by_database(rows, ids):
    with duckdb.connect() as con:
        con.register("rows", rows)
        return [con.execute(QUERY, {"id": name}).fetchone()[0] for name in ids]


def test_properties():
    chance = random.Random(7)
    words = [None, "", "墙 α", "Pset_WallCommon", "a\x1fb", "R-200"]
    rows = table(
        PROPERTIES,
        [
            {
                "id": f"o{chance.randrange(40)}",
                "set": chance.choice(words),
                "name": chance.choice(words),
                "value": chance.choice(words),
                "unit": chance.choice(words),
            }
            for _ in range(3000)
        ],
    )
    ids = pa.array([f"o{n}" for n in range(45)])  # the last five have none
    found = hashes(rows, ids).to_pylist()
    assert found[40:] == [None] * 5
    assert found[:40] == by_database(rows, ids.to_pylist()[:40])


def test_numbers_are_written_as_they_were():
    values = [0.0, -0.0, 20.0, 1e15, 1e16, 1e-5, 1e-4, 1.5e300, 1 / 3, float("nan"), float("inf"), -7e22, None]
    values += [random.Random(3).uniform(-1, 1) * 10.0**n for n in range(-20, 20)]
    rows = table(QUANTITIES, [{"id": f"o{n}", "set": "Q", "name": "x", "value": v} for n, v in enumerate(values)])
    ids = rows.column("id").to_pylist()
    assert hashes(rows, pa.array(ids)).to_pylist() == by_database(rows, ids)


def test_the_order_of_rows_does_not_matter():
    rows = table(PROPERTIES, [{"id": "o", "set": "s", "name": f"n{n % 5}", "value": str(n)} for n in range(9)])
    ids = pa.array(["o"])
    assert hashes(rows.take(list(range(8, -1, -1))), ids) == hashes(rows, ids)
    assert hashes(rows.slice(1), ids) != hashes(rows, ids)
