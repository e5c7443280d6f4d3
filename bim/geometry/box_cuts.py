"""Boxes cut by boxes of the same directions that go right through them: most walls with doors and windows.

Seen along the direction in which the openings go through, what is left is a rectangle with holes and notches, and its body
the prism over it. No kernel takes part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64
from bim.geometry.prism import BOX, I32, faces_over
from bim.geometry.rings import I64, Flags, Rings, caps_of
from bim.geometry.solids import TOUCH

Corner = tuple[float, float]

_SKEW = 1e-6
"""Metres that a corner may stand off the box that it is taken for."""
_APART = 1e-4
"""Metres: openings nearer to each other than this, or thinner, are left to exact solids."""
_COUNT = 8
_PLACES = np.array((1, 2, 4))
_EVERY = (1 << _COUNT) - 1
_BACK = BOX[:, ::-1]


class _Frames(NamedTuple):
    """Boxes: their edges' directions (n, 3, 3) as rows and lengths (n, 3), from the first corner; fine: which are boxes."""

    axes: F64
    size: F64
    fine: Flags


class _Elevations(NamedTuple):
    """What is left of each seen along its openings: the corners of all rings, how many each has, and the rings of each."""

    corners: list[Corner]
    sizes: list[int]
    rings: list[int]


def is_box(vertices: F64, faces: npt.NDArray[np.integer]) -> bool:
    """Whether a mesh has the faces of a prism over a quadrangle, whatever their angles."""
    return len(vertices) == _COUNT and (faces is BOX or np.array_equal(faces, BOX) or np.array_equal(faces, _BACK))


def without(vertices: F64, cutters: F64) -> tuple[F64, I32] | None:
    """What prisms over quadrangles, corners (c, 8, 3), leave of another one (8, 3), as `without_all` says of many."""
    return without_all(vertices[None], cutters, np.zeros(len(cutters), np.int64))[0]


def without_all(vertices: F64, cutters: F64, owner: I64) -> list[tuple[F64, I32] | None]:
    """What prisms over quadrangles leave of others; None where that is not told here.

    vertices (n, 8, 3); cutters (c, 8, 3) in the frames of the bodies that they are cut from, owner (c,) in ascending
    order. Vertices and outward faces in the same frames, metres. Told where all are boxes of the same directions, all
    cutters go through in one direction, stand apart and reach beyond one other side of the body at most.
    """
    count = len(vertices)
    axes, size, fine = _frames(vertices)
    places = (cutters - vertices[owner, :1]) @ axes[owner].transpose(0, 2, 1)
    low, high = places.min(axis=1), places.max(axis=1)
    upper = places > ((low + high) / 2)[:, None]
    odd = (
        (np.abs(np.where(upper, high[:, None], low[:, None]) - places) > _SKEW).any(axis=(1, 2))
        | (np.bitwise_or.reduce(1 << upper @ _PLACES, axis=1) != _EVERY)
        | (high - low < _APART).any(axis=1)
    )
    fine[owner[odd]] = False
    meets = fine[owner] & ((high > TOUCH) & (low < size[owner] - TOUCH)).all(axis=1)
    low, high, owner = low[meets], high[meets], owner[meets]
    below, above = low < TOUCH, high > size[owner] - TOUCH
    number = np.bincount(owner, minlength=count)
    through = (number > 0)[:, None] & np.column_stack(
        [np.bincount(owner, ~(below & above)[:, axis], count) == 0 for axis in range(3)]
    )
    fine &= through.sum(axis=1) == 1
    along = through.argmax(axis=1)
    across = (along[:, None] + (1, 2)) % 3
    low, high, below, above = (np.take_along_axis(each, across[owner], axis=1) for each in (low, high, below, above))
    fine[owner[below.sum(axis=1) + above.sum(axis=1) > 1]] = False
    one, other = _pairs(number)
    gap = np.maximum(low[one] - high[other], low[other] - high[one]).max(axis=1)
    fine[owner[one[gap < _APART]]] = False
    left: list[tuple[F64, I32] | None] = [None] * count
    hosts = np.flatnonzero(fine)
    if not len(hosts):
        return left
    kept = fine[owner]
    seen = _elevations(
        np.take_along_axis(size, across, axis=1)[hosts], number[hosts], low[kept], high[kept], below[kept], above[kept]
    )
    rings, holes = Rings(np.array(seen.corners), np.array(seen.sizes)), np.array(seen.rings)
    host = hosts[np.repeat(np.arange(len(hosts)), holes)[rings.owner]]
    plane = np.take_along_axis(axes, across[:, :, None], axis=1)[host]
    near = vertices[host, 0] + (rings.points[:, None] @ plane)[:, 0]
    far = near + (np.take_along_axis(size, along[:, None], axis=1) * axes[np.arange(count), along])[host]
    turned = (np.linalg.det(axes) < 0).tolist()
    begin = ring = 0
    for n, up, many in zip(hosts.tolist(), caps_of(rings, holes), seen.rings, strict=True):
        sizes = tuple(seen.sizes[ring : ring + many])
        end = begin + sum(sizes)
        if up is not None:
            faces = faces_over(up, sizes)
            left[n] = np.concatenate((near[begin:end], far[begin:end])), faces[:, ::-1] if turned[n] else faces
        begin, ring = end, ring + many
    return left


def _frames(vertices: F64) -> _Frames:
    """Of prisms over quadrangles."""
    edges = vertices[:, [1, 3, 4]] - vertices[:, :1]
    size = np.sqrt((edges * edges).sum(axis=2))
    axes = edges / np.where(size > 0, size, 1.0)[:, :, None]
    ends = vertices[:, :1] + np.stack((edges[:, 0] + edges[:, 1], edges.sum(axis=1)), axis=1)
    shear = edges @ axes.transpose(0, 2, 1)
    shear[:, range(3), range(3)] = 0.0
    skew = np.maximum(np.abs(shear).max(axis=(1, 2)), np.abs(ends - vertices[:, [2, 6]]).max(axis=(1, 2)))
    return _Frames(axes, size, (size.min(axis=1) > _APART) & (skew < _SKEW))


def _pairs(number: I64) -> tuple[I64, I64]:
    """All pairs within runs of these many, as places in all runs."""
    every = np.arange(int(number.sum()))
    after = np.repeat(np.cumsum(number), number) - every - 1
    one = np.repeat(every, after)
    return one, one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(after) - after, after)


def _elevations(size: F64, number: I64, low: F64, high: F64, below: Flags, above: Flags) -> _Elevations:
    """Rectangles (0, 0) to size (n, 2) without those from low to high (c, 2), `number` (n,) for each: notches where they reach beyond a side."""
    every = list(zip(low.tolist(), high.tolist(), below.tolist(), above.tolist(), strict=True))
    corners, sizes, rings = list[Corner](), list[int](), list[int]()
    begin = 0
    for (width, height), many in zip(size.tolist(), number.tolist(), strict=True):
        outer, holes = _elevation(width, height, every[begin : begin + many])
        begin += many
        corners += outer
        for hole in holes:
            corners += hole
        sizes += [len(outer), *map(len, holes)]
        rings.append(1 + len(holes))
    return _Elevations(corners, sizes, rings)


def _elevation(width: float, height: float, openings: Sequence[Any]) -> tuple[list[Corner], list[list[Corner]]]:
    """The outer ring of one, and its holes."""
    holes = []
    sides: tuple[list[list[Corner]], ...] = ([], [], [], [])
    for (x, y), (u, v), (left, bottom), (right, top) in openings:
        if bottom:
            sides[0].append([(x, 0.0), (x, v), (u, v), (u, 0.0)])
        elif right:
            sides[1].append([(width, y), (x, y), (x, v), (width, v)])
        elif top:
            sides[2].append([(u, height), (u, y), (x, y), (x, height)])
        elif left:
            sides[3].append([(0.0, v), (u, v), (u, y), (0.0, y)])
        else:
            holes.append([(x, y), (x, v), (u, v), (u, y)])
    outer = []
    corners = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
    for side, (corner, notches) in enumerate(zip(corners, sides, strict=True)):
        outer.append(corner)
        for notch in sorted(notches, reverse=side > 1):
            outer += notch
    return outer, holes
