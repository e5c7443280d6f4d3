"""HTTP push: gateways POST readings to the park's server; they are answered when these are committed."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Container, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from twin.connectors.connector import Sink
from twin.connectors.conversion import number_of
from twin.connectors.intake import Arrived
from twin.connectors.mapping import Mapped
from twin.connectors.session import SessionConnector
from twin.connectors.setting_reader import SettingReader
from twin.connectors.times import FORMATS, epoch_ms
from twin.errors import Invalid, Unavailable
from twin.state.point import PointSpec
from twin.state.quality import BAD

MAX_ITEMS = 10_000
MAX_WAITING = 16
"""Requests that may wait for their commit at once."""
MAX_ERRORS = 100
RETRY_S = 2.0
KEYS = frozenset({"address", "point", "v", "t", "q", "sim"})


class Fault(NamedTuple):
    """What is wrong with an item. item: its place in the request, from 0; kept: whether its point shows it as bad."""

    item: int
    message: str
    kept: bool


class Answer(NamedTuple):
    """accepted: readings that are committed; faults: the first 100; faulty: how many there are."""

    accepted: int
    faults: list[Fault]
    faulty: int


class PushConnector(SessionConnector):
    """Takes readings that others send. time_format: of `t` in items; see `times.FORMATS`."""

    kind = "http-push"

    def __init__(self, name: str, points: Sequence[PointSpec], sink: Sink, *, time_format: str = "ms") -> None:
        self._form = time_format
        self._waiting = 0
        self._by_point: dict[str, str] = {}
        super().__init__(name, points, sink)
        self.bind(points)

    def bind(self, points: Sequence[PointSpec]) -> None:
        """Serve other points from now on."""
        super().bind(points)
        self._points = points
        self._name_points()

    def map(self, mapped: Mapping[str, Mapped]) -> None:
        """Take the mapping's entries for this connector."""
        super().map(mapped)
        self._name_points()

    def _name_points(self) -> None:
        # By its id a point can be sent where this connector has an address for it. One of another connector cannot:
        # a token opens what its gateway measures, not the whole park.
        self._by_point = {self._points[index].point_id: address for address, index in self.intake.addresses.items()}

    async def session(self) -> None:
        """Nothing is to be done: requests come by themselves."""
        self.connected("waits for POST requests")
        await asyncio.Event().wait()

    async def accept(self, body: bytes, only: Container[str] | None = None) -> Answer:
        """Take the items of a request; returns when they are committed.

        body: a JSON object, a list of them, or one a line; only: ids of the points that the sender may speak for. Raises Invalid where it is none of these or has none that can
        be used, Unavailable (with retry_after_s) where the readings cannot be kept now.
        """
        if self._waiting >= MAX_WAITING:
            raise Unavailable(
                f"Connector {self.name!r} has {MAX_WAITING} requests waiting for their commit: send fewer at once",
                code="connector-busy",
                retry_after_s=RETRY_S,
            )
        arrived, faults = self._read(items_of(body), only)
        if not arrived:
            raise Invalid(
                f"No item can be used: {faults[0].message}" if faults else "The request has no items",
                code="readings",
                errors=[fault._asdict() for fault in faults[:MAX_ERRORS]],
            )
        self._waiting += 1
        try:
            await self.intake.take(arrived)
        except Unavailable as error:
            raise Unavailable(error.message, code=error.code, retry_after_s=RETRY_S) from error
        finally:
            self._waiting -= 1
        return Answer(sum(one.address in self.intake.addresses for one in arrived), faults[:MAX_ERRORS], len(faults))

    def _read(self, items: list[Any], only: Container[str] | None) -> tuple[list[Arrived], list[Fault]]:
        arrived: list[Arrived] = []
        faults: list[Fault] = []
        for index, item in enumerate(items):
            try:
                one = self._arrived(item)
                if only is not None:
                    self._allow(one.address, only)
            except Invalid as error:
                faults.append(Fault(index, error.message, kept=False))
                continue
            arrived.append(one)
            told = self._told(one)
            if told:
                faults.append(Fault(index, told, kept=one.address in self.intake.addresses))
        return arrived, faults

    def _allow(self, address: str, only: Container[str]) -> None:
        index = self.intake.addresses.get(address)
        if index is None or self._points[index].point_id not in only:
            raise Invalid(f"Address {address!r} belongs to no point of the device whose token this is", code="readings")

    def _arrived(self, item: Any) -> Arrived:
        if not isinstance(item, dict):
            raise Invalid(f"{str(item)[:40]!r} is no reading: expected an object with address and v", code="readings")
        unknown = sorted(set(item) - KEYS)
        if unknown or "v" not in item:
            what = f"{unknown[0]!r} is unknown" if unknown else "v is missing"
            raise Invalid(f"{what}: expected {', '.join(sorted(KEYS))}", code="readings")
        quality, time = item.get("q", 0), item.get("t")
        if not isinstance(quality, int) or not 0 <= quality <= 255:
            raise Invalid(f"q is {str(quality)[:40]!r}: expected 0, 1 or 2", code="readings")
        given = item["v"]
        if isinstance(given, dict | list):
            raise Invalid(f"v is {str(given)[:40]!r}: expected a number, a text, true, false or null", code="readings")
        value, text = number_of(given)
        return Arrived(
            self._address(item),
            value,
            0 if time is None else epoch_ms(time, self._form),
            BAD if given is None and not quality else quality,
            item.get("sim") is True,
            orjson.dumps(item),
            text,
        )

    def _address(self, item: dict[str, Any]) -> str:
        address, point = item.get("address"), item.get("point")
        if isinstance(address, str) and address and point is None:
            return address
        if address is not None or not isinstance(point, str):
            raise Invalid("Expected either address or point, a text", code="readings")
        found = self._by_point.get(point)
        if found is None:
            raise Invalid(
                f"Point {point!r} has no address of connector {self.name!r}: bind it in points.csv or the mapping",
                code="readings",
            )
        return found

    def _told(self, one: Arrived) -> str:
        if one.address not in self.intake.addresses:
            return f"Address {one.address!r} belongs to no point: it is listed as a candidate"
        mapped = self.intake.mapped.get(one.address)
        value = one.value if mapped is None else mapped.scaling(one.value, one.text)
        if one.text and not math.isfinite(value):
            return f"{one.text[:40]!r} is no number: the point shows it as bad"
        return ""


def items_of(body: bytes) -> list[Any]:
    """Items of a body: of a JSON list, a JSON object, or JSON lines. Raises Invalid naming the line or the number."""
    text = body.strip()
    try:
        found = orjson.loads(text)
        items = found if isinstance(found, list) else [found]
    except orjson.JSONDecodeError as error:
        lines = [line for line in text.split(b"\n") if line.strip()]
        if len(lines) < 2:
            raise Invalid(f"The body is no JSON: {error}", code="readings") from error
        items = [_line(number, line) for number, line in enumerate(lines[: MAX_ITEMS + 1], 1)]
    if len(items) > MAX_ITEMS:
        raise Invalid(f"The request has more than {MAX_ITEMS} items: send them in several", code="readings")
    return items


def _line(number: int, line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise Invalid(f"Line {number} is no JSON: {error}", code="readings") from error


def push_from_settings(
    name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink
) -> PushConnector:
    """A connector from its `park.toml` entry: time_format. Raises Invalid naming a wrong setting."""
    read = SettingReader(name, settings)
    form = read.text("time_format", "ms", one_of=FORMATS)
    read.done()
    return PushConnector(name, points, sink, time_format=form)
