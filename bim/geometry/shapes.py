"""Shapes on their way into the spool: centred, turned outside out, stored once; many at a time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bim.geometry.batch import I32, I64, Flags
from bim.geometry.engine import F64
from twin.geometry.measure import CLOSED
from twin.geometry.spool import MeshSpool
from twin.geometry.vectors import corners, cross, dot, minus

U16 = npt.NDArray[np.uint16]
GRAIN = 1e-5
"""Metres: shapes that differ by less than this in every vertex are one."""
HASH = hashlib.sha256().digest_size
UV_GRID = 1 << 16
"""Texture coordinates that are equal on this grid of the image are one."""
_NO_GAP = CLOSED / 2
"""Stricter than what is measured later, of rounded vertices: what is closed here is closed there."""


@dataclass(frozen=True)
class Stored:
    """Where bodies (b,) are in the spool.

    index: the shape, -1 where nothing of the body can be drawn; centre, half (b, 3): the middle of its box in the
    frame it came in, and half the box's size, metres; triangles: how many are drawn; closed: whether its area
    vectors add up to nothing.
    """

    index: I64
    centre: F64
    half: F64
    triangles: I64
    closed: Flags


@dataclass(frozen=True)
class _Runs:
    """Bodies (b,) whose vertices and faces stand one after the other; faces point into all vertices.

    uv: texture coordinates (f, 3, 2) at the corners of faces, (v, 2) once vertices are split where they differ.
    """

    vertices: F64
    vertex_count: I64
    faces: I64
    face_count: I64
    material: U16
    uv: F64 | None = None

    @property
    def first_vertex(self) -> I64:
        return np.asarray(np.cumsum(self.vertex_count) - self.vertex_count)

    @property
    def first_face(self) -> I64:
        return np.asarray(np.cumsum(self.face_count) - self.face_count)


class ShapeStore:
    """Writes shapes to the spool, those of equal content once.

    turned: indices of shapes whose faces pointed inwards and were turned.
    """

    def __init__(self, spool: MeshSpool) -> None:
        self._spool = spool
        self._by_content: dict[bytes, int] = {}
        self.turned: set[int] = set()

    @property
    def content(self) -> tuple[bytes, ...]:
        """What each shape is made of but for its materials, as a hash, by index."""
        return tuple(content[:HASH] for content in self._by_content)

    def store(
        self,
        vertices: F64,
        vertex_count: I64,
        faces: I32,
        face_count: I64,
        material: U16,
        uv: F64 | None = None,
    ) -> Stored:
        """Store bodies (b,): vertices (v, 3) and faces (f, 3), material (f,), in runs of these counts.

        Faces count from the first vertex of their own body. What has no area by its indices, points nowhere or is not
        finite is left out, and so are vertices that no face needs. uv (f, 3, 2): texture coordinates at the corners of
        faces, NaN at plain ones; vertices are split where they differ.
        """
        bodies = _drawable(vertices, vertex_count, faces, face_count, material, uv)
        drawn = np.flatnonzero(bodies.face_count)
        count = len(face_count)
        stored = Stored(
            np.full(count, -1),
            np.zeros((count, 3)),
            np.zeros((count, 3)),
            bodies.face_count,
            np.zeros(count, np.bool_),
        )
        if not len(drawn):
            return stored
        # Bodies without faces have no vertices now, so that the runs of the others follow one another.
        begin = bodies.first_vertex[drawn]
        low, high = np.minimum.reduceat(bodies.vertices, begin), np.maximum.reduceat(bodies.vertices, begin)
        centre = (low + high) / 2
        local = bodies.vertices - np.repeat(centre, bodies.vertex_count[drawn], axis=0)
        kept = _Runs(
            local, bodies.vertex_count[drawn], bodies.faces, bodies.face_count[drawn], bodies.material, bodies.uv
        )
        turned, stored.closed[drawn] = _inside_out(kept)
        inward = np.repeat(turned, kept.face_count)
        kept.faces[inward] = kept.faces[inward, ::-1]
        if kept.uv is not None:
            kept.uv[inward] = kept.uv[inward, ::-1]
            kept = _split(kept, kept.uv)
        index = self._put(kept)
        self.turned.update(index[turned].tolist())
        stored.index[drawn], stored.centre[drawn], stored.half[drawn] = index, centre, (high - low) / 2
        return stored

    def _put(self, bodies: _Runs) -> I64:
        """Indices of shapes; those of new content are written."""
        own = (bodies.faces - np.repeat(bodies.first_vertex, bodies.face_count)[:, None]).astype(np.uint32)
        index, new = np.empty(len(bodies.face_count), np.int64), np.zeros(len(bodies.face_count), np.bool_)
        following = self._spool.shape_count
        for body, digest in enumerate(_digests(bodies, own)):
            index[body] = known = self._by_content.setdefault(digest, following)
            if known == following:
                new[body] = True
                following += 1
        vertices, material, uv = bodies.vertices, bodies.material, bodies.uv
        if not new.all():
            points = np.repeat(new, bodies.vertex_count)
            vertices, uv = vertices[points], None if uv is None else uv[points]
            faces = np.repeat(new, bodies.face_count)
            own, material = own[faces], material[faces]
        if new.any():
            self._spool.shapes(
                vertices, bodies.vertex_count[new], own, bodies.face_count[new], material, uv, centred=True
            )
        return index


def _drawable(vertices: F64, vertex_count: I64, faces: I32, face_count: I64, material: U16, uv: F64 | None) -> _Runs:
    """The faces that have three different corners that exist and are finite, and the vertices that they need."""
    count = len(face_count)
    owner = np.repeat(np.arange(count), face_count)
    first = np.cumsum(vertex_count) - vertex_count
    a, b, c = faces.T
    good = (a != b) & (b != c) & (a != c)
    good &= ((faces >= 0) & (faces < vertex_count[owner, None])).all(axis=1)
    whole = faces + first[owner, None]
    fine = np.asarray(np.isfinite(vertices).all(axis=1), np.bool_)
    if not fine.all():
        good[good] = fine[whole[good]].all(axis=1)
    if not good.all():
        whole, material, owner = whole[good], material[good], owner[good]
        uv = None if uv is None else uv[good]
    used = np.zeros(len(vertices), np.bool_)
    used[whole] = True
    if not used.all():
        vertices, whole = vertices[used], (np.cumsum(used) - 1)[whole]
        vertex_count = np.bincount(np.repeat(np.arange(count), vertex_count)[used], minlength=count)
    return _Runs(vertices, vertex_count, whole, np.bincount(owner, minlength=count), material, uv)


def _split(bodies: _Runs, uv: F64) -> _Runs:
    """The same with a vertex for each place and texture coordinate: uv (v, 2), NaN at plain ones.

    Bodies without texture coordinates stay as they are.
    """
    flat, place = uv.reshape(-1, 2), bodies.faces.ravel()
    plain = np.asarray(np.isnan(flat).any(axis=1), np.bool_)
    grid = np.rint(np.where(plain[:, None], 0.0, flat) * UV_GRID).astype(np.int64)
    key = np.column_stack((place, plain, grid))  # by place first: the vertices of a body stay together
    _, first, corner = np.unique(key, axis=0, return_index=True, return_inverse=True)
    owner = np.repeat(np.arange(len(bodies.vertex_count)), bodies.vertex_count)
    return replace(
        bodies,
        vertices=bodies.vertices[place[first]],
        vertex_count=np.bincount(owner[place[first]], minlength=len(bodies.vertex_count)),
        faces=corner.reshape(-1, 3),
        uv=np.where(plain[first, None], np.nan, flat[first]),
    )


def _inside_out(bodies: _Runs) -> tuple[Flags, Flags]:
    """Which bodies are closed shells with their faces turned inwards, and which have area vectors without a sum.

    The first ones have a negative signed volume, and every edge as often in one direction as in the other.
    """
    a, b, c = corners(bodies.vertices, bodies.faces)
    six = dot(a, cross(b, c))
    negative = np.add.reduceat(six, bodies.first_face) < 0
    if negative.any():
        negative[negative] = _closed(
            bodies.faces[np.repeat(negative, bodies.face_count)], bodies.face_count[negative], len(bodies.vertices)
        )
    twice = cross(minus(b, a), minus(c, a))
    area = np.add.reduceat(np.sqrt(dot(twice, twice)), bodies.first_face)
    gap = np.linalg.norm([np.add.reduceat(one, bodies.first_face) for one in twice], axis=0)
    return negative, np.asarray(gap <= _NO_GAP * area, np.bool_)


def _closed(faces: I64, face_count: I64, vertices: int) -> Flags:
    """Whether in each run of faces every edge is used as often in one direction as in the other."""
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    # Bodies share no vertex: sorted by the first one, the edges of each stay together.
    same = np.sort(start * vertices + end) == np.sort(end * vertices + start)
    return np.logical_and.reduceat(same, 3 * (np.cumsum(face_count) - face_count))


def _digests(bodies: _Runs, own: npt.NDArray[np.uint32]) -> list[bytes]:
    """What each body is made of: a hash of places in grains, faces by their own vertices, images' places; then materials."""
    found = []
    place = memoryview(np.rint(bodies.vertices * (1 / GRAIN)).astype(np.int64).tobytes())
    face, look = memoryview(own.tobytes()), memoryview(bodies.material.tobytes())
    image, mapped = _images(bodies)
    v = f = 0
    counts = zip(bodies.vertex_count.tolist(), bodies.face_count.tolist(), strict=True)
    for body, (vertex_count, face_count) in enumerate(counts):
        v_end, f_end = v + vertex_count, f + face_count
        content = hashlib.sha256(place[24 * v : 24 * v_end])
        content.update(face[12 * f : 12 * f_end])
        if body in mapped:
            content.update(image[16 * v : 16 * v_end])
        materials = look[2 * f : 2 * f_end]
        found.append(content.digest() + (materials if face_count < HASH else hashlib.sha256(materials).digest()))
        v, f = v_end, f_end
    return found


def _images(bodies: _Runs) -> tuple[memoryview, set[int]]:
    """Texture coordinates of vertices on their grid, 16 bytes each, and the bodies that have any."""
    if bodies.uv is None:
        return memoryview(b""), set()
    grid = np.rint(np.nan_to_num(bodies.uv, nan=-1e9) * UV_GRID).astype(np.int64)
    mapped = np.logical_or.reduceat(~np.isnan(bodies.uv[:, 0]), bodies.first_vertex)
    return memoryview(grid.tobytes()), set(np.flatnonzero(mapped).tolist())
