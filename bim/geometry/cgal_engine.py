"""CGAL's simple kernel for bodies, exact solids for their openings.

The complete kernel spends 70 to 90 % of its time in cutting. Here openings are cut by the Manifold
library, per item, so that styles are kept; what is not closed or only half done by the kernel is
left to the engines behind this one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from bim.geometry.engine import Mesh
from bim.geometry.native_iterator import CGAL_SIMPLE, elements, mesh_of, settings, style_names
from bim.geometry.representation import Items
from bim.geometry.shared import Shared
from bim.source.whole_model import complete


class CgalEngine:
    """IfcOpenShell's `cgal-simple` kernel with openings cut by Manifold."""

    name = "ifcopenshell/cgal-simple+manifold"

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def meshes(self, model: Any, products: Sequence[Any]) -> Iterator[Mesh]:
        """What the kernel does completely; the rest is left out."""
        if not products:
            return
        shared = self._shared
        shared.unit_directions()
        wanted = {int(product.id()): shared.voids.of(int(product.id())) for product in products}
        openings = [opening for found in wanted.values() for opening in found]
        shared.openings.prepare(openings)
        model, products = complete(model, products, openings)
        names, items = style_names(model), Items(model)
        done: set[int] = set()
        for element in elements(model, products, CGAL_SIMPLE, settings(disable_opening_subtractions=True)):
            mesh = mesh_of(element, names)
            if mesh is None or mesh.step in done or not np.isfinite(mesh.matrix).all():
                continue
            openings = wanted.get(mesh.step, [])
            present = np.asarray(element.geometry.item_ids, np.int64)
            if not items.complete(str(mesh.key), present):
                continue
            result = shared.openings.without(mesh, present, openings) if openings else mesh
            if result is not None:
                done.add(mesh.step)
                yield result
