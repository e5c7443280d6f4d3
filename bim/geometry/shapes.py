"""Shapes on their way into the spool: centred, turned outside out, stored once."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64
from twin.geometry.spool import MeshSpool

_Value = TypeVar("_Value", bound=np.integer)
GRAIN = 1e-5
"""Metres: shapes that differ by less than this in every vertex are one."""


@dataclass(frozen=True)
class Stored:
    """A shape in the spool: its index, its centre in the frame it came in, its half size (3,) metres."""

    index: int
    centre: F64
    half: F64
    triangles: int


class ShapeStore:
    """Writes shapes to the spool, each once: by the engine's key, then by content.

    turned: indices of shapes whose faces pointed inwards and were turned.
    """

    def __init__(self, spool: MeshSpool) -> None:
        self._spool = spool
        self._by_key: dict[Hashable, Stored] = {}
        self._by_content: dict[bytes, tuple[int, int]] = {}
        self.turned: set[int] = set()

    def known(self, key: Hashable) -> Stored | None:
        """A shape that was stored under this key."""
        return self._by_key.get(key)

    def store(
        self,
        key: Hashable,
        vertices: F64,
        faces: npt.NDArray[np.int32],
        material: npt.NDArray[np.uint16],
        uv: F64 | None = None,
    ) -> Stored | None:
        """Store a shape; None where nothing of it can be drawn (no finite or no real triangle).

        uv (m, 3, 2): texture coordinates at the corners of faces, NaN at plain ones; vertices are split where
        they differ.
        """
        if uv is not None:
            _, kept_faces = _drawable(vertices, faces, np.arange(len(faces)))
            uv = uv[kept_faces]
        good, material = _drawable(vertices, faces, material)
        if not len(good):
            return None
        used = np.zeros(len(vertices), np.bool_)
        used[good] = True
        if not used.all():
            index = np.cumsum(used) - 1
            vertices, good = vertices[used], index[good]
        low, high = vertices.min(axis=0), vertices.max(axis=0)
        centre = (low + high) / 2
        local = vertices - centre
        turned = _inside_out(local, good)
        kept = np.ascontiguousarray(good[:, ::-1] if turned else good, np.uint32)
        if uv is not None:
            local, kept, uv = _split(local, kept, uv[:, ::-1] if turned else uv)
        digest = _digest(local, kept, material, uv)
        found = self._by_content.get(digest)
        if found is None:
            found = self._by_content[digest] = (self._spool.shape(local, kept, material, uv), len(kept))
        if turned:
            self.turned.add(found[0])
        stored = Stored(found[0], centre, (high - low) / 2, found[1])
        self._by_key[key] = stored
        return stored


def _split(vertices: F64, faces: npt.NDArray[np.uint32], uv: F64) -> tuple[F64, npt.NDArray[np.uint32], F64]:
    """Vertices of one place and one texture coordinate, faces over them, coordinates (n, 2)."""
    flat = uv.reshape(-1, 2)
    plain = np.asarray(np.isnan(flat).any(axis=1), np.bool_)
    grid = np.rint(np.where(plain[:, None], 0.0, flat) * (1 << 16)).astype(np.int64)
    key = np.column_stack((faces.ravel(), plain, grid))
    _, first, corner = np.unique(key, axis=0, return_index=True, return_inverse=True)
    return vertices[faces.ravel()[first]], corner.reshape(-1, 3).astype(np.uint32), flat[first]


def _drawable(
    vertices: F64, faces: npt.NDArray[np.integer], material: npt.NDArray[_Value]
) -> tuple[npt.NDArray[np.integer], npt.NDArray[_Value]]:
    """The faces (m,) that have three different corners that exist and are finite, with their materials."""
    if not len(vertices) or not len(faces):
        return faces[:0], material[:0]
    a, b, c = faces[:, 0], faces[:, 1], faces[:, 2]
    good = (a != b) & (b != c) & (a != c)
    if int(faces.min()) < 0 or int(faces.max()) >= len(vertices):
        good &= ((faces >= 0) & (faces < len(vertices))).all(axis=1)
    if not np.isfinite(vertices).all():
        fine = np.asarray(np.isfinite(vertices).all(axis=1), np.bool_)
        good &= fine[np.where(good[:, None], faces, 0)].all(axis=1)
    return (faces, material) if good.all() else (faces[good], material[good])


def _inside_out(vertices: F64, faces: npt.NDArray[np.integer]) -> bool:
    """Whether a closed shell has its faces turned inwards: its signed volume is negative."""
    x, y, z = vertices.T
    a, b, c = faces.T
    volume = float(
        (
            x[a] * (y[b] * z[c] - z[b] * y[c]) + y[a] * (z[b] * x[c] - x[b] * z[c]) + z[a] * (x[b] * y[c] - y[b] * x[c])
        ).sum()
    )
    return volume < 0 and _closed(faces.astype(np.int64), len(vertices))


def _closed(faces: npt.NDArray[np.int64], count: int) -> bool:
    """Whether every edge is used as often in one direction as in the other."""
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    forward, backward = np.sort(start * count + end), np.sort(end * count + start)
    return bool(np.array_equal(forward, backward))


def _digest(
    vertices: F64, faces: npt.NDArray[np.uint32], material: npt.NDArray[np.uint16], uv: F64 | None = None
) -> bytes:
    content = hashlib.blake2b(digest_size=16)
    content.update(np.rint(vertices * (1 / GRAIN)).astype(np.int64).data)
    content.update(faces.data)
    content.update(np.ascontiguousarray(material).data)
    if uv is not None:
        content.update(np.rint(np.nan_to_num(uv, nan=-1e9) * (1 << 16)).astype(np.int64).data)
    return content.digest()
