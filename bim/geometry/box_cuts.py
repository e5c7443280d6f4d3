"""Boxes cut by boxes of the same directions that go right through them: most walls with doors and windows.

Seen along the direction in which the openings go through, what is left is a rectangle with holes and notches, and its body
the prism over it. No kernel takes part.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64
from bim.geometry.prism import BOX, I32, capped
from bim.geometry.solids import TOUCH

_SKEW = 1e-6
"""Metres that a corner may stand off the box that it is taken for."""
_APART = 1e-4
"""Metres: openings nearer to each other than this, or thinner, are left to exact solids."""
_COUNT = 8
_PLACES = np.array((1, 2, 4))
_EVERY = (1 << _COUNT) - 1
_BACK = BOX[:, ::-1]


class _Frame(NamedTuple):
    """A box: its edges' directions (3, 3) as rows and lengths (3,), from its first corner."""

    axes: F64
    size: F64


def is_box(vertices: F64, faces: npt.NDArray[np.integer]) -> bool:
    """Whether a mesh has the faces of a prism over a quadrangle, whatever their angles."""
    return len(vertices) == _COUNT and (faces is BOX or np.array_equal(faces, BOX) or np.array_equal(faces, _BACK))


def without(vertices: F64, cutters: F64) -> tuple[F64, I32] | None:
    """What prisms over quadrangles, corners (c, 8, 3), leave of another one (8, 3); None where that is not told here.

    Vertices and outward faces in the same frame, metres. Told where all are boxes of the same directions, all cutters go
    through in one direction, stand apart and reach beyond one other side of the body at most.
    """
    frame = _frame(vertices)
    if frame is None:
        return None
    places = (cutters - vertices[0]) @ frame.axes.T
    low, high = places.min(axis=1), places.max(axis=1)
    upper = places > ((low + high) / 2)[:, None]
    if (
        (np.abs(np.where(upper, high[:, None], low[:, None]) - places) > _SKEW).any()
        or (np.bitwise_or.reduce(1 << upper @ _PLACES, axis=1) != _EVERY).any()
        or (high - low < _APART).any()
    ):
        return None
    meets = ((high > TOUCH) & (low < frame.size - TOUCH)).all(axis=1)
    low, high = low[meets], high[meets]
    below, above = low < TOUCH, high > frame.size - TOUCH
    through = (below & above).all(axis=0)
    if not len(low) or through.sum() != 1:
        return None
    along = int(through.argmax())
    across = [(along + 1) % 3, (along + 2) % 3]
    low, high, below, above = (values[:, across] for values in (low, high, below, above))
    gap = np.maximum(low[:, None] - high, low - high[:, None]).max(axis=2)
    if ((below.sum(axis=1) + above.sum(axis=1)) > 1).any() or (gap < _APART).sum() > len(low):
        return None
    made = capped(_elevation(frame.size[across], low, high, below, above))
    if made is None:
        return None
    ring, faces = made
    near = vertices[0] + ring @ frame.axes[across]
    turned = np.linalg.det(frame.axes) < 0
    return np.concatenate((near, near + frame.size[along] * frame.axes[along])), faces[:, ::-1] if turned else faces


def _frame(vertices: F64) -> _Frame | None:
    """Of a prism over a quadrangle that is a box."""
    edges = vertices[[1, 3, 4]] - vertices[0]
    size = np.sqrt((edges * edges).sum(axis=1))
    if not size.min() > _APART:
        return None
    axes = edges / size[:, None]
    ends = vertices[0] + np.array((edges[0] + edges[1], edges.sum(axis=0)))
    shear = edges @ axes.T
    shear[range(3), range(3)] = 0.0
    skew = max(np.abs(shear).max(), np.abs(ends - vertices[[2, 6]]).max())
    return _Frame(axes, size) if skew < _SKEW else None


def _elevation(size: F64, low: F64, high: F64, below: npt.NDArray[np.bool_], above: npt.NDArray[np.bool_]) -> list[F64]:
    """Rings of the rectangle (0, 0) to `size` without those from `low` to `high` (c, 2): notches where they reach beyond a side."""
    width, height = size.tolist()
    right, top = above.T.tolist()
    left, bottom = below.T.tolist()
    holes = []
    sides: tuple[list[list[tuple[float, float]]], ...] = ([], [], [], [])
    for n, ((x, y), (u, v)) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        if bottom[n]:
            sides[0].append([(x, 0.0), (x, v), (u, v), (u, 0.0)])
        elif right[n]:
            sides[1].append([(width, y), (x, y), (x, v), (width, v)])
        elif top[n]:
            sides[2].append([(u, height), (u, y), (x, y), (x, height)])
        elif left[n]:
            sides[3].append([(0.0, v), (u, v), (u, y), (0.0, y)])
        else:
            holes.append(np.array(((x, y), (x, v), (u, v), (u, y))))
    outer = []
    corners = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
    for side, (corner, notches) in enumerate(zip(corners, sides, strict=True)):
        outer.append(corner)
        for notch in sorted(notches, reverse=side > 1):
            outer += notch
    return [np.array(outer), *holes]
