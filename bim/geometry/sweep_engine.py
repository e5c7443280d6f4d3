"""Bodies made of polygonal prisms, meshed without any kernel; openings cut by exact solids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64, Look, Mesh
from bim.geometry.representation import mapped_once, sole_body
from bim.geometry.shared import Shared

I32 = npt.NDArray[np.int32]


class _Body(NamedTuple):
    """A meshed representation: item (m,) tells which item a face belongs to."""

    vertices: F64
    faces: I32
    item: I32
    items: tuple[Any, ...]


class SweepEngine:
    """Products whose body holds nothing but IfcExtrudedAreaSolid of straight-edged profiles, mapped or not."""

    name = "parktwin/prism"

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._bodies: dict[int, _Body | None] = {}

    def meshes(self, model: Any, products: Sequence[Any]) -> Iterator[Mesh]:  # noqa: ARG002 - the protocol's
        """Meshes of such products in their order; the rest is left out."""
        shared = self._shared
        for product in products:
            body = sole_body(product)
            if body is None or not shared.placements.exact(product):
                continue
            found = mapped_once(body, shared.length)
            if found is None:
                continue
            representation, inner = found
            made = self._body(representation)
            if made is None:
                continue
            matrix = shared.placements.matrix(product)
            mesh = self._mesh(product, representation, made, matrix if inner is None else matrix @ inner)
            openings = shared.voids.of(mesh.step)
            if openings:
                shared.openings.prepare(openings)
                cut = shared.openings.without(mesh, made.item, openings)
                if cut is None:
                    continue
                mesh = cut
            yield mesh

    def _mesh(self, product: Any, representation: Any, made: _Body, matrix: F64) -> Mesh:
        looks: list[Look] = []
        index = []
        for item in made.items:
            look = self._shared.styles.of(item, product)
            if look is not None and look not in looks:
                looks.append(look)
            index.append(-1 if look is None else looks.index(look))
        return Mesh(
            step=int(product.id()),
            matrix=matrix,
            key=("prism", int(representation.id()), tuple(index), tuple(looks)),
            vertices=made.vertices,
            faces=made.faces,
            look=np.full(len(made.faces), index[0], np.int32)
            if len(index) == 1
            else np.array(index, np.int32)[made.item],
            looks=looks,
        )

    def _body(self, representation: Any) -> _Body | None:
        step = int(representation.id())
        if step not in self._bodies:
            self._bodies[step] = self._made(tuple(representation[3] or ()))
        return self._bodies[step]

    def _made(self, items: tuple[Any, ...]) -> _Body | None:
        parts = []
        for item in items:
            part = self._shared.extrusions.mesh(item)
            if part is None:
                return None
            parts.append(part)
        if not parts:
            return None
        if len(parts) == 1:
            return _Body(*parts[0], np.zeros(len(parts[0][1]), np.int32), items)
        starts = np.cumsum([0, *(len(vertices) for vertices, _ in parts[:-1])])
        return _Body(
            np.concatenate([vertices for vertices, _ in parts]),
            np.concatenate([faces + start for (_, faces), start in zip(parts, starts, strict=True)]).astype(np.int32),
            np.repeat(np.arange(len(parts), dtype=np.int32), [len(faces) for _, faces in parts]),
            items,
        )
