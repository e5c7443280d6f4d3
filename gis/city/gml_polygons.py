"""GML surfaces as they stream by: polygons become numbers at once, the tree keeps only who uses which."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import numpy as np

from gis.city.polygons import Polygons, offsets

POLYGONS = frozenset({"Polygon", "Triangle", "Rectangle", "PolygonPatch"})
NUMBER = "n"
"""Attribute under which a finished polygon's element keeps its number."""
Use = tuple[int | str, bool]
"""A polygon by number, or something by its gml:id; and whether it is turned over."""


def local(tag: str) -> str:
    """A name without its prefix."""
    return tag.rpartition(":")[2]


def gml_id(element: Element) -> str:
    """gml:id, or "" ."""
    return element.get("gml:id") or element.get("id") or ""


def href(element: Element) -> str | None:
    """The target of an xlink within the file, as an id; None where there is none. Targets elsewhere keep their address."""
    link = element.get("xlink:href")
    if link is None:
        return None
    return link.removeprefix("#")


@dataclass
class PolygonStore:
    """All polygons of a file, by number; semantic: number of `looks.SURFACES`, -1 where none is known.

    ring_ids: gml:ids of the rings of polygons with holes;
    ids: polygon by gml:id; groups: what a surface or solid with a gml:id is made of; unreadable: polygons with
    coordinates that are no numbers.
    """

    coordinates: array[float] = field(default_factory=lambda: array("d"))
    corners: array[int] = field(default_factory=lambda: array("q"))
    rings: array[int] = field(default_factory=lambda: array("q"))
    semantic: array[int] = field(default_factory=lambda: array("q"))
    ids: dict[str, int] = field(default_factory=dict)
    groups: dict[str, list[Use]] = field(default_factory=dict)
    unreadable: int = 0
    ring_ids: dict[int, list[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rings)

    def add(self, element: Element, flat: bool) -> None:
        """Take a polygon out of the tree. flat: coordinates have two dimensions where nothing else is said."""
        rings: list[list[float]] = []
        names: list[str] = []
        try:
            for boundary in element:
                # the outer ring is named by its property, and comes first whatever the order in the file
                outer = local(boundary.tag) in {"exterior", "outerBoundaryIs"}
                for ring in boundary:
                    values = _ring(ring, flat=flat)
                    place = 0 if outer else len(rings)
                    rings.insert(place, values)
                    names.insert(place, gml_id(ring))
        except ValueError:
            self.unreadable += 1
            rings = []
        for values in rings:
            self.coordinates.extend(values)
            self.corners.append(len(values) // 3)
        number = len(self.rings)
        if len(rings) > 1:
            self.ring_ids[number] = names
        self.rings.append(len(rings))
        self.semantic.append(-1)
        name = gml_id(element)
        element.clear()
        element.set(NUMBER, str(number))
        if name:
            self.ids.setdefault(name, number)

    def polygons(self) -> Polygons:
        """All of them."""
        points = (
            np.frombuffer(self.coordinates, np.float64).reshape(-1, 3).copy() if self.coordinates else np.zeros((0, 3))
        )
        return Polygons(points, np.arange(len(points)), offsets(self.corners), offsets(self.rings))

    def resolve(self, uses: list[Use]) -> tuple[list[int], list[bool], list[str]]:
        """Numbers of polygons, whether each is turned over, and targets that the file does not hold."""
        numbers: list[int] = []
        turned: list[bool] = []
        lost: list[str] = []
        stack = [(use, flip, frozenset[str]()) for use, flip in reversed(uses)]
        while stack:
            use, flip, seen = stack.pop()
            if isinstance(use, int):
                numbers.append(use)
                turned.append(flip)
            elif use in self.ids:
                numbers.append(self.ids[use])
                turned.append(flip)
            elif use in self.groups and use not in seen:
                inside = seen | {use}
                stack += [(item, flip ^ turn, inside) for item, turn in reversed(self.groups[use])]
            else:
                lost.append(use)
        return numbers, turned, lost


def uses_of(store: PolygonStore, element: Element) -> list[Use]:
    """The polygons below an element, in order. Surfaces and solids with a gml:id are noted for links to them."""
    for node in element.iter():
        name = gml_id(node)
        if name and node.get(NUMBER) is None and name not in store.groups:
            store.groups[name] = _inside(node)
    return _inside(element)


def _inside(element: Element) -> list[Use]:
    """Polygons below an element, and links to others."""
    found: list[Use] = []
    stack = [(element, False)]
    while stack:
        node, flip = stack.pop()
        number = node.get(NUMBER)
        if number is not None:
            found.append((int(number), flip))
            continue
        target = href(node)
        if target is not None:
            found.append((target, flip))
        turn = local(node.tag) == "OrientableSurface" and node.get("orientation") == "-"
        stack += [(child, flip ^ turn) for child in reversed(node)]
    return found


def _ring(ring: Element, *, flat: bool) -> list[float]:
    """Coordinates of a LinearRing, three a point, NaN for heights that are not given. Raises ValueError on odd text."""
    values: list[float] = []
    for item in ring:
        name = local(item.tag)
        if name in {"posList", "pos"}:
            numbers = list(map(float, (item.text or "").split()))
            size = item.get("srsDimension")
            plane = size == "2" if size else (flat if name == "posList" else len(numbers) == 2)
            values += _raised(numbers) if plane else numbers
        elif name == "coordinates":  # GML 2: x,y,z x,y,z
            for point in (item.text or "").split():
                numbers = list(map(float, point.split(",")))
                values += _raised(numbers) if len(numbers) == 2 else numbers
        else:  # pointProperty, curveMember: points further down
            values += _ring(item, flat=flat)
    if len(values) % 3:
        raise ValueError
    return values


def _raised(numbers: list[float]) -> list[float]:
    if len(numbers) % 2:
        raise ValueError
    return [value for x, y in zip(numbers[::2], numbers[1::2], strict=True) for value in (x, y, float("nan"))]
