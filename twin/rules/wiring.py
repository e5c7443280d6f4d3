"""Inhibition by topology: a lost connector, gateway or controller hides the `missing` alarms of what hangs on it.

A *node* is a connector, or a device that others hang on. A connector is lost while its connection is. A device is lost
while all its own points that ever spoke are silent; one without points of its own while all points of at least two
devices below it are. The topmost lost node counts: it gets one alarm, with the number of alarms that it hides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from twin.rules.conditions import Flags
from twin.state import quality as q
from twin.state.hub import Hub
from twin.state.samples import Ints

CONNECTOR = "connector:"
DEVICE = "device:"
MAX_DEPTH = 8


@dataclass(frozen=True)
class Links:
    """What hangs on what.

    above: gid of a device → gid of the gateway or controller that it reports through; connectors: point id → name of
    the connector that brings its values; names: gid → name; systems: gid of an object → name of its system.
    """

    above: Mapping[str, str] = field(default_factory=dict)
    connectors: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    systems: Mapping[str, str] = field(default_factory=dict)


class Wiring:
    """Nodes over the rows of `missing` rules. names: id of each node; rows: of the watch.

    lost, hidden, top: (k,) as of the last `update`; top is the topmost lost node at or above each, -1 where none is.
    """

    def __init__(self, hub: Hub, links: Links, points: Ints, first_row: int) -> None:
        self._hub, self._first = hub, first_row
        self.down: frozenset[str] = frozenset()  # names of connectors whose connection is lost; the runtime sets it
        devices = [str(device or gid) for device, gid in zip(hub.device, hub.gid, strict=True)]
        index: dict[str, int] = {}
        gateways = set(links.above.values())
        own = np.full(len(hub), -1, dtype=np.int64)  # node of a point: its gateway, else its connector
        self._is_own = np.zeros(len(hub), dtype=np.bool_)
        parents: list[int] = []

        def node(name: str) -> int:
            if name not in index:
                index[name] = len(index)
                parents.append(-1)
            return index[name]

        if len(points):
            for number, device in enumerate(devices):
                gateway = device if device in gateways else links.above.get(device)
                connector = links.connectors.get(hub.points[number].point_id)
                chain = [CONNECTOR + connector] if connector else []
                while gateway is not None and DEVICE + gateway not in chain and len(chain) < MAX_DEPTH:
                    chain.insert(-1 if connector else len(chain), DEVICE + gateway)
                    gateway = links.above.get(gateway)
                numbers = [node(name) for name in chain]
                for low, high in pairwise(numbers):
                    parents[low] = high
                if numbers:
                    own[number] = numbers[0]
                    self._is_own[number] = chain[0] == DEVICE + device
        self.names, self.index = tuple(index), index
        self.watched = len(index) > 0
        self._point_node, self._parent = own, np.array(parents, dtype=np.int64)
        self._row_node = own[points]
        self.rows: Ints = first_row + np.arange(len(points))
        self._below = np.flatnonzero(own >= 0)
        self._node_of = own[self._below]
        spread = {
            (int(node_), devices[point])
            for point, node_ in zip(self._below.tolist(), self._node_of.tolist(), strict=True)
        }
        self._devices = np.bincount(np.array([n for n, _ in spread], dtype=np.int64), minlength=len(index))
        self._has_own = np.bincount(self._node_of[self._is_own[self._below]], minlength=len(index)) > 0
        self._connectors = {
            number: name.removeprefix(CONNECTOR) for name, number in index.items() if name.startswith(CONNECTOR)
        }
        self.lost: Flags = np.zeros(len(index), dtype=np.bool_)
        self.hidden: Ints = np.zeros(len(index), dtype=np.int64)
        self.top: Ints = np.full(len(index), -1, dtype=np.int64)
        self.gids = {name: name.removeprefix(DEVICE) if name.startswith(DEVICE) else "" for name in index}
        self._links = links

    def title(self, name: str) -> str:
        """What people call a node."""
        gid = self.gids.get(name, "")
        return self._links.names.get(gid, "") or gid or name.removeprefix(CONNECTOR)

    def update(self, holding: Flags) -> Ints:
        """Rows that are hidden now, whether they hold or not; counts those that hold in `hidden`."""
        self.lost = self._lost()
        self.top = self._topmost(self.lost)
        of_row = np.where(self._row_node >= 0, self.top[self._row_node], -1)
        rows = np.flatnonzero(of_row >= 0)
        counted = of_row[rows][holding[self._first + rows]]
        self.hidden = np.bincount(counted, minlength=len(self.names)).astype(np.int64)
        return rows + self._first

    def rows_under(self, number: int) -> Ints:
        """Rows that a lost node hides."""
        return np.flatnonzero((self._row_node >= 0) & (self.top[self._row_node] == number)) + self._first

    def covered(self, name: str) -> bool:
        """Whether a node hangs on another lost one, whose alarm stands for it too."""
        number = self.index.get(name)
        return number is not None and int(self.top[number]) not in {-1, number}

    def nodes_over(self, rows: Ints) -> Ints:
        """Nodes that rows of the watch hang on, at any height."""
        found = np.unique(self._row_node[rows - self._first])
        for _ in range(MAX_DEPTH):
            found = found[found >= 0]
            found = np.union1d(found, self._parent[found])
        return found[found >= 0]

    def _lost(self) -> Flags:
        quality = self._hub.quality[self._below]
        counts = len(self.names)
        heard = quality != q.NEVER
        silent = heard & (quality == q.STALE)
        relevant = ~self._has_own[self._node_of] | self._is_own[self._below]
        spoke = np.bincount(self._node_of[heard & relevant], minlength=counts)
        quiet = np.bincount(self._node_of[silent & relevant], minlength=counts)
        lost: Flags = (spoke > 0) & (spoke == quiet) & (self._has_own | (self._devices >= 2))
        for number, name in self._connectors.items():
            lost[number] = name in self.down
        return lost

    def _topmost(self, lost: Flags) -> Ints:
        """The topmost lost node at or above each node, -1 where none is."""
        top = np.where(lost, np.arange(len(lost)), -1)
        above = self._parent
        for _ in range(MAX_DEPTH):
            if not (above >= 0).any():
                break
            known = above >= 0
            top = np.where(known & lost[above], above, top)
            above = np.where(known, self._parent[above], -1)
        return top
