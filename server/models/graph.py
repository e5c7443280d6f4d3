"""Layers, objects, tree, types, states, points."""

from __future__ import annotations

from typing import Any

from server.models.base import Box, FindingShape, Shape


class LayerShape(Shape):
    """A published layer with statistics, georeference and findings of its build; `version_count`: versions on disk."""

    layer: str
    version: str
    kind: str
    title: str
    title_en: str
    group: str
    source: str
    sha256: str
    crs: str
    georef: dict[str, Any] | None
    stats: dict[str, Any] | None
    findings: list[FindingShape] | None
    built_at: str | None
    published_at: str | None
    base: int
    count: int
    box: Box | None
    version_count: int


class VersionShape(Shape):
    """A version of a layer that stands on disk and can be published."""

    version: str
    built_at: str
    source: str
    count: int
    published: bool


class LayerDetail(LayerShape):
    """A layer with all its versions, oldest first."""

    versions: list[VersionShape]


class OrderElement(Shape):
    """What a finding names: gid and state are null where it is no published object; note: the storey it lies in, its twin …"""

    id: str
    gid: str | None
    name: str | None
    type: str | None
    storey: str | None
    note: str | None
    state: int | None


class OrderFinding(Shape):
    """A finding of a build: mended already (`repaired`) or for the author; `count` elements, of which some are listed."""

    id: str
    code: str
    severity: str
    zh: str
    en: str
    fix_zh: str
    fix_en: str
    repaired: bool
    count: int
    elements: list[OrderElement]
    gids: list[str]
    states: list[int]
    value: float | None
    limit: float | None
    unit: str
    at: tuple[float, float, float] | None
    box: Box | None


class OrderShape(Shape):
    """The order of a published layer; counts: `open` and `repaired`, each by severity."""

    layer: str
    version: str
    title: str
    source: str
    counts: dict[str, dict[str, int]]
    items: list[OrderFinding]


class PublishedShape(Shape):
    """What is published now."""

    layer: str
    version: str
    revision: int


class TypeCount(Shape):
    """How many objects there are of a type."""

    type: str
    ifc_class: str | None
    count: int


class ObjectItem(Shape):
    """An object in lists."""

    gid: str
    state: int
    type: str
    ifc_class: str | None
    predefined_type: str | None
    name: str | None
    tag: str | None
    description: str | None
    layer: str
    storey: str | None
    storey_name: str | None
    building: str | None
    discipline: str | None
    parent: str | None
    cim_level: int | None
    engine: str | None
    box: Box | None


class ObjectPage(Shape):
    """Objects found, and how many there are in all."""

    items: list[ObjectItem]
    total: int


class PathStep(Shape):
    """An ancestor."""

    gid: str
    name: str | None
    type: str
    ifc_class: str | None


class PropertyRow(Shape):
    """A property: `value` as people read it, `number` in SI."""

    name: str
    value: str | None
    number: float | None
    unit: str | None
    origin: str | None


class PropertySet(Shape):
    """A named set of properties."""

    set: str
    rows: list[PropertyRow]


class QuantityRow(Shape):
    """A quantity in SI, declared by the file or measured on the geometry."""

    set: str | None
    name: str
    value: float | None
    unit: str | None
    origin: str | None


class RelationRow(Shape):
    """A relation to another object or concept; `direction` is `out` or `in`."""

    kind: str
    direction: str
    gid: str
    name: str | None
    type: str | None
    state: int | None


class ObjectPoint(Shape):
    """A point of an object with its present value; `quality`: 0 good, 1 stale, 2 bad, 3 never heard."""

    point_id: str
    index: int | None
    kind: str
    unit: str | None
    name: str | None
    min: float | None
    max: float | None
    gid: str
    device: str | None
    value: float | None
    quality: int
    changed_at: int
    heard_at: int


class ObjectCard(ObjectItem):
    """Everything about one object."""

    path: list[PathStep]
    properties: list[PropertySet]
    quantities: list[QuantityRow]
    relations: list[RelationRow]
    points: list[ObjectPoint]


class ConceptItem(Shape):
    """A type, system, zone, material …: what objects are related to and what stands nowhere."""

    gid: str
    layer: str
    kind: str
    ifc_class: str | None
    name: str | None
    description: str | None


class ConceptPage(Shape):
    """Concepts found, and how many there are in all."""

    items: list[ConceptItem]
    total: int


class MemberType(Shape):
    """Members of one type; ranges of their state indices, inclusive."""

    type: str
    count: int
    ranges: list[tuple[int, int]]


class Members(Shape):
    """Objects that belong to a concept, also through other concepts; `items` are the first 200."""

    total: int
    types: list[MemberType]
    items: list[ObjectItem]


class ConceptCard(ConceptItem):
    """Everything about one concept; relations are those to other concepts."""

    properties: list[PropertySet]
    quantities: list[QuantityRow]
    relations: list[RelationRow]
    members: Members


class TreeNode(Shape):
    """A node of the spatial tree; `children` says how many it has."""

    gid: str
    name: str | None
    type: str
    ifc_class: str | None
    layer: str
    state: int
    children: int


class StateRanges(Shape):
    """Inclusive ranges of state indices, ascending."""

    ranges: list[tuple[int, int]]


class PointColumns(Shape):
    """All points as columns; a point's index is its place. `revision` is the scene's."""

    revision: int
    point_id: list[str]
    gid: list[str]
    device: list[str | None]
    state: list[int | None]
    device_state: list[int | None]
    kind: list[str]
    unit: list[str | None]
    min: list[float | None]
    max: list[float | None]
    role: list[str | None]
    name: list[str | None]


class HistoryColumns(Shape):
    """A point's history in equal time buckets: start of the bucket in epoch ms, its values, and how many samples it has."""

    t: list[int]
    min: list[float | None]
    mean: list[float | None]
    max: list[float | None]
    count: list[int]
