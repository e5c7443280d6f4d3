"""Files of earlier versions are taken up; a kill loses nothing that was committed; a flood is bounded."""

import asyncio
import sys
from pathlib import Path

import duckdb
import numpy as np

from tests.support.alarms import Park, rule
from twin.clock import ManualClock, SystemClock
from twin.rules import book
from twin.state.history import History
from twin.state.point import PointSpec

ROOT = Path(__file__).parents[3]
OLD = """
CREATE TABLE alarm(id VARCHAR, rule VARCHAR, point_id VARCHAR, gid VARCHAR, state VARCHAR, severity VARCHAR,
    value DOUBLE, "limit" DOUBLE, unit VARCHAR, raised_at BIGINT, cleared_at BIGINT, acknowledged_at BIGINT,
    acknowledged_by VARCHAR, comment VARCHAR, count INTEGER, message_zh VARCHAR, message_en VARCHAR, source VARCHAR,
    mark VARCHAR);
INSERT INTO alarm VALUES ('x', 'co2-high', 'r0.co2', 'a1/0', 'acknowledged', 'major', 1200, 1000, 'ppm',
    1, NULL, 2, 'li', 'ok', 1, '高', 'high', '', '');
INSERT INTO alarm VALUES ('y', 'co2-high', 'r1.co2', 'a1/1', 'cleared', 'major', 1200, 1000, 'ppm',
    1, 3, NULL, '', '', 2, '高', 'high', '', '');
"""


async def test_a_file_of_an_earlier_version_goes_on(tmp_path):
    path = tmp_path / "history.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute(OLD)
    history = await History.open(path)
    park = Park(history, ManualClock(), [rule()])
    await park.alarms.load()
    assert {a.point_id: (a.state.value, a.process.value) for a in park.alarms.open()} == {
        "r0.co2": ("acknowledged", "acknowledged"),
        "r1.co2": ("cleared", "cleared"),
    }
    assert park.say(r0_co2=500) == [("cleared", "r0.co2", "normal")]
    await history.close()
    again = await History.open(path)  # a second time there is nothing left to add
    assert (await again.read(lambda c: c.execute("SELECT count(*) FROM alarm").fetchone()))[0] == 2
    await again.close()


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.support.alarms import Park, rule
from twin.clock import SystemClock
from twin.state.history import History

async def main():
    history = await History.open(Path(sys.argv[1]), group_ms=1)
    park = Park(history, SystemClock(), [rule(), rule(id="slow", limit=1050, delay_s=3600)])
    park.say(r0_co2=1100, r1_co2=1100, r2_co2=1100)
    ids = {alarm.point_id: alarm.id for alarm in park.alarms.open()}
    await park.alarms.acknowledge(ids["r0.co2"], "li", "known")
    await park.alarms.shelve([ids["r1.co2"]], "wang", 3600, "works")
    await park.alarms.remove_from_service("wang", "works", point_id="r2.co2", rule="co2-high")
    await park.alarms.flush()
    print("ready", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_state_survives_kill_9(tmp_path):
    path = tmp_path / "history.duckdb"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(path), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert (await asyncio.wait_for(process.stdout.readline(), 60)).strip() == b"ready"
    finally:
        process.kill()
        await process.wait()
    history = await History.open(path)
    park = Park(history, SystemClock(), [rule(), rule(id="slow", limit=1050, delay_s=3600)])
    await park.alarms.load()
    states = {alarm.point_id: alarm.state.value for alarm in (*park.alarms.open(), *park.alarms.open("held"))}
    assert states == {"r0.co2": "acknowledged", "r1.co2": "shelved", "r2.co2": "out-of-service"}
    assert {hold.author for hold in park.alarms.holds()} == {"wang"}
    assert len(park.alarms._watch.pending) == 3
    await history.close()


async def test_a_hundred_thousand_at_once_are_taken_in_steps_and_written_in_few_transactions(tmp_path):
    count = 100_000
    history = await History.open(tmp_path / "history.duckdb")
    park = Park(
        history, ManualClock(), [rule()], points=[PointSpec(f"p{n}", f"a1/{n}", kind="co2") for n in range(count)]
    )
    commits = history.status()["commits"]
    park.hub.update(np.arange(count), np.full(count, 2000.0))
    ticks = 0
    while len(park.alarms._open) < count:
        told = park.tick()
        assert len(told) <= book.TOLD_A_TICK + 1
        ticks += 1
        park.clock.advance(0.2)
        await asyncio.sleep(0)
    assert ticks == count / book.CHANGES_A_TICK
    await park.alarms.flush()
    assert history.status()["commits"] - commits < 100
    assert (await park.alarms.page(None, 1, 0))[1] == count
    assert (await history.read(lambda c: c.execute("SELECT count(*) FROM event").fetchone()))[0] == count
    park.hub.update(np.arange(count), np.full(count, 10.0))
    assert len(park.tick()) <= book.TOLD_A_TICK + 1
    assert len(park.alarms.open("cleared")) == book.CHANGES_A_TICK
    await history.close()
