"""Moving samples into the archive changes no answer, keeps each once, and is done whole or not at all."""

import os
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tests.twin.state.history_support import DAY, HOUR, T0, opened, put
from twin.state.history_asof import as_of
from twin.state.history_queries import page
from twin.state.history_seal import seal

ROOT = Path(__file__).parents[3]


def scattered(count: int = 4000, points: int = 7) -> tuple:
    random = np.random.default_rng(11)
    t = T0 + random.integers(0, 5 * DAY, count)
    value = random.integers(0, 50, count).astype(float)
    quality = np.where(random.random(count) < 0.1, 2, 0)
    return random.integers(0, points, count), t, np.where(quality == 2, np.nan, value), quality


def truth(point, t, value, quality, instant: int) -> dict:
    """As-of by the plainest means: (time, value) of the last usable sample, and when anything was heard."""
    found = {}
    for key in np.unique(point):
        mine = (point == key) & (t <= instant)
        if mine.any():
            good = mine & (quality < 2)
            at = np.flatnonzero(good)[np.argmax(t[good])] if good.any() else None
            found[int(key)] = (0 if at is None else int(t[at]), None if at is None else value[at], int(t[mine].max()))
    return found


def answered(connection, instant: int) -> dict:
    got = as_of(connection.cursor(), instant, np.arange(7))
    rows = zip(got.keys.tolist(), got.times.tolist(), got.values.tolist(), got.heard.tolist(), strict=True)
    return {key: (t, value if t else None, heard) for key, t, value, heard in rows}


@pytest.mark.parametrize("block_rows", [50, 1_000_000])
def test_as_of_is_the_same_before_while_and_after(tmp_path, block_rows):
    columns = scattered()
    instants = np.random.default_rng(3).integers(T0 - HOUR, T0 + 6 * DAY, 40).tolist()
    wanted = [truth(*columns, instant) for instant in instants]
    with opened(tmp_path) as connection:
        put(connection, *columns)
        assert [answered(connection, instant) for instant in instants] == wanted
        steps = 0
        while seal(connection.cursor(), T0 + 4 * DAY, step_rows=900, block_rows=block_rows).more:
            steps += 1
            assert [answered(connection, instant) for instant in instants] == wanted
        assert steps >= 2
        assert [answered(connection, instant) for instant in instants] == wanted
        left = connection.execute("SELECT min(t), (SELECT count(*) FROM sample) FROM fresh").fetchone()
        assert left[0] >= T0 + 4 * DAY
        assert left[1] == len(columns[0])
        blocks = connection.execute("SELECT start, stop FROM block ORDER BY start").fetchall()
        assert all(a[1] <= b[0] for a, b in pairwise(blocks))
        outside = "SELECT count(*) FROM archive WHERE NOT EXISTS (SELECT 1 FROM block WHERE t >= start AND t < stop)"
        assert connection.execute(outside).fetchone() == (0,)
        assert (len(blocks) > 20) == (block_rows == 50)


def test_late_samples_join_their_block_and_repeats_are_kept_once(tmp_path):
    with opened(tmp_path) as connection:
        put(connection, 1, [T0 + 5, T0 + 5, T0 + 9], [1.0, 1.0, 2.0])
        put(connection, 1, T0 + 7, np.nan, 2)
        assert seal(connection.cursor(), T0 + DAY).kept == 3
        put(connection, 1, [T0 + 7, T0 + 5, T0 + 8, T0 + 20 * HOUR], [np.nan, 1.0, 5.0, 8.0], [2, 0, 0, 0])
        assert page(connection.cursor(), 1, T0, T0 + DAY, 10).t.tolist() == [
            T0 + 5, T0 + 7, T0 + 8, T0 + 9, T0 + 20 * HOUR
        ]  # fmt: skip
        assert seal(connection.cursor(), T0 + DAY).kept == 2
        assert connection.execute("SELECT count(*) FROM sample").fetchone() == (5,)
        assert answered(connection, T0 + 8)[1] == (T0 + 8, 5.0, T0 + 8)
        assert answered(connection, T0 + 2 * DAY)[1] == (T0 + 20 * HOUR, 8.0, T0 + 20 * HOUR)
        assert connection.execute('SELECT sum("rows") FROM block').fetchone() == (5,)


def test_samples_may_arrive_while_a_step_is_under_way(tmp_path):
    with opened(tmp_path) as connection:
        put(connection, 0, T0 + np.arange(1000), 1.0)
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        cursor.execute("DELETE FROM fresh WHERE t < ?", [T0 + 500])
        put(connection, 0, T0 + 100, 7.0)
        cursor.execute("COMMIT")
        assert connection.execute("SELECT count(*), sum(value) FROM fresh").fetchone() == (501, 507.0)


def test_a_history_from_before_is_taken_over(tmp_path):
    path = tmp_path / "history.duckdb"
    with duckdb.connect(str(path)) as old:
        old.execute("CREATE TABLE point_key(key INTEGER, point_id VARCHAR)")
        old.execute("CREATE TABLE sample(point INTEGER, t BIGINT, value DOUBLE, quality UTINYINT)")
        old.execute(
            "CREATE VIEW samples AS SELECT point_id, epoch_ms(t) AS t, value FROM sample JOIN point_key ON key = point"
        )
        old.execute("INSERT INTO sample VALUES (0, ?, 4, 0)", [T0])
        old.execute("INSERT INTO point_key VALUES (0, 'a')")
    for _ in range(2):
        with opened(tmp_path) as connection:
            assert connection.execute("SELECT point_id, value FROM samples").fetchall() == [("a", 4.0)]
            assert answered(connection, T0 + 1)[0][:2] == (T0, 4.0)


def test_the_file_does_not_keep_what_was_moved(tmp_path):
    path = tmp_path / "history.duckdb"
    sizes = []
    with opened(tmp_path) as connection:
        for day in range(6):
            put(
                connection, np.arange(200_000) % 100, T0 + day * DAY + np.arange(200_000) * 400, np.arange(200_000) % 97
            )
            seal(connection.cursor(), T0 + (day + 1) * DAY)
            connection.execute("CHECKPOINT")
            sizes.append(path.stat().st_size)
    growth = (sizes[-1] - sizes[1]) / (4 * 200_000)
    assert growth < 8, f"{growth:.1f} bytes a sample: expected a compressed copy and no remains of the first one"


KILLED = """
import sys
from pathlib import Path
from twin.state.history_schema import open_history
from twin.state.history_seal import seal

connection = open_history(Path(sys.argv[1]))
print("open", flush=True)
while seal(connection.cursor(), 1 << 60, step_rows=20_000).more:
    print("step", flush=True)
print("done", flush=True)
"""


def test_a_kill_while_moving_leaves_every_sample_once(tmp_path):
    count = 200_000
    with opened(tmp_path) as connection:
        put(connection, np.arange(count) % 50, T0 + np.arange(count) * 5000, np.arange(float(count)))
    for lines in (1, 2, 4):
        arguments = [sys.executable, "-c", KILLED, str(tmp_path / "history.duckdb")]
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            for _ in range(lines):
                process.stdout.readline()
            os.kill(process.pid, signal.SIGKILL)
        with opened(tmp_path) as connection:
            found = connection.execute("SELECT count(*), count(DISTINCT value), sum(value) FROM sample").fetchone()
            assert found == (count, count, count * (count - 1) / 2)
            last = as_of(connection.cursor(), 1 << 60, np.arange(50))
            assert last.values.tolist() == np.arange(count - 50.0, count).tolist()
    with opened(tmp_path) as connection:
        assert connection.execute("SELECT count(*) FROM archive").fetchone()[0] > 0
