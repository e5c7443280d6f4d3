"""Extruded solids of polygons, arcs and standard profiles, meshed without a kernel.

Most bodies of real models are such prisms (3,500 of 4,470 in the benchmark files). A kernel builds a boundary representation of
each before it triangulates; here the corners are written down at once.
"""

from __future__ import annotations

from typing import Any

import mapbox_earcut
import numpy as np
import numpy.typing as npt

from bim.geometry.curves import Curves
from bim.geometry.engine import F64
from bim.geometry.profiles import Profile, area_of, profile

I32 = npt.NDArray[np.int32]
_AREA_TOLERANCE = 1e-6
"""Relative: a triangulation whose area misses its ring's by more crosses itself; the kernels decide then."""


class Extrusions:
    """Meshes of IfcExtrudedAreaSolid items; profiles are kept.

    length, angle: metres, radians in the file's units; segments: of a whole circle, 0 for the kernels' rule.
    """

    def __init__(self, length: float, angle: float = 1.0, segments: int = 0) -> None:
        self._length = length
        self._curves = Curves(length, angle, segments)
        self._segments = segments
        self._directions: dict[int, tuple[float, ...]] = {}
        self._profiles: dict[int, tuple[F64, I32] | None] = {}

    def mesh(self, item: Any) -> tuple[F64, I32] | None:
        """Vertices (2n, 3) metres and outward faces in the item's representation frame; None where not done here."""
        if item.is_a() != "IfcExtrudedAreaSolid":
            return None
        area, position, direction, depth = map(item.get_argument, range(4))
        if area is None or direction is None or not depth or not 0 < depth * self._length < 1e7:
            return None
        found = self._of_profile(area)
        if found is None:
            return None
        ring, faces = found
        x, y, z = self._direction(direction)
        norm = (x * x + y * y + z * z) ** 0.5
        if not norm > 1e-12 or abs(z) < 1e-6 * norm:
            return None
        count = len(ring)
        vertices = np.zeros((2 * count, 3))
        vertices[:count, :2] = vertices[count:, :2] = ring
        reach = depth * self._length / norm
        vertices[count:] += (x * reach, y * reach, z * reach)
        if position is not None:
            frame = self._curves.axes.matrix(position)
            vertices = vertices @ frame[:3, :3].T
            vertices += frame[:3, 3]
        return vertices, faces if z > 0 else faces[:, ::-1]

    def _direction(self, direction: Any) -> tuple[float, ...]:
        """Its ratios; read once, most solids of a model share one."""
        step = int(direction.id())
        if step not in self._directions:
            self._directions[step] = tuple(float(value) for value in (*direction.get_argument(0), 0.0)[:3])
        return self._directions[step]

    def _of_profile(self, area: Any) -> tuple[F64, I32] | None:
        step = int(area.id())
        if step not in self._profiles:
            made = profile(area, self._length, self._curves, self._segments)
            self._profiles[step] = None if made is None else _prism(made)
        return self._profiles[step]


_BOX = np.array(
    ((0, 2, 1), (0, 3, 2), (4, 5, 6), (4, 6, 7), (0, 1, 5), (0, 5, 4), (1, 2, 6), (1, 6, 5), (2, 3, 7), (2, 7, 6),
     (3, 0, 4), (3, 4, 7)), np.int32,
)  # fmt: skip


def _prism(made: Profile) -> tuple[F64, I32] | None:
    """All rings' corners (n, 2) and the faces of the prism over them (top corners follow the bottom ones)."""
    if len(made.outer) == 4 and not made.holes and _convex(made.outer):
        return made.outer, _BOX
    rings = [_corners(ring) for ring in (made.outer, *made.holes)]
    if any(len(ring) < 3 for ring in rings):
        return None
    points = np.concatenate(rings)
    ends = np.cumsum([len(ring) for ring in rings])
    caps = mapbox_earcut.triangulate_float64(points, ends.astype(np.uint32)).reshape(-1, 3).astype(np.int32)
    wanted = sum(area_of(ring) for ring in rings)
    a, b, c = points[caps[:, 0]], points[caps[:, 1]], points[caps[:, 2]]
    twice = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    if (
        len(caps) != len(points) + 2 * (len(rings) - 1) - 2
        or wanted <= 0
        or abs(np.abs(twice).sum() / 2 - wanted) > _AREA_TOLERANCE * wanted
    ):
        return None
    up = np.where((twice < 0)[:, None], caps[:, ::-1], caps)
    count = len(points)
    here = np.arange(count)
    there = here + 1
    there[ends - 1] = np.concatenate(([0], ends[:-1]))
    sides = np.concatenate(
        (np.column_stack((here, there, there + count)), np.column_stack((here, there + count, here + count)))
    )
    return points, np.concatenate((up[:, ::-1], up + count, sides)).astype(np.int32)


def _corners(ring: F64) -> F64:
    """The ring without points that lie straight between their neighbours: earcut drops them, the sides would not."""
    before, after = np.concatenate((ring[-1:], ring[:-1])), np.concatenate((ring[1:], ring[:1]))
    here, there = ring - before, after - ring
    bend = here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0]
    size = np.sqrt((here**2).sum(axis=1) * (there**2).sum(axis=1))
    return np.asarray(ring[np.abs(bend) > 1e-9 * size])


def _convex(ring: F64) -> bool:
    side = np.concatenate((ring[1:], ring[:1])) - ring
    after = np.concatenate((side[1:], side[:1]))
    return bool((side[:, 0] * after[:, 1] - side[:, 1] * after[:, 0] > 0).all())
