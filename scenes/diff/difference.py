"""What a comparison answers: items with their changes, concepts, the model as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

KINDS = (
    "added",
    "deleted",
    "moved",
    "carried",  # moved with its container, which is the one that moved
    "reshaped",
    "retyped",
    "renamed",
    "property-changed",
    "quantity-changed",
    "material-changed",
    "classification-changed",
    "re-contained",
    "group-changed",  # of systems, zones, groups
    "relation-changed",  # connections, fillings, boundaries, documents …
    "re-georeferenced",
    "re-identified",  # the same thing under another GlobalId
)
MAX_CHANGES = 200
"""Changes told of one object; `more` counts the rest."""


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was. set, name: of the property, attribute or relation; by, unit: how far, where that can be said."""

    kind: str
    name: str
    old: str | None
    new: str | None
    set: str = ""
    by: float | None = None
    unit: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "kind": self.kind,
            "set": self.set,
            "name": self.name,
            "old": self.old,
            "new": self.new,
            "by": self.by,
            "unit": self.unit,
        }


@dataclass
class Item:
    """A changed object or concept. ordinal, old_ordinal: its place in either version; boxes in the park frame.

    carrier: gid of the container that took it along.
    """

    gid: str
    old_gid: str | None
    name: str | None
    type: str
    ifc_class: str | None
    ordinal: int | None = None
    old_ordinal: int | None = None
    kinds: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    carrier: str | None = None
    box: list[float] | None = None
    old_box: list[float] | None = None

    def put(self, kind: str, changes: Sequence[Change] = ()) -> None:
        """Note a kind of change, once, with what it consists of."""
        if kind not in self.kinds:
            self.kinds.append(kind)
        self.changes.extend(changes)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "gid": self.gid,
            "old_gid": self.old_gid,
            "name": self.name,
            "type": self.type,
            "ifc_class": self.ifc_class,
            "ordinal": self.ordinal,
            "old_ordinal": self.old_ordinal,
            "kinds": sorted(self.kinds, key=KINDS.index),
            "changes": [change.as_dict() for change in self.changes[:MAX_CHANGES]],
            "more": max(len(self.changes) - MAX_CHANGES, 0),
            "carrier": self.carrier,
            "box": self.box,
            "old_box": self.old_box,
        }


@dataclass(frozen=True)
class Whole:
    """A rigid motion that nearly all bodies made. shift: metres at the model's origin; carrier: the site that took them along."""

    shift: tuple[float, float, float]
    distance: float
    angle_deg: float
    objects: int
    carrier: str | None


@dataclass
class Difference:
    """All that differs. old, new: layer, version, source, objects; items by object, concepts: types, systems, groups, materials …"""

    old: dict[str, Any]
    new: dict[str, Any]
    matched: int = 0
    items: list[Item] = field(default_factory=list)
    concepts: list[Item] = field(default_factory=list)
    georeference: list[Change] = field(default_factory=list)
    whole: Whole | None = None

    def counts(self) -> dict[str, int]:
        """Objects by kind of change, in the order of KINDS; an object may count several times."""
        found = Counter(kind for item in self.items for kind in item.kinds)
        return {kind: found[kind] for kind in KINDS if found[kind]}

    @property
    def same(self) -> bool:
        """Whether nothing changed at all."""
        return not (self.items or self.concepts or self.georeference or self.whole)

    def head(self) -> dict[str, Any]:
        """Everything but the lists of items and concepts."""
        return {
            "old": self.old,
            "new": self.new,
            "same": self.same,
            "matched": self.matched,
            "counts": self.counts(),
            "georeference": [change.as_dict() for change in self.georeference],
            "whole": None
            if self.whole is None
            else {
                "shift": list(self.whole.shift),
                "distance": self.whole.distance,
                "angle_deg": self.whole.angle_deg,
                "objects": self.whole.objects,
                "carrier": self.whole.carrier,
            },
        }

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            **self.head(),
            "items": [item.as_dict() for item in self.items],
            "concepts": [item.as_dict() for item in self.concepts],
        }
