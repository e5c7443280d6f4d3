"""A connector of field devices: some of its addresses may be wrong, and the others go on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from twin.clock import Clock
from twin.connectors.connector import Sink, State
from twin.connectors.intake import Arrived
from twin.connectors.session import FIRST_PAUSE_S, LONGEST_PAUSE_S, SessionConnector
from twin.errors import ParkError
from twin.state.point import PointSpec
from twin.state.quality import BAD

SHOWN_FAULTS = 3


class FieldConnector(SessionConnector):
    """Base of connectors that ask devices for addresses one by one.

    `faults` holds why an address has no value; `detail` tells how many there are, and the first of them.
    """

    def __init__(
        self,
        name: str,
        points: Sequence[PointSpec],
        sink: Sink,
        *,
        clock: Clock | None = None,
        pauses_s: tuple[float, float] = (FIRST_PAUSE_S, LONGEST_PAUSE_S),
    ) -> None:
        super().__init__(name, points, sink, clock=clock, first_pause_s=pauses_s[0], longest_pause_s=pauses_s[1])
        self.faults: dict[str, str] = {}
        """Address → why it has no value; bounded by the points' addresses, which alone stand here."""
        self._where = self._unkept = ""

    def connected(self, detail: str) -> None:
        """Say that the counterpart answers."""
        self._where, self._unkept = detail, ""
        super().connected(self._told())

    def tell(self) -> None:
        """Show in `detail` what changed in `faults`."""
        if self.state is State.CONNECTED:
            self.set_state(State.CONNECTED, self._told())

    async def keep(self, arrived: Sequence[Arrived]) -> bool:
        """Hand values over; False where they could not be kept, which is told and does not end the session."""
        self.alive()
        if not arrived:
            return True
        try:
            await self.intake.take(arrived)
        except ParkError as error:
            self._unkept = error.message
            self.tell()
            return False
        if self._unkept:
            self._unkept = ""
            self.tell()
        return True

    def bad(self, reasons: Mapping[str, str]) -> list[Arrived]:
        """Note why addresses have no value; returns the readings that make their points bad."""
        known = self.intake.addresses  # what was asked for before the points changed is not told any more
        fresh = {
            address: why for address, why in reasons.items() if address in known and self.faults.get(address) != why
        }
        if fresh:
            self.faults.update(fresh)
            self.tell()
        return [Arrived(address, math.nan, quality=BAD) for address in reasons]

    def good(self, addresses: Iterable[str]) -> None:
        """Forget what was wrong with these."""
        found = [address for address in addresses if address in self.faults] if self.faults else []
        for address in found:
            del self.faults[address]
        if found:
            self.tell()

    def _told(self) -> str:
        parts = [self._where]
        if self._unkept:
            parts.append(f"not kept: {self._unkept}")
        if self.faults:
            shown = [f"{address}: {why}" for address, why in list(self.faults.items())[:SHOWN_FAULTS]]
            more = len(self.faults) - len(shown)
            parts.append(f"{len(self.faults)} without value: {'; '.join(shown)}{f'; and {more} more' if more else ''}")
        return "; ".join(parts)
