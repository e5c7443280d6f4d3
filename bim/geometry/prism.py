"""The prism over a profile: its rings' corners and the faces between them, bottom and top."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64
from bim.geometry.profiles import Profile, area_of
from bim.geometry.rings import AREA_TOLERANCE, triangulated

I32 = npt.NDArray[np.int32]
Prism = tuple[F64, I32]
"""All rings' corners (n, 2) and the faces of the prism over them: top corners follow the bottom ones."""
BOX = np.array(
    ((0, 2, 1), (0, 3, 2), (4, 5, 6), (4, 6, 7), (0, 1, 5), (0, 5, 4), (1, 2, 6), (1, 6, 5), (2, 3, 7), (2, 7, 6),
     (3, 0, 4), (3, 4, 7)), np.int32,
)  # fmt: skip


def prism(made: Profile) -> Prism | None:
    """The prism over a profile; None where a ring crosses itself or nothing is left of it."""
    if len(made.outer) == 4 and not made.holes and _convex(made.outer):
        return made.outer, BOX
    rings = [_corners(ring) for ring in (made.outer, *made.holes)]
    if any(len(ring) < 3 for ring in rings):
        return None
    return capped(rings)


def capped(rings: Sequence[F64]) -> Prism | None:
    """The prism over the area in an outer ring and around holes, none of which has a straight corner; None as of `prism`."""
    points, sizes = np.concatenate(rings), tuple(map(len, rings))
    caps = triangulated(points, np.cumsum(sizes).astype(np.uint32))
    wanted = sum(area_of(ring) for ring in rings)
    x, y = points.T
    a, b, c = caps.T
    twice = (x[b] - x[a]) * (y[c] - y[a]) - (y[b] - y[a]) * (x[c] - x[a])
    whole = len(caps) == len(points) + 2 * len(rings) - 4 and wanted > 0
    if not whole or abs(np.abs(twice).sum() / 2 - wanted) > AREA_TOLERANCE * wanted:
        return None
    return points, faces_over(np.where((twice < 0)[:, None], caps[:, ::-1], caps), sizes)


def faces_over(up: I32, sizes: tuple[int, ...]) -> I32:
    """The faces of the prism over rings of these many corners, of the upward triangles of their area."""
    return np.concatenate((up[:, ::-1], up + sum(sizes), _sides(sizes)))


@lru_cache(maxsize=1024)
def _sides(sizes: tuple[int, ...]) -> I32:
    count, ends = sum(sizes), np.cumsum(sizes)
    here = np.arange(count, dtype=np.int32)
    there = here + 1
    there[ends - 1] = np.concatenate(([0], ends[:-1]))
    return np.concatenate(
        (np.column_stack((here, there, there + count)), np.column_stack((here, there + count, here + count)))
    ).astype(np.int32)


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
