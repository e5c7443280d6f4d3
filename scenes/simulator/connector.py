"""The simulator as a connector kind: made-up readings inside the server, each declared as simulated."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import numpy as np

from scenes.simulator.park_model import ParkModel
from twin.connectors.connector import Readings, Sink
from twin.connectors.session import SessionConnector
from twin.connectors.setting_reader import SettingReader
from twin.state.point import PointSpec
from twin.state.quality import BAD, GOOD

BEAT_S = 0.2


class SimulatorConnector(SessionConnector):
    """Readings of the points whose source is `simulator:<anything>`, and of those mapped to this connector."""

    kind = "simulator"

    def __init__(
        self,
        name: str,
        points: Sequence[PointSpec],
        sink: Sink,
        *,
        seed: int = 1,
        rate: float | None = None,
        utc_offset_h: float = 8.0,
    ) -> None:
        self._seed, self._rate, self._offset_h = seed, rate, utc_offset_h
        self._points: Sequence[PointSpec] = points
        super().__init__(name, points, sink)

    def bind(self, points: Sequence[PointSpec]) -> None:
        """Simulate other points from now on."""
        self._points = points
        super().bind(points)

    def _model(self) -> tuple[ParkModel, np.ndarray]:
        index = np.array(sorted(set(self.intake.addresses.values())), dtype=np.int64)
        chosen = [self._points[number] for number in index.tolist()]
        return ParkModel(chosen, self._seed, utc_offset_h=self._offset_h, rate=self._rate), index

    async def session(self) -> None:
        """Make readings that fall due, five times a second."""
        addresses = self.intake.addresses
        model, index = self._model()
        self.connected(f"{len(index)} points, all simulated")
        last = self.clock.now_ms()
        while True:
            await asyncio.sleep(BEAT_S)
            if self.intake.addresses is not addresses:
                addresses = self.intake.addresses
                model, index = self._model()
                self.detail = f"{len(index)} points, all simulated"
            now = self.clock.now_ms()
            if len(index) and now > last:
                await self._emit(model, index, last, now)
            last = now

    async def _emit(self, model: ParkModel, index: np.ndarray, after: int, until: int) -> None:
        snapshot, due = model.at(until), model.due(after, until)
        due = due[~snapshot.silent[due]]
        if not len(due):
            return
        values = snapshot.values[due]
        self.counters.messages += len(due)
        await self.intake.hand_over(
            Readings(
                points=index[due],
                values=values,
                times=np.full(len(due), until, dtype=np.int64),
                quality=np.where(np.isnan(values), BAD, GOOD).astype(np.int64),
                simulated=np.ones(len(due), dtype=np.bool_),
            )
        )


def simulator_from_settings(
    name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink
) -> SimulatorConnector:
    """A connector from its `park.toml` entry: seed, rate, utc_offset_h. Raises Invalid naming a wrong setting."""
    read = SettingReader(name, settings)
    seed, rate = read.whole("seed", 1, low=0, high=2**31 - 1), read.number("rate", 0, low=0, high=1e6)
    offset = read.number("utc_offset_h", 8.0, low=-12, high=14)
    read.done()
    return SimulatorConnector(name, points, sink, seed=seed, rate=rate or None, utc_offset_h=offset)
