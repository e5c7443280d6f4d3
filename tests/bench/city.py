"""A made-up city as CityJSON: boxes, L shapes, gabled roofs, several levels of detail, parts. Volumes are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import orjson

CRS = "https://www.opengis.net/def/crs/EPSG/0/4547"
CORNER = (528_000.0, 3_386_000.0, 20.0)
PITCH_M = 30.0
BOX = [[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
BOX_MEANING = [0, 1, 2, 2, 2, 2]
GABLE = [[0, 3, 2, 1], [0, 1, 5, 8, 4], [1, 2, 6, 5], [2, 3, 7, 9, 6], [3, 0, 4, 7], [4, 8, 9, 7], [8, 5, 6, 9]]
GABLE_MEANING = [0, 2, 2, 2, 2, 1, 1]
SURFACES = [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}]
L_OUTLINE = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.4), (0.4, 0.4), (0.4, 1.0), (0.0, 1.0))


class _City:
    def __init__(self) -> None:
        self.vertices: list[list[int]] = []
        self.volume = 0.0

    def put(self, points: list[tuple[float, float, float]]) -> int:
        """Add vertices; the number of the first."""
        first = len(self.vertices)
        self.vertices += [[round(1000 * value) for value in point] for point in points]
        return first


def _solid(faces: list[list[int]], first: int, lod: str, meaning: list[int] | None = None) -> dict[str, Any]:
    geometry: dict[str, Any] = {
        "type": "Solid",
        "lod": lod,
        "boundaries": [[[[first + corner for corner in face]] for face in faces]],
    }
    if meaning:
        geometry["semantics"] = {"surfaces": SURFACES, "values": [meaning]}
    return geometry


def _box(city: _City, x: float, y: float, w: float, d: float, h: float) -> int:
    plan = ((x, y), (x + w, y), (x + w, y + d), (x, y + d))
    return city.put([(px, py, z) for z in (0.0, h) for px, py in plan])


def _ell(city: _City, x: float, y: float, w: float, d: float, h: float) -> list[dict[str, Any]]:
    plan = [(x + u * w, y + v * d) for u, v in L_OUTLINE]
    first = city.put([(px, py, z) for z in (0.0, h) for px, py in plan])
    sides = [[k, (k + 1) % 6, (k + 1) % 6 + 6, k + 6] for k in range(6)]
    city.volume += 0.64 * w * d * h
    return [_solid([[5, 4, 3, 2, 1, 0], [6, 7, 8, 9, 10, 11], *sides], first, "1.2")]


def _gable(city: _City, x: float, y: float, w: float, d: float, h: float) -> dict[str, Any]:
    first = _box(city, x, y, w, d, h)
    city.put([(x + w / 2, y, h + w / 4), (x + w / 2, y + d, h + w / 4)])
    city.volume += w * d * h + w * d * w / 8
    return _solid(GABLE, first, "2.2", GABLE_MEANING)


def write(path: Path, buildings: int, *, boxes: bool = False) -> dict[str, float]:
    """Write the city; returns its objects and the sum of the volumes of its highest levels, m3. boxes: nothing else."""
    random = np.random.default_rng(11)
    side = int(np.ceil(np.sqrt(buildings)))
    sizes = np.round(random.uniform((8.0, 8.0, 3.0), (20.0, 20.0, 60.0), (buildings, 3)), 1).tolist()
    city, objects = _City(), {}
    for number, (w, d, h) in enumerate(sizes):
        x, y = PITCH_M * (number % side), PITCH_M * (number // side)
        kind = 0 if boxes else number % 5
        parts = {}
        if kind == 1:
            geometry = _ell(city, x, y, w, d, h)
        elif kind == 2:
            geometry = [_gable(city, x, y, w, d, h)]
        elif kind == 3:
            coarse = _solid(BOX, _box(city, x, y, w, d, h), "1.2")
            geometry = [coarse, _gable(city, x, y, w, d, h)]
        else:
            geometry = [_solid(BOX, _box(city, x, y, w, d, h), "1.2", BOX_MEANING if kind == 4 else None)]
            city.volume += w * d * h
        name = f"NL.IMBAG.Pand.{number:012d}"
        attributes = {
            "measuredHeight": h,
            "yearOfConstruction": 1950 + number % 70,
            "storeysAboveGround": 1 + number % 12,
            "function": "1000" if number % 2 else "1010",
            "status": "in use",
            "address": f"第{number % 90}街 {number}",
        }
        if kind == 4:
            parts = {f"{name}-0": {"type": "BuildingPart", "geometry": geometry, "parents": [name]}}
            objects[name] = {"type": "Building", "attributes": attributes, "children": list(parts)}
        else:
            objects[name] = {"type": "Building", "attributes": attributes, "geometry": geometry}
        objects |= parts
    root = {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": {"referenceSystem": CRS},
        "transform": {"scale": [0.001, 0.001, 0.001], "translate": list(CORNER)},
        "CityObjects": objects,
        "vertices": city.vertices,
    }
    path.write_bytes(orjson.dumps(root))
    return {"objects": len(objects), "volume": city.volume}
