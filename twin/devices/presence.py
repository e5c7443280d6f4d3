"""Which devices are heard: from the points' times of receipt, for all devices at once.

A device is heard when any of its points is, a gateway also when any device behind it is. It is late after three of its
periods. Who is late is *offline* where its gateway was heard after that, *unreachable* where its gateway is lost, and
stays online until one of the two is known: so the loss of a gateway is told once, not for each device behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin.state.hub import STALE_PERIODS, Hub
from twin.state.point import PointSpec
from twin.state.samples import Ints

UNKNOWN: Final = 0
"""Nothing was ever heard of it."""
ONLINE: Final = 1
OFFLINE: Final = 2
UNREACHABLE: Final = 3
"""Silent behind a lost gateway: how it fares itself cannot be known."""
NAMES: Final = ("unknown", "online", "offline", "unreachable")
FAR: Final = np.int64(1) << 60
States = NDArray[np.int8]


def owners(points: Sequence[PointSpec], gids: Mapping[str, str]) -> dict[str, list[int]]:
    """Point indices by device. gids: object by device id, of devices in service.

    A point belongs to the device whose id stands in its `device` column; else to the one device that is the object in
    that column, or the point's object where the column is empty. An object that several devices serve decides nothing.
    """
    by_gid: dict[str, str | None] = {}
    for ident, gid in gids.items():
        if gid:
            by_gid[gid] = None if gid in by_gid else ident
    found: dict[str, list[int]] = {}
    for number, point in enumerate(points):
        key = point.device or point.gid
        owner = key if key in gids else by_gid.get(key)
        if owner is not None:
            found.setdefault(owner, []).append(number)
    return found


@dataclass(frozen=True, slots=True)
class Heard:
    """For each device: state (codes above) and epoch ms when it was last heard, 0 for never."""

    state: States
    at: Ints


class Presence:
    """Devices bound to the points of a hub. Index = position in `ids`.

    ids, parents ("" for none), heartbeats (seconds, NaN for what the points' kinds say): (n,); points: indices by id.
    """

    def __init__(
        self,
        hub: Hub,
        ids: Sequence[str],
        parents: Sequence[str],
        heartbeats: NDArray[np.float64],
        points: Mapping[str, Sequence[int]],
    ) -> None:
        count = len(ids)
        self.hub, self.ids = hub, list(ids)
        self.index = {name: number for number, name in enumerate(self.ids)}
        self.points = points
        self._names = pa.array(self.ids, pa.string())
        self.parent = np.array([self.index.get(name, -1) for name in parents], dtype=np.int64).reshape(-1)
        bound = [(self.index[name], number) for name, numbers in points.items() for number in numbers]
        pairs = np.array(sorted(bound), dtype=np.int64).reshape(-1, 2)
        self._order = pairs[:, 1]
        self._owners, self._starts = np.unique(pairs[:, 0], return_index=True)
        self.floor: Ints = np.zeros(count, dtype=np.int64)
        self._levels = _levels(self.parent)
        self._after = self._make_after(heartbeats)

    def __len__(self) -> int:
        return len(self.ids)

    def after_ms(self) -> Ints:
        """Milliseconds of silence after which each device is late, (n,)."""
        return self._after

    def heard(self, now: int) -> Heard:
        """State and last receipt of every device at `now`, epoch ms."""
        own = np.zeros(len(self.ids), dtype=np.int64)
        if len(self._order):
            own[self._owners] = np.maximum.reduceat(self.hub.heard_at[self._order], self._starts)
        heard = own.copy()
        for level in reversed(self._levels):
            np.maximum.at(heard, self.parent[level], heard[level])
        # Who was online when the park stopped has its time again: nobody listened meanwhile.
        deadline = np.where(heard > 0, np.maximum(heard, self.floor) + self._after, FAR)
        late = now > deadline
        state = np.where(heard == 0, UNKNOWN, np.where(late, OFFLINE, ONLINE)).astype(np.int8)
        for level in self._levels:
            above = self.parent[level]
            silent = late[level] & ~(heard[above] > deadline[level])
            lost = (state[above] == OFFLINE) | (state[above] == UNREACHABLE)
            state[level] = np.where(silent, np.where(lost, UNREACHABLE, ONLINE), state[level])
        return Heard(state, heard)

    def table(self, found: Heard) -> pa.Table:
        """Columns id, status, heard_at for a join with the register."""
        return pa.table({"id": self._names, "status": pa.array(found.state), "heard_at": pa.array(found.at)})

    def _make_after(self, heartbeats: NDArray[np.float64]) -> Ints:
        after = np.full(len(self.ids), FAR, dtype=np.int64)
        if len(self._order):
            after[self._owners] = np.minimum.reduceat(self.hub.stale_after[self._order], self._starts)
        given = np.isfinite(heartbeats)
        after[given] = (STALE_PERIODS * 1000 * heartbeats[given]).astype(np.int64)
        bare = after == FAR  # a gateway without points of its own: as patient as the slowest behind it
        for level in reversed(self._levels):
            above = self.parent[level]
            use = bare[above] & (after[level] < FAR)
            slowest = np.zeros(len(self.ids), dtype=np.int64)
            np.maximum.at(slowest, above[use], after[level][use])
            after = np.where(slowest > 0, slowest, after)
        return np.minimum(after, FAR // 2)


def _levels(parent: Ints) -> list[Ints]:
    """Indices of devices that have a gateway, by their depth, the highest first."""
    depth = np.zeros(len(parent), dtype=np.int64)
    at = parent.copy()
    while (at >= 0).any():
        depth[at >= 0] += 1
        at = np.where(at >= 0, parent[at], -1)
        if depth.max() > len(parent):
            break  # a ring, which the register refuses
    return [np.flatnonzero(depth == level) for level in range(1, int(depth.max(initial=0)) + 1)]
