"""The history over HTTP: samples, curves, gaps, as-of, with what the graph knows of the points."""

from __future__ import annotations

import io

import numpy as np
import pyarrow.parquet as pq
import pytest

from server.live.park import park_runtime
from server.models.history import CorrectionShape, TotalsShape
from tests.server.conftest import API, Served
from tests.server.test_live import sign_in
from twin.clock import ManualClock
from twin.graph import GraphStore
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


METERS = """point_id,gid,device,kind,unit,min,max,role,name,address
e1,a1/s0-r0,,energy,kWh,0,1000,measure,Meter 1,mqtt:park/e1
e2,a1/s1-r0,,energy,kWh,,,measure,Meter 2,mqtt:park/e2
e3,a1/s1-r0,,energy,MWh,,,measure,Meter 3,mqtt:park/e3
t1,a1/s0-r0,a1/s0-w0,temperature,°C,-20,60,measure,Room 100,mqtt:park/t1
d1,a1/s0-r0,,door,,,,measure,Door,mqtt:park/d1
"""


@pytest.fixture
def metered(start, park) -> Served:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    (park.folder / "points.csv").write_text(METERS, encoding="utf-8")
    graph = GraphStore(park)
    graph.load_points()
    graph.close()
    return start(runtime=park_runtime, clock=ManualClock(1_792_944_000_000))  # 2026-10-26 00:00 in Shanghai


def test_a_buildings_energy_is_the_sum_of_its_meters_differences(metered: Served) -> None:
    client, now = sign_in(metered), metered.clock.now_ms()
    start = now - 2 * 24 * 60 * MINUTE
    t = start + np.arange(2 * 24 * 60 + 1) * MINUTE
    append(metered, "e1", t, 500 + np.arange(len(t)) * 0.1)
    append(metered, "e2", t[: len(t) // 2 + 1], np.arange(len(t) // 2 + 1) * 0.5)
    append(metered, "e3", t, 1.0)
    asked = {"gid": "a1/b", "kind": "energy", "by": "day", "from": start, "to": now}
    building = client.get(f"{API}/objects/card", params={"gid": "a1/s0-r0"}).json()["path"][0]["gid"]
    found = client.get(f"{API}/history/totals", params={**asked, "gid": building}).json()
    TotalsShape.model_validate(found)
    assert (found["function"], found["unit"], found["timezone"]) == ("increase", "kWh", "Asia/Shanghai")
    assert found["value"] == pytest.approx([144 + 720, 144])
    assert found["total"] == pytest.approx(1008)
    assert (found["points"], found["used"], found["bucket_used"]) == (2, 2, [2, 1])
    assert found["bucket_coverage"] == pytest.approx([1, 0.5])
    assert found["left_out"] == [{"point_id": "e3", "unit": "MWh"}]
    assert [(row["point_id"], row["coverage"]) for row in found["members"]] == [("e1", 1.0), ("e2", 0.5)]
    storey = client.get(f"{API}/history/totals", params={**asked, "gid": "a1/s0"}).json()
    assert storey["value"] == pytest.approx([144, 144])
    assert client.get(f"{API}/history/totals", params={**asked, "gid": "a1/none"}).status_code == 404
    none = client.get(f"{API}/history/totals", params={**asked, "gid": "a1/s0", "kind": "co2"})
    assert none.json()["code"] == "no-points"


def test_means_and_time_on(metered: Served) -> None:
    client, now = sign_in(metered), metered.clock.now_ms()
    start = now - 60 * MINUTE
    t = start + np.arange(120) * 30_000
    append(metered, "t1", t, np.where(np.arange(120) < 60, 20.0, 24.0))
    append(metered, "d1", t[:60], (np.arange(60) % 2).astype(float))
    asked = {"gid": "a1/s0", "by": "hour", "from": start, "to": now}
    for function, value in {"": 22, "average": 22, "min": 20, "max": 24}.items():
        found = client.get(
            f"{API}/history/totals", params={**asked, "kind": "temperature", "function": function}
        ).json()
        assert (found["value"], found["total"]) == ([value], value), function
        assert found["coverage"] == 1
    door = client.get(f"{API}/history/totals", params={**asked, "kind": "door"}).json()
    held = 30 * 30 + 60  # the last sample was "on" and holds for three periods
    assert (door["function"], door["unit"], door["value"]) == ("on_time", "h", [pytest.approx(held / 3600)])
    assert door["coverage"] == pytest.approx((60 * 30 + 60) / 3600)


def test_corrections_need_the_permission_and_leave_an_audit_row(live: Served) -> None:
    client, now = sign_in(live), live.clock.now_ms()
    append(live, "t1", now - np.arange(5) * 30_000, 21.0)
    body = {"point_id": "t1", "from": now - 30_000, "to": now + 1, "action": "value", "value": 19.0, "reason": "test"}
    made = client.post(f"{API}/history/corrections", json=body)
    assert made.status_code == 201, made.text
    CorrectionShape.model_validate(made.json())
    page = client.get(f"{API}/history/samples", params={"point_id": "t1", "to": now + 1}).json()
    assert (page["value"], page["original"]) == ([21, 21, 21, 19, 19], [21] * 5)
    assert client.post(f"{API}/history/corrections", json=body).json()["code"] == "corrected"
    number = made.json()["id"]
    listed = client.get(f"{API}/history/corrections", params={"point_id": "t1"}).json()
    assert [row["id"] for row in listed["items"]] == [number]
    assert client.post(f"{API}/history/corrections/{number}/undo").json()["undone_by"] == "operator"
    rows = live.services.audit.search(action="history.")["items"]
    assert [row["action"] for row in rows] == ["history.correction-undo", "history.correct"]
    assert rows[1]["detail"]["reason"] == "test"
    assert sign_in(live, "viewer").post(f"{API}/history/corrections", json=body).status_code == 403


def test_the_command_line_works_beside_a_running_server(start, park, tmp_path) -> None:
    with (park.folder / "park.toml").open("a") as stream:
        stream.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    served = start(runtime=park_runtime, control_token="right")
    now = served.clock.now_ms()
    file = tmp_path / "in.csv"
    file.write_text(f"point,t,value\nt1,{now - MINUTE},20.5\nt1,{now - 3 * 86_400_000},19\n")

    def told(command: str, **given: object) -> dict:
        answer = served.client.post(
            f"{API}/control/history", json={"command": command, "given": given}, headers={"X-Control-Token": "right"}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    columns = {"point": "", "time": "", "value": "", "quality": "", "points": {}}
    done = told("import", path=str(file), timezone="", unit="", columns=columns)
    assert (done["added"], done["bad"]) == (2, 0)
    assert told("as-of", at=0, gid="")["value"] == [None, 20.5]
    assert told("compact") == {"sealed": 0, "summarised": 0}
    assert [row["action"] for row in served.services.audit.search(action="history.")["items"]] == [
        "history.compact",
        "history.import",
    ]
    wrong = {"command": "sing", "given": {}}
    assert (
        served.client.post(f"{API}/control/history", json=wrong, headers={"X-Control-Token": "right"}).json()["code"]
        == "history-command"
    )


def test_export_streams_a_parquet_file(live: Served) -> None:
    client, now = sign_in(live), live.clock.now_ms()
    append(live, "t1", now - np.arange(1, 6) * 1000, 20.0 + np.arange(5))
    append(live, "p1", now - 1000, 5.0)
    answer = client.get(f"{API}/history/export", params={"point_id": "t1"})
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert pq.read_table(io.BytesIO(answer.content))["value"].to_pylist() == [24, 23, 22, 21, 20]
    both = client.get(f"{API}/history/export", params={"gid": "a1", "to": now})
    assert both.status_code == 404
    assert pq.read_table(io.BytesIO(client.get(f"{API}/history/export").content)).num_rows == 6
    assert client.get(f"{API}/history/export", params={"point_id": "zz"}).json()["code"] == "no-point"
