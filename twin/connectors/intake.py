"""The way from an address and its value to a reading of a point, for every connector alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

import numpy as np

from twin.clock import Clock
from twin.connectors.candidates import Candidates
from twin.connectors.connector import Address, Counters, Readings, Sink
from twin.state.point import PointSpec


class Arrived(NamedTuple):
    """One value as it came. address: as in a point's source, without the kind; value: NaN where it was no number.

    time: epoch ms by the sender's clock, 0 where it gave none; sample: what to show where the address is unknown.
    """

    address: str
    value: float
    time: int = 0
    quality: int = 0
    simulated: bool = False
    sample: bytes = b""


class Conversion(Protocol):
    """From the raw value of an address to the value in the point's unit."""

    def __call__(self, raw: float) -> float:
        """The value in the point's unit, NaN where the raw value means none."""
        ...


class Intake:
    """Finds the points of what arrived, converts, and hands it on in one batch.

    kind: what stands before the colon in the points' sources; counters: the connector's own, kept up to date here.
    """

    def __init__(self, kind: str, points: Sequence[PointSpec], sink: Sink, clock: Clock, counters: Counters) -> None:
        self._kind, self._sink, self._clock, self._counters = kind, sink, clock, counters
        self._candidates = Candidates()
        self._conversions: Mapping[str, Conversion] = MappingProxyType({})
        self.addresses: Mapping[str, int] = MappingProxyType({})
        self.bind(points)

    def bind(self, points: Sequence[PointSpec], conversions: Mapping[str, Conversion] | None = None) -> None:
        """Serve other points from now on; conversions by address, None keeps those that are."""
        self.addresses = Address.of(self._kind, points).points
        if conversions is not None:
            self._conversions = conversions
        self._candidates.forget(dict(self.addresses))

    async def take(self, arrived: Sequence[Arrived]) -> None:
        """Hand the readings over; returns when they are committed. Raises Unavailable where they cannot be kept.

        Unknown addresses are noted as candidates. The latest values change before anything is awaited.
        """
        counters = self._counters
        counters.messages += len(arrived)
        known: list[tuple[int, Arrived, float]] = []
        for one in arrived:
            index = self.addresses.get(one.address)
            if index is None:
                counters.unknown += 1
                self._candidates.add(one.address, one.sample or str(one.value).encode(), self._clock.now_ms())
                continue
            convert = self._conversions.get(one.address)
            known.append((index, one, one.value if convert is None else convert(one.value)))
        if not known:
            return
        counters.readings += len(known)
        counters.simulated += sum(one.simulated for _, one, _ in known)
        readings = Readings(
            points=np.array([index for index, _, _ in known], dtype=np.int64),
            values=np.array([value for _, _, value in known], dtype=np.float64),
            times=np.array([one.time for _, one, _ in known], dtype=np.int64),
            quality=np.array([one.quality for _, one, _ in known], dtype=np.int64),
            simulated=np.array([one.simulated for _, one, _ in known], dtype=np.bool_),
        )
        try:
            await self._sink(readings)
        except BaseException:
            counters.dropped += len(known)
            raise
        counters.acknowledged += len(known)

    def candidates(self) -> list[dict[str, object]]:
        """Addresses that send values but belong to no point."""
        return self._candidates.rows()
