"""OGC SensorThings API 1.1 (18-088): pull Observations of a server of others since the last one seen.

An address is the id of a Datastream (`17`, or a text). Datastreams without a point are candidates, with their
name, unit and last result.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import orjson

from twin.connectors.connector import Sink, State
from twin.connectors.conversion import number_of
from twin.connectors.http_fetch import Fetcher, Site, site_from
from twin.connectors.intake import Arrived
from twin.connectors.session import Lost, SessionConnector
from twin.connectors.setting_reader import SettingReader
from twin.connectors.times import epoch_ms
from twin.errors import Invalid, ParkError
from twin.park import write_atomic
from twin.state.point import PointSpec
from twin.state.quality import BAD

log = logging.getLogger(__name__)

PAGE = 1000
MAX_PAGES = 1000
AT_ONCE = 4
LOOK_AROUND_S = 300.0


class SensorThingsConnector(SessionConnector):
    """Observations of a SensorThings service whose root is the site's url (it ends in `/v1.1`).

    since_s: how far back the first pull goes; cursor: a file that keeps what was seen over restarts, None keeps it in
    memory. Observations with a phenomenonTime later than now are taken as they are (the hub judges clocks).
    """

    kind = "sensorthings"
    polls = True

    def __init__(
        self,
        name: str,
        site: Site,
        points: Sequence[PointSpec],
        sink: Sink,
        *,
        interval_s: float = 60.0,
        since_s: float = 3600.0,
        selection: str = "",
        cursor: Path | None = None,
        page: int = PAGE,
        first_pause_s: float = 1.0,
    ) -> None:
        self._site, self._interval_s, self._since_s, self._page = site, interval_s, since_s, page
        self._selection, self._cursor = selection, cursor
        self._seen = _read(cursor)
        self._root = site.url.rstrip("/") + "/"
        self._looked = -1e9
        super().__init__(name, points, sink, first_pause_s=first_pause_s, longest_pause_s=max(60.0, interval_s))
        self.patience_s += interval_s + site.timeout_s

    def rebound(self) -> None:
        """Look at the Datastreams again."""
        self._looked = -1e9

    async def session(self) -> None:
        """Pull until something is wrong."""
        async with self._site.client() as client:
            fetcher, slots = Fetcher(self._site, client), asyncio.Semaphore(AT_ONCE)
            while True:
                if time.monotonic() - self._looked >= LOOK_AROUND_S:
                    await self._look_around(fetcher)
                try:
                    async with asyncio.TaskGroup() as group:
                        for stream in list(self.intake.addresses):
                            group.create_task(self._pull_in_turn(fetcher, slots, stream))
                except* (Lost, ParkError) as failed:
                    raise Lost(str(failed.exceptions[0])) from failed
                if self.state is not State.CONNECTED:
                    self.connected(f"asks every {self._interval_s:g} s")
                await asyncio.sleep(self._interval_s)

    async def _look_around(self, fetcher: Fetcher) -> None:
        query = "Datastreams?$select=id,name,unitOfMeasurement&$top=100&$expand=Observations($top=1;$orderby=phenomenonTime desc)"
        if self._selection:
            query += f"&$filter={quote(self._selection)}"
        known = self.intake.addresses
        async for row in self._rows(fetcher, query):
            address = str(row.get("@iot.id", ""))
            if not address or address in known:
                continue
            last = (row.get("Observations") or [{}])[0]
            unit = (row.get("unitOfMeasurement") or {}).get("symbol")
            sample = {"name": row.get("name"), "unit": unit, "result": last.get("result")}
            value, text = number_of(last.get("result"))
            await self.intake.take([Arrived(address, value, _time(last), sample=orjson.dumps(sample), text=text)])
        self._looked = time.monotonic()

    async def _pull_in_turn(self, fetcher: Fetcher, slots: asyncio.Semaphore, stream: str) -> None:
        async with slots:
            try:
                await self._pull(fetcher, stream)
            except Lost as error:
                if " answers 404 " not in str(error):
                    raise
                log.warning("Connector %s: there is no Datastream %s", self.name, stream)  # the others go on

    async def _pull(self, fetcher: Fetcher, stream: str) -> None:
        seen = self._seen.get(stream) or self.clock.now_ms() - round(1000 * self._since_s)
        ident = stream if stream.isdecimal() else "'" + quote(stream.replace("'", "''"), safe="") + "'"
        query = (
            f"Datastreams({ident})/Observations?$select=result,phenomenonTime&$orderby=phenomenonTime asc"
            f"&$top={self._page}&$filter={quote(f'phenomenonTime gt {_iso(seen)}')}"
        )
        batch: list[Arrived] = []
        async for row in self._rows(fetcher, query):
            batch.append(_observation(stream, row))
            if len(batch) >= self._page:
                seen = await self._keep(stream, batch, seen)
                batch = []
        if batch:
            await self._keep(stream, batch, seen)

    async def _keep(self, stream: str, batch: list[Arrived], seen: int) -> int:
        await self.intake.take(batch)
        newest = max(seen, *(one.time for one in batch))
        self._seen[stream] = newest  # after the commit: what was not kept is asked for again
        if self._cursor is not None:
            write_atomic(self._cursor, orjson.dumps(self._seen).decode())
        return newest

    async def _rows(self, fetcher: Fetcher, query: str) -> Any:
        url: str | None = urljoin(self._root, query)
        for _ in range(MAX_PAGES):
            if url is None:
                return
            document = await fetcher.json(url)
            self.alive()
            rows = document.get("value") if isinstance(document, dict) else None
            if not isinstance(rows, list):
                raise Lost(f"{self._root} is no SensorThings service: expected an object with value")
            for row in rows:
                if isinstance(row, dict):
                    yield row
            url = self._next(document.get("@iot.nextLink"))

    def _next(self, link: object) -> str | None:
        if not isinstance(link, str) or not link:
            return None
        url = urljoin(self._root, link)
        # A service behind a proxy may name itself otherwise; credentials go to the configured host only.
        parts, own = urlsplit(url), urlsplit(self._root)
        return parts._replace(scheme=own.scheme, netloc=own.netloc).geturl()


def _observation(stream: str, row: dict[str, Any]) -> Arrived:
    value, text = number_of(row.get("result"))
    at = _time(row)
    return Arrived(stream, value, at, 0 if at else BAD, sample=str(row.get("result"))[:200].encode(), text=text)


def _time(row: dict[str, Any]) -> int:
    """The end of a phenomenonTime, which may be an interval; 0 where it has none."""
    given = str(row.get("phenomenonTime") or "").rpartition("/")[2]
    try:
        return epoch_ms(given, "iso")
    except Invalid:
        return 0


def _iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read(cursor: Path | None) -> dict[str, int]:
    try:
        found = {} if cursor is None else orjson.loads(cursor.read_bytes())
        return {str(key): int(at) for key, at in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}  # the last `since_s` seconds are read again


def sensorthings_from_settings(
    name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink, folder: Path = Path()
) -> SensorThingsConnector:
    """A connector from its `park.toml` entry. Raises Invalid naming a wrong setting."""
    read = SettingReader(name, settings)
    site = site_from(name, read, folder)
    interval = read.number("interval_s", 60.0, low=0.1, high=86_400)
    since, selection = read.number("since_s", 3600.0, low=0, high=1e9), read.text("filter", "")
    page = read.whole("page", PAGE, low=1, high=10_000)
    read.done()
    kept = folder / "connectors"
    kept.mkdir(parents=True, exist_ok=True)
    return SensorThingsConnector(
        name,
        site,
        points,
        sink,
        interval_s=interval,
        since_s=since,
        selection=selection,
        cursor=kept / f"{quote(name, safe='')}.json",
        page=page,
    )
