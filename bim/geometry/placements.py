"""Placements of products without any kernel: (4, 4) matrices in metres, cached by placement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from bim.geometry.engine import F64
from twin.layer import PLACEMENTS

MAX_DEPTH = 200


class Placements:
    """Resolves IfcLocalPlacement chains. Units: metres; a placement that cannot be resolved is the identity.

    Grid and linear placements have no closed form here; the kernel resolves them for meshes, this
    class takes their Cartesian fallback where they carry one.
    """

    def __init__(self, length: float) -> None:
        self._length = length
        self._known: dict[int, F64] = {}

    def matrix(self, product: Any) -> F64:
        """The product's frame in the model's frame."""
        return self.of_placement(getattr(product, "ObjectPlacement", None))

    def of_placement(self, placement: Any) -> F64:
        """A placement's frame in the model's frame; a chain that bites its own tail is cut."""
        chain: list[tuple[int, F64]] = []
        seen: set[int] = set()
        node, base = placement, np.eye(4)
        while node is not None and len(chain) < MAX_DEPTH:
            key = int(node.id())
            if key in self._known:
                base = self._known[key]
                break
            if key in seen:
                break
            seen.add(key)
            chain.append((key, self._own(node)))
            node = getattr(node, "PlacementRelTo", None)
        for key, own in reversed(chain):
            base = base @ own
            self._known[key] = base
        return base

    def table(self, products: Iterable[Any], ids: Sequence[str]) -> pa.Table:
        """Rows of PLACEMENTS for products with these local ids; those without an ObjectPlacement have none."""
        placed = [
            (local, self.matrix(product))
            for product, local in zip(products, ids, strict=True)
            if getattr(product, "ObjectPlacement", None) is not None
        ]
        flat = np.array([matrix[:3] for _, matrix in placed], np.float64).ravel()
        rows = pa.FixedSizeListArray.from_arrays(pa.array(flat), 12)
        return pa.table([pa.array([local for local, _ in placed], pa.string()), rows], schema=PLACEMENTS)

    def _own(self, node: Any) -> F64:
        if node.is_a("IfcLocalPlacement"):
            return axis_matrix(node.RelativePlacement, self._length)
        cartesian = getattr(node, "CartesianPosition", None)
        return axis_matrix(cartesian, self._length) if cartesian is not None else np.eye(4)


def axis_matrix(axis: Any, length: float) -> F64:
    """(4, 4) of an IfcAxis2Placement2D or 3D, translation in metres; degenerate axes fall back to the default ones."""
    matrix = np.eye(4)
    if axis is None:
        return matrix
    location = getattr(axis, "Location", None)
    if location is not None and location.is_a("IfcCartesianPoint"):
        coordinates = [float(value) for value in location.Coordinates][:3]
        matrix[: len(coordinates), 3] = np.array(coordinates) * length
    z = _direction(getattr(axis, "Axis", None), (0.0, 0.0, 1.0))
    x = _direction(getattr(axis, "RefDirection", None), (1.0, 0.0, 0.0))
    x = x - z * float(x @ z)
    if np.linalg.norm(x) < 1e-9:
        x = np.array([0.0, 1.0, 0.0]) if abs(z[1]) < 0.9 else np.array([1.0, 0.0, 0.0])
        x = x - z * float(x @ z)
    x = x / np.linalg.norm(x)
    matrix[:3, 0], matrix[:3, 1], matrix[:3, 2] = x, np.cross(z, x), z
    return matrix


def _direction(entity: Any, default: tuple[float, float, float]) -> F64:
    if entity is None:
        return np.array(default)
    ratios = ([float(value) for value in entity.DirectionRatios] + [0.0, 0.0, 0.0])[:3]
    vector = np.array(ratios)
    norm = float(np.linalg.norm(vector))
    return vector / norm if np.isfinite(norm) and norm > 1e-12 else np.array(default)
