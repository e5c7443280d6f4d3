"""Openings as solids, and bodies with openings cut from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bim.geometry.box_cuts import is_box, without_all
from bim.geometry.engine import F64, Mesh
from bim.geometry.item_meshes import ItemMeshes
from bim.geometry.native_iterator import CGAL_SIMPLE, arrays, elements, matrix_of, settings
from bim.geometry.placements import Placements
from bim.geometry.representation import body_of
from bim.geometry.solids import Solid, beyond, cut, planes_of, solid
from bim.geometry.solids import mesh_of as solid_mesh
from bim.source.attribute import UNREADABLE, id_of
from bim.source.whole_model import complete

I32 = npt.NDArray[np.int32]
_REACH = 1e-3
"""Metres: an opening farther from a body than this leaves it as it is, wherever `beyond` moves its corners."""


class _Part(NamedTuple):
    """One closed piece of an opening, in the opening's frame; box: whether its faces are those of a box."""

    vertices: F64
    faces: npt.NDArray[np.integer]
    box: bool = False


class Host(NamedTuple):
    """A body of one part that openings are cut from; step: its product's; matrix: from its frame to the model's."""

    step: int
    vertices: F64
    faces: I32
    matrix: F64
    openings: Sequence[Any]


class Openings:
    """Meshes of openings by STEP id, kept for all the hosts that they are cut from.

    Memory: some 500 bytes for a plain box; only openings of the asked-for hosts are meshed. Without `kernels` a host of an
    opening that needs one is not cut.
    """

    def __init__(self, model: Any, placements: Placements, items: ItemMeshes, *, kernels: bool = True) -> None:
        self._model = model
        self._placements = placements
        self._items = items
        self._kernels = kernels
        self._known: dict[int, tuple[F64, list[_Part]] | None] = {}
        self._tried: set[int] = set()  # by the kernel
        self._boxed: dict[int, tuple[F64, I32] | None] = {}

    def items_of(self, openings: Iterable[Any]) -> Iterator[Any]:
        """The items of openings that are not known yet, for them to be meshed with others."""
        for opening in openings:
            if int(opening.id()) not in self._known:
                with suppress(*UNREADABLE):
                    body = body_of(opening)
                    yield from body.get_argument(3) if body is not None else ()

    def prepare(self, openings: Iterable[Any]) -> None:
        """Mesh these openings: what needs no kernel at once, the others in one run of the kernel."""
        rest = [opening for opening in openings if self._told(opening) is None and id_of(opening) not in self._tried]
        if rest and self._kernels:
            self._tried.update(map(id_of, rest))
            self._known.update(self._by_kernel(rest))

    def cut_boxes(self, hosts: Iterable[Host]) -> None:
        """Cut boxes by boxes, all at once: `without` then has the answers for those hosts that are of one part."""
        self._boxed.clear()
        boxes, cutters, moves, owner = list[Host](), list[F64](), list[F64](), list[int]()
        for host in hosts:
            told = [self._told(opening) for opening in host.openings] if is_box(host.vertices, host.faces) else []
            known = [one for one in told if one is not None and one[1] and all(part.box for part in one[1])]
            if known and len(known) == len(told):
                for matrix, parts in known:
                    cutters += [part.vertices for part in parts]
                    moves += [matrix] * len(parts)
                    owner += [len(boxes)] * len(parts)
                boxes.append(host)
        if not boxes:
            return
        into = np.linalg.inv(np.array([host.matrix for host in boxes]))[owner] @ np.array(moves)
        corners = np.array(cutters) @ into[:, :3, :3].transpose(0, 2, 1) + into[:, None, :3, 3]
        made = without_all(np.array([host.vertices for host in boxes]), corners, np.array(owner))
        self._boxed.update(zip((host.step for host in boxes), made, strict=True))

    def _told(self, opening: Any) -> tuple[F64, list[_Part]] | None:
        """What is known of an opening; of a new one what is told without a kernel."""
        step = id_of(opening)
        if step not in self._known:
            try:
                parts = self._direct(opening)
            except UNREADABLE:
                parts = None
            self._known[step] = None if parts is None else (self._placements.matrix(opening), parts)
        return self._known[step]

    def _by_kernel(self, openings: Sequence[Any]) -> dict[int, tuple[F64, list[_Part]]]:
        found: dict[int, tuple[F64, list[_Part]]] = {}
        for element in elements(*complete(self._model, openings), CGAL_SIMPLE, settings()):
            vertices, faces = arrays(element.geometry)
            ids = np.asarray(element.geometry.item_ids, np.int64)
            for item in np.unique(ids):
                used, flat = np.unique(faces[ids == item], return_inverse=True)
                entry = found.setdefault(int(element.id), (matrix_of(element).copy(), []))
                entry[1].append(_Part(vertices[used].copy(), flat.reshape(-1, 3)))
        return found

    def _direct(self, opening: Any) -> list[_Part] | None:
        body = body_of(opening)
        if body is None or not self._placements.exact(opening):
            return None
        parts: list[_Part] = []
        for item in body.get_argument(3):
            made = self._items.of(item)
            if made is None:
                return None
            of = np.zeros(len(made.faces), np.int32) if made.part is None else made.part
            kinds = _different(of)
            if len(kinds) == 1:
                parts.append(_Part(made.vertices, made.faces, is_box(made.vertices, made.faces)))
            else:
                parts += [_Part(made.vertices, made.faces[of == part]) for part in kinds]
        return parts

    def without(self, mesh: Mesh, part_of: npt.NDArray[np.integer], openings: Sequence[Any]) -> Mesh | None:
        """The mesh with openings cut from each of its parts; None where something is not closed.

        part_of (m,): which part (item) a face belongs to, so that every part keeps its look. The
        openings must have been prepared.
        """
        inverse: F64 = np.asarray(np.linalg.inv(mesh.matrix), np.float64)
        pieces: list[tuple[F64, I32, int]] = []
        parts = _different(part_of)
        for part in parts:
            mine = part_of == part
            looks = _different(mesh.look[mine])
            if len(looks) != 1:
                return None
            vertices, faces = mesh.vertices, mesh.faces
            if len(parts) > 1:
                used, flat = np.unique(faces[mine], return_inverse=True)
                vertices, faces = vertices[used], flat.reshape(-1, 3).astype(np.int32)
            made = self._boxed.pop(mesh.step, None) if len(parts) == 1 else None
            if made is None:
                made = self._cut(vertices, faces, openings, inverse)
            if made is None:
                return None
            pieces.append((*made, int(looks[0])))
        return _joined(mesh, pieces)

    def _cut(self, vertices: F64, faces: I32, openings: Sequence[Any], inverse: F64) -> tuple[F64, I32] | None:
        body = solid(vertices, faces)
        if body is None:
            return None
        near = self._near(vertices, openings, inverse)
        if not near:
            return None if near is None else solid_mesh(body)
        planes = planes_of(*solid_mesh(body))
        tools: list[Solid] = []
        for corners, triangles in near:
            made = solid(beyond(corners, planes), triangles)
            if made is None:
                return None
            tools.append(made)
        return solid_mesh(cut(body, tools))

    def _near(
        self, vertices: F64, openings: Sequence[Any], inverse: F64
    ) -> list[tuple[F64, npt.NDArray[np.integer]]] | None:
        """The parts of openings in the body's frame, without those whose box stands off the body's; None where one is unknown."""
        low, high = vertices.min(axis=0) - _REACH, vertices.max(axis=0) + _REACH
        found: list[tuple[F64, npt.NDArray[np.integer]]] = []
        for opening in openings:
            known = self._known.get(int(opening.id()))
            if known is None or not known[1]:
                return None
            move = inverse @ known[0]
            for part in known[1]:
                corners = part.vertices @ move[:3, :3].T + move[:3, 3]
                if (corners.min(axis=0) <= high).all() and (corners.max(axis=0) >= low).all():
                    found.append((corners, part.faces))
        return found


def _different(values: npt.NDArray[np.integer]) -> list[int]:
    first = int(values[0]) if len(values) else 0
    return [first] if (values == first).all() else [int(value) for value in np.unique(values)]


def _joined(mesh: Mesh, pieces: Sequence[tuple[F64, I32, int]]) -> Mesh | None:
    """The cut pieces as the mesh of the same product; None where nothing is left."""
    starts = np.cumsum([0, *(len(vertices) for vertices, _, _ in pieces[:-1])])
    faces = np.concatenate([triangles + start for start, (_, triangles, _) in zip(starts, pieces, strict=True)])
    if not len(faces):
        return None
    return Mesh(
        step=mesh.step,
        matrix=mesh.matrix.copy(),
        key=("cut", mesh.step),
        vertices=np.concatenate([vertices for vertices, _, _ in pieces]),
        faces=faces.astype(np.int32),
        look=np.concatenate([np.full(len(triangles), look, np.int32) for _, triangles, look in pieces]),
        looks=list(mesh.looks),
    )
