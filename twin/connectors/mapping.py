"""`mappings.yaml`: which address of which connector is which point, and how its values are converted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from twin.connectors.conversion import Scaling
from twin.entry_file import EntryFile, Placed, said
from twin.errors import Invalid
from twin.state.point import PointSpec
from twin.state.units import BY_NAME

FILE = "mappings.yaml"
Text = Annotated[str, Field(min_length=1, max_length=1000)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class MappingEntry(BaseModel):
    """One entry. value in the point's unit = convert(raw · scale + offset, from `unit`).

    connector: its name in park.toml; address: as it stands in a point's source, without the kind; point: point id.
    unit: of the scaled value, empty where it is the point's own. values: texts (or numbers) that stand for a number in
    the point's unit. min_interval_s: what comes sooner than that after the last reading taken is left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    connector: Text
    address: Text
    point: Text
    scale: Finite = 1.0
    offset: Finite = 0.0
    unit: str = ""
    values: Annotated[dict[str, Finite], Field(max_length=1000)] = Field(default_factory=dict)
    min_interval_s: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)] = 0.0

    @field_validator("address", "point", mode="before")
    @classmethod
    def _as_text(cls, given: object) -> object:
        # A register is a number to YAML and a text to us.
        return str(given) if isinstance(given, int) and not isinstance(given, bool) else given

    @field_validator("values", mode="before")
    @classmethod
    def _spelled(cls, given: object) -> object:
        # YAML reads a bare on as true; what a device sends as true is the text `true` here.
        if not isinstance(given, dict):
            return given
        return {
            "true"
            if key is True
            else "false"
            if key is False
            else f"{key:.15g}"
            if isinstance(key, float)
            else str(key): (int(item) if isinstance(item, bool) else item)
            for key, item in given.items()
        }

    @field_validator("scale")
    @classmethod
    def _some(cls, given: float) -> float:
        if given == 0:
            raise ValueError("expected a number that is not 0")
        return given

    @field_validator("unit")
    @classmethod
    def _known(cls, given: str) -> str:
        if given and given not in BY_NAME:
            raise ValueError(f"expected a unit that parktwin converts, such as {', '.join(list(BY_NAME)[:4])}")
        return given

    @property
    def key(self) -> tuple[str, str]:
        """What stands once in the file: connector and address."""
        return self.connector, self.address


class Mapped(NamedTuple):
    """What an entry does for a connector. point: its index; interval_ms: 0 takes every reading."""

    point: int
    scaling: Scaling
    interval_ms: int = 0


ENTRIES = EntryFile(MappingEntry, code="mapping", title="mappings")


def entry_of(fields: Mapping[str, object]) -> MappingEntry:
    """An entry from its fields. Raises Invalid naming the one that is wrong."""
    if fields.get("point") == "":
        raise Invalid("No point is chosen: expected a point id", code="mapping-point")
    try:
        return MappingEntry.model_validate(fields)
    except ValidationError as error:
        raise Invalid(said(error, fields)[1], code="mapping") from error


def read_mappings(path: Path) -> list[Placed[MappingEntry]]:
    """Entries of a file in order; no file is none. Raises Invalid naming file, line and what was expected."""
    return checked(ENTRIES.read(path), str(path))


def checked(placed: list[Placed[MappingEntry]], where: str) -> list[Placed[MappingEntry]]:
    """The same entries. Raises Invalid where an address of a connector stands twice."""
    seen: dict[tuple[str, str], int] = {}
    for entry, line, _, _ in placed:
        if entry.key in seen:
            raise Invalid(
                f"{where}, line {line}: address {entry.address!r} of connector {entry.connector!r} stands already at "
                f"line {seen[entry.key]}; expected each address once",
                code="mapping",
            )
        seen[entry.key] = line
    return placed


class PointTable:
    """Points by id and by source, to wire many entries against."""

    def __init__(self, points: Sequence[PointSpec]) -> None:
        self.points = points
        self.by_id = {point.point_id: number for number, point in enumerate(points)}
        self.by_source = {point.source: point.point_id for point in points if point.source}


def wire(entry: MappingEntry, kind: str, table: PointTable) -> Mapped:
    """What an entry does for its connector of a kind. Raises Invalid where the point or a conversion is missing."""
    index = table.by_id.get(entry.point)
    if index is None:
        raise Invalid(f"Point {entry.point!r} is unknown: expected a point id of points.csv", code="mapping-point")
    owner = table.by_source.get(f"{kind}:{entry.address}")
    if owner is not None and owner != entry.point:
        raise Invalid(
            f"Address {entry.address!r} is the source of point {owner!r} in points.csv: expected {owner!r}, or another "
            "address",
            code="mapping-source",
        )
    scaling = Scaling.of(entry.scale, entry.offset, entry.unit, table.points[index].unit, entry.values)
    return Mapped(index, scaling, round(1000 * entry.min_interval_s))


def wire_all(
    entries: Sequence[MappingEntry], kinds: Mapping[str, str], points: Sequence[PointSpec]
) -> tuple[dict[str, dict[str, Mapped]], dict[tuple[str, str], str]]:
    """(by connector: address → what is done; by entry key: why it does nothing). kinds: connector name → kind."""
    table = PointTable(points)
    wired: dict[str, dict[str, Mapped]] = {name: {} for name in kinds}
    problems: dict[tuple[str, str], str] = {}
    for entry in entries:
        kind = kinds.get(entry.connector)
        if kind is None:
            problems[entry.key] = (
                f"Connector {entry.connector!r} is unknown: expected one of {', '.join(sorted(kinds)) or 'none'}"
            )
            continue
        try:
            wired[entry.connector][entry.address] = wire(entry, kind, table)
        except Invalid as error:
            problems[entry.key] = error.message
    return wired, problems
