"""The watch over all devices: what changed is kept as events of the history; availability is computed from them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import orjson

from twin.clock import Clock
from twin.devices.presence import NAMES, OFFLINE, ONLINE, UNKNOWN, UNREACHABLE, Heard, Presence
from twin.devices.register import DeviceRegister
from twin.state.history import History
from twin.state.samples import Ints

log = logging.getLogger(__name__)

PREFIX = "device-"
EVENTS = tuple(f"{PREFIX}{name}" for name in NAMES[1:])
MANY = 20
"""Children named in the event of a lost gateway."""


@dataclass(frozen=True, slots=True)
class Change:
    """A device came or went. children: devices that became unreachable with it."""

    device: str
    state: str
    heard_at: int
    children: tuple[str, ...] = ()


class DeviceWatch:
    """Compares presence tick by tick and writes what changed. Made by `open`; all calls from the event loop."""

    def __init__(
        self, presence: Presence, history: History, clock: Clock, last: dict[str, str], started_ms: int
    ) -> None:
        self.presence, self._history, self._clock = presence, history, clock
        self._started_ms = started_ms
        self._known = dict(last)
        self.listeners: list[Callable[[Change], None]] = []
        self.found = Heard(np.zeros(0, np.int8), np.zeros(0, np.int64))
        self.bind(presence)

    @classmethod
    async def open(cls, presence: Presence, history: History, clock: Clock) -> DeviceWatch:
        """Take up the states that the history ends with."""
        return cls(presence, history, clock, await history.read(_last_states), clock.now_ms())

    def bind(self, presence: Presence) -> None:
        """Watch other devices or points from now on; states are carried over by id."""
        self._remember()
        self.presence = presence
        codes = {name: code for code, name in enumerate(NAMES)}
        before = [codes[self._known.get(name, "unknown")] for name in presence.ids]
        self._before = np.array(before, dtype=np.int8).reshape(-1)
        presence.floor[self._before == ONLINE] = self._started_ms
        self.found = presence.heard(self._clock.now_ms())

    def tick(self) -> list[Change]:
        """Find what changed since the last tick; events are queued for the history, listeners told."""
        now = self._clock.now_ms()
        found = self.found = self.presence.heard(now)
        moved = np.flatnonzero((found.state != self._before) & (found.state != UNKNOWN))
        if len(moved) == 0:
            return []
        changes = self._changes(moved, found)
        self._before[moved] = found.state[moved]
        self._write(now, moved, found, changes)
        for change in changes:
            if change.state == NAMES[OFFLINE]:
                behind = f", and {len(change.children)} devices behind it" if change.children else ""
                log.warning("Device %s is not heard any more%s", change.device, behind)
            for listener in self.listeners:
                listener(change)
        return changes

    def _changes(self, moved: Ints, found: Heard) -> list[Change]:
        """What is told: devices behind a gateway that went are told with it."""
        ids, parent = self.presence.ids, self.presence.parent
        behind: dict[int, list[str]] = {}
        for number in moved[found.state[moved] == UNREACHABLE].tolist():
            top = int(parent[number])
            while found.state[top] == UNREACHABLE:
                top = int(parent[top])
            behind.setdefault(top, []).append(ids[number])
        told = moved[found.state[moved] != UNREACHABLE].tolist()
        return [
            Change(ids[number], NAMES[found.state[number]], int(found.at[number]), tuple(behind.get(number, ())))
            for number in told
        ]

    def _write(self, now: int, moved: Ints, found: Heard, changes: Sequence[Change]) -> None:
        ids, behind = self.presence.ids, {change.device: change.children for change in changes}
        kinds, subjects, details = [], [], []
        for number in moved.tolist():
            children = behind.get(ids[number], ())
            detail: dict[str, object] = {"heard_at": int(found.at[number])}
            if children:
                detail |= {"children": len(children), "first": list(children[:MANY])}
            kinds.append(f"{PREFIX}{NAMES[found.state[number]]}")
            subjects.append(ids[number])
            details.append(orjson.dumps(detail).decode())
        done = self._history.write(
            [
                (
                    "INSERT INTO event SELECT ?, unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), '', unnest(?::VARCHAR[])",
                    [now, kinds, subjects, details],
                )
            ]
        )
        done.add_done_callback(lambda future: future.cancelled() or future.exception())  # the history tells it itself

    def _remember(self) -> None:
        if hasattr(self, "_before"):
            self._known.update(zip(self.presence.ids, (NAMES[code] for code in self._before), strict=True))


def _last_states(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    rows = cursor.execute(
        "SELECT subject, arg_max(kind, t) FROM event WHERE kind IN (SELECT unnest(?::VARCHAR[])) GROUP BY subject",
        [list(EVENTS)],
    ).fetchall()
    return {str(subject): str(kind).removeprefix(PREFIX) for subject, kind in rows}


async def events(history: History, device: str = "", limit: int = 50, offset: int = 0) -> list[dict[str, object]]:
    """Comings and goings, newest first: at (epoch ms), device, state, detail; of one device, or of all."""

    def ask(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
        rows = cursor.execute(
            "SELECT t, subject, kind, data FROM event WHERE kind IN (SELECT unnest(?::VARCHAR[]))"
            " AND (? = '' OR subject = ?) ORDER BY t DESC LIMIT ? OFFSET ?",
            [list(EVENTS), device, device, limit, offset],
        ).fetchall()
        return [
            {"at": t, "device": subject, "state": kind.removeprefix(PREFIX), "detail": orjson.loads(data or "{}")}
            for t, subject, kind, data in rows
        ]

    return await history.read(ask)


def watched(register: DeviceRegister, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of [start, end), epoch ms, in which the park ran and watched, ascending."""
    rows = register.db.rows(
        "SELECT started_ms, seen_ms FROM device_watch WHERE seen_ms > ? AND started_ms < ? ORDER BY started_ms",
        [start, end],
    )
    return [(max(start, row["started_ms"]), min(end, row["seen_ms"])) for row in rows]


def note_watch(register: DeviceRegister, started_ms: int, seen_ms: int) -> None:
    """Say that the park, started then, still watches."""
    with register.db.transaction() as cursor:
        cursor.execute("DELETE FROM device_watch WHERE started_ms = ?", [started_ms])
        cursor.execute("INSERT INTO device_watch VALUES (?, ?)", [started_ms, seen_ms])


async def availability(
    history: History, device: str, start: int, end: int, spans: Sequence[tuple[int, int]]
) -> dict[str, object]:
    """`{share, online_ms, watched_ms, outages}` of [start, end), epoch ms; share is None where nothing is known.

    spans: when the park watched. Time before the device's first event counts as not known; unreachable as not online.
    """

    def ask(cursor: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
        rows = cursor.execute(
            "SELECT t, kind FROM event WHERE subject = ? AND kind IN (SELECT unnest(?::VARCHAR[])) AND t < ? ORDER BY t",
            [device, list(EVENTS), end],
        ).fetchall()
        return [(int(t), str(kind)) for t, kind in rows]

    rows = await history.read(ask)
    times = np.array([t for t, _ in rows] + [end], dtype=np.int64)
    online = np.array([kind == f"{PREFIX}{NAMES[ONLINE]}" for _, kind in rows], dtype=np.bool_)
    known_ms = online_ms = 0
    for low, high in spans:
        lengths = np.clip(times[1:], low, high) - np.clip(times[:-1], low, high)
        known_ms += int(lengths.sum())
        online_ms += int(lengths[online].sum())
    return {
        "share": online_ms / known_ms if known_ms else None,
        "online_ms": online_ms,
        "watched_ms": known_ms,
        "outages": int(((times[:-1] >= start) & ~online).sum()),
    }
