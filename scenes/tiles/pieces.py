"""Bound the size of one draw call: a large primitive is cut by space into several of the same objects."""

from __future__ import annotations

from dataclasses import fields, replace
from math import ceil
from typing import Any

import numpy as np

from scenes.tiles.arrays import I64
from scenes.tiles.mesh import Primitive, TileMesh
from scenes.tiles.plan import MAX_TRIANGLES
from scenes.tiles.split import TARGET, cut


def bounded(mesh: TileMesh) -> TileMesh:
    """The same picture with at most MAX_TRIANGLES triangles (or lines) in each primitive.

    Only an object that is larger than a tile's worth makes such a primitive. It keeps its tile and its feature id:
    every object stands in exactly one tile, and the pieces are culled, uploaded and tested by rays one by one.
    """
    return replace(
        mesh,
        primitives=_pieces(mesh.primitives),
        instances=[replace(some, primitives=_pieces(some.primitives)) for some in mesh.instances],
    )


def _pieces(primitives: list[Primitive]) -> list[Primitive]:
    return [piece for primitive in primitives for piece in _cut(primitive)]


def _cut(primitive: Primitive) -> list[Primitive]:
    """Pieces of about TARGET triangles, cut across the longest extent of their middles."""
    count = len(primitive.indices)
    if count <= MAX_TRIANGLES:
        return [primitive]
    middles = primitive.position[primitive.indices].mean(axis=1)
    parts = cut(np.arange(count), np.ones(count, np.int64), middles, ceil(count / TARGET))
    return [_piece(primitive, part) for part in parts]


def _piece(primitive: Primitive, part: I64) -> Primitive:
    """The triangles `part` with the vertices they use."""
    used, indices = np.unique(primitive.indices[part], return_inverse=True)
    own: dict[str, Any] = {"indices": indices.reshape(-1, primitive.indices.shape[1])}
    for one in fields(primitive):
        value = getattr(primitive, one.name)
        if isinstance(value, np.ndarray) and one.name not in own:
            own[one.name] = value[used]
    return replace(primitive, **own)
