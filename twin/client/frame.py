"""Frames as a client gets them, from JSON or binary messages alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.state.binary_frame import BinaryFrame
from twin.state.samples import Codes, Floats


@dataclass(frozen=True, slots=True)
class Frame:
    """Values of points. kind: snapshot (all points of the subscription) or delta (those that changed).

    points: (n,) places in the columns of `ParkClient.points`; values: NaN where nothing was ever heard; quality: 0 good, 1 stale,
    2 bad, 3 never; changed_at, heard_at, time: epoch ms by the server's clock; past: whether it shows a past moment.
    """

    kind: str
    seq: int
    time: int
    past: bool
    points: NDArray[np.unsignedinteger[Any]]
    values: Floats
    quality: Codes
    changed_at: Floats
    heard_at: Floats

    def __len__(self) -> int:
        return len(self.points)

    @classmethod
    def of_json(cls, message: Mapping[str, Any]) -> Frame:
        """From a parsed JSON message."""
        return cls(
            message["type"],
            message["seq"],
            message["time"],
            message.get("past", False),
            np.array(message["points"], dtype=np.uint32),
            np.array(message["values"], dtype=np.float64),  # null becomes NaN
            np.array(message["quality"], dtype=np.uint8),
            np.array(message["changed_at"], dtype=np.float64),
            np.array(message["heard_at"], dtype=np.float64),
        )

    @classmethod
    def of_bytes(cls, buffer: bytes) -> tuple[int, Frame]:
        """Subscription's id and frame of a binary message; columns are views on it. Raises Invalid."""
        found = BinaryFrame(buffer)
        return found.ident, cls(
            found.kind,
            found.seq,
            found.time,
            found.past,
            found.points,
            found.values,
            found.quality,
            found.changed_at,
            found.heard_at,
        )


def merged(first: Frame, second: Frame) -> Frame:
    """Two frames of one subscription as one: the last value of each point, in order of points.

    A snapshot makes what came before it void.
    """
    if second.kind == "snapshot":
        return second
    points = np.concatenate([first.points, second.points])
    kept, from_end = np.unique(points[::-1], return_index=True)
    at = len(points) - 1 - from_end

    def column(name: str) -> NDArray[Any]:
        return np.asarray(np.concatenate([getattr(first, name), getattr(second, name)])[at])

    return Frame(
        first.kind,
        second.seq,
        second.time,
        second.past,
        kept,
        column("values"),
        column("quality"),
        column("changed_at"),
        column("heard_at"),
    )
