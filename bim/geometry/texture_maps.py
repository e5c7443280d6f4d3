"""Texture coordinates that a file gives for faces: polygons with a coordinate at each corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mapbox_earcut
import numpy as np
from ifcopenshell import entity_instance

from bim.geometry.engine import F64
from bim.geometry.texture_style import TextureStyle, generators_of, of_texture

_SOLIDS = {"IfcFacetedBrep", "IfcFacetedBrepWithVoids"}
_SURFACES = {"IfcFaceBasedSurfaceModel": "FbsmFaces", "IfcShellBasedSurfaceModel": "SbsmBoundary"}
_INDEXED = {"IfcTriangulatedFaceSet", "IfcTriangulatedIrregularNetwork", "IfcPolygonalFaceSet"}
FLAT = _SOLIDS | set(_SURFACES) | _INDEXED
"""Items whose faces are polygons."""


@dataclass(frozen=True)
class Faces:
    """Triangles of an item: vertices (n, 3) in the file's unit, faces (m, 3), uv (m, 3, 2) with NaN where there is none."""

    vertices: F64
    faces: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    uv: F64


Polygon = tuple[list[list[int]], list[list[tuple[float, float]]] | None]
"""Rings of point numbers from 0, the outer one first, and texture coordinates at their corners."""


class TextureMaps:
    """All maps of a model by the item or face that they are for. Needs IFC4 or later; older ones give none."""

    def __init__(self, model: Any) -> None:
        generators = generators_of(model)
        self._indexed: dict[int, Any] = {}
        self._faces: dict[int, Any] = {}
        self.texture: dict[int, TextureStyle | None] = {}
        if model.schema == "IFC2X3":
            return
        for name, into in (("IfcIndexedTextureMap", self._indexed), ("IfcTextureMap", self._faces)):
            for item in model.by_type(name):
                if isinstance(item.MappedTo, entity_instance):
                    into.setdefault(int(item.MappedTo.id()), item)
        for step, item in self._indexed.items():
            textures = (of_texture(texture, generators) for texture in item.Maps or ())
            self.texture[step] = next((texture for texture in textures if texture is not None), None)

    def __bool__(self) -> bool:
        return bool(self._indexed or self._faces)

    def maps(self, item: Any) -> bool:
        """Whether a map is for this item or one of its faces."""
        if int(item.id()) in self._indexed:
            return True
        return bool(self._faces) and item.is_a() not in _INDEXED and any(f.id() in self._faces for f in _faces(item))

    def faces(self, item: Any) -> Faces | None:
        """The triangles of an item of FLAT; None where it names points or coordinates that do not exist."""
        try:
            if item.is_a("IfcTriangulatedFaceSet"):
                return self._triangulated(item)
            if item.is_a("IfcPolygonalFaceSet"):
                return self._polygonal(item)
            return self._brep(item)
        except (IndexError, ValueError, TypeError, AttributeError):
            return None

    def _triangulated(self, item: Any) -> Faces:
        points = np.array(item.Coordinates.CoordList, np.float64).reshape(-1, 3)
        own = _points(item)
        faces = own[_from_zero(item.CoordIndex, len(own)).reshape(-1, 3)]
        found = self._indexed.get(int(item.id()))
        uv = np.full((len(faces), 3, 2), np.nan)
        if found is not None and found.is_a("IfcIndexedTriangleTextureMap"):
            places = np.array(found.TexCoords.TexCoordsList, np.float64).reshape(-1, 2)
            index = found.TexCoordIndex
            corner = _from_zero(item.CoordIndex if index is None else index, len(places)).reshape(-1, 3)
            uv[: len(corner)] = places[corner[: len(faces)]]
        return Faces(points, faces, uv)

    def _polygonal(self, item: Any) -> Faces:
        points = np.array(item.Coordinates.CoordList, np.float64).reshape(-1, 3)
        own = _points(item)
        found = self._indexed.get(int(item.id()))
        by_face: dict[int, list[Any]] = {}
        places: Sequence[Any] = ()
        if found is not None and found.is_a("IfcIndexedPolygonalTextureMap"):
            places = found.TexCoords.TexCoordsList
            for entry in found.TexCoordIndices or ():
                rings = [entry.TexCoordIndex, *(getattr(entry, "InnerTexCoordIndices", None) or ())]
                by_face[int(entry.TexCoordsOf.id())] = rings
        polygons: list[Polygon] = []
        for face in item.Faces or ():
            rings = [face.CoordIndex, *(getattr(face, "InnerCoordIndices", None) or ())]
            uv = by_face.get(int(face.id()))
            polygons.append(
                (
                    [own[_from_zero(ring, len(own))].tolist() for ring in rings],
                    None if uv is None else [[places[i] for i in _from_zero(ring, len(places))] for ring in uv],
                )
            )
        return _triangles(points, polygons)

    def _brep(self, item: Any) -> Faces:
        number: dict[int, int] = {}
        points: list[Any] = []
        polygons: list[Polygon] = []
        for face in _faces(item):
            rings: list[list[int]] = []
            for bound in sorted(face.Bounds or (), key=lambda b: not b.is_a("IfcFaceOuterBound")):
                ring = []
                for point in bound.Bound.Polygon:
                    if point.id() not in number:
                        number[point.id()] = len(points)
                        points.append(point.Coordinates)
                    ring.append(number[point.id()])
                rings.append(ring if bound.Orientation else ring[::-1])
            found = self._faces.get(int(face.id()))
            uv = None
            if found is not None and rings:
                corners = [tuple(vertex.Coordinates) for vertex in found.Vertices]
                outer = next((b for b in face.Bounds if b.is_a("IfcFaceOuterBound")), face.Bounds[0])
                uv = [corners if outer.Orientation else corners[::-1]]
            polygons.append((rings, uv))
        return _triangles(np.array(points, np.float64).reshape(-1, 3), polygons)


def _points(item: Any) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """What an index of a face set stands for: PnIndex, else the point itself."""
    index = getattr(item, "PnIndex", None)
    count = len(item.Coordinates.CoordList)
    return np.arange(count) if index is None else _from_zero(index, count)


def _from_zero(index: Any, count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Numbers that the file counts from one. Raises IndexError where one is none of the first `count`."""
    found = np.array(index, np.int64) - 1
    if found.size and not (int(found.min()) >= 0 and int(found.max()) < count):
        raise IndexError("an index names nothing")
    return found


def _faces(item: Any) -> list[Any]:
    """All IfcFaces of a faceted brep or surface model."""
    if item.is_a("IfcManifoldSolidBrep"):
        shells = [item.Outer, *(getattr(item, "Voids", None) or ())]
    else:
        shells = list(getattr(item, _SURFACES.get(item.is_a(), ""), None) or ())
    return [face for shell in shells for face in shell.CfsFaces or ()]


def _triangles(points: F64, polygons: Sequence[Polygon]) -> Faces:
    faces: list[list[int]] = []
    coordinates: list[list[tuple[float, float]]] = []
    nothing = (np.nan, np.nan)
    for rings, uv in polygons:
        corners = [corner for ring in rings for corner in ring]
        at = points[corners]
        places = [nothing] * len(corners)
        if uv is not None and len(uv[0]) == len(rings[0]):
            known = [place for ring in uv for place in ring]
            places = known if len(known) == len(corners) else [*uv[0], *_carried(at, uv[0])]
        for triangle in _cut(at, rings):
            faces.append([corners[i] for i in triangle])
            coordinates.append([places[i] for i in triangle])
    return Faces(points, np.array(faces, np.int64).reshape(-1, 3), np.array(coordinates, np.float64).reshape(-1, 3, 2))


def _carried(points: F64, outer: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Coordinates at the corners of holes, carried on from those of the outer ring (least squares, affine)."""
    known = np.column_stack((points[: len(outer)], np.ones(len(outer))))
    move, *_ = np.linalg.lstsq(known, np.array(outer, np.float64), rcond=None)
    rest = np.column_stack((points[len(outer) :], np.ones(len(points) - len(outer)))) @ move
    return [(float(u), float(v)) for u, v in rest]


def _cut(points: F64, rings: Sequence[Sequence[int]]) -> list[tuple[int, int, int]]:
    """Triangles of a flat polygon with holes, as numbers of its corners, wound as its outer ring."""
    count = len(rings[0])
    if len(rings) == 1 and count == 3:
        return [(0, 1, 2)]
    ring = points[:count] - points[:count].mean(axis=0)
    normal = np.cross(ring, np.roll(ring, -1, axis=0)).sum(axis=0)
    away = int(np.argmax(np.abs(normal)))
    flat = np.delete(points - points[0], away, axis=1)
    ends = np.cumsum([len(one) for one in rings]).astype(np.uint32)
    found = mapbox_earcut.triangulate_float64(flat, ends).astype(np.int64).reshape(-1, 3)
    a, b, c = (points[found[:, i]] for i in range(3))
    if float(np.cross(b - a, c - a).sum(axis=0) @ normal) < 0:
        found = found[:, ::-1]
    return [(int(i), int(j), int(k)) for i, j, k in found]
