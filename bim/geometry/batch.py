"""Meshes in batches of plain arrays: how they go from the geometry child to its parent, each body once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64, Look, Mesh

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
BATCH_BYTES = 1 << 20
"""A batch is closed when it reaches this: its arrays and what is computed of them stay in a cache."""


class Finish(NamedTuple):
    """What a body's colours follow from: the class of the product that it is made for, and the file's looks."""

    ifc_class: str
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class Batch:
    """Products that were meshed, and the bodies that came with them.

    By product (p,): engine, its index; step, its STEP id; body, the number of its body, counted from 0 over all
    batches; matrix (p, 4, 4) from the body's frame to the model's, metres. By new body (b,), in the order of their
    numbers: vertex_count, face_count, and finish, an index into `finishes`. The bodies' arrays stand one after the
    other: vertices (v, 3) metres; faces (f, 3), which count from the first vertex of their own body; look (f,), an
    index into the looks of the finish, -1 where the file gives none. Texture coordinates stand for those bodies that
    the file gives some for: mapped (b,), uv (k, 3, 2) at the corners of the faces of these bodies.
    """

    engine: I32
    step: I64
    body: I64
    matrix: F64
    vertex_count: I64
    face_count: I64
    finish: I64
    vertices: F64
    faces: I32
    look: I32
    mapped: Flags
    uv: F64
    finishes: tuple[Finish, ...]

    @property
    def size(self) -> int:
        """Bytes of its vertices, faces, texture coordinates and matrices."""
        return int(self.vertices.nbytes + self.faces.nbytes + self.uv.nbytes + self.matrix.nbytes)

    def numbered_from(self, first: int) -> Batch:
        """The same with bodies counted from `first`: where a later child's follow those of the ones before it."""
        return replace(self, body=self.body + first)


def joined(batches: Sequence[Batch]) -> Batch:
    """Batches that follow one another as one."""
    if len(batches) == 1:
        return batches[0]
    before = np.cumsum([0, *(len(batch.finishes) for batch in batches[:-1])])
    moved = [replace(batch, finish=batch.finish + start) for batch, start in zip(batches, before, strict=True)]
    arrays = [field.name for field in fields(Batch) if field.name != "finishes"]
    return Batch(
        **{name: np.concatenate([getattr(batch, name) for batch in moved]) for name in arrays},
        finishes=tuple(finish for batch in batches for finish in batch.finishes),
    )


class Packer:
    """Collects meshes until a batch is taken. Bodies of equal key, engine and finish are one.

    class_of: IFC class of a product by its STEP id.
    """

    def __init__(self, class_of: Callable[[int], str]) -> None:
        self._class_of = class_of
        self._bodies: dict[Hashable, int] = {}
        self._finishes: dict[Finish, int] = {}
        self._every: list[Finish] = []
        self._clear()

    def _clear(self) -> None:
        self._products: list[tuple[int, int, int]] = []
        self._matrices: list[F64] = []
        self._finish: list[int] = []
        self._vertices: list[F64] = []
        self._faces: list[I32] = []
        self._look: list[I32] = []
        self._mapped: list[bool] = []
        self._uv: list[F64] = []
        self.size = 0

    def add(self, engine: int, mesh: Mesh) -> None:
        """Take over one mesh of an engine; its arrays are copied."""
        named = Finish(self._class_of(mesh.step), tuple(mesh.looks))
        finish = self._finishes.setdefault(named, len(self._every))  # hashing is most of the work: once for both
        if finish == len(self._every):
            self._every.append(named)
        count = len(self._bodies)
        body = self._bodies.setdefault((engine, mesh.key, finish), count)
        if body == count:
            self._finish.append(finish)
            self._vertices.append(np.array(mesh.vertices, np.float64))
            self._faces.append(np.array(mesh.faces, np.int32))
            self._look.append(np.array(mesh.look, np.int32))
            self.size += self._vertices[-1].nbytes + self._faces[-1].nbytes
            self._mapped.append(mesh.uv is not None)
            if mesh.uv is not None:
                self._uv.append(np.array(mesh.uv, np.float64))
                self.size += self._uv[-1].nbytes
        self._products.append((engine, mesh.step, body))
        self._matrices.append(np.array(mesh.matrix, np.float64))
        self.size += self._matrices[-1].nbytes

    def take(self) -> Batch | None:
        """What was added since the last time; None where nothing was."""
        if not self._products:
            return None
        engine, step, body = np.array(self._products, np.int64).T
        used, finish = np.unique(np.array(self._finish, np.int64), return_inverse=True)
        batch = Batch(
            engine=engine.astype(np.int32),
            step=step,
            body=body,
            matrix=np.concatenate(self._matrices).reshape(-1, 4, 4),
            vertex_count=np.array([len(one) for one in self._vertices], np.int64),
            face_count=np.array([len(one) for one in self._faces], np.int64),
            finish=finish,
            vertices=np.concatenate([np.empty((0, 3)), *self._vertices]),
            faces=np.concatenate([np.empty((0, 3), np.int32), *self._faces]),
            look=np.concatenate([np.empty(0, np.int32), *self._look]),
            mapped=np.array(self._mapped, np.bool_),
            uv=np.concatenate([np.empty((0, 3, 2)), *self._uv]),
            finishes=tuple(self._every[one] for one in used.tolist()),
        )
        self._clear()
        return batch
