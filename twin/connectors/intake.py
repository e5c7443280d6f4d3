"""The way from an address and its value to a reading of a point, for every connector alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

import numpy as np

from twin.clock import Clock
from twin.connectors.candidates import Candidates
from twin.connectors.connector import Address, Counters, Readings, Sink
from twin.connectors.mapping import Mapped
from twin.state.point import PointSpec
from twin.state.samples import Floats, Ints


class Arrived(NamedTuple):
    """One value as it came. address: as in a point's source, without the kind; value: NaN where it was no number.

    time: epoch ms by the sender's clock, 0 where it gave none; sample: what to show where the address is unknown;
    text: what came in the place of a number (`on`), for the mapping's table of values.
    """

    address: str
    value: float
    time: int = 0
    quality: int = 0
    simulated: bool = False
    sample: bytes = b""
    text: str = ""


class Resolved(NamedTuple):
    """A reading of a point. value: in the point's unit."""

    point: int
    value: float


class Conversion(Protocol):
    """From the raw value of an address to the value in the point's unit."""

    def __call__(self, raw: float) -> float:
        """The value in the point's unit, NaN where the raw value means none."""
        ...


class Intake:
    """Finds the points of what arrived, converts, and hands it on in one batch.

    kind: what stands before the colon in the points' sources; counters: the connector's own, kept up to date here.
    Addresses are those of the points' sources, and over them those of the mapping.
    """

    def __init__(self, kind: str, points: Sequence[PointSpec], sink: Sink, clock: Clock, counters: Counters) -> None:
        self._kind, self._sink, self._clock, self._counters = kind, sink, clock, counters
        self._candidates = Candidates()
        self._conversions: Mapping[str, Conversion] = MappingProxyType({})
        self._own: Mapping[str, int] = MappingProxyType({})
        self._last: dict[str, Arrived] = {}
        self._taken_at: dict[str, int] = {}
        self.mapped: Mapping[str, Mapped] = MappingProxyType({})
        self.addresses: Mapping[str, int] = MappingProxyType({})
        self.bind(points)

    def bind(self, points: Sequence[PointSpec], conversions: Mapping[str, Conversion] | None = None) -> None:
        """Serve other points from now on; conversions by address, None keeps those that are.

        What was mapped is by index of the points before, and is forgotten: `map` follows.
        """
        if conversions is not None:
            self._conversions = conversions
        self._own = Address.of(self._kind, points).points
        self.map({})

    def map(self, mapped: Mapping[str, Mapped]) -> None:
        """Take the mapping's entries for this connector, by address, in the place of those before."""
        self.mapped = mapped
        self.addresses = {**self._own, **{address: one.point for address, one in mapped.items()}}
        self._candidates.forget(dict(self.addresses))
        self._taken_at = {address: at for address, at in self._taken_at.items() if address in mapped}

    def resolve(self, one: Arrived) -> Resolved | None:
        """The reading of what arrived; None where the address is unknown, or the reading came sooner than wanted."""
        index = self.addresses.get(one.address)
        if index is None:
            self._counters.unknown += 1
            sample = one.sample or (one.text or str(one.value)).encode()
            if self._candidates.add(one.address, sample, self._clock.now_ms()):
                self._last[one.address] = one
            return None
        self._last[one.address] = one
        mapped = self.mapped.get(one.address)
        if mapped is None:
            convert = self._conversions.get(one.address)
            return Resolved(index, one.value if convert is None else convert(one.value))
        if mapped.interval_ms:
            at = one.time or self._clock.now_ms()
            if 0 <= at - self._taken_at.get(one.address, -(1 << 60)) < mapped.interval_ms:
                self._counters.thinned += 1
                return None
            self._taken_at[one.address] = at
        return Resolved(index, mapped.scaling(one.value, one.text))

    def note(self, address: str, sample: bytes) -> None:
        """Make a candidate of what could not be read."""
        self._candidates.add(address, sample, self._clock.now_ms())

    async def take(self, arrived: Sequence[Arrived]) -> None:
        """Hand the readings over; returns when they are committed. Raises Unavailable where they cannot be kept.

        Unknown addresses are noted as candidates. The latest values change before anything is awaited.
        """
        self._counters.messages += len(arrived)
        known = [(found, one) for one in arrived if (found := self.resolve(one)) is not None]
        if not known:
            return
        await self.hand_over(
            Readings(
                points=np.array([found.point for found, _ in known], dtype=np.int64),
                values=np.array([found.value for found, _ in known], dtype=np.float64),
                times=np.array([one.time for _, one in known], dtype=np.int64),
                quality=np.array([one.quality for _, one in known], dtype=np.int64),
                simulated=np.array([one.simulated for _, one in known], dtype=np.bool_),
            )
        )

    async def take_columns(
        self, addresses: Sequence[str], codes: Ints, values: Floats, times: Ints, *, simulated: bool = False
    ) -> None:
        """As `take`, for many values of few addresses. codes, values, times: (n,); codes: places in `addresses`.

        Intervals between readings are not looked at. Raises Unavailable where they cannot be kept.
        """
        self._counters.messages += len(codes)
        index = np.full(len(addresses), -1, dtype=np.int64)
        converted = values.copy()
        for code in np.unique(codes).tolist():
            rows = np.flatnonzero(codes == code)
            last = int(rows[-1])
            found = self.resolve(Arrived(addresses[code], float(values[last]), int(times[last]), simulated=simulated))
            if found is None and addresses[code] not in self.addresses:
                self._counters.unknown += len(rows) - 1  # one is counted already
                continue
            index[code] = self.addresses[addresses[code]]
            mapped = self.mapped.get(addresses[code])
            if mapped is not None and mapped.scaling.texts:
                converted[rows] = [mapped.scaling(value) for value in values[rows].tolist()]
            elif mapped is not None:
                converted[rows] = values[rows] * mapped.scaling.factor + mapped.scaling.shift
        known = index[codes] >= 0
        if known.any():
            count = int(known.sum())
            await self.hand_over(
                Readings(
                    points=index[codes][known],
                    values=converted[known],
                    times=times[known],
                    quality=np.zeros(count, dtype=np.int64),
                    simulated=np.full(count, simulated),
                )
            )

    async def hand_over(self, readings: Readings) -> None:
        """Give readings to the park; returns when they are committed. Raises Unavailable where they cannot be kept."""
        counters = self._counters
        counters.readings += len(readings)
        counters.simulated += int(readings.simulated.sum())
        try:
            await self._sink(readings)
        except BaseException:
            counters.dropped += len(readings)
            raise
        counters.acknowledged += len(readings)

    def last(self, address: str) -> Arrived | None:
        """What came last from an address, known or candidate; None where nothing did."""
        return self._last.get(address)

    def candidates(self) -> list[dict[str, object]]:
        """Addresses that send values but belong to no point."""
        return self._candidates.rows()
