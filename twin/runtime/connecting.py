"""The connectors of a running park, for people: how they fare, what they hear, which address is which point."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from dataclasses import asdict

from twin.connectors.connector import Connector
from twin.connectors.mapping import MappingEntry, PointTable, wire
from twin.connectors.mapping_file import put_entry, remove_entry
from twin.connectors.preview import Preview
from twin.connectors.push import Answer, PushConnector
from twin.errors import Conflict
from twin.runtime.mappings import Mappings, named, preview
from twin.state.point import PointSpec
from twin.state.units import UNITS

State = Callable[[], tuple[Sequence[Connector], Sequence[PointSpec]]]
"""Connectors and points as they are now."""


class Connecting:
    """Works on the park's event loop. Changes of the mapping come one after the other."""

    def __init__(self, mappings: Mappings, state: State) -> None:
        self._mappings, self._state = mappings, state
        self._lock = asyncio.Lock()

    def rows(self) -> list[dict[str, object]]:
        """Each connector: name, kind, state, detail, its counters, addresses, candidates."""
        connectors, _ = self._state()
        return [
            {
                "name": one.name,
                "kind": one.kind,
                "state": one.state.value,
                "detail": one.detail,
                **asdict(one.counters),
                "mapped": sum(entry.connector == one.name for entry in self._mappings.entries),
                "candidates": len(one.candidates()),
            }
            for one in connectors
        ]

    def candidates(self) -> list[dict[str, object]]:
        """Addresses that send values but belong to no point: connector, address, count, sample, heard_at."""
        return [{"connector": one.name, **row} for one in self._state()[0] for row in one.candidates()]

    def mapping(self) -> dict[str, object]:
        """`{entries, revision, units}`; units: by quantity, those that are converted into each other."""
        units: dict[str, list[str]] = {}
        for unit in UNITS:
            units.setdefault(unit.quantity, []).append(unit.name)
        return {"entries": self._mappings.rows(), "revision": self._mappings.revision, "units": units}

    def preview(self, fields: Mapping[str, object]) -> Preview:
        """What an entry with these fields makes of the last value of its address; what is wrong is part of the answer."""
        return preview(fields, *self._state())

    async def put(self, entry: MappingEntry, *, replaces: tuple[str, str] | None, revision: str) -> None:
        """Write an entry into the file and let it work at once.

        Raises Invalid where it would do nothing, NotFound, and Conflict where the file has changed since `revision`.
        """
        connectors, points = self._state()
        wire(entry, named(connectors, entry.connector).kind, PointTable(points))
        await self._change(lambda: put_entry(self._mappings.path, entry, replaces=replaces, revision=revision))

    async def remove(self, key: tuple[str, str], *, revision: str) -> None:
        """Take an entry out of the file, by connector and address. Raises NotFound, Conflict, Invalid."""
        await self._change(lambda: remove_entry(self._mappings.path, key, revision=revision))

    def push(self, name: str, body: bytes, only: Container[str] | None = None) -> Awaitable[Answer]:
        """Readings of a request to a push connector; only: ids of the points that the sender may speak for, None for all.

        Raises NotFound, Conflict; awaiting it: Invalid, Unavailable.
        """
        connector = named(self._state()[0], name)
        if not isinstance(connector, PushConnector):
            raise Conflict(f"Connector {name!r} takes no requests: it is of kind {connector.kind}", code="no-push")
        return connector.accept(body, only)

    async def _change(self, change: Callable[[], None]) -> None:
        async with self._lock:
            await asyncio.to_thread(change)
            entries = await asyncio.to_thread(self._mappings.read)
            self._mappings.apply(entries, *self._state())
