"""Which triangles meet along which edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.tiles.arrays import F64, I64, Flags, runs


@dataclass(frozen=True)
class Edges:
    """Edges of a welded triangle mesh. Half-edge h belongs to face h // 3 and starts at its corner h % 3.

    run: (e,) first place of each edge in `half`; size: (e,) half-edges on it; half: (3m,) sorted by
    edge, ascending along one edge; first: (e,) the lowest half-edge of each; ends: (e, 2)
    vertices, the smaller first; forward: (3m,) whether a half-edge runs that way.
    """

    run: I64
    size: I64
    half: I64
    first: I64
    ends: I64
    forward: Flags

    @property
    def pairs(self) -> tuple[I64, I64, I64]:
        """Edges of exactly two triangles: their numbers, and their two half-edges, the lower first."""
        edge = np.flatnonzero(self.size == 2)
        return edge, self.half[self.run[edge]], self.half[self.run[edge] + 1]


def find_edges(faces: I64, count: int) -> Edges:
    """Edges of (m, 3) faces over `count` welded vertices."""
    a, b = faces.ravel(), faces[:, (1, 2, 0)].ravel()
    low, high = np.minimum(a, b), np.maximum(a, b)
    key = low * count + high
    half, run = runs(key)
    first = half[run]
    return Edges(
        run=run,
        size=np.diff(np.append(run, len(key))),
        half=half,
        first=first,
        ends=np.column_stack((low[first], high[first])),
        forward=a == low,
    )


def sharp_edges(edges: Edges, normals: F64, cosine: float, *, sheets: bool) -> I64:
    """Numbers of edges where triangles meet at more than the angle of `cosine`; with `sheets` open borders too.

    Triangles wound against each other are compared without regard to their normals' sense.
    """
    face = edges.half // 3
    sharp = np.zeros(len(edges.run), np.bool_)
    if sheets:
        sharp |= edges.size == 1
    edge, one, other = edges.pairs
    dot = np.einsum("ij,ij->i", normals.take(one // 3, axis=0), normals.take(other // 3, axis=0))
    against = edges.forward[one] == edges.forward[other]
    sharp[edge] = np.where(against, np.abs(dot), dot) < cosine
    many = np.flatnonzero(edges.size > 2)
    if len(many):
        size = edges.size[many]
        owner = np.repeat(many, size)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(size) - size, size)
        this = face[edges.run[owner] + place]
        dots = np.abs(np.einsum("ij,ij->i", normals[this], normals[edges.first[owner] // 3]))
        sharp[owner[dots < cosine]] = True
    return np.flatnonzero(sharp)
