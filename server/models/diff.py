"""The difference of two versions of a layer."""

from __future__ import annotations

from typing import Literal

from server.models.base import Box, Shape

ChangeKind = Literal[
    "added",
    "deleted",
    "moved",
    "carried",
    "reshaped",
    "retyped",
    "renamed",
    "property-changed",
    "quantity-changed",
    "material-changed",
    "classification-changed",
    "re-contained",
    "group-changed",
    "relation-changed",
    "re-georeferenced",
    "re-identified",
]


class DiffSide(Shape):
    """One of the two versions."""

    layer: str
    version: str
    source: str
    built_at: str
    objects: int


class DiffChange(Shape):
    """One thing that is not as it was: set and name of the property, attribute or relation; `by` how far, in `unit`."""

    kind: ChangeKind
    set: str
    name: str
    old: str | None
    new: str | None
    by: float | None
    unit: str


class DiffConcept(Shape):
    """A changed type, system, group, material; ordinals and boxes are null. `more` counts changes that are left out."""

    gid: str
    old_gid: str | None
    name: str | None
    type: str
    ifc_class: str | None
    ordinal: int | None
    old_ordinal: int | None
    kinds: list[ChangeKind]
    changes: list[DiffChange]
    more: int
    carrier: str | None
    box: Box | None
    old_box: Box | None


class DiffItem(DiffConcept):
    """A changed object. `state`: its index where the new version is the published one; `carrier`: what took it along."""

    state: int | None


class DiffWhole(Shape):
    """A rigid motion that the whole model made: metres, degrees; `carrier`: the site that took the objects along."""

    shift: tuple[float, float, float]
    distance: float
    angle_deg: float
    objects: int
    carrier: str | None


class DiffStage(Shape):
    """A version's tiles for the stage; `base`: its first state index where it is published."""

    version: str
    kind: str
    tileset: str
    count: int
    box: Box | None
    base: int | None


class DiffLayers(Shape):
    """Both versions for the stage."""

    old: DiffStage
    new: DiffStage


class DiffRanges(Shape):
    """Ordinals as inclusive ranges, in either version."""

    new: list[tuple[int, int]]
    old: list[tuple[int, int]]


class DiffShape(Shape):
    """What changed: counts, the model as a whole, one page of objects, concepts, and the ordinals of all by kind."""

    old: DiffSide
    new: DiffSide
    same: bool
    matched: int
    counts: dict[ChangeKind, int]
    georeference: list[DiffChange]
    whole: DiffWhole | None
    layers: DiffLayers
    ranges: dict[ChangeKind, DiffRanges]
    items: list[DiffItem]
    total: int
    concepts: list[DiffConcept]
    concepts_total: int
