"""A mesh model as its format has it, before it is put into the park: nodes, meshes, looks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bim.mesh_model.limits import MAX_LOOKS
from twin.geometry.spool import Alpha, Wrap

F64 = npt.NDArray[np.float64]
U32 = npt.NDArray[np.uint32]
U16 = npt.NDArray[np.uint16]
Colour = tuple[float, float, float, float]
"""sRGB and alpha, 0..1."""
GREY: Colour = (0.72, 0.72, 0.72, 1.0)


@dataclass(frozen=True)
class Mesh:
    """Triangles in the file's own axes and unit.

    vertices (n, 3), faces (m, 3), looks (m,) index into the model's looks; name: '' where it has none; uv (n, 2):
    texture coordinates, v downwards, NaN where a vertex has none.
    """

    vertices: F64
    faces: U32
    looks: U16
    name: str = ""
    uv: F64 | None = None


@dataclass
class Node:
    """One thing in the file. parent: index in the model's nodes, -1 at a root; places (p, 4, 4): where its mesh stands."""

    name: str
    parent: int
    mesh: int = -1
    places: F64 = field(default_factory=lambda: np.eye(4)[None])


@dataclass(frozen=True)
class FaceImage:
    """An image on faces. image: index in the model's images; tint: multiplies it; wrap, alpha: as in the spool."""

    image: int
    tint: Colour
    wrap: tuple[Wrap, Wrap] = ("repeat", "repeat")
    alpha: Alpha = "opaque"


class Looks:
    """Colours by number, with a name and maybe an image; equal ones are one, and there are never more than the limit."""

    def __init__(self) -> None:
        self.all: list[tuple[Colour, str, FaceImage | None]] = []
        self._numbers: dict[tuple[Colour, str, FaceImage | None], int] = {}
        self.coarse = False  # whether colours had to be merged

    def add(self, colour: Colour, name: str = "", face_image: FaceImage | None = None) -> int:
        """The number of a look; beyond the limit the nearest of the same opacity."""
        r, g, b, a = (round(part, 6) for part in colour)  # what 1 becomes on its way through powers is 1
        key = ((r, g, b, a), name, face_image)
        if key not in self._numbers:
            if len(self.all) >= MAX_LOOKS:
                self.coarse = True
                return self._nearest(key[0])
            self._numbers[key] = len(self.all)
            self.all.append(key)
        return self._numbers[key]

    def add_many(self, colours: F64, name: str = "") -> U16:
        """Numbers (m,) of colours (m, 4) that vary over a surface, brought down to a bounded palette."""
        steps = 15.0 if len(self.all) < MAX_LOOKS // 2 else 7.0
        level = np.rint(np.clip(np.nan_to_num(colours), 0, 1) * steps).astype(np.int64)
        codes = ((level[:, 0] * 16 + level[:, 1]) * 16 + level[:, 2]) * 16 + level[:, 3]
        unique, inverse = np.unique(codes, return_inverse=True)
        parts = np.column_stack([unique >> 12, unique >> 8 & 15, unique >> 4 & 15, unique & 15]) / steps
        numbers = [self.add((float(r), float(g), float(b), float(a)), name) for r, g, b, a in parts.tolist()]
        return np.asarray(np.array(numbers, np.uint16)[inverse.reshape(-1)])

    def _nearest(self, colour: Colour) -> int:
        known = np.array([known for known, _, _ in self.all])
        away = np.abs(known - np.array(colour)) @ np.array([1.0, 1.0, 1.0, 4.0])
        return int(np.argmin(away))


@dataclass
class Model:
    """What a format's reader returns.

    unit: metres in one of the file's units, None where it does not say; up: y, z, or '' where the format does
    not say; left_out: kinds of content that are not read → how many.
    """

    nodes: list[Node] = field(default_factory=list)
    meshes: list[Mesh] = field(default_factory=list)
    looks: Looks = field(default_factory=Looks)
    unit: float | None = None
    up: str = ""
    title: str = ""
    left_out: dict[str, int] = field(default_factory=dict)
    images: list[bytes] = field(default_factory=list)  # encoded, of face images
    missing: list[str] = field(default_factory=list)  # side files that are not there or cannot be read
    bad_faces: int = 0  # triangles with coordinates that are not finite

    def leave_out(self, what: str, count: int = 1) -> None:
        """Count something that is not read."""
        if count:
            self.left_out[what] = self.left_out.get(what, 0) + count

    def add_mesh(self, vertices: F64, faces: U32, looks: U16, name: str = "", uv: F64 | None = None) -> int:
        """Keep a mesh; triangles with a corner that is not finite go, and with them the vertices nobody names."""
        fine = np.asarray(np.isfinite(vertices).all(axis=1), np.bool_)
        if not fine.all():
            keep = fine[faces].all(axis=1)
            self.bad_faces += int((~keep).sum())
            faces, looks = faces[keep], looks[keep]
        if uv is not None:
            uv, _ = compact(uv, faces)
        vertices, faces = compact(vertices, faces)
        self.meshes.append(Mesh(vertices, faces, looks, name, uv))
        return len(self.meshes) - 1


def compact(vertices: F64, faces: U32) -> tuple[F64, U32]:
    """Only the vertices that faces name, in their order."""
    used = np.zeros(len(vertices), np.bool_)
    used[faces.ravel()] = True
    if used.all():
        return vertices, faces
    place = np.cumsum(used) - 1
    return vertices[used], place[faces].astype(np.uint32)


def weld(points: F64) -> tuple[F64, U32]:
    """Equal points (n, 3) as one: the different ones, and (n,) which of them each is. Sorted once, faster than by rows."""
    order = np.lexsort(points.T)
    ranked = points[order]
    first = np.ones(len(points), np.bool_)
    first[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
    place = np.empty(len(points), np.uint32)
    place[order] = np.cumsum(first) - 1
    return ranked[first], place
