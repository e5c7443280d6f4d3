"""Shapes on their way into the spool: centred, turned outside out, stored once."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64
from twin.geometry.spool import MeshSpool

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
        self, key: Hashable, vertices: F64, faces: npt.NDArray[np.int32], material: npt.NDArray[np.uint16]
    ) -> Stored | None:
        """Store a shape; None where nothing of it can be drawn (no finite or no real triangle)."""
        good = _drawable(vertices, faces)
        kept, material = faces[good].astype(np.int64), material[good]
        if not len(kept):
            return None
        used, flat = np.unique(kept, return_inverse=True)
        vertices, kept = vertices[used], flat.reshape(-1, 3).astype(np.int64)
        low, high = vertices.min(axis=0), vertices.max(axis=0)
        centre = (low + high) / 2
        local = vertices - centre
        turned = _inside_out(local, kept)
        if turned:
            kept = kept[:, ::-1]
        digest = _digest(local, kept, material)
        found = self._by_content.get(digest)
        if found is None:
            found = self._by_content[digest] = (self._spool.shape(local, kept, material), len(kept))
        if turned:
            self.turned.add(found[0])
        stored = Stored(found[0], centre, (high - low) / 2, found[1])
        self._by_key[key] = stored
        return stored


def _drawable(vertices: F64, faces: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Which faces (m,) have three different corners that exist and are finite."""
    if not len(vertices):
        return np.zeros(len(faces), np.bool_)
    fine: npt.NDArray[np.bool_] = np.asarray(np.isfinite(vertices).all(axis=1), np.bool_)
    inside = np.asarray(((faces >= 0) & (faces < len(vertices))).all(axis=1))
    safe = np.where(inside[:, None], faces, 0)
    a, b, c = safe[:, 0], safe[:, 1], safe[:, 2]
    return np.asarray(inside & (a != b) & (b != c) & (a != c) & np.asarray(fine[safe].all(axis=1)), np.bool_)


def _inside_out(vertices: F64, faces: npt.NDArray[np.int64]) -> bool:
    """Whether a closed shell has its faces turned inwards: its signed volume is negative."""
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    volume = float(np.einsum("ij,ij->", a, np.cross(b, c)))
    return volume < 0 and _closed(faces, len(vertices))


def _closed(faces: npt.NDArray[np.int64], count: int) -> bool:
    """Whether every edge is used as often in one direction as in the other."""
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    forward, backward = np.sort(start * count + end), np.sort(end * count + start)
    return bool(np.array_equal(forward, backward))


def _digest(vertices: F64, faces: npt.NDArray[np.int64], material: npt.NDArray[np.uint16]) -> bytes:
    content = hashlib.blake2b(digest_size=16)
    content.update(np.round(vertices / GRAIN).astype(np.int64).tobytes())
    content.update(np.ascontiguousarray(faces).tobytes())
    content.update(np.ascontiguousarray(material).tobytes())
    return content.digest()
