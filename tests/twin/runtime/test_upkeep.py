"""The runtime keeps its history in order by itself."""

import numpy as np
import pytest

from tests.twin.state.history_support import DAY, HOUR, T0, samples
from twin.clock import ManualClock
from twin.park import Park
from twin.runtime import upkeep
from twin.runtime.park_runtime import ParkRuntime
from twin.state.point import PointSpec


@pytest.fixture
async def runtime(tmp_path):
    park = Park.create(tmp_path / "park")
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    one = ParkRuntime(Park.load(park.folder), [PointSpec("a", "x/1", kind="co2")], clock=ManualClock(T0 + DAY))
    await one.start()
    yield one
    await one.stop()


async def test_old_samples_move_and_young_ones_stay(runtime, monkeypatch):
    keys = await runtime.store.register(["a"])
    times = T0 + np.arange(48) * HOUR // 2
    await runtime.store.append(samples(np.zeros(48), times, np.arange(48.0)), keys)
    work = upkeep.Upkeep(runtime.park)
    await work.step(runtime.store, runtime.hub, runtime.clock.now_ms())
    assert await count(runtime, "archive") == 0, "few samples wait until they are a day old"
    monkeypatch.setattr(upkeep, "WAIT_ROWS", 10)
    await work.step(runtime.store, runtime.hub, runtime.clock.now_ms())
    assert (await count(runtime, "archive"), await count(runtime, "fresh")) == (46, 2)
    monkeypatch.undo()
    runtime.clock.advance(2 * 86_400)
    await work.step(runtime.store, runtime.hub, runtime.clock.now_ms())
    assert await count(runtime, "fresh") == 0


async def count(runtime, table: str) -> int:
    return await runtime.store.read(lambda cursor: cursor.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
