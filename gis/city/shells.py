"""Bodies in metres to triangles: turned outward, measured, coloured, and stored thousands at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from gis.city.faces import Faces, triangulate
from gis.city.looks import NUMBER, UP, Painter
from gis.city.model import Bodies
from gis.city.polygons import F64, I64, Mask, Polygons, offsets
from gis.city.rings import PLANE_M, Cleaned, clean, following, ring_ends
from twin.geometry.measure import CLOSED
from twin.geometry.spool import MeshSpool
from twin.geometry.vectors import Vectors, corners, cross, dot, minus

CHUNK = 120_000
"""Ring corners worked on at once: bounds memory, and keeps arrays within the processor's caches."""
_ROOF, _WALL = NUMBER["RoofSurface"], NUMBER["WallSurface"]


@dataclass
class Measured:
    """Sums (n,) and boxes (n, 3) by object row, and rows of bodies in which something was wrong."""

    count: int
    volume: F64 = field(init=False)
    projected: F64 = field(init=False)
    flat: F64 = field(init=False)
    roof: F64 = field(init=False)
    wall: F64 = field(init=False)
    low: F64 = field(init=False)
    high: F64 = field(init=False)
    broken: set[int] = field(default_factory=set)
    crossing: set[int] = field(default_factory=set)
    off_plane: set[int] = field(default_factory=set)
    inverted: set[int] = field(default_factory=set)
    open_: set[int] = field(default_factory=set)
    worst_m: float = 0.0

    def __post_init__(self) -> None:
        self.volume, self.projected, self.flat, self.roof, self.wall = (np.full(self.count, np.nan) for _ in range(5))
        self.low, self.high = np.full((self.count, 3), np.inf), np.full((self.count, 3), -np.inf)

    @property
    def shown(self) -> Mask:
        """(n,) objects of which something can be drawn."""
        return np.asarray(self.low[:, 0] <= self.high[:, 0])

    def around(self, rows: I64, low: F64, high: F64) -> None:
        """Widen the boxes of objects (k,) by boxes (3, k)."""
        for axis in range(3):
            np.minimum.at(self.low[:, axis], rows, low[axis])
            np.maximum.at(self.high[:, axis], rows, high[axis])

    def total(self, column: F64, rows: I64, values: F64) -> None:
        """Add values to the objects' sums; what has none is NaN until then."""
        if len(rows):
            column[rows] = np.nan_to_num(column[rows])
            np.add.at(column, rows, values)


@dataclass(frozen=True)
class Shells:
    """Triangles of some bodies: vectors, area (t,); body (p,) of each polygon; closed, volume, flip (b,) by body."""

    cleaned: Cleaned
    faces: Faces
    body: I64
    vectors: Vectors
    area: F64
    closed: Mask
    volume: F64
    flip: Mask


def chunks(bodies: Bodies) -> Iterator[tuple[int, int]]:
    """(begin, end) of runs of bodies with some CHUNK corners each."""
    corners = bodies.polygons.first_corner[bodies.first]
    at = 0
    while at < len(bodies):
        end = int(np.searchsorted(corners, corners[at] + CHUNK, "right")) - 1
        end = min(max(end, at + 1), len(bodies))
        yield at, end
        at = end


def build(polygons: Polygons, source: F64, body: I64, solid: Mask, shell: Mask) -> Shells:
    """Triangulate and orient bodies.

    polygons with points in metres; source: the same points as the file writes them, where equal ones are equal bit by bit;
    body (p,) ascending; solid (b,); shell (p,) as in `Bodies`.
    """
    cleaned = clean(polygons)
    faces = triangulate(cleaned)
    body_of = body[faces.polygon]
    count = len(solid)
    points = cleaned.polygons.points
    starts = _starts(body_of)
    base = points[np.repeat(faces.corners[starts, 0], np.diff(np.append(starts, len(body_of))))]  # near its body
    a, b, c = (_around(column, base) for column in corners(points, faces.corners))
    normal = cross(minus(b, a), minus(c, a))
    vectors = (normal[0] / 2, normal[1] / 2, normal[2] / 2)
    area = np.sqrt(dot(vectors, vectors))
    bounds = shell | ~solid[body]
    some = None if bounds.all() else bounds[faces.polygon]
    volume = _sums(body_of, _of(dot(a, cross(b, c)), some), count) / 6
    net = np.sqrt(sum(_sums(body_of, _of(column, some), count) ** 2 for column in vectors))
    closed = _paired(cleaned.polygons, source, body, bounds, count)
    gross = _sums(body_of, _of(area, some), count)
    closed &= (gross > 0) & (net <= CLOSED * gross)
    return Shells(cleaned, faces, body, vectors, area, closed, volume, closed & (volume < 0))


def _starts(of: I64) -> I64:
    """Where runs of equal values begin."""
    return np.concatenate(([0], np.flatnonzero(of[1:] != of[:-1]) + 1))[: len(of)]


def _around(points: Vectors, base: F64) -> Vectors:
    x, y, z = base.T
    return minus(points, (x, y, z))


def _of(values: F64, some: Mask | None) -> F64:
    """The values, zero outside `some`."""
    return values if some is None else values * some


def _sums(of: I64, values: F64, count: int) -> F64:
    """(count,) sums of values by what they belong to."""
    return np.asarray(np.bincount(of, values, count), np.float64)


def _paired(polygons: Polygons, source: F64, body: I64, bounding: Mask, count: int) -> Mask:
    """(b,) bodies in which every edge of the `bounding` polygons (p,) is run once each way.

    The edges are told by a hash of their ends' coordinates, with the sign of their direction: what is run both ways adds up
    to nothing, and anything else to nothing only once in 2^64.
    """
    bits = np.ascontiguousarray(source + 0.0).view(np.uint64).reshape(-1, 3)
    mixed = np.zeros(len(bits), np.uint64)
    with np.errstate(over="ignore"):
        for column, odd in enumerate((0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)):
            mixed = (mixed ^ bits[:, column]) * np.uint64(odd)
            mixed ^= mixed >> np.uint64(31)
        begin = mixed[polygons.corner]
        end = following(begin, ring_ends(polygons.ring))
        edge = (begin ^ (end << np.uint64(1))) * (end ^ (begin << np.uint64(1)))
        edge = (edge ^ (edge >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        signed = np.where(begin < end, edge, np.uint64(0) - edge)
    of = body[polygons.polygon_of_corner]
    if not bounding.all():
        counted = bounding[polygons.polygon_of_corner]
        of, signed = of[counted], signed[counted]
    sums = np.zeros(count, np.uint64)
    starts = _starts(of)
    if len(starts):
        sums[of[starts]] = np.add.reduceat(signed, starts)
    return np.asarray(sums == 0)


def store(shells: Shells, bodies: Bodies, begin: int, end: int, spool: MeshSpool, painter: Painter) -> tuple[I64, I64]:
    """Paint and store the bodies `begin` … `end`; returns the bodies that have a shape (counted from `begin`), and the shapes."""
    polygon_range = slice(int(bodies.first[begin]), int(bodies.first[end]))
    owner = bodies.row[begin:end][shells.body]
    faces, of = shells.faces, shells.body[shells.faces.polygon]
    rise, length = shells.cleaned.normal[2], shells.cleaned.length
    flip = shells.flip[shells.body]
    up = np.where(flip, -rise, rise) > UP * np.maximum(length, 1e-300)
    lying = painter.lying[owner] & ~shells.closed[shells.body]
    points, corner, coordinates = _textured(shells.cleaned.polygons, faces)
    turned = flip ^ (lying & (rise < 0))
    if turned.any():
        corner = np.where(turned[faces.polygon][:, None], corner[:, ::-1], corner)
    material = painter.polygons(
        owner, bodies.paint[polygon_range], bodies.surface[polygon_range], up | (lying & (length > 0))
    )[faces.polygon]
    vertex, vertex_body, local = _by_body(corner, of)
    count = np.bincount(vertex_body, minlength=end - begin)
    face_count = np.bincount(of, minlength=end - begin)
    some = np.flatnonzero(face_count)
    shapes = spool.shapes(
        points[vertex],
        count[some],
        local,
        face_count[some],
        material.astype(np.uint16),
        None if coordinates is None else coordinates[vertex],
    )
    return some, np.asarray(shapes, np.int64)


def _textured(polygons: Polygons, faces: Faces) -> tuple[F64, I64, F64 | None]:
    """Points, corners (t, 3) of triangles, and coordinates of the points: textured corners get points of their own."""
    if polygons.uv is None:
        return polygons.points, faces.corners, None
    textured = np.asarray(np.isfinite(polygons.uv[faces.place]).all(axis=(1, 2)), np.bool_)
    count = len(polygons.points)
    return (
        np.concatenate((polygons.points, polygons.points[polygons.corner])),
        np.where(textured[:, None], count + faces.place, faces.corners),
        np.concatenate((np.full((count, 2), np.nan), polygons.uv)),
    )


def _by_body(corners: I64, of: I64) -> tuple[I64, I64, I64]:
    """Points by body, each once: (u,) points, (u,) their bodies, and corners (t, 3) counted from their body's first."""
    if not len(of):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), corners
    starts = _starts(of)
    count = np.diff(np.append(starts, len(of)))
    low = np.minimum.reduceat(corners.ravel(), 3 * starts)
    high = np.maximum.reduceat(corners.ravel(), 3 * starts)
    slots = offsets(high - low + 1)
    if slots[-1] <= 8 * corners.size:  # a body's vertices stand close together: no sorting
        key = np.repeat(slots[:-1] - low, count)[:, None] + corners
        seen = np.zeros(int(slots[-1]), np.bool_)
        seen[key.ravel()] = True
        place = np.cumsum(seen) - 1
        used = np.flatnonzero(seen)
        run_of = np.searchsorted(slots, used, "right") - 1
        vertex = used - slots[run_of] + low[run_of]
        number = place[key]
    else:
        key = np.repeat(np.arange(len(starts)), count)[:, None] * (int(corners.max()) + 1) + corners
        unique, inverse = np.unique(key.ravel(), return_inverse=True)
        run_of, vertex = np.divmod(unique, int(corners.max()) + 1)
        number = inverse.reshape(-1, 3)
    first = np.searchsorted(run_of, np.arange(len(starts)))
    return vertex, of[starts][run_of], number - np.repeat(first, count)[:, None]


def measure(shells: Shells, bodies: Bodies, begin: int, end: int, painter: Painter, measured: Measured) -> None:
    """Note sizes and flaws of the bodies `begin` … `end`."""
    rows = bodies.row[begin:end]
    solid = bodies.solid[begin:end]
    of = shells.body[shells.faces.polygon]
    count = end - begin
    part = slice(int(bodies.first[begin]), int(bodies.first[end]))
    surface = bodies.surface[part]
    closed = np.flatnonzero(shells.closed & (np.abs(shells.volume) > 0))
    measured.total(measured.volume, rows[closed], np.abs(shells.volume[closed]))
    plan = _sums(of, np.abs(shells.vectors[2]), count)
    have = np.bincount(of, minlength=count) > 0
    measured.total(measured.projected, rows[shells.closed], plan[shells.closed] / 2)
    flat = have & ~shells.closed & painter.lying[rows]
    measured.total(measured.flat, rows[flat], plan[flat])
    for column, number in ((measured.roof, _ROOF), (measured.wall, _WALL)):
        such = np.flatnonzero((surface == number)[shells.faces.polygon])
        if len(such):
            some = np.flatnonzero(np.bincount(of[such], minlength=count))
            measured.total(column, rows[some], _sums(of[such], shells.area[such], count)[some])
    polygons = shells.cleaned.polygons
    corners_of = np.bincount(shells.body, np.diff(polygons.first_corner), count).astype(np.int64)
    filled = np.flatnonzero(corners_of)
    if len(filled):
        starts = offsets(corners_of[filled])[:-1]
        position = polygons.points.T[:, polygons.corner]
        low, high = np.minimum.reduceat(position, starts, axis=1), np.maximum.reduceat(position, starts, axis=1)
        drawn = have[filled]
        measured.around(rows[filled[drawn]], low[:, drawn], high[:, drawn])
    wrong = shells.cleaned
    measured.broken |= set(rows[shells.body[wrong.broken]].tolist())
    measured.crossing |= set(rows[shells.body[shells.faces.crossing]].tolist())
    off = wrong.off_plane > PLANE_M
    measured.off_plane |= set(rows[shells.body[off]].tolist())
    measured.worst_m = max(measured.worst_m, float(wrong.off_plane.max(initial=0.0)))
    measured.inverted |= set(rows[shells.flip & solid].tolist())
    measured.open_ |= set(rows[solid & have & ~shells.closed].tolist())
