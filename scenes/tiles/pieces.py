"""Bound the size of one draw call: a large primitive is cut by space into several of the same objects."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np

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
    count = max(len(primitive.indices), 0 if primitive.edges is None else len(primitive.edges))
    if count <= MAX_TRIANGLES:
        return [primitive]
    if primitive.edges is not None:
        return _pieces(primitive.apart())
    middles = primitive.position[primitive.indices].mean(axis=1)
    parts = cut(np.arange(count), np.ones(count, np.int64), middles, ceil(count / TARGET))
    return [primitive.part(primitive.indices[part]) for part in parts]
