"""The geometry of CityJSON objects: the highest level of detail of each, flattened, with meanings and colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

import numpy as np

from gis.city import said
from gis.city.boundaries import DEPTH, Malformed, first_surface, flatten, listed, per_ring, per_surface, whole
from gis.city.meanings import meanings, meanings_of
from gis.city.model import Bodies, Instances
from gis.city.polygons import F64, I64, Polygons, joined, offsets, spread
from gis.city.textures import LOST
from gis.notes import Notes

INSTANCE = "GeometryInstance"
SOLIDS = {"Solid", "MultiSolid", "CompositeSolid"}
POINTLIKE = {"MultiPoint", "MultiLineString"}
_BAD = (TypeError, ValueError, KeyError, IndexError, AttributeError)


@dataclass
class _Group:
    """Geometries of one depth of nesting, and the object row of each."""

    geometry: list[dict[str, Any]] = field(default_factory=list)
    row: list[int] = field(default_factory=list)

    def keep(self, fine: Sequence[bool]) -> None:
        """Drop the others."""
        self.geometry, self.row = list(compress(self.geometry, fine)), list(compress(self.row, fine))

    def columns(self) -> _Columns:
        """The members of the geometries, each in a list of its own, None where one has none."""
        members = [
            (
                item.get("boundaries"), item["type"], item.get("lod"), item.get("semantics"), item.get("material"),
                item.get("texture"),
            )
            for item in self.geometry
        ]  # fmt: skip
        return _Columns(*map(list, zip(*members, strict=True))) if members else _Columns([], [], [], [], [], [])


@dataclass(frozen=True)
class _Columns:
    """Members of geometries (b,); their dictionaries lie far apart in memory, so that all are taken in one visit."""

    boundaries: list[Any]
    kind: list[str]
    lod: list[Any]
    semantics: list[Any]
    material: list[Any]
    texture: list[Any]


@dataclass(frozen=True)
class SurfaceTextures:
    """Textures of a document or feature. material: of a texture's number; coordinates (t, 2), v downwards."""

    material: Callable[[int], int] = lambda _number: LOST
    coordinates: F64 = field(default_factory=lambda: np.zeros((0, 2)))


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


def _kind(geometry: object) -> str:
    """The type of a geometry; "" where it has none."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    return kind if isinstance(kind, str) else ""


class JsonBodies:
    """Collects geometries by object, then makes arrays of them."""

    def __init__(self, notes: Notes, theme: str | None, texture_theme: str | None = None) -> None:
        self._notes = notes
        self._theme = theme
        self._texture_theme = texture_theme
        self._groups = {depth: _Group() for depth in sorted(set(DEPTH.values()))}
        self._instances = _Group()
        self._first_row: list[int] = []
        self._base, self._limit = offsets([]), offsets([])
        self._colours: list[Sequence[int]] = []
        self._ranks: dict[object, tuple[float, str]] = {}
        self.template_lods: list[str] = []
        self._textures: list[SurfaceTextures] = []
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

    def _lods(self, values: list[Any]) -> list[str]:
        """Levels of detail as text."""
        try:
            text = {value: self._lod(value)[1] for value in set(values)}
        except TypeError:  # a list or an object
            return [self._lod(value)[1] for value in values]
        return list(map(text.__getitem__, values))

    def feature(self, row: int, colours: Sequence[int], textures: SurfaceTextures) -> None:
        """Objects from this row on have these materials by number, and these textures."""
        self._first_row.append(row)
        self._colours.append(colours)
        self._textures.append(textures)

    def _feature(self, row: Sequence[int]) -> I64:
        """The features of objects."""
        return np.searchsorted(self._first_row, row, "right") - 1

    def add(self, shapes: Sequence[Any], vertices: Sequence[int]) -> None:
        """Take the highest level of detail of every object. shapes: its geometries; vertices: their number by feature."""
        self._base, self._limit = offsets(vertices), np.array(vertices, np.int64)
        into = {kind: self._groups[depth] for kind, depth in DEPTH.items()} | {INSTANCE: self._instances}
        for row, given in enumerate(shapes):
            if not given:
                continue
            if not isinstance(given, list):
                self.malformed.append(row)
                continue
            for geometry in given if len(given) == 1 else self._highest(row, given):
                kind = _kind(geometry)
                group = into.get(kind)
                if group is not None:
                    group.geometry.append(geometry)
                    group.row.append(row)
                elif kind in POINTLIKE:
                    self.pointlike.append(row)
                else:
                    self.malformed.append(row)

    def _highest(self, row: int, geometries: list[Any]) -> list[Any]:
        """Of several geometries those of the highest level; there a solid stands for its surfaces."""
        drawn = []
        for item in geometries:
            kind = _kind(item)
            if kind in DEPTH or kind == INSTANCE:
                drawn.append((self._rank(item), item))
            elif kind not in POINTLIKE:
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
        parts = [self._bodies(depth, group, missing) for depth, group in self._groups.items() if group.row]
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
        given = group.columns()
        try:
            polygons, levels = flatten(given.boundaries, depth)
        except Malformed:
            fine = whole(given.boundaries, depth)
            self.malformed += compress(group.row, [not good for good in fine])
            group.keep(fine)
            given = group.columns()
            polygons, levels = flatten(given.boundaries, depth)
        first = first_surface(levels)
        row, feature = np.array(group.row, np.int64), self._feature(group.row)
        count = np.diff(first)
        surface, paint = self._along(given, depth, levels, feature)
        uv = self._texture(given, depth, polygons, first, paint, feature)
        corners = np.diff(polygons.first_corner[first])
        limit, base = (np.repeat(column[feature], corners) for column in (self._limit, self._base))
        wrong = (polygons.corner < 0) | (polygons.corner >= limit)
        polygons = Polygons(polygons.points, polygons.corner + base, polygons.ring, polygons.polygon, uv)
        if wrong.any():
            body = np.repeat(np.arange(len(row)), count)
            good = np.bincount(polygons.polygon_of_corner[wrong], minlength=len(polygons)) == 0
            missing(np.unique(row[body[~good]]))
            chosen = np.flatnonzero(good)
            polygons = polygons.take(chosen)
            first = offsets(np.bincount(body[chosen], minlength=len(row)))
            surface, paint = surface[chosen], paint[chosen]
        solid = np.fromiter(map(SOLIDS.__contains__, given.kind), np.bool_, len(row))
        lod = self._lods(given.lod)
        return Bodies(polygons, first, row, lod, solid, paint, surface, np.repeat(solid, np.diff(first)))

    def _along(self, given: _Columns, depth: int, levels: list[I64], feature: I64) -> tuple[I64, I64]:
        """(p,) number of the semantic surface, and (p,) material, of every polygon; -1 where nothing is said."""
        first = first_surface(levels)
        surface, paint = np.full(int(first[-1]), -1, np.int64), np.full(int(first[-1]), -1, np.int64)
        bad = 0
        for column, into, of in ((given.semantics, surface, meanings_of), (given.material, paint, self._paints)):
            where = [number for number, item in enumerate(column) if item]
            chosen = np.array(where, np.int64)
            if where and column is given.semantics:
                together = meanings([column[number] for number in where], chosen, levels)
                if together is not None:
                    into[spread(first, chosen)] = together
                    continue
            for number in where:
                try:
                    found = of(column[number], listed(given.boundaries[number]), depth, int(feature[number]))
                except _BAD:
                    bad += 1
                else:
                    if found is not None:
                        into[first[number] : first[number + 1]] = found
        self._notes.add("city-semantics", said.MEANING, count=bad)
        return surface, paint

    def _texture(
        self, given: _Columns, depth: int, polygons: Polygons, first: I64, paint: I64, feature: I64
    ) -> F64 | None:
        """(k, 2) texture coordinates of ring corners; writes the textured polygons' materials into `paint` (p,)."""
        uv: F64 | None = None
        where = [(number, themes) for number, themes in enumerate(given.texture) if themes]
        ring, of = (polygons.ring.tolist(), polygons.polygon.tolist()) if where else ([], [])
        bad = 0
        for number, themes in where:
            textures = self._textures[int(feature[number])]
            try:
                theme = themes[self._texture_theme] if self._texture_theme in themes else next(iter(themes.values()))
                rings = per_ring(theme["values"], listed(given.boundaries[number]), depth)
                begin = of[int(first[number])]
                for polygon in range(int(first[number]), int(first[number + 1])):
                    values = rings[of[polygon] - begin : of[polygon + 1] - begin]
                    look = textures.material(values[0][0]) if values and values[0] else LOST
                    if look == LOST:
                        continue
                    corners = [index for value in values for index in (value or [None])[1:]]
                    low, high = ring[of[polygon]], ring[of[polygon + 1]]
                    if len(corners) == high - low:
                        uv = np.full((len(polygons.corner), 2), np.nan) if uv is None else uv
                        uv[low:high] = textures.coordinates[corners]
                        paint[polygon] = look
            except _BAD:
                bad += 1
        self._notes.add("city-semantics", said.MEANING, count=bad)
        return uv

    def _paints(self, themes: Any, boundaries: Any, depth: int, feature: int) -> list[int] | None:
        colours = self._colours[feature]
        theme = themes[self._theme] if self._theme in themes else next(iter(themes.values()))
        if "value" in theme:
            values = per_surface([None] * len(boundaries), boundaries, depth)
            return None if theme["value"] is None else [colours[theme["value"]]] * len(values)
        values = per_surface(theme["values"], boundaries, depth)
        return [-1 if value is None else colours[value] for value in values]

    def instances(self, vertices: F64, templates: int) -> tuple[Instances, list[int]]:
        """Templates put at places, and rows of instances that cannot be used."""
        template, row, lod, matrix, anchor, bad = [], [], [], [], [], []
        group = self._instances
        for geometry, owner, feature in zip(group.geometry, group.row, self._feature(group.row).tolist(), strict=True):
            base, limit = int(self._base[feature]), int(self._limit[feature])
            number, at = geometry.get("template"), listed(geometry.get("boundaries"))
            try:
                grid = np.array(geometry.get("transformationMatrix"), np.float64).reshape(4, 4)
                index = at[0] if isinstance(at, list) else None
            except _BAD:
                index = None
            fine = type(number) is int and 0 <= number < templates and type(index) is int and 0 <= index < limit
            if not fine or not isinstance(number, int) or not isinstance(index, int) or not np.isfinite(grid).all():
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
