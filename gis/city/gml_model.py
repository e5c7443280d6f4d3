"""From the members of a CityGML file to bodies: links followed, the highest level of detail chosen, doubles left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from gis.city import said
from gis.city.gml_objects import GmlObjects, Implicit
from gis.city.gml_textures import TextureTarget, with_coordinates
from gis.city.json_bodies import lod_rank
from gis.city.model import Bodies, CityModel, Instances
from gis.city.polygons import F64, I64, Polygons, offsets
from gis.notes import Notes


@dataclass
class _Level:
    """Polygons of an object at one level: of its solids, and of anything else, with whether each is turned over."""

    solid: dict[int, bool] = field(default_factory=dict)
    surface: dict[int, bool] = field(default_factory=dict)


def model_of(
    found: GmlObjects,
    colours: Mapping[str, int],
    targets: Mapping[str, TextureTarget],
    notes: Notes,
    *,
    format_: str,
    title: str,
    crs: str,
) -> CityModel:
    """Resolve and choose; notes what is missing."""
    objects, store = found.objects, found.store
    polygons = store.polygons()
    paint = np.full(len(store), -1, np.int64)
    for name, look in reversed(list(colours.items())):
        numbers, _, _ = store.resolve([(name, False)])
        paint[numbers] = look
    polygons = with_coordinates(store, polygons, targets, paint)
    semantic = np.array(store.semantic, np.int64)
    levels, lost = _levels(found)
    many, chosen, row, lod, solid, shell, turned = [], [], [], [], [], [], []
    count = []
    for owner, by_lod in levels.items():
        best = max(by_lod, key=lod_rank)
        if len(by_lod) > 1:
            many.append(owner)
        level = by_lod[best]
        extra = _new(polygons, level.solid, level.surface) if level.solid else level.surface
        count.append(len(level.solid) + len(extra))
        chosen += [*level.solid, *extra]
        turned += [*level.solid.values(), *extra.values()]
        shell += [True] * len(level.solid) + [False] * len(extra)
        row.append(owner)
        lod.append(best)
        solid.append(bool(level.solid))
    index = np.array(chosen, np.int64)
    picked = polygons.take(index).turned(np.array(turned, np.bool_))
    bodies = Bodies(
        picked, offsets(count), np.array(row, np.int64), lod, np.array(solid, np.bool_), paint[index], semantic[index],
        np.array(shell, np.bool_),
    )  # fmt: skip
    templates, instances, unusable = _instances(found, polygons, paint, semantic)
    ids = objects.id
    notes.add("id-hashed", said.HASHED, [ids[number] for number in found.unnamed])
    notes.add("city-link-missing", said.NO_LINK, [ids[number] for number in sorted(lost)])
    notes.add("city-coordinates", said.TEXTS, count=store.unreadable)
    notes.add("city-lods", said.LOWER_LODS, [ids[number] for number in many])
    notes.add("city-template", said.TEMPLATE, [ids[number] for number in unusable])
    notes.add("city-library", said.LIBRARY, [ids[number] for number in found.library])
    shaped = set(row) | set(instances.row.tolist()) | set(found.library) | set(unusable)
    notes.add("city-no-surfaces", said.NO_SURFACES, [ids[number] for number in sorted(found.pointlike - shaped)])
    return CityModel(format_, title, crs, True, objects, found.attributes, bodies, templates, instances)


def _levels(found: GmlObjects) -> tuple[dict[int, dict[str, _Level]], set[int]]:
    """Polygons by object and level, and objects with links to nowhere."""
    levels: dict[int, dict[str, _Level]] = {}
    lost: set[int] = set()
    for geometry in found.geometries:
        numbers, turned, missing = found.store.resolve(geometry.uses)
        if missing:
            lost.add(geometry.row)
        if not numbers:
            continue
        level = levels.setdefault(geometry.row, {}).setdefault(geometry.lod, _Level())
        into = level.solid if geometry.solid else level.surface
        for number, turn in zip(numbers, turned, strict=True):
            into.setdefault(number, turn)
    for by_lod in levels.values():
        for level in by_lod.values():
            for number in level.solid:
                level.surface.pop(number, None)
    return levels, lost


def _new(polygons: Polygons, solid: Mapping[int, bool], surface: Mapping[int, bool]) -> dict[int, bool]:
    """Those of `surface` whose outline is not among the solid's: some files write each face twice instead of linking it."""
    if not surface:
        return {}
    known = {_outline(polygons, number) for number in solid}
    return {number: turn for number, turn in surface.items() if _outline(polygons, number) not in known}


def _outline(polygons: Polygons, number: int) -> frozenset[tuple[float, ...]]:
    ring = int(polygons.polygon[number])
    if ring == int(polygons.polygon[number + 1]):
        return frozenset()
    points = polygons.points[polygons.corner[polygons.ring[ring] : polygons.ring[ring + 1]]]
    return frozenset(map(tuple, np.round(points, 9).tolist()))


def _instances(found: GmlObjects, polygons: Polygons, paint: I64, semantic: I64) -> tuple[Bodies, Instances, list[int]]:
    """Templates by number, their instances, and rows of instances that cannot be used."""
    keys: dict[str, int] = {}
    chosen, turned, count = [], [], []
    bad, row, lod, template, matrix, anchor = [], [], [], [], [], []
    for item in found.implicit:
        values = _numbers(item)
        if item.key not in keys:
            uses = found.templates.get(item.key, [(item.key, False)])
            numbers, turns, _ = found.store.resolve(uses)
            keys[item.key] = len(keys)
            chosen += numbers
            turned += turns
            count.append(len(numbers))
        if values is None or not count[keys[item.key]]:
            bad.append(item.row)
            continue
        row.append(item.row)
        lod.append(item.lod)
        template.append(keys[item.key])
        matrix.append(values[0])
        anchor.append(values[1])
    if not keys:
        return Bodies.empty(), Instances.empty(), bad
    index = np.array(chosen, np.int64)
    bodies = Bodies(
        polygons.take(index).turned(np.array(turned, np.bool_)), offsets(count), np.arange(len(keys)), [""] * len(keys),
        np.zeros(len(keys), np.bool_), paint[index], semantic[index], np.zeros(len(index), np.bool_),
    )  # fmt: skip
    instances = Instances(
        np.array(template, np.int64), np.array(row, np.int64), lod, np.array(matrix).reshape(-1, 4, 4),
        np.array(anchor).reshape(-1, 3),
    )  # fmt: skip
    return bodies, instances, bad


def _numbers(item: Implicit) -> tuple[F64, F64] | None:
    """(4, 4) matrix, the identity where none is given, and (3,) anchor; None where they are no finite numbers."""
    try:
        matrix = np.array(list(map(float, item.matrix.split())) or np.eye(4).ravel()).reshape(4, 4)
        anchor = np.array(list(map(float, item.anchor.split()))[:3]).reshape(3)
    except ValueError:
        return None
    return (matrix, anchor) if np.isfinite(matrix).all() and np.isfinite(anchor).all() else None
