"""Replay of CSV and Parquet: both layouts, pace, moved times that are declared as simulated, faults."""

from __future__ import annotations

import asyncio
import math
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.support.sinks import KeptRows, until
from twin.connectors.connector import State
from twin.connectors.mapping import MappingEntry, wire_all
from twin.connectors.registry import make_connector
from twin.errors import Invalid, Unavailable
from twin.state.point import PointSpec

POINTS = [PointSpec("a", "g", unit="kW", source="replay:a"), PointSpec("b", "g", source="replay:b")]
T0 = 1_767_225_600_000
LONG = """time,tag,reading
2026-01-01T00:00:00Z,a,1.5
2026-01-01T00:00:01Z,b,oops
2026-01-01T00:00:00Z,a,2.5
2026-01-01T00:00:02Z,c,7
,a,9
"""


def made(folder, sink, **settings):
    return make_connector({"kind": "replay", "name": "r", **settings}, POINTS, sink, folder=folder)


async def played(connector, count, sink):
    await connector.start()
    rows = await sink.until(count)
    await until(lambda: "are played" in connector.detail)
    assert connector.state is State.CONNECTED
    await connector.stop()
    return rows


async def test_long_csv_at_most_speed(tmp_path):
    (tmp_path / "x.csv").write_text(LONG)
    connector = made(tmp_path, sink := KeptRows(), file="x.csv", address="tag", value="reading", speed="max")
    rows = await played(connector, 3, sink)
    assert [row[:3] for row in rows if row[0] == 0] == [(0, 1.5, T0), (0, 2.5, T0)]
    assert math.isnan(rows[1][1])
    assert not any(row[4] for row in rows)
    assert [row["address"] for row in connector.candidates()] == ["c"]


async def test_wide_parquet_with_a_mapping(tmp_path):
    table = pa.table({"at": pa.array([T0, T0 + 1000], pa.timestamp("ms")), "a": [1500.0, None], "b": [True, False]})
    pq.write_table(table, tmp_path / "x.parquet")
    connector = made(tmp_path, sink := KeptRows(), file="x.parquet", time="at", speed="max")
    entry = MappingEntry(connector="r", address="a", point="a", unit="W")
    connector.map(wire_all([entry], {"r": "replay"}, POINTS)[0]["r"])
    rows = await played(connector, 3, sink)
    assert [row[:3] for row in rows] == [(0, 1.5, T0), (1, 1.0, T0), (1, 0.0, T0 + 1000)]


async def test_it_keeps_pace_and_moved_times_are_simulated(tmp_path):
    (tmp_path / "x.csv").write_text("t,a\n" + "".join(f"{n},{n}\n" for n in range(100, 105)))
    began = time.monotonic()
    now = time.time_ns() // 1_000_000
    given = {"file": "x.csv", "time": "t", "time_format": "s", "speed": 4.0, "shift": True}
    connector = made(tmp_path, sink := KeptRows(), **given)
    rows = await played(connector, 5, sink)
    assert time.monotonic() - began > 0.8  # 4 s of readings at 4×
    assert all(row[4] for row in rows)
    assert [row[2] - rows[0][2] for row in rows] == [0, 250, 500, 750, 1000]
    assert abs(rows[0][2] - now) < 5000


async def test_it_begins_again_where_it_is_told_to(tmp_path):
    (tmp_path / "x.csv").write_text("t,a\n0,1\n1,2\n")
    connector = made(
        tmp_path, sink := KeptRows(), file="x.csv", time="t", time_format="s", speed=1000, loop=True, shift=True
    )
    await connector.start()
    rows = await sink.until(6)
    await connector.stop()
    assert [row[1] for row in rows[:6]] == [1, 2, 1, 2, 1, 2]


async def test_what_cannot_be_kept_now_is_kept_later(tmp_path, monkeypatch):
    monkeypatch.setattr("twin.connectors.replay.WAIT_S", 0.01)
    (tmp_path / "x.csv").write_text("t,a\n0,1\n1,2\n")
    sink = KeptRows(Unavailable("the disk is full"))
    connector = made(tmp_path, sink, file="x.csv", time="t", time_format="s", speed="max")
    await connector.start()
    await until(lambda: "the disk is full" in connector.detail)
    sink.error = None
    assert [row[1] for row in await sink.until(2)] == [1, 2]
    await connector.stop()


@pytest.mark.parametrize(
    ("text", "settings", "says"),
    [
        (None, {}, "cannot be read"),
        ("x,a\n1,2\n", {}, "has no column 'time': expected one of x, a"),
        ("time,a\nnoon,2\n", {}, "no ISO 8601 time"),
        ("time,a\n1,2\n", {}, "has times of type int64"),
        ("time,a\n2026-01-01,2\n", {"time_format": "s"}, "has times of type"),
    ],
)
async def test_files_that_cannot_be_played_are_told(tmp_path, text, settings, says):
    if text is not None:
        (tmp_path / "x.csv").write_text(text)
    connector = made(tmp_path, KeptRows(), file="x.csv", **settings)
    await connector.start()
    async with asyncio.timeout(20):
        await connector.wait_for(State.FAILED)
    assert says in connector.detail
    assert "defect" not in connector.detail
    await connector.stop()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "file is missing"),
        ({"file": "x", "speed": "fast"}, "speed is 'fast'"),
        ({"file": "x", "loop": True}, "loop needs shift"),
        ({"file": "x", "address": "a"}, "expected address and value"),
        ({"file": "x", "loop": True, "shift": True, "speed": "max"}, "would fill the history"),
    ],
)
def test_wrong_settings_are_named(tmp_path, settings, says):
    with pytest.raises(Invalid) as caught:
        made(tmp_path, None, **settings)
    assert says in str(caught.value)
