"""From a point to the connector that can write to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from twin.connectors.connector import Connector, State, Writer
from twin.errors import Conflict, Invalid
from twin.state.point import PointSpec


async def deliver(connectors: Sequence[Connector], point: PointSpec, value: float) -> None:
    """Hand a value to the device of a point; returns once that has confirmed it.

    Raises Invalid where no connector of the park can write to the point's address, Conflict where it is not
    connected, so that nothing was sent, and what `Writer.write` raises.
    """
    kind, _, address = point.source.partition(":")
    able = [one for one in connectors if one.kind == kind and hasattr(one, "write")]
    if not able:
        raise Invalid(
            f"Point {point.point_id!r} has the address {point.source or 'none'!r}: no connector of this park writes there",
            code="command-connector",
        )
    ready = [one for one in able if one.state is State.CONNECTED]
    if not ready:
        raise Conflict(
            f"{able[0].name} is {able[0].state.value}: {able[0].detail}; nothing was sent", code="command-away"
        )
    await cast("Writer", ready[0]).write(address, value)
