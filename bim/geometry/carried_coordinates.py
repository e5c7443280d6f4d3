"""Texture coordinates carried from the faces of a body onto what an engine made of it, as where openings are cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64

I64 = npt.NDArray[np.int64]
PLANE = 1e-4
"""Metres: a face lies on another one where its middle is no farther from it."""
_INSIDE = -1e-6
_ALONG = 1 - 1e-6
_CELLS = 1 << 20
"""Pairs of faces that are compared at once: two numbers each, and what is made of them."""


@dataclass(frozen=True)
class Mapped:
    """Triangles (n, 3, 3) in metres with texture coordinates uv (n, 3, 2) at their corners, and the item (n,) of each."""

    corners: F64
    uv: F64
    item: I64


def mapped(corners: Sequence[F64], uv: Sequence[F64], item: Sequence[int]) -> Mapped:
    """The triangles of items, without those that have no area or no coordinates."""
    points, places = np.concatenate(corners), np.concatenate(uv)
    number = np.repeat(np.array(item, np.int64), [len(one) for one in corners])
    area = np.linalg.norm(np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]), axis=1)
    good = (area > 0) & np.isfinite(places).all(axis=(1, 2)) & np.isfinite(area)
    return Mapped(points[good], places[good], number[good])


def carried(source: Mapped, faces: F64) -> tuple[F64, I64]:
    """Coordinates (m, 3, 2) at the corners of faces (m, 3, 3) metres, and the triangle under each (m,); NaN and -1 where there is none.

    A face lies on the triangle that holds its middle, in the triangle's plane; which way the two look makes no
    difference. The triangle's coordinates are carried on over all its plane: exact where a polygon is mapped by one
    affine map, as by all that show an image undistorted.
    """
    found = np.full(len(faces), -1, np.int64)
    if len(source.corners) and len(faces):
        rows = max(1, _CELLS // len(source.corners))
        for at in range(0, len(faces), rows):
            found[at : at + rows] = _under(source, faces[at : at + rows])
    uv = np.full((len(faces), 3, 2), np.nan)
    on = np.flatnonzero(found >= 0)
    if len(on):
        mine = source.corners[found[on]]
        weights = _weights(mine[:, None], faces[on])
        uv[on] = np.einsum("mck,mkd->mcd", weights, source.uv[found[on]])
    return uv, found


def _under(source: Mapped, faces: F64) -> I64:
    """The triangle under the middle of each face, the nearest in plane; -1 where there is none."""
    own, normal = _normals(source.corners), _normals(faces)
    middle = faces.mean(axis=1)
    gap = np.abs(middle @ own.T - (source.corners[:, 0] * own).sum(axis=1))
    on = (np.abs(normal @ own.T) >= _ALONG) & (gap <= PLANE)
    row, column = np.nonzero(on)
    inside = (_weights(source.corners[column], middle[row]) >= _INSIDE).all(axis=-1)
    row, column = row[inside], column[inside]
    order = np.lexsort((column, gap[row, column], row))
    first, at = np.unique(row[order], return_index=True)
    result = np.full(len(faces), -1, np.int64)
    result[first] = column[order][at]
    return result


def _normals(corners: F64) -> F64:
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(across, axis=1, keepdims=True)
    return np.asarray(across / np.where(length > 0, length, 1.0))


def _weights(corners: F64, points: F64) -> F64:
    """Barycentric (…, 3) of points (…, 3), dropped onto the planes of triangles (…, 3, 3)."""
    a, b = corners[..., 1, :] - corners[..., 0, :], corners[..., 2, :] - corners[..., 0, :]
    p = points - corners[..., 0, :]
    aa, ab, bb = (a * a).sum(-1), (a * b).sum(-1), (b * b).sum(-1)
    pa, pb = (p * a).sum(-1), (p * b).sum(-1)
    whole = aa * bb - ab * ab
    second, third = (bb * pa - ab * pb) / whole, (aa * pb - ab * pa) / whole
    return np.stack((1 - second - third, second, third), axis=-1)
