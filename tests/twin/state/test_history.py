import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

from twin.errors import Invalid, NotFound, Unavailable
from twin.state import once
from twin.state.history import History
from twin.state.history_schema import open_history
from twin.state.history_writer import ROW_GROUP
from twin.state.samples import Samples

ROOT = Path(__file__).parents[3]
T0 = 1_700_000_000_000


def samples(points, times, values, quality=None):
    n = len(points)
    return Samples(
        np.array(points, np.int64),
        np.array(times, np.int64),
        np.array(values, np.float64),
        np.zeros(n, np.uint8) if quality is None else np.array(quality, np.uint8),
    )


async def test_appended_samples_are_there_under_their_ids(tmp_path):
    history = await History.open(tmp_path / "history.duckdb")
    keys = await history.register(["room/co2", "room/temp"])
    await history.append(samples([1, 0], [T0, T0 + 1], [21.5, 600]), keys)
    assert history.status()["committed_rows"] >= 2
    await history.close()
    with duckdb.connect(str(tmp_path / "history.duckdb"), read_only=True) as db:
        rows = db.execute("SELECT point_id, epoch_ms(t), value, quality FROM samples ORDER BY t").fetchall()
    assert rows == [("room/temp", T0, 21.5, 0), ("room/co2", T0 + 1, 600.0, 0)]


async def test_keys_survive_a_restart_and_other_points(tmp_path):
    history = await History.open(tmp_path / "history.duckdb")
    first = await history.register(["a", "b"])
    await history.close()
    history = await History.open(tmp_path / "history.duckdb")
    assert (await history.register(["c", "b", "a"])).tolist() == [2, first[1], first[0]]
    await history.close()


async def test_small_batches_share_a_commit(tmp_path):
    history = await History.open(tmp_path / "history.duckdb", group_ms=200)
    keys = await history.register(["a"])
    before = history.status()["commits"]
    await asyncio.gather(*(history.append(samples([0], [T0 + n], [n]), keys) for n in range(200)))
    assert history.status()["commits"] - before < 5
    await history.close()


async def test_buckets_leave_bad_samples_out(tmp_path):
    history = await History.open(tmp_path / "history.duckdb", group_ms=1)
    keys = await history.register(["a", "b"])
    times = T0 + np.arange(100) * 1000
    values = np.arange(100.0)
    quality = np.zeros(100)
    values[5], quality[5] = np.nan, 2
    await history.append(samples(np.zeros(100), times, values, quality), keys)
    await history.append(samples([1], [T0], [1e9]), keys)
    found = await history.buckets("a", T0, T0 + 100_000, 10)
    assert found.t.tolist() == [T0 + 10_000 * n for n in range(10)]
    assert found.count.tolist() == [9] + [10] * 9
    assert found.min.tolist() == [10.0 * n for n in range(10)]
    assert found.max.tolist() == [10.0 * n + 9 for n in range(10)]
    assert found.mean[1] == 14.5
    assert found.mean[0] == pytest.approx(np.nanmean(values[:10]))
    part = await history.buckets("a", T0 + 20_000, T0 + 30_000, 300)
    assert (part.count.sum(), part.min[0]) == (10, 20.0)
    with pytest.raises(NotFound, match="'x' has no history"):
        await history.buckets("x", T0, T0 + 1)
    with pytest.raises(Invalid, match="from < to"):
        await history.buckets("a", T0, T0)
    await history.close()


async def test_latest_before_looks_back_without_end(tmp_path):
    history = await History.open(tmp_path / "history.duckdb", group_ms=1)
    keys = await history.register(["now", "yesterday", "old", "bad", "later", "none"])
    hour = 3_600_000
    batch = samples(
        [0, 0, 1, 2, 3, 3, 4],
        [T0 - 1, T0 - 2, T0 - 20 * hour, T0 - 31 * 24 * hour, T0 - 5, T0 - 3, T0 + 1],
        [5, 4, 3, 2, 1, np.nan, 9],
        [0, 0, 0, 0, 0, 2, 0],
    )
    await history.append(batch, keys)
    found = await history.latest_before(T0, keys)
    assert dict(zip(found.keys.tolist(), found.values.tolist(), strict=True)) == {0: 5.0, 1: 3.0, 2: 2.0, 3: 1.0}
    first = await history.first_after(T0 - hour, T0 + hour, keys)
    assert dict(zip(first.keys.tolist(), first.values.tolist(), strict=True)) == {0: 4.0, 3: 1.0, 4: 9.0}
    await history.close()


async def test_a_full_queue_refuses_and_says_so(tmp_path):
    history = await History.open(tmp_path / "history.duckdb", queue_rows=10)
    keys = await history.register(["a"])
    with pytest.raises(Unavailable, match="rows waiting"):
        history.append(samples([0] * 11, [T0] * 11, [1] * 11), keys)
    assert history.status()["refused_rows"] == 11
    await history.append(samples([0], [T0], [1]), keys)
    await history.close()
    with pytest.raises(Unavailable, match="is closed"):
        history.append(samples([0], [T0], [1]), keys)
    assert history.status()["state"] == "closed"


async def test_closing_commits_what_waits(tmp_path):
    history = await History.open(tmp_path / "history.duckdb", group_ms=10_000)
    keys = np.zeros(1, np.int64)
    pending = history.append(samples([0], [T0], [1]), keys)
    await history.close()
    await pending
    with duckdb.connect(str(tmp_path / "history.duckdb"), read_only=True) as db:
        assert db.execute("SELECT count(*) FROM sample").fetchone() == (1,)


async def test_one_bad_statement_does_not_take_the_others_with_it(tmp_path):
    history = await History.open(tmp_path / "history.duckdb")
    keys = await history.register(["a"])
    good = history.append(samples([0], [T0], [1]), keys)
    bad = history.write([("INSERT INTO nothing VALUES (1)", [])])
    event = history.event(T0, "park-opened", "park", user="x", data={"n": 1})
    await good
    await event
    with pytest.raises(Unavailable, match="cannot be written"):
        await bad
    counts = await history.read(
        lambda c: c.execute("SELECT (SELECT count(*) FROM sample), (SELECT count(*) FROM event)").fetchone()
    )
    assert counts == (1, 1)
    await history.close()


async def test_a_second_process_is_told_that_the_file_is_in_use(tmp_path):
    history = await History.open(tmp_path / "history.duckdb")
    code = (
        "import sys; from pathlib import Path; from twin.errors import Conflict\n"
        "from twin.state.history_schema import open_history\n"
        "try: open_history(Path(sys.argv[1]))\n"
        "except Conflict as error: print(error.code)\n"
    )
    result = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", code, str(tmp_path / "history.duckdb")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.stdout.strip() == "history-locked"
    await history.close()


def test_a_file_that_is_no_history_is_named(tmp_path):
    path = tmp_path / "history.duckdb"
    path.write_text("this is no database, and it is long enough to be looked at" * 100)
    with pytest.raises(Unavailable, match="cannot be opened"):
        open_history(path)


WRITER = """
import asyncio, sys
from pathlib import Path
import numpy as np
from twin.state.history import History
from twin.state.samples import Samples

async def main():
    history = await History.open(Path(sys.argv[1]), group_ms=5)
    keys = await history.register(["a"])
    async def send(number):
        rows = np.full(50, number)
        await history.append(Samples(np.zeros(50, np.int64), rows, rows.astype(float), np.zeros(50, np.uint8)), keys)
        print(number, flush=True)  # the acknowledgement
    number = int(sys.argv[2])
    while True:
        await asyncio.gather(*(send(number + n) for n in range(8)))
        number += 8

asyncio.run(main())
"""


def test_what_was_acknowledged_survives_kill_9(tmp_path):
    path, acknowledged, start = tmp_path / "history.duckdb", set(), 0
    for round_number in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(start)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        with process:
            for seen, line in enumerate(process.stdout, 1):
                acknowledged.add(int(line))
                if seen == 60 + 37 * round_number:
                    os.kill(process.pid, signal.SIGKILL)
                    break
            acknowledged.update(int(line) for line in process.stdout if line.endswith("\n"))
        start = max(acknowledged) + 1000
        with duckdb.connect(str(path), read_only=True) as db:
            rows = dict(db.execute("SELECT t, count(*) FROM sample GROUP BY t").fetchall())
        assert {t: rows.get(t) for t in acknowledged} == dict.fromkeys(acknowledged, 50)
        assert set(rows.values()) == {50}  # a batch is there whole or not at all
    assert len(acknowledged) >= 60 + 97 + 134


FULL_DISK = """
import asyncio, resource, sys
from pathlib import Path
import numpy as np
from twin.errors import Unavailable
from twin.state.history import History
from twin.state.samples import Samples

async def main():
    history = await History.open(Path(sys.argv[1]), group_ms=1)
    keys = await history.register(["a"])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))
    random = np.random.default_rng(1)
    committed = 0
    try:
        for n in range(200):
            rows = Samples(np.zeros(5000, np.int64), random.integers(0, 1 << 60, 5000), random.random(5000), np.zeros(5000, np.uint8))
            await history.append(rows, keys)
            committed += 5000
    except Unavailable as error:
        print(error.code, history.status()["state"], history.status()["failed_rows"])
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await history.append(rows, keys)
    print(history.status()["state"])
    count = (await history.read(lambda c: c.execute("SELECT count(*) FROM sample").fetchone()))[0]
    print(count == committed + 5000)
    await history.close()

asyncio.run(main())
"""


def test_a_full_disk_is_told_and_writing_goes_on_when_there_is_room(tmp_path):
    result = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "history.duckdb")],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.stdout.split() == ["history-write", "failing", "5000", "ok", "True"], result.stderr


async def test_a_batch_divided_over_two_commits_is_done_with_the_last_and_whole(tmp_path):
    history = await History.open(tmp_path / "history.duckdb", group_ms=50)
    keys = await history.register(["a"])
    before = history.status()["commits"]
    sizes = [100_000, 100_000, 100_000, 7]  # the third goes beyond two row groups
    starts = np.cumsum([0, *sizes[:-1]])
    waiting = [
        history.append(samples(np.zeros(size), T0 + start + np.arange(size), np.arange(size)), keys)
        for start, size in zip(starts.tolist(), sizes, strict=True)
    ]
    await waiting[1]
    assert history.status()["committed_rows"] % ROW_GROUP in {1, 0}  # register has written a row
    assert not waiting[2].done()
    await asyncio.gather(*waiting)
    assert history.status()["commits"] - before == 2
    assert history.status()["waiting_rows"] == 0
    query = "SELECT count(*), count(DISTINCT t), min(t), max(t) FROM fresh"
    rows = await history.read(lambda cursor: cursor.execute(query).fetchone())
    assert rows == (sum(sizes), sum(sizes), T0, T0 + sum(sizes) - 1)
    await history.close()


async def test_a_batch_larger_than_a_group_is_kept_whole_when_the_file_is_closed_behind_it(tmp_path):
    history = await History.open(tmp_path / "history.duckdb", group_ms=5000)
    keys = await history.register(["a"])
    size = 3 * ROW_GROUP + 5
    waiting = history.append(samples(np.zeros(size), T0 + np.arange(size), np.arange(size)), keys)
    await history.close()
    await waiting
    with duckdb.connect(str(tmp_path / "history.duckdb"), read_only=True) as db:
        assert db.execute("SELECT count(*) FROM sample").fetchone() == (size,)


async def test_of_a_divided_batch_whose_first_part_fails_nobody_is_told_that_it_is_kept(tmp_path, monkeypatch):
    history = await History.open(tmp_path / "history.duckdb", group_ms=50)
    keys = await history.register(["a"])
    real, calls = once.insert, []

    def failing(connection, batch):
        calls.append(len(batch))
        if len(calls) == 1:
            raise duckdb.IOException("no space left")
        return real(connection, batch)

    monkeypatch.setattr(once, "insert", failing)
    size = 2 * ROW_GROUP + 5
    with pytest.raises(Unavailable, match="no space left"):
        await history.append(samples(np.zeros(size), T0 + np.arange(size), np.arange(size)), keys)
    await history.append(samples([0], [T0 + size], [1.0]), keys)
    assert calls[0] == 2 * ROW_GROUP
    assert history.status()["waiting_rows"] == 0
    await history.close()
