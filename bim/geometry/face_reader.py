"""Planar faces of boundary representations and tessellations, read into flat lists of corners."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bim.source.attribute import UNREADABLE

MAX_CORNERS = 5_000_000
"""Corners of one item; larger ones are left to the kernels, which are watched."""
_LOOP = "=IFCPOLYLOOP((#"
_BREPS = {"IfcFacetedBrep"}
_MODELS = {"IfcFaceBasedSurfaceModel", "IfcShellBasedSurfaceModel"}
_TRIANGLES, _POLYGONS = "IfcTriangulatedFaceSet", "IfcPolygonalFaceSet"
SHELLED = frozenset((*_BREPS, *_MODELS))
FACETED = SHELLED | {_TRIANGLES, _POLYGONS}
"""Classes of items that can be read here."""


_Place = tuple[float, float, float]


class FaceReader:
    """The polygons of a batch of items as flat lists; the points of an item follow each other, equal ones are one.

    points: (x, y, z) in the file's unit; corners: points of all loops; sizes: corners by loop; faces: face by
    loop; parts: part by face. A part is a shell, or a whole face set.
    """

    def __init__(self, model: Any) -> None:
        self._by_id = model.by_id
        self._read: dict[str, _Place] = {}
        self.points: list[_Place] = []
        self.corners: list[int] = []
        self.sizes: list[int] = []
        self.faces: list[int] = []
        self.parts: list[int] = []
        self.part_count = 0

    def read(self, item: Any) -> range | None:
        """Add an item; returns the numbers of its parts, None where it is of another kind or cannot be read."""
        lists: tuple[list[Any], ...] = (self.points, self.corners, self.sizes, self.faces, self.parts)
        before = [len(values) for values in lists]
        first = self.part_count
        try:
            self._add(item, item.is_a())
        except UNREADABLE:
            for values, count in zip(lists, before, strict=True):
                del values[count:]
            self.part_count = first
            return None
        return range(first, self.part_count)

    def _add(self, item: Any, kind: str) -> None:
        if kind in SHELLED:
            self._shells(shells_of(item, kind))
        elif kind == _TRIANGLES:
            triangles = item.CoordIndex
            if any(len(triangle) != 3 for triangle in triangles):
                raise ValueError
            self._indexed(item, triangles)
        elif kind == _POLYGONS and all(face.is_a() == "IfcIndexedPolygonalFace" for face in item.Faces):
            self._indexed(item, [face.get_argument(0) for face in item.Faces])
        else:  # also polygons with holes, which are rare
            raise ValueError

    def _shells(self, shells: Iterable[Any]) -> None:
        loops: list[str] = []
        for shell in shells:
            self._shell(shell, loops)
            self.part_count += 1
        names = ",#".join(loops).split(",#")
        read, by_id = self._read, self._by_id
        welded: dict[_Place, int] = {}
        number: dict[str, int] = {}
        base = len(self.points)
        for name in dict.fromkeys(names):
            place = read.get(name)
            if place is None:
                place = read[name] = _three(by_id(int(name)).get_argument(0))
            number[name] = welded.setdefault(place, base + len(welded))
        self.points += welded
        self.corners += map(number.__getitem__, names)

    def _shell(self, shell: Any, loops: list[str]) -> None:
        """Append the points of all loops as the file writes them: references are read three times as fast as text."""
        sizes, faces = self.sizes, self.faces
        listed = shell.get_argument(0)
        left = MAX_CORNERS - len(loops)
        for number, face in enumerate(listed, len(self.parts)):
            for bound in face.get_argument(0):
                loop = bound.get_argument(0).to_string(True)
                points = loop[loop.index(_LOOP) + len(_LOOP) : -2]
                if bound.get_argument(1) is False:
                    points = ",#".join(points.split(",#")[::-1])
                count = points.count("#") + 1
                left -= count
                if left < 0:
                    raise ValueError
                loops.append(points)
                sizes.append(count)
                faces.append(number)
        self.parts += [self.part_count] * len(listed)

    def _corners(self, places: Sequence[_Place]) -> None:
        """Corners from the coordinates of each."""
        welded: dict[_Place, int] = {}
        base = len(self.points)
        self.corners += [welded.setdefault(place, base + len(welded)) for place in places]
        self.points += welded

    def _indexed(self, item: Any, polygons: Sequence[Sequence[int]]) -> None:
        """Faces by 1-based index into a point list, through `PnIndex` where there is one."""
        places = [_three(place) for place in item.Coordinates.get_argument(0)]
        through = item.PnIndex
        if through:
            places = [places[index - 1] for index in _positive(through)]
        flat = [index for polygon in polygons for index in polygon]
        if len(flat) > MAX_CORNERS:
            raise ValueError
        first = len(self.parts)
        self._corners([places[index - 1] for index in _positive(flat)])
        self.sizes += map(len, polygons)
        self.faces += range(first, first + len(polygons))
        self.parts += [self.part_count] * len(polygons)
        self.part_count += 1


def shells_of(item: Any, kind: str) -> Iterable[Any]:
    """The shells of an item of a class that is made of such; raises what UNREADABLE lists."""
    found = item.get_argument(0)
    return (found,) if kind in _BREPS else found


def _three(place: Any) -> _Place:
    x, y, z = place
    if type(x) is not float or type(y) is not float or type(z) is not float:
        raise ValueError
    return x, y, z


def _positive(indices: Sequence[int]) -> Sequence[int]:
    if len(indices) and min(indices) < 1:
        raise ValueError
    return indices
