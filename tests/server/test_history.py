"""The history over HTTP: samples, curves, gaps, as-of, with what the graph knows of the points."""

from __future__ import annotations

import numpy as np
import pytest

from server.live.park import park_runtime
from tests.server.conftest import API, Served
from tests.server.test_live import sign_in
from twin.state.samples import Samples

MINUTE = 60_000


@pytest.fixture
def live(start, park) -> Served:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    return start(runtime=park_runtime)


def append(served: Served, point_id: str, t, value, quality=0) -> None:
    """Samples of any time, committed."""

    async def take() -> None:
        store = served.services.runtime.store
        columns = np.broadcast_arrays(np.atleast_1d(t), np.atleast_1d(value), np.atleast_1d(quality))
        keys = await store.register([point_id])
        await store.append(
            Samples(
                np.zeros(len(columns[0]), np.int64),
                columns[0].astype(np.int64),
                columns[1].astype(np.float64),
                columns[2].astype(np.uint8),
            ),
            keys,
        )

    served.client.portal.call(take)


def test_samples_curve_and_gaps(live: Served) -> None:
    client, now = sign_in(live), live.clock.now_ms()
    append(live, "t1", now - 10 * MINUTE + np.arange(5) * 30_000, [20, 21, np.nan, 22, 23], [0, 0, 2, 0, 0])
    asked = {"point_id": "t1", "from": now - 10 * MINUTE, "to": now}
    page = client.get(f"{API}/history/samples", params={**asked, "limit": 3}).json()
    assert (page["unit"], page["value"], page["quality"]) == ("°C", [20, 21, None], [0, 0, 2])
    rest = client.get(f"{API}/history/samples", params={**asked, "from": page["next"]}).json()
    assert (rest["value"], rest["next"]) == ([22, 23], None)
    plot = client.get(f"{API}/history/plot", params=asked).json()
    assert (plot["value"], plot["bad"], plot["samples"]) == ([20, 21, 22, 23], [now - 9 * MINUTE], 4)
    assert plot["gaps"] == []
    gaps = client.get(f"{API}/history/gaps", params={**asked, "periods": 1.5}).json()
    assert gaps["limit_ms"] == 45_000
    assert gaps["items"] == [[now - 570_000, now - 510_000], [now - 8 * MINUTE, now]]
    assert client.get(f"{API}/history/plot", params={"point_id": "zz"}).json()["code"] == "no-history"
    assert client.get(f"{API}/history/samples", params={**asked, "to": 1}).json()["code"] == "history-span"


def test_as_of_tells_value_quality_and_age(live: Served) -> None:
    client, now = sign_in(live), live.clock.now_ms()
    month = 40 * 86_400_000
    append(live, "t1", [now - month, now - month + 1000], [19.5, np.nan], [0, 2])
    append(live, "p1", now - 500, 7.0)
    found = client.get(f"{API}/history/as-of").json()
    row = {name: dict(zip(found["point_id"], found[name], strict=True)) for name in ("value", "quality", "age_ms")}
    assert row["value"] == {"t1": 19.5, "p1": 7.0}
    assert row["quality"] == {"t1": 2, "p1": 0}
    assert row["age_ms"] == {"t1": month, "p1": 500}
    then = client.get(f"{API}/history/as-of", params={"at": now - month + 999}).json()
    assert dict(zip(then["point_id"], then["quality"], strict=True)) == {"t1": 0, "p1": 3}
    later = client.get(f"{API}/history/as-of", params={"at": now + 10 * MINUTE, "gid": "a1/s1"}).json()
    assert (later["point_id"], later["quality"]) == (["p1"], [1])
    assert client.get(f"{API}/history/as-of", params={"gid": "a1/nothing"}).status_code == 404


def test_a_park_without_live_state_says_so(served: Served) -> None:
    answer = served.user("viewer").get(f"{API}/history/as-of")
    assert (answer.status_code, answer.json()["code"]) == (503, "no-live")
