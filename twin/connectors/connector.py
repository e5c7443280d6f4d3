"""What a connector is: something named that brings readings in and can be asked how it fares."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from twin.state.point import PointSpec
from twin.state.samples import Floats, Ints

if TYPE_CHECKING:
    from twin.connectors.intake import Arrived
    from twin.connectors.mapping import Mapped


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings as columns of one length, in the order they arrived.

    points: point indices; values: NaN where the sender sent no number; times: epoch ms by the
    sender's clock, 0 where it gave none; quality: as declared by the sender; simulated: whether it
    declared the value to be made up.
    """

    points: Ints
    values: Floats
    times: Ints
    quality: Ints
    simulated: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.points)


Sink = Callable[[Readings], Awaitable[None]]
"""Takes readings: the latest values change during the call; awaiting what it returns ends when they are
committed to the history. Both raise Unavailable where they cannot be kept."""


class State(StrEnum):
    """Where a connector stands."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    FAILED = "failed"  # refused or lost; it tries again by itself


@dataclass(slots=True)
class Counters:
    """What went through a connector since it was started."""

    messages: int = 0
    readings: int = 0
    acknowledged: int = 0
    unknown: int = 0
    undecodable: int = 0
    dropped: int = 0
    bad: int = 0  # readings that the hub found unusable, older than what was known, from a clock that runs ahead
    late: int = 0
    skewed: int = 0
    thinned: int = 0  # sooner than the mapping's interval allows
    simulated: int = 0
    connections: int = 0
    subscriptions: int = 0


@dataclass(frozen=True, slots=True)
class Address:
    """The addresses a connector serves: topic, node or register → point index."""

    points: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: str, points: Sequence[PointSpec]) -> Address:
        """Addresses of the points whose source is `<kind>:<address>`."""
        head = f"{kind}:"
        return cls(
            {
                point.source.removeprefix(head): number
                for number, point in enumerate(points)
                if point.source.startswith(head)
            }
        )


class Connector(Protocol):
    """One connection to a source of readings."""

    name: str
    state: State
    detail: str
    counters: Counters

    @property
    def kind(self) -> str:
        """What stands before the colon in the sources of its points."""
        ...

    async def start(self) -> None:
        """Begin to connect, and return; connecting and reconnecting goes on by itself."""
        ...

    async def stop(self) -> None:
        """Let go: no reading is handed over after this."""
        ...

    def bind(self, points: Sequence[PointSpec]) -> None:
        """Serve other points from now on."""
        ...

    def map(self, mapped: Mapping[str, Mapped]) -> None:
        """Take the mapping's entries for this connector, by address, in the place of those before."""
        ...

    def last(self, address: str) -> Arrived | None:
        """What came last from an address, known or candidate; None where nothing did."""
        ...

    def candidates(self) -> list[dict[str, object]]:
        """Addresses that send values but belong to no point."""
        ...


@runtime_checkable
class Gatherer(Protocol):
    """A connector that gathers what arrives before it hands it over."""

    def hand_over(self) -> None:
        """Hand over at once what is gathered, so that it is in the tick that is being closed; waits for no commit."""
        ...


class Writer(Protocol):
    """A connector that can also hand a value to a device."""

    async def write(self, address: str, value: float) -> None:
        """Ask the device behind an address to take a value; returns when the device has confirmed that it took it.

        Raises Invalid where the address cannot be written, Denied where the device refuses, Unavailable where it
        does not answer. The caller sets the time limit.
        """
        ...
