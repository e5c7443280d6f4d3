"""The park's mapping at work: read from its file, given to the connectors, tried and changed by people."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from twin.connectors.connector import Connector
from twin.connectors.json_path import leaves
from twin.connectors.mapping import FILE, Mapped, MappingEntry, PointTable, entry_of, read_mappings, wire, wire_all
from twin.connectors.mapping_file import revision_of
from twin.connectors.preview import Preview, document_of
from twin.errors import Invalid, NotFound
from twin.state.point import PointSpec

log = logging.getLogger(__name__)


class Mappings:
    """Entries of `mappings.yaml` of a park's folder. problems: why an entry does nothing, by connector and address."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.entries: list[MappingEntry] = []
        self.problems: dict[tuple[str, str], str] = {}
        self.revision = ""
        self._served: set[str] = set()  # connectors that had entries when these were applied last

    def read(self) -> list[MappingEntry]:
        """The file's entries as they are now. Raises Invalid naming the line; nothing has changed then."""
        return [placed.entry for placed in read_mappings(self.path)]

    def apply(self, entries: list[MappingEntry], connectors: Sequence[Connector], points: Sequence[PointSpec]) -> None:
        """Give each connector its addresses. An entry that fits no connector, point or unit is told in `problems`."""
        kinds = {connector.name: connector.kind for connector in connectors}
        wired, problems = wire_all(entries, kinds, points)
        for connector in connectors:
            if wired[connector.name] or connector.name in self._served:
                connector.map(wired[connector.name])
        self._served = {name for name, found in wired.items() if found}
        for key, problem in problems.items():
            if self.problems.get(key) != problem:
                log.warning("%s: address %r of connector %r is left out: %s", FILE, key[1], key[0], problem)
        self.entries, self.problems, self.revision = entries, problems, revision_of(self.path)

    def rows(self) -> list[dict[str, object]]:
        """Entries in file order, each with its problem (empty where it works)."""
        return [{**entry.model_dump(), "problem": self.problems.get(entry.key, "")} for entry in self.entries]


def preview(fields: Mapping[str, object], connectors: Sequence[Connector], points: Sequence[PointSpec]) -> Preview:
    """What an entry with these fields makes of the last value of its address.

    Never raises ParkError: what is wrong is part of the answer, beside the value as it came.
    """
    name, address = str(fields.get("connector", "")), str(fields.get("address", ""))
    connector = next((one for one in connectors if one.name == name), None)
    mapped: Mapped | None = None
    problem = ""
    try:
        kind = named(connectors, name).kind
        mapped = wire(entry_of(fields), kind, PointTable(points))
    except (Invalid, NotFound) as error:
        problem = error.message
    unit = points[mapped.point].unit if mapped is not None else ""
    arrived = None if connector is None else connector.last(address)
    if arrived is None:
        return Preview(problem=problem or f"Nothing has come from address {address!r} yet", unit=unit)
    document = document_of(arrived)
    return Preview(
        raw=arrived.sample.decode("utf-8", "replace"),
        paths=leaves(document) if isinstance(document, dict | list) else [],
        value=arrived.value,
        text=arrived.text,
        converted=None if mapped is None else mapped.scaling(arrived.value, arrived.text),
        unit=unit,
        time=arrived.time,
        problem=problem,
    ).judged(None if mapped is None else points[mapped.point])


def named(connectors: Sequence[Connector], name: str) -> Connector:
    """The connector with a name. Raises NotFound."""
    for connector in connectors:
        if connector.name == name:
            return connector
    raise NotFound(
        f"Connector {name!r} is unknown: expected one of {', '.join(sorted(c.name for c in connectors)) or 'none'}",
        code="no-connector",
    )
