"""The mesh spool: a reader streams shapes and placements in, the tile builder maps them back.

Shapes are triangles in metres around their own centre (float32 loses nothing that way, however
large the source's coordinates are); a placement puts a shape on an object with a 4x4 matrix into
the park frame. Equal shapes are stored once and placed many times, which is what instancing needs.
Shapes with a textured material carry texture coordinates; the images lie in the folder `images`.
Memory: the index arrays (16 bytes a shape, 104 bytes a placement); triangles live on disk.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from twin.errors import Invalid
from twin.geometry.images import ImageStore, Picture

F64 = npt.NDArray[np.float64]
F32 = npt.NDArray[np.float32]
U32 = npt.NDArray[np.uint32]
U16 = npt.NDArray[np.uint16]
IMAGES = "images"
MAX_UV = 1e6
"""No image repeats this often on a surface: coordinates beyond it are broken numbers."""


Rgba = tuple[float, float, float, float]
Wrap = Literal["repeat", "clamp", "mirror"]
Alpha = Literal["opaque", "mask", "blend"]


@dataclass(frozen=True)
class Texture:
    """An image on faces. image: its name in the spool; tint: sRGB with alpha, multiplied in linear light.

    wrap: how the image goes on beyond 0..1 along u and v; alpha: what its see-through pixels do.
    """

    image: str
    tint: Rgba = (1.0, 1.0, 1.0, 1.0)
    wrap: tuple[Wrap, Wrap] = ("repeat", "repeat")
    alpha: Alpha = "opaque"


@dataclass(frozen=True)
class Material:
    """How a face looks: linear-free sRGB colour 0..1 with alpha, and a name for people.

    With a texture, rgba is what the face looks like without it: from afar, or on a map.
    """

    rgba: Rgba
    name: str = ""
    texture: Texture | None = None


@dataclass(frozen=True)
class Shape:
    """vertices (n, 3) float32 metres around the shape's centre, faces (m, 3) uint32, material (m,) uint16.

    uv: (n, 2) float32 texture coordinates, (0, 0) the image's upper left corner, v downwards; None without.
    """

    vertices: F32
    faces: U32
    material: U16
    uv: F32 | None = None


class MeshSpool:
    """Write side. One writer, append only; `close` hands over to a `SpoolReader`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._vertices = (folder / "vertices.f32").open("wb")
        self._faces = (folder / "faces.u32").open("wb")
        self._material = (folder / "material.u16").open("wb")
        self._uv = (folder / "uv.f32").open("wb")
        self._uv_start = array("q")
        self._uv_rows = 0
        self._images = ImageStore(folder / IMAGES)
        self._counts = array("Q")
        self._centres = array("d")
        self._materials: dict[Material, int] = {}
        self._objects: dict[str, int] = {}
        self._placed_object = array("I")
        self._placed_shape = array("I")
        self._matrices = array("d")

    def image(self, data: bytes) -> Picture:
        """Keep an encoded image for textures; equal ones are one. Raises Invalid where it is none that is taken."""
        return self._images.add(data)

    def material(self, rgba: Rgba, name: str = "", texture: Texture | None = None) -> int:
        """The index of a material; equal ones are one."""
        key = Material((float(rgba[0]), float(rgba[1]), float(rgba[2]), float(rgba[3])), name, texture)
        return self._materials.setdefault(key, len(self._materials))

    def shape(
        self, vertices: npt.ArrayLike, faces: npt.ArrayLike, material: npt.ArrayLike, uv: npt.ArrayLike | None = None
    ) -> int:
        """Store triangles once; returns the shape's index.

        vertices (n, 3) metres in the shape's own frame, faces (m, 3), material: one index or (m,), uv (n, 2) or None.
        Raises Invalid on indices out of range or coordinates that are not finite.
        """
        points = np.asarray(vertices, np.float64).reshape(-1, 3)
        triangles = np.asarray(faces, np.uint32).reshape(-1, 3)
        if len(triangles) and int(triangles.max()) >= len(points):
            raise Invalid(f"A face names vertex {int(triangles.max())} of {len(points)}", code="mesh")
        if not np.isfinite(points).all():
            raise Invalid("A mesh has coordinates that are not finite", code="mesh")
        centre = (points.min(axis=0) + points.max(axis=0)) / 2 if len(points) else np.zeros(3)
        per_face = np.broadcast_to(np.asarray(material, np.uint16), (len(triangles),))
        self._vertices.write((points - centre).astype("<f4").tobytes())
        self._faces.write(triangles.astype("<u4").tobytes())
        self._material.write(per_face.astype("<u2").tobytes())
        self._write_uv(uv, np.array([len(points)]))
        self._counts.extend((len(points), len(triangles)))
        self._centres.extend(centre.tolist())
        return len(self._counts) // 2 - 1

    @property
    def shape_count(self) -> int:
        """How many shapes are stored: the index of the next one."""
        return len(self._counts) // 2

    def place(self, object_id: str, shape: int, matrix: npt.ArrayLike | None = None) -> None:
        """Put a shape on an object. matrix: (4, 4) from the shape's frame to the park frame; identity where None."""
        placed = np.eye(4) if matrix is None else np.asarray(matrix, np.float64).copy()
        centre = np.array(self._centres[3 * shape : 3 * shape + 3])
        placed[:3, 3] += placed[:3, :3] @ centre
        self._placed_object.append(self._objects.setdefault(object_id, len(self._objects)))
        self._placed_shape.append(shape)
        self._matrices.extend(placed[:3].ravel().tolist())

    def shapes(
        self,
        vertices: npt.ArrayLike,
        vertex_count: npt.ArrayLike,
        faces: npt.ArrayLike,
        face_count: npt.ArrayLike,
        material: npt.ArrayLike,
        uv: npt.ArrayLike | None = None,
        *,
        centred: bool = False,
    ) -> range:
        """Store many shapes at once, as `shape` does with each; returns their indices.

        vertices (v, 3) and faces (f, 3) in runs of vertex_count, face_count (n,); faces count from the first vertex
        of their own shape; material (f,); uv (v, 2), NaN where a vertex has none. centred: they stand around their own
        middles, up to rounding, and are put where the caller says to the last bit. Raises Invalid as `shape` does.
        """
        points = np.asarray(vertices, np.float64).reshape(-1, 3)
        triangles = np.asarray(faces, np.uint32).reshape(-1, 3)
        counts = np.column_stack((vertex_count, face_count)).astype(np.int64).reshape(-1, 2)
        shape_of_face = np.repeat(np.arange(len(counts)), counts[:, 1])
        if (triangles.max(axis=1, initial=0) >= counts[shape_of_face, 0]).any():
            raise Invalid("A face names a vertex that its shape does not have", code="mesh")
        if not np.isfinite(points).all():
            raise Invalid("A mesh has coordinates that are not finite", code="mesh")
        centre = np.zeros((len(counts), 3))
        filled = np.flatnonzero(counts[:, 0])
        if len(filled) and not centred:
            begin = (np.cumsum(counts[:, 0]) - counts[:, 0])[filled]
            low, high = np.minimum.reduceat(points, begin), np.maximum.reduceat(points, begin)
            centre[filled] = (low + high) / 2
            points = points - np.repeat(centre, counts[:, 0], axis=0)
        self._vertices.write(points.astype("<f4").tobytes())
        self._faces.write(triangles.astype("<u4").tobytes())
        self._material.write(np.asarray(material).astype("<u2").tobytes())
        self._write_uv(uv, counts[:, 0])
        begin_index = len(self._counts) // 2
        self._counts.frombytes(counts.astype(np.uint64).tobytes())
        self._centres.frombytes(centre.tobytes())
        return range(begin_index, begin_index + len(counts))

    def place_all(
        self, object_ids: Sequence[str], shapes: npt.ArrayLike, matrices: npt.ArrayLike | None = None
    ) -> None:
        """Put shapes (n,) on objects (n,), as `place` does with each. matrices: (n, 4, 4); identity where None."""
        index = np.asarray(shapes, np.int64)
        placed = np.tile(np.eye(4), (len(index), 1, 1)) if matrices is None else np.array(matrices, np.float64)
        centre = np.frombuffer(self._centres, np.float64).reshape(-1, 3)[index]
        placed[:, :3, 3] += np.einsum("nij,nj->ni", placed[:, :3, :3], centre)
        numbers = self._objects
        self._placed_object.extend([numbers.setdefault(name, len(numbers)) for name in object_ids])
        self._placed_shape.frombytes(index.astype(np.uint32).tobytes())
        self._matrices.frombytes(placed[:, :3].tobytes())

    def _write_uv(self, uv: npt.ArrayLike | None, counts: npt.NDArray[np.int64]) -> None:
        """Texture coordinates of shapes of `counts` vertices: kept for those that have any."""
        starts = np.full(len(counts), -1, np.int64)
        if uv is not None:
            rows = np.asarray(uv, np.float64).reshape(-1, 2)
            if len(rows) != counts.sum():
                raise Invalid(f"{len(rows)} texture coordinates for {counts.sum()} vertices", code="mesh")
            given = np.asarray((np.abs(rows) <= MAX_UV).all(axis=1), np.bool_)
            shape = np.repeat(np.arange(len(counts)), counts)
            has = np.asarray(np.bincount(shape, given, minlength=len(counts)) > 0, np.bool_)
            kept = np.where(given[:, None], rows, 0.0)[has[shape]]
            starts[has] = self._uv_rows + np.cumsum(counts[has]) - counts[has]
            self._uv.write(kept.astype("<f4").tobytes())
            self._uv_rows += len(kept)
        self._uv_start.frombytes(starts.tobytes())

    def close(self) -> SpoolReader:
        """Finish writing and open for reading; the reader takes over the index arrays."""
        for stream in (self._vertices, self._faces, self._material, self._uv):
            stream.close()
        return SpoolReader(
            self.folder,
            list(self._objects),
            list(self._materials),
            np.frombuffer(self._counts, np.uint64).reshape(-1, 2),
            np.frombuffer(self._uv_start, np.int64),
            np.frombuffer(self._placed_object, np.uint32),
            np.frombuffer(self._placed_shape, np.uint32),
            np.frombuffer(self._matrices, np.float64).reshape(-1, 3, 4),
        )


def _mapped(path: Path, dtype: str) -> npt.NDArray[np.generic]:
    """A read-only memory map; an empty file maps to an empty array."""
    if path.stat().st_size == 0:
        return np.empty(0, dtype)
    return np.memmap(path, dtype, "r")


class SpoolReader:
    """Read side, made by `MeshSpool.close`: index arrays in memory, triangles memory-mapped.

    objects: ids in the order of first placement; counts (s, 2) vertices and faces by shape;
    placed_object, placed_shape (p,) uint32; matrix (p, 3, 4) float64 into the park frame.
    """

    def __init__(
        self,
        folder: Path,
        objects: list[str],
        materials: list[Material],
        counts: npt.NDArray[np.uint64],
        uv_start: npt.NDArray[np.int64],
        placed_object: U32,
        placed_shape: U32,
        matrix: F64,
        starts: npt.NDArray[np.int64] | None = None,
    ) -> None:
        """Starts (s, 2): where the vertices and faces of shapes begin, by default one behind the other."""
        self.folder = folder
        self.objects = objects
        self.materials = materials
        self.counts = counts
        self._uv_start = uv_start
        self.placed_object = placed_object
        self.placed_shape = placed_shape
        self.matrix = matrix
        self._sizes = self.counts.astype(np.int64)
        self._starts = np.cumsum(self._sizes, axis=0) - self._sizes if starts is None else starts
        self._vertices = _mapped(folder / "vertices.f32", "<f4")
        self._faces = _mapped(folder / "faces.u32", "<u4")
        self._material = _mapped(folder / "material.u16", "<u2")
        self._uv = _mapped(folder / "uv.f32", "<f4")

    def image(self, name: str) -> bytes:
        """The encoded image of a texture."""
        return (self.folder / IMAGES / name).read_bytes()

    def shape(self, index: int) -> Shape:
        """One shape; views on the mapped files."""
        (v0, f0), (v1, f1) = self._starts[index], self._starts[index] + self._sizes[index]
        return Shape(
            np.asarray(self._vertices[3 * v0 : 3 * v1], np.float32).reshape(-1, 3),
            np.asarray(self._faces[3 * f0 : 3 * f1], np.uint32).reshape(-1, 3),
            np.asarray(self._material[f0:f1], np.uint16),
            self._coordinates(np.array([index]), np.array([v1 - v0])),
        )

    @classmethod
    def of(
        cls,
        folder: Path,
        objects: list[str],
        materials: list[Material],
        counts: npt.NDArray[np.integer],
        shapes: Shape,
        placed_object: U32,
        placed_shape: U32,
        matrix: F64,
    ) -> SpoolReader:
        """A spool of plain shapes whose arrays are at hand, as `everything` gives them; written into `folder`."""
        folder.mkdir(parents=True)
        for name, values in (
            ("vertices.f32", shapes.vertices.astype("<f4")),
            ("faces.u32", shapes.faces.astype("<u4")),
            ("material.u16", shapes.material.astype("<u2")),
            ("uv.f32", np.empty(0, "<f4")),
        ):
            values.tofile(folder / name)
        plain = np.full(len(counts), -1, np.int64)
        whole = counts.astype(np.uint64)
        return cls(folder, objects, materials, whole, plain, placed_object, placed_shape, matrix)

    def part(self, placements: npt.NDArray[np.integer]) -> SpoolReader:
        """Some of the placements with their objects and shapes, numbered anew; the triangles stay where they are."""
        shapes, shape = np.unique(self.placed_shape[placements], return_inverse=True)
        objects, owner = np.unique(self.placed_object[placements], return_inverse=True)
        return SpoolReader(
            self.folder,
            [self.objects[number] for number in objects.tolist()],
            self.materials,
            self.counts[shapes],
            self._uv_start[shapes],
            owner.astype(np.uint32),
            shape.astype(np.uint32),
            self.matrix[placements],
            self._starts[shapes],
        )

    def everything(self) -> Shape:
        """All shapes one after another, without texture coordinates; faces count from the first vertex of their own (views)."""
        return Shape(
            np.asarray(self._vertices, np.float32).reshape(-1, 3),
            np.asarray(self._faces, np.uint32).reshape(-1, 3),
            np.asarray(self._material, np.uint16),
        )

    def gather(self, shapes: npt.NDArray[np.integer]) -> Shape:
        """Many shapes in one, in the given order: vertices concatenated, faces pointing into them (copies)."""
        starts, counts = self._starts[shapes], self._sizes[shapes]
        before = np.cumsum(counts, axis=0) - counts
        rows = [
            np.arange(int(counts[:, column].sum()))
            + np.repeat(starts[:, column] - before[:, column], counts[:, column])
            for column in (0, 1)
        ]
        faces = np.asarray(self._faces).reshape(-1, 3).take(rows[1], axis=0)
        return Shape(
            np.asarray(self._vertices, np.float32).reshape(-1, 3).take(rows[0], axis=0),
            np.asarray(faces + np.repeat(before[:, 0], counts[:, 1])[:, None], np.uint32),
            np.asarray(self._material[rows[1]], np.uint16),
            self._coordinates(shapes, counts[:, 0]),
        )

    def _coordinates(self, shapes: npt.NDArray[np.integer], counts: npt.NDArray[np.int64]) -> F32 | None:
        """Texture coordinates of shapes one after another, zero where one has none; None where all have none."""
        start = self._uv_start[shapes]
        if not (start >= 0).any():
            return None
        has = np.repeat(start >= 0, counts)
        row = np.arange(len(has)) + np.repeat(start - (np.cumsum(counts) - counts), counts)
        uv = np.zeros((len(has), 2), np.float32)
        uv[has] = np.asarray(self._uv).reshape(-1, 2)[row[has]]
        return uv
