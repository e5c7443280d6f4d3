"""SensorThings pull against a server on loopback that filters, sorts and pages as the standard says."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

from tests.support.http_site import Site, as_json
from tests.support.sinks import KeptRows, until
from twin.connectors.connector import State
from twin.connectors.registry import make_connector
from twin.state.point import PointSpec

NOW = 1_700_000_000_000
POINTS = [
    PointSpec("a", "g", source="sensorthings:1"),
    PointSpec("b", "g", source="sensorthings:it's"),
    PointSpec("c", "g", source="sensorthings:99"),
]


def iso(ms):
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat().replace("+00:00", "Z")


class Service:
    """Datastreams `1`, `it's` and `2`; Observations come two a page."""

    def __init__(self):
        self.streams = {"1": [(NOW + n, float(n)) for n in range(5)], "'it''s'": [(NOW, "on")], "2": [(NOW, 4.0)]}
        self.broken = False

    def __call__(self, path, headers):
        if self.broken:
            return 503, {}, b""
        if path.startswith("/v1.1/Datastreams?"):
            first = {"@iot.id": 1, "name": "known", "unitOfMeasurement": {"symbol": "°C"}}
            other = {"@iot.id": 2, "name": "other", "unitOfMeasurement": {"symbol": "Pa"},
                     "Observations": [{"result": 4.0, "phenomenonTime": f"{iso(NOW)}/{iso(NOW + 1000)}"}]}  # fmt: skip
            return as_json({"value": [first, other]})
        found = re.match(r"/v1.1/Datastreams\((.+?)\)/Observations\?(.*)", path)
        rows = self.streams.get(found[1])
        if rows is None:
            return 404, {}, b""
        assert "$orderby=phenomenonTime asc" in found[2]
        after = re.search(r"phenomenonTime gt (\S+?)(&|$)", found[2])[1]
        skip = int((re.search(r"\$skip=(\d+)", found[2]) or [0, "0"])[1])
        later = [row for row in rows if row[0] > round(datetime.fromisoformat(after).timestamp() * 1000)]
        page = later[skip : skip + 2]
        answer = {"value": [{"result": value, "phenomenonTime": iso(at)} for at, value in page]}
        if skip + 2 < len(later):
            base = re.sub(r"&\$skip=\d+", "", path)
            answer["@iot.nextLink"] = f"http://inside.example{base}&$skip={skip + 2}"  # behind a proxy
        return as_json(answer)


def made(site, sink, folder, **settings):
    whole = {
        "kind": "sensorthings",
        "name": "st",
        "url": f"{site.url}/v1.1",
        "interval_s": 0.1,
        "since_s": 9e8,
        "page": 2,
    }
    connector = make_connector({**whole, **settings}, POINTS, sink, folder=folder)
    connector._first_pause_s = 0.01
    return connector


async def test_observations_come_once_over_pages_outages_and_restarts(tmp_path):
    service = Service()
    with Site(service) as site:
        connector = made(site, sink := KeptRows(), tmp_path)
        await connector.start()
        rows = await sink.until(6)
        assert [row[1:3] for row in rows if row[0] == 0] == [(float(n), NOW + n) for n in range(5)]
        assert [row[0] for row in rows if row[0] != 0] == [1]
        (candidate,) = connector.candidates()
        assert candidate["address"] == "2"
        assert candidate["sample"] == '{"name":"other","unit":"Pa","result":4.0}'
        assert connector.last("2").time == NOW + 1000
        await connector.wait_for(State.CONNECTED)
        service.broken = True
        async with asyncio.timeout(20):
            await connector.wait_for(State.FAILED)
        assert "answers 503" in connector.detail
        service.streams["1"].append((NOW + 50, 50.0))
        service.broken = False
        assert (await sink.until(7))[6][:3] == (0, 50.0, NOW + 50)
        await connector.stop()
        service.streams["1"].append((NOW + 60, 60.0))
        again = made(site, other := KeptRows(), tmp_path)
        await again.start()
        await other.until(1)
        await again.stop()
        assert other.rows == [(0, 60.0, NOW + 60, 0, False)]


async def test_a_page_that_is_no_service_is_told(tmp_path):
    with Site(lambda *_: as_json([])) as site:
        connector = made(site, KeptRows(), tmp_path)
        await connector.start()
        await until(lambda: "is no SensorThings service" in connector.detail)
        await connector.stop()
