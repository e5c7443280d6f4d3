"""Bodies that hold boolean results, by exact solids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from bim.geometry.csg import NotSolid
from bim.geometry.engine import Look, Mesh
from bim.geometry.representation import sole_body
from bim.geometry.shared import Shared
from bim.geometry.solids import mesh_of
from bim.source.attribute import UNREADABLE

_BOOLEANS = {"IfcBooleanResult", "IfcBooleanClippingResult", "IfcCsgSolid"}


class CsgEngine:
    """Evaluates boolean results with the Manifold library; operands are prisms, or meshed by cgal-simple."""

    name = "parktwin/csg"

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def meshes(self, model: Any, products: Sequence[Any]) -> Iterator[Mesh]:  # noqa: ARG002 - the protocol's
        """Meshes of products whose items are all closed solids, at least one of them a boolean result."""
        for product in products:
            body = _combined(product)
            if body is None:
                continue
            mesh = self._mesh(product, body) if self._shared.placements.exact(product) else None
            openings = self._shared.voids.of(int(product.id())) if mesh is not None else ()
            if mesh is not None and openings:
                self._shared.openings.prepare(openings)
                mesh = self._shared.openings.without(mesh, mesh.look, openings)
            if mesh is not None:
                yield mesh

    def _mesh(self, product: Any, body: Any) -> Mesh | None:
        vertices, faces, look = [], [], []
        looks: list[Look] = []
        start = 0
        for item in body[3]:
            try:
                points, triangles = mesh_of(self._shared.csg.solid(item))
            except (NotSolid, *UNREADABLE):
                return None
            found = self._shared.styles.of(item, product)
            if found is not None and found not in looks:
                looks.append(found)
            vertices.append(points)
            faces.append(triangles + start)
            look.append(np.full(len(triangles), -1 if found is None else looks.index(found), np.int32))
            start += len(points)
        if start == 0:
            return None
        return Mesh(
            step=int(product.id()),
            matrix=self._shared.placements.matrix(product),
            key=("csg", int(body.id()), tuple(looks)),
            vertices=np.concatenate(vertices),
            faces=np.concatenate(faces).astype(np.int32),
            look=np.concatenate(look),
            looks=looks,
        )


def _combined(product: Any) -> Any | None:
    """The body of a product that holds a boolean result."""
    try:
        body = sole_body(product)
        return body if body is not None and any(item.is_a() in _BOOLEANS for item in body[3]) else None
    except UNREADABLE:
        return None
