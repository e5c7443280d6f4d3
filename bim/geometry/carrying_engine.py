"""An engine whose meshes keep the texture coordinates that the file gives for the faces of their bodies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bim.geometry.carried_coordinates import Mapped, carried, mapped
from bim.geometry.engine import F64, GeometryEngine, Look, Mesh
from bim.geometry.representation import mapped_once, sole_body
from bim.geometry.shared import Shared
from bim.geometry.texture_maps import FLAT, TextureMaps
from bim.source.attribute import UNREADABLE

_MAX_DEPTH = 32
WHITE = Look((1.0, 1.0, 1.0, 1.0))


class CarryingEngine:
    """Another engine, for bodies that were cut: its meshes lose the coordinates, and what lies on a mapped face gets them back.

    So does what lies on a mapped operand of a boolean result. Meshes that carry coordinates already, and those of bodies
    without mapped faces, pass as they are.
    """

    def __init__(self, engine: GeometryEngine, shared: Shared, maps: TextureMaps) -> None:
        self._engine = engine
        self._shared = shared
        self._maps = maps

    @property
    def name(self) -> str:
        """The other engine's: it makes the shape."""
        return self._engine.name

    def meshes(self, model: Any, products: Sequence[Any]) -> Iterator[Mesh]:
        """The other engine's meshes."""
        by_step = {int(product.id()): product for product in products}
        for mesh in self._engine.meshes(model, products):
            product = by_step.get(mesh.step)
            source = None if product is None or mesh.uv is not None else self._source(product)
            yield mesh if source is None else self._carried(mesh, source)

    def _carried(self, mesh: Mesh, source: Mapped) -> Mesh:
        """The mesh with coordinates; `source` in the model's frame."""
        corners = mesh.vertices[mesh.faces] @ mesh.matrix[:3, :3].T + mesh.matrix[:3, 3]
        uv, under = carried(source, corners)
        on = under >= 0
        if not on.any():
            return mesh
        looks, look = list(mesh.looks), mesh.look.copy()
        item = np.where(on, source.item[under], -1)
        for step in np.unique(item[on]).tolist():
            texture = self._maps.texture.get(step)
            for index in np.unique(look[item == step]).tolist() if texture is not None else ():
                old = looks[index] if index >= 0 else WHITE
                if old.texture is None:
                    new = replace(old, texture=texture)
                    looks += [] if new in looks else [new]
                    look[(item == step) & (mesh.look == index)] = looks.index(new)
        return replace(mesh, key=("carried", mesh.step), look=look, looks=looks, uv=uv)

    def _source(self, product: Any) -> Mapped | None:
        """The mapped triangles of a product's body in the model's frame; None where it has none."""
        try:
            body = sole_body(product)
            found = None if body is None else mapped_once(body, self._shared.length)
            if found is None:
                return None
            items = [operand for item in found[0][3] or () for operand in _operands(item)]
            chosen = [item for item in items if item.is_a() in FLAT and self._maps.maps(item)]
            made = [(int(item.id()), faces) for item in chosen if (faces := self._maps.faces(item)) is not None]
        except UNREADABLE:
            return None
        if not made:
            return None
        matrix = self._shared.placements.matrix(product)
        matrix = matrix if found[1] is None else matrix @ found[1]
        scale: F64 = matrix[:3, :3] * self._shared.length
        return mapped(
            [faces.vertices[faces.faces] @ scale.T + matrix[:3, 3] for _, faces in made],
            [faces.uv for _, faces in made],
            [step for step, _ in made],
        )


def _operands(item: Any) -> list[Any]:
    """An item; of a boolean result the items that it is made of, whose faces are left on it."""
    found, waiting = [], [(item, 0)]
    while waiting:
        one, depth = waiting.pop()
        if one is None or depth > _MAX_DEPTH:
            continue
        if one.is_a("IfcBooleanResult"):
            waiting += [(one[2], depth + 1), (one[1], depth + 1)]
        elif one.is_a("IfcCsgSolid"):
            waiting.append((one[0], depth + 1))
        else:
            found.append(one)
    return found
