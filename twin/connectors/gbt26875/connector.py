"""GB/T 26875.3: devices connect and upload, and are confirmed when their values are committed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from twin.clock import Clock
from twin.connectors.connector import Sink
from twin.connectors.gbt26875 import frame as wire
from twin.connectors.gbt26875.frame import CONFIRM, DENY, SEND, Frame
from twin.connectors.gbt26875.units import Observed, epoch_ms, observed, six_bytes
from twin.connectors.intake import Arrived
from twin.connectors.listener import Fault, Link, Listening, ListeningConnector
from twin.connectors.listening_settings import read_listening, read_zone
from twin.connectors.session import FIRST_PAUSE_S, LONGEST_PAUSE_S
from twin.connectors.setting_reader import SettingReader
from twin.state.point import PointSpec


class Gbt26875Connector(ListeningConnector[Frame]):
    """sources: addresses of devices (12 hexadecimal digits) that may report; empty lets all of them."""

    kind = "gbt26875"

    def __init__(
        self,
        name: str,
        points: Sequence[PointSpec],
        sink: Sink,
        listening: Listening,
        *,
        sources: Collection[str] = (),
        zone: dt.tzinfo = dt.timezone(dt.timedelta(hours=8)),
        pauses_s: tuple[float, float] = (FIRST_PAUSE_S, LONGEST_PAUSE_S),
        clock: Clock | None = None,
    ) -> None:
        super().__init__(name, points, sink, listening, pauses_s=pauses_s, clock=clock)
        self._sources, self._zone = frozenset(sources), zone

    def cut(self, buffer: bytearray) -> tuple[int, Frame | Fault | None]:
        """The frame at the beginning of a buffer."""
        return wire.cut(buffer)

    async def take(self, link: Link, frame: Frame) -> None:
        """Hand an upload's values over; confirm when they are committed, deny what cannot be read.

        Uploads without values (heartbeats, versions, makers' own types) are confirmed: there is nothing to lose.
        """
        if self._sources and frame.source not in self._sources:
            self.broken(link, f"device {frame.source} is refused: it is not among sources")
            return
        if frame.command != SEND:
            return  # answers to us, and what only we may ask
        objects = observed(frame.data)
        if isinstance(objects, Fault):
            self.broken(link, f"device {frame.source}: {objects.why}")
            await self._answer(link, frame, DENY)
            return
        arrived = [reading for item in objects or () for reading in self._readings(frame.source, item)]
        if not await self.keep(arrived):
            return  # no answer: the device sends again
        await self._answer(link, frame, CONFIRM)

    def _readings(self, source: str, item: Observed) -> list[Arrived]:
        """Readings of the points that an object has; without any, one under which it can be bound."""
        head, time = f"{source}/{item.place}/", epoch_ms(item.time, self._zone)
        bound = [
            Arrived(head + name, value, time)
            for name, value in item.values.items()
            if head + name in self.intake.addresses
        ]
        if bound:
            return bound
        on = [name for name, value in item.values.items() if value and name != item.fallback]
        sample = f"{item.values[item.fallback]:g} {' '.join(on)} {item.text}"
        return [Arrived(head + item.fallback, item.values[item.fallback], time, sample=sample.encode())]

    async def _answer(self, link: Link, frame: Frame, command: int) -> None:
        await link.send(frame.answer(command, six_bytes(self.clock.now_ms(), self._zone)).encode())


def gbt26875_from_settings(
    name: str, settings: Mapping[str, object], points: Sequence[PointSpec], sink: Sink, folder: Path = Path()
) -> Gbt26875Connector:
    """A connector from its `park.toml` entry; paths are relative to folder. Raises Invalid naming a wrong setting."""
    reader = SettingReader(name, settings)
    sources = reader.texts("sources", [])
    for source in sources:
        if not re.fullmatch("[0-9a-f]{12}", source):
            raise reader.wrong("sources", source, "12 hexadecimal digits each, in small letters")
    listening = read_listening(reader, folder)
    zone = read_zone(reader)
    reader.done()
    return Gbt26875Connector(
        name,
        points,
        sink,
        listening,
        sources=sources,
        zone=zone,
    )
