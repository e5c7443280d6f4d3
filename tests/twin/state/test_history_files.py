"""Export and import: what goes out comes back, twice adds nothing, and bad rows are named."""

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.twin.state.history_support import DAY, HOUR, T0, opened, put
from twin.errors import Invalid, NotFound
from twin.state import history_import
from twin.state.history_correct import Wish, correct
from twin.state.history_export import export
from twin.state.history_import import Columns, Target, import_file
from twin.state.history_queries import page
from twin.state.history_rollup import Group, roll
from twin.state.history_seal import seal
from twin.state.history_settings import Keep
from twin.state.history_totals import Asked

NOW = T0 + 400 * DAY
TARGETS = {"a": Target(0), "b": Target(1, low=0, high=100), "c": Target(2, factor=1000.0)}
CAMPUS = Path(__file__).parents[4] / "shared" / "data" / "telemetry" / "cambridge-campus"


def written(folder, text: str, name: str = "in.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def keys(connection) -> None:
    connection.execute("INSERT INTO point_key VALUES (0, 'a'), (1, 'b'), (2, 'c')")


def rows(connection) -> list:
    return connection.execute("SELECT point, t - ?, value, quality FROM sample ORDER BY 1, 2, 3", [T0]).fetchall()


def test_what_is_exported_comes_back(tmp_path):
    random = np.random.default_rng(1)
    path = tmp_path / "out.parquet"
    (tmp_path / "other").mkdir()
    with opened(tmp_path) as connection, opened(tmp_path / "other") as other:
        keys(connection)
        put(connection, random.integers(0, 2, 5000), T0 + random.integers(0, 60 * DAY, 5000), random.random(5000))
        seal(connection.cursor(), T0 + 50 * DAY, block_rows=500)
        put(connection, 0, T0 + 5, [1.0, 1.0])
        correct(connection.cursor(), 0, Wish(T0, T0 + 10, "value", "li", "x", 7.0), NOW)
        pieces = list(export(connection.cursor(), np.array([0, 1]), T0, T0 + 60 * DAY, {"park": "p"}))
        assert len(pieces) > 5
        path.write_bytes(b"".join(pieces))
        table = pq.read_table(path)
        assert table.schema.field("t").type == pa.timestamp("ms", "UTC")
        assert pq.read_metadata(path).metadata[b"parktwin.park"] == b"p"
        assert len(table) == 5001
        assert table.filter(table["corrected"]).to_pylist() == [
            {
                "point_id": "a",
                "t": dt.datetime.fromtimestamp((T0 + 5) / 1000, dt.UTC),
                "value": 7.0,
                "quality": 0,
                "corrected": True,
            }
        ]
        keys(other)
        done = import_file(other.cursor(), str(path), Columns(), TARGETS, NOW)
        assert (done.rows, done.added, done.repeated, done.bad) == (5001, 5001, 0, 0)
        again = import_file(other.cursor(), str(path), Columns(), TARGETS, NOW)
        assert (again.added, again.repeated) == (0, 5001)
        undone = [row if row[:2] != (0, 5) else (*row[:2], 7.0, 0) for row in rows(connection)]
        assert sorted(set(undone)) == rows(other)
        only = b"".join(export(connection.cursor(), np.array([1]), T0, T0 + 30 * DAY, {}))
        assert set(pq.read_table(pa.BufferReader(only))["point_id"].to_pylist()) == {"b"}


def test_bad_rows_are_listed_with_line_and_reason(tmp_path):
    path = written(
        tmp_path,
        "point,time,value,quality\n"
        f"a,{T0},1,0\n"
        f"x,{T0},1,0\n"
        "a,yesterday,1,0\n"
        f"a,{T0 + 1000},high,0\n"
        f"a,{T0 + 2000},,0\n"
        f"a,{T0 + 2000},nan,0\n"
        "a,3\n"
        f"b,{T0 + 3000},500,0\n"
        f"a,{T0 + 4000},4,7.5\n"
        f"a,{NOW + 1},4,0\n"
        f"c,{T0},2,1\n",
    )
    with opened(tmp_path) as connection:
        done = import_file(connection.cursor(), str(path), Columns(), TARGETS, NOW)
        assert rows(connection) == [(0, 0, 1.0, 0), (1, 3000, 500.0, 2), (2, 0, 2000.0, 1)]
    assert (done.added, done.empty, done.bad, done.points) == (3, 1, 7, 3)
    found = {row["line"]: row["reason"] for row in done.bad_rows}
    assert {line: reason.split()[0] for line, reason in found.items()} == {
        3: "point", 4: "time", 5: "value", 7: "value", 8: "2", 10: "quality", 11: "time"
    }  # fmt: skip
    assert found[4] == "time yesterday cannot be read"


def test_times_are_read_in_their_zone(tmp_path):
    text = "time;b\n2026-03-28 12:00:00;1\n2026/03/30 12:00;2\n2026-03-30T12:00:00Z;3\n2026-03-30T12:00:00+05:00;4\n1774864800;5\n"
    path = written(tmp_path, text)
    with opened(tmp_path) as connection:
        done = import_file(connection.cursor(), str(path), Columns(), TARGETS, 1 << 42, timezone="Europe/Berlin")
        assert done.added == 5
        times = dict(connection.execute("SELECT value, t FROM sample").fetchall())
    read = {value: dt.datetime.fromtimestamp(t / 1000, dt.UTC).isoformat()[:16] for value, t in times.items()}
    assert read == {
        1: "2026-03-28T11:00", 2: "2026-03-30T10:00", 3: "2026-03-30T12:00", 4: "2026-03-30T07:00", 5: "2026-03-30T10:00"
    }  # fmt: skip


def test_wide_files_and_young_samples(tmp_path):
    lines = [f"{T0 + n * 1000},{n},{n * 2},{n * 3}" for n in range(100)]
    path = written(tmp_path, "\n".join(["t,a,Load [MW],other", *lines]))
    with opened(tmp_path) as connection:
        now = T0 + HOUR  # all of it is younger than the archive
        put(connection, 0, T0 + 5000, 5.0)
        columns = Columns(points={"Load [MW]": "c"})
        done = import_file(connection.cursor(), str(path), columns, TARGETS, now)
        assert (done.added, done.repeated, done.points) == (199, 1, 2)
        assert connection.execute("SELECT count(*) FROM archive").fetchone() == (0,)
        assert import_file(connection.cursor(), str(path), columns, TARGETS, now).repeated == 200
        later = import_file(connection.cursor(), str(path), columns, TARGETS, now + DAY)
        assert (later.added, later.repeated) == (0, 200)
        seal(connection.cursor(), now + DAY)
        assert import_file(connection.cursor(), str(path), columns, TARGETS, now + DAY).repeated == 200
        assert page(connection.cursor(), 2, T0, T0 + HOUR, 3).value.tolist() == [0, 2000, 4000]


def test_samples_that_became_summaries_are_not_counted_twice(tmp_path):
    lines = "\n".join(f"a,{T0 + n * 1000},{n}" for n in range(7200))
    path = written(tmp_path, f"point,t,value\n{lines}\n")
    with opened(tmp_path) as connection:
        import_file(connection.cursor(), str(path), Columns(), TARGETS, NOW)
        group = Group(Keep(1, 3600), Asked(np.array([0]), np.array([90_000]), np.array([np.inf])))
        assert roll(connection.cursor(), [group], NOW).taken == 7200
        again = import_file(connection.cursor(), str(path), Columns(), TARGETS, NOW)
        assert (again.added, again.bad) == (0, 7200)
        assert len(again.bad_rows) == history_import.BAD_LISTED
        assert "summaries" in str(again.bad_rows[0]["reason"])


def test_files_that_cannot_be_used_are_named(tmp_path):
    with opened(tmp_path) as connection:
        for name, text, error, words in (
            ("x.csv", "a,b\n1,2\n", Invalid, "no column of times"),
            ("x.csv", "t,z\n1,2\n", Invalid, "neither columns"),
            ("x.parquet", "no parquet at all", Invalid, "cannot be read"),
            ("x.csv", "", Invalid, "cannot be read"),
        ):
            with pytest.raises(error, match=words):
                import_file(connection.cursor(), str(written(tmp_path, text, name)), Columns(), TARGETS, NOW)
        with pytest.raises(NotFound):
            import_file(connection.cursor(), str(tmp_path / "none.csv"), Columns(), TARGETS, NOW)
        path = written(tmp_path, "t,a\n1,2\n")
        with pytest.raises(Invalid, match="no column 'when'"):
            import_file(connection.cursor(), str(path), Columns(time="when"), TARGETS, NOW)


def test_memory_is_bounded_by_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(history_import, "FLUSH_ROWS", 1000)
    monkeypatch.setattr("twin.state.history_files.BLOCK_BYTES", 1 << 12)
    lines = "\n".join(f"a,{T0 + n * 60_000},{n}" for n in range(20_000))
    path = written(tmp_path, f"point,t,value\n{lines}\n")
    shares = []
    with opened(tmp_path) as connection:
        done = import_file(connection.cursor(), str(path), Columns(), TARGETS, NOW, progress=shares.append)
        assert done.added == 20_000
        assert connection.execute("SELECT count(DISTINCT value) FROM sample").fetchone() == (20_000,)
    assert len(shares) > 20
    assert shares == sorted(shares)
    assert shares[-1] == 1


@pytest.mark.skipif(not CAMPUS.exists(), reason="the shared folder of sample data is not here")
def test_a_year_of_a_campus(tmp_path):
    files = sorted(CAMPUS.glob("*_2019.csv"))
    targets = {path.stem: Target(number) for number, path in enumerate(files)}
    with opened(tmp_path) as connection:
        for path in files:
            title = path.read_text(encoding="utf-8").split("\n", 1)[0].split(",")[1]
            columns = Columns(points={title: path.stem})
            done = import_file(connection.cursor(), str(path), columns, targets, NOW, timezone="Etc/UTC")
            assert (done.rows, done.added, done.bad) == (8760, 8760, 0), path.name
            again = import_file(connection.cursor(), str(path), columns, targets, NOW, timezone="Etc/UTC")
            assert (again.added, again.repeated) == (0, 8760)
        assert connection.execute("SELECT count(*) FROM sample").fetchone() == (8760 * len(files),)
        connection.execute("CHECKPOINT")
        assert connection.execute("SELECT count(*) FROM block").fetchone()[0] < 20
