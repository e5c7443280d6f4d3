"""Placements of products without any kernel: (4, 4) matrices in metres, cached by placement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from ifcopenshell import entity_instance

from bim.geometry.axes import axis_matrix
from bim.geometry.engine import F64
from bim.geometry.placement_chains import Chains
from bim.geometry.placement_columns import chains_of
from bim.graph.misfits import Misfits, Place
from bim.source.attribute import attribute, id_of, step_of, value_at
from bim.source.step_text import StepText
from twin.layer import PLACEMENTS

MAX_DEPTH = 200
PLACEMENT = 5
"""Place of ObjectPlacement in every IfcProduct."""
_IDENTITY = np.eye(4)
_IDENTITY.setflags(write=False)
_OF_PRODUCT = Place("IfcProduct", "ObjectPlacement", "IfcObjectPlacement")
_ABOVE = Place("IfcLocalPlacement", "PlacementRelTo", "IfcObjectPlacement")
_AXIS = Place("IfcLocalPlacement", "RelativePlacement", "IfcAxis2Placement")


class Placements:
    """Resolves IfcLocalPlacement chains. Units: metres; a placement that cannot be resolved is the identity.

    Grid and linear placements have no closed form here; the kernel resolves them for meshes, this
    class takes their Cartesian fallback where they carry one.
    """

    def __init__(self, length: float) -> None:
        self._length = length
        self._known: dict[int, F64] = {}
        self._of_product: dict[int, F64] = {}  # by the product's STEP id, of those whose placement is a plain chain
        self._guessed: set[int] = set()
        self.misfits = Misfits()

    def resolve(self, products: Iterable[Any], text: StepText | None = None) -> None:
        """Work out the placements of many products at once: chains of local ones level by level, others one by one.

        text: the model's file, from which plain ones are read many at a time.
        """
        if text is not None:
            steps, frames = chains_of(text, self._length)
            self._known.update(zip(steps.tolist(), frames, strict=True))
        chains = Chains(self._length, self._known, self._guessed)
        others, plain = [], list[tuple[int, int]]()
        for product in products:
            placement = value_at(product, PLACEMENT)
            if not chains.add(placement):
                others.append(placement)
            elif placement is not None:
                plain.append((id_of(product), id_of(placement)))
        for keys, above, own in chains.levels():
            base = np.stack([self._known[key] if key else _IDENTITY for key in above])
            self._known.update(zip(keys, base @ own, strict=True))
        self._of_product.update((product, self._known[key]) for product, key in plain)
        for axis in chains.axes.odd:
            self.misfits.put(_AXIS, axis)
        for placement in others:
            self.of_placement(placement)

    def exact(self, product: Any) -> bool:
        """Whether the product's placement is a chain of local ones, which need no kernel."""
        return self.exact_matrix(product) is not None

    def exact_matrix(self, product: Any) -> F64 | None:
        """The product's frame in the model's frame; None where a kernel must tell it."""
        known = self._of_product.get(id_of(product))
        if known is not None:
            return known
        placement = value_at(product, PLACEMENT)
        if placement is None:
            return _IDENTITY
        if not isinstance(placement, entity_instance):
            return None
        found = self.of_placement(placement)
        return None if id_of(placement) in self._guessed else found

    def matrix(self, product: Any) -> F64:
        """The product's frame in the model's frame. Not to be written to: it is kept."""
        known = self._of_product.get(id_of(product))
        return self.of_placement(value_at(product, PLACEMENT)) if known is None else known

    def of_placement(self, placement: Any) -> F64:
        """A placement's frame in the model's frame; a chain that bites its own tail is cut."""
        if isinstance(placement, entity_instance):
            known = self._known.get(id_of(placement))
            if known is not None:
                return known
        chain: list[tuple[int, F64]] = []
        seen: set[int] = set()
        node, base, guessed = placement, _IDENTITY, False
        if placement is not None and not _is(placement, "IfcObjectPlacement"):
            self.misfits.put(_OF_PRODUCT, placement)
            self._guessed.add(step_of(placement))
            return base
        while isinstance(node, entity_instance) and len(chain) < MAX_DEPTH:
            key = id_of(node)
            if key in self._known:
                base, guessed = self._known[key], guessed or key in self._guessed
                break
            if key in seen:
                guessed = True
                break
            seen.add(key)
            chain.append((key, self._own(node)))
            guessed = guessed or not node.is_a("IfcLocalPlacement")
            node = attribute(node, "PlacementRelTo")
            if node is not None and not _is(node, "IfcObjectPlacement"):
                self.misfits.put(_ABOVE, node)
                break
        for key, own in reversed(chain):
            base = base @ own
            self._known[key] = base
            if guessed:
                self._guessed.add(key)
        return base

    def table(self, products: Iterable[Any], ids: Sequence[str]) -> pa.Table:
        """Rows of PLACEMENTS for products with these local ids; those without an ObjectPlacement have none."""
        placed, matrices = [], []
        for product, local in zip(products, ids, strict=True):
            known = self._of_product.get(id_of(product))
            placement = value_at(product, PLACEMENT) if known is None else None
            if known is not None or placement is not None:
                placed.append(local)
                matrices.append(self.of_placement(placement) if known is None else known)
        flat = np.array(matrices, np.float64).reshape(-1, 4, 4)[:, :3].ravel()
        rows = pa.FixedSizeListArray.from_arrays(pa.array(flat), 12)
        return pa.table([pa.array(placed, pa.string()), rows], schema=PLACEMENTS)

    def _own(self, node: Any) -> F64:
        if node.is_a("IfcLocalPlacement"):
            axis = attribute(node, "RelativePlacement")
            if axis is not None and not _is(axis, "IfcPlacement"):
                self.misfits.put(_AXIS, axis)
            return axis_matrix(axis, self._length)
        return axis_matrix(attribute(node, "CartesianPosition"), self._length)


def _is(value: Any, ifc_class: str) -> bool:
    return isinstance(value, entity_instance) and bool(value.is_a(ifc_class))
