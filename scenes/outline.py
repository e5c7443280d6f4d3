"""What a layer covers, seen from above: its triangles projected, joined and simplified, for plan drawings."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from scenes.export.glb.pieces import Merged, contents, pieces
from twin.graph.layerfile import TILES
from twin.graph.plan import Drawn, drawn
from twin.park import write_atomic

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]
FILE = "outline.json"
MAX_TRIANGLES = 20_000
"""The largest ones are joined, in less than a second; what is left out is smaller than what hides it."""
LEAST_M2 = 0.02
CLOSE_M = 0.15
"""Gaps up to twice this are joints between elements, no yards."""
SIMPLE_M = 0.2
LEAST_RING_M2 = 0.5


def kept_outline(folder: Path, kind: str) -> list[dict[str, Any]]:
    """The outline of a layer version, computed once and kept in its folder. Raises Invalid where its tiles are broken."""
    path = folder / FILE
    with contextlib.suppress(OSError, ValueError):
        return list(json.loads(path.read_text(encoding="utf-8")))
    shapes = outline(folder, kind)
    with contextlib.suppress(OSError):  # a park on a full or read-only disk is drawn all the same
        write_atomic(path, json.dumps(shapes, ensure_ascii=False, separators=(",", ":")))
    return shapes


def outline(folder: Path, kind: str) -> list[dict[str, Any]]:
    """`[{type, rings: [[[x, y], …], …]}]`, largest first, metres in the park frame; holes are rings as well (even-odd).

    A building model is one shape, without type; other layers have one shape for each type of object. Objects that only
    enclose others are left out. An object of a map without triangles of its own among the largest is drawn by its box.
    """
    objects = drawn(folder, kind)
    triangles, owner = _triangles(folder, objects)
    group = np.zeros(len(objects.wanted), np.int64) if kind == "bim" else objects.type
    shapes: Shapes = np.array(shapely.polygons(triangles), object)
    bare = objects.wanted & np.isfinite(objects.box).all(axis=1)
    bare[owner] = False
    if kind == "bim" and len(triangles):
        bare[:] = False  # what repeats in a building stands inside of it
    rows = np.flatnonzero(bare)
    shapes = np.concatenate((shapes, np.array(shapely.box(*objects.box[rows].T), object)))
    place = np.concatenate((group[owner], group[rows]))
    found = []
    for one in np.unique(place):
        rings = _rings(shapely.union_all(shapes[place == one]))
        if rings:
            found.append({"type": "" if kind == "bim" else objects.names[one], "rings": rings})
    return sorted(found, key=lambda shape: -sum(abs(_area(ring)) for ring in shape["rings"]))


def _triangles(folder: Path, objects: Drawn) -> tuple[F64, I64]:
    """(n, 3, 2) the largest triangles that look up, east and north; (n,) the ordinals of their objects."""
    parts, owners = [np.empty((0, 3, 2))], [np.empty(0, np.int64)]
    areas = [np.empty(0)]
    for path in contents(folder / TILES):
        for piece in pieces(path, objects.wanted):
            if not isinstance(piece, Merged):
                continue
            position = piece.soup.position + piece.origin  # glTF axes: x east, z south
            corners = np.stack((position[:, 0], -position[:, 2]), axis=1)[piece.soup.faces]
            a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
            area = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2
            kept = area > LEAST_M2
            parts.append(corners[kept])
            owners.append(piece.owner[piece.soup.faces[kept, 0]])
            areas.append(area[kept])
    order = np.argsort(-np.concatenate(areas), kind="stable")[:MAX_TRIANGLES]
    return np.concatenate(parts)[order], np.concatenate(owners)[order]


def _rings(shape: Any) -> list[list[list[float]]]:
    closed = shapely.buffer(shape, CLOSE_M, join_style="mitre")
    simple = shapely.simplify(shapely.buffer(closed, -CLOSE_M, join_style="mitre"), SIMPLE_M)
    rings = []
    for polygon in shapely.get_parts(simple):
        for ring in shapely.get_rings(polygon):
            points = np.round(shapely.get_coordinates(ring)[:-1], 2).tolist()
            if len(points) > 2 and abs(_area(points)) >= LEAST_RING_M2:
                rings.append(points)
    return rings


def _area(ring: list[list[float]]) -> float:
    x, y = np.array(ring).T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)
