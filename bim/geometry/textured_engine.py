"""Polygonal bodies with texture coordinates, meshed without a kernel: the kernels lose the coordinates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bim.geometry.carrying_engine import WHITE
from bim.geometry.engine import Look, Mesh
from bim.geometry.representation import mapped_once, sole_body
from bim.geometry.shared import Shared
from bim.geometry.texture_maps import FLAT, TextureMaps


class TexturedEngine:
    """Products without openings whose items are face sets, faceted breps or surface models, at least one mapped.

    Others are left to the engines behind; what these make keeps the coordinates by `CarryingEngine`.
    """

    name = "parktwin/textured"

    def __init__(self, shared: Shared, maps: TextureMaps) -> None:
        self._shared = shared
        self._maps = maps

    def meshes(self, model: Any, products: Sequence[Any]) -> Iterator[Mesh]:  # noqa: ARG002 - the protocol's
        """Meshes of such products; the rest is left out."""
        shared, maps = self._shared, self._maps
        for product in products:
            body = sole_body(product)
            found = None if body is None else mapped_once(body, shared.length)
            if found is None or not shared.placements.exact(product) or shared.voids.of(int(product.id())):
                continue
            representation, inner = found
            items = representation[3] or ()
            if any(item.is_a() not in FLAT or getattr(item, "HasColours", None) for item in items):
                continue
            if any(maps.maps(item) for item in items):
                mesh = self._mesh(product, representation)
                if mesh is not None:
                    matrix = shared.placements.matrix(product)
                    yield replace(mesh, matrix=matrix if inner is None else matrix @ inner)

    def _mesh(self, product: Any, representation: Any) -> Mesh | None:
        looks: list[Look] = []
        vertices, faces, index, uv = [], [], [], []
        start = 0
        for item in representation[3]:
            made = self._maps.faces(item)
            if made is None:
                return None
            look = self._shared.styles.of(item, product)
            texture = self._maps.texture.get(int(item.id()))
            if texture is not None and (look is None or look.texture is None):
                look = replace(look or WHITE, texture=texture)
            if look is not None and look not in looks:
                looks.append(look)
            vertices.append(made.vertices * self._shared.length)
            faces.append(made.faces + start)
            index.append(np.full(len(made.faces), -1 if look is None else looks.index(look), np.int32))
            uv.append(made.uv)
            start += len(made.vertices)
        if not sum(len(part) for part in faces):
            return None
        return Mesh(
            step=int(product.id()),
            matrix=np.eye(4),
            key=("textured", int(representation.id()), tuple(looks)),
            vertices=np.concatenate(vertices),
            faces=np.concatenate(faces).astype(np.int32),
            look=np.concatenate(index),
            looks=looks,
            uv=np.concatenate(uv),
        )
