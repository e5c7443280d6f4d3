"""One of IfcOpenShell's kernels as an engine: complete, and slow where it must cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bim.geometry.engine import Mesh
from bim.geometry.native_iterator import HYBRID, elements, mesh_of, settings, style_names
from bim.geometry.shared import Shared
from bim.source.attribute import id_of
from bim.source.whole_model import complete


class KernelEngine:
    """Shapes in local coordinates, openings cut, colours per face, by the named kernel."""

    def __init__(self, shared: Shared, kernel: str = HYBRID) -> None:
        self._shared = shared
        self._kernel = kernel

    @property
    def name(self) -> str:
        """The kernel's name."""
        return f"ifcopenshell/{self._kernel}"

    def meshes(self, model: Any, products: Sequence[Any]) -> Iterator[Mesh]:
        """Meshes in the iterator's order: products that share a representation come together."""
        if not products:
            return
        self._shared.unit_directions()
        openings = [opening for product in products for opening in self._shared.voids.of(id_of(product))]
        model, products = complete(model, products, openings)
        names = style_names(model)
        for element in elements(model, products, self._kernel, settings()):
            mesh = mesh_of(element, names)
            if mesh is not None:
                yield mesh
