"""The geometry of CityJSON objects: the highest level of detail of each, flattened, with meanings and colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gis.city import said
from gis.city.boundaries import DEPTH, Malformed, flatten, per_surface, whole
from gis.city.looks import NUMBER
from gis.city.model import Bodies, Instances
from gis.city.polygons import F64, I64, joined, offsets
from gis.notes import Notes

INSTANCE = "GeometryInstance"
SOLIDS = {"Solid", "MultiSolid", "CompositeSolid"}
_BAD = (TypeError, ValueError, KeyError, IndexError, AttributeError)


@dataclass
class _Group:
    """Geometries of one depth of nesting. base, limit: where a geometry's vertices begin, and how many there are."""

    boundaries: list[Any] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    lod: list[str] = field(default_factory=list)
    solid: list[bool] = field(default_factory=list)
    semantics: list[Any] = field(default_factory=list)
    material: list[Any] = field(default_factory=list)
    colours: list[Sequence[int]] = field(default_factory=list)
    base: list[int] = field(default_factory=list)
    limit: list[int] = field(default_factory=list)


def lod_text(value: object) -> str:
    """A level of detail as text; "" where there is none."""
    if isinstance(value, str):
        return value
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else ""


def lod_rank(text: str) -> float:
    """The order of levels of detail: 2.2 above 2 above 1.3; what is no number comes last."""
    try:
        return float(text)
    except ValueError:
        return -1.0


class JsonBodies:
    """Collects geometries by object, then makes arrays of them."""

    def __init__(self, notes: Notes, theme: str | None) -> None:
        self._notes = notes
        self._theme = theme
        self._groups: dict[int, _Group] = {}
        self._instances: list[tuple[Any, int, int, int]] = []
        self._ranks: dict[object, tuple[float, str]] = {}
        self.template_lods: list[str] = []
        self.textures = False
        self.many: list[int] = []
        self.pointlike: list[int] = []
        self.malformed: list[int] = []

    def _rank(self, geometry: dict[str, Any]) -> float:
        value = geometry.get("lod")
        if value is None and geometry.get("type") == INSTANCE:
            number = geometry.get("template")
            if type(number) is int and 0 <= number < len(self.template_lods):
                value = self.template_lods[number]
        return self._lod(value)[0]

    def _lod(self, value: object) -> tuple[float, str]:
        if not isinstance(value, str | int | float):
            return -1.0, ""
        known = self._ranks.get(value)
        if known is None:
            text = lod_text(value)
            known = self._ranks[value] = (lod_rank(text), text)
        return known

    def add(self, row: int, geometries: Any, base: int, limit: int, colours: Sequence[int]) -> None:
        """Take the highest level of detail of an object; its vertices are `base` … `base + limit`."""
        if not isinstance(geometries, list):
            self.malformed.append(row)
            return
        if len(geometries) != 1:
            geometries = self._highest(row, geometries)
        for geometry in geometries:
            kind = geometry.get("type") if isinstance(geometry, dict) else None
            depth = DEPTH.get(kind) if isinstance(kind, str) else None
            if depth is not None:
                group = self._groups.get(depth)
                if group is None:
                    group = self._groups[depth] = _Group()
                group.boundaries.append(geometry.get("boundaries"))
                group.row.append(row)
                group.lod.append(self._lod(geometry.get("lod"))[1])
                group.solid.append(kind in SOLIDS)
                group.semantics.append(geometry.get("semantics"))
                group.material.append(geometry.get("material"))
                group.colours.append(colours)
                group.base.append(base)
                group.limit.append(limit)
                self.textures = self.textures or "texture" in geometry
            elif kind == INSTANCE:
                self._instances.append((geometry, row, base, limit))
            elif kind in {"MultiPoint", "MultiLineString"}:
                self.pointlike.append(row)
            else:
                self.malformed.append(row)

    def _highest(self, row: int, geometries: list[Any]) -> list[Any]:
        """Of several geometries those of the highest level; there a solid stands for its surfaces."""
        drawn = []
        for item in geometries:
            kind = item.get("type") if isinstance(item, dict) else None
            if isinstance(kind, str) and (kind in DEPTH or kind == INSTANCE):
                drawn.append((self._rank(item), item))
            elif kind not in {"MultiPoint", "MultiLineString"}:
                self.malformed.append(row)
        if not drawn:
            if geometries and row not in self.malformed[-1:]:
                self.pointlike.append(row)
            return []
        best = max(rank for rank, _ in drawn)
        if any(rank != best for rank, _ in drawn):
            self.many.append(row)
        chosen = [item for rank, item in drawn if rank == best]
        solid = [item for item in chosen if item.get("type") in SOLIDS]
        return solid + [item for item in chosen if item.get("type") == INSTANCE] if solid else chosen

    def bodies(self, vertices: F64, missing: Callable[[I64], None]) -> Bodies:
        """All that was added. vertices (v, 3); `missing` is told the rows whose surfaces name no vertex of theirs."""
        parts = [self._bodies(depth, group, missing) for depth, group in sorted(self._groups.items())]
        if not parts:
            return Bodies.empty()
        polygons = joined([part.polygons for part in parts]).moved(vertices)
        count = offsets([len(part.polygons) for part in parts])
        return Bodies(
            polygons,
            np.concatenate([part.first[int(n > 0) :] + count[n] for n, part in enumerate(parts)]),
            np.concatenate([part.row for part in parts]),
            [lod for part in parts for lod in part.lod],
            np.concatenate([part.solid for part in parts]),
            np.concatenate([part.paint for part in parts]),
            np.concatenate([part.surface for part in parts]),
            np.concatenate([part.shell for part in parts]),
        )

    def _bodies(self, depth: int, group: _Group, missing: Callable[[I64], None]) -> Bodies:
        try:
            polygons, first = flatten(group.boundaries, depth)
        except Malformed:
            fine = whole(group.boundaries, depth)
            self.malformed += [row for row, good in zip(group.row, fine, strict=True) if not good]
            for name, column in vars(group).items():
                setattr(group, name, [item for item, good in zip(column, fine, strict=True) if good])
            polygons, first = flatten(group.boundaries, depth)
        row = np.array(group.row, np.int64)
        count = np.diff(first)
        surface = self._along(group, depth, count, self._meanings)
        paint = self._along(group, depth, count, self._paints)
        corners = np.diff(polygons.first_corner[first])
        limit, base = np.repeat(group.limit, corners), np.repeat(group.base, corners)
        wrong = (polygons.corner < 0) | (polygons.corner >= limit)
        if wrong.any():
            bad = np.unique(polygons.polygon_of_corner[wrong])
            missing(np.unique(np.repeat(row, count)[bad]))
            keep = np.ones(len(polygons), np.bool_)
            keep[bad] = False
            chosen = np.flatnonzero(keep)
            corner_base = np.repeat(np.repeat(group.base, count)[chosen], np.diff(polygons.first_corner)[chosen])
            polygons = polygons.take(chosen)
            first = offsets(np.bincount(np.repeat(np.arange(len(row)), count)[chosen], minlength=len(row)))
            surface, paint, base = surface[chosen], paint[chosen], corner_base
        polygons = type(polygons)(polygons.points, polygons.corner + base, polygons.ring, polygons.polygon)
        solid = np.array(group.solid, np.bool_)
        return Bodies(polygons, first, row, group.lod, solid, paint, surface, np.repeat(solid, np.diff(first)))

    def _along(self, group: _Group, depth: int, count: I64, of: Callable[[_Group, int, int], list[int] | None]) -> I64:
        """(p,) a number a polygon, -1 where nothing is said."""
        values: list[int] = []
        bad = 0
        for number, polygons in enumerate(count.tolist()):
            try:
                found = of(group, number, depth)
            except _BAD:
                found, bad = None, bad + 1
            if found is None or len(found) != polygons:
                found = [-1] * polygons
            values += found
        self._notes.add("city-semantics", said.MEANING, count=bad)
        return np.array(values, np.int64)

    def _meanings(self, group: _Group, number: int, depth: int) -> list[int] | None:
        semantics = group.semantics[number]
        if semantics is None:
            return None
        kinds = [NUMBER.get(surface["type"], -1) for surface in semantics["surfaces"]]
        values = per_surface(semantics["values"], group.boundaries[number], depth)
        return [-1 if value is None else kinds[value] for value in values]

    def _paints(self, group: _Group, number: int, depth: int) -> list[int] | None:
        themes = group.material[number]
        colours = group.colours[number]
        if not themes or not colours:
            return None
        theme = themes[self._theme] if self._theme in themes else next(iter(themes.values()))
        if "value" in theme:
            value = theme["value"]
            return (
                None
                if value is None
                else [colours[value]]
                * len(per_surface([None] * len(group.boundaries[number]), group.boundaries[number], depth))
            )
        values = per_surface(theme["values"], group.boundaries[number], depth)
        return [-1 if value is None else colours[value] for value in values]

    def instances(self, vertices: F64, templates: int) -> tuple[Instances, list[int]]:
        """Templates put at places, and rows of instances that cannot be used."""
        template, row, lod, matrix, anchor, bad = [], [], [], [], [], []
        for geometry, owner, base, limit in self._instances:
            number, at = geometry.get("template"), geometry.get("boundaries")
            values = geometry.get("transformationMatrix")
            try:
                grid = np.array(values, np.float64).reshape(4, 4)
                index = at[0]
                usable = (
                    type(number) is int
                    and 0 <= number < templates
                    and type(index) is int
                    and 0 <= index < limit
                    and bool(np.isfinite(grid).all())
                )
            except _BAD:
                usable = False
            if not usable:
                bad.append(owner)
                continue
            template.append(number)
            row.append(owner)
            lod.append(self.template_lods[number])
            matrix.append(grid)
            anchor.append(vertices[base + index])
        if not template:
            return Instances.empty(), bad
        return (
            Instances(np.array(template, np.int64), np.array(row, np.int64), lod, np.array(matrix), np.array(anchor)),
            bad,
        )
