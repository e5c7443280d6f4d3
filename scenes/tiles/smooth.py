"""Normals of bent surfaces: which triangles meet without a crease, and what their corners share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.tiles.arrays import F64, I64, Flags, unit
from scenes.tiles.components import components
from scenes.tiles.edges import Edges

FLAT, SMOOTH, BARE = range(3)
"""Kinds of vertices: of faces without normals, of faces with, and ends of lines that are at neither."""
CREASE = float(np.cos(np.radians(31.0)))
"""Triangles that meet at more than 31° show an edge; a circle of twelve segments is still round."""
PLANE = float(np.cos(np.radians(1.0)))
"""Triangles that meet at less than 1° lie in one plane."""


@dataclass(frozen=True)
class Joints:
    """Half-edges (k,) along which two triangles of one material meet without a crease; cosine (k,) of the angle."""

    one: I64
    other: I64
    cosine: F64

    @property
    def bent(self) -> I64:
        """Both half-edges of those whose triangles are not in one plane."""
        some = self.cosine < PLANE
        return np.concatenate((self.one[some], self.other[some]))


@dataclass(frozen=True)
class Corners:
    """Corners of smooth faces. face: (f,) their numbers, ascending; vertex: (f, 3) the vertex at each corner.

    Of each vertex: root (v,) the first corner (3 · face + corner) that has it, normal (v, 3).
    """

    face: I64
    vertex: I64
    root: I64
    normal: F64

    def flat(self, normals: F64) -> Flags:
        """Which faces have their own normal at all three corners; normals (m, 3) of all faces."""
        cosine = np.einsum("fci,fi->fc", self.normal[self.vertex], normals[self.face])
        return np.asarray((cosine > PLANE).all(axis=1))

    def without(self, faces: Flags) -> Corners:
        """These without some of the faces."""
        if not faces.any():
            return self
        name = self.vertex[~faces].ravel()
        return _numbered(self.face[~faces], name, _first(name, len(self.normal)), self.normal)

    def split(self, uv: F64) -> Corners:
        """Vertices parted where their corners show different parts of an image; uv (m, 3, 2) of all faces."""
        part = np.rint(uv[self.face].reshape(-1, 2) * (1 << 16)).astype(np.int64)
        _, which = np.unique(np.column_stack((self.vertex.ravel(), part)), axis=0, return_inverse=True)
        which = which.ravel()
        owner = np.empty(int(which.max(initial=-1)) + 1, np.int64)
        owner[which] = self.vertex.ravel()
        return _numbered(self.face, which, _first(which, len(owner)), self.normal[owner])


def joints(edges: Edges, normals: F64, material: I64) -> Joints:
    """Where two triangles meet: same way round, same material, at less than the crease's angle."""
    _, one, other = edges.pairs
    f, g = one // 3, other // 3
    cosine = np.einsum("ij,ij->i", normals.take(f, axis=0), normals.take(g, axis=0))
    together = (edges.forward[one] != edges.forward[other]) & (material[f] == material[g]) & (cosine > CREASE)
    return Joints(one[together], other[together], cosine[together])


def bent(joint: Joints, vertex: I64) -> I64:
    """Vertices at the ends of joints that are not in one plane; vertex (m, 3)."""
    half = joint.one[joint.cosine < PLANE]
    flat = vertex.ravel()
    return np.concatenate((flat[half], flat[half // 3 * 3 + (half + 1) % 3]))


def corner_normals(face: I64, joint: Joints, side: list[F64], normals: F64) -> Corners:
    """Normals of the corners of some faces, each triangle weighted with its angle there.

    face: (f,) ascending, with all faces around each bent vertex; side, normals: of all faces.
    """
    number = np.full(len(normals), -1, np.int64)
    number[face] = np.arange(len(face))
    f, g = number[joint.one // 3], number[joint.other // 3]
    inside = (f >= 0) & (g >= 0)
    f, g = f[inside] * 3, g[inside] * 3
    one, other = joint.one[inside], joint.other[inside]
    first, second = f + one % 3, g + other % 3
    after_first, after_second = f + (one + 1) % 3, g + (other + 1) % 3
    corner = components(3 * len(face), np.concatenate((first, after_first)), np.concatenate((after_second, second)))
    normal = np.zeros((len(corner), 3))
    weight = _angles([way.take(face, axis=0) for way in side])
    for axis in range(3):
        normal[:, axis] = np.bincount(corner, weight * np.repeat(normals[face, axis], 3), minlength=len(corner))
    root = np.flatnonzero(corner == np.arange(len(corner)))
    normal[root] = unit(normal[root])
    return _numbered(face, corner, root, normal)


def _first(name: I64, names: int) -> I64:
    """The corners, ascending, that are the first of their name."""
    first = np.full(names, len(name), np.int64)
    first[name[::-1]] = np.arange(len(name))[::-1]
    return np.flatnonzero(first[name] == np.arange(len(name)))


def _numbered(face: I64, name: I64, root: I64, normal: F64) -> Corners:
    """Give the corners' names (3f,) numbers in the order of their first corners, `root`; normal: by name."""
    number = np.empty(len(normal), np.int64)
    number[name[root]] = np.arange(len(root))
    return Corners(face, number[name].reshape(-1, 3), face[root // 3] * 3 + root % 3, normal[name[root]])


def _angles(side: list[F64]) -> F64:
    """(3f,) angles at the corners of triangles with these sides."""
    side = [unit(way) for way in side]
    weight = np.empty((len(side[0]), 3))
    for i in range(3):
        weight[:, i] = np.arccos(np.clip(-np.einsum("ij,ij->i", side[i], side[i - 1]), -1.0, 1.0))
    return weight.ravel()
