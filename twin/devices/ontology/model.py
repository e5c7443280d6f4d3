"""The plain model between us and the vocabularies: things, points, and where they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Sort = Literal["location", "equipment", "point"]


@dataclass(frozen=True)
class Entity:
    """One thing of a description.

    sort: location, equipment or point; cls: Brick class, or Haystack markers joined by '-'; kind: ours, of a point or a
    device, "" where the class is none of ours; parent: id of what it is a point or a part of; location: id of where it
    is or, of equipment without one, what it feeds; refs: what else is known of it by name: ifc (GlobalId), gid, point,
    address, device, and fields of a device.
    """

    id: str
    sort: Sort
    cls: str
    name: str = ""
    kind: str = ""
    role: str = ""
    unit: str = ""
    parent: str = ""
    location: str = ""
    tags: tuple[str, ...] = ()
    refs: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Description:
    """A building as described. skipped: classes of what is neither a place, nor equipment, nor a point, with counts."""

    entities: dict[str, Entity]
    skipped: Counter[str] = field(default_factory=Counter)

    def counts(self) -> dict[str, int]:
        """Entities by sort."""
        found = Counter(one.sort for one in self.entities.values())
        return {sort: found[sort] for sort in ("location", "equipment", "point")}
